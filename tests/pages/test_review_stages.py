"""环节, 尺度 and 表格核定 on the screen: what is told before a stage is closed, and what a filled table leads to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from access.accounts import Account
from data import queries
from data.course.stages import close_stages, stage_dues, stage_state
from data.model import Actor, Scope
from data.review_sheet import build_review_sheet
from pages.components.access import get_gate, whole_store
from tests.data.test_review_sheet import fill
from tests.pages.conftest import CYCLE, html_of, open_app

PROVINCE = "230000"


def sign_up(account: str, role: str, region: str) -> Account:
    accounts = get_gate().accounts
    initial = accounts.add(Account(account, "示例考核办", role, region))
    assert accounts.set_password(account, old=initial, new="Chang-baishan88", origin="") == []
    return accounts.find(account)


@pytest.fixture
def city(open_page):
    """A prefecture's evaluator, of the prefecture with most counties that have units, and the codes of those."""
    open_page("review", part="stages")
    rows = queries.stages(whole_store(), cycle=CYCLE, today=date(2026, 12, 1))
    counties = rows[rows["stage"] == "county"]
    prefecture = counties["parent"].value_counts().index[0]
    return sign_up("shi-kaohe", "prefecture", prefecture), list(
        counties[counties["parent"] == prefecture]["code"]
    )


def test_a_prefecture_closes_all_its_counties_with_one_question_that_says_what_is_left(city):
    visitor, counties = city
    app = open_app("review", visitor=visitor, part="stages", cycle=CYCLE)
    assert "省级终评" not in app.get("button_group")[1].options
    app.button(key="close_all_county").click().run()
    assert f"关闭 {len(counties)} 个地区的县级初审" in html_of(app)
    assert "未提交" in html_of(app) and "不适用待核" in html_of(app)
    assert stage_state(whole_store(), cycle=CYCLE, region=counties[0], stage="county") == "open"
    app.button(key="close_all_county_yes").click().run()
    assert not app.exception
    assert f"已关闭 {len(counties)} 个地区" in app.success[0].value
    for county in counties:
        assert stage_state(whole_store(), cycle=CYCLE, region=county, stage="county") == "closed"
    app.text_input(key=f"reopen_reason_{counties[0]}").set_value("有漏核的单位").run()
    app.button(key="reopen_county").click().run()
    app.button(key="reopen_county_yes").click().run()
    assert stage_state(whole_store(), cycle=CYCLE, region=counties[0], stage="county") == "open"
    assert "有漏核的单位" in html_of(app) and "市级考核人员" in html_of(app)


def test_chosen_counties_are_closed_and_are_no_choice_any_more(city):
    visitor, counties = city
    app = open_app("review", visitor=visitor, part="stages", cycle=CYCLE)
    (choice,) = app.multiselect
    choice.set_value(counties[1:2]).run()
    app.button(key="close_chosen_county").click().run()
    app.button(key="close_chosen_county_yes").click().run()
    assert not app.exception
    assert stage_state(whole_store(), cycle=CYCLE, region=counties[1], stage="county") == "closed"
    assert stage_state(whole_store(), cycle=CYCLE, region=counties[0], stage="county") == "open"
    assert len(app.multiselect[0].options) == len(counties) - 1


def test_a_county_may_close_its_stage_and_not_open_it_again(city):
    _, counties = city
    visitor = sign_up("xian-kaohe", "county", counties[0])
    close_stages(
        whole_store().seen_by(Scope(counties[0]), actor=Actor("xian-kaohe", "county")),
        cycle=CYCLE,
        regions=counties[:1],
        stage="county",
    )
    app = open_app("review", visitor=visitor, part="stages", cycle=CYCLE)
    assert "请向上一级说明理由" in "".join(caption.value for caption in app.caption)
    assert not [button for button in app.button if button.key == "reopen_county"]
    assert not app.date_input  # due dates are the province's


def test_the_province_sets_a_due_date(open_page):
    app = open_page("review", part="stages", cycle=CYCLE)
    due = stage_dues(whole_store(), cycle=CYCLE)["county"].due_on
    app.date_input(key=f"due_{CYCLE}_county_{due}").set_value(due + timedelta(days=1)).run()
    app.button(key="set_due_county").click().run()
    app.button(key="set_due_county_yes").click().run()
    assert not app.exception
    assert stage_dues(whole_store(), cycle=CYCLE)["county"].is_set
    assert "由省级规定" in html_of(app)


@pytest.mark.parametrize("by", ["region", "category"])
def test_severity_says_that_it_is_a_difference_and_no_fault(open_page, by):
    app = open_page("review", part="severity", cycle=CYCLE, by=by)
    assert "是差异，不是差错" in html_of(app)
    assert "样本少" in html_of(app)


def test_a_filled_table_is_recorded_and_one_with_faults_is_listed(open_page):
    app = open_page("review", part="bulk", cycle=CYCLE)
    store = whole_store()
    frame = queries.review_sheet(store, cycle=CYCLE)
    assert f"{len(frame):,} 项" in app.get("download_button")[0].label
    content = build_review_sheet(frame, scheme=store.scheme(CYCLE), cycle=CYCLE)
    at = int(frame.index[frame["claim"] == "answered"][0])
    before = store.rows("select count(*) from review")
    app.file_uploader[0].upload("核定表.xlsx", fill(content, {at: {"opinion": "大概"}})).run()
    app.button(key="take_in_rulings").click().run()
    assert not app.exception
    assert "没有记入" in html_of(app) and "大概" in html_of(app)
    assert store.rows("select count(*) from review") == before
    app.file_uploader[0].upload("核定表.xlsx", fill(content, {at: {"opinion": "属实"}})).run()
    app.button(key="take_in_rulings").click().run()
    assert "已全部记入" in html_of(app)
    assert store.rows("select count(*) from review") == [(before[0][0] + 1,)]
