"""Slides about the year's course: what changed from last year, rectification, vetoes and deductions."""

from __future__ import annotations

from functools import partial

import pandas as pd

from meeting.material import Material
from meeting.slides.common import (
    ABOVE_REMARK,
    COUNT_FORMAT,
    MOST_BARS,
    REMARK_AT,
    Planned,
    beside,
    name_cell,
    pages,
    planned,
    region_names,
    signed_axis,
    signed_format,
)
from meeting.slides.steps import step_bars, step_table
from reporting.deck_sentences import say_findings, say_tasks, say_vetoes
from reporting.deck_spec import Bars, Card, Cards, Cell, Column, Lines, Placed, Series, Table
from reporting.palette import LIGHT
from reporting.rows import rows_of
from reporting.steps import ENDS
from reporting.theme import is_missing, number, percent, signed
from reporting.trend_headlines import say_causes, say_move, say_moves

MOST_TASK_ROWS = 13  # under the cards there is less room
FINDINGS_PER_SLIDE, VETOES_PER_SLIDE = 14, 10


def change(material: Material) -> list[Planned]:
    """The regions' moves from the cycle before, and what moved the region's score; nothing before the deadline."""
    if material.before is None or material.is_before_deadline:
        return []
    years = (material.before, material.cycle)
    return [*_moves(material, years), *_bridge(material, years)]


def _moves(material: Material, years: tuple[int, int]) -> list[Planned]:
    rows = material.region_moves
    known = rows[rows["change"].notna()] if len(rows) else rows
    if known.empty:
        return []
    title = f"各{material.level_name}与 {years[0]} 年相比"
    return [planned(title, partial(_tell_moves, material, years, known))]


def _tell_moves(
    material: Material, years: tuple[int, int], known: pd.DataFrame
) -> tuple[str, tuple[Placed, ...]]:
    d = material.decimals_of_years
    shown = known.head(MOST_BARS).sort_values(["moved", "code"], ascending=[False, True])
    names = region_names(material, shown)
    values = tuple(None if is_missing(value) else float(value) for value in shown["moved"])
    low, high = signed_axis(values)
    bars = Bars(
        tuple(names),
        (
            Series(
                "变化",
                values,
                LIGHT.gain,
                labels=signed_format(d),
                point_colours=tuple(LIGHT.gain if value >= 0 else LIGHT.loss for value in values),
            ),
        ),
        low=low,
        high=high,
    )
    table = Table(
        (
            Column("地区", 3.7),
            Column(f"{years[0]} 年", 1.45, "right"),
            Column(f"{years[1]} 年", 1.45, "right"),
            Column("变化", 1.45, "right"),
            Column("名次", 1.95, "right"),
        ),
        tuple(
            (
                name_cell(name, is_chosen=row.code == material.region),
                number(row.score_before, d),
                number(row.score_now, d),
                signed(row.moved, d),
                _ranks(row),
            )
            for name, row in zip(names, rows_of(shown), strict=True)
        ),
    )
    remark = ""
    if len(shown) < len(known):
        remark = f"共 {len(known)} 个地区两年都有得分，列出变动最大的 {MOST_BARS} 个。"
    said = f"{say_moves(material.region_moves, level=material.level_name, decimals=d)}。"
    return said, beside(bars, table, remark=remark)


def _bridge(material: Material, years: tuple[int, int]) -> list[Planned]:
    if material.bridge.empty:
        return []
    title = f"{material.name}得分与 {years[0]} 年相比"
    return [planned(title, partial(_tell_bridge, material, years))]


def _tell_bridge(material: Material, years: tuple[int, int]) -> tuple[str, tuple[Placed, ...]]:
    d, steps = material.decimals_of_years, material.bridge
    shown = steps[(steps["printed"] != 0) | steps["kind"].isin(ENDS)]
    move = {"score_before": steps["printed"].iloc[0], "score_now": steps["printed"].iloc[-1]}
    said = say_move(move, name=material.name, years=years, decimals=d)
    blocks = (
        Placed(step_bars(shown, decimals=d), right=0.66),
        Placed(step_table(shown, decimals=d), left=0.7),
    )
    return f"{said}；{say_causes(steps, decimals=d, most=1)}。", blocks


def tasks(material: Material) -> list[Planned]:
    """How fast regions close their rectification tasks; nothing where none was given out."""
    if not material.task_summary["given_out"]:
        return []
    return [planned("整改督办", partial(_tell_tasks, material))]


def _tell_tasks(material: Material) -> tuple[str, tuple[Placed, ...]]:
    summary = material.task_summary
    rows = material.task_rates[material.task_rates["given_out"] > 0]
    rows = rows.sort_values(
        ["overdue", "closing_rate", "given_out", "code"], ascending=[False, True, False, True]
    )
    shown = rows.head(MOST_TASK_ROWS)
    cards = Cards(
        (
            Card("下达", f"{summary['given_out']}", "项", colour=LIGHT.accent),
            Card("已销号", f"{summary['done']}", "项", colour=LIGHT.gain),
            Card("销号率", percent(summary["closing_rate"]), colour=LIGHT.gain),
            Card("逾期未报送", f"{summary['overdue']}", "项", colour=LIGHT.grade("fail")),
        ),
        4,
    )
    blocks = [Placed(cards, bottom=0.22)]
    if len(shown):
        names = region_names(material, shown)
        parts = (
            ("已销号", "done", LIGHT.gain),
            ("待复核", "answered", LIGHT.accent),
            ("待报送", "waiting", LIGHT.grades["pass"]),
        )
        bars = Bars(
            tuple(names),
            tuple(
                Series(title, tuple(float(count) for count in shown[column]), colour, labels=COUNT_FORMAT)
                for title, column, colour in parts
            ),
            stacking="stacked",
            has_legend=True,
            is_crowded=True,
        )
        table = Table(
            (
                Column("地区", 3.4),
                Column("下达", 1.1, "right"),
                Column("已销号", 1.3, "right"),
                Column("销号率", 1.5, "right"),
                Column("逾期", 1.1, "right"),
            ),
            tuple(
                (
                    name_cell(name, is_chosen=row.code == material.region),
                    f"{row.given_out}",
                    f"{row.done}",
                    percent(row.closing_rate),
                    f"{row.overdue}",
                )
                for name, row in zip(names, rows_of(shown), strict=True)
            ),
        )
        remark = f"截至 {material.today:%Y-%m-%d}。按逾期项数从多到少、销号率从低到高排列。"
        if len(shown) < len(rows):
            remark += f"共 {len(rows)} 个地区有整改任务，列出前 {MOST_TASK_ROWS} 个。"
        blocks += beside(bars, table, remark=remark, top=0.25)
    return f"{say_tasks(summary, name=material.name)}。", tuple(blocks)


def findings(material: Material) -> list[Planned]:
    """What was found, by kind and entry, then the vetoed units; nothing where nothing stands."""
    frame = material.findings
    if frame.empty:
        return []
    counts = frame.groupby(
        ["kind", "kind_name", "finding", "finding_name", "place"], as_index=False, sort=False
    ).agg(items=("key", "size"), units=("unit", "nunique"), applied=("applied", lambda s: s.sum(min_count=1)))
    order = {"veto": 0, "deduction": 1, "bonus": 2}
    counts = counts.assign(order=counts["kind"].map(order)).sort_values(
        ["order", "items", "finding"], ascending=[True, False, True]
    )
    slides = [
        planned(f"扣分、否决与加分{mark}", partial(_tell_findings, material, page))
        for page, mark in pages(counts, FINDINGS_PER_SLIDE)
    ]
    vetoes = frame[frame["kind"] == "veto"]
    for page, mark in pages(vetoes, VETOES_PER_SLIDE) if len(vetoes) else ():
        slides.append(planned(f"一票否决单位{mark}", partial(_tell_vetoes, page, vetoes)))
    return slides


def _tell_findings(material: Material, page: pd.DataFrame) -> tuple[str, tuple[Placed, ...]]:
    blocks = (Placed(_finding_table(page), bottom=ABOVE_REMARK), _remark())
    return f"{say_findings(material.findings, name=material.name)}。", blocks


def _finding_table(counts: pd.DataFrame) -> Table:
    colours = {"veto": LIGHT.grade("fail"), "deduction": LIGHT.loss, "bonus": LIGHT.gain}
    return Table(
        (
            Column("类别", 1.3),
            Column("情形", 6),
            Column("条文", 2.9),
            Column("认定（项）", 1.3, "right"),
            Column("单位（家）", 1.3, "right"),
            Column("分值合计", 1.3, "right"),
        ),
        tuple(
            (
                Cell(row.kind_name, ink=colours[row.kind], is_bold=True),
                row.finding_name,
                row.place,
                f"{row.items}",
                f"{row.units}",
                _points(row.applied, row.kind),
            )
            for row in rows_of(counts)
        ),
        lines=2,
    )


def _remark() -> Placed:
    text = "分值为单位分数，已计逾期、从重系数；加分未计上限。"
    return Placed(Lines((text,), is_remark=True), top=REMARK_AT)


def _tell_vetoes(page: pd.DataFrame, vetoes: pd.DataFrame) -> tuple[str, tuple[Placed, ...]]:
    table = Table(
        (
            Column("单位", 3.4),
            Column("所在地区", 1.6),
            Column("情形", 4.2),
            Column("条文", 2),
            Column("认定日期", 1.8),
            Column("文号", 2.2),
        ),
        tuple(
            (
                row.unit_name,
                row.region_name,
                row.finding_name,
                row.place,
                f"{row.on_date:%Y-%m-%d}",
                row.document or "—",
            )
            for row in rows_of(page)
        ),
        lines=2,
    )
    return f"{say_vetoes(vetoes)}。", (Placed(table),)


def _points(applied: float, kind: str) -> str:
    if is_missing(applied):
        return "—"
    return signed(applied if kind == "bonus" else -applied, 1)


def _ranks(row) -> str:
    if is_missing(row.rank_before) or is_missing(row.rank_now):
        return "—"
    return f"{int(row.rank_before)} → {int(row.rank_now)}"
