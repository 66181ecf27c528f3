"""自评填报: a receipt for every file, problems with their cell, the same file only once."""

from __future__ import annotations

import pytest

from data.fill import fill_workbook
from data.regions import region_path
from data.template import build_template
from scoring.scheme import YES
from tests.pages.conftest import CYCLE, html_of


@pytest.fixture
def workbook(demo_store):
    """workbook(value) is a unit's workbook with that value in a yes/no answer and nothing else filled in."""
    scheme = demo_store.scheme(CYCLE)
    unit = next(iter(demo_store.units(cycle=CYCLE).values()))
    blank = build_template(scheme, cycle=CYCLE, unit=unit, region_path=region_path(unit.region))
    indicators = scheme.indicators_for(category=unit.category, tags=unit.tags)
    asked = next(i for i in indicators if i.type == "yes_no")

    def fill(value: str) -> bytes:
        return fill_workbook(blank, {asked.id: {"value": value, "evidence": "示例发〔2026〕1号"}})

    return fill


def _hand_in(app, name: str, content: bytes):
    app.file_uploader[0].upload(name, content).run()
    app.button(key="take_in").click().run()
    assert not app.exception
    return html_of(app)


def test_every_step_opens_and_warns_of_secrets_where_files_pass(open_page):
    for step in ("download", "upload"):
        assert "不得填写个人信息和国家秘密" in html_of(open_page("submit", step=step))
    for step in ("inbox", "register"):
        open_page("submit", step=step)


def test_a_wrong_answer_is_refused_with_its_cell(open_page, workbook):
    html = _hand_in(open_page("submit", step="upload"), "填错.xlsx", workbook("大概有"))
    assert "退回" in html
    assert "大概有" in html
    assert "改正办法" in html


def test_what_is_not_a_workbook_is_refused_not_an_error(open_page):
    html = _hand_in(open_page("submit", step="upload"), "不是.xlsx", b"not a workbook")
    assert "退回" in html


def test_the_same_file_again_is_already_received(open_page, demo_store):
    sha256, unit = demo_store.rows("select sha256, unit from current_submission where cycle = 2026 limit 1")[
        0
    ]
    content = demo_store.files.read(sha256)
    html = _hand_in(open_page("submit", step="upload"), "再交一次.xlsx", content)
    assert "此前已收" in html
    assert unit in html


def test_file_names_are_never_markup(open_page, workbook):
    html = _hand_in(open_page("submit", step="upload"), "<img src=x onerror=alert(1)>.xlsx", workbook(YES))
    assert "<img" not in html
