"""会议材料 as a person uses it: choose, see what will be in it, make it, take it; the file opens and says what was chosen."""

from __future__ import annotations

import zipfile

import pytest
from docx import Document
from pptx import Presentation

from tests.browser.running import settle

pytestmark = pytest.mark.browser
MADE_MS = 120_000


def _make(page, kind: str, **where: str):
    """Make the file of a kind and take it: what the screen said would be in it, and the file."""
    asked = "&".join(f"{name}={value}" for name, value in where.items())
    page.goto(f"/meeting?cycle=2026&kind={kind}&{asked}")
    settle(page)
    outline = page.locator(".aq-outline li").all_inner_texts()
    page.locator(".st-key-make_meeting_file button").click()
    button = page.locator(".st-key-meeting_file button")
    button.wait_for(timeout=MADE_MS)
    with page.expect_download() as started:
        button.click()
    assert page.locator("[data-testid=stException]").count() == 0
    return outline, started.value


def test_a_deck_is_made_and_taken(page):
    outline, download = _make(page, "pptx")
    assert download.suggested_filename == "演示数据_会议幻灯片_2026_黑龙江省.pptx"
    slides = Presentation(str(download.path())).slides
    assert len(slides) == len(outline)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert [title for title in outline[1:] if title not in titles] == []


def test_a_bulletin_of_one_prefecture_is_made_and_taken(page):
    outline, download = _make(page, "docx", region="230100")
    assert "哈尔滨市" in download.suggested_filename
    text = "\n".join(paragraph.text for paragraph in Document(str(download.path())).paragraphs)
    assert "哈尔滨市" in text and "演示数据" in text
    assert outline


def test_result_sheets_are_packed_while_a_bar_moves(page):
    outline, download = _make(page, "feedback", region="230100")
    names = zipfile.ZipFile(download.path()).namelist()
    assert outline[0].startswith(f"{len(names)} 份")
