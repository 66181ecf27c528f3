"""Every screen opens, in Chinese and without an exception."""

from __future__ import annotations

import pytest

from tests.browser.language import english_on
from tests.browser.running import PAGES, settle

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", PAGES)
def test_a_screen_opens(page, name):
    page.goto(f"/{name}?cycle=2026")
    settle(page)
    assert page.locator("header.aq-header h1").count() == 1
    assert page.locator("[data-testid=stException]").count() == 0
    assert not english_on(page)


def test_a_unit_is_shown_down_to_the_cell(page, demo_store):
    unit = demo_store.rows("select unit from current_submission where cycle = 2026 limit 1")[0][0]
    page.goto(f"/unit?cycle=2026&unit={unit}")
    settle(page)
    assert page.locator("[data-testid=stException]").count() == 0
    assert "自评表" in page.inner_text("[data-testid=stMain]")
    assert not english_on(page)
