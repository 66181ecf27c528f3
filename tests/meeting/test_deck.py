"""What every deck must have, whatever its parts: titles, feet, sentences, native charts, room; and what it must not say."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from data import queries
from data.model import Scope
from meeting.deck import KIND
from meeting.material import gather
from reporting.deck_master import DECK
from reporting.office_template import SHIPPED, TemplateFault
from reporting.theme import DEMO_MARK, number, percent
from tests.libreoffice import SOFFICE, to_pdf
from tests.meeting.conftest import LIVE, NOW
from tests.pptx_reading import (
    chart_values,
    charts,
    named,
    overflows,
    parts_of,
    read_deck,
    slide_called,
    tables,
    texts,
    titles,
    workbook_values,
)

pytest_plugins = ("tests.meeting.deck_fixtures",)
ALL = set(KIND.parts)
# what makes LibreOffice read slides
IMPRESS = bool(SOFFICE) and (Path(SOFFICE).resolve().parent.parent / "share/registry/impress.xcd").exists()


@pytest.fixture
def early(meeting_store):
    """The province the day before its deadline."""
    now = meeting_store.cycle(LIVE).deadline - timedelta(days=1)
    with gather(meeting_store, cycle=LIVE, now=now) as made:
        yield made


def test_the_outline_is_the_titles_of_the_slides(material, deck):
    assert KIND.outline(material, ALL) == titles(deck)


def test_nothing_overflows(deck):
    assert overflows(deck) == []


def test_charts_are_native_with_a_workbook_of_the_same_numbers(material, built):
    blob, deck, _ = built(material)
    found = [chart for slide in deck.slides for chart in charts(slide)]
    assert len(found) > 8
    for chart in found:
        assert workbook_values(chart) == chart_values(chart)
    assert not [name for name in parts_of(blob) if "media" in name or "notes" in name]


def test_the_foot_says_whose_and_of_when_the_numbers_are(material, deck):
    for number_, slide in enumerate(deck.slides, start=1):
        if number_ == 1:
            assert material.source in texts(slide) and DEMO_MARK in texts(slide)
            assert material.scheme.weights_note in texts(slide)
        else:
            assert named(slide, "页脚") == material.stamp and DEMO_MARK in material.stamp
            assert named(slide, "页码") == str(number_)
    if material.publication:
        assert "第 2025-1 号公布" in named(deck.slides[1], "页脚")


def test_every_slide_concludes_in_a_sentence(deck):
    for slide in deck.slides:
        said = named(slide, "结论")
        assert said.endswith("。") and len(said) > 8 and "nan" not in said.lower() and "None" not in said
        assert "nan" not in texts(slide).lower() and "None" not in texts(slide)


def test_progress_hears_of_every_slide(material, built):
    _, deck, heard = built(material)
    count = len(deck.slides)
    assert heard == [(done, count) for done in range(1, count + 1)]


@pytest.mark.parametrize("part", list(KIND.parts))
def test_parts_can_be_chosen_one_by_one(meeting_store, part):
    with gather(meeting_store, cycle=LIVE, region="230100", now=NOW) as material:
        outline = KIND.outline(material, {part})
        deck = read_deck(KIND.build(material, parts={part}, home=material.reading.home))
        assert titles(deck) == outline
        assert bool(outline) == (part != "tiles" and (part != "findings" or len(material.findings) > 0))


def test_before_the_deadline_nothing_is_ranked(early, built):
    _, deck, _ = built(early)
    assert overflows(deck) == [] and KIND.outline(early, ALL) == titles(deck)
    everything = "\n".join(texts(slide) for slide in deck.slides)
    for word in ("居首", "末位", "第 1 位", "等次", "优秀", "不合格"):
        assert word not in everything
    heads = {head for slide in deck.slides for table in tables(slide) for head in table[0]}
    assert not heads & {"名次", "等次", "得分"}
    for left_out in ("单位等次分布", "得分排名", "年相比"):
        assert not [each for each in titles(deck) if left_out in each]
    rows = early.regions
    slide = slide_called(deck, "各市（地）提交率与得分区间")
    assert "截止前不排名次" in named(slide, "结论")
    assert tables(slide)[0][1:] == [
        [
            row.name,
            f"{row.submitted}/{row.registered}",
            percent(row.submission_rate),
            f"{number(row.low, early.decimals)}–{number(row.high, early.decimals)}",
        ]
        for row in rows.itertuples()
    ]
    assert {name: f"{value:.1%}" for name, value in chart_values(charts(slide)[0])["提交率"].items()} == dict(
        zip(rows["name"], map(percent, rows["submission_rate"]), strict=True)
    )


@pytest.mark.parametrize("region", ["230100", "county"])
def test_whoever_sees_one_region_only_gets_its_deck_without_units_of_others(meeting_store, region):
    if region == "county":
        units = queries.units(meeting_store, cycle=LIVE)
        region = units.loc[units["score"].notna(), "region"].value_counts().index[0]
    mine = meeting_store.seen_by(Scope(region))
    with gather(mine, cycle=LIVE, now=NOW) as material:
        deck = read_deck(KIND.build(material, parts=ALL, home=material.reading.home))
        own = set(material.findings["unit_name"])
    assert overflows(deck) == []
    everything = "\n".join(texts(slide) for slide in deck.slides)
    # ranks count over the province, of whose counties only some are seen
    assert "在全省县（市、区）中" in everything and "个有名次的" not in everything
    strangers = set(queries.findings(meeting_store, cycle=LIVE)["unit_name"]) - own
    assert strangers and not [name for name in strangers if name in everything]


def test_the_offices_own_master_in_the_runtime_folder_is_used(meeting_store, tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / DECK).write_bytes(b"no deck")
    with gather(meeting_store, cycle=LIVE, now=NOW) as material:
        with pytest.raises(TemplateFault, match="另存为 pptx"):
            KIND.build(material, parts={"cover"}, home=tmp_path)
        shutil.copy(SHIPPED / DECK, tmp_path / "templates" / DECK)
        assert titles(read_deck(KIND.build(material, parts={"cover"}, home=tmp_path)))


def test_the_same_material_is_the_same_file(meeting_store):
    files = []
    for _ in range(2):
        with gather(meeting_store, cycle=LIVE, region="230100", now=NOW) as material:
            files.append(KIND.build(material, parts=ALL - {"each"}, home=material.reading.home))
    assert files[0] == files[1]


def test_a_publications_deck_does_not_depend_on_when_it_is_made(published_store):
    files = []
    for now in (NOW, NOW + timedelta(days=90)):
        with gather(published_store, cycle=2025, now=now) as material:
            files.append(
                KIND.build(
                    material, parts={"cover", "submissions", "tasks", "method"}, home=material.reading.home
                )
            )
    assert files[0] == files[1]


def test_units_with_long_and_hostile_names_stay_names(meeting_store):
    names = ['=HYPERLINK("http://a","b")', "<b>&amp;{{ x }}🙂", "示例很长的单位名称" * 7]
    with gather(meeting_store, cycle=LIVE, now=NOW) as material:
        frame = material.findings
        vetoes = frame[frame["kind"] == "veto"].head(1)
        rows = [vetoes.assign(unit_name=name, unit=f"U{at}", document=name) for at, name in enumerate(names)]
        material.__dict__["findings"] = type(frame)(
            [record for row in rows for record in row.to_dict("records")]
        )
        deck = read_deck(KIND.build(material, parts={"findings"}, home=material.reading.home))
    assert overflows(deck) == []
    shown = [row[0] for row in tables(slide_called(deck, "一票否决单位"))[0][1:]]
    assert shown[:2] == names[:2] and names[2].startswith(shown[2].rstrip("…"))


@pytest.mark.skipif(
    not IMPRESS or not shutil.which("pdftotext"), reason="needs LibreOffice Impress and pdftotext"
)
def test_libreoffice_prints_as_many_pages_as_there_are_slides(meeting_store, built, tmp_path):
    with gather(meeting_store, cycle=LIVE, region="230100", now=NOW) as material:
        blob, deck, _ = built(material)
    source = tmp_path / "deck.pptx"
    source.write_bytes(blob)
    pdf = to_pdf(source, tmp_path)
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = text.split("\f")[:-1]
    assert len(pages) == len(deck.slides)
    for page, title in zip(pages, titles(deck), strict=True):
        assert "".join(title.split()) in "".join(page.split())


def test_the_kind_says_what_it_is():
    parts = list(KIND.parts)
    assert (KIND.id, KIND.title, KIND.extension) == ("pptx", "会议幻灯片", "pptx")
    assert (parts[0], parts[-1]) == ("cover", "method")
