"""Objections and grades on the screens: the unit objects, the stage above decides, the province sets; nobody is named."""

from __future__ import annotations

import pytest

from access.accounts import Account
from data import queries
from data.regions import prefecture_of
from pages.components.access import get_gate, whole_store
from tests.pages.conftest import CYCLE, html_of


@pytest.fixture
def visitors(open_page):
    """role → an account of it, for one unit of which an evaluator changed a value and the regions it lies in."""
    store = whole_store_of_demo(open_page)
    units = queries.units(store, cycle=CYCLE).set_index("code")
    changed = store.rows(
        "select unit from changed_ruling where cycle = $cycle and stage = 'county'", cycle=CYCLE
    )
    unit = sorted(code for (code,) in changed)[0]
    region = units.loc[unit, "region"]
    places = {"unit": region, "prefecture": prefecture_of(region), "province": "230000"}
    found = {}
    for role, place in places.items():
        name = unit if role == "unit" else f"secret-{role}"
        account = Account(name, "示例岗位", role, place, unit=unit if role == "unit" else None)
        accounts = get_gate().accounts
        initial = accounts.add(account)
        assert accounts.set_password(name, old=initial, new="Chang-baishan88", origin="") == []
        found[role] = accounts.find(name)
    return found


def whole_store_of_demo(open_page):
    """The store of the copied demo; `open_page` has named it to the app."""
    store = whole_store()
    store.refresh(CYCLE)
    return store


def said(app) -> str:
    return html_of(app) + "".join(
        element.value for element in (*app.success, *app.info, *app.warning, *app.error)
    )


def test_a_unit_objects_the_prefecture_grants_and_the_score_follows(open_page, visitors):
    unit = visitors["unit"].unit
    before = queries.unit_summary(whole_store(), cycle=CYCLE, unit=unit)["score_exact"]
    rows = queries.changed_rulings(whole_store(), cycle=CYCLE, unit=unit)
    assert "可以提出异议" in said(open_page("home", visitor=visitors["unit"], cycle=CYCLE))

    app = open_page("unit", visitor=visitors["unit"], cycle=CYCLE)
    app.button(key="file_objection").click().run()
    app.button(key="file_objection_yes").click().run()
    assert "须写明理由" in said(app)
    app.button(key="file_objection_no").click().run()
    app.text_area(key="objection_reason").set_value("原件在附件三").run()
    app.button(key="file_objection").click().run()
    app.button(key="file_objection_yes").click().run()
    assert not app.exception
    assert "等待上级决定" in said(app) and "原件在附件三" in html_of(app)
    assert "1 项异议待上级决定" in said(open_page("home", visitor=visitors["unit"], cycle=CYCLE))

    app = open_page("review", visitor=visitors["prefecture"], cycle=CYCLE, part="objections")
    assert "应由本级决定 1 件" in html_of(app) and "原件在附件三" in html_of(app)
    key = f"decide_{unit}-{rows['indicator'].iloc[0]}"
    app.radio(key=f"{key}_move").set_value("grant").run()
    give_best(app, key)
    app.text_area(key=f"{key}_reason").set_value("附件三属实").run()
    app.button(key=key).click().run()
    app.button(key=f"{key}_yes").click().run()
    assert not app.exception
    assert "已决定" in said(app)
    assert queries.unit_summary(whole_store(), cycle=CYCLE, unit=unit)["score_exact"] > before

    html = html_of(open_page("unit", visitor=visitors["unit"], cycle=CYCLE))
    assert "异议成立" in html or "附件三属实" in html
    assert "secret" not in html


def give_best(app, key: str) -> None:
    """Type the best value that the form's widgets allow, whatever the type of the indicator."""
    keys = {
        element.key: element for element in (*app.selectbox, *app.number_input, *app.radio, *app.date_input)
    }
    if f"{key}_na" in keys:
        keys[f"{key}_na"].set_value("不适用").run()
    elif f"{key}_choice" in keys:
        scheme = whole_store().scheme(CYCLE)
        choices = scheme.by_id[f"T{key.rpartition('-T')[2]}"].choices
        keys[f"{key}_choice"].set_value(max(choices, key=choices.get)).run()
    elif f"{key}_denominator" in keys:
        keys[f"{key}_numerator"].set_value(10).run()
        app.number_input(key=f"{key}_denominator").set_value(10).run()
    elif f"{key}_percent" in keys:
        keys[f"{key}_percent"].set_value(100.0).run()
    else:
        keys[f"{key}_number"].set_value(10_000).run()


def test_the_province_sets_a_grade_and_the_unit_reads_why_but_not_who(open_page, visitors):
    unit = visitors["unit"].unit
    app = open_page(
        "publication", visitor=visitors["province"], cycle=CYCLE, part="grades", grade_level="unit"
    )
    app.selectbox(key="grade_subject_unit").set_value(unit).run()
    app.selectbox(key="new_grade").set_value("fail").run()
    app.text_area(key="grade_reason").set_value("现场核查发现材料不实").run()
    app.button(key="set_grade").click().run()
    app.button(key="set_grade_yes").click().run()
    assert not app.exception
    assert "已另定" in said(app) and "省级另定" in html_of(app)
    html = html_of(open_page("unit", visitor=visitors["unit"], cycle=CYCLE))
    assert "不合格" in html and "现场核查发现材料不实" in html
    assert "secret" not in html


@pytest.mark.parametrize("level", ["prefecture", "county", "unit"])
def test_every_level_says_how_many_places_there_are_and_what_made_each_grade(open_page, level):
    app = open_page("publication", cycle=CYCLE, part="grades", grade_level=level, only="all")
    html = html_of(app)
    groups = queries.grade_groups(whole_store(), cycle=CYCLE, level=level)
    for name in groups["group_name"]:
        assert name in html
    assert f"超出比例上限降一等的 {groups['beyond'].sum()} 个" in html
    assert "按得分" in html and "示例权重，须由考核主管部门核定" in html
