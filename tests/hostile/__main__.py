"""`python -m tests.hostile`: takes in all hostile files and prints what became of them; exit code 1 when a rule is broken.

The files are made by another process, so that what making them takes is not counted as what taking them in takes.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from data.intake import take_in_many
from data.unpack import expand_upload
from tests.hostile.corpus import CASES, write
from tests.hostile.trial import AT, LARGEST_GROWTH, Outcome, Trial


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile")
    parser.add_argument("--make", type=Path, metavar="DIR", help="only write the files there")
    options = parser.parse_args()
    if options.make:
        options.make.mkdir(parents=True, exist_ok=True)
        write(CASES, options.make)
        return 0
    logging.disable(logging.WARNING)  # files that were stopped are in the table
    with tempfile.TemporaryDirectory() as folder:
        made, home = Path(folder) / "files", Path(folder) / "home"
        subprocess.run([sys.executable, "-m", "tests.hostile", "--make", str(made)], check=True)
        started = time.monotonic()
        trial = Trial(home)
        outcomes = []
        for case in CASES:
            outcomes.append(trial.take(case, (made / case.name).read_bytes()))
            if sys.stderr.isatty():
                print(f"\r{len(outcomes)}/{len(CASES)}", end="", file=sys.stderr)
        _check_bulk(trial, made, outcomes)
        trial.close()
    return _report(outcomes, growth=trial.growth, seconds=time.monotonic() - started)


def _check_bulk(trial: Trial, made: Path, outcomes: list[Outcome]) -> None:
    """All files at once, as one import: every receipt in its place, and every fate as it was alone."""
    alone = [(r.path, r.status == "refused") for outcome in outcomes for r in outcome.receipts]
    files = (f for case in CASES for f in expand_upload(case.filename, (made / case.name).read_bytes()))
    receipts = take_in_many(trial.store, files, cycle=2026, received_at=AT)
    together = [(receipt.path, receipt.status == "refused") for receipt in receipts]
    if together != alone:
        other = next((pair for pair in zip(alone, together, strict=False) if pair[0] != pair[1]), "length")
        outcomes[-1].broken.append(f"all at once: {other}")


def _report(outcomes: list[Outcome], *, growth: int, seconds: float) -> int:
    """The table by family, and what was broken; 0 when nothing was."""
    print(f"{'family':26}{'files':>6}{'accepted':>10}{'refused':>9}{'slowest s':>11}  refused for")
    for name in dict.fromkeys(outcome.case.family for outcome in outcomes):
        members = [outcome for outcome in outcomes if outcome.case.family == name]
        refused = sum(outcome.is_refused for outcome in members)
        codes = Counter(code for outcome in members for code in outcome.codes)
        slowest = max(outcome.seconds for outcome in members)
        listed = ", ".join(f"{code} {count}" for code, count in codes.most_common(6))
        accepted = len(members) - refused
        print(f"{name:26}{len(members):>6}{accepted:>10}{refused:>9}{slowest:>11.2f}  {listed}")
    refused = sum(outcome.is_refused for outcome in outcomes)
    slowest = sorted(outcomes, key=lambda outcome: outcome.seconds, reverse=True)[:5]
    print(
        f"\n{len(outcomes)} files: {len(outcomes) - refused} accepted, {refused} refused; "
        f"memory of this process grew {growth / 1024 / 1024:.0f} MB; {seconds:.0f} s in all\nslowest: "
        + ", ".join(f"{each.case.name} ({each.case.filename}) {each.seconds:.1f} s" for each in slowest)
    )
    broken = [(outcome.case, rule) for outcome in outcomes for rule in outcome.broken]
    for case, rule in broken:
        print(f"BROKEN {case.name} {case.filename}: {rule}")
    if growth > LARGEST_GROWTH:
        print(f"BROKEN memory grew by more than {LARGEST_GROWTH / 1024 / 1024:.0f} MB")
    return 1 if broken or growth > LARGEST_GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())
