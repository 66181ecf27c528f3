"""自评可信度: every sign is shown with its figure and table, in words that call nothing a fault, and only within the scope."""

import pytest

from data import queries
from data.regions import prefecture_of
from pages.components.access import get_gate, whole_store
from tests.pages.conftest import CYCLE, address, html_of
from tests.pages.test_roles import account

PARTS = ("signs", "inflation", "unlikely", "copied", "patterns")
ACCUSING = ("造假", "错误", "违规", "虚假", "作弊", "抄袭")


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_for_reference_and_calls_nothing_a_fault(open_page, part):
    html = html_of(open_page("credibility", part=part))
    assert "供核查参考，不等于填报有误" in html
    assert not [word for word in ACCUSING if word in html]


def test_units_are_listed_with_what_speaks_and_where_to_go_on(open_page, demo_store):
    signs = queries.credibility_signs(demo_store, cycle=CYCLE)
    assert not signs.empty
    html = html_of(open_page("credibility"))
    for row in signs.head(3).itertuples():
        assert row.code in html
        assert row.kinds in html
        assert f"/review?cycle={CYCLE}&amp;unit={row.code}" in html


def test_a_rule_in_the_address_shows_its_units_with_both_answers(open_page, demo_store):
    hits = queries.unlikely_answers(demo_store, cycle=CYCLE)
    hit = hits.iloc[0]
    app = open_page("credibility", part="unlikely", rule=hit["rule"])
    html = html_of(app)
    assert address(app, "rule") == hit["rule"]
    assert f"{hit['first_title']}（{hit['first_sheet']}!{hit['first_cell']}）" in html
    others = set(hits["code"]) - set(hits.loc[hits["rule"] == hit["rule"], "code"])
    assert hit["code"] in html
    assert not [code for code in others if code in html]


def test_self_inflation_stands_beside_what_was_verified(open_page, demo_store):
    frame = queries.inflation_by_region(demo_store, cycle=CYCLE, region="230000")
    total = frame[frame["category"] == "all"].iloc[0]
    html = html_of(open_page("credibility", part="inflation"))
    assert f"已核 {total['verified']} 家（提交 {total['submitted']} 家）" in html
    assert f"平均核定分值 {total['verified_share']:.1%}" in html


@pytest.mark.parametrize("part", ["signs", "copied"])
def test_a_prefecture_sees_no_unit_of_another_by_name(open_page, part):
    open_page("overview")
    made = next((each for each in get_gate().accounts.all() if each.role == "prefecture"), None)
    made = made or account("prefecture", whole_store())
    everybody = whole_store().units(cycle=CYCLE)
    html = html_of(open_page("credibility", visitor=made, part=part))
    outside = [code for code, unit in everybody.items() if prefecture_of(unit.region) != made.region]
    assert outside
    assert not [code for code in outside if code in html]


def test_a_year_without_thresholds_says_how_to_get_them(open_page):
    html = html_of(open_page("credibility", part="copied", cycle=CYCLE - 1))
    assert "[sampling]" in html
    assert "evidence_length" in html
