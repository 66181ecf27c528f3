"""地区对比: who is compared stands in the address, the difference is said in its parts, small categories stay hidden."""

from __future__ import annotations

import pytest

from access.accounts import Account
from data import queries
from data.model import Scope
from data.regions import PROVINCE
from pages.components.access import get_gate
from tests.pages.conftest import CYCLE, address, html_of

HARBIN, QIQIHAR = "230100", "230200"


def sides_of(store, **asked):
    return queries.comparison(store, **asked)[0]


def lines_of(store, **asked):
    return queries.comparison(store, **asked)[1]


@pytest.mark.parametrize("by", ["dimension", "article", "indicator"])
def test_the_difference_is_said_with_its_largest_parts(open_page, demo_store, by):
    frame = lines_of(demo_store, cycle=CYCLE, region=HARBIN, other=QIQIHAR, by=by)
    here, there = sides_of(demo_store, cycle=CYCLE, region=HARBIN, other=QIQIHAR)
    app = open_page("comparison", cycle=CYCLE, region=HARBIN, other=QIQIHAR, by=by)
    html = html_of(app)
    how = "高" if here["score"] > there["score"] else "低"
    apart = abs(here["score"] - there["score"])
    assert f"{here['score']:.2f} 分，比齐齐哈尔市（{there['score']:.2f} 分）{how} {apart:.2f} 分" in html
    best = frame.nlargest(1, "printed").iloc[0]
    assert f"{best['label']}（+{best['printed']:.2f}）" in html
    assert (address(app, "other"), address(app, "by")) == (QIQIHAR, by)


def test_at_first_a_region_is_compared_with_the_province_and_the_province_with_a_region(open_page):
    assert address(open_page("comparison", cycle=CYCLE, region=HARBIN), "other") == PROVINCE


def test_the_province_is_compared_with_its_regions(open_page):
    app = open_page("comparison", cycle=CYCLE)
    assert address(app, "other") == HARBIN
    assert "全省" in html_of(app)


def test_one_category_is_compared_alone(open_page, demo_store):
    units = queries.units(demo_store, cycle=CYCLE, region=HARBIN)
    category = units[units["score"].notna()]["category"].mode().iloc[0]
    here, there = sides_of(demo_store, cycle=CYCLE, region=HARBIN, category=category)
    html = html_of(open_page("comparison", cycle=CYCLE, region=HARBIN, category=category))
    assert f"{here['score']:.2f} 分" in html
    assert f"{there['score']:.2f} 分" in html


def test_a_small_category_is_hidden_from_who_sees_a_part(open_page, demo_store):
    counties = queries.region_scores(demo_store, cycle=CYCLE, level="county")
    own = counties[counties["score"].notna()]["code"].iloc[0]
    seen = demo_store.seen_by(Scope(own))
    small = next(
        category.id
        for category in demo_store.scheme(CYCLE).categories
        if sides_of(seen, cycle=CYCLE, region=own, category=category.id)[1]["is_hidden"]
    )
    initial = get_gate().accounts.add(Account("p-2", "示例岗位", "county", own))
    get_gate().accounts.set_password("p-2", old=initial, new="Chang-baishan88", origin="test")
    visitor = get_gate().accounts.find("p-2")
    html = html_of(
        open_page("comparison", visitor=visitor, cycle=CYCLE, region=own, other=PROVINCE, category=small)
    )
    assert "同类单位太少" in html


def test_a_region_without_a_score_is_said_to_have_none(open_page, demo_store):
    scores = queries.region_scores(demo_store, cycle=CYCLE, level="county")
    silent = scores[scores["score"].isna()]["code"].iloc[0]
    html = html_of(open_page("comparison", cycle=CYCLE, region=HARBIN, other=silent))
    assert "没有得分，无从比较" in html
    assert "有一方没有得分" in html
