"""A one-time link is taken once, in its time, by the server whose folder it was made for."""

from __future__ import annotations

import os
import stat

import pytest

from access.links import VALID_S, Links, make_link_token
from access.secret import KEY_BYTES, SECRET, Key, open_key, read_key
from data.store import StoreError
from tests.access.conftest import Clock

KEY = Key(b"k" * KEY_BYTES)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def links(clock) -> Links:
    return Links(KEY, clock=clock)


def test_a_link_is_taken_once(links, clock):
    token = make_link_token(KEY, clock=clock)
    assert links.fault(token) == links.fault(token) == ""  # a look takes nothing
    assert links.take(token) == ""
    assert "已经用过" in links.take(token)
    assert "已经用过" in links.fault(token)


@pytest.mark.parametrize(("after_s", "is_good"), [(VALID_S - 1, True), (VALID_S, False)])
def test_a_link_expires(links, clock, after_s, is_good):
    token = make_link_token(KEY, clock=clock)
    clock.now += after_s
    assert (links.take(token) == "") == is_good


def test_a_used_link_stays_used_until_it_has_expired(links, clock):
    token = make_link_token(KEY, clock=clock)
    links.take(token)
    for _ in range(20):
        clock.now += VALID_S / 20
        links.take(make_link_token(KEY, clock=clock))
        assert links.take(token) != ""


def test_what_was_taken_is_forgotten_when_it_has_expired(links, clock):
    for _ in range(50):
        links.take(make_link_token(KEY, clock=clock))
        clock.now += VALID_S / 5
    assert len(links._taken) <= 5


def test_a_restart_revives_no_link(clock):
    token = make_link_token(KEY, clock=clock)
    assert Links(KEY, clock=clock).take(token) == ""
    clock.now += 1
    assert "过期" in Links(KEY, clock=clock).take(token)


def test_a_clock_that_was_set_back_does_not_lock_the_administrator_out(links, clock):
    clock.now -= 24 * 3600
    assert links.take(make_link_token(KEY, clock=clock)) == ""


@pytest.mark.parametrize("forged", [None, "", "x", "x.y", "é"])
def test_what_is_no_link_is_refused(links, forged):
    assert links.take(forged)


def test_another_folders_link_is_refused(links, clock):
    assert links.take(make_link_token(Key(b"o" * KEY_BYTES), clock=clock))


def test_a_changed_link_is_refused(links, clock):
    token = make_link_token(KEY, clock=clock)
    assert links.take(("A" if token[0] != "A" else "B") + token[1:])


def test_nothing_else_that_the_key_has_signed_passes_for_a_link(links):
    assert links.take(KEY.seal("session", ["nonce", 1_000_000.0]))


@pytest.mark.skipif(os.name != "posix", reason="no permission bits")
def test_the_key_is_readable_by_its_owner_only_and_stays(tmp_path):
    sealed = open_key(tmp_path).seal("x", 1)
    assert stat.S_IMODE((tmp_path / SECRET).stat().st_mode) == 0o600
    (tmp_path / SECRET).chmod(0o644)
    assert open_key(tmp_path).unseal("x", sealed) == 1
    assert stat.S_IMODE((tmp_path / SECRET).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [SECRET]


def test_a_damaged_key_is_said(tmp_path):
    (tmp_path / SECRET).write_bytes(b"short")
    with pytest.raises(StoreError, match="已损坏"):
        open_key(tmp_path)


def test_a_folder_without_a_key_has_had_no_server(tmp_path):
    with pytest.raises(StoreError, match="没有运行过"):
        read_key(tmp_path)


def test_a_key_that_cannot_be_made_is_said(tmp_path):
    with pytest.raises(StoreError, match="密钥文件"):
        open_key(tmp_path / "missing")
