"""The demo's workbooks as files, to be taken in by a process that will be killed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.demo import cycle_dates
from data.demo.files import make_file, sendings_of
from data.demo.units import demo_units
from data.model import Unit
from data.store import Store
from scoring.scheme import load_scheme, shipped_schemes

YEAR = 2026
SCHEME_PATH = shipped_schemes()["heilongjiang-2026"]


@dataclass(frozen=True)
class Sent:
    """One file as it is sent: under which name, when; `path` is where its bytes are."""

    name: str
    path: Path
    at: datetime


def open_cycle(store: Store, *, units: int) -> None:
    """The cycle and the register that the files are for."""
    opens_on, deadline = cycle_dates(YEAR)
    store.open_cycle(cycle=YEAR, scheme_path=SCHEME_PATH, opens_on=opens_on, deadline=deadline)
    store.register_units(cycle=YEAR, units=demo_units(units))


def write_files(folder: Path, *, units: int, seed: int) -> list[Sent]:
    """Everything that so many units send, wrong and late and newer files too, in the order of sending."""
    scheme = load_scheme(SCHEME_PATH)
    opens_on, deadline = cycle_dates(YEAR)
    registered: list[Unit] = demo_units(units)
    sendings = [
        sending
        for unit in registered
        for sending in sendings_of(unit, cycle=YEAR, opens_on=opens_on, deadline=deadline, seed=seed)
    ]
    folder.mkdir(parents=True)
    sent = []
    for number, sending in enumerate(sorted(sendings, key=lambda each: (each.at, each.unit.code))):
        name, content = make_file(sending, scheme=scheme, deadline=deadline, first_cycle=YEAR, seed=seed)
        path = folder / f"{number:05d}"
        path.write_bytes(content)
        sent.append(Sent(name, path, sending.at))
    return sent
