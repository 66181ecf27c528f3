"""Fills the disk at a chosen moment of a write, and prints as JSON what the store said, held and did afterwards.

`python -m tests.data.full_disk MOMENT HOME`, in a process of its own: the disk is full for files above a size, which the
system enforces for the whole process (RLIMIT_FSIZE).
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import closing, contextmanager
from pathlib import Path

from data.places import DATABASE, DATABASE_LOG
from data.store import Store, StoreError
from data.verify import verify


@contextmanager
def full_above(size: int):
    """No file can grow beyond `size` bytes inside the block."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def grow_log(store: Store) -> int:
    """Make DuckDB's own log larger than the journal, without a line in the journal; its size in bytes."""
    with store.write() as transaction:
        transaction.run(
            "create table filler as select range as a, md5(range::varchar) as b from range(20000)"
        )
    return (store.home / DATABASE_LOG).stat().st_size


def room_at(moment: str, store: Store) -> int:
    """The size above which the disk is full, so that it is first met at this moment of the next write."""
    if moment == "journal":
        return store.journal.size + 10
    if moment == "commit":
        return grow_log(store) + 10
    assert moment == "checkpoint"
    with store.write() as transaction:
        transaction.run("pragma wal_autocheckpoint = '1KB'")
    return (store.home / DATABASE).stat().st_size + 10


def greetings(store: Store) -> list[str]:
    return [
        value for (value,) in store.rows("select value from setting where name = 'greeting' order by seq")
    ]


def main(moment: str, home: Path) -> None:
    said = ""
    with closing(Store.open(home)) as store:
        lines = store.journal.head.n
        with full_above(room_at(moment, store)):
            try:
                with store.write() as transaction:
                    seq = transaction.record("setting", cycle=None, detail="greeting")
                    transaction.add("setting", {"seq": seq, "name": "greeting", "value": "满"})
                    if moment == "checkpoint":  # more than fits into the file as it is
                        transaction.run(
                            "create table filler as select range as a, md5(range::varchar) as b from range(90000)"
                        )
            except StoreError as error:
                said = str(error)
            during = greetings(store)
            added = store.journal.head.n - lines
        store.set_setting("greeting", "又有空间")
        after = greetings(store)
    with closing(Store.open(home)) as store:
        reopened = greetings(store)
    found = verify(home)
    print(
        json.dumps(
            {
                "said": said,
                "lines": added,
                "during": during,
                "after": after,
                "reopened": reopened,
                "faults": found.faults,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
