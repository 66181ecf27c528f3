"""Before there is anything to show, every screen of ours says what to do next."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from data.demo.units import demo_units
from data.store import Store
from scoring.scheme import shipped_schemes
from tests.pages.conftest import CYCLE, ROOT, close_store, html_of, sign_in

SCREENS = [
    ("unit", {}),
    ("submit", {}),
    ("submit", {"step": "upload"}),
    ("submit", {"step": "inbox"}),
    ("submit", {"step": "register"}),
    ("regulation", {}),
    ("regulation", {"article": "19"}),
    ("scheme", {}),
    ("scheme", {"part": "edit"}),
    ("scheme", {"part": "excel"}),
    ("scheme", {"part": "versions"}),
]


@pytest.fixture(params=["nothing", "a cycle", "units"])
def home(request, tmp_path, monkeypatch):
    """A runtime folder before the first cycle, before the first unit, before the first workbook."""
    store = Store.open(tmp_path)
    if request.param != "nothing":
        store.open_cycle(
            cycle=CYCLE,
            scheme_path=shipped_schemes()["heilongjiang-2026"],
            opens_on=date(CYCLE, 8, 1),
            deadline=datetime(CYCLE, 12, 31, 23, 59, 59),
        )
    if request.param == "units":
        store.register_units(cycle=CYCLE, units=demo_units(8))
    store.close()
    monkeypatch.setenv("ASSESSMENT_HOME", str(tmp_path))
    yield request.param
    close_store()


@pytest.mark.parametrize(("page", "params"), SCREENS)
def test_a_screen_opens_without_data(home, page, params):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    sign_in(app)
    app.switch_page(f"pages/{page}.py")
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    html = html_of(app)
    assert "nan" not in html
    assert "演示数据" not in html
    if home == "nothing":
        assert "尚未开设考核年度" in html


MANAGED = [
    ({"part": "accounts"}, "没有这样的账号"),
    ({"part": "accounts", "way_in": "new"}, "新建一个账号"),
    ({"part": "accounts", "way_in": "import"}, "账号表模板"),
    ({"part": "accounts", "way_in": "units"}, "名册是空的"),
    ({"part": "cycles"}, "开设第一个年度"),
    ({"part": "register"}, "尚未开设考核年度"),
    ({"part": "backup"}, "还没有备份"),
    ({"part": "audit"}, "没有这样的操作"),
    ({"part": "system"}, "尚未开设考核年度"),
]


@pytest.mark.parametrize(("params", "told"), MANAGED)
def test_a_part_for_administrators_opens_without_data(home, params, told):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    sign_in(app)
    app.switch_page("pages/admin.py")
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    html = html_of(app)
    assert "nan" not in html
    assert "NaT" not in html
    if home == "nothing":
        assert told in html


@pytest.mark.parametrize("home", ["units"], indirect=True)
def test_a_registered_unit_without_workbook_is_led_to_the_upload(home):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    sign_in(app)
    app.switch_page("pages/unit.py")
    app.query_params["unit"] = demo_units(1)[0].code
    app.run()
    assert not app.exception
    assert "未提交" in html_of(app)
