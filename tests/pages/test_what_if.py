"""权重试算: ranks under moved weights are those of the query, nothing is kept, and a draft goes on to the scheme's screen."""

from __future__ import annotations

import pytest

from access.accounts import Account
from data import queries
from pages.components import state, what_if_mark
from pages.components.access import get_gate, whole_store
from reporting.robustness_headlines import say_what_if
from scoring.trial_input import Trial
from tests.pages.conftest import CYCLE, address, html_of

HARBIN = "230100"
MARK = "试算，未保存，不改变任何结果"


def trial_rows(store, trial: Trial, **asked):
    scheme = store.scheme(CYCLE)
    return queries.what_if(
        store, cycle=CYCLE, weights=trial.weights(scheme), **{"level": "prefecture"} | asked
    )


def systems(store, first: float) -> dict[str, float]:
    one, other = store.scheme(CYCLE).systems
    return {one.id: first, other.id: 1 - first}


def test_without_a_move_ranks_are_those_that_stand(open_page, demo_store):
    app = open_page("what_if")
    html = html_of(app)
    assert MARK in html
    assert "现在与现行方案相同" in html
    assert say_what_if(trial_rows(demo_store, Trial()), level="市（地）") in html
    assert app.button(key="what_if_reset").disabled


def test_the_address_reopens_a_trial(open_page, demo_store):
    trial = Trial(systems=systems(demo_store, 0.9), factors={"foreign": 3.0})
    rows = trial_rows(demo_store, trial)
    assert (rows["rank_change"].fillna(0) != 0).any()
    app = open_page("what_if", w="90", d_foreign="3")
    html = html_of(app)
    assert say_what_if(rows, level="市（地）") in html
    assert all(f"{title}（" in html for title in rows["cause_title"])
    assert (address(app, "w"), address(app, "d_foreign"), address(app, "d_support")) == ("90", "3", None)
    assert f"改动 {len(trial.lines(demo_store.scheme(CYCLE)))} 项" in html


def test_a_moved_slider_changes_the_ranks_and_the_reset_puts_it_back(open_page, demo_store):
    app = open_page("what_if")
    slider = next(s for s in app.slider if s.key == "widget:d_foreign")
    slider.set_value(3.0).run()
    assert say_what_if(trial_rows(demo_store, Trial(factors={"foreign": 3.0})), level="市（地）") in html_of(
        app
    )
    assert address(app, "d_foreign") == "3"
    app.button(key="what_if_reset").click().run()
    assert "现在与现行方案相同" in html_of(app)
    assert address(app, "d_foreign") is None


@pytest.mark.parametrize("value", ["x", "nan", "-1", "99", "1e999"])
def test_a_factor_in_the_address_that_is_none_changes_nothing(open_page, value):
    app = open_page("what_if", d_foreign=value)
    assert "现在与现行方案相同" in html_of(app)
    assert address(app, "d_foreign") is None


def test_typed_points_count_and_faulty_ones_are_named(open_page, demo_store):
    scheme = demo_store.scheme(CYCLE)
    first, second, third = scheme.indicators[:3]
    app = open_page("what_if")
    app.session_state[state.MEMORY][f"kept:what_if_typed_points_{CYCLE}"] = {
        first.id: 40.0,
        second.id: -5.0,
        third.id: None,
    }
    app.session_state[state.MEMORY]["kept:what_if_round"] = 1  # as on coming back to the screen
    app.run()
    rows = trial_rows(demo_store, Trial(points={first.id: 40.0}))
    assert say_what_if(rows, level="市（地）") in html_of(app)
    errors = [error.value for error in app.error]
    assert len(errors) == 2
    assert second.title in errors[0]
    assert "填了 \\-5" in errors[0] or "填了 -5" in errors[0]
    assert third.title in errors[1]
    assert "没有填" in errors[1]


def test_the_split_of_a_region_adds_up_to_its_change(open_page, demo_store):
    trial = Trial(factors={"foreign": 3.0})
    weights = trial.weights(demo_store.scheme(CYCLE))
    causes = queries.what_if_causes(demo_store, cycle=CYCLE, region=HARBIN, weights=weights)
    html = html_of(open_page("what_if", d_foreign="3", moved=HARBIN))
    row = trial_rows(demo_store, trial).set_index("code").loc[HARBIN]
    change = row["score_after"] - row["score_before"]
    assert causes["printed"].sum() == pytest.approx(change)
    assert f"{abs(change):.2f}</td></tr></tfoot>" in html
    assert all(label in html for label in causes["label"])


def test_units_are_ranked_within_their_category(open_page, demo_store):
    weights = Trial(factors={"foreign": 3.0}).weights(demo_store.scheme(CYCLE))
    units = queries.what_if_units(demo_store, cycle=CYCLE, weights=weights, category="organ", region=HARBIN)
    app = open_page("what_if", d_foreign="3", list="units", category="organ", region=HARBIN)
    table = app.dataframe[-1].value
    assert len(units) > 1
    assert table["name"].tolist() == units["name"].tolist()
    assert table["rank_after"].tolist() == units["rank_after"].tolist()


def test_a_trial_changes_nothing_that_is_kept(open_page):
    open_page("what_if")
    before = queries.region_scores(whole_store(), cycle=CYCLE, level="county")
    version = whole_store().data_version(CYCLE)
    open_page("what_if", w="90", d_foreign="3", level="county")
    assert whole_store().data_version(CYCLE) == version
    assert queries.region_scores(whole_store(), cycle=CYCLE, level="county").equals(before)


def test_a_county_s_evaluator_sees_no_other_unit(open_page):
    open_page("what_if")
    units = queries.units(whole_store(), cycle=CYCLE)
    county = next(code for code in units.loc[units["score"].notna(), "region"] if not code.endswith("00"))
    account = Account("post-county", "示例岗位", "county", county, unit=None)
    accounts = get_gate().accounts
    initial = accounts.add(account)
    assert accounts.set_password(account.account, old=initial, new="Chang-baishan88", origin="") == []
    visitor = accounts.find(account.account)
    mine = set(units.loc[units["region"] == county, "name"])
    crowded = units["category"].value_counts().index[:2]  # the categories with the most units elsewhere
    for category in crowded:
        app = open_page(
            "what_if", visitor=visitor, list="units", category=category, d_foreign="3", region=HARBIN
        )
        tables = [frame.value for frame in app.dataframe if "rank_after" in frame.value]
        assert all(set(table["name"]) <= mine for table in tables)
        figures = "".join(
            each.proto.SerializeToString().decode("utf-8", "replace") for each in app.get("plotly_chart")
        )
        assert not [name for name in units["name"] if name not in mine and name in figures]


def test_a_trial_goes_to_the_scheme_s_screen_as_a_draft(open_page, demo_store, monkeypatch):
    opened = []
    monkeypatch.setattr(what_if_mark, "_may_save", lambda: True)
    monkeypatch.setattr(what_if_mark, "open_page", lambda page, **params: opened.append((page, params)))
    app = open_page("what_if", w="90", d_foreign="3")
    app.button(key="what_if_save").click().run()
    scheme = demo_store.scheme(CYCLE)
    draft = app.session_state[state.MEMORY]["kept:scheme_draft"]
    trial = Trial(systems=systems(demo_store, 0.9), factors={"foreign": 3.0})
    assert opened == [("scheme", {"cycle": CYCLE})]
    assert draft["base"] == [scheme.id, scheme.version]
    assert draft["changes"] == trial.changes(scheme)
    assert sum(draft["changes"]["systems"].values()) == pytest.approx(1)


def test_saving_is_offered_only_to_who_may_change_a_scheme(open_page, monkeypatch):
    monkeypatch.setattr(what_if_mark, "can_open", lambda page: True)
    for allowed in (False, True):
        monkeypatch.setattr(what_if_mark, "may", lambda action, allowed=allowed: allowed)
        app = open_page("what_if", d_foreign="3")
        assert any(button.key == "what_if_save" for button in app.button) == allowed


def test_a_file_of_a_trial_says_that_it_is_one(open_page, monkeypatch):
    told = []
    monkeypatch.setattr(
        what_if_mark,
        "show_columns_download",
        lambda frame, columns, name, *, remarks: told.append((name, remarks)),
    )
    open_page("what_if", d_foreign="3")
    assert len(told) == 3
    assert all(name.startswith("试算") and remarks[0] == MARK and len(remarks) > 1 for name, remarks in told)
