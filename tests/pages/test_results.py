"""总览, 地区排名 and 差距分析: they open on every region and basis, say what the store says, and links reopen the view."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from data import queries
from data.store import Store
from reporting.theme import with_minus
from scoring.scheme import shipped_schemes
from tests.pages.conftest import CYCLE, address, html_of

PAGES = ("overview", "ranking", "gaps")
HARBIN, DAOLI, PROVINCE = "230100", "230102", "230000"
NOTE = "示例权重，须由考核主管部门核定"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("params", [{}, {"region": HARBIN}, {"basis": "peaceful_province"}, {"cycle": 2025}])
def test_every_view_opens_and_says_that_weights_are_examples(open_page, page, params):
    html = html_of(open_page(page, **params))
    assert NOTE in html
    assert "演示数据" in html


@pytest.mark.parametrize("page", ["ranking", "gaps"])
@pytest.mark.parametrize(
    "params", [{"level": "county"}, {"level": "county", "by": "article", "measure": "gap"}]
)
def test_counties_of_the_whole_province_can_be_compared(open_page, page, params):
    app = open_page(page, **params)
    assert address(app, "level") == "county"


def test_the_overview_says_score_extremes_and_submission(open_page, demo_store):
    summary = queries.region_summary(demo_store, cycle=CYCLE)
    scores = queries.region_scores(demo_store, cycle=CYCLE, level="prefecture")
    html = html_of(open_page("overview"))
    assert f"全省 {summary['score']:.2f} 分（{summary['grade_name']}）" in html
    assert f"{scores['name'].iloc[0]}居首" in html
    assert f"已提交 {summary['submitted']} / {summary['registered']} 家" in html
    assert "已过" in html


def test_the_overview_lists_what_needs_attention_with_a_way_to_it(open_page, demo_store):
    matters = queries.attention(demo_store, cycle=CYCLE)
    html = html_of(open_page("overview"))
    for matter in matters.itertuples():
        assert matter.text in html
        assert f"/{matter.page}?" in html


def test_the_filters_stand_in_the_address(open_page):
    app = open_page("ranking", region=HARBIN, basis="national_security", cycle=2025)
    shown = {name: address(app, name) for name in ("cycle", "region", "basis")}
    assert shown == {"cycle": "2025", "region": HARBIN, "basis": "national_security"}
    assert "国家安全责任制" in html_of(app)


def test_the_ranking_has_the_regions_in_rank_order(open_page, demo_store):
    scores = queries.region_scores(demo_store, cycle=CYCLE, level="prefecture")
    table = open_page("ranking").dataframe[0].value
    assert table["rank"].tolist() == scores["rank"].tolist()
    assert table["name"].tolist() == scores["name"].tolist()
    assert table["score"].tolist() == pytest.approx(scores["score"].tolist(), nan_ok=True)


def test_a_prefecture_shows_its_counties_and_its_units_within_one_category(open_page, demo_store):
    app = open_page("ranking", region=HARBIN, category="organ")
    units = queries.units(demo_store, cycle=CYCLE, region=HARBIN, category="organ")
    assert set(app.dataframe[1].value["name"]) == set(units["name"])
    assert "哈尔滨市的单位" in html_of(app)


def test_a_county_stands_among_its_siblings(open_page, demo_store):
    registered = queries.region_scores(demo_store, cycle=CYCLE, level="county", parent=HARBIN)
    names = registered.loc[registered["registered"] > 0, "name"]
    county = registered.loc[registered["submitted"] > 0, "code"].iloc[0]
    table = open_page("ranking", region=county).dataframe[0].value
    assert set(table["name"]) == set(names)


def test_both_systems_stand_side_by_side_with_the_reason(open_page, demo_store):
    ranks = queries.system_ranks(demo_store, cycle=CYCLE, level="prefecture")
    html = html_of(open_page("ranking"))
    assert "两个责任制之间的位次变化" in html
    reasons = ranks.loc[ranks["rank"].notna(), "reason"]
    assert len(reasons[reasons != ""])
    for reason in reasons[reasons != ""]:
        assert reason in html


def test_the_waterfalls_table_adds_up_as_printed(open_page, demo_store):
    steps = queries.waterfall(demo_store, cycle=CYCLE)
    html = html_of(open_page("gaps"))
    for step in steps.itertuples():
        assert with_minus(f"{step.printed:,.2f}") in html
    assert steps["printed"].iloc[:-1].sum() == pytest.approx(steps["printed"].iloc[-1])


def test_a_chosen_indicator_shows_the_units_behind_it(open_page, demo_store):
    worst = queries.region_gaps(demo_store, cycle=CYCLE)["key"].iloc[0]
    units = queries.gap_units(demo_store, cycle=CYCLE, indicator=worst)
    html = html_of(open_page("gaps", indicator=worst))
    assert f"有 {len(units)} 家单位未得满分" in html
    assert f"unit={units['code'].iloc[0]}" in html


def test_an_indicator_that_does_not_exist_chooses_nothing(open_page):
    assert "未得满分，合计" not in html_of(open_page("gaps", indicator="T99-99"))


def test_articles_lead_to_their_text(open_page):
    app = open_page("gaps", by="article")
    assert "/regulation?article=19" in html_of(app)
    assert app.dataframe[-1].value["article"].str.startswith("/regulation?article=").all()


@pytest.fixture
def before_the_deadline(demo_copy):
    """The demo province with its deadline tomorrow."""
    store = Store.open(demo_copy)
    cycle = store.cycle(CYCLE)
    store.open_cycle(
        cycle=CYCLE,
        scheme_path=shipped_schemes()[cycle.scheme_id],
        opens_on=cycle.opens_on,
        deadline=datetime.now().replace(microsecond=0) + timedelta(days=1),
    )
    store.close()


def test_before_the_deadline_bounds_and_rates_lead_and_nobody_is_ranked(before_the_deadline, open_page):
    app = open_page("overview")
    html = html_of(app)
    assert "截止前不排名次" in html
    assert "还有 1 天" in html
    assert "居首" not in html
    assert "rank" not in app.dataframe[0].value


def test_before_the_deadline_the_ranking_is_a_list_of_ranges(before_the_deadline, open_page):
    app = open_page("ranking")
    assert "提交率与得分区间" in html_of(app)
    assert "两个责任制之间的位次变化" not in html_of(app)
    assert "rank" not in app.dataframe[0].value
    assert "range" in app.dataframe[0].value


@pytest.fixture
def a_cycle_without_submissions(demo_copy):
    """The demo province with one more year, opened and registered, that nobody has handed anything in for."""
    store = Store.open(demo_copy)
    store.open_cycle(
        cycle=CYCLE + 1,
        scheme_path=shipped_schemes()["heilongjiang-2026"],
        opens_on=datetime.now().date(),
        deadline=datetime.now().replace(microsecond=0) + timedelta(days=30),
    )
    store.register_units(cycle=CYCLE + 1, units=list(store.units(cycle=CYCLE).values()))
    store.close()


@pytest.mark.parametrize("page", PAGES)
def test_where_nothing_came_in_the_page_says_what_to_do(a_cycle_without_submissions, open_page, page):
    html = html_of(open_page(page, cycle=CYCLE + 1))
    assert "60 家单位都还没有提交" in html
    assert "下载自评表发给各单位" in html
