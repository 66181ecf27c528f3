"""Objections: every step of the machine through the store, the periods on both sides, and two people at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime, timedelta
from itertools import product

import pytest

from access.accounts import Account, Accounts
from data import queries
from data.course.objections import (
    decide_objection,
    file_objection,
    key_of,
    last_day,
    withdraw_objection,
)
from data.course.reviews import send_back
from data.store import StoreError
from procedure.machines import OBJECTION
from tests.data.course_of_a_year import (
    COUNTY,
    CYCLE,
    ELSEWHERE,
    OBJECTION_DAYS,
    PREFECTURE,
    answer,
    as_level,
    as_unit,
    new_unit,
    open_year,
    publish,
    rule,
    set_stage,
)
from tests.scoring import naive

WHY = "原件在附件三"
STATES = (None, *(state.id for state in OBJECTION.states))
MOVES = tuple(move.id for move in OBJECTION.moves)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with closing(open_year(tmp_path_factory.mktemp("objections") / "home")) as opened:
        yield opened


def file(seen, unit, indicator="T19-01", reason=WHY):
    return file_objection(seen, cycle=CYCLE, unit=unit, indicator=indicator, reason=reason)


def seq_of(store, unit, indicator="T19-01"):
    rows = store.rows(
        "select seq from current_review where cycle = $cycle and unit = $unit and indicator = $indicator",
        cycle=CYCLE,
        unit=unit,
        indicator=indicator,
    )
    return rows[0][0] if rows else None


def decide(seen, store, unit, move="uphold", *, indicator="T19-01", reason="已复核", **given):
    value = {"choice": "是"} if move == "grant" and "state" not in given and "choice" not in given else {}
    given = {"ruling": seq_of(store, unit, indicator)} | value | given
    decide_objection(seen, cycle=CYCLE, objection=key_of(unit, indicator), move=move, reason=reason, **given)


def make(move, store, unit):
    """One step by those whose hand it is."""
    match move:
        case "file":
            file(as_unit(store, unit), unit)
        case "withdraw":
            withdraw_objection(as_unit(store, unit), cycle=CYCLE, objection=key_of(unit, "T19-01"))
        case _:
            decide(as_level(store, "prefecture"), store, unit, move)


def state_of(store, unit, indicator="T19-01"):
    rows = store.rows(
        "select state from current_objection where cycle = $cycle and objection = $key",
        cycle=CYCLE,
        key=key_of(unit, indicator),
    )
    return rows[0][0] if rows else None


def written(store):
    """How many rows of everything that an objection can write."""
    tables = ("objection_event", "review", "journal", "audit")
    return [store.rows(f"select count(*) from {table}") for table in tables]


def ruled_unit(store, **given):
    unit = new_unit(store)
    rule(store, unit, **given)
    return unit


def filed_unit(store, **given):
    unit = ruled_unit(store, **given)
    file(as_unit(store, unit), unit)
    return unit


def brought_to(store, state):
    """A unit whose objection stands in a state (None: it has made none)."""
    unit = ruled_unit(store)
    steps = {None: (), "filed": ("file",), "withdrawn": ("file", "withdraw")}
    steps |= {"upheld": ("file", "uphold"), "granted": ("file", "grant")}
    for move in steps[state]:
        make(move, store, unit)
    assert state_of(store, unit) == state
    return unit


@pytest.mark.parametrize(("state", "move"), list(product(STATES, MOVES)))
def test_each_step_is_made_from_its_states_and_from_nowhere_else(store, state, move):
    unit = brought_to(store, state)
    step = OBJECTION.move(move)
    if state in step.sources or (state is None and step.begins):
        make(move, store, unit)
        assert state_of(store, unit) == step.target
        return
    before = written(store)
    with pytest.raises(StoreError, match="没有保存"):
        make(move, store, unit)
    assert written(store) == before
    assert state_of(store, unit) == state


@pytest.mark.parametrize("move", ["file", "uphold", "grant"])
def test_a_step_without_its_reason_is_refused(store, move):
    unit = ruled_unit(store) if move == "file" else filed_unit(store)
    before = written(store)
    with pytest.raises(StoreError, match="须写明理由"):
        if move == "file":
            file(as_unit(store, unit), unit, reason=" 　")
        else:
            decide(as_level(store, "prefecture"), store, unit, move, reason="")
    assert written(store) == before


def test_a_reason_with_personal_data_is_refused(store):
    unit = ruled_unit(store)
    with pytest.raises(StoreError, match="删去个人信息"):
        file(as_unit(store, unit), unit, reason="见 11010519491231002X 的证明")
    assert state_of(store, unit) is None


def test_granting_without_a_value_is_refused(store):
    unit = filed_unit(store)
    with pytest.raises(StoreError, match="须写明核定值"):
        decide(as_level(store, "prefecture"), store, unit, "grant", choice=None)


@pytest.mark.parametrize("role", ["county", "prefecture", "province", "reader"])
def test_only_the_unit_objects(store, role):
    unit = ruled_unit(store)
    with pytest.raises(StoreError, match="填报单位"):
        file(as_level(store, role), unit)


def test_a_unit_objects_for_itself_only(store):
    unit, other = ruled_unit(store), new_unit(store)
    with pytest.raises(StoreError, match="不在您的管辖范围"):
        file(as_unit(store, other), unit)


def test_the_administrator_objects_for_a_unit_without_an_account_only(store):
    without, has = ruled_unit(store), ruled_unit(store)
    Accounts(store).add(Account(has.lower(), "示例单位", "unit", COUNTY, unit=has))
    file(as_level(store, "administrator"), without)
    assert state_of(store, without) == "filed"
    with pytest.raises(StoreError, match="填报单位"):
        file(as_level(store, "administrator"), has)


# Stage of the ruling → who may decide on an objection to it.
DECIDERS = {
    "county": {"prefecture", "province", "administrator"},
    "prefecture": {"province", "administrator"},
    "province": {"province", "administrator"},
}


@pytest.mark.parametrize(
    ("stage", "role"),
    list(product(DECIDERS, ["county", "prefecture", "province", "administrator", "reader"])),
)
def test_the_stage_above_the_ruling_decides(store, stage, role):
    unit = filed_unit(store, stage=stage)
    if role in DECIDERS[stage]:
        decide(as_level(store, role), store, unit)
        assert state_of(store, unit) == "upheld"
    else:
        with pytest.raises(StoreError, match="上级考核人员"):
            decide(as_level(store, role), store, unit)
        assert state_of(store, unit) == "filed"


def test_another_prefecture_decides_nothing(store):
    unit = filed_unit(store)
    with pytest.raises(StoreError, match="不在您的管辖范围"):
        decide(as_level(store, "prefecture", ELSEWHERE), store, unit)


@pytest.mark.parametrize(("days", "is_in_time"), [(OBJECTION_DAYS, True), (OBJECTION_DAYS + 1, False)])
@pytest.mark.parametrize("later", ["ruling", "closing"])
def test_the_period_runs_from_the_later_of_ruling_and_closing(tmp_path, days, is_in_time, later):
    with closing(open_year(tmp_path / "home")) as store:
        ruled, closed = (days, days + 5) if later == "ruling" else (days + 5, days)
        unit = ruled_unit(store, days_ago=ruled)
        set_stage(store, stage="county", region=COUNTY, days_ago=closed)
        row = queries.changed_rulings(store, cycle=CYCLE, unit=unit).iloc[0]
        last = date.today() - timedelta(days=days - OBJECTION_DAYS)
        assert (row["last_day"], row["may_object"]) == (last, is_in_time)
        if is_in_time:
            file(as_unit(store, unit), unit)
        else:
            with pytest.raises(StoreError, match=f"期限已过.*最迟可在 {last:%Y-%m-%d} 提出"):
                file(as_unit(store, unit), unit)
            assert state_of(store, unit) is None


def test_an_open_stage_keeps_the_period_open(tmp_path):
    with closing(open_year(tmp_path / "home")) as store:
        unit, reopened = (ruled_unit(store, days_ago=90) for _ in range(2))
        file(as_unit(store, unit), unit)
        set_stage(store, stage="county", region=COUNTY, days_ago=60)
        with pytest.raises(StoreError, match="期限已过"):
            file(as_unit(store, reopened), reopened)
        set_stage(store, stage="county", region=COUNTY, state="open")
        file(as_unit(store, reopened), reopened)


def test_the_stage_that_counts_is_that_of_the_units_own_region(tmp_path):
    with closing(open_year(tmp_path / "home")) as store:
        unit = ruled_unit(store, stage="prefecture", days_ago=30)
        set_stage(store, stage="county", region=COUNTY, days_ago=30)
        set_stage(store, stage="prefecture", region=ELSEWHERE, days_ago=30)
        assert queries.changed_rulings(store, cycle=CYCLE, unit=unit)["may_object"].all()
        set_stage(store, stage="prefecture", region=PREFECTURE, days_ago=30)
        assert not queries.changed_rulings(store, cycle=CYCLE, unit=unit)["may_object"].any()


def test_after_publication_nobody_objects_but_what_was_filed_is_decided(tmp_path):
    with closing(open_year(tmp_path / "home")) as store:
        before, after = filed_unit(store), ruled_unit(store)
        publish(store)
        with pytest.raises(StoreError, match=r"已于.*公布，不再受理异议（可在.*以前提出）"):
            file(as_unit(store, after), after)
        decide(as_level(store, "prefecture"), store, before)
        assert state_of(store, before) == "upheld"


def test_a_scheme_without_periods_says_so(tmp_path):
    with closing(open_year(tmp_path / "home", has_periods=False)) as store:
        unit = ruled_unit(store)
        with pytest.raises(StoreError, match=r"periods\.objection"):
            file(as_unit(store, unit), unit)
        assert not queries.changed_rulings(store, cycle=CYCLE, unit=unit)["may_object"].any()


@pytest.mark.parametrize(
    ("act", "choice", "may_object"),
    [
        ("change", "否", True),
        ("confirm", "是", False),
        ("confirm", "否", True),
        (None, "否", True),
        (None, "是", False),
    ],
)
def test_only_a_changed_value_is_objected_to(store, act, choice, may_object):
    unit = ruled_unit(store, act=act, choice=choice)
    if may_object:
        file(as_unit(store, unit), unit)
    else:
        with pytest.raises(StoreError, match="没有被调整"):
            file(as_unit(store, unit), unit)


def test_what_nobody_ruled_on_is_not_objected_to(store):
    unit = new_unit(store)
    with pytest.raises(StoreError, match="没有被调整"):
        file(as_unit(store, unit), unit)
    with pytest.raises(StoreError, match="没有指标 T99-99"):
        file(as_unit(store, unit), unit, "T99-99")


def test_a_newer_workbook_leaves_nothing_to_object_to(store):
    unit = ruled_unit(store)
    send_back(store, cycle=CYCLE, unit=unit, message="请补充材料")
    answer(store, unit)
    with pytest.raises(StoreError, match="没有被调整"):
        file(as_unit(store, unit), unit)


def test_granting_rules_at_the_deciders_stage_and_the_score_follows(store):
    unit = filed_unit(store)
    before = queries.unit_summary(store, cycle=CYCLE, unit=unit)["score_exact"]
    decide(as_level(store, "prefecture"), store, unit, "grant")
    row = store.rows(
        "select stage, act, choice, reason, account, role from current_review where unit = $unit", unit=unit
    )
    assert row == [("prefecture", "confirm", "是", "已复核", "secret-prefecture", "prefecture")]
    assert queries.unit_summary(store, cycle=CYCLE, unit=unit)["score_exact"] > before
    assert queries.changed_rulings(store, cycle=CYCLE, unit=unit).empty


@pytest.mark.parametrize(
    ("given", "act"),
    [({"state": "na"}, "accept_na"), ({"choice": "全面落实"}, "refuse_na")],
)
def test_a_refused_claim_is_accepted_or_ruled_higher(store, given, act):
    unit = new_unit(store)
    rule(store, unit, "T19-02", act="refuse_na", choice="未开展")
    file(as_unit(store, unit), unit, "T19-02")
    decide(as_level(store, "province"), store, unit, "grant", indicator="T19-02", **given)
    assert store.rows("select stage, act from current_review where unit = $unit", unit=unit) == [
        ("province", act)
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"choice": "大概有"}, "应为“是”或“否”"),
        ({"choice": None, "number": 1}, "应为“是”或“否”"),
        ({"state": "na"}, "不能填“不适用”"),
        ({"choice": "否"}, "请选“维持”"),
    ],
)
def test_a_value_that_cannot_be_or_changes_nothing_is_refused(store, given, says):
    unit = filed_unit(store)
    before = written(store)
    with pytest.raises(StoreError, match=says):
        decide(as_level(store, "prefecture"), store, unit, "grant", **given)
    assert written(store) == before


def test_who_ruled_meanwhile_is_not_overwritten_in_silence(store):
    unit = filed_unit(store)
    old = seq_of(store, unit)
    rule(store, unit, stage="prefecture")
    shown = queries.objections(store, cycle=CYCLE, unit=unit).iloc[0]
    assert shown["is_ruled_since"] and shown["now_stage_name"] == "市级复核"
    assert shown["decider"] == "province"
    with pytest.raises(StoreError, match="上级考核人员"):
        decide(as_level(store, "prefecture"), store, unit)
    with pytest.raises(StoreError, match="市级复核又核定了该项"):
        decide(as_level(store, "province"), store, unit, ruling=old)
    decide(as_level(store, "province"), store, unit, ruling=int(shown["now_seq"]))
    assert state_of(store, unit) == "upheld"


def test_an_objection_outlives_a_newer_workbook_and_is_decided_on_it(store):
    unit = filed_unit(store)
    old = seq_of(store, unit)
    send_back(store, cycle=CYCLE, unit=unit, message="请补充材料")
    answer(store, unit)
    shown = queries.objections(store, cycle=CYCLE, unit=unit).iloc[0]
    assert shown["is_handed_in_since"] and shown["is_ruled_since"]
    with pytest.raises(StoreError, match="重新填报"):
        decide(as_level(store, "prefecture"), store, unit, ruling=old)
    decide(as_level(store, "prefecture"), store, unit, ruling=None)


def together(*acts):
    """Run the acts at once; returns how many went through and the refusals."""

    def run(act):
        try:
            act()
        except StoreError as error:
            return str(error)
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        ends = list(pool.map(run, acts))
    return ends.count(None), [end for end in ends if end]


def test_of_two_who_decide_at_once_one_does(store):
    unit = filed_unit(store)
    seen = seq_of(store, unit)
    done, refused = together(
        lambda: decide(as_level(store, "prefecture"), store, unit, "uphold", ruling=seen),
        lambda: decide(as_level(store, "province"), store, unit, "grant", ruling=seen),
    )
    assert done == 1 and len(refused) == 1
    assert store.rows(
        "select count(*) from objection_event where unit = $unit and move <> 'file'", unit=unit
    ) == [(1,)]
    n_rulings = store.rows("select count(*) from review where unit = $unit", unit=unit)[0][0]
    assert n_rulings == (2 if state_of(store, unit) == "granted" else 1)


def test_of_two_who_object_at_once_one_does(store):
    unit = ruled_unit(store)
    done, refused = together(*[lambda: file(as_unit(store, unit), unit)] * 2)
    assert done == 1 and "已经是“已提出”" in refused[0]


def test_the_queue_says_who_decides_and_for_how_long_it_has_waited(store):
    unit = filed_unit(store)
    later = date.today() + timedelta(days=3)
    rows = queries.objections(
        as_level(store, "prefecture"), cycle=CYCLE, stage="prefecture", today=later
    ).set_index("unit")
    assert list(rows.loc[unit, ["own", "ruled", "filed_reason", "waiting_days"]]) == ["是", "否", WHY, 3]
    assert rows.loc[unit, "is_mine"]
    assert list(rows["state"] == "filed") == sorted(rows["state"] == "filed", reverse=True)
    county = queries.objections(as_level(store, "county"), cycle=CYCLE, stage="county").set_index("unit")
    assert not county.loc[unit, "is_mine"]
    assert unit not in set(queries.objections(as_level(store, "prefecture", ELSEWHERE), cycle=CYCLE)["unit"])


def test_changed_rulings_are_those_that_a_loop_over_all_answers_finds(demo_store):
    scheme = demo_store.scheme(CYCLE)
    demo_store.refresh(CYCLE)
    order = {"county": 1, "prefecture": 2, "province": 3}
    fields = "choice, number, numerator, denominator, on_date"
    newest = dict(demo_store.rows("select unit, submission from current_submission where cycle = 2026"))
    standing = {}
    for row in demo_store.query(f"select seq, unit, submission, indicator, stage, state, act, {fields} from review "
                                "where cycle = 2026 order by seq").itertuples():  # fmt: skip
        key = (row.unit, row.indicator)
        if row.submission == newest[row.unit] and (
            key not in standing or order[row.stage] >= order[standing[key].stage]
        ):
            standing[key] = row
    claims = {
        (row.submission, row.indicator): row
        for row in demo_store.query(f"select submission, indicator, state, {fields} from answer").itertuples()
    }
    expected = set()
    for (unit, indicator), ruling in standing.items():
        asked = scheme.by_id[indicator]
        claim = claims.get((newest[unit], indicator))
        own = 0.0 if claim is None else naive.attainment(asked, clean(claim), CYCLE)
        own = 0.0 if own is None and asked.na == "never" else own
        if ruling.act in ("change", "refuse_na") or (
            ruling.act != "accept_na" and naive.attainment(asked, clean(ruling), CYCLE) != own
        ):
            expected.add((unit, indicator))
    found = demo_store.rows("select unit, indicator from changed_ruling where cycle = 2026")
    assert len(found) == len(set(found)) and set(found) == expected and expected


def clean(row):
    """A row of a frame with None for what is missing, as `naive.attainment` takes it."""

    class Value:
        state = row.state
        choice = row.choice if isinstance(row.choice, str) else None
        number = None if row.number != row.number else row.number
        numerator = None if row.numerator != row.numerator else row.numerator
        denominator = None if row.denominator != row.denominator else row.denominator
        on_date = None if row.on_date != row.on_date else row.on_date.date()

    return Value


def test_the_units_history_tells_all_of_it_in_order_and_names_no_account(store):
    unit = filed_unit(store)
    decide(as_level(store, "prefecture"), store, unit, "grant")
    seen = as_unit(store, unit)
    history = queries.unit_history(seen, cycle=CYCLE, unit=unit)
    told = list(zip(history["kind_name"], history["hand"], history["what"], strict=True))
    assert sorted(told[:2]) == [("异议", "市级", "采纳"), ("核定", "市级", "市级复核 1 项")]  # of one moment
    assert told[2:] == [
        ("异议", "填报单位", "提出"),
        ("核定", "县级", "县级初审 1 项"),
        ("自评表", "", "已接收"),
    ]
    assert list(history["at"]) == sorted(history["at"], reverse=True)
    assert "secret" not in history.to_csv() and unit not in "".join(history["hand"])
    other = new_unit(store)
    assert queries.unit_history(as_unit(store, other), cycle=CYCLE, unit=unit).empty


def test_nothing_of_the_period_hangs_on_the_hour(store):
    scheme = store.scheme(CYCLE)
    late = datetime(2026, 11, 1, 23, 59, 59)
    assert last_day(scheme, ruled_at=late, closed_at=late) == date(2026, 11, 1 + OBJECTION_DAYS)
