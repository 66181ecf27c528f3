"""年度趋势: two years under two schemes, said and split; and the same for a unit on its own screen."""

from data import queries
from tests.pages.conftest import CYCLE, address, html_of


def test_the_years_are_compared_and_what_cannot_be_compared_is_said(open_page, demo_store):
    app = open_page("trend")
    html = html_of(app)
    before, now = (queries.region_summary(demo_store, cycle=year)["score"] for year in (CYCLE - 1, CYCLE))
    assert f"{now:.2f} 分" in html
    assert f"{before:.2f} 分" in html
    assert "方案不同" in html
    assert "仅 2025 年方案 1 项" in html
    assert address(app, "before") == "2025"


def test_a_unit_sees_its_own_years(open_page, demo_store):
    moved = queries.unit_moves(demo_store, cycle=CYCLE, before=CYCLE - 1)
    html = html_of(open_page("unit", unit=moved["code"].iloc[0]))
    assert "得分为什么变" in html
    assert "两年能否比较" in html
