"""Times contestants side by side in rotating order, and takes the peak memory of ours in a process of its own."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

OURS, PEER, FLOOR = "ours", "peer", "floor"
# What a row has, and what a table says above it.
HEADINGS = {
    "case": "work",
    "item": "per",
    "ours_ms": "ours ms",
    "peer_ms": "peer ms",
    "floor_ms": "floor ms",
    "peer_to_ours": "peer/ours",
    "ours_to_floor": "ours/floor",
    "ours_mb": "ours MB",
    "peer_mb": "peer MB",
    "floor_mb": "floor MB",
    "goal": "goal",
    "is_met": "met",
    "note": "note",
}


@dataclass(frozen=True)
class Contestant:
    """One way to do the work: `open_in` a prepared folder gives the run that is timed; a run handles `items`."""

    open_in: Callable[[Path], Callable[[], object]]
    items: int


@dataclass(frozen=True)
class Goal:
    """What a row must reach; None where nothing is asked of that figure."""

    peer_to_ours: float | None = None  # at least
    ours_to_peer: float | None = None  # at most
    ours_to_floor: float | None = None  # at most
    ours_ms: float | None = None  # at most

    def text(self) -> str:
        """The goal in the words of the table."""
        asked = (
            ("≥ {:g}× peer", self.peer_to_ours),
            ("≤ {:g}× peer", self.ours_to_peer),
            ("≤ {:g}× floor", self.ours_to_floor),
            ("≤ {:g} ms", self.ours_ms),
        )
        return ", ".join(words.format(value) for words, value in asked if value is not None)

    def is_met(self, ms: Mapping[str, float]) -> bool:
        """Whether milliseconds by contestant reach it."""
        ours, peer, floor = (ms.get(name, float("nan")) for name in (OURS, PEER, FLOOR))
        return not (
            (self.peer_to_ours and not peer / ours >= self.peer_to_ours)
            or (self.ours_to_peer and not ours / peer <= self.ours_to_peer)
            or (self.ours_to_floor and not ours / floor <= self.ours_to_floor)
            or (self.ours_ms and not ours <= self.ours_ms)
        )


@dataclass(frozen=True)
class Case:
    """Work that is done again and again: `prepare` writes what it needs into a folder once, for all contestants.

    Of `contestants`, OURS must be there; PEER and FLOOR where there is one. More of them (another peer) get columns of
    the JSON only. With one run (work of many seconds), what it takes is what the process of its own took.
    """

    name: str
    item: str
    prepare: Callable[[Path], None]
    contestants: Mapping[str, Contestant]
    runs: int
    goal: Goal = Goal()

    def figures(self, folder: Path) -> Figures:
        """Median milliseconds an item, and peak memory of a process that does one run: of ours, and with one run of all."""
        self.prepare(folder)
        measured = [OURS] if self.runs > 1 else list(self.contestants)
        alone = {name: _alone(self, name, folder) for name in measured}
        ms = _rotate(self, folder) if self.runs > 1 else {name: run["ms"] for name, run in alone.items()}
        return Figures(ms=ms, mb={name: run["mb"] for name, run in alone.items()})


@dataclass(frozen=True)
class Figures:
    """What was measured: milliseconds an item and peak MB by contestant, and what else is to be said."""

    ms: Mapping[str, float]
    mb: Mapping[str, float]
    note: str = ""


@dataclass(frozen=True)
class Trial:
    """Work that is not done in runs of one process (servers, browsers, many sessions): `take` measures all of it."""

    name: str
    item: str
    take: Callable[[Path], Figures]
    goal: Goal = Goal()

    def figures(self, folder: Path) -> Figures:
        """What `take` measured, in a folder of its own."""
        return self.take(folder)


def measure(case: Case | Trial, folder: Path) -> dict[str, float | str | bool | None]:
    """One row: milliseconds an item of each contestant, ratios of ours to both, peak memory in MB, the goal."""
    found = case.figures(folder)
    ms, mb = found.ms, found.mb
    return {
        "case": case.name,
        "item": case.item,
        **{f"{name}_ms": round(value, 4) for name, value in ms.items()},
        "peer_to_ours": round(ms[PEER] / ms[OURS], 2) if PEER in ms else None,
        "ours_to_floor": round(ms[OURS] / ms[FLOOR], 2) if FLOOR in ms else None,
        **{f"{name}_mb": round(value) for name, value in mb.items()},
        "goal": case.goal.text(),
        "is_met": case.goal.is_met(ms) if case.goal.text() else None,
        "note": found.note,
    }


def run_once(case: Case, name: str, folder: Path) -> None:
    """In a process of its own: one run; on stdout the milliseconds an item and the process's peak memory in MB."""
    contestant = case.contestants[name]
    run = contestant.open_in(folder)
    started = time.perf_counter()
    run()
    ms = (time.perf_counter() - started) * 1000 / contestant.items
    print(json.dumps({"ms": ms, "mb": _own_peak_mb()}))


def _own_peak_mb() -> float:
    """This process's peak memory. Linux hands getrusage's figure on from parent to child, VmHWM starts anew."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _rotate(case: Case, folder: Path) -> dict[str, float]:
    """Median milliseconds an item; each round starts with another contestant, after one round that does not count."""
    runs = {name: contestant.open_in(folder) for name, contestant in case.contestants.items()}
    names = list(runs)
    taken: dict[str, list[float]] = {name: [] for name in names}
    for number in range(case.runs + 1):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            started = time.perf_counter()
            runs[name]()
            if number:
                taken[name].append((time.perf_counter() - started) * 1000 / case.contestants[name].items)
    return {name: statistics.median(values) for name, values in taken.items()}


def _alone(case: Case, name: str, folder: Path) -> dict[str, float]:
    """`run_once` of one contestant: ms and mb."""
    command = [sys.executable, "-m", "benchmarks", "--once", case.name, name, str(folder)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
