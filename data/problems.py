"""Problems as data: what is wrong with a file that was handed in, where, what is allowed, and how to mend it.

A user's mistake is a `Problem`, never an exception. The kinds are in `data.problem_kinds`; `problems_markdown`
writes docs/problems.md from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from data.personal_data import find_personal_data, looks_personal
from data.problem_kinds import KINDS, ProblemKind, Severity

MOST_PROBLEMS = (
    200  # of one file; a workbook has some 300 cells to get wrong, and nobody mends more in one go
)
FOUND_LENGTH = 30  # characters of a cell's content that are repeated in a message: enough to recognise it
MOST_COLUMNS = 256  # whose names are kept at hand; a workbook that is let in has 200 at most
SEVERITY_NAMES: dict[Severity, str] = {"error": "错误", "warning": "提醒", "note": "说明"}
CATALOGUE: dict[str, ProblemKind] = {kind.code: kind for kind in KINDS}

_CELL = re.compile(r"^([A-Z]{1,3})(\d+)$")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a file; `sheet` and `cell` are empty where it concerns the whole file or sheet.

    `found` is what stood there (shortened, never personal data), `text` says so in words, `allowed` and `fix` may
    not be empty where there is something to allow or mend.
    """

    code: str
    severity: Severity
    sheet: str
    cell: str
    found: str
    allowed: str
    fix: str
    text: str = ""

    @property
    def place(self) -> str:
        """Sheet and cell as 自评表!E14; the sheet alone, or nothing, where there is no cell."""
        return f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet

    @property
    def title(self) -> str:
        """The kind of problem in a few words."""
        kind = CATALOGUE.get(self.code)
        return kind.title.replace("{found}", self.found) if kind else self.code

    @property
    def message(self) -> str:
        """The whole sentence: where, what was found, what is allowed, how to mend it."""
        body = "，".join(part for part in (self.text, self.allowed, self.fix) if part)
        return f"{self.place}：{body}" if self.place else body

    def to_dict(self) -> dict[str, str]:
        """As `import --json` prints it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "sheet": self.sheet,
            "cell": self.cell,
            "found": self.found,
            "allowed": self.allowed,
            "fix": self.fix,
            "message": self.message,
        }


def make_problem(
    code: str, *, sheet: str = "", cell: str = "", found: object = "", **values: object
) -> Problem:
    """A problem of a kind in the catalogue; `values` fill the places that the kind's words leave open.

    Personal data in `found` is replaced by a remark, so that no message, receipt or marked copy repeats it.
    Raises KeyError for a code, or a place in its words, that is not there: a fault of the program.
    """
    kind = CATALOGUE[code]
    shown = shorten(found)
    words = {**values, "found": shown}
    return Problem(
        code=code,
        severity=kind.severity,
        sheet=sheet,
        cell=cell,
        found=shown,
        allowed=kind.allowed.format(**words) if values.get("allowed", True) else "",
        fix=kind.fix.format(**words),
        text=kind.text.format(**words),
    )


def shorten(value: object) -> str:
    """A cell's value as it is repeated to people: one line, at most `FOUND_LENGTH` characters, no personal data."""
    if looks_personal(value):
        return f"（{find_personal_data(value) or '疑似个人信息'}，不予显示）"
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    text = "".join(c if c.isprintable() else " " for c in text)
    text = " ".join(text.split())
    return text if len(text) <= FOUND_LENGTH else text[: FOUND_LENGTH - 1] + "…"


def sort_problems(problems: Iterable[Problem], sheet_order: Sequence[str] = ()) -> list[Problem]:
    """By place: the whole file first, then sheets in their order, in each what has no cell, then rows and columns."""
    position = {name: at for at, name in enumerate(sheet_order)}

    def key(problem: Problem) -> tuple:
        sheet = -1 if not problem.sheet else position.get(problem.sheet, len(position))
        match = _CELL.match(problem.cell)
        row, column = (int(match[2]), column_number(match[1])) if match else (0, 0)
        return sheet, problem.sheet, row, column, problem.code

    return sorted(problems, key=key)


def limit_problems(problems: Sequence[Problem], most: int = MOST_PROBLEMS) -> list[Problem]:
    """The first problems, and one more that says how many others there are."""
    if len(problems) <= most:
        return list(problems)
    return [*problems[:most], make_problem("too-many-problems", found=f"{len(problems) - most:,}")]


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether a file with these problems is refused."""
    return any(problem.severity == "error" for problem in problems)


@lru_cache(MOST_COLUMNS)
def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


@lru_cache(MOST_COLUMNS)
def column_letters(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def problems_markdown() -> str:
    """docs/problems.md: every kind of problem with its code, its words and the mend, by group."""
    lines = [
        "# 填报文件的问题清单",
        "",
        "本页由 `data/problem_kinds.py` 生成，请勿手改（`make docs`）。",
        "",
        "“错误”会退回文件，“提醒”和“说明”不影响接收。每条提示写明：工作表!单元格、填了什么、应填什么、怎样改正。",
        "花括号中是随文件变化的内容。",
    ]
    for group in dict.fromkeys(kind.group for kind in KINDS):
        lines += [
            "",
            f"## {group}",
            "",
            "| 代码 | 程度 | 问题 | 提示 | 改正办法 |",
            "| --- | --- | --- | --- | --- |",
        ]
        for kind in (kind for kind in KINDS if kind.group == group):
            says = "，".join(part for part in (kind.text, kind.allowed) if part)
            cells = (f"`{kind.code}`", SEVERITY_NAMES[kind.severity], kind.title, says, kind.fix)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
