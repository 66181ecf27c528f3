"""What a server says of itself at its start, and to whom it may listen."""

from __future__ import annotations

import pytest

from access.serving import (
    PROXY_VARIABLE,
    check_may_listen,
    check_proxies_are_named,
    is_loopback,
    link_line,
    link_of,
    proxies,
    url_of,
    wants_link,
)
from data.store import StoreError

LOCAL = ["127.0.0.1", "127.0.0.2", "localhost", "::1"]
OTHERS = ["0.0.0.0", "::", "10.0.0.5", "kaohe.example", ""]


@pytest.mark.parametrize("host", LOCAL)
def test_on_this_machine_alone_no_account_is_needed(gate, host):
    assert is_loopback(host)
    check_may_listen(host, gate.accounts)


@pytest.mark.parametrize("host", OTHERS)
def test_to_others_nothing_is_served_before_somebody_manages_accounts(gate, county, host):
    with pytest.raises(StoreError, match=r"manage\.py user add"):
        check_may_listen(host, gate.accounts)


@pytest.mark.parametrize("host", OTHERS)
def test_to_others_it_is_served_once_an_administrator_can_sign_in(gate, administrator, host):
    check_may_listen(host, gate.accounts)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8501"),
        ("localhost", "http://localhost:8501"),
        ("::1", "http://[::1]:8501"),
        ("0.0.0.0", "http://127.0.0.1:8501"),
        ("::", "http://[::1]:8501"),
        ("10.0.0.5", "http://10.0.0.5:8501"),
    ],
)
def test_the_address_can_be_typed_into_a_browser(host, shown):
    assert url_of(host, 8501) == shown
    assert url_of(host, 8501, is_tls=True) == shown.replace("http:", "https:")


@pytest.mark.parametrize(
    ("is_terminal", "always", "has_administrator", "is_printed"),
    [
        (False, False, False, True),  # nobody could sign in without it
        (False, False, True, False),
        (False, True, True, True),
        (True, False, True, True),
        (True, False, False, True),
    ],
)
def test_a_link_is_printed_where_nobody_else_reads_it_or_nothing_else_helps(
    gate, request, is_terminal, always, has_administrator, is_printed
):
    if has_administrator:
        request.getfixturevalue("administrator")
    assert wants_link(gate, is_terminal=is_terminal, always=always) == is_printed


def test_a_printed_link_works(gate):
    line = link_line(link_of(gate.key, "http://127.0.0.1:8501"))
    assert line.startswith("首次使用或忘记密码时，用此链接登录（只能用一次")
    assert gate.links.take(line.split("?t=")[1]) == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", ""), ("10.0.0.5", "10.0.0.5"), (" 10.0.0.5， fd00::/64 ,", "10.0.0.5,fd00::/64")],
)
def test_proxies_are_addresses_and_networks(typed, kept):
    assert proxies(typed) == kept


@pytest.mark.parametrize("typed", ["*", "kaohe.example", "10.0.0.5,x", "0.0.0.0/0", "::/0", "10.0.0"])
def test_what_is_no_proxys_address_is_named(typed):
    with pytest.raises(ValueError):
        proxies(typed)


def test_a_server_that_was_not_told_whom_to_believe_does_not_start(monkeypatch):
    monkeypatch.setenv(PROXY_VARIABLE, "")
    check_proxies_are_named()
    monkeypatch.delenv(PROXY_VARIABLE)
    with pytest.raises(StoreError, match=r"manage\.py serve"):
        check_proxies_are_named()
