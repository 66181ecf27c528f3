"""Slides about how the regions stand: cover, the year's numbers, ranking, tiles."""

from __future__ import annotations

from functools import partial

import pandas as pd

from meeting.material import Material
from meeting.slides.common import (
    LEFT,
    RIGHT,
    SHARE_FORMAT,
    Planned,
    as_printed,
    grade_cell,
    headroom,
    name_cell,
    pages,
    peers_of,
    planned,
    points_format,
    region_names,
    share_as_printed,
)
from reporting.deck_sentences import say_rank, say_region_grades, say_slowest
from reporting.deck_spec import (
    Bars,
    Card,
    Cards,
    Column,
    Cover,
    Placed,
    Series,
    Table,
    Tile,
    TileMap,
)
from reporting.headlines import (
    say_bounds,
    say_extremes,
    say_score,
)
from reporting.palette import LIGHT
from reporting.rows import rows_of
from reporting.theme import DEMO_MARK, number, percent, signed
from reporting.tilemap import COLUMNS, ROWS, TILES, grade_legend, tile_colour, tile_words

SUBJECT = "反间谍安全防范责任落实考核情况"
LEGEND_AT = (4.1, 2.1)  # in tiles from the north-west: south-east, where no prefecture is


def cover(material: Material) -> list[Planned]:
    """Whose results, of which year, as of when."""
    return [Planned(f"{_whose(material)}{SUBJECT}", partial(_cover, material))]


def _whose(material: Material) -> str:
    return f"{material.full_name} {material.cycle} 年度"


def _cover(material: Material) -> Cover:
    facts = [
        f"数据：{material.source}",
        f"填报截止：{material.deadline:%Y-%m-%d %H:%M}",
        material.scheme.weights_note,
    ]
    if material.is_demo:
        facts.insert(0, DEMO_MARK)
    return Cover(_whose(material), SUBJECT, f"{_headline(material)}。", tuple(facts))


def numbers(material: Material) -> list[Planned]:
    """The cards of 总览, large."""
    return [planned("年度数字", partial(_tell_numbers, material))]


def _tell_numbers(material: Material) -> tuple[str, tuple[Placed, ...]]:
    summary, d = material.summary, material.decimals
    is_open = material.is_before_deadline
    bounds = Card(
        "得分可能区间",
        f"{number(summary['low'], min(d, 1))}–{number(summary['high'], min(d, 1))}",
        "分",
        "未提交、未核定的按 0 至满分计",
    )
    cards = [
        Card(
            "提交率",
            percent(summary["submission_rate"]),
            note=f"已提交 {summary['submitted']} / {summary['registered']} 家",
            colour=LIGHT.accent,
        ),
        Card(
            "按时提交率",
            percent(summary["on_time_rate"]),
            note=f"截止 {material.deadline:%Y-%m-%d %H:%M}",
            colour=LIGHT.accent,
        ),
        bounds,
        Card(
            "核定比例",
            percent(summary["verified_share"], 0),
            note=f"自评偏差 {_points(signed(summary['self_inflation'], d))}",
        ),
    ]
    if not is_open:
        counts = material.grade_counts
        best = counts.iloc[0]
        score = Card(
            "得分",
            number(summary["score"], d),
            "分",
            _standing(material),
            LIGHT.grade(summary["grade"]),
        )
        grades = Card(
            f"{best['grade_name']}单位",
            f"{best['units']}",
            "家",
            " ".join(f"{row.grade_name}{row.units}" for row in rows_of(counts.iloc[1:])),
            LIGHT.grade(best["grade"]),
        )
        cards = [score, *cards[:2], grades, *cards[2:]]
    return f"{_headline(material)}。", (Placed(Cards(tuple(cards), 3 if not is_open else 2)),)


def ranking(material: Material) -> list[Planned]:
    """Every compared region: score, rank, grade; before the deadline submission and bounds."""
    if material.is_before_deadline:
        title, tell = f"各{material.level_name}提交率与得分区间", _tell_progress
    else:
        title, tell = f"各{material.level_name}得分排名", _tell_ranking
    return [
        planned(f"{title}{mark}", partial(tell, material, page)) for page, mark in pages(material.regions)
    ]


def _tell_ranking(material: Material, page: pd.DataFrame) -> tuple[str, tuple[Placed, ...]]:
    d = material.decimals
    names = region_names(material, page)
    bars = Bars(
        categories=tuple(names),
        series=(
            Series(
                "得分",
                tuple(as_printed(score, d) for score in page["score"]),
                LIGHT.accent,
                labels=points_format(d),
                point_colours=tuple(LIGHT.grade(grade) for grade in page["grade"]),
            ),
        ),
        high=headroom([as_printed(score, d) for score in material.regions["score"]]),
    )
    table = Table(
        (
            Column("名次", 1, "right"),
            Column("地区", 4),
            Column("得分", 1.5, "right"),
            Column("等次", 1.5, "center"),
            Column("提交率", 1.6, "right"),
        ),
        tuple(
            (
                number(row.rank, 0),
                name_cell(name, is_chosen=row.code == material.region),
                number(row.score, d),
                grade_cell(row.grade, row.grade_name),
                percent(row.submission_rate),
            )
            for name, row in zip(names, rows_of(page), strict=True)
        ),
    )
    return f"{_say_ranking(material)}。", (Placed(bars, **LEFT), Placed(table, **RIGHT))


def tiles(material: Material) -> list[Planned]:
    """The prefectures as tiles; of the province only."""
    if material.region is not None:
        return []
    title = "各市（地）提交率" if material.is_before_deadline else "各市（地）得分与等次"
    return [planned(title, partial(_tell_tiles, material))]


def _tell_tiles(material: Material) -> tuple[str, tuple[Placed, ...]]:
    rows = material.prefectures[material.prefectures["code"].isin(TILES)]
    rows = rows[rows["registered"] > 0]
    d, is_open = material.decimals, material.is_before_deadline
    leads = "submission_rate" if is_open else "score"
    placed = [
        Tile(
            *TILES[row.code],
            *tile_words(row, decimals=d, leads=leads),
            tile_colour(row, look=LIGHT, leads=leads),
        )
        for row in rows_of(rows)
    ]
    legend = (
        [("", "颜色越深，提交率越高"), ("", "截止前不排名次")]
        if is_open
        else grade_legend(material.scheme.grades, look=LIGHT)
    )
    legend.append(("", "方块位置为示意，非地图"))
    conclusion = say_slowest(rows) if is_open else say_region_grades(rows, level="市（地）")
    block = TileMap(tuple(placed), COLUMNS, ROWS, tuple(legend), LEGEND_AT)
    return f"{conclusion}。", (Placed(block),)


def _tell_progress(material: Material, page: pd.DataFrame) -> tuple[str, tuple[Placed, ...]]:
    d = material.decimals
    names = region_names(material, page)
    rates = tuple(share_as_printed(rate) for rate in page["submission_rate"])
    bars = Bars(
        tuple(names), (Series("提交率", rates, LIGHT.accent, labels=SHARE_FORMAT),), high=headroom([1.0])
    )
    table = Table(
        (
            Column("地区", 4),
            Column("已提交/登记", 2.2, "right"),
            Column("提交率", 1.7, "right"),
            Column("得分可能区间", 3, "right"),
        ),
        tuple(
            (
                name_cell(name, is_chosen=row.code == material.region),
                f"{row.submitted}/{row.registered}",
                percent(row.submission_rate),
                f"{number(row.low, d)}–{number(row.high, d)}",
            )
            for name, row in zip(names, rows_of(page), strict=True)
        ),
    )
    said = f"{say_bounds(material.summary, name=material.name, decimals=d)}。"
    return said, (Placed(bars, **LEFT), Placed(table, **RIGHT))


def _say_ranking(material: Material) -> str:
    """First and last; of a deck about one of the compared regions also where it stands."""
    parts = [say_extremes(material.regions, decimals=material.decimals)]
    own = material.regions[(material.regions["code"] == material.region) & material.regions["rank"].notna()]
    for row in own.to_dict("records"):
        place = peers_of(material).place(row["rank"])
        parts.append(material.name + say_rank(row, level=material.level_name, **place))
    return "；".join(part for part in parts if part) or _headline(material)


def _headline(material: Material) -> str:
    d = material.decimals
    if material.is_before_deadline:
        return say_bounds(material.summary, name=material.name, decimals=d)
    return say_score(
        material.summary,
        name=material.name,
        decimals=d,
        before=material.summary_before,
        decimals_of_years=material.decimals_of_years,
    )


def _standing(material: Material) -> str:
    summary = material.summary
    grade = summary["grade_name"] or "无等次"
    if material.region and summary["rank"]:
        return f"{grade}　全省第 {number(summary['rank'], 0)} 位"
    return grade


def _points(text: str) -> str:
    return text if text == "—" else f"{text} 分"
