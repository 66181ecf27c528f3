"""A small scheme's unit and workbook for the tests of this room, and shorthands to fill and check it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

import openpyxl
from stdnum.cn.uscc import calc_check_digit

from data.checks import check_workbook
from data.fill import fill_workbook
from data.model import Answer, Cycle, Unit
from data.problems import Problem
from data.template import build_template
from data.workbook import read_workbook
from scoring.scheme import load_scheme

SCHEME_PATH = Path(__file__).parents[1] / "schemes" / "small.toml"
SCHEME = load_scheme(SCHEME_PATH)
CYCLE = Cycle(
    cycle=2026,
    scheme_id=SCHEME.id,
    version=SCHEME.version,
    opens_on=date(2026, 3, 1),
    deadline=datetime(2026, 11, 30, 18),
)


def code(number: int) -> str:
    """A unit code with a right check digit."""
    body = f"1123010000000{number:04d}"
    return body + calc_check_digit(body)


UNIT = Unit(code=code(1), name="示例教育局", region="230102", category="organ", tags=("education",))
OTHER = Unit(code=code(2), name="示例第二教育局", region="230102", category="organ")
UNITS = {unit.code: unit for unit in (UNIT, OTHER)}
REGION_PATH = "黑龙江省/哈尔滨市/道里区"

# Where each indicator of UNIT stands, so that tests can name cells: two dimension headings, in rows 5 and 8.
ROWS = {
    "T19-01": 6,
    "T19-02": 7,
    "T19-03": 9,
    "T19-04": 10,
    "T19-05": 11,
    "T24-01": 12,
    "T28-01": 13,
    "T28-02": 14,
}
GOOD: dict[str, dict[str, object]] = {
    "T19-01": {"value": "是", "evidence": "示例〔2026〕1号"},
    "T19-02": {"value": "全面落实", "evidence": "示例〔2026〕2号"},
    "T19-03": {"numerator": 3, "denominator": 4, "evidence": "统计表"},
    "T19-04": {"value": 0.85, "evidence": "签到册"},
    "T19-05": {"value": 4, "evidence": "示例〔2026〕3号"},
    "T24-01": {"value": date(2026, 4, 15), "evidence": "活动通知"},
    "T28-01": {"value": "是", "evidence": "示例〔2026〕4号"},
    "T28-02": {"numerator": 5, "denominator": 10, "evidence": "检查记录"},
}


def template(unit: Unit = UNIT, *, scheme=SCHEME, cycle: int = 2026) -> bytes:
    return build_template(scheme, cycle=cycle, unit=unit, region_path=REGION_PATH)


def filled(changes: Mapping[str, Mapping[str, object]] | None = None) -> bytes:
    """The good workbook with some cells changed; a changed row keeps its other cells; None empties a cell."""
    answers = {key: dict(values) for key, values in GOOD.items()}
    for key, values in (changes or {}).items():
        answers[key].update(values)
    return fill_workbook(template(), answers)


def other_filled(unit: Unit, **values: object) -> bytes:
    """A good workbook of another unit: the answers to what applies to it; `values` are those of T19-05, a count."""
    asked = {i.id for i in SCHEME.indicators_for(category=unit.category, tags=unit.tags)}
    answers = {key: dict(cells) for key, cells in GOOD.items() if key in asked}
    answers["T19-05"].update(values)
    return fill_workbook(template(unit), answers)


def edited(edit: Callable[[openpyxl.Workbook], None], content: bytes | None = None) -> bytes:
    """The good workbook after an edit with openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(content or filled()))
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def check(
    content: bytes, *, units: Mapping[str, Unit] = UNITS, expected_unit: str | None = None
) -> tuple[str | None, list[Answer], list[Problem]]:
    """Read and check against the small scheme."""
    raw, problems = read_workbook(content)
    if raw is None:
        return None, [], problems
    return check_workbook(raw, scheme=SCHEME, cycle=CYCLE, units=units, expected_unit=expected_unit)


def found(content: bytes, **options) -> list[tuple[str, str]]:
    """(code, sheet!cell) of every problem, in their order."""
    return [(problem.code, problem.place) for problem in check(content, **options)[2]]


def answer(content: bytes, indicator: str) -> Answer:
    """The one answer to an indicator; the workbook must have no error."""
    _, answers, problems = check(content)
    assert [p.message for p in problems if p.severity == "error"] == []
    return next(a for a in answers if a.indicator == indicator)
