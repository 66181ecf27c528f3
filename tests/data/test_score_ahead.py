"""Results that are there before anybody asks for them."""

from __future__ import annotations

import time

import pytest

from data import queries, score_ahead
from data.model import Scope
from data.queries import robustness
from data.score_ahead import start_scoring_ahead
from data.store import Store

CYCLE = 2026
LOOK_S, WAIT_S = 0.05, 20
STAMP = "select data_version from results.stamp where cycle = $cycle"


@pytest.fixture
def store(demo_copy):
    opened = Store.open(demo_copy)
    yield opened
    opened.close()


def write(store):
    with store.write() as transaction:
        transaction.record("submission", cycle=CYCLE, detail="")


def is_scored(store):
    return store.rows(STAMP, cycle=CYCLE) == [(store.result_version(CYCLE),)]


def wait_for(said):
    until = time.monotonic() + WAIT_S
    while not said() and time.monotonic() < until:
        time.sleep(LOOK_S / 5)
    return said()


def test_what_was_written_is_scored_by_itself(store):
    stop = start_scoring_ahead(store, look_s=LOOK_S)
    try:
        assert wait_for(lambda: is_scored(store))  # the first time
        write(store)
        assert not is_scored(store)
        assert wait_for(lambda: is_scored(store))
    finally:
        stop()
    write(store)
    time.sleep(3 * LOOK_S)
    assert not is_scored(store)


def test_it_waits_until_nothing_is_written(store, monkeypatch):
    looks, scored = [], []
    version_of, refresh = store.result_version, store.refresh

    def look(cycle):
        if len(looks) < 5:  # somebody writes before each of the first looks
            write(store)
        looks.append(version_of(cycle))
        return looks[-1]

    def score(cycle):
        scored.append(len(looks))
        return refresh(cycle)

    monkeypatch.setattr(store, "result_version", look)
    monkeypatch.setattr(store, "refresh", score)
    stop = start_scoring_ahead(store, look_s=LOOK_S)
    try:
        assert wait_for(lambda: scored)
    finally:
        stop()
    assert scored[0] == 6  # the first look that found what the one before it had


def test_the_ranks_are_redrawn_once_it_has_been_quiet(store, monkeypatch):
    drawn = []
    redraw = robustness.redraw

    def noted(*args, **kwargs):
        drawn.append(kwargs["level"])
        return redraw(*args, **kwargs)

    monkeypatch.setattr(robustness, "redraw", noted)
    monkeypatch.setattr(score_ahead, "SHARE", 1)
    write(store)  # whatever another test has asked of the same folder
    stop = start_scoring_ahead(store, look_s=LOOK_S, quiet_s=4 * LOOK_S)
    try:
        assert wait_for(lambda: len(drawn) == 2)
        queries.redrawn(store, cycle=CYCLE, level="prefecture")
        queries.redrawn(store.seen_by(Scope("230100")), cycle=CYCLE, level="county")
        time.sleep(6 * LOOK_S)
        assert drawn == ["prefecture", "county"]  # nobody waits for them, and they are not drawn again
        write(store)
        assert wait_for(lambda: len(drawn) == 4)
    finally:
        stop()


def test_they_are_not_while_files_come_in(store, monkeypatch):
    drawn, scored = [], []
    monkeypatch.setattr(score_ahead, "_redraw", lambda _store, cycle: drawn.append(cycle))
    monkeypatch.setattr(score_ahead, "SHARE", 1)
    refresh = store.refresh
    monkeypatch.setattr(store, "refresh", lambda cycle: (scored.append(cycle), refresh(cycle)))
    stop = start_scoring_ahead(store, look_s=LOOK_S, quiet_s=WAIT_S)
    try:
        assert wait_for(lambda: len(scored) > 5)
    finally:
        stop()
    assert not drawn


def test_it_takes_a_small_part_of_the_time(store, monkeypatch):
    begun = []

    def score(_cycle):
        begun.append(time.monotonic())
        time.sleep(LOOK_S)

    monkeypatch.setattr(store, "refresh", score)
    monkeypatch.setattr(score_ahead, "SHARE", 0.1)
    stop = start_scoring_ahead(store, look_s=LOOK_S)
    try:
        assert wait_for(lambda: len(begun) > 1)
    finally:
        stop()
    assert begun[1] - begun[0] >= LOOK_S / 0.1


def test_a_failure_is_noted_and_ends_nothing(store, monkeypatch, caplog):
    tries = []

    def fail(_cycle):
        tries.append(1)
        raise RuntimeError("kaputt")

    monkeypatch.setattr(store, "refresh", fail)
    monkeypatch.setattr(score_ahead, "RETRY_S", LOOK_S)
    stop = start_scoring_ahead(store, look_s=LOOK_S)
    try:
        assert wait_for(lambda: len(tries) > 1)
    finally:
        stop()
    assert "得分没有预先算好" in caplog.text
