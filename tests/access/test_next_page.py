"""After signing in one gets to a page of ours, whatever the address said."""

from __future__ import annotations

import pytest

from access.next_page import safe_next, with_next


@pytest.mark.parametrize(
    "path", ["/unit", "/unit?cycle=2026&unit=%E7%A4%BA", "/?cycle=2026", "/ranking#x", "/loginx", "/a:b"]
)
def test_our_own_pages_are_kept(path):
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "/",
        "unit",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/ /evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/login",
        "/login?next=/unit",
        "/logout/",
        "/link?t=x",
        "/password",
        "/_stcore/health",
        "/media/x",
        "/oauth2callback?code=x",
        "/" + "x" * 3000,
    ],
)
def test_what_is_no_page_of_ours_is_dropped(path):
    assert safe_next(path) == ""


def test_an_address_remembers_where_to_go():
    assert with_next("/login", "/unit?cycle=2026&unit=1") == "/login?next=%2Funit%3Fcycle%3D2026%26unit%3D1"
    assert with_next("/login", "//evil.example", why="over") == "/login?why=over"
    assert with_next("/login", "/") == "/login"
