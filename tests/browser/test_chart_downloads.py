"""Every chart of every screen can be saved as PNG at 1× to 4× and as SVG, under a Chinese name that says what it shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from data import queries
from data.store import Store
from tests.browser.conftest import signed_in_tabs, watched_page
from tests.browser.running import serve, settle
from tests.reporting.test_to_images import png_size

pytestmark = pytest.mark.browser

CHARTS = "[data-testid=stPlotlyChart] .js-plotly-plot"
MENU = ".aq-chart-menu"
NAME = re.compile(r"演示数据_(?P<what>.+?)_(?:2025_)?2026_(?P<where>[^_]+)(?:_.+)?\.(?P<kind>png|svg)")
SCREENS = {
    "overview?cycle=2026&region=230000": {"各市（地）方块图", "等次分布", "提交进度"},
    "ranking?cycle=2026&region=230000": {"地区排名", "两个责任制位次"},
    "ranking?cycle=2026&region=230100": {"地区排名", "两个责任制位次", "单位得分"},
    "gaps?cycle=2026&region=230000": {"从满分到得分", "得分率热力图", "失分最多的指标"},
    "robustness?cycle=2026&region=230000": {"名次区间", "先后不定的相邻地区", "单项权重变动"},
    "what_if?cycle=2026&region=230000&d_foreign=2": {"试算名次", "试算得分变化"},
    "trend?cycle=2026&region=230100": {"两年变化", "历年得分", "得分为什么变", "条文得分率"},
    "unit?cycle=2026&unit={unit}": {"从满分到得分", "各维度得分率", "历年得分", "得分为什么变", "条文得分率"},
}


@pytest.fixture(scope="module")
def lived(lived_home, browser, tmp_path_factory):
    """Tabs of the demo with its whole course, signed in, and one of its units."""
    home = Path(shutil.copytree(lived_home, tmp_path_factory.mktemp("charts") / "home"))
    store = Store.open(home)
    units = queries.units(store, cycle=2026)
    unit = units.loc[units["score"].notna(), "code"].iloc[0]
    store.close()
    with serve(home, log=home.parent / "server.log") as url, signed_in_tabs(browser, url, home) as tabs:
        yield tabs, unit


@pytest.fixture
def page(lived):
    with watched_page(lived[0]) as opened:
        yield opened


@pytest.mark.parametrize("screen", SCREENS)
def test_every_chart_of_a_screen_can_be_saved(page, lived, screen, tmp_path):
    page.goto("/" + screen.format(unit=lived[1]))
    settle(page)
    charts = page.locator(CHARTS)
    charts.nth(len(SCREENS[screen]) - 1).wait_for(state="attached")
    found = set()
    for place in range(charts.count()):
        chart = charts.nth(place)
        size = chart.evaluate("gd => [gd._fullLayout.width, gd._fullLayout.height]")
        for scale in (1, 4) if place == 0 and screen.startswith("overview") else ():  # all go the same way
            name, content = _save(page, chart, scale - 1, tmp_path)
            assert name.endswith(".png")
            assert png_size(content) == pytest.approx([side * scale for side in size], abs=scale)
        name, content = _save(page, chart, 4, tmp_path)
        said = NAME.fullmatch(name)
        assert said and said["kind"] == "svg", name
        found.add(said["what"])
        drawn = "".join("".join(ElementTree.fromstring(content).itertext()).split())
        for text in _texts(chart):
            assert text in drawn
    assert found == SCREENS[screen]


def test_the_menu_is_a_menu_for_mouse_and_keyboard(page):
    page.goto("/overview?cycle=2026&region=230000")
    settle(page)
    chart = page.locator("[data-testid=stPlotlyChart]").first
    chart.hover()
    chart.locator(".modebar-btn").click()
    items = page.locator(f"{MENU} [role=menuitem]")
    width, height = page.locator(CHARTS).first.evaluate("gd => [gd._fullLayout.width, gd._fullLayout.height]")
    assert items.all_inner_texts() == [
        *(f"PNG {n}×（{round(width * n)} × {round(height * n)} 像素）" for n in (1, 2, 3, 4)),
        "SVG 矢量图（放大不模糊）",
    ]
    box = page.locator(MENU).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 1440
    page.keyboard.press("Escape")
    assert page.locator(MENU).count() == 0
    chart.hover()
    chart.locator(".modebar-btn").click()
    page.locator("header.aq-header h1").click()
    assert page.locator(MENU).count() == 0
    chart.hover()
    chart.locator(".modebar-btn").click()
    page.keyboard.press("ArrowUp")  # from the first to the last
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename.endswith(".svg")
    assert page.locator(MENU).count() == 0


def test_the_picture_of_a_publication_bears_its_number(page, tmp_path):
    page.goto("/gaps?cycle=2025&region=230000&pub=2025-1")
    settle(page)
    name, content = _save(page, page.locator(CHARTS).first, 4, tmp_path)
    assert name == "演示数据_从满分到得分_2025_全省_第2025-1号公布.svg"
    assert "第 2025-1 号公布 · 演示数据 · 不代表任何真实单位" in "".join(
        ElementTree.fromstring(content).itertext()
    )


def test_the_dark_look_says_that_the_picture_is_dark(page):
    page.emulate_media(color_scheme="dark")
    page.goto("/gaps?cycle=2026&region=230000")
    settle(page)
    page.locator(CHARTS).first.locator(".modebar-btn").evaluate("button => button.click()")
    assert "浅色" in page.locator(MENU).inner_text()


def _save(page, chart, choice: int, folder: Path) -> tuple[str, bytes]:
    """Name and content of the picture that a choice of the chart's menu gives."""
    chart.locator(".modebar-btn").evaluate("button => button.click()")
    with page.expect_download() as waiting:
        page.locator(f"{MENU} [role=menuitem]").nth(choice).click()
    path = folder / "picture"
    waiting.value.save_as(path)
    return waiting.value.suggested_filename, path.read_bytes()


def _texts(chart) -> list[str]:
    """What can be read in a chart on the screen, without blanks."""
    texts = chart.evaluate(
        "gd => [...gd.querySelectorAll('svg.main-svg text')].map((text) => text.textContent)"
    )
    assert any(texts)
    return ["".join(text.split()) for text in texts]
