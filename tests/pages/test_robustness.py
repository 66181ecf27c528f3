"""排名稳健性, and the intervals in 地区排名: they say what the redraw answered, in the address what was asked."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

import pytest

from data import queries
from data.course.publications import publications
from data.model import Scope
from data.regions import PROVINCE
from data.store import Store
from pages.components.access import whole_store
from reporting.rank_marks import say_places
from reporting.robustness_headlines import say_first_change, say_pairs, say_robustness, say_what_if
from scoring.robustness import SEED
from scoring.scheme import shipped_schemes
from scoring.weights import Weights
from tests.pages.conftest import CYCLE, address, close_store, html_of, open_app

HARBIN = "230100"


def test_the_screen_says_what_the_redraw_answered(open_page, demo_store):
    asked = {"cycle": CYCLE, "level": "prefecture"}
    rows = queries.redrawn(demo_store, **asked)
    app = open_page("robustness")
    html = html_of(app)
    assert say_robustness(rows, level="市（地）") in html
    assert say_pairs(queries.redrawn_pairs(demo_store, **asked)) in html
    assert say_first_change(queries.first_changes(demo_store, **asked)) in html
    assert "示例权重，须由考核主管部门核定" in html
    method = " ".join(caption.value for caption in app.caption)
    assert all(word in method for word in (str(SEED), "1,000 次", "0.8", "1.2", "不说明填报是否属实"))
    assert len(app.get("plotly_chart")) == 3
    for row in rows.itertuples():
        assert f">{row.name}</a>" in html


def test_how_far_and_how_often_stand_in_the_address(open_page, demo_store):
    app = open_page("robustness", region=HARBIN, delta="30", draws="500", basis="national_security")
    assert (address(app, "delta"), address(app, "draws")) == ("30", "500")
    rows = queries.redrawn(
        demo_store, cycle=CYCLE, level="county", parent=HARBIN, basis="national_security", draws=500, delta=0.3
    )  # fmt: skip
    assert say_robustness(rows, level="县（市、区）") in html_of(app)


def test_an_unknown_way_of_drawing_is_the_usual_one(open_page):
    app = open_page("robustness", delta="99", draws="9999999")
    assert (address(app, "delta"), address(app, "draws")) == ("20", "1000")


def test_before_the_deadline_the_screen_says_that_ranks_still_move(demo_copy, open_page):
    _open_deadline(demo_copy)
    assert "名次还会变动" in html_of(open_page("robustness"))


@pytest.mark.parametrize("level", ["prefecture", "county"])
def test_the_ranking_has_each_rank_with_its_interval(open_page, demo_store, level):
    rows = queries.redrawn(demo_store, cycle=CYCLE, level=level).set_index("code")
    names = {row.name: say_places(row) for row in rows.itertuples(index=False)}
    assert len(names) > 5
    table = open_page("ranking", level=level).dataframe[0].value
    shown = dict(zip(table["name"], table["places"], strict=True))
    assert {name: shown[name] for name in names} == names


def test_the_intervals_can_be_switched_off(open_page):
    app = open_page("ranking", interval="off")
    assert address(app, "interval") == "off"
    assert "places" not in app.dataframe[0].value
    app = open_page("ranking")
    assert "places" in app.dataframe[0].value


def test_before_the_deadline_the_ranking_has_no_intervals(demo_copy, open_page):
    _open_deadline(demo_copy)
    app = open_page("ranking")
    assert "places" not in app.dataframe[0].value
    assert not any(group.label == "名次区间" for group in app.get("button_group"))


def _open_deadline(home) -> None:
    store = Store.open(home)
    cycle = store.cycle(CYCLE)
    store.open_cycle(
        cycle=CYCLE,
        scheme_path=shipped_schemes()[cycle.scheme_id],
        opens_on=cycle.opens_on,
        deadline=datetime.now().replace(microsecond=0) + timedelta(days=1),
    )
    store.close()


@pytest.mark.parametrize("page", ["robustness", "what_if"])
def test_a_publication_is_drawn_anew_as_it_was_frozen(lived_home, tmp_path, monkeypatch, page):
    home = shutil.copytree(lived_home, tmp_path / "lived")
    monkeypatch.setenv("ASSESSMENT_HOME", str(home))
    try:
        made = publications(whole_store(), cycle=CYCLE - 1)[0]
        frozen = whole_store().seen_by(Scope(PROVINCE), publication=made)
        rows = queries.redrawn(frozen, cycle=CYCLE - 1, level="prefecture")
        weights = Weights.of(frozen.scheme(CYCLE - 1))
        moved = queries.what_if(frozen, cycle=CYCLE - 1, level="prefecture", weights=weights)
        said = {
            "robustness": say_robustness(rows, level="市（地）"),
            "what_if": say_what_if(moved, level="市（地）"),
        }
        html = html_of(open_app(page, cycle=CYCLE - 1, pub=made.number))
        assert said[page] in html
        assert f"第 {made.number} 号公布" in html
    finally:
        close_store()
