"""Grades: the province's own, every step of the machine through the store, and the ceiling with ties at the cut."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from itertools import product

import pytest

from data import queries
from data.course.grades import set_grade
from data.course.recording import record_findings
from data.explanations import explain_region, explain_unit, published_scores
from data.model import FindingEvent
from data.store import StoreError
from procedure.machines import GRADE
from tests.data.course_of_a_year import COUNTY, CYCLE, FULL, as_level, as_unit, new_unit, open_year
from tests.data.test_objections import together
from tests.scoring import naive

STATES = tuple(state.id for state in GRADE.states)
MOVES = tuple(move.id for move in GRADE.moves)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with closing(open_year(tmp_path_factory.mktemp("grades") / "home")) as opened:
        yield opened


def give(seen, code, grade, *, subject="unit", reason="现场核查情况突出", document="示例考核〔2026〕8号"):
    set_grade(seen, cycle=CYCLE, subject=subject, code=code, grade=grade, reason=reason, document=document)


def make(move, seen, code, **given):
    give(seen, code, "fail" if move == "set" else None, **given)


def events(store, code):
    return store.rows("select grade, reason from grade_event where code = $code order by seq", code=code)


def brought_to(store, state):
    unit = new_unit(store)
    if state == "set":
        make("set", store, unit)
    return unit


@pytest.mark.parametrize(("state", "move"), list(product(STATES, MOVES)))
def test_each_step_is_made_from_its_states_and_from_nowhere_else(store, state, move):
    unit = brought_to(store, state)
    before = events(store, unit)
    if state in GRADE.move(move).sources:
        make(move, as_level(store, "province"), unit)
        assert len(events(store, unit)) == len(before) + 1
        is_set = queries.unit_summary(store, cycle=CYCLE, unit=unit)["grade_reason"] == "manual"
        assert is_set == (GRADE.move(move).target == "set")
    else:
        with pytest.raises(StoreError, match="没有保存"):
            make(move, as_level(store, "province"), unit)
        assert events(store, unit) == before


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("role", ["prefecture", "county", "reader", "unit"])
def test_only_the_province_sets_grades(store, move, role):
    unit = brought_to(store, "set" if move == "unset" else "by_rule")
    before = events(store, unit)
    seen = as_unit(store, unit) if role == "unit" else as_level(store, role)
    with pytest.raises(StoreError, match="只能由省级考核人员办理"):
        make(move, seen, unit)
    assert events(store, unit) == before


@pytest.mark.parametrize("move", MOVES)
def test_a_reason_is_required(store, move):
    unit = brought_to(store, "set" if move == "unset" else "by_rule")
    before = events(store, unit)
    with pytest.raises(StoreError, match="须写明理由"):
        make(move, store, unit, reason=" 　")
    assert events(store, unit) == before


@pytest.mark.parametrize(
    ("subject", "code", "grade", "says"),
    [
        ("unit", "nobody", "fail", "没有单位 nobody"),
        ("region", "999999", "fail", "没有代码为 999999"),
        ("region", "232700", "fail", "没有得分"),
        ("region", COUNTY, "superb", "没有等次“superb”，只有合格（pass）、不合格（fail）"),
    ],
)
def test_what_does_not_exist_or_has_no_score_is_refused(store, subject, code, grade, says):
    new_unit(store)
    with pytest.raises(StoreError, match=says):
        give(store, code, grade, subject=subject)
    assert not events(store, code)


def test_a_vetoed_unit_cannot_be_raised_and_a_later_veto_beats_the_province(store):
    unit = new_unit(store)
    give(store, unit, "pass")
    finding = next(f for f in store.scheme(CYCLE).findings if f.kind == "veto")
    event = FindingEvent("k", unit, finding.id, date(2026, 6, 1), "示例文号")
    record_findings(store, cycle=CYCLE, findings=[event])
    summary = queries.unit_summary(store, cycle=CYCLE, unit=unit)
    assert (summary["grade"], summary["grade_reason"]) == ("fail", "veto")
    with pytest.raises(StoreError, match="一票否决，等次不能高于“不合格”"):
        give(store, unit, "pass")
    give(store, unit, "fail")


def test_the_reason_is_told_wherever_the_grade_is_and_no_account_is(store):
    unit = new_unit(store, own=FULL)
    give(as_level(store, "province"), unit, "fail")
    summary = queries.unit_summary(as_unit(store, unit), cycle=CYCLE, unit=unit)
    told = ("grade_name", "by_score_name", "grade_reason", "grade_note", "grade_document")
    assert [summary[name] for name in told] == [
        "不合格",
        "合格",
        "manual",
        "现场核查情况突出",
        "示例考核〔2026〕8号",
    ]
    assert "secret" not in str(summary)
    explained = explain_unit(store, cycle=CYCLE, unit=unit)
    assert [explained[key] for key in ("grade", "grade_by_score", "grade_reason")] == [
        "不合格",
        "合格",
        "manual",
    ]
    rows = {row["code"]: row for row in published_scores(store, cycle=CYCLE, level="unit")}
    assert rows[unit]["grade"] == "不合格"
    history = queries.unit_history(as_unit(store, unit), cycle=CYCLE, unit=unit)
    assert history.iloc[0][["kind_name", "hand", "what", "about"]].tolist() == [
        "等次",
        "省级",
        "另定等次",
        "另定为不合格",
    ]


def test_a_region_is_graded_by_hand_too(store):
    new_unit(store, own=FULL)
    give(store, COUNTY, "fail", subject="region")
    explained = explain_region(store, cycle=CYCLE, region=COUNTY)
    assert (explained["grade"], explained["grade_reason"]) == ("不合格", "manual")
    give(store, COUNTY, None, subject="region", reason="另定不当")
    assert explain_region(store, cycle=CYCLE, region=COUNTY)["grade_reason"] != "manual"


def test_of_two_who_take_a_grade_back_at_once_one_does(store):
    unit = brought_to(store, "set")
    done, refused = together(*[lambda: make("unset", store, unit)] * 2)
    assert done == 1 and "不能“恢复按方案”" in refused[0]
    assert len(events(store, unit)) == 2


# Tenths in one answer of each unit, the others full where they are over 5: so only these reach the best grade; of ten
# units two may have it.
CUTS = {
    "clear": ([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 2, {0, 1}, set()),
    "tied at the cut": ([10, 9, 9, 9, 6, 5, 4, 3, 2, 1], 2, {0, 1, 2, 3}, {1, 2, 3}),
    "tied at the top": ([9, 9, 9, 7, 6, 5, 4, 3, 2, 1], 2, {0, 1, 2}, {0, 1, 2}),
    "tied beyond the cut": ([10, 9, 8, 8, 6, 5, 4, 3, 2, 1], 2, {0, 1}, set()),
    "tied within the places": ([9, 9, 8, 7, 6, 5, 4, 3, 2, 1], 2, {0, 1}, set()),
    "fewer than the places": ([10, 5, 5, 5, 5, 5, 5, 5, 5, 5], 2, {0}, set()),
    "a group under the minimum": ([10, 9, 8, 7], None, {0, 1, 2, 3}, set()),
}


@pytest.mark.parametrize("name", CUTS)
def test_the_ceiling_cuts_by_rank_and_keeps_and_reports_ties(name, tmp_path):
    parts, places, kept, tied = CUTS[name]
    with closing(open_year(tmp_path / "home")) as store:
        units = [
            new_unit(
                store, own=(FULL if part > 5 else {}) | {"T19-03": {"numerator": part, "denominator": 10}}
            )
            for part in parts
        ]
        rows = queries.graded(store, cycle=CYCLE, level="unit").set_index("code")
        floor = store.scheme(CYCLE).grades[0].min_score
        reach = {n for n, unit in enumerate(units) if rows.loc[unit, "score"] >= floor}
        assert {n for n, unit in enumerate(units) if rows.loc[unit, "grade"] == "pass"} == kept & reach
        assert {n for n, unit in enumerate(units) if rows.loc[unit, "is_at_cut"]} == tied
        group = queries.grade_groups(store, cycle=CYCLE, level="unit").iloc[0]
        assert group["places"] == places or (places is None and group["places"] != group["places"])
        assert (group["at_cut"], group["beyond"]) == (len(tied), len(reach - kept))
        assert group["over"] == (max(len(kept & reach) - places, 0) if places else 0)
        assert set(filter(None, group["tied_names"].split("、"))) == {
            rows.loc[units[n], "name"] for n in tied
        }


@pytest.mark.parametrize("level", ["prefecture", "county", "unit"])
def test_groups_and_steps_are_what_a_loop_counts(demo_store, level):
    scheme = demo_store.scheme(CYCLE)
    best = scheme.grades[0]
    if level == "unit":
        frame = queries.units(demo_store, cycle=CYCLE)
        frame = frame.assign(group=frame["category"])
    else:
        frame = queries.region_scores(demo_store, cycle=CYCLE, level=level).assign(
            group=level, state="scored"
        )
    rows = [row for row in frame.to_dict("records") if row["score"] == row["score"]]
    found = queries.grade_groups(demo_store, cycle=CYCLE, level=level).set_index("group")
    assert set(found.index) == {row["group"] for row in rows}
    for group, want in found.iterrows():
        mine = [row for row in rows if row["group"] == group]
        peers = [row for row in mine if row["state"] == "scored"]
        ranked = len(peers) >= (scheme.rules.min_group if level == "unit" else 0)
        kept, tied = naive.cut_of(
            {
                row["code"]: row["score"]
                for row in peers
                if row["grade_by_score"] == best.id and row["grade_reason"] != "veto"
            },
            best.ceilings[level],
            len(peers),
        )
        by_score = [row for row in mine if row["grade_by_score"] == best.id]
        assert (want["scored"], want["by_score"]) == (len(mine), len(by_score))
        assert want["at_cut"] == (len(tied) if ranked else 0)
        claims = [row for row in by_score if row["state"] == "scored" and row["grade_reason"] != "veto"]
        assert want["beyond"] == (len(claims) - len(kept) if ranked else 0)
    steps = queries.grade_steps(demo_store, cycle=CYCLE).set_index(["code", "grade"])
    for grade in scheme.grades:
        for step, column in (("score", "grade_by_score"), ("final", "grade")):
            count = sum(row[column] == grade.id for row in rows)
            assert steps.loc[(f"{level}-{step}", grade.id), "units"] == count
            assert steps.loc[(f"{level}-{step}", grade.id), "share"] == pytest.approx(count / len(rows))
