"""Sessions end when they are idle, when they are over, when somebody ends them, and when their account changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from access.gate import gate_of
from access.sessions import ABSOLUTE_S, IDLE_S, MOST_PER_ACCOUNT, Sessions
from data.store import Store
from tests.access.conftest import COUNTY, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(gate, clock) -> Sessions:
    return Sessions(gate.accounts, clock=clock)


def test_a_session_knows_its_person(sessions, county):
    session = sessions.begin(county, origin="10.0.0.9")
    person = sessions.person(session.id)
    assert (person.account, person.role, person.region, person.origin) == (
        "daoli-kaohe",
        "county",
        "230102",
        "10.0.0.9",
    )
    assert sessions.by_cookie(session.token).id == session.id


def test_an_id_is_no_cookie_and_a_cookie_no_id(sessions, county):
    session = sessions.begin(county, origin="")
    assert sessions.by_cookie(session.id) is None
    assert sessions.person(session.token) is None


def test_no_token_is_kept(sessions, county):
    session = sessions.begin(county, origin="")
    assert session.token not in str(vars(sessions))


@pytest.mark.parametrize("nothing", [None, "", "x"])
def test_who_is_unknown_is_nobody(sessions, nothing):
    assert sessions.person(nothing) is None
    assert sessions.by_cookie(nothing) is None


@pytest.mark.parametrize(("idle_s", "stands"), [(IDLE_S - 1, True), (IDLE_S, False), (IDLE_S + 1, False)])
def test_an_idle_session_ends(sessions, county, clock, idle_s, stands):
    session = sessions.begin(county, origin="")
    clock.now += idle_s
    assert (sessions.person(session.id) is not None) == stands


def test_every_touch_begins_the_idle_time_anew(sessions, county, clock):
    session = sessions.begin(county, origin="")
    for _ in range(3):
        clock.now += IDLE_S - 1
        sessions.touch(session.id)
    assert sessions.person(session.id)


def test_a_look_that_is_no_touch_does_not(sessions, county, clock):
    session = sessions.begin(county, origin="")
    clock.now += IDLE_S - 1
    assert sessions.person(session.id, touch=False)
    clock.now += 1
    assert sessions.person(session.id) is None


@pytest.mark.parametrize(("more_s", "stands"), [(-1, True), (0, False)])
def test_a_session_is_over_after_a_day_however_busy(sessions, county, clock, more_s, stands):
    session, began = sessions.begin(county, origin=""), clock.now
    while clock.now + IDLE_S - 1 < began + ABSOLUTE_S - 1:
        clock.now += IDLE_S - 1
        assert sessions.person(session.id)
    clock.now = began + ABSOLUTE_S + more_s
    assert (sessions.person(session.id) is not None) == stands


@pytest.mark.parametrize(("after_s", "stands"), [(299, True), (300, False)])
def test_a_session_may_be_given_less(sessions, county, clock, after_s, stands):
    session = sessions.begin(county, origin="", lasts_s=300)
    clock.now += after_s
    assert (sessions.person(session.id) is not None) == stands


def test_a_session_is_never_given_more(sessions, county, clock):
    session, began = sessions.begin(county, origin="", lasts_s=10 * ABSOLUTE_S), clock.now
    while clock.now < began + ABSOLUTE_S:
        sessions.touch(session.id)
        clock.now += IDLE_S - 1
    assert sessions.person(session.id) is None


def test_an_ended_session_is_gone(sessions, county):
    session = sessions.begin(county, origin="")
    sessions.end(session.id)
    assert sessions.person(session.id) is None
    assert sessions.by_cookie(session.token) is None


def test_signing_out_everywhere_spares_other_accounts_and_the_session_named(sessions, county, administrator):
    mine, also_mine = sessions.begin(county, origin=""), sessions.begin(county, origin="")
    other = sessions.begin(administrator, origin="")
    assert sessions.end_all(county, but=mine.id) == 1
    assert [sessions.person(each.id) is not None for each in (mine, also_mine, other)] == [True, False, True]
    assert sessions.end_all("daoli-kaohe") == 1
    assert sessions.person(mine.id) is None


def disable(accounts, name):
    accounts.set_disabled(name, True)


def reset(accounts, name):
    accounts.reset_password(name)


def promote(accounts, name):
    accounts.change(name, role="reader")


def move(accounts, name):
    accounts.change(name, region="230103")


def unlink(accounts, name):
    accounts.link_subject(name, "https://idp.example#1")


@pytest.mark.parametrize("change", [disable, reset, promote, move, unlink])
def test_a_session_ends_at_its_next_look_when_its_account_changes(sessions, county, gate, change):
    session = sessions.begin(county, origin="")
    assert sessions.person(session.id)
    change(gate.accounts, "daoli-kaohe")
    assert sessions.person(session.id) is None
    assert sessions.by_cookie(session.token) is None


def test_an_account_that_is_enabled_again_must_sign_in_again(sessions, county, gate):
    session = sessions.begin(county, origin="")
    gate.accounts.set_disabled("daoli-kaohe", True)
    assert sessions.person(session.id) is None
    gate.accounts.set_disabled("daoli-kaohe", False)
    assert sessions.person(session.id) is None


def test_another_title_ends_nothing(sessions, county, gate):
    session = sessions.begin(county, origin="")
    gate.accounts.change("daoli-kaohe", title="道里区考核工作办公室")
    assert sessions.person(session.id).title == "道里区考核工作办公室"


def test_another_accounts_change_ends_nothing(sessions, county, administrator, gate):
    session = sessions.begin(county, origin="")
    gate.accounts.reset_password("xitong")
    assert sessions.person(session.id)


def test_who_must_change_the_password_is_nobody_yet(sessions, gate):
    gate.accounts.add(COUNTY)
    session = sessions.begin(gate.accounts.find("daoli-kaohe"), origin="")
    assert sessions.by_cookie(session.token).must_change
    assert sessions.person(session.id) is None


def test_the_local_administrator_needs_no_account(sessions):
    session = sessions.begin(None, origin="127.0.0.1")
    person = sessions.person(session.id)
    assert (person.account, person.role, person.session) == ("local", "administrator", session.id)


def test_an_account_has_only_so_many_sessions(sessions, county, clock):
    begun = []
    for _ in range(MOST_PER_ACCOUNT + 1):
        begun.append(sessions.begin(county, origin=""))
        clock.now += 1
    standing = [sessions.person(session.id) is not None for session in begun]
    assert standing == [False] + [True] * MOST_PER_ACCOUNT


def test_what_is_over_is_forgotten(sessions, county, clock):
    for _ in range(5):
        sessions.begin(county, origin="")
    clock.now += IDLE_S
    sessions.begin(county, origin="")
    assert sessions.count() == 1


def test_a_store_that_is_opened_anew_signs_nobody_out(store, gate, county):
    session = gate.sessions.begin(county, origin="")
    store.close()
    again = Store.open(store.home)
    try:
        assert gate_of(again).sessions.person(session.id)
        gate_of(again).accounts.set_disabled("daoli-kaohe", True)
        assert gate_of(again).sessions.person(session.id) is None
    finally:
        again.close()


def test_every_folder_has_a_gate_of_its_own(store, gate, tmp_path):
    other = Store.open(tmp_path / "other")
    try:
        assert gate_of(other) is not gate
        assert gate_of(store) is gate
    finally:
        other.close()


def test_two_sessions_share_no_token(sessions, county):
    first, second = sessions.begin(county, origin=""), sessions.begin(county, origin="")
    assert len({first.token, second.token, first.id, second.id}) == 4
    assert replace(first, token="") == sessions.by_cookie(first.token)
