"""Times contestants side by side in rotating order, and takes each one's peak memory in a process of its own."""

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


@dataclass(frozen=True)
class Contestant:
    """One way to do the work: `open_in` a prepared folder gives the run that is timed; a run handles `items`."""

    open_in: Callable[[Path], Callable[[], object]]
    items: int


@dataclass(frozen=True)
class Case:
    """One piece of work: `prepare` writes what it needs into a folder once, for all contestants."""

    name: str
    item: str
    prepare: Callable[[Path], None]
    contestants: Mapping[str, Contestant]
    runs: int


def measure(case: Case, folder: Path) -> dict[str, float | str]:
    """One row: median milliseconds an item of each contestant, ratios of ours to both, peak memory in MB."""
    case.prepare(folder)
    peaks = {name: _peak_mb(case, name, folder) for name in case.contestants}
    times = _rotate(case, folder)
    return {
        "case": case.name,
        "item": case.item,
        **{f"{name}_ms": round(times[name], 4) for name in times},
        "peer_to_ours": round(times[PEER] / times[OURS], 2),
        "ours_to_floor": round(times[OURS] / times[FLOOR], 2),
        **{f"{name}_mb": round(peaks[name]) for name in peaks},
    }


def run_once(case: Case, name: str, folder: Path) -> None:
    """In a process of its own: one run, then the process's peak memory in MB on stdout."""
    case.contestants[name].open_in(folder)()
    print(json.dumps(_own_peak_mb()))


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


def _peak_mb(case: Case, name: str, folder: Path) -> float:
    command = [sys.executable, "-m", "benchmarks", "--once", case.name, name, str(folder)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
