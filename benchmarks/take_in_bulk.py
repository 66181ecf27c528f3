"""One import of many thousand workbooks on every core beside the same on one; `python -m benchmarks.take_in_bulk` is one run.

What it takes a person to import is the time of the whole; that memory stays flat shows between a tenth of the files and all.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

from benchmarks.handed_in import YEAR, contents_of
from benchmarks.measure import FLOOR, OURS, PEER, Figures
from data.demo import cycle_dates
from data.intake import take_in_many
from data.sandbox import get_sandbox
from data.store import Store


def compare(folder: Path, *, files: int, files_on_one: int, floor_ms: float) -> Figures:
    """Ours on every core, ours on one core as the peer; memory of the program and its workers together."""
    many = _run(folder, files=files, cores=os.cpu_count() or 1)
    one = _run(folder, files=files_on_one, cores=1)
    note = (
        f"{files:,} files on {many['cores']} cores, peer: {files_on_one:,} on one; "
        f"MB of all processes after {files // 10:,}: {many['mb_early']:.0f}, after {files:,}: {many['mb']:.0f}"
    )
    return Figures(
        ms={OURS: many["ms"], PEER: one["ms"], FLOOR: floor_ms},
        mb={OURS: many["mb"], PEER: one["mb"]},
        note=note,
    )


def _run(folder: Path, *, files: int, cores: int) -> dict[str, float]:
    home = folder / f"home-{cores}"
    shutil.copytree(folder / "home", home)
    command = [
        sys.executable,
        "-m",
        "benchmarks.take_in_bulk",
        str(folder),
        str(home),
        str(files),
        str(cores),
    ]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _take_in(folder: Path, home: Path, files: int, cores: int) -> dict[str, float]:
    """Milliseconds a file, and MB after a tenth of the files and after all."""
    if cores == 1:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    store, at = Store.open(home), cycle_dates(YEAR)[1]
    contents = contents_of(folder)
    sizes: dict[int, float] = {}

    def progress(done: int) -> None:
        if done in (files // 10, files):
            sizes[done] = _mb_of_all()

    arriving = (("a.xlsx", content) for content in islice(contents, files))
    started = time.perf_counter()
    receipts = take_in_many(store, arriving, cycle=YEAR, received_at=at, progress=progress)
    ms = (time.perf_counter() - started) * 1000 / files
    assert all(receipt.submission for receipt in receipts)
    store.close()
    return {"ms": ms, "mb_early": sizes[files // 10], "mb": sizes[files], "cores": cores}


def _mb_of_all() -> float:
    """What this process and the sandbox's workers hold now."""
    pages = sum(
        int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in {os.getpid(), *get_sandbox().pids()}
    )
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


if __name__ == "__main__":
    print(json.dumps(_take_in(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))
