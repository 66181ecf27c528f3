"""A moment that many share while files come in: what it answers, who does not read it, and when it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest

from data import held, queries
from data.held import Held, Released
from data.model import Actor, Scope
from data.moment import one_moment
from data.store import Store, StoreError
from tests.data.kept import newer, open_cycle, send
from tests.data.small import OTHER, code, filled, other_filled
from tests.data.test_scope import CYCLE, FILES, PROVINCE, scopes, unit, values

HERE, THERE = Actor("230100", "prefecture"), Actor("230200", "prefecture")
COUNT = "select count(*) from current_submission where cycle = 2026"
assert scopes and unit  # fixtures


@pytest.fixture
def now(monkeypatch) -> list[float]:
    """The seconds that moments are held by, to be set; a folder of any size has them held."""
    at = [1000.0]
    monkeypatch.setattr(held, "FROM_UNITS", 1)
    monkeypatch.setattr(held, "S_PER_UNIT", 4.0)
    monkeypatch.setattr(held, "monotonic", lambda: at[0])
    return at


@pytest.fixture
def store(new_home) -> Iterator[Store]:
    """Three units, one of which has handed in: moments are held for twelve seconds."""
    with closing(Store.open(new_home)) as opened:
        open_cycle(opened)
        send(opened, filled())
        yield opened


def moment(store: Store, by: Actor = HERE) -> Store | Held:
    return store.holder.moment(cycle=CYCLE, by=by)


def test_while_files_come_in_all_read_the_same_moment(store, now):
    first = moment(store)
    assert isinstance(first, Held)
    before = queries.units(first, cycle=CYCLE)
    send(store, newer())
    now[0] += 11
    assert moment(store) is moment(store, THERE) is first
    assert queries.units(first, cycle=CYCLE).equals(before)
    assert first.rows(COUNT) == [(1,)] and store.rows(COUNT) == [(2,)]
    now[0] += 1
    later = moment(store)
    assert later is not first and later.rows(COUNT) == [(2,)]
    assert not queries.units(later, cycle=CYCLE).equals(before)


def test_after_a_quiet_time_a_file_is_seen_at_once(store, now):
    first = moment(store)
    now[0] += 100
    assert moment(store) is first  # nothing has happened
    send(store, newer())
    assert moment(store).rows(COUNT) == [(2,)]


def test_whoever_wrote_reads_what_stands_now_and_the_others_their_moment(store, now):
    first = moment(store)
    with store.write(HERE) as transaction:
        transaction.record("review", cycle=CYCLE, detail="")
    assert moment(store, HERE) is store
    assert moment(store, THERE) is first
    now[0] += 12
    assert moment(store, HERE) is moment(store, THERE) is not first
    assert isinstance(moment(store, HERE), Held)


def test_readers_are_told_how_far_they_are_behind(store, now):
    assert store.holder.left_s(cycle=CYCLE, by=HERE) is None
    moment(store)
    assert store.holder.left_s(cycle=CYCLE, by=HERE) is None  # he sees everything
    with store.write(HERE) as transaction:
        transaction.record("submission", cycle=CYCLE, detail="")
    now[0] += 5
    assert store.holder.left_s(cycle=CYCLE, by=HERE) is None
    assert store.holder.left_s(cycle=CYCLE, by=THERE) == 7
    now[0] += 8
    assert store.holder.left_s(cycle=CYCLE, by=THERE) is None  # the next look sees it


def test_the_more_was_worked_out_of_a_moment_the_longer_it_is_held(store, now):
    first = moment(store)
    first.took(40 * held.SHARE)
    send(store, newer())
    now[0] += 39
    assert moment(store) is first
    first.took(1000)
    now[0] += held.LONGEST_S - 39
    assert moment(store) is not first


def test_results_computed_anew_meanwhile_end_it_when_they_are_many(store, now, monkeypatch):
    monkeypatch.setattr(held, "MOST_MB", 2.5 * held.MB_OF_RESULTS)
    first = moment(store)
    for value in (1, 2):
        send(store, other_filled(OTHER, value=value))
        store.refresh(CYCLE)
        assert moment(store) is first
    send(store, other_filled(OTHER, value=3))
    store.refresh(CYCLE)
    assert moment(store) is not first


def test_scores_are_not_computed_ahead_of_a_moment_that_is_held(store, now):
    assert not store.holder.is_holding(cycle=CYCLE)
    first = moment(store)
    assert not store.holder.is_holding(cycle=CYCLE)
    send(store, newer())
    assert store.holder.is_holding(cycle=CYCLE)
    now[0] += 12
    assert not store.holder.is_holding(cycle=CYCLE) and first.is_over


def test_whoever_was_refused_sees_why(store, now):
    first = moment(store)
    send(store, newer())
    with pytest.raises(StoreError), store.write(HERE):
        raise StoreError("刚刚另有核定，请刷新后再办")
    assert moment(store, HERE) is store
    assert moment(store, THERE) is first


def test_what_was_only_noted_lets_nobody_read_otherwise(store, now):
    first = moment(store)
    store.audit("export", actor=HERE, object="名单")
    assert moment(store, HERE) is first


@pytest.mark.parametrize(
    "happens",
    [
        lambda store: recorded(store, "finding"),
        lambda store: recorded(store, "publication"),
        lambda store: store.register_units(cycle=CYCLE, units=[replace(OTHER, code=code(4))]),
        lambda store: store.change_cycle(cycle=CYCLE, status="closed"),
        lambda store: store.set_setting("greeting", "你好"),
    ],
)
def test_what_does_not_come_every_minute_is_seen_at_once(store, now, happens):
    first = moment(store)
    happens(store)
    assert isinstance(moment(store), Held) and moment(store) is not first
    assert first.is_over


def recorded(store: Store, kind: str) -> None:
    with store.write() as transaction:
        transaction.record(kind, cycle=CYCLE, detail="")


def test_few_units_are_read_as_they_stand(store):
    assert moment(store) is store


def test_results_that_were_not_there_are_not_made_up(store, now):
    store.open_cycle(
        cycle=2025, scheme_text=store.rows("select source from scheme")[0][0], **opened_like(store)
    )
    first = moment(store)
    with pytest.raises(Released):
        first.refresh(2025)
    with pytest.raises(Released), one_moment(first, cycle=CYCLE, others=[2025]):
        pass
    store.refresh(2025)
    store.holder.let_go()
    with one_moment(moment(store), cycle=CYCLE, others=[2025]) as both:
        assert both.refresh(2025) == store.data_version(2025)


def opened_like(store: Store) -> dict:
    like = store.cycle(CYCLE)
    return {"opens_on": like.opens_on.replace(year=2025), "deadline": like.deadline.replace(year=2025)}


def test_a_question_that_fails_ends_the_moment_and_the_next_begins(store, now):
    first = moment(store)
    with pytest.raises(Released):
        first.rows("select * from nowhere")
    with pytest.raises(Released):
        first.rows(COUNT)
    assert moment(store).rows(COUNT) == [(1,)]


def test_where_no_moment_can_be_held_the_question_says_so(store, now, monkeypatch):
    monkeypatch.setattr(Held, "kept_rows", lambda self, sql, **values: self.rows("select * from nowhere"))
    with pytest.raises(Released):
        moment(store)


def test_a_moment_that_ends_while_it_is_looked_for_is_followed_by_another(store, now, monkeypatch):
    first = moment(store)

    def ended(*_):
        first.close()
        raise Released

    monkeypatch.setattr(first, "ask_seen", ended)
    first._stamps[CYCLE - 1] = 1  # so that it has to ask
    assert not first.can_tell(CYCLE - 1)
    assert moment(store).rows(COUNT) == [(1,)]


def test_what_it_holds_is_let_go_at_the_next_write_and_with_the_store(store, now):
    first = moment(store)
    now[0] += held.LONGEST_S
    send(store, newer())
    assert first.is_over
    second = moment(store)
    store.close()
    assert second.is_over
    with closing(Store.open(store.home)) as again:  # nobody has the file open
        assert again.rows(COUNT) == [(2,)]


def test_who_waits_for_a_moment_that_ends_hears_of_it(store, now):
    first = moment(store)
    asked, goes_on = threading.Event(), threading.Event()

    def slow(cursor):
        asked.set()
        goes_on.wait(10)
        return cursor.execute(COUNT).fetchall()

    with ThreadPoolExecutor(8) as pool:
        begun = [pool.submit(first.ask_seen, ("seen_whole", {}), slow) for _ in range(held.AT_ONCE)]
        assert asked.wait(10)
        while not first._free.empty():
            pass
        waiting = [pool.submit(first.rows, COUNT) for _ in range(3)]
        first.close()
        goes_on.set()
        assert [each.result(10) for each in begun] == [[(1,)]] * held.AT_ONCE
        for each in waiting:
            with pytest.raises(Released):
                each.result(10)


def test_moments_of_the_store_keep_what_the_held_one_is_still_asked_for(store, now):
    first = moment(store)
    with one_moment(first, cycle=CYCLE) as shared:
        shared.query("select count(*) as n from unit")
    send(store, newer())
    with one_moment(store, cycle=CYCLE) as own:
        own.query("select count(*) as n from unit")
        kept = {key[0][0] for key in own._kept._places}
    assert kept == {first.last, store.rows(held.LAST)[0][0]}


@pytest.fixture(scope="module")
def demo_held(demo_store) -> Iterator[Held]:
    """The demo province, held as it stands."""
    demo_store.refresh(CYCLE - 1)
    with closing(Held.of(demo_store, cycle=CYCLE)) as at:
        yield at


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_query_has_the_same_answer_from_a_held_moment(path, demo_store, demo_held, unit, scopes):
    sql = path.read_text("utf-8")
    for scope in (scopes["county"], scopes["unit"], scopes["province"]):  # on the same cursors
        rows = demo_store.seen_by(scope).rows(sql, **values(sql, unit))
        assert sorted(map(str, demo_held.seen_by(scope).rows(sql, **values(sql, unit)))) == sorted(
            map(str, rows)
        )


def test_readers_that_ask_at_once_see_no_more_than_their_own_scope(demo_store, demo_held):
    sql = "select unit, region from unit where cycle = $cycle order by unit"
    regions = sorted({region for _, region in demo_store.rows(sql, cycle=CYCLE)})
    wanted = [
        Scope(PROVINCE),
        *map(Scope, regions),
        *(Scope(region[:4] + "00") for region in regions),
    ] * 6
    expected = {scope.region: demo_store.seen_by(scope).rows(sql, cycle=CYCLE) for scope in set(wanted)}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda scope: demo_held.seen_by(scope).rows(sql, cycle=CYCLE), wanted))
    assert found == [expected[scope.region] for scope in wanted]
    assert len({len(rows) for rows in expected.values()}) > 2
