"""抽查 on the screen, and 重复 in 单位详情."""

from __future__ import annotations

from datetime import date

from data import queries
from pages.components.access import whole_store
from tests.pages.conftest import CYCLE, html_of


def test_a_drawing_is_previewed_asked_about_and_then_listed(open_page):
    app = open_page("review", part="sample", cycle=CYCLE)
    assert "还没有抽取" in html_of(app)
    store = whole_store()
    assert store.rows("select count(*) from sample_draw") == [(0,)]
    app.text_input(key="sample_reason").set_value("年度抽查").run()
    app.number_input(key="sample_seed").set_value(11).run()
    app.number_input(key=f"sample_{CYCLE}_copied").set_value(9).run()
    app.button(key="draw_sample").click().run()
    assert "随机数：11" in html_of(app) and "被抽单位看不到" in html_of(app)
    assert store.rows("select count(*) from sample_draw") == [(0,)]
    app.button(key="draw_sample_yes").click().run()
    assert not app.exception
    assert "随机数 11" in app.success[0].value
    draws = queries.sample_draws(store, cycle=CYCLE)
    assert draws["reason"].tolist() == ["年度抽查"] and '"copied": 9' in draws["plan"][0]
    code = queries.sample_picks(store, cycle=CYCLE)["code"].iloc[0]
    assert "part=queue" in html_of(app) and f"unit={code}" in html_of(app)
    assert "雷同条数 9" in html_of(app)


def test_what_repeats_is_marked_in_the_units_table(open_page):
    app = open_page("unit", cycle=CYCLE)
    repeats = queries.region_repeats(whole_store(), cycle=CYCLE, today=date.today())
    unit = repeats["code"].value_counts().index[0]
    mine = repeats[repeats["code"] == unit]
    app.query_params["unit"] = unit
    app.query_params["terms"] = "repeat"
    app.run()
    assert not app.exception
    assert f"重复问题 {mine['indicator'].nunique()}" in html_of(app)
    assert ">重复</span>" in html_of(app)
    assert mine["said"].iloc[0] in html_of(app)
