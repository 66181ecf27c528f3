"""docs/performance.md: its tables and its cost curve, made from what the benchmarks measured; the prose around is by hand.

    python -m benchmarks --json > docs/performance.json
    python -m benchmarks.sessions > docs/sessions.json       where it was measured anew
    python -m benchmarks.report

`make performance` does all of it. A test holds the tables in the page against the two files.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import FLOOR, HEADINGS, OURS, PEER
from reporting.browsers import find_browser
from reporting.figure import Figure
from reporting.to_images import Painter

DOCS = Path(__file__).parent.parent / "docs"
PAGE, FIGURE = DOCS / "performance.md", DOCS / "performance.svg"
SOURCES = {"bench": DOCS / "performance.json", "sessions": DOCS / "sessions.json"}

LEFT_OUT = ("peer_mb", "floor_mb", "note")  # the notes stand below the table
COLUMNS = {key: heading for key, heading in HEADINGS.items() if key not in LEFT_OUT}
SESSION_COLUMNS = {
    "sessions": "sessions",
    "p50_ms": "p50 ms",
    "p95_ms": "p95 ms",
    "clicks": "clicks",
    "due": "of",
    "errors": "errors",
    "server_cpu_ms_a_click": "server CPU ms a click",
    "server_cores": "server cores",
    "peak_mb": "peak MB",
}
WORDS = ("case", "work", "item", "per", "goal", "met", "is_met")

SIZED = re.compile(r"(?P<work>.+)-(?P<thousands>\d+)k")
DASHES = {OURS: "solid", PEER: "dash", FLOOR: "dot"}
COLOURS = ("#1F5F99", "#C8102E", "#2A9D8F", "#E9A227", "#6B4C9A", "#5C6B7A")
WIDTH, HEIGHT = 900, 560


def with_tables(page: str, measured: Mapping[str, Mapping[str, Any]]) -> str:
    """The page with each table between its two marks made anew from what was measured; others stay as they are."""
    for name, found in measured.items():
        mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        table = _bench(found) if name == "bench" else _table(found["rows"], SESSION_COLUMNS)
        page, times = mark.subn(lambda marks, table=table: f"{marks[1]}{table}\n{marks[2]}", page)
        if times != 1:
            raise ValueError(f"{PAGE.name} has no place, or several, for the table {name}")
    return page


def read_measured() -> dict[str, dict[str, Any]]:
    """What was measured, by the table that it makes; what was not is left out."""
    return {name: json.loads(path.read_text("utf-8")) for name, path in SOURCES.items() if path.exists()}


def draw_costs(rows: Sequence[Mapping[str, Any]]) -> Figure:
    """Milliseconds against units, both logarithmic: a line for each work that was measured at several sizes, and for each
    contestant that did it."""
    figure = Figure({"xaxis": {}, "yaxis": {}})
    for colour, (work, sizes) in zip(COLOURS * 9, _by_size(rows).items(), strict=False):
        for name, dash in DASHES.items():
            points = [(units, row[f"{name}_ms"]) for units, row in sizes if row.get(f"{name}_ms")]
            if len(points) > 1:
                figure.add_scatter(
                    x=[units for units, _ in points],
                    y=[ms for _, ms in points],
                    name=work if name == OURS else f"{work}, {name}",
                    mode="lines+markers",
                    line={"color": colour, "dash": dash, "width": 3 if name == OURS else 1.5},
                )
    units = sorted({units for sizes in _by_size(rows).values() for units, _ in sizes})
    figure.update_layout(
        width=WIDTH,
        height=HEIGHT,
        template="plotly_white",
        font={"family": "Arial, sans-serif", "size": 14},
        margin={"l": 70, "r": 20, "t": 20, "b": 60},
    )
    figure.update_xaxes(
        type="log", title="units", tickvals=units, ticktext=[f"{each // 1000:,}k" for each in units]
    )
    figure.update_yaxes(type="log", title="milliseconds", dtick=1)
    return figure


def _by_size(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[tuple[int, Mapping[str, Any]]]]:
    """Work → (units, row), smallest first, for what was measured at several sizes."""
    found = defaultdict(list)
    for row in rows:
        if sized := SIZED.fullmatch(row["case"]):
            found[sized["work"]].append((int(sized["thousands"]) * 1000, row))
    return {work: sorted(sizes, key=lambda size: size[0]) for work, sizes in found.items() if len(sizes) > 1}


def _bench(measured: Mapping[str, Any]) -> str:
    rows = measured["rows"]
    parts = [_table(rows, COLUMNS)]
    if notes := [f"- {row['case']}: {row['note']}" for row in rows if row.get("note")]:
        parts.append("\n".join(notes))
    if _by_size(rows):
        parts.append(f"![Milliseconds against units, both logarithmic]({FIGURE.name})")
    return "\n\n".join(parts)


def _table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> str:
    rule = ["---" if key in WORDS else "--:" for key in columns]
    lines = [list(columns.values()), rule]
    lines += [[_cell(row.get(key)) for key in columns] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    """Three digits that count: nobody measures more."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def main() -> None:
    """Write the page's tables and the figure. Raises FileNotFoundError where nothing was measured."""
    measured = read_measured()
    PAGE.write_text(with_tables(PAGE.read_text("utf-8"), measured), "utf-8")
    rows = measured["bench"]["rows"]
    if _by_size(rows):
        painter = Painter(find_browser())
        FIGURE.write_bytes(painter.paint(draw_costs(rows), kind="svg"))
        painter.close()


if __name__ == "__main__":
    main()
