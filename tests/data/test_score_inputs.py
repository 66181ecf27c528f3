"""What scores are computed from: attainments of arrays as of rows, whatever pieces and order the answers are read in."""

from __future__ import annotations

from contextlib import closing
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import results, score_inputs
from data.regions import regions_by_code
from data.store import Store
from scoring import adding_up
from scoring.asked import EPOCH, NO_ANSWER, NOT_APPLICABLE_CODE, Asked, attained
from tests.data.kept import scores_of
from tests.data.small import CYCLE, SCHEME

WINDOWS = {
    indicator.id: indicator.window.dates(CYCLE.cycle) for indicator in SCHEME.indicators if indicator.window
}
ASKED = Asked.of(SCHEME, WINDOWS)
OTHER_NAME = "别处的说法"
MACRO = """
select attained(
    $state, $type, $choice, $worth::double, $number::double, $numerator::double, $denominator::double, $target::double,
    $on_date::date, $first_day::date, $last_day::date
)
"""
numbers = st.none() | st.sampled_from([0.0, 0.1, 0.5, 1.0, 3.0, 4.0, 5.0, 12.0])


@st.composite
def answers(draw):
    """An indicator and something that may stand in its cell, or may not."""
    indicator = draw(st.sampled_from(SCHEME.indicators))
    names = st.none() | st.sampled_from([*indicator.choices, *ASKED.answers])
    day = st.none() | st.sampled_from([date(2026, 4, d) for d in (12, 13, 15, 19, 20)])
    number = draw(numbers) if indicator.type in ("count", "ratio") else None
    is_share = indicator.type == "ratio" and number is None
    return indicator, {
        "state": draw(st.sampled_from(["answered", "na"])),
        "choice": draw(names),
        "number": number,
        "numerator": draw(numbers) if is_share else None,
        "denominator": draw(numbers) if is_share else None,
        "on_date": draw(day) if indicator.type == "date" else None,
    }


def amount(said: dict) -> float:
    """As sql/reads/answer_value says it."""
    if said["number"] is not None:
        return said["number"]
    if said["numerator"] is not None and said["denominator"]:
        return said["numerator"] / said["denominator"]
    return float((said["on_date"] - EPOCH).days) if said["on_date"] else float("nan")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(answers())
def test_an_answer_has_the_same_worth_in_arrays_as_in_rows(macros, drawn):
    indicator, said = drawn
    first_day, last_day = WINDOWS.get(indicator.id, (None, None))
    [(expected,)] = macros.rows(
        MACRO,
        **said,
        type=indicator.type,
        target=indicator.target,
        worth=indicator.choices.get(said["choice"]),
        first_day=first_day,
        last_day=last_day,
    )
    code = NOT_APPLICABLE_CODE if said["state"] == "na" else ASKED.answers.get(said["choice"], NO_ANSWER)
    at = SCHEME.indicators.index(indicator)
    [found] = attained(ASKED, np.array([at]), np.array([code]), np.array([amount(said)]))
    assert found == pytest.approx(expected, abs=1e-12) if expected is not None else np.isnan(found)


@pytest.fixture(scope="module")
def macros(kept_home):
    """A folder whose macros are asked; nothing is changed."""
    with closing(Store.open(kept_home)) as store:
        yield store


@pytest.fixture
def province(demo_copy):
    """The demo province, to be changed."""
    with closing(Store.open(demo_copy)) as opened:
        yield opened


@pytest.fixture
def store(home):
    with closing(Store.open(home)) as opened:
        yield opened


def anew(store: Store) -> dict[str, list[tuple]]:
    """Every result, computed again from answers that are read again."""
    store._said = None
    with store.write() as transaction:
        transaction.record("registration", cycle=2026, detail="")
    return scores_of(store)


def test_every_answer_of_the_demo_province_has_the_same_worth_in_both(demo_store):
    demo_store.refresh(2026)
    with closing(demo_store._cursor()) as cursor:
        results.compute_results(cursor, cycle=2026, as_of=demo_store.result_version(2026))
        standing = score_inputs.read_standing(cursor, cycle=2026)
        said = score_inputs.read_said(cursor, standing.asked, standing.submissions)
    rows = demo_store.rows(
        "select submission, indicator, state, self_x from result_counted_value where cycle = 2026 and stage is null"
    )
    place_of = {submission: at for at, submission in enumerate(standing.submissions)}
    at_of = {name: at for at, name in enumerate(standing.asked.indicators)}
    assert len(rows) > 1000
    for submission, indicator, state, self_x in rows:
        x = said[place_of[submission], at_of[indicator]]
        if state in ("na", "pending"):
            assert np.isnan(x) and self_x is None
        elif state == "blank":
            assert x == -1 and self_x == 0
        elif not np.isnan(x):  # 不适用 where it may not be claimed counts 0
            assert x == self_x


def test_results_do_not_depend_on_how_much_is_looked_at_together(province, monkeypatch):
    before = anew(province)
    monkeypatch.setattr(adding_up, "AT_ONCE", 7)
    monkeypatch.setattr(score_inputs, "ROWS_AT_ONCE", 100)
    assert_same(anew(province), before)


def test_results_do_not_depend_on_how_many_threads_share_them(province):
    before = anew(province)
    with province.write() as transaction:
        transaction.run("set threads = 3")
    assert_same(anew(province), before)


def test_results_do_not_depend_on_where_answers_stand(province):
    before = anew(province)
    with province.write() as transaction:
        transaction.run(
            "create temp table moved as select * from answer order by hash(submission || indicator)"
        )
        transaction.run("truncate answer")
        transaction.run("insert into answer select * from moved")
        transaction.run("drop table moved")
    assert_same(anew(province), before)


def assert_same(found: dict[str, list[tuple]], expected: dict[str, list[tuple]]) -> None:
    """The same rows but for the last binary digits of sums."""
    assert found.keys() == expected.keys()
    for name, rows in expected.items():
        assert len(found[name]) == len(rows) > 0
        for ours, theirs in zip(sorted(found[name], key=key), sorted(rows, key=key), strict=True):
            assert ours == pytest.approx(theirs, abs=1e-9, nan_ok=True)


def key(row: tuple) -> tuple:
    """What a row is of: its texts and whole numbers."""
    return tuple(str(value) for value in row if not isinstance(value, float))


def test_a_unit_in_a_region_that_there_is_no_more_is_scored_and_counts_in_none(store):
    with store.write() as transaction:
        seq = transaction.record("registration", cycle=2026, detail="")
        transaction.run(
            "insert into registration select $seq, cycle, unit, name, '239999', category, tags, true from unit "
            "where unit in (select unit from current_submission) limit 1",
            seq=seq,
        )
    store.refresh(2026)
    assert "239999" not in regions_by_code()
    [(score,)] = store.rows(
        "select score from result_unit_score where region = '239999' and basis = 'composite'"
    )
    assert score is not None
    assert not store.rows("select 1 from result_region_score where region = '239999'")
    [(registered,)] = store.rows(
        "select registered from result_region_score where region = '230000' and basis = 'composite'"
    )
    assert registered == 2  # of three


def test_a_unit_of_a_category_that_the_scheme_has_not_is_left_out_and_the_others_are_scored(store):
    before = scores_of(store)["unit_score"]
    with store.write() as transaction:
        seq = transaction.record("registration", cycle=2026, detail="")
        transaction.run(
            "insert into registration select $seq, cycle, unit || '9', name, region, 'former', ['former'], true from unit",
            seq=seq,
        )
    assert scores_of(store)["unit_score"] == before
