"""Workbooks for many units; beside openpyxl building each from nothing, and writing the bare zips."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from benchmarks.measure import FLOOR, OURS, PEER, Case, Contestant, Goal
from data.demo import SCHEME, cycle_dates
from data.demo.units import demo_units
from data.regions import region_path
from data.template import build_template, write_templates
from data.template_master import build_master
from scoring.scheme import load_scheme, shipped_schemes

YEAR, MANY, FEW = 2026, 500, 10


def prepare(folder: Path) -> None:
    unit = demo_units(1)[0]
    content = build_template(_scheme(), cycle=YEAR, unit=unit, region_path=region_path(unit.region))
    (folder / "one.xlsx").write_bytes(content)


def _scheme():
    return load_scheme(shipped_schemes()[SCHEME])


def _ours(folder: Path) -> Callable[[], object]:
    scheme, units = _scheme(), demo_units(MANY)
    paths = {unit.region: region_path(unit.region) for unit in units}
    deadline = cycle_dates(YEAR)[1]

    def run() -> None:
        nonlocal deadline
        deadline += timedelta(days=1)  # another deadline, so that no run finds the masters of the one before
        out = folder / "ours"
        write_templates(scheme, cycle=YEAR, units=units, region_paths=paths, out=out, deadline=deadline)
        shutil.rmtree(out)

    return run


def _peer(folder: Path) -> Callable[[], object]:
    scheme, units = _scheme(), demo_units(FEW)

    def run() -> None:
        for unit in units:
            indicators = scheme.indicators_for(category=unit.category, tags=unit.tags)
            parts = build_master(scheme, indicators, cycle=YEAR, deadline=None)
            write_zip(folder / "peer.xlsx", parts)

    return run


def _floor(folder: Path) -> Callable[[], object]:
    with zipfile.ZipFile(folder / "one.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    def run() -> None:
        for _ in range(MANY):
            write_zip(folder / "floor.xlsx", parts)

    return run


def write_zip(path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


_CASE = Case(
    name="templates",
    item="workbook",
    prepare=prepare,
    contestants={
        OURS: Contestant(_ours, MANY),
        PEER: Contestant(_peer, FEW),
        FLOOR: Contestant(_floor, MANY),
    },
    runs=3,
    goal=Goal(peer_to_ours=5),
)

CASES, SMALL = (_CASE,), ()
