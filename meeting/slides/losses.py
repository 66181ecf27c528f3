"""Slides about where points are lost: dimensions, heat table, costliest indicators, waterfall, self against verified."""

from __future__ import annotations

from functools import partial

import pandas as pd

from data import queries
from meeting.material import Material
from meeting.slides.common import (
    LEFT,
    MOST_BARS,
    RIGHT,
    SHARE_FORMAT,
    Planned,
    as_printed,
    beside,
    headroom,
    name_cell,
    pages,
    planned,
    points_format,
    region_names,
    share_as_printed,
    signed_axis,
    signed_format,
    still_open,
)
from meeting.slides.steps import step_bars, step_table
from reporting.deck_sentences import say_dimensions, say_inflation
from reporting.deck_spec import Bars, Cell, Column, Placed, Series, Table
from reporting.headlines import say_costliest, say_losses, say_weakest
from reporting.palette import LIGHT, ramp_colour, text_on
from reporting.rows import rows_of
from reporting.steps import ENDS
from reporting.theme import is_missing, number, percent, signed

MOST_GAPS = 10
PALEST = 0.06  # where on the ramp the best cell of the heat table stands, as in the figure
PERCENT = 100


def dimensions(material: Material) -> list[Planned]:
    """Attainment by dimension, beside the province's for a region below it."""
    if material.dimensions.empty:
        return []
    return [planned("各维度得分率", partial(_tell_dimensions, material))]


def _tell_dimensions(material: Material) -> tuple[str, tuple[Placed, ...]]:
    frame = material.dimensions
    gaps = material.ask(queries.region_gaps, region=material.region, by="dimension").set_index("key")["gap"]
    is_province = material.region is None
    said = still_open(material, say_dimensions(frame, name=material.name, is_province=is_province))
    return said, (
        Placed(dimension_bars(frame, name=material.name, is_province=is_province), **LEFT),
        Placed(_dimension_table(frame, gaps, material), **RIGHT),
    )


def dimension_bars(frame: pd.DataFrame, *, name: str, is_province: bool) -> Bars:
    """Attainments (queries.region_dimensions) as bars, the province's in grey under the region's."""
    own = Series(
        name, tuple(share_as_printed(share) for share in frame["attainment"]), LIGHT.accent, labels=SHARE_FORMAT
    )  # fmt: skip
    mean = Series(
        "全省", tuple(share_as_printed(share) for share in frame["province_mean"]), LIGHT.quiet, labels=SHARE_FORMAT
    )  # fmt: skip
    return Bars(
        tuple(frame["dimension_name"]),
        (own,) if is_province else (own, mean),
        high=headroom([1.0]),
        has_legend=not is_province,
    )


def _dimension_table(frame: pd.DataFrame, gaps: pd.Series, material: Material) -> Table:
    d = material.decimals
    columns = [Column("维度", 4), Column("得分率", 1.6, "right")]
    if material.region is not None:
        columns += [Column("全省", 1.6, "right"), Column("差（百分点）", 2, "right")]
    columns.append(Column("失分", 1.5, "right"))
    rows = []
    for row in rows_of(frame):
        cells = [row.dimension_name, percent(row.attainment)]
        if material.region is not None:
            apart = None
            if not is_missing(row.attainment) and not is_missing(row.province_mean):
                apart = PERCENT * (row.attainment - row.province_mean)
            cells += [percent(row.province_mean), signed(apart, 1)]
        rows.append((*cells, number(gaps.get(row.dimension), d)))
    return Table(tuple(columns), tuple(rows), lines=2)


def heat(material: Material) -> list[Planned]:
    """Regions against dimensions: attainment in every cell, the more lost the darker."""
    matrix = material.matrix
    if matrix.empty:
        return []
    rows = material.regions[material.regions["code"].isin(matrix["code"])]
    return [
        planned(f"各{material.level_name}各维度得分率{mark}", partial(_tell_heat, material, page))
        for page, mark in pages(rows)
    ]


def _tell_heat(material: Material, page: pd.DataFrame) -> tuple[str, tuple[Placed, ...]]:
    matrix = material.matrix
    names = dict(zip(material.dimensions["dimension"], material.dimensions["dimension_name"], strict=True))
    keys = [key for key in names if key in set(matrix["key"])]
    keys += [key for key in dict.fromkeys(matrix["key"]) if key not in keys]
    names |= dict(zip(matrix["key"], matrix["label"], strict=True))
    values = matrix.pivot(index="code", columns="key", values="attainment")
    best, worst = matrix["attainment"].max(), matrix["attainment"].min()
    table = Table(
        (Column("地区", 1.9), *(Column(names[key], 1, "center") for key in keys)),
        tuple(
            (
                name_cell(name, is_chosen=code == material.region),
                *(_heat_cell(values.loc[code, key], best, worst) for key in keys),
            )
            for name, code in zip(region_names(material, page), page["code"], strict=True)
        ),
        lines=2,
    )
    return still_open(material, say_weakest(matrix)), (Placed(table),)


def _heat_cell(value: float, best: float, worst: float) -> Cell:
    if is_missing(value):
        return Cell("—", ink=LIGHT.muted)
    share = (best - value) / (best - worst) if best > worst else 0.0
    colour = ramp_colour(LIGHT, PALEST + (1 - PALEST) * share if best > worst else 0.0)
    return Cell(percent(value), fill=colour, ink=text_on(colour))


def costliest(material: Material) -> list[Planned]:
    """The ten indicators that cost the region most, with their articles."""
    gaps = material.gaps[material.gaps["gap"] > 0].head(MOST_GAPS)
    return [] if gaps.empty else [planned("失分最多的指标", partial(_tell_costliest, material, gaps))]


def _tell_costliest(material: Material, gaps: pd.DataFrame) -> tuple[str, tuple[Placed, ...]]:
    d = material.decimals
    lost = tuple(as_printed(gap, d) for gap in gaps["gap"])
    bars = Bars(
        tuple(gaps["label"]),
        (Series("失分", lost, LIGHT.loss, labels=points_format(d)),),
        high=headroom(lost),
    )
    table = Table(
        (
            Column("指标", 2.8),
            Column("条文", 3.7),
            Column("失分", 1, "right"),
            Column("得分率", 1.2, "right"),
            Column("未满分/适用（家）", 1.5, "right"),
        ),
        tuple(
            (
                row.label,
                row.place,
                number(row.gap, d),
                percent(row.attainment),
                f"{row.units_short:.0f}/{row.units:.0f}",
            )
            for row in rows_of(gaps)
        ),
        lines=2,
    )
    said = still_open(material, say_costliest(material.gaps, decimals=d, most=MOST_GAPS))
    return said, (Placed(bars, right=0.36), Placed(table, left=0.38))


def waterfall(material: Material) -> list[Planned]:
    """From 100 to the score; the printed parts add up."""
    if material.waterfall.empty:
        return []
    return [planned("从满分到得分", partial(_tell_waterfall, material))]


def _tell_waterfall(material: Material) -> tuple[str, tuple[Placed, ...]]:
    steps, d = material.waterfall, material.decimals
    shown = steps[(steps["value"] != 0) | steps["kind"].isin(ENDS)]
    return still_open(material, say_losses(steps, name=material.name, decimals=d)), (
        Placed(step_bars(shown, decimals=d), right=0.66),
        Placed(step_table(shown, decimals=d), left=0.7),
    )


def inflation(material: Material) -> list[Planned]:
    """How far self-assessments stand above what was verified, region by region; the most first."""
    rows = material.regions[material.regions["self_inflation"].notna()]
    return [] if rows.empty else [planned("自评与核定", partial(_tell_inflation, material, rows))]


def _tell_inflation(material: Material, rows: pd.DataFrame) -> tuple[str, tuple[Placed, ...]]:
    d = material.decimals
    said = still_open(material, say_inflation(material.summary, rows, name=material.name, decimals=d))
    rows = rows.sort_values(["self_inflation", "code"], ascending=[False, True])
    shown = rows.head(MOST_BARS)
    remark = "自评偏差：自评得分减核定得分，未计扣分、加分；只核定了一部分的，其余按自评计。"
    if len(shown) < len(rows):
        remark += f"共 {len(rows)} 个地区，列出偏差最大的 {MOST_BARS} 个。"
    names = region_names(material, shown)
    values = tuple(as_printed(value, d) for value in shown["self_inflation"])
    low, high = signed_axis(values)
    bars = Bars(
        tuple(names), (Series("自评偏差", values, LIGHT.accent, labels=signed_format(d)),), low=low, high=high
    )
    table = Table(
        (
            Column("地区", 4),
            Column("自评得分", 1.8, "right"),
            Column("自评偏差", 1.8, "right"),
            Column("核定比例", 1.8, "right"),
        ),
        tuple(
            (
                name_cell(name, is_chosen=row.code == material.region),
                number(row.self_score, d),
                signed(row.self_inflation, d),
                percent(row.verified_share, 0),
            )
            for name, row in zip(names, rows_of(shown), strict=True)
        ),
    )
    return said, beside(bars, table, remark=remark)
