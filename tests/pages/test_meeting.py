"""会议材料: what will be in each file is said before it is made; the file is made, kept and named; faults are told."""

from __future__ import annotations

import io
import shutil
import zipfile
from contextlib import contextmanager

import pytest
from docx import Document
from pptx import Presentation

from access.accounts import Account
from data import queries
from data.model import Scope
from meeting.export import KINDS, chosen_parts
from meeting.material import gather
from pages.components import state
from pages.components.access import get_gate, whole_store
from pages.components.meeting_view import MADE
from tests.pages.conftest import CYCLE, close_store, html_of, open_app

MAKE = "make_meeting_file"


@pytest.fixture
def open_meeting(lived_home, tmp_path, monkeypatch):
    """open_meeting(**filters) is the screen on the demo whose 2025 is published."""
    monkeypatch.setenv("ASSESSMENT_HOME", str(shutil.copytree(lived_home, tmp_path / "home")))
    yield lambda **params: open_app("meeting", **params)
    close_store()


@contextmanager
def material(**asked):
    with gather(whole_store().seen_by(Scope("230000")), cycle=asked.pop("cycle", CYCLE), **asked) as made:
        yield made


def outline_of(app) -> list[str]:
    html = next(text for text in html_of(app).split("\n") if "aq-outline" in text)
    return [part.split("</li>")[0] for part in html.split("<li>")[1:]]


def kept_file(app):
    """What the session keeps of the file that was made."""
    return app.session_state[state.MEMORY][state.KEPT + MADE][1]


@pytest.mark.parametrize("kind", KINDS)
def test_what_will_be_in_the_file_is_said_before_it_is_made(open_meeting, kind):
    app = open_meeting(kind=kind, cycle=CYCLE)
    with material() as made:
        expected = KINDS[kind].outline(made, chosen_parts(KINDS[kind], None, may=lambda action: True))
    assert [line.replace("&amp;", "&") for line in outline_of(app)] == expected
    assert any(KINDS[kind].title in button.label for button in app.button)
    assert "实时数据" in "".join(c.value for c in app.caption)


def test_a_deck_of_a_publication_is_made_and_kept(open_meeting):
    app = open_meeting(kind="pptx", cycle=2025, pub="2025-1")
    app.button(key=MAKE).click().run()
    assert not app.exception and not app.error
    made = kept_file(app)
    assert made.name == "演示数据_会议幻灯片_2025_黑龙江省_第2025-1号公布.pptx"
    assert len(Presentation(io.BytesIO(made.content)).slides) == len(outline_of(app))
    assert any("下载会议幻灯片" in button.label for button in app.get("download_button"))


def test_parts_that_are_not_chosen_are_not_made(open_meeting):
    app = open_meeting(kind="xlsx", cycle=CYCLE, region="230100")
    everything = outline_of(app)
    pills = next(group for group in app.get("button_group") if "内容" in group.label)
    first = next(iter(KINDS["xlsx"].parts))
    pills.set_value([first]).run()
    assert len(outline_of(app)) < len(everything)
    app.button(key=MAKE).click().run()
    assert "哈尔滨市" in kept_file(app).name
    pills = next(group for group in app.get("button_group") if "内容" in group.label)
    pills.set_value([]).run()
    assert "没有选择内容" in html_of(app) and not [b for b in app.button if b.key == MAKE]


def test_a_file_that_no_longer_fits_what_is_chosen_is_not_offered(open_meeting):
    app = open_meeting(kind="docx", cycle=CYCLE)
    app.button(key=MAKE).click().run()
    assert any("下载通报" in button.label for button in app.get("download_button"))
    app.query_params["region"] = "230100"
    app.run()
    assert not any("下载通报" in button.label for button in app.get("download_button"))
    assert any("重新生成" in caption.value for caption in app.caption)


def test_a_broken_template_of_the_office_is_told_and_nothing_is_made(open_meeting):
    open_meeting(kind="docx", cycle=CYCLE)
    own = whole_store().home / "templates"
    own.mkdir()
    document = Document()
    document.add_paragraph("{{ 没有的占位符 }}")
    document.save(str(own / KINDS["docx"].template))
    app = open_meeting(kind="docx", cycle=CYCLE)
    assert any("本机构的模板" in box.label for box in app.expander)
    app.button(key=MAKE).click().run()
    assert not app.exception
    assert "没有的占位符" in app.error[0].value
    assert state.KEPT + MADE not in app.session_state[state.MEMORY]


def test_every_unit_of_a_region_gets_its_sheet(open_meeting):
    app = open_meeting(kind="feedback", cycle=CYCLE, region="230100")
    app.button(key=MAKE).click().run()
    made = kept_file(app)
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive, material(region="230100") as asked:
        sheets = [name for name in archive.namelist() if name.endswith(".docx")]
        assert len(sheets) == len(set(sheets)) == len(asked.units)


@pytest.mark.parametrize("role", ["prefecture", "county", "reader"])
def test_a_region_has_material_of_its_own_and_of_no_other(open_meeting, role):
    open_meeting(cycle=CYCLE)  # opens the store
    units = queries.units(whole_store(), cycle=CYCLE)
    county = units.loc[units["score"].notna() & units["region"].str.startswith("2301"), "region"].max()
    region = county if role == "county" else "230100"
    accounts = get_gate().accounts
    initial = accounts.add(Account(f"post-{role}", "示例岗位", role, region))
    assert not accounts.set_password(f"post-{role}", old=initial, new="Chang-baishan88", origin="")
    visitor = accounts.find(f"post-{role}")
    other = open_app("meeting", visitor=visitor, cycle=CYCLE, kind="xlsx", region="230200")
    assert "不在您的管辖地区" in html_of(other)
    assert not [button for button in other.button if button.key == MAKE]
    own = open_app("meeting", visitor=visitor, cycle=CYCLE, kind="xlsx", region=region)
    assert outline_of(own) and [button for button in own.button if button.key == MAKE]


def test_what_only_the_province_may_see_is_offered_to_nobody_else(open_meeting):
    open_meeting(cycle=CYCLE)
    accounts = get_gate().accounts
    for role, is_offered in (("province", True), ("reader", False)):
        initial = accounts.add(Account(f"post-{role}", "示例岗位", role, "230000"))
        assert not accounts.set_password(f"post-{role}", old=initial, new="Chang-baishan88", origin="")
        app = open_app("meeting", visitor=accounts.find(f"post-{role}"), cycle=CYCLE, kind="png")
        pills = next(group for group in app.get("button_group") if "内容" in group.label)
        assert ("审核尺度" in pills.options) == is_offered
        assert any("审核尺度" in line for line in outline_of(app)) == is_offered
