"""Locks hold for their time and no longer; they lock one account or slow one address, and fill no memory."""

from __future__ import annotations

import pytest

from access import attempts as module
from access.attempts import LOCKED_S, PER_ACCOUNT, PER_ADDRESS, WINDOW_S, Attempts
from tests.access.conftest import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def attempts(clock) -> Attempts:
    return Attempts(clock=clock)


@pytest.mark.parametrize(("failures", "is_locked"), [(PER_ACCOUNT - 1, False), (PER_ACCOUNT, True)])
def test_an_account_is_locked_after_so_many_failures(attempts, failures, is_locked):
    locked = [attempts.failed("a", f"10.0.0.{at}") for at in range(failures)]
    assert locked == [False] * (PER_ACCOUNT - 1) + [True] * (failures - PER_ACCOUNT + 1)
    assert (attempts.locked_s("a") > 0) == is_locked
    assert attempts.locked_s("b") == 0


@pytest.mark.parametrize(("after_s", "left_s"), [(0, LOCKED_S), (LOCKED_S - 1, 1), (LOCKED_S, 0)])
def test_a_lock_ends(attempts, clock, after_s, left_s):
    for _ in range(PER_ACCOUNT):
        attempts.failed("a", "10.0.0.1")
    clock.now += after_s
    assert attempts.locked_s("a") == left_s


def test_after_a_lock_the_count_begins_anew(attempts, clock):
    for _ in range(PER_ACCOUNT):
        attempts.failed("a", "10.0.0.1")
    clock.now += LOCKED_S
    assert not attempts.failed("a", "10.0.0.1")
    assert attempts.locked_s("a") == 0


def test_failures_during_a_lock_do_not_prolong_it(attempts, clock):
    for _ in range(PER_ACCOUNT):
        attempts.failed("a", "10.0.0.1")
    clock.now += LOCKED_S - 1
    attempts.failed("a", "10.0.0.1")
    assert attempts.locked_s("a") == 1


@pytest.mark.parametrize(("between_s", "is_locked"), [(WINDOW_S - 1, True), (WINDOW_S, False)])
def test_only_failures_of_the_last_minutes_count(attempts, clock, between_s, is_locked):
    attempts.failed("a", "10.0.0.1")
    clock.now += between_s
    for _ in range(PER_ACCOUNT - 1):
        attempts.failed("a", "10.0.0.1")
    assert (attempts.locked_s("a") > 0) == is_locked


def test_a_success_forgets_the_accounts_failures(attempts):
    for _ in range(PER_ACCOUNT - 1):
        attempts.failed("a", "10.0.0.1")
    attempts.succeeded("a")
    assert not attempts.failed("a", "10.0.0.1")


@pytest.mark.parametrize(("failures", "is_slowed"), [(PER_ADDRESS - 1, False), (PER_ADDRESS, True)])
def test_an_address_is_slowed_down_whatever_accounts_it_tries(attempts, failures, is_slowed):
    for at in range(failures):
        attempts.failed(f"account-{at}", "10.0.0.1")
    assert (attempts.slowed_s("10.0.0.1") > 0) == is_slowed
    assert attempts.slowed_s("10.0.0.2") == 0


def test_a_success_does_not_free_its_address(attempts):
    for at in range(PER_ADDRESS - 1):
        attempts.failed(f"account-{at}", "10.0.0.1")
    attempts.succeeded("mine")
    attempts.failed("another", "10.0.0.1")
    assert attempts.slowed_s("10.0.0.1") == LOCKED_S


def test_the_addresses_of_one_ipv6_network_count_as_one(attempts):
    for at in range(PER_ADDRESS):
        attempts.failed(f"account-{at}", f"2001:db8:0:1::{at + 1:x}")
    assert attempts.slowed_s("2001:db8:0:1:ffff::1")
    assert not attempts.slowed_s("2001:db8:0:2::1")


def test_memory_is_bounded(attempts, monkeypatch):
    monkeypatch.setattr(module, "MOST_KEPT", 100)
    for at in range(1000):
        attempts.failed(f"account-{at}", f"10.0.{at // 250}.{at % 250}")
    attempts.failed("x" * 1_000_000, "10.9.9.9")
    assert len(attempts._accounts) == len(attempts._addresses) == 100
    assert max(map(len, attempts._accounts)) < 100
