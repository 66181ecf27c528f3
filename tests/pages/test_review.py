"""待办 and 不适用 on the screen: one click saves, what is typed stays, and what a colleague did meanwhile is told."""

from __future__ import annotations

from datetime import date

import pytest

from access.accounts import Account
from data import queries
from data.course.reviews import Ruling, record_rulings, sheet_state
from data.model import Actor, Scope
from pages.components.access import get_gate, whole_store
from tests.pages.conftest import CYCLE, html_of, open_app

REASON = "台账与所填不符"


@pytest.fixture
def county(open_page):
    """A county's evaluator, a unit that waits there, and an indicator of a choice that nobody has ruled on."""
    open_page("review", part="stages")
    queue = queries.review_queue(whole_store(), cycle=CYCLE, stage="county", today=date(CYCLE + 1, 1, 1))
    types = {i.id: i.type for i in whole_store().scheme(CYCLE).indicators}
    for row in queue[queue["state"].isin(["waiting", "in_progress"])].to_dict("records"):
        terms = queries.review_terms(whole_store(), cycle=CYCLE, unit=row["unit"])
        is_open = (terms["seq"] == 0) & (terms["claim"] == "answered") & (terms["choice"] == "是")
        found = [i for i in terms.loc[is_open, "indicator"] if types[i] == "yes_no"]
        if row["region"][4:] != "00" and len(found) > 2:
            break
    accounts = get_gate().accounts
    initial = accounts.add(Account("xian-kaohe", "示例考核办", "county", row["region"]))
    assert accounts.set_password("xian-kaohe", old=initial, new="Chang-baishan88", origin="") == []
    return accounts.find("xian-kaohe"), row["unit"], found[0]


def opened(visitor, unit, item):
    return open_app("review", visitor=visitor, part="queue", cycle=CYCLE, unit=unit, item=item)


def ruling(unit, item):
    return whole_store().rows(
        "select act, choice, reason, account from current_review where cycle = $cycle and unit = $unit and indicator = $item",
        cycle=CYCLE,
        unit=unit,
        item=item,
    )


def test_what_is_typed_survives_a_new_session_and_is_gone_once_saved(county):
    visitor, unit, item = county
    app = opened(visitor, unit, item)
    app.selectbox(key=f"rule_{unit}_{item}_choice").set_value("否").run()
    app.text_area(key=f"reason_{unit}_{item}").set_value(REASON).run()
    again = opened(visitor, unit, item)
    assert again.text_area(key=f"reason_{unit}_{item}").value == REASON
    assert again.selectbox(key=f"rule_{unit}_{item}_choice").value == "否"
    again.button(key=f"differ_{unit}_{item}").click().run()
    assert not again.exception
    assert ruling(unit, item) == [("change", "否", REASON, "xian-kaohe")]
    assert opened(visitor, unit, item).text_area(key=f"reason_{unit}_{item}").value == ""


def test_one_click_confirms_and_a_change_without_a_reason_is_refused_in_words(county):
    visitor, unit, item = county
    app = opened(visitor, unit, item)
    app.button(key=f"differ_{unit}_{item}").click().run()
    assert "须写明理由" in app.error[0].value
    app.button(key=f"agree_{unit}_{item}").click().run()
    assert ruling(unit, item) == [("confirm", "是", "", "xian-kaohe")]


def test_the_next_open_indicator_comes_by_itself_and_by_the_button(county):
    visitor, unit, item = county
    app = opened(visitor, unit, item)
    app.button(key=f"agree_{unit}_{item}").click().run()
    second = "".join(app.query_params["item"])
    assert second != item and app.radio(key="widget:item").value == second
    app.button(key=f"skip_{unit}_{second}").click().run()
    third = "".join(app.query_params["item"])
    assert third not in (item, second) and app.radio(key="widget:item").value == third
    assert ruling(unit, item) and not ruling(unit, second)


def test_a_colleagues_ruling_is_told_and_what_was_typed_stays(county):
    visitor, unit, item = county
    app = opened(visitor, unit, item)
    app.text_area(key=f"reason_{unit}_{item}").set_value(REASON).run()
    colleague = whole_store().seen_by(Scope(visitor.region), actor=Actor("xian-2", "county"))
    record_rulings(colleague, cycle=CYCLE, rulings=[Ruling(unit, item, "change", "原件缺失", choice="否")])
    app.button(key=f"differ_{unit}_{item}").click().run()
    said = app.error[0].value
    assert "县级初审" in said and "否" in said and "原件缺失" in said
    assert ruling(unit, item)[0][3] == "xian-2"
    assert app.text_area(key=f"reason_{unit}_{item}").value == REASON
    assert "原件缺失" in html_of(app) and "xian-2" not in html_of(app)


def test_a_sheet_is_sent_back_after_a_question_and_is_returned_then(county):
    visitor, unit, item = county
    app = opened(visitor, unit, item)
    app.text_area(key=f"return_{unit}").set_value("请补充文号和日期").run()
    app.button(key="send_back").click().run()
    assert sheet_state(whole_store(), cycle=CYCLE, unit=unit) != "returned"
    app.button(key="send_back_yes").click().run()
    assert not app.exception
    assert sheet_state(whole_store(), cycle=CYCLE, unit=unit) == "returned"
    assert "退回补正" in html_of(opened(visitor, unit, item))


def test_chosen_claims_are_accepted_at_once(open_page):
    app = open_page("review", part="na", cycle=CYCLE)
    (choice,) = app.multiselect
    unit, item = next(iter(queries.na_claims(whole_store(), cycle=CYCLE).query("state == 'pending'")[["unit", "indicator"]].itertuples(index=False)))  # fmt: skip
    choice.set_value([f"{unit} {item}"]).run()
    app.button(key="accept_na").click().run()
    app.button(key="accept_na_yes").click().run()
    assert not app.exception
    assert ruling(unit, item)[0][0] == "accept_na"
