"""Filled workbooks as units hand them in, and a runtime folder that takes them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from data.demo import SCHEME, cycle_dates
from data.demo.files import Sending, make_file
from data.demo.units import demo_units
from data.store import Store
from scoring.scheme import load_scheme, shipped_schemes

YEAR, SEED, WORKBOOKS = 2026, 7, 40


def prepare(folder: Path, *, units: int = WORKBOOKS) -> None:
    """A runtime folder with so many units, and the workbooks of the first of them."""
    scheme_path = shipped_schemes()[SCHEME]
    opens_on, deadline = cycle_dates(YEAR)
    register = demo_units(units)
    store = Store.open(folder / "home")
    store.open_cycle(cycle=YEAR, scheme_path=scheme_path, opens_on=opens_on, deadline=deadline)
    store.register_units(cycle=YEAR, units=register)
    store.close()
    (folder / "files").mkdir()
    for unit in register[:WORKBOOKS]:
        _, content = make_file(
            Sending(unit, YEAR, deadline),
            scheme=load_scheme(scheme_path),
            deadline=deadline,
            first_cycle=YEAR,
            seed=SEED,
        )
        (folder / "files" / f"{unit.code}.xlsx").write_bytes(content)


def contents_of(folder: Path, *, start: int = 0) -> Iterator[bytes]:
    """The workbooks again and again, each time as another file: a zip's comment tells them apart."""
    contents = [path.read_bytes() for path in sorted((folder / "files").glob("*.xlsx"))]
    for number in count(start):
        for content in contents:
            comment = b"%d" % number
            yield content[:-2] + len(comment).to_bytes(2, "little") + comment
