"""系统管理 in a browser: every part in Chinese, calendars and dialogs too; a dialog does what it says and closes."""

from __future__ import annotations

import re

import pytest

from tests.browser.language import english_on
from tests.browser.running import settle

pytestmark = pytest.mark.browser

PARTS = ("accounts", "cycles", "register", "backup", "audit", "system")
WAYS = ("list", "new", "import", "units")


def opened(page, **params):
    page.goto("/admin?" + "&".join(f"{name}={value}" for name, value in params.items()))
    settle(page)
    assert page.locator("[data-testid=stException]").count() == 0


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_chinese(page, part):
    opened(page, part=part)
    assert not english_without_paths(page)


@pytest.mark.parametrize("way", WAYS)
def test_a_way_to_make_accounts_is_chinese(page, way):
    opened(page, part="accounts", way_in=way)
    assert not english_on(page)


def test_a_calendar_is_chinese_in_an_english_browser_too(browser, server, signed_in):
    context = browser.new_context(base_url=server, locale="en-US", storage_state=signed_in)
    page = context.new_page()
    opened(page, part="audit")
    page.get_by_role("button", name="选择日期").first.click()
    page.locator("[data-testid=stDateInputCalendar]").wait_for()
    assert not english_on(page)
    assert re.search(r"\d{4}年", page.inner_text("[data-testid=stDateInputCalendar]"))
    context.close()


def test_an_account_is_made_and_disabled(page):
    opened(page, part="accounts", way_in="new")
    page.get_by_role("combobox", name="地区").click()
    page.keyboard.type("道里区")
    page.get_by_role("option", name="哈尔滨市/道里区").click()
    page.get_by_role("textbox", name="账号").fill("daoli-kaohe")
    page.get_by_role("textbox", name=re.compile("^名称")).fill("道里区考核办")
    page.keyboard.press("Tab")
    settle(page)
    page.get_by_role("button", name="新建账号").click()
    page.get_by_text("已新建账号").wait_for()
    assert len(page.inner_text("code")) == 12

    opened(page, part="accounts", account="daoli")
    assert page.locator("code").count() == 0  # another visit knows no password
    corner = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
    page.mouse.click(corner["x"] + 18, corner["y"] + 52)
    page.get_by_role("button", name="停用").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("下一次点击时退出").wait_for()
    assert not english_on(page)
    dialog.get_by_role("button", name="停用").click()
    page.get_by_text("已停用账号").wait_for()
    assert dialog.count() == 0


def test_a_dialog_that_is_closed_does_nothing_and_stays_closed(page):
    opened(page, part="cycles", cycle=2025)
    page.get_by_role("button", name="关闭年度").click()
    page.get_by_role("dialog").get_by_text("不再接收任何文件").wait_for()
    assert not english_on(page)
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    settle(page)
    page.get_by_role("button", name="关闭年度").wait_for()
    assert page.get_by_role("dialog").count() == 0


def test_the_chain_is_followed_while_one_looks(page):
    opened(page, part="audit")
    page.get_by_role("button", name="检查台账").click()
    page.get_by_text("逐行相符").wait_for()
    assert not english_on(page)


def english_without_paths(page) -> list[str]:
    """What is English on the page but for the path of the runtime folder."""
    return [text for text in english_on(page) if "运行目录 " not in text and "备份目录 " not in text]
