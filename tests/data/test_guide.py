"""What the guide sheet promises about words and spellings is what the reader does."""

from __future__ import annotations

import pytest

from data.guide import ACCEPTED, WORD_RULES, WORD_RULES_HEADER, accepted
from data.values import read_date, read_level, read_percent, read_whole, read_yes_no

READERS = {
    "是 / 否": read_yes_no,
    "档次": lambda value: read_level(value, ["未开展", "全面落实"]),
    "数字、分子、分母": read_whole,
    "百分比": read_percent,
    "日期": lambda value: read_date(value, year=2026),
}
MEANS = {
    "未填，退回": lambda reading: reading.kind == "blank",
    "不接受": lambda reading: reading.kind == "bad",
    "不适用（须写理由）": lambda reading: reading.kind == "na",
    "按“否”计": lambda reading: reading.value == "否",
    "按 0 计并提醒": lambda reading: (reading.value, len(reading.problems)) == (0, 1),
    "按“未开展”计": lambda reading: reading.value == "未开展",
    "0": lambda reading: (reading.value, reading.problems) == (0, ()),
    "0%": lambda reading: (reading.value, reading.problems) == (0, ()),
}
CASES = [
    (word, kind, rule)
    for words, *rules in WORD_RULES
    for word in ([""] if words == "空白" else words.split("、"))
    for kind, rule in zip(WORD_RULES_HEADER[1:], rules, strict=True)
]


@pytest.mark.parametrize(("word", "kind", "rule"), CASES)
def test_each_word_is_taken_as_the_guide_says(word, kind, rule):
    assert MEANS[rule](READERS[kind](word))
    if word == "0":
        assert MEANS[rule](READERS[kind](0.0))


def test_the_spellings_the_guide_offers_are_accepted():
    by_kind = dict(accepted(2026))
    assert list(by_kind) == [kind for kind, _ in ACCEPTED]
    yes, no = by_kind["是 / 否"].split("；")
    for word in ("√", "有", "已建立", "Y"):
        assert word in yes and read_yes_no(word).value == "是"
    for word in ("×", "无", "没有", "未建立", "N"):
        assert word in no and read_yes_no(word).value == "否"
    for word in ("12", "１２", "1,200", "3次", "2人"):
        assert word in by_kind["数字"] and read_whole(word).kind == "value"
    for word in ("85%", "85", "0.85"):
        assert word in by_kind["百分比"] and read_percent(word).value == 0.85
    for word in ("2026-04-15", "2026/4/15", "2026年4月15日", "20260415"):
        assert word in by_kind["日期"] and str(read_date(word, year=2026).value) == "2026-04-15"
