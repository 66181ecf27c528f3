"""The workbook's sheets on where points are lost: region by dimension and by article, by indicator, and step by step."""

from __future__ import annotations

import math

import pandas as pd

from data import queries
from meeting.book_parts import TO_WHOLE, Counted, about_rows, with_places
from meeting.material import Material
from reporting.headlines import say_costliest, say_losses, say_weakest
from reporting.palette import LIGHT
from reporting.rows import rows_of
from reporting.steps import ENDS
from reporting.theme import signed
from reporting.xlsx_formats import score_format
from reporting.xlsx_spec import Chart, Column, Series, Sheet

COSTLIEST = 15  # indicators in the chart
AXIS_STEP = 5  # points
LABEL_SHARE = 0.28  # of the steps' span, for the labels before the lowest of them
NO_REGIONS = "没有可比较的地区"
MEASURES = ("得分率", "失分")
NO_CELL = "空白：该地区没有适用的已评分单位。"
GAP_COLUMNS = {
    "label": Column("指标", width=26),
    "key": Column("指标编号", "code"),
    "article": Column("条文", "count", meaning="《条例》的条"),
    "place": Column("依据", width=27),
    "dimension_name": Column("考核维度"),
    "gap": Column("失分", "points", has_sum=True, paint="loss", meaning="该项使本地区少得的分，各项相加等于指标失分合计"),
    "attainment": Column("得分率", "percent", paint="attainment", meaning="得到的分值占应得分值的比重"),
    "units_short": Column("未得满分\n单位", "count"),
    "units": Column("适用单位", "count"),
}  # fmt: skip


def dimensions_sheet(material: Material) -> Sheet:
    """Attainment by dimension, of the region and of the province."""
    columns = {
        "dimension_name": Column("考核维度"),
        "attainment": Column(f"{material.name}得分率", "percent", paint="attainment"),
    }
    series = [Series("attainment", LIGHT.accent, "0.0%")]
    if material.region is not None:
        columns["province_mean"] = Column("全省得分率", "percent", paint="attainment")
        series.append(Series("province_mean", LIGHT.quiet, "0.0%"))
    chart = Chart(
        f"{material.name}各维度得分率",
        "dimension_name",
        series,
        **TO_WHOLE,
        has_legend=len(series) > 1,
    )
    return Sheet("维度得分率", f"{material.name}各维度得分率", columns, material.dimensions, charts=[chart])


def count_matrix(material: Material) -> Counted | str:
    """`matrix_sheet`, only counted."""
    regions = material.matrix["code"].nunique()
    return Counted("失分矩阵", regions) if regions else NO_REGIONS


def count_articles(material: Material) -> list[Counted | str]:
    """`article_sheets`, only counted."""
    regions = material.ask_rows(queries.gap_matrix, by="article")["code"].nunique()
    return [Counted(f"失分矩阵按条文（{what}）", regions) if regions else NO_REGIONS for what in MEASURES]


def matrix_sheet(material: Material) -> Sheet | str:
    """Regions against dimensions: attainments, then points lost."""
    if material.matrix.empty:
        return NO_REGIONS
    attainments, losses = _wide(material.matrix)
    rows = attainments[0].merge(losses[0], on=["code", "name"])
    columns = {
        "name": Column("地区"),
        "code": Column("行政区划代码", "code"),
        **{key: Column(f"{label}\n得分率", "percent", 9.5, "attainment") for key, label in attainments[1].items()},
        **{key: Column(f"{label}\n失分", "points", 9.5, "loss") for key, label in losses[1].items()},
    }  # fmt: skip
    columns, rows, _ = with_places(material, columns, rows)
    notes = [f"{say_weakest(material.matrix)}。{NO_CELL}"]
    return Sheet("失分矩阵", f"{about_rows(material)}各维度得分率和失分", columns, rows, notes=notes)


def article_sheets(material: Material) -> list[Sheet | str]:
    """Regions against articles: attainments on one sheet, points lost on another, so that both can be printed."""
    matrix = material.ask_rows(queries.gap_matrix, by="article")
    if matrix.empty:
        return [NO_REGIONS] * len(MEASURES)
    made = []
    for (rows, labels), name, kind, paint in zip(
        _wide(matrix), MEASURES, ("percent", "points"), ("attainment", "loss"), strict=True
    ):
        columns = {
            "name": Column("地区"),
            "code": Column("行政区划代码", "code"),
            **{key: Column(label, kind, 8.5, paint) for key, label in labels.items()},
        }
        columns, rows, _ = with_places(material, columns, rows)
        title = f"{about_rows(material)}各条文{name}"
        made.append(Sheet(f"失分矩阵按条文（{name}）", title, columns, rows, notes=[NO_CELL]))
    return made


def _wide(matrix: pd.DataFrame) -> list[tuple[pd.DataFrame, dict[str, str]]]:
    """A matrix with a column per key, once of attainments and once of gaps, and the label of each column."""
    labels = dict(zip(matrix["key"], matrix["label"], strict=True))
    order = pd.MultiIndex.from_frame(matrix[["code", "name"]].drop_duplicates())
    result = []
    for what in ("attainment", "gap"):
        wide = matrix.pivot(index=["code", "name"], columns="key", values=what).reindex(order)[list(labels)]
        result.append(
            (
                wide.add_prefix(f"{what}_").reset_index(),
                {f"{what}_{key}": label for key, label in labels.items()},
            )
        )
    return result


def gaps_sheet(material: Material) -> Sheet | str:
    """What each indicator costs the region, the costliest first."""
    gaps = material.gaps
    if gaps.empty:
        return "没有已评分的单位"
    chart = Chart(
        f"{material.name}失分最多的 {min(COSTLIEST, len(gaps))} 项指标",
        "label",
        [Series("gap", LIGHT.loss, "0.00")],
        count=min(COSTLIEST, len(gaps)),
        low=0,
        high=float(math.ceil(gaps["gap"].max() * 11.5) / 10),  # room for the longest bar's label
        scale="0.0",
    )
    return Sheet(
        "指标失分",
        f"{material.name}各项指标失分",
        GAP_COLUMNS,
        gaps,
        notes=[f"{say_costliest(gaps, decimals=material.decimals)}。"],
        closing={"label": "合计（随筛选变化）"},
        charts=[chart],
    )


def waterfall_sheet(material: Material) -> Sheet | str:
    """From full marks to the score; the printed steps add up to the printed score."""
    steps = material.waterfall
    if steps.empty:
        return f"{material.name}还没有得分"
    note = "每一步失去或加上的分；列示的数相加等于得分，未舍入的数也是。"
    says = say_losses(steps, name=material.name, decimals=material.decimals)
    return steps_sheet(
        "失分分解",
        f"{material.name}从满分到得分",
        steps,
        decimals=material.decimals,
        notes=[f"{says}。", note],
    )


def steps_sheet(
    name: str, title: str, steps: pd.DataFrame, *, decimals: int, notes: list[str], has_note: bool = False
) -> Sheet:
    """Steps from one score to another (queries.waterfall, queries.bridge) as a table that sums up, with its chart."""
    columns = {
        "label": Column("去向", width=30),
        "printed": Column("分", "signed", 10, has_sum=True, paint="signs"),
        "value": Column("未舍入", "exact", has_sum=True),
    }
    if has_note:
        columns["note"] = Column("说明", width=60)
    form = score_format(decimals)
    rows, last = _with_bars(steps.iloc[:-1]), steps.iloc[-1]
    texts = ["" if row.kind in ENDS else signed(row.printed, decimals) for row in rows_of(rows)]
    helpers = {
        "base": Column("作图：底", "exact"),
        "end": Column("得分", "exact"),
        "up": Column("加上", "exact"),
        "down": Column("失去", "exact"),
    }
    low, high = _ends(rows)
    chart = Chart(
        title,
        "label",
        [
            Series("base", None, texts=[*texts, ""]),
            Series("end", LIGHT.accent, form),
            Series("up", LIGHT.gain),
            Series("down", LIGHT.loss),
        ],
        kind="stacked",
        low=low,
        high=high,
        scale="0",
        has_closing_row=True,
    )
    return Sheet(
        name,
        title,
        columns,
        rows,
        notes=notes,
        closing={"label": last["label"], "end": last["printed"]},
        sums_follow_filter=False,
        decimals=decimals,
        is_steps=True,
        helpers=helpers,
        charts=[chart],
    )


def _with_bars(steps: pd.DataFrame) -> pd.DataFrame:
    """The steps with what a stacked chart needs to let each begin where the one before ended."""
    running, bars = 0.0, []
    for kind, printed in zip(steps["kind"], steps["printed"], strict=True):
        if kind in ENDS:
            running = printed
            bars.append((None, printed, None, None))
            continue
        low = min(running, running + printed)
        running += printed
        bars.append((low, None, printed if printed > 0 else None, -printed if printed < 0 else None))
    frame = pd.DataFrame(bars, columns=["base", "end", "up", "down"], index=steps.index, dtype="float64")
    return steps.join(frame)


def _ends(rows: pd.DataFrame) -> tuple[float, float]:
    """Where the axis begins and ends: close around the steps, so that they are wide enough to be seen."""
    tops = rows["base"].fillna(0.0) + rows[["end", "up", "down"]].sum(axis=1)
    lowest, highest = rows[["base", "end"]].min(axis=1).min(), tops.max()
    room = LABEL_SHARE * (highest - lowest)
    low = max(0.0, AXIS_STEP * math.floor((lowest - room) / AXIS_STEP))
    return low, float(AXIS_STEP * math.ceil(highest / AXIS_STEP))
