"""The regulation as data says what the published text says."""

import re
from datetime import date
from pathlib import Path

import pytest

from scoring.regulation import RegulationError, UnknownPlace, load_regulation, parse_regulation
from scoring.scheme import Place, chinese_number

SOURCE = Path(__file__).parents[1] / "reference" / "heilongjiang-regulation.txt"
HALF_TO_FULL_WIDTH = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）"})


@pytest.fixture(scope="module")
def regulation():
    return load_regulation("heilongjiang")


def normalised_source():
    """Lines of the published text without its slips of typing: stray blanks, half-width marks, （1） for （一）."""
    text = re.sub(r"\[bookmark:[^\]]*\]", "", SOURCE.read_text("utf-8"))
    lines = [line.strip().translate(HALF_TO_FULL_WIDTH) for line in text.splitlines() if line.strip()]
    lines = [re.sub(r"^（(\d)） *", lambda m: f"（{chinese_number(int(m[1]))}）", line) for line in lines]
    return [re.sub(r"^(第.章) +(.)\s*(.*)$", r"\1 \2\3", line) for line in lines]


def printed(regulation):
    """The regulation as data, printed the way the published text is."""
    yield regulation.title
    day = regulation.adopted
    yield f"（{day.year}年{day.month}月{day.day}日{regulation.adopted_by}）"
    chapter = 0
    for article in regulation.articles:
        if article.chapter != chapter:
            chapter = article.chapter
            yield regulation.chapter_of(article.number).label
        lines = [line for paragraph in article.paragraphs for line in paragraph.lines]
        yield f"{article.label} {lines[0]}"
        yield from lines[1:]


def test_the_text_is_the_published_text_line_by_line(regulation):
    source = normalised_source()
    source[1:3] = ["".join(source[1:3])]  # the adoption note is broken over two lines
    assert list(printed(regulation)) == source


def test_title_and_dates(regulation):
    assert regulation.title == "黑龙江省反间谍安全防范条例"
    assert (regulation.adopted, regulation.effective) == (date(2019, 10, 18), date(2019, 11, 1))


def test_it_has_44_articles_in_8_chapters(regulation):
    assert [a.number for a in regulation.articles] == list(range(1, 45))
    assert [c.number for c in regulation.chapters] == list(range(1, 9))
    assert regulation.chapter_of(24).label == "第五章 宣传教育"


@pytest.mark.parametrize(
    ("article", "paragraphs"),
    [(14, [0]), (17, [0, 0]), (19, [9, 0]), (27, [4]), (28, [0] * 5), (40, [8]), (41, [6, 0])],
)
def test_paragraphs_and_items(regulation, article, paragraphs):
    assert [len(p.items) for p in regulation.article(article).paragraphs] == paragraphs


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ({"article": 44}, "本条例自2019年11月1日起施行。"),
        ({"article": 19, "paragraph": 1, "item": 8}, "建立反间谍安全防范工作档案；"),
        ({"article": 28, "paragraph": 2}, "党校（行政学院）应当对教师和学员开展反间谍安全防范教育。"),
        ({"article": 27, "item": 4}, "反间谍安全防范警示教育。"),
        ({"article": 41, "item": 5}, "发生间谍行为；"),
    ],
)
def test_the_text_at_a_place(regulation, place, text):
    assert regulation.text_at(Place(**place)) == text


def test_a_paragraph_with_items_is_read_with_them(regulation):
    lines = regulation.text_at(Place(article=27, paragraph=1)).splitlines()
    assert len(lines) == 1 + 4
    assert lines[1] == "（一）反间谍安全防范法律法规、制度规定；"
    assert regulation.text_at(Place(article=27)) == "\n".join(lines)


@pytest.mark.parametrize(
    "place",
    [
        {"article": 45},
        {"article": 19, "paragraph": 3},
        {"article": 19, "paragraph": 1, "item": 10},
        {"article": 19, "paragraph": 2, "item": 1},
        {"article": 14, "item": 1},
    ],
)
def test_a_place_that_does_not_exist_is_an_error(regulation, place):
    with pytest.raises(UnknownPlace):
        regulation.text_at(Place(**place))


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("12339", [15]),
        ("承诺书", [19]),
        ("第二十四条", [24]),
        ("二十四条", [24]),
        ("24", [24]),
        ("第24条", [24]),
        ("２４", [24]),
        ("党校(行政学院) 学员", [28]),
        ("  人民防线  预算 ", [34]),
        ("火星", []),
        ("45", []),
        ("", list(range(1, 45))),
    ],
)
def test_search(regulation, text, articles):
    assert [a.number for a in regulation.search(text)] == articles


def test_a_regulation_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(RegulationError, match="没有条例 jilin，现有：heilongjiang"):
        load_regulation("jilin")


def test_a_name_cannot_leave_the_folder():
    with pytest.raises(RegulationError):
        load_regulation("../schemes/heilongjiang-2026")


HEAD = 'title = "甲"\nadopted = 2020-01-01\nadopted_by = "乙"\neffective = 2020-02-01\n'
CHAPTER = '[[chapters]]\nnumber = 1\nname = "总则"\n'


@pytest.mark.parametrize(
    ("text", "culprit"),
    [
        ("title = ", "不是有效的 TOML"),
        (HEAD, "chapters：缺少此项"),
        (
            HEAD + CHAPTER + '[[articles]]\nnumber = 2\nchapter = 1\nparagraphs = [{ text = "丙" }]',
            "连续编号",
        ),
        (
            HEAD + CHAPTER + '[[articles]]\nnumber = 1\nchapter = 3\nparagraphs = [{ text = "丙" }]',
            "没有第 3 章",
        ),
        (HEAD + CHAPTER + "[[articles]]\nnumber = 1\nchapter = 1\nparagraphs = []", "至少要有 1 项"),
    ],
)
def test_a_faulty_regulation_is_refused(text, culprit):
    with pytest.raises(RegulationError, match=culprit):
        parse_regulation(text, name="faulty.toml")
