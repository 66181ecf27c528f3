"""What the figures show: true lengths, printed parts, names beside colours, and nothing that is not Chinese."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pandas as pd
import pytest

from reporting import charts
from reporting.palette import DARK, LIGHT, LOOKS
from tests.reporting import frames

ALL_LOOKS = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)


def _dimensions() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "dimension_name": ["组织领导与责任", "教育培训", "涉外安全管理", "宣传普及"],
            "attainment": [0.8, 0.6, None, 0.9],
            "category_mean": [0.7, 0.7, 0.5, 0.8],
        }
    )


def _shares() -> pd.DataFrame:
    rows = [(g.id, g.name, units) for g, units in zip(frames.GRADES, (1, 5, 3, 0), strict=True)]
    rows.append(("not_submitted", "未提交", 1))
    return pd.DataFrame(
        [
            {"code": c, "name": f"{c}市", "grade": g, "grade_name": n, "units": u, "share": u / 10}
            for c in ("甲", "乙")
            for g, n, u in rows
        ]
    )


def _figures(look) -> dict:
    scores = frames.region_scores([95.0, 80.5, 61.0, 40.0, None])
    ranks = frames.system_ranks([1, 2, 3, 4], [2, 1, 3, 4], [4, 2, 3, 1])
    matrix = frames.gap_matrix({"231100": {"19": 0.9, "20": 0.4}, "232700": {"19": 1.0, "20": 0.7}})
    days = pd.DataFrame(
        {"day": pd.to_datetime(["2026-09-01", "2026-11-02"]), "units": [1, 1], "on_time": [1, 0]}
    )
    options = {"look": look, "decimals": 2}
    return {
        "tiles": charts.draw_tile_map(scores, grades=frames.GRADES, **options),
        "tiles by rate": charts.draw_tile_map(
            scores, grades=frames.GRADES, leads="submission_rate", **options
        ),
        "bars": charts.draw_ranked_bars(scores, mean=75.09, show_parent=True, **options),
        "bounds": charts.draw_bounds(scores, **options),
        "systems": charts.draw_system_ranks(ranks, systems=frames.SYSTEMS, **options),
        "shifts": charts.draw_system_shifts(ranks, systems=frames.SYSTEMS, **options),
        "grades": charts.draw_grade_shares(_shares(), look=look),
        "submissions": charts.draw_submissions(
            days, registered=3, deadline=datetime(2026, 10, 31, 23, 59), look=look
        ),
        "heat": charts.draw_heat_map(
            matrix, by="article", measure="attainment", regions=scores, grouped=True, **options
        ),
        "waterfall": charts.draw_waterfall(frames.waterfall(), **options),
        "costliest": charts.draw_costliest(frames.region_gaps(), chosen="T20-01", **options),
        "severity": charts.draw_severity(frames.severity([0.08, 0.01, -0.06]), look=look),
        "radar": charts.draw_radar(_dimensions(), look=look, name="本单位", mean_name="同类平均"),
    }


def _texts(figure) -> list[str]:
    """Everything that a figure writes on the screen, without markup."""
    found = []

    def walk(value, key=""):
        if isinstance(value, dict):
            for name, part in value.items():
                walk(part, name)
        elif isinstance(value, list | tuple):
            for part in value:
                walk(part, key)
        elif isinstance(value, str) and key in {"text", "hovertext", "ticktext", "name", "theta"}:
            found.append(re.sub(r"<[^>]*>", " ", value))

    walk(json.loads(figure.checked().to_json()))
    return found


@ALL_LOOKS
def test_no_figure_writes_a_word_that_is_not_chinese(look):
    for name, figure in _figures(look).items():
        for text in _texts(figure):
            assert not re.search(r"[A-Za-z]", text), (name, text)


@ALL_LOOKS
def test_every_trace_has_a_hover_text_of_ours_or_none(look):
    for name, figure in _figures(look).items():
        for trace in figure.data:
            assert trace.hoverinfo == "skip" or "<extra></extra>" in trace.hovertemplate, name


@ALL_LOOKS
def test_every_figure_brings_its_own_paper_and_asks_the_network_for_nothing(look):
    for figure in _figures(look).values():
        assert figure.layout.paper_bgcolor == look.paper
        assert "http" not in figure.checked().to_json()
        assert not {t.type for t in figure.data} & {"choropleth", "scattergeo", "scattermap", "choroplethmap"}


def test_the_tool_bar_speaks_chinese():
    words = charts.CONFIG["locales"][charts.CONFIG["locale"]]["dictionary"]
    assert charts.CONFIG["modeBarButtons"] == [["toImage"]]
    assert words["Download plot as a PNG"] == "下载为图片"


def test_tiles_stand_apart_inside_the_grid_and_neighbours_are_neighbours():
    from reporting.tilemap import COLUMNS, ROWS, TILES

    assert len(TILES) == len(set(TILES.values())) == 13
    assert all(0 <= x < COLUMNS and 0 <= y < ROWS for x, y in TILES.values())
    assert TILES["232700"] == (0, 0)  # 大兴安岭 in the north-west
    assert TILES["230800"][0] == max(x for x, _ in TILES.values())  # 佳木斯 in the north-east
    assert TILES["231000"][1] == max(y for _, y in TILES.values())  # 牡丹江 in the south-east


def test_a_tile_says_name_value_grade_and_rank():
    figure = charts.draw_tile_map(
        frames.region_scores([95.0, 61.5]), look=LIGHT, decimals=2, grades=frames.GRADES
    )
    first = re.sub(r"<[^>]*>", " ", figure.data[0].text[0])
    assert first.split() == ["第1", "95.00", "优秀", "·", "第", "1"]
    assert figure.data[0].marker.color == (LIGHT.grades["excellent"], LIGHT.grades["pass"])


def test_before_the_deadline_tiles_show_neither_rank_nor_grade():
    figure = charts.draw_tile_map(
        frames.region_scores([95.0, 61.5]),
        look=LIGHT,
        decimals=2,
        grades=frames.GRADES,
        leads="submission_rate",
    )
    text = " ".join(figure.data[0].text)
    assert "90.0%" in text
    assert "优秀" not in text
    assert "第 1" not in text


def test_a_bar_is_as_long_as_its_score_and_its_grade_is_written():
    figure = charts.draw_ranked_bars(frames.region_scores([95.0, 40.0, None]), look=DARK, decimals=1)
    bars, values = figure.data[1], figure.data[2]
    assert list(bars.x) == [95.0, 40.0, 0.0]
    assert "95.0" in values.text[0]
    assert "优秀" in values.text[0]
    assert "不合格" in values.text[1]
    assert "无得分" in values.text[2]
    assert list(bars.customdata) == list(frames.region_scores([95.0, 40.0, None])["code"])


def test_a_region_without_a_rank_gets_a_dash():
    figure = charts.draw_ranked_bars(frames.region_scores([95.0, None]), look=LIGHT, decimals=2)
    assert "<b>1</b>" in figure.layout.yaxis.ticktext[0]
    assert "<b>—</b>" in figure.layout.yaxis.ticktext[1]


def test_a_range_runs_from_its_lower_to_its_upper_bound():
    figure = charts.draw_bounds(frames.region_scores([80.0, None]), look=LIGHT, decimals=2)
    ranges = figure.data[1]
    assert (ranges.base[0], ranges.base[0] + ranges.x[0]) == (75.0, 84.0)
    assert len(ranges.x) == 1


def test_the_waterfall_joins_every_step_to_the_next():
    figure = charts.draw_waterfall(frames.waterfall(), look=LIGHT, decimals=2)
    bar = figure.data[0]
    ends = [(low, low + length) for low, length in zip(bar.base, bar.x, strict=True)]
    floor = figure.layout.xaxis.range[0]
    assert ends[0] == (floor, 100.0)
    assert ends[1] == pytest.approx((89.996, 100.0))
    assert ends[2] == pytest.approx((80.998, 89.996))
    assert ends[3] == pytest.approx((78.998, 80.998))
    assert ends[4] == pytest.approx((78.998, 79.998))
    assert ends[5] == pytest.approx((floor, 79.998))


def test_the_waterfall_prints_the_parts_that_add_up():
    figure = charts.draw_waterfall(frames.waterfall(), look=LIGHT, decimals=2)
    printed = [re.sub(r"<[^>]*>", "", a.text) for a in figure.layout.annotations]
    assert printed == ["100.00", "−10.00", "−9.00", "−2.00", "+1.00", "80.00"]
    assert 100 - 10 - 9 - 2 + 1 == 80


def test_equal_ranks_stand_below_each_other_with_the_same_number():
    figure = charts.draw_system_ranks(
        frames.system_ranks([1, 2, 2], [1, 2, 3], [1, 2, 3]), systems=frames.SYSTEMS, look=LIGHT, decimals=2
    )
    lines = [t for t in figure.data if t.mode == "lines+markers+text"]
    assert sorted(t.y[0] for t in lines) == [0, 1, 2]
    assert sorted(t.text[0] for t in lines) == ["1", "2", "2"]


def test_who_moves_is_coloured_by_the_system_that_favours_them():
    figure = charts.draw_system_ranks(
        frames.system_ranks([1, 2, 3, 4], [1, 2, 3, 4], [4, 2, 3, 1]),
        systems=frames.SYSTEMS,
        look=LIGHT,
        decimals=2,
    )
    colours = {t.customdata[0]: t.line.color for t in figure.data if t.mode == "lines+markers+text"}
    assert colours["990000"] == LIGHT.better_first
    assert colours["990003"] == LIGHT.better_second
    assert colours["990001"] == colours["990002"] == LIGHT.quiet


def test_the_heat_map_writes_every_value_and_shades_the_worst_most():
    matrix = frames.gap_matrix({"231100": {"20": 0.4, "19": 0.9}, "232700": {"19": 1.0}})
    regions = frames.region_scores([80.0, 70.0, None], codes=["231100", "232700", "230400"])
    figure = charts.draw_heat_map(
        matrix, look=LIGHT, by="article", measure="attainment", decimals=2, regions=regions
    )
    cells = figure.data[0]
    assert list(cells.text) == ["40.0%", "90.0%", "100.0%"]
    assert cells.marker.color[0] == LIGHT.ramp[-1]
    assert list(figure.layout.xaxis.ticktext) == ["19条", "20条"]
    assert "没有已评分的单位" in figure.data[1].text


def test_a_chosen_indicator_stands_out_and_nothing_lost_is_not_drawn():
    figure = charts.draw_costliest(frames.region_gaps(), look=LIGHT, decimals=2, chosen="T20-01")
    assert list(figure.data[0].customdata) == ["T19-01", "T20-01"]
    assert list(figure.data[0].marker.color) == [LIGHT.loss_quiet, LIGHT.loss]


def test_the_radar_leaves_out_what_does_not_apply_and_closes():
    figure = charts.draw_radar(_dimensions(), look=LIGHT, name="本单位", mean_name="同类平均")
    unit = figure.data[1]
    assert unit.name == "本单位"
    assert list(unit.r) == [0.8, 0.6, 0.9, 0.8]


def test_figures_of_nothing_are_drawn_without_a_fault():
    nothing = frames.region_scores([])
    charts.draw_ranked_bars(nothing, look=LIGHT, decimals=2)
    charts.draw_bounds(nothing, look=LIGHT, decimals=2)
    charts.draw_tile_map(nothing, look=LIGHT, decimals=2, grades=frames.GRADES)
    charts.draw_costliest(frames.region_gaps().head(0), look=LIGHT, decimals=2)
    charts.draw_radar(_dimensions().head(0), look=LIGHT, name="甲", mean_name="乙")
    charts.draw_submissions(
        pd.DataFrame({"day": pd.to_datetime([]), "units": [], "on_time": []}),
        registered=1,
        deadline=datetime(2026, 10, 31),
        look=LIGHT,
    )


def test_names_from_outside_cannot_bring_markup():
    scores = frames.region_scores([80.0]).assign(name="<b onclick=x>市</b>")
    figure = charts.draw_ranked_bars(scores, look=LIGHT, decimals=2)
    assert "<b onclick" not in figure.checked().to_json()


def test_a_reviewers_dot_stands_at_its_difference_and_is_coloured_only_where_it_stands_apart():
    frame = frames.severity([0.08, 0.01, -0.06, 0.2], few=[False, False, False, True])
    figure = charts.draw_severity(frame, look=LIGHT)
    dots = next(trace for trace in figure.data if trace.mode == "markers")
    assert list(dots.x) == pytest.approx([8, 1, -6, 20])
    assert list(dots.marker.line.color) == [LIGHT.loss, LIGHT.muted, LIGHT.accent, LIGHT.muted]
    assert dots.marker.color[3] == LIGHT.paper  # hollow: too few rulings to say anything
    low, high = figure.layout.xaxis.range
    assert low == -high and high > 20
    lines = [shape for shape in figure.layout.shapes if shape.y0 == shape.y1]
    assert [line.x0 for line in lines[:3]] == pytest.approx([5, -2, -9])
    assert [line.x1 for line in lines[:3]] == pytest.approx([11, 4, -3])
    values = next(trace for trace in figure.data if trace.mode == "text")
    assert "样本少" in values.text[3] and "样本少" not in values.text[0]


def test_a_short_label_of_a_score_is_rounded_half_up_as_the_score_was():
    frame = pd.DataFrame(
        {"code": "230800", "name": "佳木斯市", "cycle": [2025, 2026], "score": [66.35, 62.65]}
    )
    figure = charts.draw_small_multiples(frame, reference=frame.iloc[:0], look=LIGHT, decimals=2)
    assert list(figure.data[1].text) == ["66.4", "62.7"]
