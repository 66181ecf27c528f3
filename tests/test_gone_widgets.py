"""What a session knows of widgets ends with them, and nothing else does."""

from __future__ import annotations

import pytest
from streamlit.runtime.state.session_state import SessionState, WStates
from streamlit.testing.v1 import AppTest

import asgi

ROUNDS = 5


@pytest.fixture
def forgetful(monkeypatch):
    for states, name in ((WStates, "remove_stale_widgets"), (SessionState, "_remove_stale_widgets")):
        monkeypatch.setattr(states, name, getattr(states, name))  # put back afterwards
    asgi.forget_gone_widgets()


def page():
    import streamlit as st

    @st.fragment
    def part():
        st.checkbox("part", key="part")

    region = st.query_params.get("region", "0")
    st.text_input("stays", key="stays")
    st.session_state["set"] = "b"
    if int(region) % 2:  # the same key, another widget
        st.text_input("set", key="set")
    else:
        st.selectbox("set", ["a", "b"], key="set")
    st.selectbox("of the region", ["a", "b"], key=f"choice_{region}")
    st.button("download", key=f"download_{region}")
    part()


def known(app) -> set[str]:
    """The widgets that the session has something of, by their names."""
    ids = app._session_state._state._new_widget_state.widget_metadata
    return {identity.rsplit("-", 1)[-1] for identity in ids}


def identities(app) -> set[str]:
    """The widgets of which the session remembers the key."""
    return set(app._session_state._state._key_id_mapper.id_key_mapping)


def keyed(app) -> set[str]:
    """The keys of widgets that the session remembers."""
    return set(app._session_state._state._key_id_mapper._key_id_mapping)


def visit(app, region) -> None:
    app.query_params["region"] = str(region)
    app.run()
    assert not app.exception


def test_without_it_everything_that_was_shown_is_kept():
    app = AppTest.from_function(page)
    for region in range(ROUNDS):
        visit(app, region)
    assert len(keyed(app)) == 3 + 2 * ROUNDS
    assert len(identities(app)) == 4 + 2 * ROUNDS


def test_what_is_gone_is_forgotten_and_what_stays_keeps_its_value(forgetful):
    app = AppTest.from_function(page)
    visit(app, 0)
    app.text_input(key="stays").input("said").run()
    app.selectbox(key="choice_0").select("b").run()
    assert app.selectbox(key="choice_0").value == "b"
    for region in range(1, ROUNDS):
        visit(app, region)
        assert known(app) == keyed(app) == {"stays", "set", "part", f"choice_{region}", f"download_{region}"}
        assert len(identities(app)) == 5
        assert app.session_state["set"] == "b"
    assert app.text_input(key="stays").value == "said"
    app.checkbox(key="part").check().run()
    assert app.checkbox(key="part").value
    visit(app, 0)
    assert app.selectbox(key="choice_0").value == "a"  # as without it: the value went with the widget
