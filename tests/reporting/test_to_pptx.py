"""The deck's writer: what goes in comes out, nothing overflows, names stay names, and an office's master is checked."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pptx import Presentation
from pptx.util import Emu, Inches

from reporting import deck_template
from reporting.deck_fit import count_lines, cut_text, fit_text, height_pt, plain_line, width_em
from reporting.deck_master import DECK, open_master
from reporting.deck_spec import (
    Bars,
    Card,
    Cards,
    Cell,
    Column,
    Cover,
    Deck,
    Lines,
    Placed,
    Series,
    Slide,
    Table,
    Tile,
    TileMap,
)
from reporting.office_template import SHIPPED, TemplateFault
from reporting.to_pptx import write_deck
from tests.pptx_reading import (
    chart_values,
    charts,
    named,
    overflows,
    parts_of,
    read_deck,
    tables,
    texts,
    titles,
    workbook_values,
)

HOSTILE = [
    '=HYPERLINK("http://example.com","点我")',
    "<b>加粗</b>&amp;<a:t>",
    "{{ 单位 }}{% for x in y %}",
    "http://example.com/" + "很长" * 20,
    "@SUM(A1)+1" + "W" * 60,
    "示例🙂单位\u202e反\x07响\ttab",
    "非常长的单位名称" * 8,
    "-1+2",
]
TEMPLATE = SHIPPED / DECK
STAMP = "2026 年度 · 黑龙江省 · 第 2026-1 号公布（2026-11-25）"


def _table(names: list[str], lines: int = 1) -> Table:
    rows = tuple((name, Cell("1.00", fill="#f2f5f8"), name) for name in names)
    return Table((Column("地区", 3), Column("得分", 1, "right"), Column("说明", 2, "center")), rows, lines)


def _deck(names: list[str]) -> Deck:
    values = tuple(float(at) for at in range(len(names)))
    bars = Bars(tuple(names), (Series(names[0], values, "#1f5f99", labels="0.00"),))
    stack = Bars(
        tuple(names),
        (Series("有", values, "#2a9d8f", labels="0;;"), Series("无", values[::-1], "#c6ced6", labels="0;;")),
        stacking="full",
        has_legend=True,
        is_crowded=True,
    )
    cards = Cards(tuple(Card(name, name, "分", name, "#0b4f8a") for name in names[:6]), 3)
    tiles = TileMap(
        tuple(Tile(at, 0, name, name, name, "#e5a52e") for at, name in enumerate(names[:3])),
        5,
        4,
        (("#e5a52e", names[6]), ("", names[6])),
        (4.1, 2.1),
    )
    long = "，".join(names) * 3
    return Deck(
        "一份幻灯片",
        STAMP,
        datetime(2026, 11, 25, 10, 30),
        (
            Cover(names[6], names[6], long, tuple(names)),
            Slide(long, long, (Placed(bars, right=0.5), Placed(_table(names), left=0.5))),
            Slide("方块", "结论。", (Placed(cards, bottom=0.4), Placed(stack, top=0.4))),
            Slide("表", "结论。", (Placed(_table(names * 2, lines=2)),)),
            Slide("图", "结论。", (Placed(tiles),)),
            Slide("文", "结论。", (Placed(Lines(tuple(names * 3)), bottom=0.9), Placed(Lines((long,), is_remark=True), top=0.9))),
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def hostile() -> bytes:
    return write_deck(_deck(HOSTILE), template=TEMPLATE)


def test_nothing_overflows_whatever_the_names(hostile):
    assert overflows(read_deck(hostile)) == []


def test_names_are_text_and_never_formulas_links_or_markup(hostile):
    deck = read_deck(hostile)
    for slide in deck.slides:
        for chart in charts(slide):
            assert workbook_values(chart) == chart_values(chart)
        assert not slide._element.xpath(".//a:hlinkClick")
    wide = Deck(
        "",
        STAMP,
        datetime(2026, 1, 1),
        (Slide("表", "", (Placed(Table((Column("名称", 1),), tuple((name,) for name in HOSTILE), 3)),)),),
    )
    shown = [row[0] for row in tables(read_deck(write_deck(wide, template=TEMPLATE)).slides[0])[0][1:]]
    assert shown == [plain_line(name) for name in HOSTILE]
    assert shown[1] == "<b>加粗</b>&amp;<a:t>" and shown[5] == "示例🙂单位反响 tab"


def test_there_are_no_pictures_notes_or_persons_in_the_file(hostile):
    deck = read_deck(hostile)
    assert not [
        name for name in parts_of(hostile) if "media" in name or "notes" in name or "thumbnail" in name
    ]
    assert not any(slide.has_notes_slide for slide in deck.slides)
    properties = deck.core_properties
    assert (properties.author, properties.last_modified_by, properties.title) == ("", "", "一份幻灯片")
    assert "docProps/app.xml" not in parts_of(hostile)  # where a company and a manager would stand


def test_shapes_of_a_slide_have_ids_of_their_own(hostile):
    for slide in read_deck(hostile).slides:
        ids = [shape.shape_id for shape in slide.shapes]
        assert len(set(ids)) == len(ids)


def test_every_slide_but_the_cover_has_the_stamp_and_its_number(hostile):
    deck = read_deck(hostile)
    for number, slide in enumerate(deck.slides, start=1):
        if number > 1:
            assert named(slide, "页脚") == STAMP
            field = slide._element.xpath('.//a:fld[@type="slidenum"]/a:t')
            assert [each.text for each in field] == [str(number)]


def test_the_number_of_a_step_that_is_too_narrow_stands_before_it_and_stays_the_number():
    parts = (
        Series("起点", (0.0, 80.0, 79.9), None),
        Series("失分", (None, 20.0, 0.1), "#e9c7a3", labels='"−"0.00;"−"0.00;0.00'),
    )
    bars = Bars(("满分", "甲", "乙"), parts, stacking="stacked", low=70.0, high=101.0, is_steps=True)
    deck = Deck("", STAMP, datetime(2026, 1, 1), (Slide("图", "", (Placed(bars),)),))
    chart = charts(read_deck(write_deck(deck, template=TEMPLATE)).slides[0])[0]
    (moved,) = chart._chartSpace.xpath(".//c:dLbl")
    assert moved.xpath("c:idx/@val") == ["2"]
    assert -0.1 < float(moved.xpath("c:layout/c:manualLayout/c:x/@val")[0]) < 0
    assert moved.xpath("c:showVal/@val") == ["1"] and not moved.xpath("c:tx")
    assert moved.xpath("c:numFmt/@formatCode") == ['"−"0.00;"−"0.00;0.00']


def test_a_table_is_set_smaller_before_a_cell_is_cut():
    names = ["大庆高新技术产业开发区", "肇州县"]
    table = Table(
        (Column("地区", 3), Column("名次", 1.4, "right")), tuple((name, "113 → 117") for name in names)
    )
    wide, narrow = (
        Deck("", STAMP, datetime(2026, 1, 1), (Slide("表", "", (Placed(table, right=right),)),))
        for right in (0.5, 0.24)
    )
    sizes = []
    for deck in (wide, narrow):
        slide = read_deck(write_deck(deck, template=TEMPLATE)).slides[0]
        assert tables(slide)[0][1:] == [[name, "113 → 117"] for name in names]
        sizes.append(min(map(int, slide._element.xpath(".//a:tbl//a:rPr/@sz"))))
    assert sizes[1] < 1100 < sizes[0]


def test_numbers_that_have_no_room_are_left_out_of_the_drawing_only():
    parts = (Series("大", (99.0,), "#2a9d8f", labels="0"), Series("小", (1.0,), "#c6ced6", labels="0"))
    bars = Bars(("某地",), parts, stacking="full", is_crowded=True)
    deck = Deck("", STAMP, datetime(2026, 1, 1), (Slide("图", "", (Placed(bars),)),))
    chart = charts(read_deck(write_deck(deck, template=TEMPLATE)).slides[0])[0]
    assert chart_values(chart) == {"大": {"某地": 99.0}, "小": {"某地": 1.0}}
    dropped = [len(series._element.xpath(".//c:dLbl/c:delete")) for series in chart.plots[0].series]
    assert dropped == [0, 1]


def test_names_that_differ_at_their_ends_only_stay_distinct():
    names = ("宣传教育周活动很长的名称日期", "宣传教育周活动很长的名称场次", "同名", "同名")
    bars = Bars(names, (Series("失分", (1.0, 2.0, 3.0, 4.0), "#c2651a", labels="0"),))
    deck = Deck("", STAMP, datetime(2026, 1, 1), (Slide("图", "", (Placed(bars, right=0.25),)),))
    chart = charts(read_deck(write_deck(deck, template=TEMPLATE)).slides[0])[0]
    first, second, *same = chart_values(chart)["失分"]
    assert first.startswith("宣传教") and first.endswith("日期") and second.endswith("场次") and "…" in first
    assert same == ["同名", "同名 2"]


def test_the_same_deck_is_the_same_bytes(hostile):
    assert write_deck(_deck(HOSTILE), template=TEMPLATE) == hostile


def test_progress_hears_of_every_slide():
    heard = []
    write_deck(_deck(HOSTILE), template=TEMPLATE, progress=lambda done, total: heard.append((done, total)))
    assert heard == [(done, 6) for done in range(1, 7)]


def test_a_table_that_its_place_cannot_hold_is_an_error_of_whoever_made_the_slide():
    deck = Deck("", STAMP, datetime(2026, 1, 1), (Slide("表", "", (Placed(_table(["某地"] * 40)),)),))
    with pytest.raises(ValueError, match="do not fit"):
        write_deck(deck, template=TEMPLATE)


# ---- fitting


@given(st.text(alphabet="地区得分 abcW🙂，。", max_size=80), st.integers(40, 400), st.integers(12, 90))
def test_fitted_text_stays_in_its_room_and_is_cut_last(text, width, height):
    fitted, size = fit_text(text, width_pt=width, height=height, size=18, least=9)
    assert 9 <= size <= 18
    assert height_pt(fitted, width_pt=width, size=size) <= max(height, 9 * 1.25)
    if fitted != plain_line(text):
        assert size == 9 and fitted.endswith("…")


def test_text_shrinks_before_it_wraps_out_of_its_room_and_is_cut_at_the_least_size():
    assert fit_text("十个汉字正好放得下吗", width_pt=200, height=25, size=18, least=9) == (
        "十个汉字正好放得下吗",
        18,
    )
    assert fit_text("二十个汉字" * 4, width_pt=200, height=25, size=18, least=10)[1] == 10
    assert fit_text("二十个汉字" * 9, width_pt=100, height=12.5, size=10, least=10) == (
        "二十个汉字二十个…",
        10,
    )


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [("汉字汉字", 42, 1), ("汉字汉字", 39, 2), ("", 10, 1), ("aaaa bbbb", 60, 1), ("aaaa bbbb", 45, 2), ("a" * 40, 100, 3)],
)  # fmt: skip
def test_lines_break_between_chinese_characters_and_at_spaces(text, width, lines):
    assert count_lines(text, width_pt=width, size=10) == lines


def test_widths_are_those_of_chinese_and_latin_text():
    assert width_em("得分") == 2.0
    assert width_em("12") == pytest.approx(1.1, rel=0.05)
    assert width_em("W") == 1.0 and width_em("🙂") > 1.0
    assert cut_text("得分", width_pt=100, size=10) == "得分"


# ---- masters


def _office(tmp_path: Path, change) -> Path:
    deck = Presentation(str(TEMPLATE))
    change(deck)
    path = tmp_path / DECK
    deck.save(str(path))
    return path


def _rename(deck, layout: str, shape: str, to: str) -> None:
    found = next(each for each in deck.slide_layouts if each.name == layout)
    next(each for each in found.placeholders if each.name == shape).name = to


def test_the_shipped_master_is_what_the_program_draws():
    assert TEMPLATE.read_bytes() == deck_template.build()
    open_master(TEMPLATE)
    assert Presentation(str(TEMPLATE)).element.xpath("./p:sldSz/@type") == []


def test_fonts_of_both_scripts_are_named_in_the_theme_and_on_every_run(hostile):
    theme = next(
        part.blob for part in read_deck(hostile).part.package.iter_parts() if "theme" in str(part.partname)
    )
    assert 'a:ea typeface="微软雅黑"'.encode() in theme
    for slide in read_deck(hostile).slides:
        runs = slide._element.xpath(".//a:rPr")
        assert runs and all(run.xpath('./a:ea[@typeface="+mn-ea"]') for run in runs)
        for chart in charts(slide):
            assert chart._chartSpace.xpath('./c:txPr//a:ea[@typeface="+mn-ea"]')


def test_an_offices_own_master_is_used_and_its_slides_are_dropped(tmp_path):
    def change(deck):
        next(s for s in deck.slide_layouts[1].placeholders if s.name == "标题").left = Inches(1)
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = "旧的一页"

    blob = write_deck(_deck(HOSTILE), template=_office(tmp_path, change))
    deck = read_deck(blob)
    assert len(deck.slides) == 6 and "旧的一页" not in "".join(titles(deck))
    assert not [name for name in parts_of(blob) if name.endswith("slide7.xml")]
    assert next(s for s in deck.slides[1].placeholders if s.name == "标题").left == Inches(1)
    assert overflows(deck) == []


def test_another_size_of_the_same_shape_scales_what_is_drawn(tmp_path):
    def change(deck):
        for holder in (deck.slide_master, *deck.slide_layouts):
            for shape in holder.shapes:
                box = [Emu(int(part * 0.75)) for part in (shape.left, shape.top, shape.width, shape.height)]
                shape.left, shape.top, shape.width, shape.height = box
                for properties in shape._element.xpath(".//a:defRPr[@sz]"):
                    properties.set("sz", str(int(int(properties.get("sz")) * 0.75)))
        deck.slide_width, deck.slide_height = Inches(10), Inches(5.625)

    deck = read_deck(write_deck(_deck(HOSTILE), template=_office(tmp_path, change)))
    assert (deck.slide_width, deck.slide_height) == (Inches(10), Inches(5.625))
    assert overflows(deck) == []


@pytest.mark.parametrize(
    ("change", "named_fault"),
    [
        (lambda deck: _rename(deck, "内容", "结论", "Text 3"), "版式“内容”缺少名为“结论”的占位符"),
        (lambda deck: _rename(deck, "封面", "标题", "Title 1"), "版式“封面”缺少名为“标题”的占位符"),
        (lambda deck: setattr(deck.slide_layouts[0], "name", "Title Slide"), "没有名为“封面”的版式"),
        (lambda deck: setattr(deck, "slide_width", Inches(10)), "不是 16:9"),
        (
            lambda deck: setattr(
                next(s for s in deck.slide_layouts[1].placeholders if s.name == "页脚"), "top", Inches(5)
            ),
            "65%",
        ),
    ],
)  # fmt: skip
def test_what_a_master_lacks_is_named_with_advice(tmp_path, change, named_fault):
    path = _office(tmp_path, change)
    with pytest.raises(TemplateFault, match=named_fault) as fault:
        write_deck(_deck(HOSTILE), template=path)
    assert DECK in str(fault.value) and "自带的模板" in str(fault.value)


def test_all_that_is_missing_is_named_at_once(tmp_path):
    def change(deck):
        for name in ("结论", "页脚", "页码"):
            _rename(deck, "内容", name, "x")

    with pytest.raises(TemplateFault) as fault:
        open_master(_office(tmp_path, change))
    assert all(f"“{name}”" in str(fault.value) for name in ("结论", "页脚", "页码"))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_a_file_that_is_no_deck_is_refused_with_advice(tmp_path, content):
    path = tmp_path / DECK
    path.write_bytes(content)
    with pytest.raises(TemplateFault, match="另存为 pptx"):
        open_master(path)


def test_a_master_of_word_is_refused_with_advice(tmp_path):
    with pytest.raises(TemplateFault, match="另存为 pptx"):
        open_master(SHIPPED / "整改通知书.docx")


def test_a_slide_says_its_texts_in_reading_order():
    deck = _deck(["甲地", "乙地", "丙地", "丁地", "戊地", "己地", "庚地"])
    slide = read_deck(write_deck(replace(deck, slides=deck.slides[2:3]), template=TEMPLATE)).slides[0]
    order = [shape.name for shape in slide.shapes]
    assert order[:2] == ["标题", "结论"] and order[-2:] == ["页脚", "页码"]
    assert texts(slide).startswith("方块\n结论。")
    chart = next(shape for shape in slide.shapes if shape.has_chart)
    assert chart._element.xpath(".//p:cNvPr/@descr") == ["方块：结论。"]


def test_a_saved_deck_opens_again(hostile):
    again = io.BytesIO()
    read_deck(hostile).save(again)
    assert titles(read_deck(again.getvalue())) == titles(read_deck(hostile))
