"""Findings: every step of their five machines through the store, what each does to the score, dates, scope."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta

import pytest

from data.course.findings import (
    Given,
    correct_if_open,
    first_move,
    lapse_findings,
    machine_of,
    move_finding,
    open_finding,
    same_fact,
)
from data.course.recording import record_findings
from data.explanations import explain_unit
from data.model import FindingEvent
from data.queries import (
    finding_counts,
    finding_effect,
    finding_preview,
    finding_steps,
    findings,
    unit_summary,
)
from data.store import StoreError
from procedure.machines import FINDINGS, RECTIFICATION
from scoring.scheme import load_scheme, shipped_schemes
from tests.data.course_of_a_year import COUNTY, CYCLE, ELSEWHERE, FULL, as_level, as_unit, new_unit, open_year

TODAY = date.today()
ORDERED, DEADLINE = TODAY - timedelta(days=60), TODAY - timedelta(days=30)
ENTRIES = {
    "rectification": "F40-1",
    "accountability": "V41-3",
    "education": "F42-1",
    "penalty": "F43-1",
    "commendation": "B37-1",
}
ADDED = """
[[findings]]
id = "F40-1"
kind = "deduction"
name = "示例责改事项"
place = { article = 40, item = 1 }
points = 3

[[findings]]
id = "F40-4"
kind = "deduction"
name = "示例设施事项"
place = { article = 40, item = 4 }
points = 2

[[findings]]
id = "V41-3"
kind = "veto"
name = "示例否决事项三"
place = { article = 41, paragraph = 1, item = 3 }

[[findings]]
id = "F42-1"
kind = "deduction"
name = "示例批评教育事项"
place = { article = 42 }
points = 4
course = "education"

[[findings]]
id = "F43-1"
kind = "deduction"
name = "示例处罚事项"
place = { article = 43 }
points = 6
course = "penalty"

[[findings]]
id = "B37-1"
kind = "bonus"
name = "示例表彰"
place = { article = 37 }
points = 2
"""
POINTS = {"F40-1": 3, "F42-1": 4, "F43-1": 6}
OVERDUE_FACTOR, AGGRAVATION_FACTOR, VETO_CAP = 1.5, 2, 59
# The way to each state of a machine that is not reached by its first move alone.
WAYS = {
    ("rectification", "corrected"): ("correct",),
    ("rectification", "overdue"): ("lapse",),
    ("rectification", "interviewed"): ("lapse", "interview"),
    ("rectification", "criticised"): ("lapse", "interview", "criticise"),
    ("rectification", "sanctioned"): ("lapse", "interview", "sanction"),
    ("rectification", "corrected_late"): ("lapse", "correct_late"),
    ("accountability", "referred"): ("refer",),
    ("accountability", "concluded"): ("conclude",),
    ("education", "referred"): ("refer",),
    ("education", "concluded"): ("conclude",),
    ("penalty", "referred"): ("refer",),
    ("penalty", "concluded"): ("conclude",),
} | {(id, "revoked"): ("revoke",) for id in FINDINGS}
PLACES = [
    (machine.id, state)
    for machine in FINDINGS.values()
    for state in (None, *(state.id for state in machine.states))
]


def is_allowed(machine, state, move):
    rules = FINDINGS[machine].move(move)
    return rules.begins if state is None else state in rules.sources


PAIRS = [(machine, state, move.id) for machine, state in PLACES for move in FINDINGS[machine].moves]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    home = tmp_path_factory.mktemp("findings") / "home"
    with closing(open_year(home, added=ADDED)) as opened:
        yield opened


def given_for(move):
    """Everything that a step may ask for, dated so that it can be made."""
    if move == "extend":
        return Given(on_date=DEADLINE, deadline=DEADLINE + timedelta(days=5), reason="工程未完")
    day = DEADLINE if move == "correct" else TODAY
    return Given(on_date=day, document="示例〔2026〕9号", reason="依据变更")


def record(seen, unit, finding="F40-1", **given):
    fields = {"on_date": ORDERED, "document": "示例责改〔2026〕1号"}
    fields |= {"deadline": DEADLINE} if finding.startswith("F40") else {}
    return open_finding(seen, cycle=CYCLE, unit=unit, finding=finding, **(fields | given))


def step(seen, key, move, given=None):
    return move_finding(seen, cycle=CYCLE, key=key, move=move, given=given or given_for(move))


def brought_to(store, machine, state):
    """A unit at full marks whose finding stands in a state, and the finding's key."""
    unit = new_unit(store, own=FULL)
    if state is None:
        return unit, f"{CYCLE}-{ENTRIES[machine]}-{unit}-1"
    key = record(as_level(store, "county"), unit, ENTRIES[machine])
    for move in WAYS.get((machine, state), ()):
        step(as_level(store, "county"), key, move)
    assert newest(store, key)["state"] == state
    return unit, key


def newest(store, key):
    columns = ("state", "move", "is_confirmed", "is_overdue", "deadline", "step_on", "reason", "note")
    rows = store.rows(
        f"select {', '.join(columns)} from finding_event where key = $key order by seq desc limit 1", key=key
    )
    return dict(zip(columns, rows[0], strict=True)) if rows else None


def written(store):
    return [store.rows(f"select count(*) from {table}") for table in ("finding_event", "journal", "audit")]


def score(store, unit):
    return unit_summary(store, cycle=CYCLE, unit=unit)["score"]


def naive_score(finding, state):
    """What a unit at full marks has left with one finding in a state."""
    if state in (None, "revoked"):
        return 100
    if finding.startswith("V"):
        return VETO_CAP
    if finding.startswith("B"):
        return 100  # more than full marks are cut off
    late = ("overdue", "interviewed", "criticised", "sanctioned", "corrected_late")
    return 100 - POINTS[finding] * (OVERDUE_FACTOR if state in late else 1)


@pytest.mark.parametrize(("machine", "state", "move"), [pair for pair in PAIRS if is_allowed(*pair)])
def test_each_step_is_made_from_its_states(store, machine, state, move):
    unit, key = brought_to(store, machine, state)
    if state is None:
        assert record(as_level(store, "county"), unit, ENTRIES[machine]) == key
    else:
        step(as_level(store, "county"), key, move)
    after = newest(store, key)
    assert after["state"] == (FINDINGS[machine].move(move).target or state)
    assert after["move"] == move
    assert after["is_confirmed"] == (after["state"] != "revoked")


@pytest.mark.parametrize(("machine", "state"), PLACES)
def test_no_step_is_made_from_elsewhere_and_nothing_is_written(store, machine, state):
    _, key = brought_to(store, machine, state)
    before = written(store)
    for move in FINDINGS[machine].moves:
        if not is_allowed(machine, state, move.id):
            with pytest.raises(StoreError, match="没有保存"):
                step(as_level(store, "county"), key, move.id)
    assert written(store) == before


@pytest.mark.parametrize(
    ("machine", "state"), [(m.id, state.id) for m in FINDINGS.values() for state in m.states]
)
def test_the_score_follows_the_state(store, machine, state):
    unit, _ = brought_to(store, machine, state)
    assert score(store, unit) == pytest.approx(naive_score(ENTRIES[machine], state))


def test_an_aggravated_finding_that_lapsed_counts_by_both_factors(store):
    unit = new_unit(store, own=FULL)
    key = record(store, unit, is_aggravated=True)
    assert score(store, unit) == 100 - 3 * AGGRAVATION_FACTOR
    step(store, key, "lapse")
    assert score(store, unit) == 100 - 3 * OVERDUE_FACTOR * AGGRAVATION_FACTOR
    step(store, key, "revoke")
    assert score(store, unit) == 100


@pytest.mark.parametrize(
    ("machine", "move", "need"),
    [(m.id, move.id, need) for m in FINDINGS.values() for move in m.moves for need in move.needs],
)
def test_a_step_without_what_it_needs_is_refused(store, machine, move, need):
    step_of = FINDINGS[machine].move(move)
    unit, key = brought_to(store, machine, step_of.sources[0] if step_of.sources else None)
    lacking = {
        "date": {"on_date": None},
        "document": {"document": " 　"},
        "deadline": {"deadline": None},
        "reason": {"reason": ""},
    }[need]
    before = written(store)
    with pytest.raises(StoreError, match="须写明"):
        if step_of.begins:
            record(store, unit, ENTRIES[machine], **lacking)
        else:
            given = given_for(move)
            step(store, key, move, Given(**{**given.__dict__, **lacking}))
    assert written(store) == before


@pytest.mark.parametrize(
    ("days_after_deadline", "state", "moves"),
    [
        (-1, "corrected", ["order", "correct"]),
        (0, "corrected", ["order", "correct"]),
        (1, "corrected_late", ["order", "lapse", "correct_late"]),
    ],
)
def test_a_correction_after_the_deadline_is_a_late_one(store, days_after_deadline, state, moves):
    key = record(store, new_unit(store))
    day = DEADLINE + timedelta(days=days_after_deadline)
    assert step(store, key, "correct", Given(on_date=day)) == state
    rows = store.rows("select move, step_on from finding_event where key = $key order by seq", key=key)
    assert [move for move, _ in rows] == moves
    assert rows[-1][1] == day
    assert newest(store, key)["is_overdue"] == (state == "corrected_late")


@pytest.mark.parametrize(("days", "is_allowed"), [(-1, False), (0, False), (1, True)])
def test_nothing_lapses_before_its_deadline_is_over(store, days, is_allowed):
    key = record(store, new_unit(store))
    given = Given(on_date=DEADLINE + timedelta(days=days))
    if is_allowed:
        assert step(store, key, "lapse", given) == "overdue"
        return
    with pytest.raises(StoreError, match="还没有逾期"):
        step(store, key, "lapse", given)
    assert newest(store, key)["state"] == "ordered"


def test_an_extended_deadline_is_the_one_that_counts(store):
    key = record(store, new_unit(store))
    later = DEADLINE + timedelta(days=10)
    step(store, key, "extend", Given(on_date=DEADLINE, deadline=later, reason="工程未完"))
    assert newest(store, key)["deadline"] == later
    assert newest(store, key)["reason"] == "工程未完"
    with pytest.raises(StoreError, match="还没有逾期"):
        step(store, key, "lapse", Given(on_date=later))
    assert step(store, key, "correct", Given(on_date=later)) == "corrected"
    assert newest(store, key)["reason"] == ""  # of the last step alone


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (Given(on_date=DEADLINE, deadline=DEADLINE, reason="x"), "不晚于原期限"),
        (Given(on_date=DEADLINE + timedelta(days=1), deadline=TODAY, reason="x"), "不能再延长"),
        (Given(on_date=ORDERED - timedelta(days=1), deadline=TODAY, reason="x"), "早于上一步"),
    ],
)
def test_a_deadline_is_extended_only_forward_and_in_time(store, given, says):
    key = record(store, new_unit(store))
    with pytest.raises(StoreError, match=says):
        step(store, key, "extend", given)


def test_dates_stand_in_order_and_none_in_the_future(store):
    key = record(store, new_unit(store))
    with pytest.raises(StoreError, match="早于上一步"):
        step(store, key, "correct", Given(on_date=ORDERED - timedelta(days=1)))
    with pytest.raises(StoreError, match="以后"):
        step(store, key, "lapse", Given(on_date=TODAY + timedelta(days=1)))
    with pytest.raises(StoreError, match="早于责令日期"):
        record(store, new_unit(store), deadline=ORDERED - timedelta(days=1))
    with pytest.raises(StoreError, match="以后"):
        record(store, new_unit(store), on_date=TODAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"finding": "F40-9"}, "方案中没有"),
        ({"indicator": "T99-01"}, "没有指标"),
        ({"addressee": "张三"}, "职务"),
        ({"note": "联系电话13812345678"}, "手机号码"),
        ({"ordered": "改" * 501}, "最多 500 字"),
        ({"finding": "B37-1", "is_aggravated": True}, "只用于扣分"),
    ],
)
def test_a_faulty_record_is_refused_and_nothing_written(store, given, says):
    unit, before = new_unit(store), None
    before = written(store)
    with pytest.raises(StoreError, match=says):
        record(store, unit, **given)
    assert written(store) == before


@pytest.mark.parametrize(("role", "region"), [("county", ELSEWHERE), ("prefecture", ELSEWHERE)])
def test_only_evaluators_of_the_units_region_record_and_move(store, role, region):
    unit, key = brought_to(store, "rectification", "ordered")
    before = written(store)
    seen = as_level(store, role, region)
    with pytest.raises(StoreError, match="管辖范围"):
        record(seen, unit)
    with pytest.raises(StoreError, match="管辖范围"):
        step(seen, key, "correct")
    with pytest.raises(StoreError, match="管辖范围"):
        lapse_findings(seen, cycle=CYCLE, keys=[key], on_date=TODAY)
    assert written(store) == before


def test_a_unit_or_a_reader_records_nothing(store):
    unit, key = brought_to(store, "rectification", "ordered")
    for seen in (as_unit(store, unit), as_level(store, "reader", COUNTY)):
        with pytest.raises(StoreError, match="考核人员"):
            record(seen, unit, "F42-1")
        with pytest.raises(StoreError, match="考核人员"):
            step(seen, key, "correct")


@pytest.mark.parametrize(
    ("old", "state", "move"),
    [({}, "ordered", "correct"), ({"is_overdue": True}, "overdue", "interview")],
)
def test_a_finding_of_an_older_program_goes_on_from_where_it_stood(store, old, state, move):
    unit = new_unit(store)
    key = f"{CYCLE}-F40-1-{unit}"
    event = FindingEvent(
        key=key, unit=unit, finding="F40-1", on_date=ORDERED, document="示例〔2026〕3号", **old
    )
    record_findings(store, cycle=CYCLE, findings=[event])
    assert step(store, key, move) == RECTIFICATION.move(move).target
    assert newest(store, key)["is_overdue"] == bool(old)
    assert record(store, unit, document="示例〔2026〕4号") == f"{key}-2"


def test_many_lapse_at_once_or_none(store):
    keys = [record(store, new_unit(store)) for _ in range(3)]
    corrected = record(store, new_unit(store))
    step(store, corrected, "correct")
    before = written(store)
    with pytest.raises(StoreError, match=corrected):
        lapse_findings(store, cycle=CYCLE, keys=[*keys, corrected], on_date=TODAY)
    assert written(store) == before
    assert lapse_findings(store, cycle=CYCLE, keys=keys, on_date=TODAY) == 3
    assert {newest(store, key)["state"] for key in keys} == {"overdue"}


def test_two_people_at_once_record_the_same_finding_once(store):
    unit = new_unit(store)

    def attempt(_):
        try:
            return record(as_level(store, "county"), unit)
        except StoreError as error:
            return str(error)

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(attempt, range(4)))
    assert sum(text.endswith("-1") for text in told) == 1
    assert sum("已经登记" in text for text in told) == 3


def test_places_that_can_describe_one_fact_are_known_from_either_side():
    scheme = load_scheme(shipped_schemes()["heilongjiang-2026"])
    assert same_fact(scheme, "F42-1") == ("V41-4",)
    assert same_fact(scheme, "V41-1") == ("F43-1",)
    assert same_fact(scheme, "F40-4") == ("V41-3",)
    assert same_fact(scheme, "F40-1") == ()


def test_a_deadline_follows_from_the_schemes_days(store):
    scheme = store.scheme(CYCLE)
    assert scheme.mended_by(ORDERED) == ORDERED + timedelta(days=30)
    assert scheme.model_copy(update={"periods": None}).mended_by(ORDERED) is None


def test_first_moves_are_those_that_begin():
    assert {id: first_move(machine) for id, machine in FINDINGS.items()} == {
        "rectification": "order",
        "accountability": "confirm",
        "education": "confirm",
        "penalty": "confirm",
        "commendation": "commend",
    }


def test_the_register_says_what_each_finding_is_and_costs(store):
    unit = new_unit(store, own=FULL)
    key = record(store, unit, is_aggravated=True, ordered="限期建立组织", addressee="主要负责人")
    before = DEADLINE - timedelta(days=3)
    row = findings(store, cycle=CYCLE, key=key, today=before).iloc[0]
    assert (row["state_name"], row["days_left"], row["is_past"]) == ("责令限期改正", 3, False)
    assert (row["points"], row["factor"], row["applied"]) == (3, AGGRAVATION_FACTOR, 3 * AGGRAVATION_FACTOR)
    assert findings(store, cycle=CYCLE, key=key, today=TODAY).iloc[0]["is_past"]
    step(store, key, "lapse")
    row = findings(store, cycle=CYCLE, unit=unit, today=TODAY).iloc[0]
    assert (row["state_name"], row["is_past"], row["applied"]) == ("逾期未改正", False, 3 * 1.5 * 2)
    step(store, key, "revoke")
    row = findings(store, cycle=CYCLE, unit=unit, today=TODAY).iloc[0]
    assert (row["state_name"], row["is_standing"], row["applied"]) == ("已撤销", False, 0)


def test_the_steps_name_roles_and_never_accounts(store):
    unit, key = brought_to(store, "rectification", "interviewed")
    steps = finding_steps(store, cycle=CYCLE, key=key)
    assert list(steps["move_name"]) == ["责令限期改正", "认定逾期", "约谈"]
    assert set(steps["hand"]) == {"县级"}
    assert "secret" not in steps.astype(str).to_string()
    assert list(finding_steps(as_unit(store, unit), cycle=CYCLE, unit=unit)["seq"]) == list(steps["seq"])


@pytest.mark.parametrize("entries", [("F40-1",), ("V41-3", "F40-1"), ("B37-1", "F43-1"), ("V41-3", "B37-1")])
def test_what_a_finding_does_to_the_score_is_what_revoking_it_undoes(store, entries):
    """The second calculation is the real one: the score after the finding was revoked."""
    unit = new_unit(store, own={**FULL, "T19-01": {"choice": "否"}})
    plain = score(store, unit)
    for entry in entries[:-1]:
        record(store, unit, entry)
    without = score(store, unit)
    told = finding_preview(store, cycle=CYCLE, unit=unit, finding=entries[-1])
    key = record(store, unit, entries[-1])
    assert told == {"before": without, "after": score(store, unit)}
    assert finding_effect(store, cycle=CYCLE, key=key) == told
    step(store, key, "revoke")
    assert score(store, unit) == without
    assert finding_effect(store, cycle=CYCLE, key=key) == {}
    assert plain >= without or entries[0].startswith("B")


def test_counts_add_up_to_the_register(demo_store):
    everything = findings(demo_store, cycle=2026, today=TODAY)
    standing = everything[everything["is_standing"]]
    counts = finding_counts(demo_store, cycle=2026, today=TODAY)
    by_hand = {}
    for row in standing.itertuples():
        area = row.region[:4] + "00"
        by_hand.setdefault(area, []).append(row)
    assert set(counts["region"]) == set(by_hand)
    for row in counts.to_dict("records"):
        own = by_hand[row["region"]]
        assert row["standing"] == len(own)
        assert row["vetoes"] == sum(each.kind == "veto" for each in own)
        assert row["points"] == pytest.approx(sum(each.applied for each in own if each.kind == "deduction"))
        assert sum(row[name] for name in row if name.startswith("a") and name[1:].isdigit()) == len(own)


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_demos_courses_are_ones_that_the_machines_allow(demo_store, year):
    scheme = demo_store.scheme(year)
    steps = finding_steps(demo_store, cycle=year)
    assert len(steps)
    for _, course in steps.groupby("key"):
        machine, state, day = machine_of(scheme, course["finding"].iloc[0]), None, None
        for row in course.itertuples():
            needs = ("date", "document", "deadline", "reason")
            assert machine.after(state, row.move, hands={"evaluator"}, given=needs) == row.state
            assert day is None or row.step_on >= day
            if row.move == "lapse":
                assert row.step_on > row.deadline
            if row.move == "correct":
                assert row.step_on <= row.deadline
            assert row.step_on.year == year
            state, day = row.state, row.step_on


def test_explaining_a_unit_lists_the_steps_of_its_deductions(store):
    unit, key = brought_to(store, "rectification", "overdue")
    (told,) = explain_unit(store, cycle=CYCLE, unit=unit)["deductions"]
    assert (told["key"], told["state"], told["deadline"]) == (key, "overdue", f"{DEADLINE}")
    assert [each["move"] for each in told["steps"]] == ["order", "lapse"]


@pytest.mark.parametrize(
    ("before", "done_after_deadline", "state", "day_after_deadline"),
    [
        ((), -1, "corrected", -1),
        ((), 1, "corrected_late", 1),
        (("lapse",), -1, "corrected_late", 30),  # said to be overdue on TODAY: not corrected before that
        (("correct",), 1, "corrected", 0),
        (("revoke",), 1, "revoked", 30),
    ],
)
def test_a_passed_task_corrects_what_is_still_to_be_corrected(
    store, before, done_after_deadline, state, day_after_deadline
):
    key = record(store, new_unit(store))
    for move in before:
        step(store, key, move)
    done_on = DEADLINE + timedelta(days=done_after_deadline)
    with store.write() as transaction:
        correct_if_open(store, transaction, cycle=CYCLE, key=key, done_on=done_on, reason="整改任务复查通过")
    assert newest(store, key)["state"] == state
    assert newest(store, key)["step_on"] == DEADLINE + timedelta(days=day_after_deadline)
