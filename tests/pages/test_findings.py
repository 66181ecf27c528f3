"""认定事项 on the screens: record one, take its next step, lapse what is past; the unit sees how far each is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data import queries
from data.course.findings import open_finding
from pages.components.access import whole_store
from tests.pages.conftest import CYCLE, html_of

TODAY = date.today()


@pytest.fixture
def unit(open_page):
    """A scored unit of which nothing was found."""
    store = whole_store()
    units = queries.units(store, cycle=CYCLE)
    found = set(queries.findings(store, cycle=CYCLE)["unit"])
    clean = units[(units["state"] == "scored") & ~units["code"].isin(found) & (units["score"] > 60)]
    return clean["code"].iloc[0]


def said(app) -> str:
    return html_of(app) + "".join(
        element.value for element in (*app.success, *app.info, *app.warning, *app.error)
    )


def score(unit) -> float:
    return queries.unit_summary(whole_store(), cycle=CYCLE, unit=unit)["score_exact"]


def test_one_is_recorded_after_its_question_and_the_score_follows(open_page, unit):
    before = score(unit)
    app = open_page("rectification", cycle=CYCLE, part="findings", doing="record", unit=unit)
    app.button(key="record_finding").click().run()
    app.button(key="record_finding_yes").click().run()
    assert "须写明文号" in said(app)
    app.button(key="record_finding_no").click().run()
    app.text_input(key="finding_document").set_value("示例责改〔2026〕77号").run()
    app.button(key="record_finding").click().run()
    app.button(key="record_finding_yes").click().run()
    assert not app.exception
    assert "已登记" in said(app)
    assert score(unit) < before
    assert "该单位已有同一事项" in said(app)

    html = html_of(open_page("unit", cycle=CYCLE, unit=unit))
    assert "示例责改〔2026〕77号" in html and "责令限期改正" in html


def test_a_finding_shows_its_course_and_takes_the_next_step(open_page, unit):
    ordered = TODAY - timedelta(days=40)
    key = open_finding(
        whole_store(),
        cycle=CYCLE,
        unit=unit,
        finding="F40-1",
        on_date=ordered,
        document="示例责改〔2026〕78号",
        deadline=ordered + timedelta(days=30),
    )
    after_order = score(unit)
    app = open_page("rectification", cycle=CYCLE, part="findings", finding=key)
    html = html_of(app)
    assert "aq-course" in html and "已过 10 天" in html and "→" in html
    app.radio(key=f"move_{key}_ordered").set_value("correct").run()
    app.button(key=f"move_{key}_correct_go").click().run()
    assert "逾期后改正" in html_of(app)
    app.button(key=f"move_{key}_correct_go_yes").click().run()
    assert not app.exception
    assert "记为逾期后改正" in said(app)
    assert score(unit) < after_order


def test_all_that_is_past_its_deadline_lapses_with_one_question(open_page, unit):
    ordered = TODAY - timedelta(days=40)
    facts = {"on_date": ordered, "document": "示例〔2026〕1号", "deadline": ordered + timedelta(days=30)}
    open_finding(whole_store(), cycle=CYCLE, unit=unit, finding="F40-2", **facts)
    app = open_page("rectification", cycle=CYCLE, part="findings", doing="lapse")
    n_past = int(queries.findings(whole_store(), cycle=CYCLE, today=TODAY)["is_past"].sum())
    app.button(key="lapse_all").click().run()
    app.button(key="lapse_all_yes").click().run()
    assert f"已认定 {n_past} 项逾期未改正" in said(app)
    assert not queries.findings(whole_store(), cycle=CYCLE, today=TODAY)["is_past"].any()
    assert "没有期限已过的事项" in html_of(app)


def test_the_register_narrows_by_kind_and_text(open_page):
    rows = queries.findings(whole_store(), cycle=CYCLE)
    bonus = rows[(rows["kind"] == "bonus") & rows["is_standing"]]
    html = html_of(open_page("rectification", cycle=CYCLE, part="findings", kind="bonus"))
    assert f"{len(bonus)} 项；" in html
    unit = rows[rows["is_standing"]]["unit"].iloc[0]
    html = html_of(open_page("rectification", cycle=CYCLE, part="findings", text=unit))
    assert rows[rows["unit"] == unit]["document"].iloc[0] in html
