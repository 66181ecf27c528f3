"""The app run without a browser, on the demo province."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from access.accounts import Account
from pages.components.access import get_gate, whole_store

_make_manager = PagesManager.__init__


def _as_the_server_does(self, *args, **kwargs) -> None:
    """Every run begins with app.py, which decides what may be opened; AppTest would discover pages/ by itself."""
    _make_manager(self, *args, **kwargs)
    PagesManager.uses_pages_directory = False


PagesManager.__init__ = _as_the_server_does
# each app would look through all installed packages for components, and find the same
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

ROOT = Path(__file__).parent.parent.parent
CYCLE = 2026


@pytest.fixture
def open_page(demo_copy, monkeypatch):
    """open_page("unit", unit="…") runs that screen with these query parameters on a copy of the demo province.

    `visitor` is the account that is signed in, by default the administrator of the machine.
    """
    monkeypatch.setenv("ASSESSMENT_HOME", str(demo_copy))

    yield open_app
    close_store()


def open_app(page: str, /, *, visitor: Account | None = None, **params: object) -> AppTest:
    """The app run once on a screen, with these query parameters, for a visitor (None: the machine's administrator)."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    sign_in(app, visitor)
    app.switch_page(f"pages/{page}.py")
    for name, value in params.items():
        app.query_params[name] = str(value)
    app.run()
    assert not app.exception, app.exception
    return app


def sign_in(app: AppTest, visitor: Account | None = None) -> str:
    """Give the app a visitor, as the guard in front of the server does; returns the id of the session."""
    session = get_gate().sessions.begin(visitor, origin="test").id
    app.user = {"session": session}
    return session


def close_store() -> None:
    """Close the store that the app opened, and forget what it cached."""
    whole_store().close()
    st.cache_resource.clear()
    st.cache_data.clear()


def html_of(app: AppTest) -> str:
    """All HTML that the screen itself wrote, without the product's style sheet."""
    bodies = [element.proto.body for element in app.get("html")]
    return "\n".join(body for body in bodies if not body.lstrip().startswith("<style"))


def address(app: AppTest, name: str) -> str | None:
    """The value of a query parameter; given by a test it is a list of one, written by the app it is text."""
    value = app.query_params.get(name)
    return value[0] if isinstance(value, list) else value
