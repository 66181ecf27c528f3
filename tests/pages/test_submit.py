"""自评填报: a receipt for every file, problems with their cell, the same file only once."""

from __future__ import annotations

import pytest

from data.fill import fill_workbook
from data.inbox import Inbox
from data.regions import region_path
from data.template import build_template
from pages.components.access import whole_store
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


def test_the_inbox_tells_what_waits_what_came_and_what_is_wrong(open_page, workbook):
    open_page("submit", step="inbox")
    inbox = Inbox(whole_store())
    inbox.look()
    for name, content in (("<b>甲.xlsx", workbook("大概有")), ("2031/乙.xlsx", b"x"), ("照片.png", b"x")):
        path = inbox.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    html = html_of(open_page("submit", step="inbox"))
    assert str(inbox.folder) in html
    assert "2 个文件" in html and "&lt;b&gt;甲.xlsx" in html  # not watched here, so it says what lies there
    assert "没有从收件箱收到文件" in html
    inbox.look()
    inbox.look()
    assert "1 份，接收 0，退回 1" in html_of(open_page("submit", step="inbox"))


def test_the_list_says_where_a_file_came_from_and_is_filtered_by_it(open_page, workbook):
    open_page("submit", step="inbox")
    inbox = Inbox(whole_store())
    inbox.look()
    (inbox.folder / "甲.xlsx").write_bytes(workbook("大概有"))
    inbox.look()
    inbox.look()
    sources = open_page("submit", step="inbox").dataframe[0].value["source_name"]
    assert sources[0] == "收件箱" and set(sources[1:]) == {"命令行"}
    app = open_page("submit", step="inbox", source="inbox", fate="refused")
    assert list(app.dataframe[0].value["filename"]) == ["甲.xlsx"]
    assert "没有这样的文件" in html_of(open_page("submit", step="inbox", source="inbox", fate="accepted"))


def test_file_names_are_never_markup(open_page, workbook):
    html = _hand_in(open_page("submit", step="upload"), "<img src=x onerror=alert(1)>.xlsx", workbook(YES))
    assert "<img" not in html
