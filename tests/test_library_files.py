"""Streamlit's own files: compressed for other machines, what draws figures without the errors that cost a browser half its time, and anything
else as it is."""

from __future__ import annotations

import asyncio
import gzip

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

import library_files
from figures_code import CHANGES, without_errors
from library_files import FOLDER, LibraryFiles

NEAR, FAR = "127.0.0.1", "10.1.2.3"
AS_IT_IS = "as it is"


@pytest.fixture
def ask():
    """What an address below the middleware answers to a browser on a machine."""
    caches = (library_files._content, library_files._compressed_once)
    for each in caches:
        each.cache_clear()
    app = Starlette(
        routes=[Route("/{path:path}", lambda _request: PlainTextResponse(AS_IT_IS), methods=["GET", "POST"])],
        middleware=[Middleware(LibraryFiles)],
    )

    async def answers(path: str, at: str, method: str, accepts: str, times: int) -> list[httpx.Response]:
        transport = httpx.ASGITransport(app, client=(at, 50_000))
        headers = {"accept-encoding": accepts}
        async with httpx.AsyncClient(transport=transport, base_url="http://here", headers=headers) as client:
            return await asyncio.gather(*(client.request(method, path) for _ in range(times)))

    def asked(path, *, at=NEAR, method="GET", accepts="gzip, deflate, br", times=1):
        found = asyncio.run(answers(path, at, method, accepts, times))
        return found[0] if times == 1 else found

    yield asked
    for each in caches:
        each.cache_clear()


@pytest.fixture(scope="module")
def figures():
    (path,) = FOLDER.glob("js/PlotlyChart.*.js")
    return path


@pytest.fixture(scope="module")
def index():
    return max(FOLDER.glob("js/index.*.js"), key=lambda path: path.stat().st_size)


def test_the_installed_file_is_as_known_and_each_change_is_made(figures):
    """Fails where another Streamlit is pinned: CHANGES must be looked up in it."""
    code = figures.read_bytes()
    changed = without_errors(code)
    assert changed is not None
    for known, instead in CHANGES:
        assert known.encode() in code
        assert known.encode() not in changed and instead.encode() in changed
    shorter = sum(len(known.encode()) - len(instead.encode()) for known, instead in CHANGES)
    assert len(changed) == len(code) - shorter


@pytest.mark.parametrize("below", ["", "/read"])
@pytest.mark.parametrize("at", [NEAR, FAR])
def test_what_draws_figures_is_changed_and_kept_by_browsers(ask, figures, below, at):
    answer = ask(f"{below}/static/js/{figures.name}", at=at)
    assert answer.content == without_errors(figures.read_bytes())
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"] and answer.headers["vary"] == "Accept-Encoding"
    assert ("content-encoding" in answer.headers) == (at == FAR)


def test_other_machines_get_a_third(ask, figures, index):
    for path in (figures, index):
        answer = ask(f"/static/js/{path.name}", at=FAR)
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) < path.stat().st_size / 3
    assert ask(f"/static/js/{index.name}", at=FAR).content == index.read_bytes()
    style = max(FOLDER.glob("css/index.*.css"), key=lambda path: path.stat().st_size)
    answer = ask(f"/static/css/{style.name}", at=FAR)
    assert answer.headers["content-type"].startswith("text/css") and answer.content == style.read_bytes()


def test_a_file_is_compressed_once_for_all_who_come_together(ask, index, monkeypatch):
    made = []
    monkeypatch.setattr(gzip, "compress", lambda *args, **options: made.append(args) or b"")
    ask(f"/static/js/{index.name}", at=FAR, method="HEAD", times=5)
    assert len(made) == 1


@pytest.mark.parametrize("accepts", ["", "br"])
def test_who_cannot_read_it_compressed_gets_it_as_it_is(ask, index, accepts):
    assert ask(f"/static/js/{index.name}", at=FAR, accepts=accepts).text == AS_IT_IS


@pytest.mark.parametrize(
    "path",
    [
        "/static/js/none.js",
        "/static/js/PlotlyChart.none.js",
        "/static/js/..%2F..%2Findex.html",
        "/static/media/x.woff2",
        "/overview",
        "/static/",
    ],
)
@pytest.mark.parametrize("at", [NEAR, FAR])
def test_anything_else_is_served_as_it_is(ask, path, at):
    assert ask(path, at=at).text == AS_IT_IS


def test_on_this_machine_other_files_are_served_as_they_are(ask, index):
    assert ask(f"/static/js/{index.name}").text == AS_IT_IS


def test_only_reading_is_answered(ask, figures):
    assert ask(f"/static/js/{figures.name}", method="POST").text == AS_IT_IS


def test_a_file_of_another_version_is_served_unchanged(ask, figures, tmp_path, monkeypatch, caplog):
    known, _ = CHANGES[0]
    other = figures.read_bytes().replace(known.encode(), b"")
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / figures.name).write_bytes(other)
    monkeypatch.setattr(library_files, "FOLDER", tmp_path)
    assert ask(f"/static/js/{figures.name}").content == other
    assert figures.name in caplog.text
