"""What the sheets of the workbook have in common: columns that several have, charts in pieces, what is left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from data.queries.ask import PROVINCE
from data.regions import regions_by_code
from meeting.material import Material
from reporting.palette import LIGHT
from reporting.xlsx_spec import Chart, Column

# The axis of a whole goes on a little past it, for the labels of full bars, and is not numbered there.
TO_HUNDRED = {"low": 0.0, "high": 112.0, "scale": '[<=100]0;""'}
TO_WHOLE = {"low": 0.0, "high": 1.12, "scale": '[<=1]0%;""'}
PIECE_ROWS = 43  # bars of one piece of a chart that still fit a page
PIECES = ("（一）", "（二）", "（三）", "（四）", "（五）", "（六）")
NOT_RANKED = "截止前不排名次，不定等次；得分随提交和核定变动，只列目前得分和可能区间。"
PROVINCE_PREFIX = "黑龙江省/"


@dataclass(frozen=True)
class Counted:
    """A sheet that the workbook will have, not made yet: its name, and how many rows it has."""

    name: str
    rows: int


def grade_colours(material: Material) -> dict[str, str]:
    """Name of each of the scheme's grades → its colour on the screens."""
    return {grade.name: LIGHT.grade(grade.id) for grade in material.scheme.grades}


def without_ranks(columns: Mapping[str, Column], *, names: tuple[str, ...]) -> dict[str, Column]:
    """The columns without those that are made from ranks; a score is one that still moves."""
    left = {name: column for name, column in columns.items() if name not in names}
    if "score" in left:
        left["score"] = replace(left["score"], title="目前得分")
    return left


def without_empty(
    columns: Mapping[str, Column], rows: pd.DataFrame, *, names: tuple[str, ...]
) -> dict[str, Column]:
    """The columns without those of `names` that hold nothing in any row."""
    is_empty = {name: (rows[name].isna() | (rows[name].astype(str) == "")).all() for name in names}
    return {name: column for name, column in columns.items() if not is_empty.get(name, False)}


def with_places(
    material: Material, columns: Mapping[str, Column], rows: pd.DataFrame
) -> tuple[dict[str, Column], pd.DataFrame, str]:
    """Columns and rows of regions as they are told apart, and the column that names them in a chart.

    Counties of the whole province get their prefecture beside them, and the name of both as the last column: several
    have the same name.
    """
    columns = {name: column for name, column in columns.items() if name != "parent_name"}
    if not material.is_spread:
        return columns, rows, "name"
    known = regions_by_code()
    parents = ["" if code == PROVINCE else known[known[code].parent].name for code in rows["code"]]
    rows = rows.assign(parent_name=parents)
    rows = rows.assign(full_name=rows["parent_name"] + rows["name"])
    at = list(columns).index("name") + 1
    ordered = list(columns.items())
    ordered[at:at] = [("parent_name", Column("所属"))]
    return {**dict(ordered), "full_name": Column("地区全称")}, rows, "full_name"


def in_pieces(chart: Chart, rows: int) -> list[Chart]:
    """The chart, or as many pieces of it as it takes to keep its bars apart."""
    if rows <= PIECE_ROWS:
        return [chart]
    count = -(-rows // PIECE_ROWS)
    size = -(-rows // count)
    return [
        replace(chart, piece=PIECES[at], first=at * size, count=min(size, rows - at * size))
        for at in range(count)
    ]


def printed_to(column: Column) -> str:
    """Says which columns a print leaves out."""
    return f"打印时只印到“{column.title}”一列。".replace("\n", "")


def short_path(paths: pd.Series) -> pd.Series:
    """哈尔滨市/道里区 of 黑龙江省/哈尔滨市/道里区: everything in the workbook lies in the province."""
    return paths.str.removeprefix(PROVINCE_PREFIX)


def about_rows(material: Material) -> str:
    """Which regions are compared, and of a county that they are its siblings."""
    if material.region is None:
        return f"全省各{material.level_name}"
    if material.region in set(material.regions["code"]):
        return f"{material.name}及同市（地）各{material.level_name}"
    return f"{material.name}各{material.level_name}"
