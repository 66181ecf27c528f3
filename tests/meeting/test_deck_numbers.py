"""The deck read back: every number on it is the one that the queries give when they are asked anew."""

from __future__ import annotations

import pandas as pd
import pytest

from data import queries
from data.queries.costliest_gaps import costliest_gaps
from reporting.headlines import say_extremes, say_losses, say_score, say_weakest
from reporting.theme import number, percent, signed
from scoring.rounding import round_half_up
from tests.pptx_reading import (
    chart_values,
    charts,
    named,
    slide_called,
    tables,
    texts,
    titles,
)

pytest_plugins = ("tests.meeting.deck_fixtures",)


def _ask(material, query, **values):
    return query(material.reading, cycle=material.cycle, **values)


def _regions(material):
    rows = _ask(material, queries.region_scores, level=material.level, parent=material.parent)
    return rows[rows["registered"] > 0]


def _names(material, rows) -> list[str]:
    if material.region is None and material.level == "county":
        return [f"{row.parent_name} {row.name}" for row in rows.itertuples()]
    return list(rows["name"])


def _paged(deck, title: str) -> list:
    """The slides of a title, whether on one page or several."""
    return [
        slide for slide in deck.slides if named(slide, "标题") == title or named(slide, "标题").startswith(f"{title}（")
    ]  # fmt: skip


def test_the_cover_and_the_cards_are_those_of_the_overview(material, deck):
    summary = _ask(material, queries.region_summary, region=material.region)
    d = material.decimals
    shown = texts(slide_called(deck, "年度数字"))
    for text in (
        number(summary["score"], d),
        percent(summary["submission_rate"]),
        percent(summary["on_time_rate"]),
        f"已提交 {summary['submitted']} / {summary['registered']} 家",
        f"{number(summary['low'], 1)}–{number(summary['high'], 1)}",
        percent(summary["verified_share"], 0),
        f"自评偏差 {signed(summary['self_inflation'], d)} 分",
    ):
        assert text in shown
    counts = _ask(material, queries.grade_counts, region=material.region)
    assert f"{counts['units'].iloc[0]} 家" in shown
    assert all(f"{row.grade_name}{row.units}" in shown for row in counts.iloc[1:].itertuples())
    years = [year for year in (2025, 2026) if year < material.cycle]
    before = (
        queries.region_summary(material.reading, cycle=years[-1], region=material.region) if years else None
    )
    said = say_score(summary, name=material.name, decimals=d, before=before)
    assert named(deck.slides[0], "结论") == named(slide_called(deck, "年度数字"), "结论") == f"{said}。"


def test_the_ranking_has_every_region_with_score_rank_and_grade(material, deck):
    rows, d = _regions(material), material.decimals
    slides = _paged(deck, f"各{material.level_name}得分排名")
    drawn = {}
    for slide in slides:
        drawn |= chart_values(charts(slide)[0])["得分"]
    names = _names(material, rows)
    known = [None if score != score else score for score in rows["score"]]
    assert drawn == dict(zip(names, known, strict=True))
    listed = [row for slide in slides for row in tables(slide)[0][1:]]
    assert listed == [
        [
            "—" if pd.isna(row.rank) else f"{row.rank:.0f}",
            name,
            number(row.score, d),
            row.grade_name if isinstance(row.grade_name, str) else "—",
            percent(row.submission_rate),
        ]
        for name, row in zip(names, rows.itertuples(), strict=True)
    ]
    assert all(len(tables(slide)[0]) <= 22 for slide in slides)
    assert named(slides[0], "结论").startswith(say_extremes(rows, decimals=d))
    for row in rows[rows["code"] == material.region].itertuples():
        assert f"；{row.name}在全省 " in named(slides[0], "结论")
        assert named(slides[0], "结论").endswith(f"第 {row.rank} 位。")


def test_the_tiles_are_the_prefectures_and_only_the_provinces(material, deck):
    title = "各市（地）得分与等次"
    if material.region:
        assert title not in titles(deck)
        return
    shown = texts(slide_called(deck, title))
    rows = _ask(material, queries.region_scores, level="prefecture")
    assert len(rows) == 13
    for row in rows.itertuples():
        name = row.name.removesuffix("地区").removesuffix("市")
        assert f"{name}\n{number(row.score, material.decimals)}\n{row.grade_name} · 第 {row.rank}" in shown


def test_grades_are_counted_per_region_and_in_the_whole(material, deck):
    slides = _paged(deck, "单位等次分布")
    counts = _ask(material, queries.grade_counts, region=material.region)
    for slide in slides:
        expected = [[row.grade_name, f"{row.units}", percent(row.share)] for row in counts.itertuples()]
        assert tables(slide)[0][1:] == expected
    shares = _ask(material, queries.grade_shares, level=material.level, parent=material.parent)
    names = dict(zip(_regions(material)["code"], _names(material, _regions(material)), strict=True))
    drawn = {}
    for slide in slides:
        for grade, values in chart_values(charts(slide)[0]).items():
            drawn |= {(name, grade): value for name, value in values.items()}
    expected = {
        (names[row.code], row.grade_name): row.units for row in shares.itertuples() if row.share == row.share
    }
    if material.region not in names:
        expected |= {(material.name, row.grade_name): row.units for row in counts.itertuples()}
    assert drawn == expected


def test_submissions_add_up_to_the_register(material, deck):
    slide = slide_called(deck, "提交与时限")
    rows = dict(zip(_names(material, _regions(material)), _regions(material).itertuples(), strict=True))
    parts = chart_values(charts(slide)[0])
    listed = {row[0]: row[1:] for row in tables(slide)[0][1:]}
    assert listed.keys() == parts["未提交"].keys() and len(listed) == min(len(rows), 20)
    for name, (registered, on_time, late, missing, rate, in_time) in listed.items():
        row = rows[name]
        assert (registered, on_time) == (f"{row.registered}", f"{row.on_time}")
        assert (late, missing) == (f"{row.submitted - row.on_time}", f"{row.registered - row.submitted}")
        assert (rate, in_time) == (percent(row.submission_rate), percent(row.on_time_rate))
        assert [parts[part][name] for part in ("按时提交", "逾期提交", "未提交")] == [
            float(on_time),
            float(late),
            float(missing),
        ]
    left_out = [row.submission_rate for name, row in rows.items() if name not in listed]
    assert all(rate >= max(rows[name].submission_rate for name in listed) for rate in left_out)


def test_dimensions_stand_beside_the_provinces(material, deck):
    slide = slide_called(deck, "各维度得分率")
    frame = _ask(material, queries.region_dimensions, region=material.region)
    drawn = chart_values(charts(slide)[0])
    expected = {material.name: "attainment"} | ({"全省": "province_mean"} if material.region else {})
    assert drawn.keys() == expected.keys()
    for series, column in expected.items():
        shown = {name: "—" if value is None else f"{value:.1%}" for name, value in drawn[series].items()}
        assert shown == dict(zip(frame["dimension_name"], map(percent, frame[column]), strict=True))
    listed = {row[0]: row for row in tables(slide)[0][1:]}
    gaps = _ask(material, queries.region_gaps, region=material.region, by="dimension").set_index("label")
    for row in frame.itertuples():
        assert listed[row.dimension_name][1] == percent(row.attainment)
        lost = gaps["gap"].get(row.dimension_name, float("nan"))
        assert listed[row.dimension_name][-1] == number(lost, material.decimals)
        if material.region and row.attainment == row.attainment:
            apart = signed(100 * (row.attainment - row.province_mean), 1)
            assert listed[row.dimension_name][2:4] == [percent(row.province_mean), apart]


def test_the_heat_table_has_every_region_and_dimension(material, deck):
    slides = _paged(deck, f"各{material.level_name}各维度得分率")
    matrix = _ask(material, queries.gap_matrix, level=material.level, parent=material.parent)
    heads = tables(slides[0])[0][0][1:]
    shown = {
        (row[0], head): cell
        for slide in slides
        for row in tables(slide)[0][1:]
        for head, cell in zip(heads, row[1:], strict=True)
    }
    assert all(tables(slide)[0][0][1:] == heads for slide in slides)
    names = dict(zip(_regions(material)["code"], _names(material, _regions(material)), strict=True))
    expected = {(names[row.code], row.label): percent(row.attainment) for row in matrix.itertuples()}
    assert {key: cell for key, cell in shown.items() if cell != "—"} == {
        key: cell for key, cell in expected.items() if cell != "—"
    }
    assert named(slides[0], "结论") == f"{say_weakest(matrix)}。"


def test_the_ten_costliest_indicators_come_with_their_articles(material, deck):
    slide = slide_called(deck, "失分最多的指标")
    gaps = _ask(material, queries.region_gaps, region=material.region)
    gaps = gaps[gaps["gap"] > 0].head(10)
    d = material.decimals
    assert tables(slide)[0][1:] == [
        [row.label, row.place, number(row.gap, d), percent(row.attainment), f"{row.units_short:.0f}/{row.units:.0f}"]
        for row in gaps.itertuples()
    ]  # fmt: skip
    drawn = chart_values(charts(slide)[0])["失分"]
    assert [f"{value:.{d}f}" for value in drawn.values()] == [number(gap, d) for gap in gaps["gap"]]
    for name, label in zip(drawn, gaps["label"], strict=True):
        head, _, tail = name.partition("…")
        assert label.startswith(head) and label.endswith(tail)


def _step_sizes(slide, decimals: int) -> dict[str, float]:
    """What each bar of a step chart takes or gives, from where its base and itself end."""
    parts = chart_values(charts(slide)[0])
    base = parts.pop("起点")
    return {
        name: round_half_up(sum(values[name] or 0.0 for values in parts.values()), decimals) for name in base
    }


def _steps_join(slide, steps, decimals: int) -> bool:
    """Whether every bar begins where the one before it ended, as printed."""
    parts = chart_values(charts(slide)[0])
    base = parts.pop("起点")
    at = 0.0
    for name, step in zip(base, steps.itertuples(), strict=True):
        size = sum(values[name] or 0.0 for values in parts.values())
        if step.kind in ("start", "total"):
            ends = base[name] == 0 and abs(size - step.printed) < 1e-9
            at = step.printed
        else:
            after = at + step.printed
            ends = abs(base[name] - min(at, after)) < 1e-6 and abs(base[name] + size - max(at, after)) < 1e-6
            at = after
        if not ends:
            return False
    return True


def test_the_waterfall_is_the_printed_steps_from_100_to_the_score(material, deck):
    slide = slide_called(deck, "从满分到得分")
    steps = _ask(material, queries.waterfall, region=material.region)
    d = material.decimals
    assert named(slide, "结论") == f"{say_losses(steps, name=material.name, decimals=d)}。"
    shown = steps[(steps["value"] != 0) | steps["kind"].isin(["start", "total"])]
    assert [row[0] for row in tables(slide)[0][1:]] == list(shown["label"])
    ends = ("start", "total")
    printed = [number(r.printed, d) if r.kind in ends else signed(r.printed, d) for r in shown.itertuples()]
    assert [row[1] for row in tables(slide)[0][1:]] == printed
    assert _step_sizes(slide, d) == dict(zip(shown["label"], shown["printed"].abs(), strict=True))
    assert _steps_join(slide, shown, d)


def test_self_assessments_stand_against_what_was_verified(material, deck):
    slide = slide_called(deck, "自评与核定")
    rows, d = _regions(material), material.decimals
    rows = rows.assign(shown=_names(material, rows))[rows["self_inflation"].notna()]
    rows = rows.sort_values(["self_inflation", "code"], ascending=[False, True]).head(20)
    assert tables(slide)[0][1:] == [
        [row.shown, number(row.self_score, d), signed(row.self_inflation, d), percent(row.verified_share, 0)]
        for row in rows.itertuples()
    ]
    drawn = chart_values(charts(slide)[0])["自评偏差"]
    assert {name: signed(value, d) for name, value in drawn.items()} == {
        row.shown: signed(row.self_inflation, d) for row in rows.itertuples()
    }


def test_changes_from_the_year_before_are_those_of_the_trend(material, deck):
    title = f"各{material.level_name}与 {material.cycle - 1} 年相比"
    if material.before is None:
        assert not [each for each in titles(deck) if "年相比" in each]
        return
    slide, d = slide_called(deck, title), material.decimals
    where = {"level": material.level, "parent": material.parent}
    moves = _ask(material, queries.region_moves, before=material.before, **where)
    known = moves[moves["change"].notna()].head(20)
    moved = dict(zip(_names(material, known), known["moved"], strict=True))
    assert chart_values(charts(slide)[0])["变化"] == moved
    listed = {row[0]: row[1:] for row in tables(slide)[0][1:]}
    for name, row in zip(_names(material, known), known.itertuples(), strict=True):
        ranks = f"{row.rank_before:.0f} → {row.rank_now:.0f}"
        scores = [number(row.score_before, d), number(row.score_now, d)]
        assert listed.pop(name) == [*scores, signed(row.moved, d), ranks]
    assert not listed
    slide = slide_called(deck, f"{material.name}得分与 {material.before} 年相比")
    steps = _ask(material, queries.bridge, before=material.before, region=material.region)
    shown = steps[(steps["printed"] != 0) | steps["kind"].isin(["start", "total"])]
    assert _step_sizes(slide, d) == dict(zip(shown["label"], shown["printed"].abs(), strict=True))
    assert _steps_join(slide, shown, d)
    assert [row[0] for row in tables(slide)[0][1:]] == list(shown["label"])


def test_rectification_counts_what_was_given_out_closed_and_overdue(material, deck):
    today = material.today
    summary = _ask(material, queries.task_summary, region=material.region, today=today)
    if not summary["given_out"]:
        assert "整改督办" not in titles(deck)
        return
    slide = slide_called(deck, "整改督办")
    shown = texts(slide)
    assert f"{summary['given_out']} 项" in shown and percent(summary["closing_rate"]) in shown
    assert f"下达整改任务 {summary['given_out']} 项，已销号 {summary['done']} 项" in named(slide, "结论")
    rates = _ask(material, queries.task_rates, level=material.level, parent=material.parent, today=today)
    rates = rates.assign(shown=_names(material, rates)).set_index("shown")
    parts = chart_values(charts(slide)[0])
    listed = tables(slide)[0][1:]
    assert len(listed) == min(int((rates["given_out"] > 0).sum()), 13)
    for name, given_out, done, rate, overdue in listed:
        row = rates.loc[name]
        assert (given_out, done, overdue) == (f"{row.given_out}", f"{row.done}", f"{row.overdue}")
        assert rate == percent(row.closing_rate)
        assert [parts[each][name] for each in ("已销号", "待复核", "待报送")] == [
            row.done,
            row.answered,
            row.waiting,
        ]


def test_findings_and_vetoed_units_are_those_that_stand(material, deck):
    frame = _ask(material, queries.findings, region=material.region, today=material.today)
    frame = frame[frame["is_standing"]]
    listed = [row for slide in _paged(deck, "扣分、否决与加分") for row in tables(slide)[0][1:]]
    groups = frame.groupby("finding_name")
    assert {row[1]: row[3:5] for row in listed} == {
        name: [f"{len(rows)}", f"{rows['unit'].nunique()}"] for name, rows in groups
    }
    for row in listed:
        rows = groups.get_group(row[1])
        if rows["kind"].iloc[0] == "veto":
            assert row[5] == "—"
        else:
            sign = 1 if rows["kind"].iloc[0] == "bonus" else -1
            assert row[5] == signed(sign * rows["applied"].sum(), 1)
    vetoed = [tuple(row[:5]) for slide in _paged(deck, "一票否决单位") for row in tables(slide)[0][1:]]
    assert sorted(vetoed) == sorted(
        (row.unit_name, row.region_name, row.finding_name, row.place, f"{row.on_date:%Y-%m-%d}")
        for row in frame[frame["kind"] == "veto"].itertuples()
    )


def test_every_region_has_a_page_with_its_place_dimensions_and_costliest_gaps(material, deck):
    d = material.decimals
    rows = _regions(material)
    names = _names(material, rows)
    pages = [slide for slide in deck.slides if named(slide, "标题") in set(names)]
    assert [named(slide, "标题") for slide in pages] == names
    matrix = _ask(material, queries.gap_matrix, level=material.level, parent=material.parent)
    province = _ask(material, queries.region_dimensions).set_index("dimension_name")["attainment"]
    peers = _ask(material, queries.region_scores, level=material.level)["rank"].dropna()
    some = range(len(pages)) if len(pages) < 20 else range(0, len(pages), 7)
    for slide, name, row in ((pages[at], names[at], rows.iloc[at]) for at in some):
        shown = texts(slide)
        assert number(row["score"], d) in shown and percent(row["submission_rate"]) in shown
        if not pd.isna(row["rank"]):
            how = "并列" if (peers == row["rank"]).sum() > 1 else ""
            place = f"在全省 {len(peers)} 个有名次的{material.level_name}中{how}第 {row['rank']:.0f} 位"
            assert place in named(slide, "结论")
        own = matrix[matrix["code"] == row["code"]].set_index("label")["attainment"]
        if len(own):
            drawn = chart_values(charts(slide)[0])
            assert {label: f"{value:.1%}" for label, value in drawn[name].items() if value is not None} == {
                label: percent(value) for label, value in own.items() if value == value
            }
            assert {k: f"{v:.1%}" for k, v in drawn["全省"].items()} == dict(province.map(percent))
        gaps = _ask(material, queries.region_gaps, region=row["code"])
        gaps = gaps[gaps["gap"] > 0].head(3)
        assert ("没有已评分的单位" in shown) == (not len(own))
        if len(gaps):
            assert tables(slide)[0][1:] == [
                [gap.label, gap.place, number(gap.gap, d), percent(gap.attainment)] for gap in gaps.itertuples()
            ]  # fmt: skip


def test_the_costliest_of_many_regions_are_the_head_of_each_ones_gaps(material):
    asked = _ask(material, costliest_gaps, level=material.level, parent=material.parent, most=4)
    for code in _regions(material)["code"].iloc[::5]:
        one = _ask(material, queries.region_gaps, region=code)
        one = one[one["gap"] > 0].head(4)
        many = asked[asked["code"] == code]
        assert list(many["key"]) == list(one["key"]) and list(many["place"]) == list(one["place"])
        assert list(many["gap"]) == pytest.approx(list(one["gap"]))
        assert list(many["attainment"]) == pytest.approx(list(one["attainment"]))


def test_the_last_slide_says_how_the_numbers_are_made(material, deck):
    slide = deck.slides[len(deck.slides) - 1]
    assert named(slide, "标题") == "数据与方法"
    for line in material.method:
        assert line in texts(slide)
    assert "示例" in named(slide, "结论")
