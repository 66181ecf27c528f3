"""The one HTML page is Chinese before any script of Streamlit's runs, and texts of ours are never markup."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pandas as pd
import pytest
import streamlit

import chinese_page
from access.drawing import TITLE
from pages.components import html_table
from pages.components.html_table import Cell, show_rows
from pages.components.links import plain
from pages.components.problem_table import problem_frame


@pytest.fixture
def written(monkeypatch):
    """What was given to st.html."""
    bodies = []
    monkeypatch.setattr(html_table.st, "html", bodies.append)
    return bodies


def test_the_page_of_the_installed_streamlit_is_put_into_chinese():
    original = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    page = chinese_page.to_chinese(original)
    assert '<html lang="zh-CN">' in page
    assert f"<title>{TITLE}</title>" in page
    assert page.index("MutationObserver") < page.index('<script type="module"')
    assert "<noscript>请在浏览器中启用脚本后使用。</noscript>" in page


def test_what_draws_figures_is_asked_for_with_the_page():
    static = Path(streamlit.__file__).parent / "static"
    page = chinese_page.to_chinese((static / "index.html").read_text("utf-8"))
    (preloaded,) = re.findall(r'rel="modulepreload" crossorigin href="\./([^"]*PlotlyChart[^"]*)"', page)
    assert (static / preloaded).is_file()


def test_cells_are_escaped_whatever_their_kind(written):
    bad = "<script>alert(1)</script>"
    frame = pd.DataFrame({"a": [bad], "b": [bad], "c": [bad], "d": [19], "e": [bad]})
    show_rows(
        frame,
        {
            "a": "甲",
            "b": Cell("乙", "badge", below="e"),
            "c": Cell("丙", "link", href="e"),
            "d": Cell("丁", "article", href="e"),
        },
        total={"a": bad},
    )
    assert "<script" not in written[0]
    assert "&lt;script&gt;" in written[0]


def test_missing_is_a_dash_and_zero_is_zero(written):
    show_rows(pd.DataFrame({"a": [None, 0.0]}), {"a": Cell("得分", "number")})
    assert "—" in written[0]
    assert "0.00" in written[0]


def test_no_problems_make_an_empty_frame_with_its_columns():
    assert list(problem_frame([]).columns) == ["severity", "sheet", "cell", "message", "fix"]


def test_a_link_text_is_never_read_as_markdown():
    assert plain("![](http://evil)") == r"\!\[\](http\://evil)"
    assert plain("第十九条") == "第十九条"


def _get(headers: list[tuple[bytes, bytes]], content_type: bytes, parts: list[bytes]):
    """What a visitor gets through the middleware from a server that answers so; and the headers that server saw."""
    seen, sent = {}, []

    async def server(scope, _receive, send):
        seen.update(dict(scope["headers"]))
        start = [(b"content-type", content_type), (b"etag", b"x"), (b"content-length", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": start})
        for at, part in enumerate(parts, start=1):
            await send({"type": "http.response.body", "body": part, "more_body": at < len(parts)})

    async def keep(message):
        sent.append(message)

    scope = {"type": "http", "path": "/", "headers": headers}
    asyncio.run(chinese_page.ChinesePage(server)(scope, None, keep))
    return seen, dict(sent[0]["headers"]), b"".join(m.get("body", b"") for m in sent)


def test_a_page_is_asked_for_whole_and_sent_in_chinese_with_its_right_length():
    asked = [(b"accept", b"text/html"), (b"accept-encoding", b"gzip"), (b"if-none-match", b"x")]
    seen, headers, body = _get(asked, b"text/html", [b'<html lang="en"><he', b"ad></head></html>"])
    assert set(seen) == {b"accept"}
    assert body.startswith(b'<html lang="zh-CN"><head>\n<script>')
    assert headers[b"content-length"] == str(len(body)).encode()
    assert b"etag" not in headers


def test_what_is_no_page_passes_untouched():
    asked = [(b"accept", b"*/*"), (b"accept-encoding", b"gzip")]
    seen, headers, body = _get(asked, b"application/json", [b"{}"])
    assert b"accept-encoding" in seen
    assert (headers[b"etag"], body) == (b"x", b"{}")
