"""One runtime folder under torture: rounds of work that end with SIGKILL, then everything that must hold."""

from __future__ import annotations

import math
import random
import re
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from data.hashing import hash_bytes
from data.restore import restore
from data.store import Store
from data.verify import verify
from scoring.views import RESULTS
from tests.torture import worker
from tests.torture.files import YEAR, open_cycle, write_files

PER_COMMIT = 2
# How the rounds are spread; every kind comes up also in a short run.
KINDS = ("import", "start", "import", "backup", "import", "replay", "import", "rebuild", "import", "restore")
LONGEST_S = {"import": 0.4, "backup": 1.0, "start": 0.3, "replay": 1.5, "rebuild": 2.0, "restore": 1.0}
PATIENCE_S = 120
# All that may be in the folder in the end: what it is made of, and what rebuilds and restores moved aside.
KNOWN = re.compile(
    r"\.prepared\.lock|journal\.jsonl|workbooks|assessment(\.damaged-[\d-]+)?\.duckdb(\.wal)?|replaced-[\d-]+"
)
HALVES = {
    "submission without answers": "select submission from submission anti join answer using (submission)",
    "answers without submission": "select distinct submission from answer anti join submission using (submission)",
    "submission without receipt": "select submission from submission anti join receipt using (submission)",
    "receipt without submission": "select receipt from receipt where submission is not null "
    "and submission not in (select submission from submission)",
    "refused without problem": "select receipt from receipt where status = 'refused' "
    "and receipt not in (select receipt from problem)",
    "receipt without its act": "select receipt from receipt anti join audit on audit.seq = receipt.receipt + 1",
    "event twice": "select seq from (select seq from journal union all select seq from audit) group by seq having count(*) > 1",
    "workbook twice": "select unit, sha256 from submission group by all having count(*) > 1",
    "line without hash": "select n from chain group by n having count(*) > 1 or n > (select count(*) from chain)",
}

# A server of processes that has everything imported already: a kill lands in the work, not in Python's start.
CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.torture.worker"])


class Trial:
    """The folder, the files that are sent to it, and which of them it has acknowledged."""

    def __init__(self, folder: Path, *, units: int, seed: int):
        self.folder, self.units = folder, units
        self.home, self.backups = folder / "home", folder / "backups"
        self.backups.mkdir(parents=True)
        (folder / "scratch").mkdir()
        self.sent = write_files(folder / "files", units=units, seed=7)
        self.chance = random.Random(seed)
        self.acknowledged: dict[int, bool] = {}
        self.killed: Counter[str] = Counter()
        self.restored = 0
        with closing(Store.open(self.home)) as store:
            open_cycle(store, units=units)

    # ---- rounds

    @property
    def is_all_in(self) -> bool:
        """Whether every file is acknowledged."""
        return len(self.acknowledged) == len(self.sent)

    def round(self, kind: str) -> None:
        """One piece of work, killed at a random moment of it."""
        moment = self.chance.uniform(0, LONGEST_S[kind])
        if kind == "start":
            self._kill(kind, self._taking_in(), after=0, moment=moment)
        elif kind == "replay":
            for path in self.home.glob("assessment.duckdb*"):
                path.unlink()
            self._kill(kind, self._taking_in(), after=0, moment=moment)
        elif kind == "rebuild":
            self._kill(kind, partial(worker.rebuild_home, self.home), after=1, moment=moment)
        elif kind == "restore":
            backup = self.folder / "whole.zip"
            backup.unlink(missing_ok=True)
            self._run(partial(worker.back_up, self.home, backup))
            self._kill(kind, partial(worker.restore_home, self.home, backup), after=1, moment=moment)
        else:
            backups = self.backups if kind == "backup" else None
            self._kill(kind, self._taking_in(backups=backups), after=2, moment=moment)

    def finish(self) -> None:
        """The rest, undisturbed."""
        self._run(self._taking_in())

    def _taking_in(self, *, backups: Path | None = None) -> Callable[..., None]:
        rest = [(n, sent) for n, sent in enumerate(self.sent) if n not in self.acknowledged]
        return partial(worker.take_in, self.home, rest, per_commit=PER_COMMIT, backups=backups)

    def _kill(self, kind: str, work: Callable[..., None], *, after: int, moment: float) -> None:
        """Kill the work `moment` seconds after it has told so many things."""
        process, told = self._start(work)
        try:
            for _ in range(after):
                if not self._hear(told):
                    break
            time.sleep(moment)
            process.kill()
            process.join()
            while self._hear(told):  # what was told before the kill counts
                pass
        finally:
            told.close()
        assert process.exitcode in (-signal.SIGKILL, 0), f"{kind} failed: {process.exitcode}"
        self.killed[kind] += process.exitcode != 0  # else it had ended before

    def _run(self, work: Callable[..., None]) -> None:
        process, told = self._start(work)
        while self._hear(told):
            pass
        process.join(PATIENCE_S)
        told.close()
        assert process.exitcode == 0, f"undisturbed work failed: {process.exitcode}"

    def _start(self, work: Callable[..., None]) -> tuple[Any, Any]:
        told, tells = CONTEXT.Pipe(duplex=False)
        scratch = self.folder / "scratch"
        process = CONTEXT.Process(target=worker.run, args=(work,), kwargs={"told": tells, "scratch": scratch})
        process.start()
        tells.close()  # so that the end of the process is the end of the pipe
        return process, told

    def _hear(self, told: Any) -> bool:
        """The next thing that is told; False where there is none any more, or only half of one."""
        try:
            heard = told.recv() if told.poll(PATIENCE_S) else worker.ENDED
        except (EOFError, OSError, ValueError):
            return False
        if isinstance(heard, list):
            self.acknowledged.update(heard)
        return heard != worker.ENDED

    # ---- what must hold

    def faults(self) -> list[str]:
        """What is missing, half or double in the folder as it opens now."""
        with closing(Store.open(self.home)) as store:
            found = [f"{text}: {rows[:3]}" for text, sql in HALVES.items() if (rows := store.rows(sql))]
            kept = Counter(sha256 for (sha256,) in store.rows("select sha256 from submission"))
        for number, is_kept in self.acknowledged.items():
            times = kept[hash_bytes(self.sent[number].path.read_bytes())]
            if times != is_kept:
                found.append(f"file {number} was acknowledged and is there {times} times")
        return found

    def final_faults(self) -> list[str]:
        """The same when all is in, and: scores as of an undisturbed run, a sound folder, backups that can be restored."""
        found = self.faults()
        if not self.is_all_in:
            found.append(f"{len(self.sent) - len(self.acknowledged)} files were never acknowledged")
        undisturbed = self.folder / "undisturbed"
        with closing(Store.open(undisturbed)) as store:
            open_cycle(store, units=self.units)
        files = list(enumerate(self.sent))
        self._run(partial(worker.take_in, undisturbed, files, per_commit=PER_COMMIT))
        expected, got = results_of(undisturbed), results_of(self.home)
        found += [
            f"{name} differs from an undisturbed run's"
            for name in RESULTS
            if not is_same(expected[name], got[name])
        ]
        found += [text for _, text in verify(self.home).faults]
        stray = [path.name for path in self.home.iterdir() if not KNOWN.fullmatch(path.name)]
        found += [f"left behind: {name}" for name in stray]
        for backup in sorted(self.backups.glob("*.zip")):
            target = self.folder / f"restored-{backup.stem}"
            restore(target, backup)
            found += [f"{backup.name}: {text}" for _, text in verify(target).faults]
            self.restored += 1
            shutil.rmtree(target)
        return found


def results_of(home: Path) -> dict[str, list[tuple]]:
    """Every result but the numbers of submissions, which depend on how often a file was sent again."""
    with closing(Store.open(home)) as store:
        store.refresh(YEAR)
        return {
            name: store.rows(f"select columns(c -> c <> 'submission') from result_{name} order by all")
            for name in RESULTS
        }


def is_same(some: list[tuple], others: list[tuple]) -> bool:
    """Whether results are equal, sums of the same numbers in another order up to their last bits; printed scores are
    rounded, so theirs are equal or far apart."""
    if len(some) != len(others):
        return False
    values = (
        (a, b) for one, other in zip(some, others, strict=True) for a, b in zip(one, other, strict=True)
    )
    return all(
        math.isclose(a, b, rel_tol=0, abs_tol=1e-9)
        if isinstance(a, float) and isinstance(b, float)
        else a == b
        for a, b in values
    )
