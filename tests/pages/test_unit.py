"""单位详情: what it says adds up, states stay apart, and every point leads to its cell."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from docx import Document

from access.accounts import Account
from data import queries
from data.model import Scope
from meeting.feedback import build_one
from pages.components.access import get_gate, whole_store
from pages.components.unit_parts import terms_as_shown
from reporting.unit_sums import sum_steps
from tests.pages.conftest import CYCLE, html_of

CENT = pytest.approx


def _units(store, state):
    units = queries.units(store, cycle=CYCLE)
    return units[units["state"] == state]["code"].tolist()


def test_without_a_unit_the_list_is_offered(open_page):
    app = open_page("unit")
    assert "60 家单位" in html_of(app)
    assert len(app.dataframe) == 1


def test_a_scored_unit_shows_its_score_its_place_and_its_cells(open_page, demo_store):
    code = _units(demo_store, "scored")[0]
    summary = queries.unit_summary(demo_store, cycle=CYCLE, unit=code)
    html = html_of(open_page("unit", unit=code))
    assert f"{summary['score']:.2f}" in html
    assert summary["grade_name"] in html
    assert "自评表!E" in html
    assert "示例权重，须由考核主管部门核定" in html
    assert "演示数据" in html


def test_a_unit_that_handed_in_nothing_has_no_score_and_is_told_what_to_do(open_page, demo_store):
    code = _units(demo_store, "not_submitted")[0]
    html = html_of(open_page("unit", unit=code))
    assert "未提交" in html
    assert "自评填报" in html
    assert "0.00" not in html


def test_every_unit_and_basis_adds_up_as_printed(demo_store):
    codes = _units(demo_store, "scored")
    for basis in demo_store.scheme(CYCLE).bases:
        all_terms = queries.units_full_terms(demo_store, cycle=CYCLE, units=codes, basis=basis).groupby(
            "code"
        )
        for code in codes:
            summary = queries.unit_summary(demo_store, cycle=CYCLE, unit=code, basis=basis)
            if summary["score"] is None:
                continue
            terms = all_terms.get_group(code).drop(columns="code").reset_index(drop=True)
            shown = terms_as_shown(terms, base=summary["base"], decimals=2)
            base = round(shown["earned"].sum(), 2)
            assert shown["weight_pct"].sum() == CENT(100)
            assert base + shown["lost"].sum() == CENT(100)
            assert base + sum(v for _, v in sum_steps(summary, decimals=2)) == CENT(summary["score"])


def test_the_steps_of_the_sum_are_those_of_the_waterfall(demo_store):
    for code in _units(demo_store, "scored"):
        summary = queries.unit_summary(demo_store, cycle=CYCLE, unit=code)
        steps = queries.waterfall(demo_store, cycle=CYCLE, unit=code)
        others = steps[~steps["kind"].isin(["start", "gap", "total"])]
        assert sorted(others["printed"]) == CENT(sorted(v for _, v in sum_steps(summary, decimals=2)))


def test_a_zero_is_told_apart_from_what_does_not_apply():
    terms = pd.DataFrame(
        {
            "effective_weight": [0.5, 0.5, 0.0],
            "gap": [50.0, 0.0, 0.0],
            "state": ["answered", "answered", "na"],
            "state_name": ["已填报", "已填报", "不适用"],
            "attainment": [0.0, 1.0, None],
            "sheet": ["自评表", "自评表", None],
            "cell": ["E6", "E7", None],
            "stage_name": "自评",
            "review_reason": "",
            "na_reason": ["", "", "无涉外活动"],
            "answer": ["否", "是", "不适用"],
        }
    )
    shown = terms_as_shown(terms, base=50.0, decimals=2)
    assert shown["shown_state"].tolist() == ["0 分", "已填报", "不适用"]
    assert shown["earned"].tolist() == [0.0, 50.0, 0.0]
    assert shown["where"].tolist() == ["自评表!E6", "自评表!E7", ""]


@pytest.mark.parametrize("by", ["evaluator", "unit itself"])
def test_a_unit_has_its_result_sheet(open_page, demo_store, by):
    units = queries.units(demo_store, cycle=CYCLE)
    unit = units[units["score"].notna()].iloc[0]
    open_page("overview")
    visitor = None
    if by == "unit itself":
        accounts = get_gate().accounts
        initial = accounts.add(Account(unit["code"], "示例岗位", "unit", unit["region"], unit=unit["code"]))
        assert not accounts.set_password(unit["code"], old=initial, new="Chang-baishan88", origin="")
        visitor = accounts.find(unit["code"])
    app = open_page("unit", unit=unit["code"], visitor=visitor)
    assert any("结果反馈单" in button.label for button in app.get("download_button"))
    seen = whole_store().seen_by(
        visitor.person(origin="test", session="").scope if visitor else Scope("230000")
    )
    name, content = build_one(seen, cycle=CYCLE, unit=unit["code"], home=whole_store().home)
    assert unit["code"] in name
    text = "\n".join(
        cell.text
        for table in Document(io.BytesIO(content)).tables
        for row in table.rows
        for cell in row.cells
    )
    text += "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)
    assert unit["name"] in text and f"{unit['score']:.2f}" in text
    others = set(units["name"]) - {unit["name"]}
    assert not [name for name in others if name in text]
