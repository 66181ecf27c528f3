"""Results: computed where they are asked for, in memory, as of one event; the file holds none."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, datetime

import duckdb
import pytest

from data import results
from data.store import DATABASE, Store, StoreError
from tests.data.kept import UNITS, fill, newer, open_cycle, scores_of, send
from tests.data.small import SCHEME_PATH, UNIT, filled

STALE = "delete from results.stamp"


@pytest.fixture
def store(new_home):
    with closing(Store.open(new_home)) as opened:
        yield opened


def counted(store: Store) -> dict[str, tuple]:
    return {
        row[0]: row[1:]
        for row in store.rows(
            "select indicator, state, x, self_x from result_counted_value where unit = $unit", unit=UNIT.code
        )
    }


def test_computed_twice_they_are_the_same_and_stand_once(store):
    fill(store)
    before = scores_of(store)
    for _ in range(3):
        with store.write() as transaction:
            transaction.run(STALE)
        store.refresh(2026)
    assert scores_of(store) == before


@pytest.mark.parametrize("name", ["_begin", "_put_in"])
def test_where_results_cannot_be_put_in_all_stays_as_it_was(store, monkeypatch, name):
    fill(store)
    before, stamp = scores_of(store), store.rows("select * from results.stamp")
    with store.write() as transaction:
        transaction.record("registration", cycle=2026, detail="")
    put_in = getattr(results, name)

    def full(*args, **options) -> None:
        put_in(*args, **options)
        if name == "_begin" or args[1] == "unit_score":
            raise duckdb.OutOfMemoryException("full")

    with monkeypatch.context() as patched:
        patched.setattr(results, name, full)
        with pytest.raises(StoreError):
            store.refresh(2026)
        assert store.rows("select * from results.stamp") == stamp
    assert scores_of(store) == before  # computed again


def test_a_cycle_computed_again_leaves_the_results_of_others_as_they_are(store):
    fill(store)
    alone = scores_of(store)
    store.open_cycle(
        cycle=2027, scheme_path=SCHEME_PATH, opens_on=date(2027, 1, 1), deadline=datetime(2027, 10, 31)
    )
    store.register_units(cycle=2027, units=UNITS)
    store.refresh(2027)
    both = scores_of(store)
    assert {name: [row for row in rows if row[0] == 2026] for name, rows in both.items()} == alone
    for cycle in (2026, 2027, 2026):
        with store.write() as transaction:
            transaction.record("registration", cycle=cycle, detail="")
        store.refresh(cycle)
        assert scores_of(store) == both


def test_values_are_those_that_the_scores_follow_from_until_these_are_computed_again(store):
    open_cycle(store)
    send(store, filled())
    store.refresh(2026)
    before = counted(store)
    send(store, filled({"T19-01": {"value": "否"}}))
    assert counted(store) == before
    store.refresh(2026)
    assert counted(store) != before


def test_a_unit_whose_set_grew_after_its_workbook_came_in_has_blanks_there(store):
    open_cycle(store)
    store.register_units(cycle=2026, units=[replace(UNIT, tags=())])
    send(store, filled())
    store.refresh(2026)
    before = set(counted(store))
    store.register_units(cycle=2026, units=[UNIT])
    store.refresh(2026)
    after = counted(store)
    assert {after[indicator] for indicator in set(after) - before} <= {("blank", 0, 0)}


def test_a_cycle_is_computed_as_it_stands_while_another_upload_is_being_written(store):
    fill(store)
    before = scores_of(store)
    with store.write() as transaction:
        transaction.record("registration", cycle=2026, detail="")
        assert scores_of(store) == before


def test_the_file_holds_no_results_and_what_an_older_program_kept_is_gone(store, tmp_path):
    fill(store)
    before = scores_of(store)
    store.close()
    with closing(duckdb.connect(str(tmp_path / "home" / DATABASE))) as database:
        for (view,) in database.execute("select view_name from duckdb_views() where not internal").fetchall():
            database.execute(f"drop view if exists {view}")
        database.execute("create table result_unit_score (cycle integer)")
        database.execute("update result_program set digest = 'an older one'")
    with closing(Store.open(tmp_path / "home")) as again:
        kept = again.rows("select table_name from duckdb_tables() where database_name = 'assessment'")
        assert [name for (name,) in kept if name.startswith("result_")] == ["result_program"]
        assert scores_of(again) == before
        send(again, newer())
        assert scores_of(again) != before
