"""Signing in as a person does it, and what an open page does when its session is over."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import INITIAL_PASSWORD
from tests.browser.language import english_on
from tests.browser.running import fresh_link, serve, settle, sign_in

pytestmark = pytest.mark.browser

NEW = "Xingan-ling2026"


@pytest.fixture
def stranger(browser, server):
    """A page of somebody who has not signed in."""
    context = browser.new_context(base_url=server, viewport={"width": 1440, "height": 900}, locale="zh-CN")
    yield context.new_page()
    context.close()


def submit(page, button: str, **fields: str) -> None:
    for name, value in fields.items():
        page.fill(f"#{name}", value)
    page.get_by_role("button", name=button, exact=True).click()


def test_the_first_sign_in_as_a_person_does_it(stranger, home):
    page, initial = stranger, (home / INITIAL_PASSWORD).read_text("utf-8")
    page.goto("/ranking?cycle=2026")
    assert "/login?next=" in page.url
    assert not english_on(page)
    assert page.evaluate("document.activeElement.id") == "account"

    submit(page, "登录", account="hrb-kaohe", password="wrong")
    page.get_by_text("账号或密码不对").wait_for()
    assert not english_on(page)
    submit(page, "登录", password=initial)
    page.get_by_text("须先修改密码").wait_for()
    assert "/password?next=" in page.url

    submit(page, "修改密码", old=initial, new="abc", again="abd")
    page.get_by_text("两次输入的新密码不一致").wait_for()
    assert not english_on(page)
    submit(page, "修改密码", old=initial, new=NEW, again=NEW)
    settle(page)
    assert re.search(r"/ranking\?.*cycle=2026", page.url)

    page.goto("/logout")
    assert not english_on(page)
    submit(page, "退出登录")
    page.get_by_text("已退出登录").wait_for()
    page.goto("/ranking")
    assert "/login" in page.url


@pytest.mark.parametrize("width", [1440, 1920, 800])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_sign_in_screen_fits_its_window(browser, server, width, scheme):
    context = browser.new_context(
        base_url=server, viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN"
    )
    page = context.new_page()
    page.goto("/login")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    colours = page.evaluate(
        "[getComputedStyle(document.querySelector('section')).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert colours == (
        ["rgb(255, 255, 255)", "rgb(27, 39, 51)"]
        if scheme == "light"
        else ["rgb(26, 38, 50)", "rgb(230, 237, 243)"]
    )
    assert "演示数据" in page.inner_text("aside")
    context.close()


def test_an_open_page_whose_session_ended_leads_to_the_sign_in_screen_at_its_next_click(
    stranger, home, server
):
    page = stranger
    sign_in(page, home, server)
    page.goto("/ranking?cycle=2026")
    settle(page)
    other = page.context.new_page()
    other.goto("/logout")
    submit(other, "退出登录")
    other.get_by_text("已退出登录").wait_for()

    assert "/ranking" in page.url
    page.locator("[data-testid=stSidebarNavLink]").filter(has_text="差距分析").click()
    page.get_by_text("登录已失效").wait_for()
    assert "/login?why=over&next=%2Franking" in page.url  # where one was; the click was not carried out
    assert not english_on(page)


def test_a_restart_of_the_server_leads_open_pages_to_the_sign_in_screen(browser, demo_copy, tmp_path):
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    with serve(demo_copy, log=tmp_path / "first.log") as url:
        sign_in(page, demo_copy, url)
        page.goto(f"{url}/unit?cycle=2026")
        settle(page)
    port = int(url.rsplit(":", 1)[1])
    with serve(demo_copy, log=tmp_path / "second.log", port=port):
        page.get_by_text("登录已失效").wait_for()
        assert "next=%2Funit%3Fcycle%3D2026" in page.url
        page.goto(fresh_link(demo_copy, url))
        page.get_by_role("button", name="登录").click()
        settle(page)
    context.close()
