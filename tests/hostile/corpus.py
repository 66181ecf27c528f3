"""All hostile files, family by family, and a share of them for the everyday tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.hostile import (
    active_content,
    bombs,
    broken_bytes,
    broken_xml,
    disguises,
    odd_cells,
    zip_tricks,
    zips,
)
from tests.hostile.material import Hostile

ROOMS = (broken_bytes, broken_xml, zip_tricks, bombs, odd_cells, disguises, active_content, zips)
CASES: list[Hostile] = [case for room in ROOMS for case in room.CASES]

OF_A_FAMILY = 5  # so many files of a large family are in the share, spread over it
ONE_OF = {"zip-growing", "layers", "memory", "lists", "depth", "entries"}  # slow to make or to read


def share() -> list[Hostile]:
    """The files that the everyday tests take in: some of every family."""
    chosen = []
    for name in dict.fromkeys(case.family for case in CASES):
        members = [case for case in CASES if case.family == name]
        step = len(members) if name in ONE_OF else -(-len(members) // OF_A_FAMILY)
        chosen += members[::step]
    return chosen


def write(cases: Iterable[Hostile], folder: Path) -> None:
    """Each file under its name in the folder."""
    for case in cases:
        (folder / case.name).write_bytes(case.make())
