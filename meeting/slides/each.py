"""One slide a compared region: its numbers, its dimensions beside the province's, what costs it most."""

from __future__ import annotations

from functools import partial

import pandas as pd

from data import queries
from meeting.material import Material
from meeting.slides.common import Peers, Planned, peers_of, planned, region_names
from meeting.slides.losses import dimension_bars
from reporting.deck_sentences import say_gap_to_province, say_place
from reporting.deck_spec import Card, Cards, Column, Lines, Placed, Table
from reporting.headlines import say_bounds
from reporting.palette import LIGHT
from reporting.rows import rows_of
from reporting.theme import is_missing, number, percent

MOST_GAPS = 3
BETWEEN = 0.03


def each(material: Material) -> list[Planned]:
    """A slide for every compared region, in the order of the ranking; the frames are asked once for all."""
    names = region_names(material, material.regions)
    peers = peers_of(material)
    province = material.ask(queries.region_dimensions)
    gaps = material.ask_rows(queries.costliest_gaps, most=MOST_GAPS)
    return [
        planned(
            name,
            partial(
                _tell, material, row, name, peers, province=province, gaps=gaps[gaps["code"] == row["code"]]
            ),
        )
        for row, name in zip(material.regions.to_dict("records"), names, strict=True)
    ]


def _tell(
    material: Material, row: dict, name: str, peers: Peers, *, province: pd.DataFrame, gaps: pd.DataFrame
) -> tuple[str, tuple[Placed, ...]]:
    d = material.decimals
    if material.is_before_deadline:
        said = say_bounds(row, name=name, decimals=d)
    else:
        place = peers.place(row["rank"])
        said = say_place(row, name=name, level=material.level_name, decimals=d, **place)
        apart = say_gap_to_province(row["score"], material.province["score"], decimals=d)
        said += f"，{apart}" if apart else ""
    blocks = [Placed(_cards(material, row), bottom=0.22)]
    own = material.matrix[material.matrix["code"] == row["code"]].set_index("key")["attainment"]
    if len(own):
        profile = province.assign(attainment=province["dimension"].map(own))
        bars = dimension_bars(profile, name=name, is_province=False)
        blocks.append(Placed(bars, top=0.22 + BETWEEN, right=0.52))
    if len(gaps):
        remark = Lines((f"失分最多的 {len(gaps)} 项指标（本地区得分中失去的分）",), is_remark=True)
        blocks += [
            Placed(remark, left=0.55, top=0.22 + BETWEEN, bottom=0.3),
            Placed(_gap_table(gaps, d), left=0.55, top=0.31),
        ]
    else:
        said_instead = "没有指标失分。" if len(own) else "没有已评分的单位。"
        blocks.append(Placed(Lines((said_instead,)), left=0.55, top=0.22 + BETWEEN))
    return f"{said}。", tuple(blocks)


def _cards(material: Material, row: dict) -> Cards:
    d = material.decimals
    submitted = Card(
        "提交率",
        percent(row["submission_rate"]),
        note=f"已提交 {row['submitted']} / {row['registered']} 家",
        colour=LIGHT.accent,
    )
    verified = Card("核定比例", percent(row["verified_share"], 0), colour=LIGHT.accent)
    if material.is_before_deadline:
        bounds = Card("得分可能区间", f"{number(row['low'], d)}–{number(row['high'], d)}", "分")
        return Cards((submitted, bounds, verified), 3)
    grade = "无等次" if is_missing(row["grade_name"]) else row["grade_name"]
    colour = LIGHT.grade(row["grade"])
    return Cards(
        (
            Card("得分", number(row["score"], d), "分", colour=colour),
            Card("名次", number(row["rank"], 0), note=f"全省{material.level_name}中", colour=colour),
            Card("等次", grade, colour=colour),
            submitted,
            verified,
        ),
        5,
    )


def _gap_table(gaps: pd.DataFrame, decimals: int) -> Table:
    return Table(
        (
            Column("指标", 3),
            Column("条文", 3.4),
            Column("失分", 1.2, "right"),
            Column("得分率", 1.4, "right"),
        ),
        tuple(
            (row.label, row.place, number(row.gap, decimals), percent(row.attainment))
            for row in rows_of(gaps)
        ),
        lines=2,
    )
