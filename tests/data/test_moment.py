"""What moments keep of each other's answers: never beyond what was written since, nor beyond what a reader may see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from data.model import LOCAL, Scope
from data.moment import one_moment, worked_out
from data.regions import PROVINCE
from data.store import Store
from tests.pages.conftest import CYCLE

COUNT = "select region, count(*) as units from unit where cycle = $cycle group by region order by region"
TASKS = "select count(*) as events from journal where cycle = $cycle"


@pytest.fixture
def changed(demo_copy) -> Iterator[Store]:
    """A store that a test may write to."""
    with closing(Store.open(demo_copy)) as store:
        yield store


def _frame(store, sql):
    with one_moment(store, cycle=CYCLE) as moment:
        return moment.query(sql, cycle=CYCLE)


def test_readers_get_what_their_own_scope_holds(demo_store):
    province, harbin = (
        demo_store.seen_by(Scope(region=region), actor=LOCAL) for region in (PROVINCE, "230100")
    )
    for _ in range(2):
        assert set(_frame(province, COUNT)["region"]) > set(_frame(harbin, COUNT)["region"])
        assert set(_frame(harbin, COUNT)["region"].str[:4]) == {"2301"}


def test_what_was_written_since_is_seen(changed):
    store = changed
    before = _frame(store, TASKS)["events"][0]
    assert _frame(store, TASKS)["events"][0] == before
    with store.write() as transaction:
        transaction.record("submission", cycle=CYCLE, detail="")
    assert _frame(store, TASKS)["events"][0] == before + 1


def test_a_moment_goes_on_with_what_it_saw(changed):
    store = changed
    with one_moment(store, cycle=CYCLE) as moment:
        before = moment.query(TASKS, cycle=CYCLE)["events"][0]
        with store.write() as transaction:
            transaction.record("submission", cycle=CYCLE, detail="")
        now = _frame(store, TASKS)["events"][0]
        assert moment.query(TASKS, cycle=CYCLE)["events"][0] == before == now - 1


def test_whoever_changes_a_frame_changes_it_for_nobody_else(demo_store):
    own = _frame(demo_store, COUNT)
    own["units"] = 0
    own.loc[:, "region"] = ""
    kept = _frame(demo_store, COUNT)
    assert (kept["units"] > 0).all() and (kept["region"] != "").all()


def test_what_was_worked_out_is_kept_until_something_is_written(changed):
    store, made = changed, []

    def count(reader, cycle=CYCLE):
        def make(moment):
            made.append(reader)
            return moment.rows("select count(*) from unit where cycle = $cycle", cycle=cycle)[0][0]

        return worked_out(reader, "count", make, cycle=cycle)

    harbin = store.seen_by(Scope(region="230100"), actor=LOCAL)
    assert [count(store), count(harbin)] == [count(store), count(harbin)]
    assert count(store) > count(harbin) > 0
    assert made == [store, harbin]
    with store.write() as transaction:
        transaction.record("submission", cycle=CYCLE, detail="")
    count(store)
    assert made == [store, harbin, store]
