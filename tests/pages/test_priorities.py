"""先补什么: the target in the address is solved and said, its list leads on, and a sibling's units stay unseen."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from access.accounts import Account
from data import queries
from data.store import Store
from pages.components.access import get_gate, whole_store
from tests.pages.conftest import CYCLE, address, html_of

HARBIN = "230100"


@pytest.mark.parametrize(
    ("fewest", "what"), [("places", "补 {places:,} 处短板"), ("indicators", "补齐 {indicators:,} 项指标"), ("units", "补齐 {units:,} 家单位")]
)  # fmt: skip
def test_the_target_in_the_address_is_solved_and_said(open_page, demo_store, fewest, what):
    told = queries.mending_outlook(demo_store, cycle=CYCLE, region=HARBIN)
    target = round((told["score"] + told["ceiling"]) / 2, 1)
    plan = queries.mending_plan(demo_store, cycle=CYCLE, region=HARBIN, target=target, fewest=fewest)
    app = open_page("priorities", cycle=CYCLE, region=HARBIN, target=target, fewest=fewest)
    html = html_of(app)
    assert f"{told['score']:.2f} 分，{what.format(**plan)}" in html
    assert f"可达 {plan['score_after']:.2f} 分，名次" in html
    first = plan["list"].iloc[0]
    assert first["name"] in html
    assert f"/unit?cycle={CYCLE}" in html
    assert f"/regulation?article={first['article']}" in html
    assert address(app, "target") == f"{target:.2f}"
    assert not app.exception


def test_without_a_target_the_usual_one_stands_in_the_address_and_another_region_has_its_own(
    open_page, demo_store
):
    app = open_page("priorities", cycle=CYCLE, region=HARBIN)
    usual = queries.mending_outlook(demo_store, cycle=CYCLE, region=HARBIN)["usual_target"]
    assert float(address(app, "target")) == usual
    other = next(
        code
        for code in ("230200", "230600", "231000", "230400")
        if (told := queries.mending_outlook(demo_store, cycle=CYCLE, region=code))
        and told["usual_target"] != usual
    )
    app.query_params["region"] = other
    app.run()
    assert not app.exception
    expected = queries.mending_outlook(demo_store, cycle=CYCLE, region=other)["usual_target"]
    assert float(address(app, "target")) == expected


@pytest.mark.parametrize(("asked", "stands"), [("abc", None), ("nan", None), ("-5", 0.0), ("900", 100.0)])
def test_a_target_that_is_none_gives_way(open_page, demo_store, asked, stands):
    app = open_page("priorities", cycle=CYCLE, target=asked)
    usual = queries.mending_outlook(demo_store, cycle=CYCLE)["usual_target"]
    assert float(address(app, "target")) == (usual if stands is None else stands)


def test_a_target_beyond_mending_says_what_holds_it_back(open_page, demo_store):
    told = queries.mending_outlook(demo_store, cycle=CYCLE)
    html = html_of(open_page("priorities", cycle=CYCLE, target=100))
    assert f"短板全部补齐也只到 {told['ceiling']:.2f} 分，达不到 100.00 分" in html
    assert "其余差在未提交" in html
    reached = html_of(open_page("priorities", cycle=CYCLE, target=1))
    assert "已达到 1.00 分的目标" in reached
    assert "不需要补短板" in reached


def test_a_rank_can_be_the_target(open_page, demo_store):
    scores = queries.region_scores(demo_store, cycle=CYCLE, level="prefecture")
    second = scores["code"].iloc[1]
    plan = queries.mending_plan(demo_store, cycle=CYCLE, region=second, rank=1)
    app = open_page("priorities", cycle=CYCLE, region=second, goal="rank", place=1)
    assert not app.exception
    assert plan["is_reached"]
    assert f"名次由第 {plan['rank']} 到第 {plan['rank_after']}" in html_of(app)
    assert address(app, "place") == "1"


def test_before_the_deadline_scores_still_move_and_no_rank_is_told(open_page, demo_copy):
    store = Store.open(demo_copy)
    store.change_cycle(cycle=CYCLE, deadline=datetime.now() + timedelta(days=9))
    store.close()
    html = html_of(open_page("priorities", cycle=CYCLE, region=HARBIN))
    assert "得分还会变动" in html
    assert "名次由" not in html


def test_of_a_sibling_only_what_its_mending_gives_is_shown(open_page, demo_store):
    scores = queries.region_scores(demo_store, cycle=CYCLE, level="prefecture")
    own, sibling = scores["code"].iloc[0], scores["code"].iloc[1]
    initial = get_gate().accounts.add(Account("p-1", "示例岗位", "reader", own))
    get_gate().accounts.set_password("p-1", old=initial, new="Chang-baishan88", origin="test")
    app = open_page("priorities", visitor=get_gate().accounts.find("p-1"), cycle=CYCLE, region=sibling)
    html = html_of(app)
    assert "不在您的管辖地区" in html
    assert "全部补齐可到" in html
    units = whole_store().units(cycle=CYCLE)
    assert not [u.name for u in units.values() if u.region.startswith(sibling[:4]) and u.name in html]
