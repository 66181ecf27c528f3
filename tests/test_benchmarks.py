"""The benchmarks still run: rows of the small ones come with their figures, whatever they are."""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks.__main__ import SMALL
from benchmarks.measure import FLOOR, OURS, PEER, Case
from tests.commands import ROOT

# One of each kind. The others take minutes, mostly for servers and browsers to start: `python -m benchmarks --small`
TRIED = ("take-in-small", "scores-1k", "pages-1k", "sessions-small")


def test_small_benchmarks_give_their_rows():
    names = list(TRIED)
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
