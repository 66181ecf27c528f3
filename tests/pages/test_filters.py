"""Filters live in the address: a link reopens the same view, and a wrong value falls back without an error."""

from __future__ import annotations

import pytest
from streamlit.runtime.state.query_params import QueryParams
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import address, html_of

HARBIN, DAOLI = "230100", "230102"


def test_the_address_names_every_filter_after_the_first_run(open_page):
    app = open_page("regulation")
    assert address(app, "cycle") == "2026"
    assert address(app, "basis") == "composite"
    assert address(app, "region") == "230000"


@pytest.mark.parametrize(
    ("page", "name", "value"),
    [
        *((page, "cycle", "2026") for page in ("regulation", "overview", "unit", "review")),
        ("admin", "part", "accounts"),
    ],
)
def test_a_page_changes_the_address_once(open_page, monkeypatch, page, name, value):
    """With each change the browser draws the frame of the page again and notes a place to go back to."""
    written = []
    send = QueryParams._send_query_param_msg
    monkeypatch.setattr(
        QueryParams, "_send_query_param_msg", lambda self: (written.append(self.to_dict()), send(self))
    )
    app = open_page(page)
    assert len(written) == 1 and address(app, name) == written[0][name] == value
    written.clear()
    app.run()
    assert not written


def overtaken_page():
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, RerunException

    from pages.components import state

    with state.one_address():
        region = st.session_state.pop("chosen", None) or state.wanted("region") or "A"
        state.settle("region", region)
        if by := st.session_state.pop("overtaken_by", None):
            raise RerunException(RerunData(query_string=by))
    st.text(region)


def test_what_was_chosen_in_a_run_that_another_overtook_stands():
    """The next run knows the address only as the browser had it; the difference is not taken for something typed."""
    app = AppTest.from_function(overtaken_page).run()
    assert app.text[0].value == address(app, "region") == "A"
    app.session_state["chosen"], app.session_state["overtaken_by"] = "B", "region=A"
    app.run()
    assert not app.exception
    assert app.text[0].value == address(app, "region") == "B"


def test_who_goes_back_twice_before_the_page_is_drawn_is_where_they_went():
    app = AppTest.from_function(overtaken_page).run()
    app.query_params["region"], app.session_state["overtaken_by"] = "B", "region=A"
    app.run()
    assert not app.exception
    assert app.text[0].value == address(app, "region") == "A"


def test_a_link_to_a_county_opens_its_prefecture_and_itself(open_page):
    app = open_page("unit", region=DAOLI)
    assert app.selectbox(key="widget:prefecture").value == HARBIN
    assert app.selectbox(key="widget:county").value == DAOLI
    assert "道里区" in html_of(app)


def test_another_prefecture_resets_the_county(open_page):
    app = open_page("unit", region=DAOLI)
    app.selectbox(key="widget:prefecture").set_value("230200").run()
    assert address(app, "region") == "230200"
    assert app.selectbox(key="widget:county").value == "230200"


def test_a_choice_is_kept_on_the_next_page(open_page):
    app = open_page("unit", cycle=2025, basis="peaceful_province")
    app.switch_page("pages/regulation.py").run()
    assert not app.exception
    assert address(app, "cycle") == "2025"
    assert address(app, "basis") == "peaceful_province"


@pytest.mark.parametrize(
    ("name", "value", "used"),
    [
        ("cycle", "1999", "2026"),
        ("region", "999999", "230000"),
        ("basis", "<script>", "composite"),
        ("category", "nobody", "all"),
        ("unit", "999999999999999999", None),
    ],
)
def test_an_unknown_value_in_the_address_falls_back(open_page, name, value, used):
    app = open_page("unit", **{name: value})
    assert address(app, name) == used
