"""`python -m benchmarks [--json] [--small] [--case NAME]`: a table, or one JSON document."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import browser, gaps, meeting, pages, readers, scores, sessions, take_in, templates, what_if
from benchmarks.measure import HEADINGS, measure, run_once

PARTS = (take_in, templates, scores, gaps, what_if, pages, browser, sessions, readers, meeting)
CASES = {case.name: case for part in PARTS for case in part.CASES}
# the same work on little data, to see that all of it still runs
SMALL = {case.name: case for part in PARTS for case in part.SMALL}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--case", choices=[*CASES, *SMALL], action="append")
    parser.add_argument("--small", action="store_true", help="every piece of work once, on little data")
    parser.add_argument("--once", nargs=3, metavar=("CASE", "NAME", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        case, name, folder = options.once
        run_once((CASES | SMALL)[case], name, Path(folder))
        return
    rows = []
    for name in options.case or (SMALL if options.small else CASES):
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            rows.append(measure((CASES | SMALL)[name], Path(folder)))
        print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    if options.json:
        print(json.dumps({"python": platform.python_version(), "machine": platform.machine(), "rows": rows}))
    else:
        _print_table(rows)


def _print_table(rows: list[dict]) -> None:
    lines = [list(HEADINGS.values())]
    for row in rows:
        lines.append([_cell(row.get(key)) for key in HEADINGS])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))


def _cell(value: float | str | bool | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
