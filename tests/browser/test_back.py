"""One step back is one page, or one choice on it: what a page writes into the address by itself is no place of its own."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.running import settle

pytestmark = pytest.mark.browser


def test_each_step_back_is_a_page_or_a_choice(page):
    page.goto("/regulation")
    settle(page)
    page.wait_for_url("**/regulation?*")
    for name, filtered in {"admin": "part", "gaps": "by"}.items():
        page.locator(f"[data-testid=stSidebarNavLink][href*='/{name}']").click()
        page.wait_for_url(f"**/{name}?*{filtered}=*")  # the page has written its own
        settle(page)
    page.get_by_text("按条文", exact=True).click()
    page.wait_for_url("**/gaps?*by=article*")
    settle(page)
    page.get_by_text("按维度", exact=True).click()
    page.wait_for_url("**/gaps?*by=dimension*")
    settle(page)
    went = []
    for _ in range(4):
        page.go_back()
        settle(page)
        at = urlsplit(page.url)
        went.append((at.path, parse_qs(at.query).get("by", [""])[0]))
    assert went == [("/gaps", "article"), ("/gaps", "dimension"), ("/admin", ""), ("/regulation", "")]


def test_what_is_chosen_while_a_page_is_drawn_is_not_lost(page):
    """The next page knows the address only as it was before the choice."""
    page.goto("/gaps")
    settle(page)
    page.get_by_text("按条文", exact=True).click()
    page.locator("[data-testid=stSidebarNavLink][href*='/regulation']").click()
    page.wait_for_url("**/regulation?*")
    settle(page)
    page.locator("[data-testid=stSidebarNavLink][href*='/gaps']").click()
    page.wait_for_url("**/gaps?*by=article*")
    settle(page)
