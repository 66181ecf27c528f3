"""The problems of files that were handed in: where, what is wrong, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from data.problems import SEVERITY_NAMES, Problem
from pages.components.html_table import Cell, show_rows
from reporting.rows import records_of

TONES = {SEVERITY_NAMES["error"]: "fail", SEVERITY_NAMES["warning"]: "pass", SEVERITY_NAMES["note"]: "plain"}
COLUMNS = ("severity", "sheet", "cell", "message", "fix")


def problem_frame(problems: Iterable[Problem]) -> pd.DataFrame:
    """One row per problem: severity, sheet, cell, message, fix."""
    return pd.DataFrame([[getattr(p, c) for c in COLUMNS] for p in problems], columns=list(COLUMNS))


def show_problems(
    problems: Iterable[Problem] | pd.DataFrame, *, download: str | None = None, with_file: bool = False
) -> None:
    """One row per problem with its severity, sheet, cell, what is wrong and how to mend it.

    `problems` are `data.problems.Problem` or a frame of queries.receipt_problems; `with_file` when several files' are
    together (column path). `download`: the file name (no extension) of xlsx and csv below the table.
    """
    frame = problems if isinstance(problems, pd.DataFrame) else problem_frame(problems)
    named = frame.assign(
        severity=[SEVERITY_NAMES.get(s, s) for s in frame["severity"]],
        message=[_without_place_and_fix(row) for row in records_of(frame)],
    )
    columns = {
        "severity": Cell("级别", "badge", tones=TONES, width="5.5em"),
        "sheet": Cell("工作表", width="8em"),
        "cell": Cell("单元格", width="6em"),
        "message": Cell("问题"),
        "fix": Cell("改正办法", width="28%"),
    }
    if with_file:
        columns = {"path": Cell("文件", width="20%"), **columns}
    show_rows(named, columns, download=download, height=620)


def _without_place_and_fix(row: dict[str, str]) -> str:
    """The message without what stands in columns of its own."""
    place = f"{row['sheet']}!{row['cell']}：" if row["cell"] else f"{row['sheet']}："
    return row["message"].removeprefix(place).removesuffix(row["fix"]).rstrip("，")
