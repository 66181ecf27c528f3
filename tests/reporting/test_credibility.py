"""The figures of 自评可信度: true lengths, no figure for small groups, no accusing word."""

import pandas as pd
import pytest

from reporting import charts
from reporting.credibility_headlines import (
    say_copied,
    say_inflation,
    say_overstated,
    say_patterns,
    say_signs,
    say_unlikely,
)
from reporting.palette import LIGHT, LOOKS

ALL_LOOKS = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)


def inflation() -> pd.DataFrame:
    rows = [
        ("230100", "哈尔滨市", "all", "全部类别", 20, 18, 2.5, 0.5, 2.0, 4.0, 0.4),
        ("230100", "哈尔滨市", "organ", "机关", 12, 10, 3.0, 1.0, 2.5, 4.5, 0.5),
        ("230200", "齐齐哈尔市", "all", "全部类别", 9, 9, -0.5, -1.0, -0.4, 0.1, 0.3),
        ("230200", "齐齐哈尔市", "organ", "机关", 3, 2, None, None, None, None, None),
    ]
    return pd.DataFrame(
        rows,
        columns=[
            "code", "name", "category", "category_name", "submitted", "verified", "inflation", "low", "median", "high",
            "verified_share",
        ],
    )  # fmt: skip


@ALL_LOOKS
def test_bars_are_as_long_as_the_inflation_and_say_what_was_verified(look):
    frame = inflation()
    fig = charts.draw_inflation_bars(frame[frame["category"] == "all"], look=look, decimals=2)
    assert list(fig.data[0].x) == [2.5, -0.5]
    assert "+2.50" in fig.data[1].text[0]
    assert "已核 18/20 家，分值 40%" in fig.data[1].text[0]
    assert "−0.50" in fig.data[1].text[1]
    assert list(fig.data[0].customdata) == ["230100", "230200"]


@ALL_LOOKS
def test_a_small_group_has_no_figure_in_the_map_nor_in_the_spread(look):
    frame = inflation()
    fig = charts.draw_inflation_map(frame, look=look, decimals=2)
    assert list(fig.data[0].text) == ["+2.50", "+3.00", "−0.50", "·"]
    assert "已核单位过少" in fig.data[0].hovertext[3]
    spread = charts.draw_inflation_spread(frame[frame["category"] == "organ"], look=look, decimals=2)
    assert list(spread.data[0].base) == [1.0]
    assert list(spread.data[0].x) == [4.5 - 1.0]
    assert spread.data[2].text == ("已核 2 家，过少不显示",)


@ALL_LOOKS
def test_counts_are_bars_of_their_number_and_the_chosen_one_stands_out(look):
    frame = pd.DataFrame(
        {"rule": ["U01", "U02"], "name": ["甲", "乙<b>"], "units": [3, 0], "note": ["家", "家"]}
    )
    options = {"look": look, "label": "name", "value": "units", "note": "note", "key": "rule"}
    fig = charts.draw_sign_counts(frame, chosen="U02", **options)
    assert list(fig.data[0].x) == [3, 0]
    assert list(fig.data[0].marker.color) == [look.loss_quiet, look.loss]
    assert "乙&lt;b&gt;" in fig.layout.yaxis.ticktext[1]
    assert not charts.draw_sign_counts(frame.head(0), **options).data


@ALL_LOOKS
def test_a_long_name_stands_whole_beside_its_bar_in_two_lines(look):
    long, longer = "电信互联网和关键信息基础设施运营者", "一" * 24 + "二"
    frame = pd.DataFrame(
        {"key": ["a", "b", "c"], "name": [long, longer, "档案：\n《办法》"], "units": 1, "note": "家"}
    )
    options = {"look": look, "label": "name", "value": "units", "note": "note", "key": "key"}
    fig = charts.draw_sign_counts(frame, **options)
    assert fig.layout.yaxis.ticktext == (
        "电信互联网和关键信息基础 <br>设施运营者 ",
        "一" * 12 + " <br>" + "一" * 11 + "… ",
        "档案： <br>《办法》 ",
    )
    assert [longer in text for text in fig.data[0].hovertext] == [False, True, False]
    short = charts.draw_sign_counts(frame.assign(name="中小学"), **options)
    assert short.layout.height < fig.layout.height


def test_sentences_say_numbers_and_accuse_nobody():
    frame = inflation()
    signs = pd.DataFrame({"signs": [2, 1]})
    rules = pd.DataFrame({"rule_name": ["甲", "乙"], "units": [1, 4]})
    groups = pd.DataFrame({"title": ["档案"], "units": [7], "regions": [2]})
    rulings = pd.DataFrame({"title": ["培训"], "rulings": [9], "lowered": [4]})
    patterns = pd.DataFrame({"is_uniform": [True, False], "twins": [1, 0]})
    said = [
        say_signs(signs, name="全省", submitted=10),
        say_inflation(frame[2:3], name="齐齐哈尔市", decimals=2),
        say_inflation(frame[3:], name="齐齐哈尔市", decimals=2),
        say_unlikely(rules, pd.DataFrame({"code": ["a", "a", "b"]})),
        say_copied(groups),
        say_overstated(rulings),
        say_patterns(patterns),
    ]
    assert "2 家有一类以上提示，其中 1 家有两类以上" in said[0]
    assert "低 0.50 分" in said[1]
    assert "已核 2 家单位，过少" in said[2]
    assert said[3].endswith("2 家单位同时符合某条的两个条件；最多：乙，4 家")
    assert "7 家单位、2 个地区" in said[4]
    assert "核定 9 次，调低 4 次" in said[5]
    assert "1 家分档" in said[6]
    assert not any(word in "".join(said) for word in ("造假", "错误", "违规"))


def test_the_longest_name_of_a_category_stands_whole_over_its_column():
    name = "电信互联网和关键信息基础设施运营者"
    frame = inflation()
    frame.loc[frame["category"] != "all", "category_name"] = name
    figures = [charts.draw_inflation_map(each, look=LIGHT, decimals=2) for each in (frame, inflation())]
    heads = figures[0].layout.xaxis.ticktext
    assert heads[1].replace("<br>", "") == name
    assert figures[0].layout.margin.t > figures[1].layout.margin.t
