"""Rulings and returns through the store: every step of both machines, two at once, re-sent workbooks, and the figures beside them."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime
from itertools import product
from statistics import median

import pytest

from data import queries
from data.course.reviews import (
    CARRIED,
    Overtaken,
    Ruling,
    carry_over,
    confirm_rest,
    recall,
    record_rulings,
    send_back,
    sheet_state,
)
from data.failures import StoreError
from data.model import Unit
from procedure.machines import RULING, SHEET
from tests.data.course_of_a_year import (
    COUNTY,
    CYCLE,
    ELSEWHERE,
    FULL,
    answer,
    as_level,
    as_unit,
    new_unit,
    open_year,
    set_stage,
)

CLAIM = {"state": "na", "na_reason": "没有此项职责"}
OWN = FULL | {"T19-02": CLAIM}
PLAIN, CLAIMED = "T19-01", "T19-02"
VALUES = {"change": {PLAIN: "否", CLAIMED: "未开展"}, "refuse_na": {PLAIN: "否", CLAIMED: "未开展"}}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with closing(open_year(tmp_path_factory.mktemp("reviews") / "home")) as opened:
        yield opened


def rule(
    seen, unit, act="confirm", indicator=PLAIN, reason="材料不足", *, looked_at=None, sheets=None, **value
):
    if act in VALUES and not value:
        value = {"choice": VALUES[act][indicator]}
    ruling = Ruling(unit, indicator, act, reason, **value)
    return record_rulings(seen, cycle=CYCLE, rulings=[ruling], seen=looked_at, sheets=sheets)


def written(store):
    """How many rows of everything that a ruling or a return can write."""
    return [
        store.rows(f"select count(*) from {t}") for t in ("review", "return_event", "submission", "journal", "audit")
    ]  # fmt: skip


def refused(store, act, match=None):
    before = written(store)
    with pytest.raises(StoreError, match=match) as caught:
        act()
    assert "没有保存" in str(caught.value)
    assert written(store) == before


def current(store, unit, indicator=PLAIN):
    rows = store.rows(
        "select stage, act, state, choice, reason, seq from current_review "
        "where cycle = $cycle and unit = $unit and indicator = $indicator",
        cycle=CYCLE,
        unit=unit,
        indicator=indicator,
    )
    return rows[0] if rows else None


def submissions(store, unit):
    rows = store.rows("select submission from submission where unit = $unit order by submission", unit=unit)
    return [submission for (submission,) in rows]


def receipt_problems(store, unit):
    rows = store.rows(
        "select code from problem where receipt = (select max(receipt) from receipt where unit = $unit)",
        unit=unit,
    )
    return [code for (code,) in rows]


# ---- the machine of one ruling

WAYS = {
    "claimed": (),
    "na_claimed": (),
    "confirmed": ("confirm",),
    "changed": ("change",),
    "na_accepted": ("accept_na",),
    "na_refused": ("refuse_na",),
}


@pytest.mark.parametrize(("state", "move"), list(product(WAYS, (move.id for move in RULING.moves))))
def test_each_ruling_is_made_from_its_states_and_from_nowhere_else(store, state, move):
    unit, seen = new_unit(store, own=OWN), as_level(store, "county")
    indicator = CLAIMED if state.startswith("na_") else PLAIN
    for act in WAYS[state]:
        rule(seen, unit, act, indicator)
    if state not in RULING.move(move).sources:
        refused(store, lambda: rule(seen, unit, move, indicator), RULING.move(move).name)
        return
    rule(seen, unit, move, indicator)
    stage, act, kept, choice, _, _ = current(store, unit, indicator)
    assert (stage, act, kept) == ("county", move, "na" if move == "accept_na" else "answered")
    if move in VALUES:
        assert choice == VALUES[move][indicator]


def test_the_states_of_a_ruling_are_all_tried():
    assert set(WAYS) == {state.id for state in RULING.states}


@pytest.mark.parametrize(("act", "indicator"), [("change", PLAIN), ("refuse_na", CLAIMED)])
def test_another_value_needs_a_reason_and_a_value(store, act, indicator):
    unit, seen = new_unit(store, own=OWN), as_level(store, "county")
    refused(store, lambda: rule(seen, unit, act, indicator, reason=" 　"), "须写明理由")
    empty = Ruling(unit, indicator, act, "材料不足")
    refused(store, lambda: record_rulings(seen, cycle=CYCLE, rulings=[empty]), "须写明核定值")


@pytest.mark.parametrize(
    ("indicator", "value"),
    [
        (PLAIN, {"choice": "也许"}),
        (PLAIN, {"number": 1}),
        ("T19-03", {"numerator": 11, "denominator": 10}),
        ("T19-03", {"numerator": 0, "denominator": 0}),
        ("T19-03", {"numerator": 1.5, "denominator": 2}),
        ("T19-04", {"number": 1.01}),
        ("T19-05", {"number": -1}),
        ("T19-05", {"number": 2.5}),
        ("T24-01", {"on_date": date(CYCLE - 1, 4, 15)}),
        ("T24-01", {"choice": "是"}),
    ],
)
def test_a_value_that_the_type_does_not_have_is_refused(store, indicator, value):
    unit, seen = new_unit(store, own=FULL), as_level(store, "county")
    refused(store, lambda: rule(seen, unit, "change", indicator, **value), "应为")


@pytest.mark.parametrize(
    ("indicator", "value"),
    [
        ("T19-03", {"numerator": 10, "denominator": 10}),
        ("T19-04", {"number": 0.0}),
        ("T19-05", {"number": 0}),
        ("T24-01", {"on_date": date(CYCLE, 12, 31)}),
        ("T24-01", {"choice": "未开展"}),
    ],
)
def test_values_at_the_edge_are_taken(store, indicator, value):
    unit = new_unit(store, own=FULL)
    assert rule(as_level(store, "county"), unit, "change", indicator, **value)


def test_confirming_takes_over_what_counts_so_far(store):
    unit = new_unit(store, own=OWN)
    rule(as_level(store, "county"), unit, "change")
    rule(as_level(store, "prefecture"), unit, "confirm", reason="")
    stage, act, _, choice, reason, _ = current(store, unit)
    assert (stage, act, choice) == ("prefecture", "confirm", "否")
    assert "县级初审" in reason and "材料不足" in reason
    rule(as_level(store, "county"), other := new_unit(store, own=OWN), "confirm")
    assert current(store, other)[3] == "是"


def test_an_indicator_that_was_left_blank_can_be_confirmed_and_counts_nothing(store):
    unit = new_unit(store, own={PLAIN: {"choice": "是"}})
    rule(as_level(store, "county"), unit, "confirm", "T19-05")
    store.refresh(CYCLE)
    terms = queries.review_terms(store, cycle=CYCLE, unit=unit).set_index("indicator")
    assert terms.loc["T19-05", "x"] == 0


def test_a_stage_below_cannot_rule_where_one_above_has(store):
    unit = new_unit(store, own=OWN)
    rule(as_level(store, "province"), unit, "change")
    refused(store, lambda: rule(as_level(store, "county"), unit), "已由省级终评核定")


def test_nobody_else_rules(store):
    unit = new_unit(store, own=OWN)
    refused(store, lambda: rule(as_level(store, "county", ELSEWHERE), unit), "管辖范围")
    refused(store, lambda: rule(as_unit(store, unit), unit), "考核人员")
    refused(store, lambda: rule(as_level(store, "reader"), unit), "考核人员")


def test_a_closed_stage_rules_and_sends_back_nothing(store):
    region = "230103"
    unit = new_unit(store, region=region, own=OWN)
    set_stage(store, stage="county", region=region)
    seen = as_level(store, "county", region)
    refused(store, lambda: rule(seen, unit), "县级初审已关闭")
    refused(store, lambda: send_back(seen, cycle=CYCLE, unit=unit, message="请补充文号"), "县级初审已关闭")
    rule(as_level(store, "prefecture"), unit)
    set_stage(store, stage="county", region=region, state="open")


def test_personal_data_and_two_rulings_of_one_indicator_are_refused(store):
    unit, seen = new_unit(store, own=OWN), as_level(store, "county")
    refused(store, lambda: rule(seen, unit, "change", reason="联系 13812345678"), "个人信息")
    twice = [Ruling(unit, PLAIN, "confirm")] * 2
    refused(store, lambda: record_rulings(seen, cycle=CYCLE, rulings=twice), "只能核定一次")


# ---- two at once


def test_of_two_who_rule_on_the_same_indicator_one_is_told_of_the_other(store):
    unit = new_unit(store, own=OWN)
    looked_at = {(unit, PLAIN): 0}

    def act(role):
        try:
            rule(as_level(store, role), unit, "change", reason=f"{role}认为不足", looked_at=looked_at)
        except Overtaken as overtaken:
            return overtaken
        return None

    with ThreadPoolExecutor(2) as both:
        told = list(both.map(act, ["county", "county"]))
    (overtaken,) = [each for each in told if each]
    assert overtaken.newer[0][:2] == (unit, PLAIN)
    assert all(
        word in str(overtaken) for word in ("县级初审", "否", "county认为不足", f"{datetime.now():%Y-%m-%d}")
    )
    assert len(store.rows("select 1 from review where unit = $unit", unit=unit)) == 1
    rule(as_level(store, "county"), unit, "confirm", looked_at={(unit, PLAIN): current(store, unit)[5]})


def test_a_percentage_that_somebody_ruled_is_told_as_one(store):
    unit = new_unit(store, own=FULL)
    rule(as_level(store, "county"), unit, "change", "T19-04", number=0.85)
    key = {(unit, "T19-04"): 0}
    refused(
        store, lambda: rule(as_level(store, "prefecture"), unit, "confirm", "T19-04", looked_at=key), "85%"
    )


def test_a_workbook_that_came_in_since_is_not_ruled_on_unseen(store):
    unit = new_unit(store, own=OWN)
    (looked_at,) = submissions(store, unit)
    answer(store, unit, OWN | {PLAIN: {"choice": "否"}})
    seen, sheets = as_level(store, "county"), {unit: looked_at}
    refused(store, lambda: rule(seen, unit, looked_at={(unit, PLAIN): 0}, sheets=sheets), "另交了一份")
    refused(store, lambda: confirm_rest(seen, cycle=CYCLE, units=[unit], sheets=sheets), "另交了一份")


# ---- whole sheets


def test_the_rest_is_confirmed_but_for_claims_that_wait(store):
    unit, seen = new_unit(store, own=OWN), as_level(store, "county")
    rule(seen, unit, "change")
    done = confirm_rest(seen, cycle=CYCLE, units=[unit])
    assert done.pending == (CLAIMED,)
    assert current(store, unit)[1] == "change" and current(store, unit, CLAIMED) is None
    assert done.confirmed == len(FULL) - 2
    refused(store, lambda: confirm_rest(seen, cycle=CYCLE, units=[unit]), "没有还需确认")
    rule(seen, unit, "refuse_na", CLAIMED)
    above = confirm_rest(as_level(store, "prefecture"), cycle=CYCLE, units=[unit])
    assert above.confirmed == len(FULL) and above.pending == ()
    assert current(store, unit, CLAIMED)[:4] == ("prefecture", "refuse_na", "answered", "未开展")


def test_several_sheets_are_confirmed_all_or_none(store):
    one, two = new_unit(store, own=FULL), new_unit(store, own=FULL)
    seen = as_level(store, "county")
    send_back(seen, cycle=CYCLE, unit=two, message="请补充文号")
    refused(store, lambda: confirm_rest(seen, cycle=CYCLE, units=[one, two]), "退回补正")
    three = new_unit(store, own=FULL)
    assert confirm_rest(seen, cycle=CYCLE, units=[one, three]).confirmed == 2 * len(FULL)


# ---- the machine of a sheet


def brought_to(store, state):
    """A unit whose sheet stands in a state."""
    unit = registered(store) if state == "missing" else new_unit(store, own=OWN)
    if state == "reviewing":
        rule(as_level(store, "county"), unit)
    if state == "returned":
        send_back(as_level(store, "county"), cycle=CYCLE, unit=unit, message="请补充文号")
    assert sheet_state(store, cycle=CYCLE, unit=unit) == state
    return unit


def registered(store):
    code = f"M{len(store.units(cycle=CYCLE)):05d}"
    store.register_units(cycle=CYCLE, units=[Unit(code, f"示例单位{code}", COUNTY, "organ")])
    return code


def make(store, move, unit):
    seen = as_level(store, "county")
    match move:
        case "submit":
            answer(store, unit, OWN)
        case "rule":
            rule(seen, unit)
        case "return":
            send_back(seen, cycle=CYCLE, unit=unit, message="请补充文号")
        case "recall":
            recall(seen, cycle=CYCLE, unit=unit, reason="材料已当面补交")


@pytest.mark.parametrize(
    ("state", "move"), list(product((s.id for s in SHEET.states), (m.id for m in SHEET.moves)))
)
def test_each_step_of_a_sheet_is_made_from_its_states_and_from_nowhere_else(store, state, move):
    unit, step = brought_to(store, state), SHEET.move(move)
    if state in step.sources:
        make(store, move, unit)
        after = sheet_state(store, cycle=CYCLE, unit=unit)
        assert after == (
            "submitted" if move == "recall" else step.target
        )  # nothing was ruled before the return
    elif move == "submit":  # a file is never an exception: a receipt says why it was refused
        before = submissions(store, unit)
        make(store, move, unit)
        assert submissions(store, unit) == before
        assert "already-in-review" in receipt_problems(store, unit)
    else:
        refused(store, lambda: make(store, move, unit))
        assert sheet_state(store, cycle=CYCLE, unit=unit) == state


def test_a_recalled_sheet_with_rulings_is_under_review_again(store):
    unit = brought_to(store, "reviewing")
    make(store, "return", unit)
    refused(
        store, lambda: recall(as_level(store, "county"), cycle=CYCLE, unit=unit, reason=" "), "须写明理由"
    )
    make(store, "recall", unit)
    assert sheet_state(store, cycle=CYCLE, unit=unit) == SHEET.move("recall").target


def test_a_return_needs_a_message(store):
    unit = new_unit(store, own=OWN)
    refused(
        store, lambda: send_back(as_level(store, "county"), cycle=CYCLE, unit=unit, message=" "), "须写明理由"
    )


def test_a_sheet_under_review_is_replaced_only_after_it_was_sent_back_and_the_old_one_stays(store):
    unit, seen = new_unit(store, own=OWN), as_level(store, "county")
    rule(seen, unit, "change")
    answer(store, unit, OWN | {"T19-05": {"number": 3}})
    assert receipt_problems(store, unit) == ["already-in-review"]
    assert current(store, unit)[1] == "change"
    send_back(seen, cycle=CYCLE, unit=unit, message="请补充文号")
    assert queries.sheet(as_unit(store, unit), cycle=CYCLE, unit=unit)["message"] == "请补充文号"
    answer(store, unit, OWN | {"T19-05": {"number": 3}})
    assert receipt_problems(store, unit) == []
    assert len(submissions(store, unit)) == 2
    assert sheet_state(store, cycle=CYCLE, unit=unit) == "submitted"
    assert store.rows("select act from review where unit = $unit", unit=unit) == [("change",)]


def test_where_the_first_stage_is_closed_no_workbook_comes_in(store):
    region = "230104"
    unit = new_unit(store, region=region, own=OWN)
    set_stage(store, stage="county", region=region)
    answer(store, unit, FULL)
    assert receipt_problems(store, unit) == ["review-closed"]
    set_stage(store, stage="county", region=region, state="open")


# ---- what a re-sent workbook keeps


def test_each_stage_repeats_its_rulings_on_what_is_unchanged(store):
    unit = new_unit(store, own=OWN)
    county, prefecture = as_level(store, "county"), as_level(store, "prefecture")
    rule(county, unit, "change")
    rule(county, unit, "accept_na", CLAIMED, reason="")
    rule(county, unit, "confirm", "T19-05", reason="")
    rule(county, unit, "confirm", "T24-01", reason="")
    rule(prefecture, unit, "confirm", "T24-01", reason="")
    rule(prefecture, unit, "confirm", PLAIN, reason="")
    send_back(county, cycle=CYCLE, unit=unit, message="请补充文号")
    answer(store, unit, OWN | {"T19-05": {"number": 3, "evidence": "示例〔2026〕3号"}})
    assert current(store, unit) is None
    assert carry_over(county, cycle=CYCLE, unit=unit) == 3
    assert current(store, unit)[1:5] == ("change", "answered", "否", f"材料不足（{CARRIED}）")
    assert current(store, unit, CLAIMED)[4] == CARRIED
    assert current(store, unit, "T19-05") is None
    refused(store, lambda: carry_over(county, cycle=CYCLE, unit=unit), "没有可以沿用")
    rule(county, unit, "confirm", PLAIN, reason="")
    rule(county, unit, "change", "T24-01", on_date=date(CYCLE, 1, 2))
    assert carry_over(prefecture, cycle=CYCLE, unit=unit) == 1  # T24-01 has another value now
    assert current(store, unit)[0] == "prefecture" and current(store, unit, "T24-01")[0] == "county"


# ---- the figures beside a ruling, against plain loops


def test_peers_answers_are_those_of_the_category(demo_store):
    demo_store.refresh(CYCLE)
    units = demo_store.units(cycle=CYCLE)
    said: dict[tuple[str, str], list] = {}
    for unit, indicator, x, state, choice in demo_store.rows(
        "select value.unit, value.indicator, value.self_x, answer.state, answer.choice "
        "from result_counted_value as value left join answer using (submission, indicator) where value.cycle = $cycle",
        cycle=CYCLE,
    ):
        said.setdefault((units[unit].category, indicator), []).append((x, state, choice))
    types = {i.id: i.type for i in demo_store.scheme(CYCLE).indicators}
    category = Counter(unit.category for unit in units.values()).most_common(1)[0][0]
    peers = queries.peer_answers(demo_store, cycle=CYCLE, category=category)
    assert set(peers["indicator"]) == {i for c, i in said if c == category}
    for row in peers.to_dict("records"):
        group = said[category, row["indicator"]]
        assert row["peers"] == len(group)
        if not isinstance(row["answer"], str):
            numbers = [x for x, state, choice in group if state == "answered" and choice is None]
            assert row["units"] == len(numbers) and row["median"] == pytest.approx(median(numbers))
        elif row["answer"] == "不适用":
            assert row["units"] == sum(state == "na" for _, state, _ in group)
        elif types[row["indicator"]] in ("yes_no", "level") and row["answer"] != "未填":
            assert row["units"] == sum(choice == row["answer"] for _, _, choice in group)
        assert row["share"] == pytest.approx(row["units"] / row["peers"])


def test_last_years_answer_is_the_same_units_to_the_same_indicator(demo_store):
    unit = demo_store.rows(
        "select unit from current_submission group by unit having count(*) = 2 order by unit limit 1"
    )[0][0]
    terms = queries.review_terms(demo_store, cycle=CYCLE, unit=unit)
    before = {
        indicator: (x, text)
        for indicator, x, text in demo_store.rows(
            "select value.indicator, value.x, answer.text from result_counted_value as value "
            "left join answer using (submission, indicator) where value.cycle = 2025 and value.unit = $unit",
            unit=unit,
        )
    }
    clean = terms.astype(object).where(terms.notna(), None)
    told = {r["indicator"]: (r["before_x"], r["before_text"]) for r in clean.to_dict("records")}
    assert told == {indicator: before.get(indicator, (None, None)) for indicator in terms["indicator"]}
    assert any(text for _, text in told.values())


def test_the_queue_counts_what_is_ruled_and_what_waits(demo_store):
    demo_store.refresh(CYCLE)
    rank = {None: 0, "county": 1, "prefecture": 2, "province": 3}
    queue = queries.review_queue(demo_store, cycle=CYCLE, stage="county", today=date(CYCLE + 1, 1, 1))
    for row in queue.to_dict("records"):
        values = demo_store.rows(
            "select state, stage from result_counted_value where cycle = $cycle and unit = $unit",
            cycle=CYCLE,
            unit=row["unit"],
        )
        asked = [(state, stage) for state, stage in values if not (state == "na" and stage is None)]
        assert row["total"] == len(asked)
        assert row["ruled"] == sum(rank[stage] >= 1 for _, stage in asked)
        assert row["pending"] == sum(state == "pending" for state, _ in asked)
        if row["state"] in ("waiting", "in_progress"):
            assert row["waiting_days"] == (date(CYCLE + 1, 1, 1) - row["received_at"].date()).days
