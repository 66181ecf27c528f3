"""Rectification tasks: every pair of state and move, who may, one at a time, and the figures against a naive count."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from statistics import median

import pandas as pd
import pytest

from data import queries
from data.course.recording import record_findings, record_reviews
from data.course.tasks import (
    NewTask,
    TaskAnswer,
    answer_task,
    answer_tasks,
    extend_task,
    issue_tasks,
    pass_task,
    reject_task,
    reopen_task,
    usual_deadline,
    withdraw_task,
)
from data.model import Actor, FindingEvent, Review, Scope
from data.queries.ask import PROVINCE
from data.store import Store, StoreError
from procedure.machines import TASK
from tests.data.kept import open_cycle, send
from tests.data.small import OTHER, UNIT, filled

CYCLE = 2026
START = datetime(2026, 12, 1, 9)
DAY = START.date()
HAZARD = NewTask(
    UNIT.code, "hazard", title="机房门禁失效", required="更换门禁", proof="更换记录", deadline=DAY
)
ANSWER = {"done_on": DAY, "measures": "已更换门禁", "proof": "更换记录，2026-12-01"}


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: datetime = START):
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)


@pytest.fixture
def clock():
    return Clock()


def build(home, clock: Clock) -> Store:
    """The small cycle with one workbook in and one ruling that falls short."""
    store = Store.open(home, clock=clock)
    open_cycle(store)
    send(store, filled())
    ruled = Review(UNIT.code, "T19-02", "county", "answered", "材料不全", choice="基本落实")
    record_reviews(store, cycle=CYCLE, reviews=[ruled])
    return store


@pytest.fixture
def store(tmp_path, clock):
    """A store of the test's own."""
    with closing(build(tmp_path / "home", clock)) as store:
        yield store


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A store for the tests that make tasks of their own and look at nothing else."""
    with closing(build(tmp_path_factory.mktemp("shared") / "home", Clock())) as store:
        yield store


def evaluator(store, region=PROVINCE, role="province"):
    return store.seen_by(Scope(region), actor=Actor(f"post-{role}", role))


def unit_itself(store, unit=UNIT):
    return store.seen_by(Scope(unit.region, unit=unit.code), actor=Actor(unit.code, "unit"))


def one(store, task: str, today: date = DAY) -> dict:
    return queries.tasks(store, cycle=CYCLE, today=today, task=task).iloc[0].to_dict()


MOVES = {
    "answer": lambda store, task: answer_task(store, cycle=CYCLE, answer=TaskAnswer(task, **ANSWER)),
    "pass": lambda store, task: pass_task(store, cycle=CYCLE, task=task, on_date=DAY),
    "reject": lambda store, task: reject_task(store, cycle=CYCLE, task=task, reason="不全", deadline=DAY),
    "reopen": lambda store, task: reopen_task(store, cycle=CYCLE, task=task, reason="反弹", deadline=DAY),
    "extend": lambda store, task: extend_task(store, cycle=CYCLE, task=task, reason="疫情", deadline=DAY + timedelta(9)),
    "withdraw": lambda store, task: withdraw_task(store, cycle=CYCLE, task=task, reason="下达有误"),
}  # fmt: skip
WAYS = {
    "issued": [],
    "answered": ["answer"],
    "rejected": ["answer", "reject"],
    "done": ["answer", "pass"],
    "withdrawn": ["withdraw"],
}


def in_state(store, state: str) -> str:
    (task,) = issue_tasks(store, cycle=CYCLE, tasks=[HAZARD])
    for move in WAYS[state]:
        MOVES[move](store, task)
    assert one(store, task)["state"] == state
    return task


# ---- the machine through the store


def test_every_state_and_every_move_is_tried():
    assert set(WAYS) == set(TASK.state_names)
    assert {*MOVES, "issue"} == set(TASK.move_names)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", WAYS)
def test_a_move_is_made_from_the_states_that_the_machine_says_and_from_no_other(shared, state, move):
    task = in_state(shared, state)
    before = shared.rows("select count(*) from task_event")
    step = TASK.move(move)
    if state in step.sources:
        MOVES[move](shared, task)
        assert one(shared, task)["state"] == (step.target or state)
    else:
        with pytest.raises(StoreError, match=f"现在是“{TASK.state_names[state]}”"):
            MOVES[move](shared, task)
        assert shared.rows("select count(*) from task_event") == before


@pytest.mark.parametrize("move", MOVES)
def test_a_unit_answers_and_does_nothing_else(shared, move):
    state = TASK.move(move).sources[0]
    task = in_state(shared, state)
    own = unit_itself(shared)
    if move == "answer":
        MOVES[move](own, task)
        assert one(own, task)["state"] == "answered"
    else:
        with pytest.raises(StoreError, match="只能由考核人员"):
            MOVES[move](own, task)


def test_a_unit_cannot_give_itself_a_task(shared):
    with pytest.raises(StoreError, match="只能由考核人员"):
        issue_tasks(unit_itself(shared), cycle=CYCLE, tasks=[HAZARD])


def test_a_reader_does_nothing(shared):
    task = in_state(shared, "issued")
    reader = evaluator(shared, role="reader")
    for move in ("answer", "withdraw"):
        with pytest.raises(StoreError, match="只能由"):
            MOVES[move](reader, task)


def test_others_do_not_see_the_task(store):
    task = in_state(store, "issued")
    elsewhere = evaluator(store, "230200", "prefecture")
    assert queries.tasks(elsewhere, cycle=CYCLE, today=DAY).empty
    assert queries.task_history(elsewhere, cycle=CYCLE, task=task).empty
    for who in (elsewhere, unit_itself(store, OTHER)):
        with pytest.raises(StoreError, match=f"没有整改任务 {task}"):
            MOVES["answer"](who, task)
    with pytest.raises(StoreError, match=f"没有单位 {UNIT.code}"):
        issue_tasks(elsewhere, cycle=CYCLE, tasks=[HAZARD])


# ---- giving out


def test_a_gap_needs_a_ruling_below_full_marks(store):
    (task,) = issue_tasks(
        store, cycle=CYCLE, tasks=[NewTask(UNIT.code, "gap", indicator="T19-02", deadline=DAY)]
    )
    row, indicator = one(store, task), store.scheme(CYCLE).by_id["T19-02"]
    assert (row["title"], row["proof"], row["place"]) == (
        indicator.title,
        indicator.evidence,
        indicator.place.label,
    )
    assert "材料不全" in row["found"] and indicator.place.label in row["required"]
    with pytest.raises(StoreError, match="T19-01 没有核定的短板"):
        issue_tasks(store, cycle=CYCLE, tasks=[NewTask(UNIT.code, "gap", indicator="T19-01", deadline=DAY)])


def test_all_or_none_and_every_culprit_is_named(store):
    bad = [
        NewTask(UNIT.code, "gap", indicator="T19-02", deadline=DAY),
        NewTask("91000000000000000X", "hazard", title="隐患", required="改", proof="记录", deadline=DAY),
        NewTask(OTHER.code, "hazard", title="", required="改", proof="记录", deadline=DAY),
        replace(HAZARD, deadline=DAY - timedelta(1)),
        replace(HAZARD, proof=""),
        replace(HAZARD, required="找 13812345678 落实"),
    ]
    with pytest.raises(StoreError) as caught:
        issue_tasks(store, cycle=CYCLE, tasks=bad)
    for said in (
        "91000000000000000X",
        "须写明事项",
        "2026-11-30 已过",
        "须写明证明材料",
        "手机号码",
        "没有保存",
    ):
        assert said in str(caught.value)
    assert "13812345678" not in str(caught.value)
    assert store.rows("select * from task_event") == []


def test_the_deadline_is_the_schemes_period_unless_given(demo_copy):
    with closing(Store.open(demo_copy)) as store:
        gaps = queries.task_gaps(store, cycle=CYCLE)
        (task,) = issue_tasks(
            store, cycle=CYCLE, tasks=[NewTask(gaps["unit"][0], "gap", indicator=gaps["indicator"][0])]
        )
        today = date.today()
        expected = today + timedelta(days=store.scheme(CYCLE).periods.rectification)
        assert (
            one(store, task)["deadline"].date()
            == expected
            == usual_deadline(store.scheme(CYCLE), today=today)
        )


def test_a_scheme_without_periods_needs_a_deadline(shared):
    assert shared.scheme(CYCLE).periods is None
    with pytest.raises(StoreError, match="须写明期限"):
        issue_tasks(shared, cycle=CYCLE, tasks=[replace(HAZARD, deadline=None)])


def test_one_open_task_at_a_time_for_a_units_indicator(store):
    gap = NewTask(UNIT.code, "gap", indicator="T19-02", deadline=DAY)
    (first,) = issue_tasks(store, cycle=CYCLE, tasks=[gap])
    with pytest.raises(StoreError, match="已有未办结的整改任务"):
        issue_tasks(store, cycle=CYCLE, tasks=[gap])
    with pytest.raises(StoreError, match="已有未办结的整改任务"):
        issue_tasks(store, cycle=CYCLE, tasks=[replace(HAZARD, indicator="T19-02")])
    MOVES["answer"](store, first)
    MOVES["pass"](store, first)
    (second,) = issue_tasks(store, cycle=CYCLE, tasks=[gap])
    with pytest.raises(StoreError, match=second):
        MOVES["reopen"](store, first)


def test_two_evaluators_at_once_give_out_one_task(store):
    gap = NewTask(UNIT.code, "gap", indicator="T19-02", deadline=DAY)
    outcomes = at_once(lambda: issue_tasks(store, cycle=CYCLE, tasks=[gap]), 6)
    assert sum(isinstance(outcome, list) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, StoreError) for outcome in outcomes) == 5
    assert len(queries.tasks(store, cycle=CYCLE, today=DAY)) == 1


def test_two_at_once_pass_and_reject_and_one_of_them_counts(shared):
    task = in_state(shared, "answered")
    turns = iter(["pass", "reject"] * 3)
    outcomes = at_once(lambda: MOVES[next(turns)](shared, task), 6)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert len(queries.task_history(shared, cycle=CYCLE, task=task)) == 3


def at_once(act, times: int) -> list:
    """What each of so many threads got, or raised."""
    outcomes, ready = [], threading.Barrier(times)

    def run():
        ready.wait()
        try:
            outcomes.append(act())
        except StoreError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


# ---- answering and re-checking


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"measures": " "}, "没有写整改措施"),
        ({"proof": ""}, "须写明证明材料"),
        ({"done_on": DAY + timedelta(1)}, "在今天以后"),
        ({"measures": "联系人 13812345678"}, "手机号码"),
        ({"measures": "长" * 1001}, "应不超过 1000 字"),
    ],
)
def test_an_answer_that_cannot_be_taken_changes_nothing(store, change, said):
    task = in_state(store, "issued")
    with pytest.raises(StoreError, match=said):
        answer_task(store, cycle=CYCLE, answer=TaskAnswer(task, **ANSWER | change))
    assert one(store, task)["state"] == "issued"
    assert store.rows("select * from task_answer") == []


def test_answers_together_are_all_or_none(shared):
    first, second = in_state(shared, "issued"), in_state(shared, "done")
    with pytest.raises(StoreError, match=f"{second}：整改任务：现在是“已销号”"):
        answer_tasks(shared, cycle=CYCLE, answers=[TaskAnswer(first, **ANSWER), TaskAnswer(second, **ANSWER)])
    assert one(shared, first)["state"] == "issued"


def test_an_extension_must_be_later(shared):
    task = in_state(shared, "issued")
    with pytest.raises(StoreError, match="应晚于原期限"):
        extend_task(shared, cycle=CYCLE, task=task, reason="材料未到", deadline=DAY)


def test_the_history_keeps_every_step_by_role(shared):
    task = in_state(evaluator(shared), "rejected")
    MOVES["answer"](unit_itself(shared), task)
    history = queries.task_history(shared, cycle=CYCLE, task=task)
    assert list(history["move"]) == ["answer", "reject", "answer", "issue"]
    assert list(history["role"]) == ["unit", "province", "province", "province"]
    assert history["measures"][0] == ANSWER["measures"] and "account" not in history
    assert one(shared, task)["rounds"] == 2
    audit = shared.rows(
        "select object, detail, role from audit where action = 'task' order by seq desc limit 1"
    )
    assert audit == [(task, "报送整改情况", "unit")]


def test_a_finding_of_another_unit_gives_no_task(shared):
    with pytest.raises(StoreError, match="没有认定事项 R9"):
        issue_tasks(shared, cycle=CYCLE, tasks=[replace(HAZARD, source="finding", finding_key="R9")])


# ---- figures


@pytest.mark.parametrize("state", WAYS)
def test_the_deadline_day_itself_is_in_time(shared, state):
    task = in_state(shared, state)
    waits = state in ("issued", "rejected")
    for days, is_overdue in [(-1, False), (0, False), (1, True)]:
        row = one(shared, task, DAY + timedelta(days))
        assert row["is_overdue"] == (is_overdue and waits)
        assert row["days_overdue"] == days if row["is_overdue"] else pd.isna(row["days_overdue"])


def test_ageing_buckets_have_these_bounds(store):
    in_state(store, "issued")
    for day, bucket in [(0, 0), (15, 0), (16, 1), (30, 1), (31, 2), (60, 2), (61, 3)]:
        ageing = queries.task_ageing(store, cycle=CYCLE, today=DAY + timedelta(day))
        assert list(ageing["open_tasks"]) == [int(at == bucket) for at in range(4)]
        assert list(ageing["overdue"]) == [int(at == bucket and day > 0) for at in range(4)]


@pytest.fixture(scope="module")
def busy(demo_home, tmp_path_factory):
    """The demo province with tasks of every kind of course, given out over some weeks."""
    import shutil

    home = shutil.copytree(demo_home, tmp_path_factory.mktemp("busy") / "home")
    clock = Clock(datetime.now() + timedelta(minutes=1))
    with closing(Store.open(home, clock=clock)) as store:
        for round, indicator in enumerate(queries.task_gap_indicators(store, cycle=CYCLE)["indicator"][:4]):
            gaps = queries.task_gaps(store, cycle=CYCLE)
            chosen = gaps[(gaps["indicator"] == indicator) & gaps["task"].isna()]
            tasks = [NewTask(unit, "gap", indicator=indicator) for unit in chosen["unit"]]
            names = issue_tasks(store, cycle=CYCLE, tasks=tasks)
            clock.pass_days(7 + 13 * round)
            for n, name in enumerate(names):
                today = clock.now.date()
                answer = TaskAnswer(name, today, "已整改", "示例〔2026〕1号")
                if n % 4:
                    answer_task(store, cycle=CYCLE, answer=answer)
                if n % 4 > 1:
                    pass_task(store, cycle=CYCLE, task=name, on_date=today)
                if n % 8 == 4:
                    withdraw_task(store, cycle=CYCLE, task=name, reason="下达有误")
        yield store, clock.now.date()


@pytest.mark.parametrize(
    ("state", "expected"),
    [("ordered", "corrected"), ("overdue", "corrected_late"), ("corrected", "corrected")],
)
def test_passing_corrects_the_finding_that_the_task_comes_from(busy, state, expected):
    store, today = busy
    finding = next(each for each in store.scheme(CYCLE).findings if each.machine == "rectification")
    unit, is_late, key = next(iter(store.units(cycle=CYCLE))), state == "overdue", f"R-{state}"
    event = FindingEvent(
        key, unit, finding.id, DAY, "示例〔2026〕1号", state=state, deadline=DAY, is_overdue=is_late
    )
    record_findings(store, cycle=CYCLE, findings=[event])
    task = NewTask(unit, "finding", finding_key=key, required="限期改正", proof="改正记录", deadline=today)
    (name,) = issue_tasks(store, cycle=CYCLE, tasks=[task])
    assert one(store, name)["title"] == finding.name
    MOVES["answer"](store, name)
    MOVES["pass"](store, name)
    now = store.rows(
        "select state, is_overdue, document, deadline from current_finding where key = $key", key=key
    )
    assert now == [(expected, is_late, "示例〔2026〕1号", DAY)]


def test_rates_are_those_of_a_naive_count(busy):
    store, today = busy
    events = store.query("select * from task_event where cycle = 2026 order by seq")
    parents = dict(store.rows("select region, parent from region"))
    regions = {unit.code: unit.region for unit in store.units(cycle=CYCLE).values()}
    for level in ("prefecture", "county"):
        for row in queries.task_rates(store, cycle=CYCLE, today=today, level=level).to_dict("records"):
            given_out = done = overdue = in_time = 0
            days = []
            for _, steps in events.groupby("task"):
                last = steps.iloc[-1]
                region = regions[last["unit"]]
                if last["state"] == "withdrawn" or row["code"] not in (region, parents[region]):
                    continue
                given_out += 1
                if last["state"] == "done":
                    done += 1
                    answered = steps[steps["move"] == "answer"]["recorded_at"].iloc[-1].date()
                    in_time += answered <= last["deadline"].date()
                    days.append((last["recorded_at"].date() - steps["recorded_at"].iloc[0].date()).days)
                elif last["state"] in ("issued", "rejected"):
                    overdue += last["deadline"].date() < today
            assert (row["given_out"], row["done"], row["overdue"], row["in_time"]) == (
                given_out,
                done,
                overdue,
                in_time,
            )
            assert row["waiting"] + row["answered"] + done == given_out
            if given_out:
                assert row["closing_rate"] == pytest.approx(done / given_out)
            if done:
                assert row["median_days"] == median(days)
                assert row["in_time_rate"] == pytest.approx(in_time / done)


def test_the_summary_is_the_sum_over_prefectures_and_the_provinces_own_units(busy):
    store, today = busy
    summary = queries.task_summary(store, cycle=CYCLE, today=today)
    tasks = queries.tasks(store, cycle=CYCLE, today=today)
    assert summary["given_out"] == (tasks["state"] != "withdrawn").sum()
    assert summary["overdue"] == tasks["is_overdue"].sum() > 0
    assert summary["done"] == (tasks["state"] == "done").sum() > 0


def test_ageing_is_that_of_a_naive_count(busy):
    store, today = busy
    later = today + timedelta(days=20)
    tasks = queries.tasks(store, cycle=CYCLE, today=later)
    still_open = tasks[~tasks["state"].isin(["done", "withdrawn"])]
    bounds = [(0, 15), (16, 30), (31, 60), (61, 10_000)]
    ages = [(later - each.date()).days for each in still_open["issued_on"]]
    late = [
        (later - row.deadline.date()).days
        for row in still_open.itertuples()
        if row.state in ("issued", "rejected") and row.deadline.date() < later
    ]
    ageing = queries.task_ageing(store, cycle=CYCLE, today=later)
    assert list(ageing["open_tasks"]) == [sum(low <= age <= high for age in ages) for low, high in bounds]
    assert list(ageing["overdue"]) == [sum(low <= age <= high for age in late) for low, high in bounds]


def test_overdue_tasks_come_first_the_longest_overdue_at_the_top(busy):
    store, today = busy
    tasks = queries.tasks(store, cycle=CYCLE, today=today)
    assert list(tasks["is_overdue"]) == sorted(tasks["is_overdue"], reverse=True)
    assert tasks[tasks["is_overdue"]]["days_overdue"].is_monotonic_decreasing


def test_a_unit_has_the_tasks_of_the_board_that_are_its_own(busy):
    store, today = busy
    board = queries.tasks(store, cycle=CYCLE, today=today)
    units = list(store.units(cycle=CYCLE))
    own = pd.concat([queries.tasks(store, cycle=CYCLE, today=today, unit=unit) for unit in units])
    assert sorted(own["task"]) == sorted(board["task"])
    without = next(unit for unit in units if unit not in set(board["unit"]))
    alone = queries.tasks(store, cycle=CYCLE, today=today, unit=without)
    assert alone.empty and list(alone.columns) == list(board.columns)


def test_gaps_are_the_ruled_shortfalls_and_cost_what_the_region_loses(busy):
    store, _ = busy
    gaps = queries.task_gaps(store, cycle=CYCLE)
    values = store.rows(
        "select unit, indicator from result_counted_value where cycle = 2026 and stage is not null and x < 1"
    )
    assert set(zip(gaps["unit"], gaps["indicator"], strict=True)) == set(values)
    lost = queries.region_gaps(store, cycle=CYCLE).set_index("key")["gap"]
    by_indicator = gaps.groupby("indicator")["gap"].sum()
    assert (by_indicator <= lost[by_indicator.index] + 1e-9).all()


def test_what_was_given_out_in_bulk_is_no_longer_offered(busy):
    store, _ = busy
    tasks = store.rows("select unit, indicator from current_task where cycle = 2026 and state <> 'withdrawn'")
    gaps = queries.task_gaps(store, cycle=CYCLE)
    offered = gaps[gaps["task"].isna()]
    assert not set(zip(offered["unit"], offered["indicator"], strict=True)) & set(tasks)


def test_a_task_names_the_office_that_gave_it_out(shared):
    offices = {"county": "哈尔滨市道里区", "prefecture": "哈尔滨市", "province": "黑龙江省"}
    regions = {"county": UNIT.region, "prefecture": "230100", "province": PROVINCE}
    for role, office in offices.items():
        (task,) = issue_tasks(evaluator(shared, regions[role], role), cycle=CYCLE, tasks=[HAZARD])
        assert one(shared, task)["office"] == office
