"""`python -m tests.torture`: kills, counts, and the hostile files; exit code 1 when anything was lost, half or double."""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import count, cycle
from pathlib import Path

from tests.torture.trial import KINDS, Trial

SEED = 20261031


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("--kills", type=int, default=120)
    parser.add_argument(
        "--units", type=int, default=300, help="of one folder; when all is in, another one follows"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="of the moments at which it kills")
    parser.add_argument("--no-hostile", action="store_true", help="leave out the hostile files")
    options = parser.parse_args()
    logging.disable(logging.WARNING)  # that the database is brought to the journal is what is tried here
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        faults = torture(Path(folder), kills=options.kills, units=options.units, seed=options.seed)
    if options.no_hostile:
        return 1 if faults else 0
    hostile = subprocess.run([sys.executable, "-m", "tests.hostile"], check=False).returncode
    return 1 if faults or hostile else 0


def torture(folder: Path, *, kills: int, units: int, seed: int) -> list[str]:
    """Kill so many times, in as many folders as that takes; prints the counts and returns what did not hold."""
    started = time.monotonic()
    totals: Counter[str] = Counter()
    killed: Counter[str] = Counter()
    kinds = cycle(KINDS)
    faults: list[str] = []
    print(f"seed {seed}: {kills} kills, folders of {units} units", flush=True)
    for number in count():
        trial = Trial(folder / str(number), units=units, seed=seed + number)
        while not (trial.is_all_in or faults or killed.total() + trial.killed.total() >= kills):
            trial.round(next(kinds))
            totals["rounds"] += 1
            if totals["rounds"] % len(KINDS) == 0:
                faults += trial.faults()
            if sys.stderr.isatty():
                print(f"\r{killed.total() + trial.killed.total()}/{kills}", end="", file=sys.stderr)
        totals["acknowledged between kills"] += len(trial.acknowledged)
        if not faults:
            trial.finish()
            faults += trial.final_faults()
        killed += trial.killed
        totals["folders"] += 1
        totals["files acknowledged in all"] += len(trial.acknowledged)
        totals["workbooks kept of them"] += sum(trial.acknowledged.values())
        totals["backups made meanwhile and restored"] += trial.restored
        if faults or killed.total() >= kills:
            break
    for kind in dict.fromkeys(KINDS):
        print(f"  killed during {kind:22}{killed[kind]:>6}")
    totals["killed"] = killed.total()
    totals["not as it must be"] = len(faults)
    totals["seconds"] = round(time.monotonic() - started)
    for name, total in totals.items():
        print(f"  {name:36}{total:>6}")
    for fault in faults[:50]:
        print(f"BROKEN {fault}")
    return faults


if __name__ == "__main__":
    sys.exit(main())
