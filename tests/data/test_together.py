"""Many at once on one store: everything in, nothing twice, nothing lost, and whoever reads meanwhile reads whole answers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from threading import Barrier, Event, Thread

import pytest

from data import queries
from data.demo.units import demo_units
from data.hashing import hash_bytes
from data.intake import take_in, take_in_many
from data.journal import follow
from data.model import Scope
from data.store import Store
from tests.data.small import CYCLE as SMALL_CYCLE
from tests.data.small import OTHER, SCHEME_PATH, UNIT, filled, template
from tests.uploads import CYCLE, assert_all_in_once, fifty_uploads, order_of, scores_of, send_all_back

AT = datetime(2026, 10, 30, 16)
HARBIN = "230100"


@pytest.fixture
def store(demo_copy):
    opened = Store.open(demo_copy)
    send_all_back(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def uploads(demo_store):
    return fifty_uploads(demo_store)


def at_once(calls: Sequence[Callable[[], object]]) -> list:
    """What the calls return, each made in a thread of its own and all at the same moment."""
    barrier = Barrier(len(calls))

    def start(call: Callable[[], object]) -> object:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(start, calls))


@contextmanager
def meanwhile(*repeated: Callable[[], None]) -> Iterator[None]:
    """Does each of these again and again, in a thread of its own, until the block ends; raises what they raise."""
    ended, raised = Event(), []

    def repeat(call: Callable[[], None]) -> None:
        try:
            while not ended.is_set():
                call()
        except BaseException as error:
            raised.append(error)

    threads = [Thread(target=repeat, args=(call,)) for call in repeated]
    for thread in threads:
        thread.start()
    yield
    ended.set()
    for thread in threads:
        thread.join()
    assert not raised, raised


def send(store: Store, name: str, content: bytes):
    return take_in(store, filename=name, content=content, cycle=CYCLE, received_at=AT)


def test_fifty_at_once_are_all_in_once_and_score_as_one_by_one(store, uploads, demo_home, tmp_path):
    lines_before = store.journal.head.n
    with meanwhile(*_readers(store)):
        receipts = at_once([lambda u=u: send(store, u.name, u.content) for u in uploads])

    own = [(receipt.path, receipt.sha256, receipt.unit) for receipt in receipts]
    assert own == [(upload.name, upload.sha256, upload.unit) for upload in uploads]
    assert sum(receipt.submission is None for receipt in receipts) == 3  # the same file from two at once
    assert_all_in_once(store, uploads)
    assert sum(line.link.n > lines_before for line in follow(store.journal.path)) == 50

    alone = Store.open(shutil.copytree(demo_home, tmp_path / "alone"))
    send_all_back(alone)
    for upload in order_of(store, uploads):
        send(alone, upload.name, upload.content)
    assert scores_of(store) == scores_of(alone)
    alone.close()
    store.close()
    again = Store.open(tmp_path / "home")
    assert_all_in_once(again, uploads)
    again.close()


def _readers(store: Store) -> list[Callable[[], None]]:
    """Questions as the pages ask them, of everything and of one prefecture's part; what came in never goes again."""
    seen = {"files": 0, "submitted": 0}
    part = store.seen_by(Scope(region=HARBIN))

    def history() -> None:
        files = queries.history(store, cycle=CYCLE, limit=5000)
        assert len(files) >= seen["files"]
        assert files["receipt"].is_unique
        seen["files"] = len(files)

    def summary() -> None:
        whole = queries.region_summary(store, cycle=CYCLE)
        assert seen["submitted"] <= whole["submitted"] <= whole["registered"] == 60
        seen["submitted"] = whole["submitted"]

    def units() -> None:
        units = queries.units(part, cycle=CYCLE, basis="composite")
        assert units["code"].is_unique and len(units)

    def gaps() -> None:
        steps = queries.waterfall(store, cycle=CYCLE)
        assert steps["printed"][:-1].sum() == pytest.approx(steps["printed"].iloc[-1])

    return [history, summary, units, gaps]


def test_the_register_may_change_while_files_come_in(store, uploads):
    registered = list(store.units(cycle=CYCLE).values())
    newcomers = iter(demo_units(200)[60:])

    def register() -> None:
        store.register_units(cycle=CYCLE, units=[next(newcomers), *registered[:20]])

    with meanwhile(register):
        at_once([lambda u=u: send(store, u.name, u.content) for u in uploads[:20]])
    assert_all_in_once(store, uploads[:20])
    assert len(list(follow(store.journal.path))) == store.journal.head.n


@pytest.fixture
def small(tmp_path):
    opened = Store.open(tmp_path / "small")
    opened.open_cycle(
        cycle=2026,
        scheme_path=SCHEME_PATH,
        opens_on=SMALL_CYCLE.opens_on,
        deadline=SMALL_CYCLE.deadline,
    )
    opened.register_units(cycle=2026, units=[UNIT, OTHER])
    yield opened
    opened.close()


def test_batches_that_hold_the_same_units_do_not_mix(small):
    good, worse, other = filled(), filled({"T19-01": {"value": "否"}}), template(OTHER)
    batches = [[good, other, worse], [worse, good], [good, good], [b"not a workbook", worse]] * 3
    all_receipts = at_once(
        [
            lambda number=number, batch=batch: take_in_many(
                small, [(f"{number}-{n}", content) for n, content in enumerate(batch)], cycle=2026
            )
            for number, batch in enumerate(batches)
        ]
    )
    for number, (batch, receipts) in enumerate(zip(batches, all_receipts, strict=True)):
        assert [r.path for r in receipts] == [f"{number}-{n}" for n in range(len(batch))]
        assert [r.sha256 for r in receipts] == list(map(hash_bytes, batch))
    # a file is 已接收 exactly where it is the unit's newest when its turn comes, whichever batch the newest came in
    newest = None
    for sha256, submission in small.rows(
        "select sha256, submission from receipt where status <> 'refused' order by receipt"
    ):
        assert (submission is None) == (sha256 == newest)
        newest = sha256
    assert small.rows("select sha256 from current_submission") == [(newest,)]


def test_the_same_bytes_kept_by_many_at_once_are_kept_once_and_whole(small):
    content = bytes(range(256)) * 4096
    hashes = at_once([lambda: small.files.keep(content)] * 20)
    assert set(hashes) == {hash_bytes(content)}
    assert [path.read_bytes() for path in small.files.folder.glob("*/*")] == [content]


def test_results_asked_for_at_once_are_computed_for_what_is_there(small):
    def send_and_ask(number: int) -> tuple[int, int]:
        value = {"numerator": number, "denominator": 100}
        receipt = take_in(small, filename=str(number), content=filled({"T19-03": value}), cycle=2026)
        return receipt.submission, small.refresh(2026)

    stamps = at_once([lambda n=n: send_and_ask(n) for n in range(12)])
    assert all(version > submission for submission, version in stamps)
    assert small.refresh(2026) == small.data_version(2026) == max(version for _, version in stamps)
    scored = small.rows("select submission from result_unit_score where unit = $unit", unit=UNIT.code)
    assert set(scored) == {(max(submission for submission, _ in stamps),)}
