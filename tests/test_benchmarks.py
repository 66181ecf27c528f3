"""The benchmarks still run: every row of the small ones comes with its figures, whatever they are."""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks.__main__ import SMALL
from benchmarks.measure import FLOOR, OURS, PEER, Case
from tests.browser.running import find_browser
from tests.commands import ROOT

IN_A_BROWSER = ("start-small", "click-small")


def test_every_small_benchmark_gives_its_row():
    names = [name for name in SMALL if find_browser() or name not in IN_A_BROWSER]
    chosen = [word for name in names for word in ("--case", name)]
    command = [sys.executable, "-m", "benchmarks", "--json", *chosen]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280)
    assert result.returncode == 0, result.stderr
    rows = {row["case"]: row for row in json.loads(result.stdout)["rows"]}
    assert list(rows) == names
    for name, row in rows.items():
        case = SMALL[name]
        measured = set(case.contestants) if isinstance(case, Case) else {OURS}
        assert all(row[f"{one}_ms"] > 0 for one in measured), name
        assert (row["peer_to_ours"] is not None) == (f"{PEER}_ms" in row), name
        assert (row["ours_to_floor"] is not None) == (f"{FLOOR}_ms" in row), name
        assert row["goal"] == case.goal.text(), name
