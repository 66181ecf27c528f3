"""What must hold for every register: order of upload, higher answers, newest file, rounding that adds up."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.queries import region_scores, units, waterfall
from scoring.rounding import round_half_up, round_parts
from tests.scoring.registers import hand_in, load, registers
from tests.scoring.test_against_naive import SLOW_STORE


def scores_of(store, cycle):
    frame = units(store, cycle=cycle)
    return dict(zip(frame["code"], frame["score_exact"].fillna(-1.0), strict=True))


@SLOW_STORE
@given(drawn=registers())
def test_the_order_of_upload_does_not_matter(store, folder, drawn):
    fields, register = drawn
    forward = load(store, folder, fields, register)
    first = scores_of(store, forward)
    backward = load(store, folder, fields, register, order=list(reversed(register.answers)))
    assert scores_of(store, backward) == first


@SLOW_STORE
@given(drawn=registers(), pick=st.randoms(use_true_random=False))
def test_a_higher_answer_never_lowers_a_score(store, folder, drawn, pick):
    fields, register = drawn
    register = replace_reviews(register)
    if not register.answers:
        return
    cycle = load(store, folder, fields, register)
    before = scores_of(store, cycle)
    unit = pick.choice(sorted(register.answers))
    answers = register.answers[unit]
    raised = pick.choice(sorted(answers))
    answers[raised] = full_marks(register, answers[raised])
    hand_in(store, cycle, unit, answers.values())
    after = scores_of(store, cycle)
    assert after[unit] >= before[unit] - 1e-9
    assert {code: score for code, score in after.items() if code != unit} == {
        code: score for code, score in before.items() if code != unit
    }


def replace_reviews(register):
    """The same register before any review: a new file would leave its reviews behind, which is another question."""
    return replace(register, reviews=[])


def full_marks(register, answer):
    """The answer as it would earn everything; a claimed 不适用 stays, for leaving the set is not a higher answer."""
    indicator = register.scheme.by_id[answer.indicator]
    if answer.state == "na":
        return answer
    if indicator.type == "count":
        return replace(answer, number=indicator.target)
    if indicator.type == "ratio":
        return replace(answer, number=1.0, numerator=None, denominator=None)
    if indicator.type == "date":
        return replace(answer, choice=None, on_date=indicator.window.dates(register.cycle)[0])
    return replace(answer, choice=max(indicator.choices, key=indicator.choices.get))


@SLOW_STORE
@given(drawn=registers())
def test_printed_steps_of_every_waterfall_add_up_to_the_published_score(store, folder, drawn):
    fields, register = drawn
    cycle = load(store, folder, fields, register)
    for level in ("province", "prefecture", "county"):
        scores = region_scores(store, cycle=cycle, level=level)
        for row in scores[scores["registered"] > 0].to_dict("records"):
            steps = waterfall(store, cycle=cycle, region=row["code"])
            if not math.isnan(row["score"]):
                assert steps["value"].iloc[:-1].sum() == pytest.approx(row["score_exact"], abs=1e-9)
                assert steps["printed"].iloc[:-1].sum() == pytest.approx(row["score"], abs=1e-9)
            else:
                assert steps.empty


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (59.994999, 2, 59.99),
        (59.995, 2, 60.0),
        (59.99499999999999, 2, 60.0),  # 59.995 as binary arithmetic leaves it
        (2.675, 2, 2.68),
        (0.5, 0, 1.0),
        (-0.005, 2, -0.01),
        (100.0, 2, 100.0),
    ],
)
def test_scores_are_rounded_half_up(value, decimals, rounded):
    assert round_half_up(value, decimals) == rounded


@pytest.mark.parametrize(
    "value", [59.994999, 59.995, 59.99499999999999, 2.675, 1.005, 89.995, 74.985, 0.0, 100.0]
)
def test_sql_rounds_as_python_does(store, value):
    assert store.rows("select round_half_up($value::double, 2)", value=value)[0][0] == round_half_up(value, 2)


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=12), st.integers(0, 3))
def test_parts_rounded_by_largest_remainder_add_up(parts, decimals):
    total = round_half_up(sum(parts), decimals)
    rounded = round_parts(parts, total=total, decimals=decimals)
    if any(abs(part) >= 1e-9 for part in parts):
        assert sum(rounded) == pytest.approx(total, abs=1e-9)
    step = 10**-decimals
    assert all(abs(a - b) <= 2 * step for a, b in zip(parts, rounded, strict=True))


def test_a_part_of_nothing_stays_nothing():
    assert round_parts([0.0, 33.333, 33.333, 33.334], total=100.0, decimals=2) == [0.0, 33.33, 33.33, 33.34]


def test_nothing_is_printed_as_minus_nothing():
    assert [str(part) for part in round_parts([-4e-16, 2.0], total=2.0, decimals=2)] == ["0.0", "2.0"]
    assert str(round_half_up(-4e-16, 2)) == "0.0"
