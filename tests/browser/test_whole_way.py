"""The main job as a person does it: a workbook out, back with an error, corrected, and the ranking has moved."""

from __future__ import annotations

import re
from typing import Any

import pytest

from data import queries
from data.fill import fill_workbook
from data.layout import ANSWER_SHEET, is_fraction
from data.regions import prefecture_of
from scoring.scheme import Indicator, load_scheme, shipped_schemes
from tests.browser.running import settle

pytestmark = pytest.mark.browser

CYCLE = 2026
SCHEME = load_scheme(shipped_schemes()["heilongjiang-2026"])


@pytest.fixture
def unit(demo_store):
    """A unit that has handed in nothing, in the lowest prefecture that has one."""
    missing = set(queries.missing_units(demo_store, cycle=CYCLE)["code"])
    scores = queries.region_scores(demo_store, cycle=CYCLE, level="prefecture").sort_values("score")
    units = [u for code, u in demo_store.units(cycle=CYCLE).items() if code in missing]
    return min(units, key=lambda u: list(scores["code"]).index(prefecture_of(u.region)))


def test_a_workbook_goes_the_whole_way(page, unit, tmp_path):
    prefecture = prefecture_of(unit.region)
    place_before = _place_of(page, prefecture)

    template = _download_template(page, unit)
    answers = {i.id: _best(i) for i in SCHEME.indicators_for(category=unit.category, tags=unit.tags)}
    choice = next(key for key in answers if SCHEME.by_id[key].type == "level")

    wrong = fill_workbook(template, answers | {choice: answers[choice] | {"value": "大概有"}})
    told = _upload(page, tmp_path / "填错的自评表.xlsx", wrong)
    assert "退回" in told
    assert re.search(rf"{ANSWER_SHEET}!E\d+", told) and "大概有" in told

    told = _upload(page, tmp_path / "改正的自评表.xlsx", fill_workbook(template, answers))
    assert unit.name in told and "100.00" in told and "优秀" in told

    page.goto(f"/unit?cycle={CYCLE}&unit={unit.code}")
    settle(page)
    assert "100.00" in page.inner_text("[data-testid=stMain]")
    assert _place_of(page, prefecture) < place_before


def _place_of(page, region: str) -> int:
    """Where a prefecture stands among the bars of 地区排名, from the top."""
    page.goto(f"/ranking?cycle={CYCLE}")
    settle(page)
    bars = "[class*=st-key-ranking_bars] .js-plotly-plot"  # the page has other figures too
    codes = page.wait_for_function(
        f"() => document.querySelector('{bars}')?.data?.[0]?.customdata"
    ).json_value()
    assert region in codes
    return codes.index(region)


def _download_template(page, unit) -> bytes:
    page.goto(f"/submit?cycle={CYCLE}&step=download&unit={unit.code}")
    settle(page)
    with page.expect_download() as started:
        page.get_by_role("button", name="下载该单位的自评表").click()
    download = started.value
    assert unit.code in download.suggested_filename
    return download.path().read_bytes()


def _upload(page, path, content: bytes) -> str:
    """Hand a file in on the page; what the page says then."""
    path.write_bytes(content)
    page.goto(f"/submit?cycle={CYCLE}&step=upload")
    settle(page)
    page.set_input_files("[data-testid=stFileUploader] input[type=file]", path)
    page.get_by_role("button", name=re.compile("^.*接收 1 个文件")).click()
    page.get_by_text("回执", exact=True).first.wait_for()
    settle(page)
    return page.inner_text("[data-testid=stMain]")


def _best(indicator: Indicator) -> dict[str, Any]:
    """The answer that earns full marks, as typed."""
    if is_fraction(indicator):
        value = {"numerator": 4, "denominator": 4}
    elif indicator.type == "ratio":
        value = {"value": "100%"}
    elif indicator.type == "count":
        value = {"value": indicator.target}
    elif indicator.type == "date":
        first, _ = indicator.window.dates(CYCLE)
        value = {"value": f"{first.year}年{first.month}月{first.day}日"}
    else:
        value = {"value": max(indicator.choices, key=indicator.choices.get)}
    return value | {"evidence": "示例发〔2026〕12号"}
