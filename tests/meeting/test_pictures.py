"""图片集: the figures show the very numbers that the queries answer, and the zip holds them under names that say what."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pandas as pd
import pytest

from data import queries
from data.model import Scope
from meeting.figures import PARTS, Picture, pictures
from meeting.material import NothingToReport, gather
from meeting.pictures import KIND, file_stem
from reporting.browsers import NoBrowser, find_browser
from reporting.picture_frame import frame_figure
from reporting.theme import number, percent, plain, signed
from tests.meeting.conftest import LIVE, NOW
from tests.reporting.test_to_images import png_size

BOLD = re.compile(r"<b>(.*?)</b>")
RANKED = ("第 1 位", "居首", "末位", "并列", "名次为")


@pytest.fixture(scope="module")
def browser():
    try:
        return find_browser()
    except NoBrowser as missing:
        pytest.skip(f"no browser draws pictures here: {missing}")


def test_every_picture_shows_the_numbers_of_its_query_and_says_what_it_is(material):
    made = list(pictures(material, list(PARTS)))
    assert len(made) >= 11
    for picture in made:
        figure = picture.draw()
        _check(picture.name)(picture.name, figure, material)
        _check_frame(picture, figure, material)


def test_what_the_screens_show_is_there(material):
    names = {picture.name for picture in pictures(material, list(PARTS))}
    always = {"市（地）方块图", "等次分布", "提交进度", "地区排名", "两个责任制位次", "从满分到得分"}
    always |= {"得分率热力图_按维度", "得分率热力图_按条文", "失分最多的指标"}
    assert always <= names
    compared = {"两年变化", "历年得分", "得分为什么变_按维度", "得分为什么变_按条文", "条文得分率"}
    assert (compared & names) == (compared if material.before else set())
    assert ("等次_按得分与最终" in names) == (material.region is None)
    assert any(name.startswith("审核尺度") for name in names) == (
        material.region is None and material.publication is None
    )
    assert any(name.startswith("单位得分") for name in names) == (material.region is not None)


def test_before_the_deadline_nothing_is_ranked(meeting_store):
    before = meeting_store.cycle(LIVE).deadline - timedelta(days=1)
    with gather(meeting_store, cycle=LIVE, now=before) as material:
        made = list(pictures(material, list(PARTS)))
        assert {"市（地）方块图", "提交进度", "提交率与得分区间", "从满分到得分"} <= {p.name for p in made}
        for picture in made:
            shown = (
                picture.title
                + picture.says
                + picture.draw().checked().update_traces(hovertext=None).to_json()
            )
            assert not [word for word in RANKED if word in shown], picture.name
        bounds = next(p for p in made if p.name == "提交率与得分区间").draw()
        rows = queries.region_scores(material.reading, cycle=LIVE, level="prefecture")
        rows = rows[rows["registered"] > 0].sort_values(["submission_rate", "code"], ascending=[False, True])
        assert list(bounds.data[0].customdata) == list(rows["code"])
        assert list(bounds.data[0].x) == list(rows["submission_rate"])
        known = rows[rows["low"].notna()]
        assert list(bounds.data[1].base) == list(known["low"])
        assert list(bounds.data[1].x) == pytest.approx(list(known["high"] - known["low"]))
        lines = KIND.outline(material, list(PARTS))
        assert len(lines) == len(made) + 1 and lines[-1].startswith("截止前不排名次")


def test_a_single_units_figures_come_on_demand(meeting_store):
    units = queries.units(meeting_store, cycle=LIVE)
    row = units[units["score"].notna()].iloc[0]
    with gather(meeting_store, cycle=LIVE, region=row["region"], now=NOW) as material:
        waterfall, radar = list(pictures(material, [], units=[row["code"]]))
        assert row["name"] in waterfall.title and row["name"] in radar.title
        steps = queries.waterfall(meeting_store, cycle=LIVE, unit=row["code"])
        assert _texts(waterfall.draw()) == _steps_as_printed(steps[(steps["value"] != 0) | _is_end(steps)])
        own = queries.unit_dimensions(meeting_store, cycle=LIVE, unit=row["code"])
        shown = [float(value) for value in radar.draw().data[-1].r]
        assert set(own["attainment"].dropna()) <= set(shown)
    elsewhere = meeting_store.seen_by(Scope("231200"))
    stranger = units.loc[~units["region"].str.startswith("2312"), "code"].iloc[0]
    with gather(elsewhere, cycle=LIVE, now=NOW) as material, pytest.raises(NothingToReport, match=stranger):
        list(pictures(material, [], units=[stranger]))


def test_the_zip_holds_pictures_of_the_asked_size_under_chinese_names(meeting_store, browser, tmp_path):
    heard = []
    with gather(meeting_store, cycle=LIVE, now=NOW) as material:
        content = KIND.build(
            material,
            parts=["overview", "ranking"],
            home=tmp_path,
            scale=2,
            formats=("svg", "png"),
            progress=lambda done, total: heard.append((done, total)),
        )
        chosen = list(pictures(material, ["overview", "ranking"]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        stems = [f"{n:02d}_{p.name}_{LIVE}_全省_演示数据" for n, p in enumerate(chosen, start=1)]
        assert names == [
            "00_说明.txt",
            *(f"{stem}.{kind}" for stem in stems for kind in ("png", "svg")),
        ]
        told = archive.read("00_说明.txt").decode("utf-8-sig")
        for stem, picture in zip(stems, chosen, strict=True):
            assert stem in told and picture.says in told
            width, height = png_size(archive.read(f"{stem}.png"))
            root = ElementTree.fromstring(archive.read(f"{stem}.svg"))
            assert (width, height) == (picture.width * 2, float(root.get("height")) * 2)
            text = "".join(root.itertext())
            assert "实时数据（截至 2026-11-25 10:30）" in text and "演示数据 · 不代表任何真实单位" in text
            assert picture.title[:20] in text
        ranking = "".join(ElementTree.fromstring(archive.read(f"{stems[3]}.svg")).itertext())  # "04_地区排名"
        for row in queries.region_scores(meeting_store, cycle=LIVE, level="prefecture").itertuples():
            assert row.name in ranking and number(row.score, 2) in ranking
    assert heard == [(n, len(chosen) * 2) for n in range(1, len(chosen) * 2 + 1)]


def test_a_name_is_safe_on_windows_whatever_stands_in_it(meeting_store):
    with gather(meeting_store, cycle=LIVE, now=NOW) as material:
        picture = Picture(
            name='单位_=HYPERLINK("http://x")<b>a/b\\c|d?*:\n{{ x }}' + "长" * 99,
            title="",
            says="",
            width=1,
            draw=lambda: None,
        )
        stem = file_stem(material, picture, 7)
        assert stem.startswith("07_单位_=HYPERLINK(") and stem.endswith("_2026_全省_演示数据")
        assert not re.search(r'[<>:"/\\|?*\s]', stem) and len(stem) < 100
        real = file_stem(replace(material, is_demo=False, region="230102"), picture, 7)
        assert real.endswith("_2026_哈尔滨市道里区")


def test_options_that_cannot_be_met_are_refused(meeting_store, tmp_path, monkeypatch):
    with gather(meeting_store, cycle=LIVE, now=NOW) as material:
        for options in ({"scale": 5}, {"formats": ()}, {"formats": ("pdf",)}):
            with pytest.raises(ValueError, match="1 至 4"):
                KIND.build(material, parts=["overview"], home=tmp_path, **options)
        monkeypatch.setenv("ASSESSMENT_BROWSER", str(tmp_path / "none"))
        with pytest.raises(NoBrowser, match="ASSESSMENT_BROWSER"):
            KIND.build(material, parts=["overview"], home=tmp_path)


def test_parts_without_a_picture_are_refused_in_words(meeting_store, browser, tmp_path):
    with (
        gather(meeting_store, cycle=2025, now=NOW) as material,
        pytest.raises(NothingToReport, match="没有可以作图的数据"),
    ):
        assert material.before is None
        KIND.build(material, parts=["trend"], home=tmp_path)


# ---- the numbers of every figure, asked anew


def _check(name: str):
    """The comparison of a picture's figure with its query."""
    return next(check for start, check in CHECKS.items() if name.startswith(start))


def _check_frame(picture: Picture, figure, material) -> None:
    framed = frame_figure(
        figure, title=picture.title, says=picture.says, sign=material.stamp, width=picture.width
    )
    assert framed.layout.annotations[-1].text == material.stamp and "演示数据" in material.stamp
    assert plain(picture.title) in re.sub(r"<.*?>", "", framed.layout.title.text)
    assert str(material.cycle) in picture.title
    assert len(picture.says) > 5 and "nan" not in picture.says.lower()
    assert framed.layout.width == picture.width
    assert framed.layout.height > framed.layout.margin.t + framed.layout.margin.b


def _ask(material, query, **values):
    return query(material.reading, cycle=material.cycle, **values)


def _ask_rows(material, query, **values):
    return _ask(material, query, level=material.level, parent=material.parent, **values)


def _regions(material) -> pd.DataFrame:
    rows = _ask_rows(material, queries.region_scores)
    return rows[rows["registered"] > 0]


def _floats(values) -> list[float]:
    return [float(value) for value in values]


def _texts(figure) -> list[str]:
    """What stands in bold beside the steps."""
    return [BOLD.fullmatch(note.text).group(1) for note in figure.layout.annotations]


def _is_end(steps: pd.DataFrame) -> pd.Series:
    return steps["kind"].isin(["start", "total"])


def _steps_as_printed(steps: pd.DataFrame) -> list[str]:
    return [
        number(s.printed, 2) if s.kind in ("start", "total") else signed(s.printed, 2)
        for s in steps.itertuples()
    ]


def _tiles(name, figure, material):
    rows = _ask(material, queries.region_scores, level="prefecture").set_index("code")
    tiles = figure.data[0]
    assert len(tiles.customdata) == 13
    for code, text in zip(tiles.customdata, tiles.text, strict=True):
        row = rows.loc[code]
        assert BOLD.search(text).group(1) == number(row["score"], 2)
        if pd.notna(row["rank"]):
            assert f"第 {row['rank']}<" in text and row["grade_name"] in text


def _shares(name, figure, material):
    whole = _ask(material, queries.grade_counts, region=material.region)
    parts = _ask_rows(material, queries.grade_shares)
    parts = parts[parts["share"].notna()]
    _bars_of_grades(figure, pd.concat([whole.assign(code=""), parts]))


def _bars_of_grades(figure, rows):
    shown = {
        (code, trace.name): (share, hover)
        for trace in figure.data
        for code, share, hover in zip(trace.customdata, trace.x, trace.hovertext, strict=True)
    }
    assert len(shown) == len(rows)
    for row in rows.itertuples():
        share, hover = shown[(row.code, row.grade_name)]
        assert share == row.share and f"{row.grade_name} {row.units} " in hover


def _curve(name, figure, material):
    units = _ask(material, queries.units, region=material.region)
    days = pd.to_datetime(units["submitted_at"]).dropna()
    assert figure.data[0].y[-1] == len(days) / len(units)
    assert len(figure.data[0].x) == days.dt.date.nunique() + 1
    assert BOLD.search(figure.layout.annotations[0].text).group(1) == percent(len(days) / len(units))


def _ranked(name, figure, material):
    _bars(figure, _regions(material))
    mean = _ask(material, queries.region_summary)["score"]
    assert figure.layout.shapes[0].x0 == mean
    assert number(mean, 2) in figure.layout.annotations[0].text


def _bars(figure, rows):
    _, bars, labels = figure.data
    assert list(bars.customdata) == list(rows["code"])
    assert _floats(bars.x) == _floats(rows["score"].fillna(0.0))
    for label, tick, row in zip(labels.text, figure.layout.yaxis.ticktext, rows.itertuples(), strict=True):
        if pd.notna(row.score):
            assert BOLD.search(label).group(1) == number(row.score, 2) and row.grade_name in label
        assert BOLD.findall(tick)[-1] == ("—" if pd.isna(row.rank) else str(row.rank))


def _systems(name, figure, material):
    rows = _ask_rows(material, queries.system_ranks)
    rows = rows[rows["rank"].notna()].set_index("code")
    systems = [system.id for system in material.scheme.systems]
    if len(rows) <= 25:
        shown = {
            trace.customdata[0]: list(trace.text) for trace in figure.data if trace.customdata is not None
        }
        columns = [f"rank_{systems[0]}", "rank", f"rank_{systems[-1]}"]
        assert shown == {code: [str(row[c]) for c in columns] for code, row in rows.iterrows()}
        return
    for trace, column in zip(figure.data, [f"rank_{systems[0]}", f"rank_{systems[-1]}", "rank"], strict=True):
        assert _floats(trace.x) == _floats(rows.loc[list(trace.customdata), column])
    least = rows.loc[list(figure.data[0].customdata), "rank_shift"].min()
    assert (rows["rank_shift"].drop(list(figure.data[0].customdata)).fillna(0) <= least).all()


def _units(name, figure, material):
    units = _ask(material, queries.units, region=material.region)
    rows = units[units["category_name"] == name.removeprefix("单位得分_")]
    _bars(figure, rows.sort_values(["score", "code"], ascending=[False, True], na_position="last"))


def _waterfall(name, figure, material):
    steps = _ask(material, queries.waterfall, region=material.region)
    steps = steps[(steps["value"] != 0) | _is_end(steps)]
    assert _texts(figure) == _steps_as_printed(steps)
    inner = ~_is_end(steps)
    lengths = pd.Series(_floats(figure.data[0].x), index=steps.index)[inner]
    assert list(lengths) == pytest.approx(list(steps.loc[inner, "value"].abs()))
    assert sum(steps["printed"].iloc[:-1]) == pytest.approx(steps["printed"].iloc[-1])


def _heat(name, figure, material):
    by = "dimension" if name.endswith("维度") else "article"
    values = _ask_rows(material, queries.gap_matrix, by=by).set_index(["code", "key"])["attainment"]
    cells = figure.data[0]
    shown = {tuple(at): text for at, text in zip(cells.customdata, cells.text, strict=True)}
    assert set(shown) == set(values.index)
    is_short = values.index.get_level_values("key").nunique() > 12
    for at, value in values.items():
        expected = "" if pd.isna(value) else f"{value * 100:.0f}" if is_short else percent(value)
        assert shown[at] == expected


def _costliest(name, figure, material):
    gaps = _ask(material, queries.region_gaps, region=material.region)
    gaps = gaps[gaps["gap"] > 0].head(12)
    bars = figure.data[0]
    assert list(bars.customdata) == list(gaps["key"]) and list(bars.x) == list(gaps["gap"])
    assert [BOLD.search(text).group(1) for text in bars.text] == [number(gap, 2) for gap in gaps["gap"]]


def _slopes(name, figure, material):
    rows = _ask_rows(material, queries.region_moves, before=material.before)
    rows = rows[rows["change"].notna()].head(25)
    lines = {trace.customdata[0]: _floats(trace.y) for trace in figure.data if trace.customdata is not None}
    assert lines == {row.code: [row.score_before, row.score_now] for row in rows.itertuples()}
    texts = " ".join(note.text for note in figure.layout.annotations)
    assert all(
        number(row.score_now, 2) in texts and number(row.score_before, 2) in texts
        for row in rows.itertuples()
    )


def _years(name, figure, material):
    rows = _ask_rows(material, queries.region_trend).set_index(["code", "cycle"])["score"]
    panels = [trace for trace in figure.data if trace.customdata is not None]
    newest = rows.xs(material.cycle, level="cycle").dropna()
    assert len(panels) == min(len(newest), 25)
    for trace in panels:
        for code, year, score in zip(trace.customdata, trace.x, trace.y, strict=True):
            expected = rows.get((code, year))
            assert (
                (score is None or pd.isna(score))
                if expected is None or pd.isna(expected)
                else score == expected
            )


def _bridge(name, figure, material):
    by = "dimension" if name.endswith("维度") else "article"
    steps = _ask(material, queries.bridge, before=material.before, region=material.region, by=by)
    steps = steps[(steps["printed"] != 0) | _is_end(steps)]
    assert _texts(figure) == _steps_as_printed(steps)
    inner = list(~_is_end(steps))
    lengths = [x for x, is_inner in zip(_floats(figure.data[0].x), inner, strict=True) if is_inner]
    assert lengths == pytest.approx(list(steps.loc[inner, "value"].abs()))


def _dumbbell(name, figure, material):
    rows = _ask(material, queries.comparable_attainments, before=material.before, region=material.region)
    rows = rows[rows["change"].notna()].set_index("article")
    for trace, column in zip(figure.data, ("before", "now"), strict=True):
        assert len(trace.x) == len(rows)
        assert _floats(trace.x) == _floats(rows.loc[list(trace.customdata), column])
    texts = [note.text for note in figure.layout.annotations]
    assert sorted(texts) == sorted(percent(value) for value in [*rows["before"], *rows["now"]])


def _closing(name, figure, material):
    rows = _ask_rows(material, queries.task_rates, today=material.today)
    _, bars, labels = figure.data
    assert list(bars.customdata) == list(rows["code"])
    assert _floats(bars.x) == _floats(rows["closing_rate"].fillna(0.0))
    for label, row in zip(labels.text, rows.itertuples(), strict=True):
        expected = f"<b>{percent(row.closing_rate)}</b> {row.done}/{row.given_out}" if row.given_out else "—"
        assert label.strip() == expected


def _grades(name, figure, material):
    _bars_of_grades(figure, _ask(material, queries.grade_steps))


def _severity(name, figure, material):
    rows = _ask(material, queries.severity)
    rows = rows[rows["difference"].notna() & (rows["stage_name"] == name.removeprefix("审核尺度_"))]
    rows = rows.sort_values(["difference", "region"], ascending=[False, True])
    dots, values = figure.data[0], figure.data[1]
    assert list(dots.x) == pytest.approx(list(rows["difference"] * 100))
    assert [BOLD.search(text).group(1) for text in values.text] == [
        signed(value * 100, 1) for value in rows["difference"]
    ]


CHECKS = {
    "市（地）方块图": _tiles,
    "等次分布": _shares,
    "提交进度": _curve,
    "地区排名": _ranked,
    "两个责任制位次": _systems,
    "单位得分": _units,
    "从满分到得分": _waterfall,
    "得分率热力图": _heat,
    "失分最多的指标": _costliest,
    "两年变化": _slopes,
    "历年得分": _years,
    "得分为什么变": _bridge,
    "条文得分率": _dumbbell,
    "整改销号率": _closing,
    "等次_": _grades,
    "审核尺度": _severity,
}
