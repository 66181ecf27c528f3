"""Streamlit's own words are Chinese too: lists, menus, toolbars, uploads, dialogs, and what screen readers say."""

from __future__ import annotations

import pytest

from tests.browser.language import english_on
from tests.browser.running import settle

pytestmark = pytest.mark.browser


def test_a_list_searched_in_vain(page):
    page.goto("/unit")
    settle(page)
    page.get_by_role("combobox", name="单位", exact=True).click()
    page.keyboard.type("zzzz")
    page.get_by_text("没有符合的选项").wait_for()
    assert not english_on(page)


def test_a_tables_toolbar_and_column_menu(page):
    page.goto("/unit")
    settle(page)
    table = page.locator("[data-testid=stDataFrame]").first
    table.hover()
    page.locator("[data-testid=stElementToolbar] button").first.wait_for()
    assert not english_on(page)
    corner = table.locator("canvas").first.bounding_box()
    page.mouse.click(corner["x"] + 120, corner["y"] + 17, button="right")
    page.wait_for_timeout(500)
    assert not english_on(page)


@pytest.mark.parametrize("way", ["files", "folder"])
def test_the_upload_box(page, way):
    page.goto(f"/submit?step=upload&way={way}")
    settle(page)
    assert "每个文件不超过" in page.inner_text("[data-testid=stFileUploaderDropzone]")
    assert not english_on(page)


def test_a_file_of_the_wrong_kind(page, tmp_path):
    path = tmp_path / "说明.docx"
    path.write_bytes(b"x")
    page.goto("/submit?step=upload")
    settle(page)
    page.set_input_files("[data-testid=stFileUploader] input[type=file]", path)
    page.get_by_text("不接受这种类型的文件").first.wait_for(state="attached")
    assert not [text for text in english_on(page) if ".docx" not in text]


def test_a_page_that_does_not_exist(browser, server, signed_in):
    context = browser.new_context(
        base_url=server, storage_state=signed_in
    )  # the browser's own language is English here
    page = context.new_page()
    page.goto("/nosuchpage")
    page.get_by_text("没有这个页面", exact=True).wait_for()
    assert not english_on(page)
    context.close()


def test_the_page_is_chinese_before_its_script_runs(page):
    answer = page.goto("/ranking")
    text = answer.text()
    assert '<html lang="zh-CN">' in text
    assert "Streamlit</title>" not in text
