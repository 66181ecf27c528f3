"""`python -m benchmarks [--json] [--case NAME]`: a table, or one JSON document."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks import meeting, scores, take_in, templates, what_if
from benchmarks.measure import measure, run_once

CASES = {
    case.name: case
    for case in (*take_in.CASES, templates.CASE, *scores.CASES, *what_if.CASES, *meeting.CASES)
}
HEADINGS = {
    "case": "case",
    "item": "per",
    "ours_ms": "ours ms",
    "peer_ms": "peer ms",
    "floor_ms": "floor ms",
    "peer_to_ours": "peer/ours",
    "ours_to_floor": "ours/floor",
    "ours_mb": "ours MB",
    "peer_mb": "peer MB",
    "floor_mb": "floor MB",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--case", choices=CASES, action="append")
    parser.add_argument("--once", nargs=3, metavar=("CASE", "NAME", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        case, name, folder = options.once
        run_once(CASES[case], name, Path(folder))
        return
    rows = []
    for name in options.case or CASES:
        print(f"{name} …", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            rows.append(measure(CASES[name], Path(folder)))
    if options.json:
        print(json.dumps({"python": platform.python_version(), "machine": platform.machine(), "rows": rows}))
    else:
        _print_table(rows)


def _print_table(rows: list[dict]) -> None:
    lines = [list(HEADINGS.values())]
    for row in rows:
        lines.append(
            [f"{v:,.2f}" if isinstance(v, float) else str(v) for v in (row[key] for key in HEADINGS)]
        )
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))


if __name__ == "__main__":
    main()
