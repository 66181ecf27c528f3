"""Stages of a year's review: who closes and reopens which, until when, and how far every region is."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from data import queries
from data.course.acting import STAGE_OF_LEVEL, region_of_stage, stages_of
from data.course.stages import (
    close_stage,
    close_stages,
    reopen_stage,
    set_stage_due,
    stage_dues,
    stage_state,
)
from data.failures import StoreError
from data.model import Actor, Scope
from data.regions import is_within, load_regions, regions_by_code
from data.store import Store
from procedure.machines import STAGE

CYCLE = 2026
COUNTY, NEIGHBOUR, PREFECTURE, OTHER_PREFECTURE, PROVINCE = "230102", "230103", "230100", "230200", "230000"
TODAY = date(2026, 12, 1)
RANK = {None: 0, "county": 1, "prefecture": 2, "province": 3}


@pytest.fixture
def store(demo_copy):
    opened = Store.open(demo_copy)
    found = queries.units(opened, cycle=CYCLE)
    moved = found[(found["state"] == "scored") & (found["region"].str.slice(4) != "00")]["code"].iloc[0]
    opened.register_units(cycle=CYCLE, units=[replace(opened.unit(cycle=CYCLE, code=moved), region=COUNTY)])
    yield opened
    opened.close()


def as_role(store, role: str, region: str, unit: str | None = None):
    return store.seen_by(Scope(region, unit=unit), actor=Actor(f"post-{region}", role))


def visitors(store) -> dict:
    unit = next(u for u in store.units(cycle=CYCLE).values() if u.region == COUNTY)
    return {
        "local": store,
        "administrator": as_role(store, "administrator", PROVINCE),
        "province": as_role(store, "province", PROVINCE),
        "prefecture": as_role(store, "prefecture", PREFECTURE),
        "county": as_role(store, "county", COUNTY),
        "other prefecture": as_role(store, "prefecture", OTHER_PREFECTURE),
        "other county": as_role(store, "county", NEIGHBOUR),
        "reader": as_role(store, "reader", PROVINCE),
        "unit": as_role(store, "unit", COUNTY, unit.code),
    }


def events(store) -> list[tuple]:
    return store.rows("select region, stage, state, reason, role from stage_event order by seq")


# Written by hand: who may close, and who may reopen, the stage of 道里区, of 哈尔滨市, of the province.
WHOLE = {"local", "administrator", "province"}
MAY = {
    (COUNTY, "close"): WHOLE | {"prefecture", "county"},
    (COUNTY, "reopen"): WHOLE | {"prefecture"},
    (PREFECTURE, "close"): WHOLE | {"prefecture"},
    (PREFECTURE, "reopen"): WHOLE,
    (PROVINCE, "close"): WHOLE,
    (PROVINCE, "reopen"): WHOLE,
}
FROM = {"close": "open", "reopen": "closed"}


@pytest.mark.parametrize("region", [COUNTY, PREFECTURE, PROVINCE])
def test_every_state_move_and_visitor_is_allowed_or_forbidden_as_the_machine_says(store, region):
    stage = STAGE_OF_LEVEL[regions_by_code()[region].level]
    moves = {
        "close": lambda who: close_stage(who, cycle=CYCLE, region=region, stage=stage, reason="办完上报"),
        "reopen": lambda who: reopen_stage(who, cycle=CYCLE, region=region, stage=stage, reason="补核两家"),
    }
    assert set(moves) == {move.id for move in STAGE.moves}
    for state, move, (name, who) in itertools.product(("open", "closed"), moves, visitors(store).items()):
        if stage_state(store, cycle=CYCLE, region=region, stage=stage) != state:
            (close_stage if state == "closed" else reopen_stage)(
                store, cycle=CYCLE, region=region, stage=stage, reason="为试验"
            )
        before = events(store)
        if state == FROM[move] and name in MAY[region, move]:
            moves[move](who)
            assert stage_state(store, cycle=CYCLE, region=region, stage=stage) != state
            assert len(events(store)) == len(before) + 1
        else:
            with pytest.raises(StoreError, match="没有保存"):
                moves[move](who)
            assert events(store) == before


def test_reopening_needs_a_reason_and_closing_none(store):
    close_stage(store, cycle=CYCLE, region=COUNTY, stage="county")
    with pytest.raises(StoreError, match="须写明理由"):
        reopen_stage(store, cycle=CYCLE, region=COUNTY, stage="county", reason=" 　 ")
    assert events(store) == [(COUNTY, "county", "closed", "", "administrator")]


def test_a_reason_holds_no_personal_data_and_is_short(store):
    close_stage(store, cycle=CYCLE, region=COUNTY, stage="county")
    with pytest.raises(StoreError, match="手机号码"):
        reopen_stage(store, cycle=CYCLE, region=COUNTY, stage="county", reason="请联系 13845678901")
    with pytest.raises(StoreError, match="最多 500 字"):
        reopen_stage(store, cycle=CYCLE, region=COUNTY, stage="county", reason="长" * 501)


@pytest.mark.parametrize(
    ("region", "stage"),
    [(COUNTY, "prefecture"), (PREFECTURE, "county"), (PROVINCE, "county"), ("239999", "county")],
)
def test_a_region_has_its_own_stage_only(store, region, stage):
    with pytest.raises(StoreError):
        close_stage(store, cycle=CYCLE, region=region, stage=stage)
    assert not events(store)


def test_a_prefecture_closes_all_its_counties_at_once_or_none(store):
    city = as_role(store, "prefecture", PREFECTURE)
    counties = [region.code for region in load_regions() if region.parent == PREFECTURE]
    close_stage(city, cycle=CYCLE, region=COUNTY, stage="county")
    with pytest.raises(StoreError, match="道里区"):
        close_stages(city, cycle=CYCLE, regions=counties, stage="county")
    assert len(events(store)) == 1
    close_stages(city, cycle=CYCLE, regions=[c for c in counties if c != COUNTY], stage="county")
    assert {region for region, *_ in events(store)} == set(counties)
    with pytest.raises(StoreError, match="没有选地区"):
        close_stages(city, cycle=CYCLE, regions=[], stage="county")


def test_two_who_close_at_once_close_it_once(store):
    city, county = as_role(store, "prefecture", PREFECTURE), as_role(store, "county", COUNTY)

    def close(who) -> str:
        try:
            close_stage(who, cycle=CYCLE, region=COUNTY, stage="county")
        except StoreError:
            return "refused"
        return "done"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(close, [city, county] * 4))
    assert sorted(outcomes) == ["done"] + ["refused"] * 7
    assert len(events(store)) == 1


def test_what_was_closed_is_in_the_audit_log_and_in_the_journal(store):
    close_stage(as_role(store, "county", COUNTY), cycle=CYCLE, region=COUNTY, stage="county", reason="办完")
    assert store.rows("select account, role, action, detail from audit order by seq desc limit 1") == [
        ("post-230102", "county", "stage", "关闭县级初审：道里区")
    ]
    assert store.rows("select kind from journal order by seq desc limit 1") == [("stage",)]


# ---- due dates


def test_due_dates_follow_from_the_deadline_and_the_schemes_days(store):
    deadline, periods = store.cycle(CYCLE).deadline.date(), store.scheme(CYCLE).periods
    days = {
        "county": periods.county,
        "prefecture": periods.county + periods.prefecture,
        "province": periods.county + periods.prefecture + periods.province,
    }
    dues = stage_dues(store, cycle=CYCLE)
    assert {stage: due.due_on for stage, due in dues.items()} == {
        stage: deadline + timedelta(days=n) for stage, n in days.items()
    }
    assert not any(due.is_set for due in dues.values())


def test_only_the_province_sets_a_due_date_and_everybody_sees_it(store):
    before = stage_dues(store, cycle=CYCLE)["county"].due_on
    for name, who in visitors(store).items():
        if name not in WHOLE:
            with pytest.raises(StoreError, match="只能由省级"):
                set_stage_due(who, cycle=CYCLE, stage="county", due_on=before + timedelta(days=2))
    assert not store.rows("select 1 from stage_due")
    set_stage_due(
        as_role(store, "province", PROVINCE), cycle=CYCLE, stage="county", due_on=before + timedelta(days=2)
    )
    seen = stage_dues(as_role(store, "county", COUNTY), cycle=CYCLE)["county"]
    assert (seen.due_on, seen.is_set) == (before + timedelta(days=2), True)


def test_due_dates_keep_the_order_of_the_stages(store):
    dues = {stage: due.due_on for stage, due in stage_dues(store, cycle=CYCLE).items()}
    deadline = store.cycle(CYCLE).deadline.date()
    for stage, day, said in (
        ("county", deadline - timedelta(days=1), "早于填报截止"),
        ("county", dues["prefecture"] + timedelta(days=1), "晚于市级复核"),
        ("province", dues["prefecture"] - timedelta(days=1), "早于市级复核"),
    ):
        with pytest.raises(StoreError, match=said):
            set_stage_due(store, cycle=CYCLE, stage=stage, due_on=day)
    set_stage_due(store, cycle=CYCLE, stage="county", due_on=dues["prefecture"])
    assert not store.rows("select 1 from stage_due where stage <> 'county'")


# ---- how far every region is


def naive_progress(store, region: str) -> dict:
    """The counts of a region, unit by unit and indicator by indicator."""
    stage = STAGE_OF_LEVEL[regions_by_code()[region].level]
    units = [u for u in store.units(cycle=CYCLE).values() if is_within(u.region, region)]
    counts = dict.fromkeys(("registered", "submitted", "ruled", "answers", "ruled_answers", "pending_na"), 0)
    values: dict[str, list] = {}
    for unit, ruled_at, state in store.rows(
        "select unit, stage, state from shown_counted_value where cycle = $cycle", cycle=CYCLE
    ):
        values.setdefault(unit, []).append((ruled_at, state))
    for unit in units:
        counts["registered"] += 1
        if unit.code not in values:
            continue
        counts["submitted"] += 1
        is_whole = True
        for ruled_at, state in values[unit.code]:
            is_ruled = RANK[ruled_at] >= RANK[stage] or (state == "na" and ruled_at is None)
            is_whole &= is_ruled
            counts["answers"] += 1
            counts["ruled_answers"] += is_ruled
            counts["pending_na"] += state == "pending"
        counts["ruled"] += is_whole
    return counts


def test_progress_is_that_of_counting_unit_by_unit(store):
    store.refresh(CYCLE)
    frame = queries.stages(store, cycle=CYCLE, today=TODAY).set_index("code")
    with_units = {
        up
        for unit in store.units(cycle=CYCLE).values()
        for up in (region_of_stage(unit.region, stage) for stage in stages_of(unit.region))
    }
    assert set(frame.index) == with_units
    for code, row in frame.iterrows():
        naive = naive_progress(store, code)
        assert {name: int(row[name]) for name in naive} == naive, code


def test_a_reader_is_told_of_the_regions_in_the_own_one_only(store):
    whole = queries.stages(store, cycle=CYCLE, today=TODAY).set_index("code")
    city = queries.stages(as_role(store, "prefecture", PREFECTURE), cycle=CYCLE, today=TODAY, region=PROVINCE)
    city = city.set_index("code")
    assert set(city.index) == {code for code in whole.index if is_within(code, PREFECTURE)}
    for name in ("registered", "submitted", "ruled", "answers", "pending_na"):
        assert (city[name] == whole.loc[city.index, name]).all()
    county = queries.stages(as_role(store, "county", COUNTY), cycle=CYCLE, today=TODAY)
    assert list(county["code"]) == [COUNTY]


def test_a_stage_is_overdue_from_the_day_after_while_it_is_open(store):
    due = stage_dues(store, cycle=CYCLE)["county"].due_on

    def is_overdue(today: date) -> bool:
        rows = queries.stages(store, cycle=CYCLE, today=today).set_index("code")
        return bool(rows.loc[COUNTY, "is_overdue"])

    assert not is_overdue(due)
    assert is_overdue(due + timedelta(days=1))
    close_stage(store, cycle=CYCLE, region=COUNTY, stage="county")
    assert not is_overdue(due + timedelta(days=1))


def test_the_history_tells_every_event_by_role_within_the_own_region(store):
    city = as_role(store, "prefecture", PREFECTURE)
    close_stage(as_role(store, "county", COUNTY), cycle=CYCLE, region=COUNTY, stage="county", reason="上报")
    reopen_stage(city, cycle=CYCLE, region=COUNTY, stage="county", reason="有漏核")
    close_stage(store, cycle=CYCLE, region="230202", stage="county")
    told = queries.stage_history(city, cycle=CYCLE)
    assert told[["name", "state_name", "by_role", "reason"]].to_numpy().tolist() == [
        ["道里区", "进行中", "prefecture", "有漏核"],
        ["道里区", "已关闭", "county", "上报"],
    ]
    assert "account" not in told.columns
    assert len(queries.stage_history(store, cycle=CYCLE)) == 3


def test_a_stage_says_how_many_below_it_are_still_open(store):
    def open_below(code: str) -> int:
        rows = queries.stages(store, cycle=CYCLE, today=TODAY).set_index("code")
        return int(rows.loc[code, "open_below"])

    before = open_below(PREFECTURE)
    rows = queries.stages(store, cycle=CYCLE, today=TODAY)
    assert before == (rows["parent"] == PREFECTURE).sum()
    close_stage(store, cycle=CYCLE, region=COUNTY, stage="county")
    assert open_below(PREFECTURE) == before - 1
    assert open_below(COUNTY) == 0
