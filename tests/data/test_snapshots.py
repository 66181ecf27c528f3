"""Snapshots for read-only servers: the same answers as the writer's, nothing that signs anybody in, and never half of one."""

from __future__ import annotations

import threading

import pytest
from pandas.testing import assert_frame_equal

from access.accounts import Account, Accounts
from data import queries
from data.model import Scope
from data.moment import one_moment
from data.places import DATABASE, TEMPLATES
from data.read_only import ReadOnlyStore
from data.snapshots import KEPT, POINTER, current_snapshot, make_snapshot
from data.store import Store, StoreError

SCORED = "select count(*) from result_unit_score where cycle = $cycle"
CYCLE, PROVINCE, HARBIN = 2026, "230000", "230100"
ACCOUNT = Account("daoli-kaohe", "道里区考核办", "county", "230102")


@pytest.fixture
def store(demo_copy):
    opened = Store.open(demo_copy)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "snapshots"


def reader_of(store, folder) -> ReadOnlyStore:
    make_snapshot(store, folder)
    return ReadOnlyStore(folder)


@pytest.mark.parametrize("region", [PROVINCE, HARBIN])
def test_a_reader_answers_as_the_writer_does(store, folder, region):
    reader = reader_of(store, folder)
    writers, readers = (each.seen_by(Scope(region)) for each in (store, reader))
    for query, more in (
        (queries.region_scores, {"level": "county"}),
        (queries.units, {}),
        (queries.system_ranks, {"level": "county"}),
        (queries.data_date, {}),
    ):
        ours, theirs = (query(each, cycle=CYCLE, **more) for each in (writers, readers))
        if hasattr(ours, "columns"):
            assert_frame_equal(theirs, ours, rtol=1e-9)  # the reader has added up for itself
        else:
            assert theirs == ours
    assert readers.data_version(CYCLE) == writers.data_version(CYCLE)
    assert readers.scheme(CYCLE) == writers.scheme(CYCLE)
    assert reader.is_demo()


def test_a_snapshot_holds_neither_accounts_nor_the_key_nor_the_log(store, folder):
    accounts = Accounts(store)
    accounts.add(ACCOUNT)
    hashed = accounts.find(ACCOUNT.account).password_hash
    reader = reader_of(store, folder)
    assert reader.rows("select * from account_event") == reader.rows("select * from chain") == []
    assert {action for (action,) in reader.rows("select action from audit")} == {"scheme"}
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert hashed.encode() not in held and b"$argon2" not in held
    assert not list(folder.rglob("secret"))


def test_a_reader_changes_over_and_whoever_reads_the_old_one_ends_there(store, folder):
    reader = reader_of(store, folder)
    before = reader.data_version(CYCLE)
    cursor = reader._cursor()
    cursor.execute("begin transaction")
    for number in range(3):  # the old one's folder is removed meanwhile
        store.change_cycle(cycle=CYCLE, status="closed" if number % 2 else "open")
        make_snapshot(store, folder)
        reader.change_over()
    assert reader.data_version(CYCLE) == store.data_version(CYCLE) > before
    assert cursor.execute("select max(seq) from journal where cycle = 2026").fetchone()[0] == before
    assert len(list(folder.glob(f"*/{DATABASE}"))) == KEPT


class ChangesOverMeanwhile(ReadOnlyStore):
    """One that changes over after a moment has begun, before its results are asked for."""

    def refresh(self, cycle: int) -> int:
        self.change_over()
        return super().refresh(cycle)


def test_an_answer_that_a_change_over_comes_between_is_of_one_snapshot(store, folder):
    make_snapshot(store, folder)
    reader, before = ChangesOverMeanwhile(folder), store.data_version(CYCLE)
    store.change_cycle(cycle=CYCLE, status="closed")
    make_snapshot(store, folder)
    with one_moment(reader, cycle=CYCLE) as moment:
        assert moment.data_version(CYCLE) in (before, store.data_version(CYCLE))
        assert moment.rows(SCORED, cycle=CYCLE)[0][0] > 0


def test_where_nothing_happened_only_the_moment_moves_on(store, folder):
    first = make_snapshot(store, folder)
    (folder / POINTER).write_text(
        (folder / POINTER).read_text().replace(first.as_of, "2026-01-01T00:00:00"), "utf-8"
    )
    reader = ReadOnlyStore(folder)
    assert reader.as_of.year == 2026 and reader.as_of.month == 1
    store.audit("sign-in", object="somebody")  # no change of what readers show
    second = make_snapshot(store, folder)
    assert second.name == first.name and second.as_of >= first.as_of
    reader.change_over()
    assert reader.as_of == second.at


def test_results_of_a_snapshot_are_of_its_data_however_much_is_written(store, folder):
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            store.change_cycle(cycle=CYCLE)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            reader = reader_of(store, folder)
            assert reader.result_version(CYCLE) <= current_snapshot(folder).version
            assert reader.refresh(CYCLE) == reader.data_version(CYCLE)
            assert current_snapshot(folder).version == reader.rows("select max(seq) from journal")[0][0]
    finally:
        over.set()
        writer.join()


def test_nothing_can_be_written_at_a_reader(store, folder):
    reader = reader_of(store, folder)
    for write in (
        lambda: reader.set_setting("x", "1"),
        lambda: reader.audit("download", object="x"),
        lambda: reader.seen_by(Scope(PROVINCE)).audit("download", object="x"),
        lambda: reader.change_cycle(cycle=CYCLE, status="closed"),
        lambda: reader.register_units(cycle=CYCLE, units=[]),
        lambda: Accounts(reader).add(ACCOUNT),
    ):
        with pytest.raises(StoreError, match="只读副本"):
            write()


def test_a_reader_of_another_program_or_of_nothing_does_not_start(store, folder):
    with pytest.raises(StoreError, match="还没有快照"):
        ReadOnlyStore(folder)
    made = make_snapshot(store, folder)
    text = (folder / POINTER).read_text()
    (folder / POINTER).write_text(text.replace(made.program, "another"))
    with pytest.raises(StoreError, match="另一版本"):
        ReadOnlyStore(folder)
    (folder / POINTER).write_text(text[:20])
    with pytest.raises(StoreError, match="读不出"):
        ReadOnlyStore(folder)
    assert make_snapshot_again(store, folder, text).version == made.version


def make_snapshot_again(store, folder, pointer):
    (folder / POINTER).write_text(pointer)
    return make_snapshot(store, folder)


def test_the_offices_own_templates_come_along(store, folder):
    own = store.home / TEMPLATES
    own.mkdir()
    (own / "通报.docx").write_bytes(b"ours")
    make_snapshot(store, folder)
    assert (folder / TEMPLATES / "通报.docx").read_bytes() == b"ours"
    (own / "通报.docx").unlink()
    make_snapshot(store, folder)
    assert not list((folder / TEMPLATES).iterdir())
