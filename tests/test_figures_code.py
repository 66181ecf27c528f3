"""What draws figures is served without the errors that cost a browser half its time, and whatever else is asked for as it is."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

import figures_code
from figures_code import CHANGES, FOLDER, FiguresCode, without_errors


@pytest.fixture
def ask():
    """What an address below the middleware answers."""
    figures_code._answer.cache_clear()
    app = Starlette(
        routes=[
            Route("/{path:path}", lambda _request: PlainTextResponse("as it is"), methods=["GET", "POST"])
        ],
        middleware=[Middleware(FiguresCode)],
    )

    async def answer(path: str, method: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return await client.request(method, path)

    yield lambda path, method="GET": asyncio.run(answer(path, method))
    figures_code._answer.cache_clear()


@pytest.fixture
def installed():
    (path,) = FOLDER.glob("PlotlyChart.*.js")
    return path


def test_the_installed_file_is_as_known_and_each_change_is_made(installed):
    """Fails where another Streamlit is pinned: CHANGES must be looked up in it."""
    code = installed.read_bytes()
    changed = without_errors(code)
    assert changed is not None
    for known, instead in CHANGES:
        assert known.encode() in code
        assert known.encode() not in changed and instead.encode() in changed
    shorter = sum(len(known.encode()) - len(instead.encode()) for known, instead in CHANGES)
    assert len(changed) == len(code) - shorter


@pytest.mark.parametrize("below", ["", "/read"])
def test_the_changed_file_is_served_and_kept_by_browsers(ask, installed, below):
    answer = ask(f"{below}/static/js/{installed.name}")
    assert answer.content == without_errors(installed.read_bytes())
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["/static/js/index.js", "/static/js/PlotlyChart.none.js", "/static/js/../PlotlyChart.x.js"]
)
def test_anything_else_is_served_as_it_is(ask, path):
    assert ask(path).text == "as it is"


def test_only_reading_is_answered(ask, installed):
    assert ask(f"/static/js/{installed.name}", "POST").text == "as it is"


def test_a_file_of_another_version_is_served_as_it_is(ask, installed, tmp_path, monkeypatch, caplog):
    known, _ = CHANGES[0]
    (tmp_path / installed.name).write_bytes(installed.read_bytes().replace(known.encode(), b""))
    monkeypatch.setattr(figures_code, "FOLDER", tmp_path)
    assert ask(f"/static/js/{installed.name}").text == "as it is"
    assert installed.name in caplog.text
