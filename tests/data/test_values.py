"""Whatever accepted spelling people use for a value, the same value is read; what is refused says what to do."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.values import (
    Reading,
    is_na,
    read_date,
    read_level,
    read_percent,
    read_whole,
    read_yes_no,
)

YES_WORDS = [
    "是",
    "√",
    "✓",
    "✔",
    "有",
    "对",
    "已建立",
    "已开展",
    "Y",
    "ｙｅｓ",
    "YES",
    " 是 \n",
    "是。",
    "TRUE",
    True,
    "均已落实",
]
NO_WORDS = [
    "否",
    "×",
    "✗",
    "无",
    "没有",
    "未建立",
    "尚未开展",
    "没建立",
    "N",
    "no",
    "ＮＯ",
    "否 ",
    "FALSE",
    False,
    "X",
]
NA_WORDS = [
    "—",
    "－",
    "-",
    "——",
    "/",
    "N/A",
    "n/a",
    "Ｎ／Ａ",
    "NA",
    "不适用",
    "不涉及",
    "不 适 用",
    "不适用（无此类人员）",
]
LEVELS = ["未开展", "部分落实（有制度）", "全面落实"]


def code_of(reading: Reading) -> list[str]:
    return [code for code, _ in reading.problems]


@pytest.mark.parametrize("word", YES_WORDS)
def test_words_for_yes(word):
    assert read_yes_no(word) == Reading("value", "是")


@pytest.mark.parametrize("word", NO_WORDS)
def test_words_for_no(word):
    assert read_yes_no(word) == Reading("value", "否")


@pytest.mark.parametrize(
    "word", ["大概有", "1", 1.0, 0, "未知", "未定", "已撤销", "已建立但未落实", "有待建立", date(2026, 1, 1)]
)
def test_what_is_neither_yes_nor_no_is_refused(word):
    assert code_of(read_yes_no(word)) == ["not-yes-no"]


@pytest.mark.parametrize("word", NA_WORDS)
def test_words_for_not_applicable_are_the_same_for_every_type(word):
    readings = [
        read_yes_no(word),
        read_level(word, LEVELS),
        read_whole(word),
        read_percent(word),
        read_date(word, year=2026),
    ]
    assert {reading.kind for reading in readings} == {"na"}


@pytest.mark.parametrize("blank", [None, "", " ", "\u3000", "\n", "\u200b", "\xa0"])
def test_blank_is_not_filled_whatever_the_type(blank):
    readings = [read_yes_no(blank), read_level(blank, LEVELS), read_whole(blank), read_percent(blank)]
    assert {reading.kind for reading in [*readings, read_date(blank, year=2026)]} == {"blank"}


@pytest.mark.parametrize("word", ["无", "没有", "无。", " 无 "])
def test_nothing_means_what_the_guide_says_for_each_type(word):
    assert read_yes_no(word).value == "否"
    assert read_whole(word) == Reading("value", 0, (("zero-from-words", {}),))
    assert read_date(word, year=2026) == Reading("value", "未开展")
    assert code_of(read_level(word, LEVELS)) == ["ambiguous-none"]
    assert code_of(read_percent(word)) == ["ambiguous-none"]


@pytest.mark.parametrize(
    "text",
    [
        "部分落实（有制度）",
        "部分落实(有制度)",
        "部分落实 （有制度）\n",
        "部分落实【有制度】".replace("【", "〔").replace("】", "〕"),
    ],
)
def test_levels_are_matched_without_blanks_and_kinds_of_brackets(text):
    assert read_level(text, LEVELS).value == "部分落实（有制度）"


def test_a_level_that_is_not_offered_is_refused():
    assert code_of(read_level("基本落实", LEVELS)) == ["not-a-level"]
    assert code_of(read_level(1.0, LEVELS)) == ["not-a-level"]


def spellings_of_whole(number: int) -> list[object]:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in str(number))
    return [
        number,
        float(number),
        str(number),
        wide,
        f" {number}\n",
        f"{number:,}",
        f"{number}次",
        f"{number} 人",
        f"{number}.0",
    ]


@given(st.integers(0, 100_000_000), st.integers(0, 8))
def test_every_spelling_of_a_number_is_the_same_number(number, at):
    assert read_whole(spellings_of_whole(number)[at]) == Reading("value", number)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (-1, "negative-number"),
        ("－３", "negative-number"),
        (0.5, "not-whole-number"),
        ("2.5", "not-whole-number"),
        (100_000_001, "number-too-large"),
        ("约5次", "not-a-number"),
        ("三次", "not-a-number"),
        ("3次左右", "not-a-number"),
        ("1,00", "not-a-number"),
        (True, "not-a-number"),
        (date(2026, 3, 5), "not-a-number"),
        (timedelta(hours=1), "not-a-number"),
    ],
)
def test_what_is_no_count_is_refused(value, code):
    assert code_of(read_whole(value)) == [code]


@given(st.integers(2, 9999))
def test_every_spelling_of_a_percentage_is_the_same_share(hundredths):
    share = hundredths / 10_000
    percent = f"{hundredths / 100:.2f}"
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() else c for c in f"{percent}%")
    spellings = [share, f"{share:.4f}", f"{percent}%", f" {percent} %", wide, f"百分之{percent}"]
    if hundredths > 100:
        spellings += [hundredths / 100, percent]
    for spelling in spellings:
        reading = read_percent(spelling)
        assert (reading.kind, reading.problems) == ("value", ())
        assert reading.value == pytest.approx(share, abs=1e-12)


@pytest.mark.parametrize(
    ("value", "share", "codes"),
    [
        (0, 0, []),
        (0.85, 0.85, []),
        (1, 1, ["percent-ambiguous"]),
        ("1", 1, ["percent-ambiguous"]),
        ("1%", 0.01, []),
        ("100%", 1, []),
        (100, 1, []),
        (1.5, 0.015, []),
        (101, None, ["percent-out-of-range"]),
        ("101%", None, ["percent-out-of-range"]),
        (-0.1, None, ["percent-out-of-range"]),
        ("八成", None, ["not-a-number"]),
    ],
)
def test_both_sides_of_the_bounds_of_a_percentage(value, share, codes):
    reading = read_percent(value)
    assert (reading.value, code_of(reading)) == (share, codes)


def test_one_in_a_percent_cell_was_shown_as_100_percent():
    assert read_percent(1.0, is_percent_cell=True) == Reading("value", 1.0)


def spellings_of_day(day: date) -> list[object]:
    wide = "".join(
        chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in f"{day.year}年{day.month}月{day.day}日"
    )
    return [
        day,
        datetime(day.year, day.month, day.day, 9, 30),
        day.isoformat(),
        f"{day:%Y%m%d}",
        int(f"{day:%Y%m%d}"),
        float(f"{day:%Y%m%d}"),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year} 年 {day.month} 月 {day.day} 号",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}-{day.month}-{day.day} 00:00:00",
        f"{day.year}年{day.month}月{day.day}日（星期三）",
        wide,
        f" {day.isoformat()}\n",
    ]


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(0, 13))
def test_every_spelling_of_a_day_is_the_same_day(day, at):
    assert read_date(spellings_of_day(day)[at], year=2026) == Reading("value", day)


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_a_serial_number_of_the_year_is_a_date_with_a_warning(day):
    for epoch, is_1904 in ((date(1899, 12, 30), False), (date(1904, 1, 1), True)):
        reading = read_date(float((day - epoch).days), year=2026, is_1904=is_1904)
        assert (reading.value, code_of(reading)) == (day, ["date-as-number"])


def test_a_day_without_year_is_of_the_cycle_with_a_warning():
    for text in ("4月15日", "4-15", "4/15", "４月１５日"):
        reading = read_date(text, year=2026)
        assert (reading.value, code_of(reading)) == (date(2026, 4, 15), ["date-without-year"])


@pytest.mark.parametrize("text", ["未开展", "未举办", "没有开展", "无", "尚未开展"])
def test_an_activity_not_held(text):
    assert read_date(text, year=2026) == Reading("value", "未开展")


@pytest.mark.parametrize(
    "value",
    ["2026年2月30日", "4月", "20261315", 20261315, 4.15, "四月十五日", "2026-04-13至19", True, "是", 12],
)
def test_what_is_no_day_is_refused(value):
    assert code_of(read_date(value, year=2026)) == ["not-a-date"]


ANYTHING = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789０１２年月日./-—%％,，无是否未已不适用", max_size=14),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.none(),
)


@given(ANYTHING)
def test_nothing_that_is_typed_breaks_the_reader(value):
    for reading in (
        read_yes_no(value),
        read_level(value, LEVELS),
        read_whole(value, measure="次"),
        read_percent(value),
        read_date(value, year=2026),
    ):
        assert reading.kind in ("blank", "na", "value", "bad")
        assert (reading.kind == "value") == (reading.value is not None)
        assert (reading.kind == "bad") <= bool(reading.problems)


@given(st.text(max_size=20))
def test_width_and_blanks_never_matter(text):
    spaced = " " + "\u3000".join(unicodedata.normalize("NFKC", text)) + "\n"
    assert is_na(text) == is_na(spaced)
    assert read_yes_no(text) == read_yes_no(spaced)
