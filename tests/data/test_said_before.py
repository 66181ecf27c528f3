"""What workbooks said is read once, and scores that follow from it are those of reading it all again."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.said_before import MOST_REPLACED, SaidBefore
from data.store import Store
from tests.data.kept import LATER, UNITS, scores_of, send
from tests.data.small import CYCLE, OTHER, SCHEME_PATH, UNIT, code, filled, other_filled

INDICATORS = 3


class Answers:
    """Answers that follow from a workbook's number, and which workbooks were read."""

    def __init__(self) -> None:
        self.read: list[list[int]] = []

    def __call__(self, submissions: np.ndarray) -> np.ndarray:
        self.read.append(submissions.tolist())
        return np.add.outer(submissions, np.arange(INDICATORS) / 10)


def ask(before: SaidBefore, answers: Answers, numbers: list[int], *, judged_by: str = "", cycle: int = 2026):
    submissions = np.array(numbers, dtype=np.int64)
    said = before.of(submissions, answers, cycle=cycle, judged_by=judged_by)
    found = said.x[said.rows(submissions)]
    assert found.tolist() == np.add.outer(submissions, np.arange(INDICATORS) / 10).tolist()
    return said


def test_only_what_came_in_since_is_read():
    before, answers = SaidBefore(), Answers()
    ask(before, answers, [3, 5])
    ask(before, answers, [3, 5])
    ask(before, answers, [3, 5, 8, 9])
    ask(before, answers, [5, 8, 9, 12])
    assert answers.read == [[3, 5], [8, 9], [12]]


def test_of_no_workbook_nothing_is_known():
    before, answers = SaidBefore(), Answers()
    assert len(ask(before, answers, []).x) == 0
    ask(before, answers, [4])
    ask(before, answers, [])
    assert answers.read == [[], [4]]


@pytest.mark.parametrize("changed", [{"judged_by": "other days"}, {"cycle": 2025}])
def test_another_cycle_or_scheme_reads_all(changed):
    before, answers = SaidBefore(), Answers()
    ask(before, answers, [3, 5])
    ask(before, answers, [3, 5], **changed)
    assert answers.read == [[3, 5], [3, 5]]


def test_an_earlier_workbook_reads_all():
    before, answers = SaidBefore(), Answers()
    ask(before, answers, [3, 5])
    ask(before, answers, [1, 3, 5])
    assert answers.read == [[3, 5], [1, 3, 5]]


def test_replaced_workbooks_are_given_up_when_they_are_many():
    before, answers = SaidBefore(), Answers()
    numbers = list(range(10, 20))
    said = ask(before, answers, numbers)
    for newest in range(20, 40):
        numbers = [*numbers[1:], newest]
        said = ask(before, answers, numbers)
        assert len(said.x) * (1 - MOST_REPLACED) <= len(numbers)
    assert max(map(len, answers.read[1:])) == len(numbers)
    assert sum(map(len, answers.read)) < 100 < 21 * len(numbers)


def test_what_is_too_large_is_read_anew_each_time():
    before, answers = SaidBefore(most_bytes=8 * INDICATORS * 5), Answers()
    ask(before, answers, [1, 2, 3, 4, 5])
    ask(before, answers, [1, 2, 3, 4, 5])
    ask(before, answers, [1, 2, 3, 4, 5], cycle=2025)
    ask(before, answers, [1, 2, 3, 4, 5, 6])
    ask(before, answers, [1, 2, 3, 4, 5, 6])
    assert answers.read == [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [6], [1, 2, 3, 4, 5, 6]]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.sets(st.integers(0, 15)), max_size=8))
def test_whatever_is_asked_for_after_whatever_is_found(asked):
    before, answers = SaidBefore(), Answers()
    for numbers in asked:
        ask(before, answers, sorted(numbers))


def late(store: Store) -> None:
    store.change_cycle(cycle=2026, deadline=store.cycle(2026).deadline + timedelta(days=1))


WORKBOOKS = {
    "a workbook": filled,
    "another": partial(other_filled, OTHER),
    "a newer one": partial(filled, {"T19-01": {"value": "否"}}),
    "other answers": partial(other_filled, OTHER, value=3),
}
EVENTS = {
    **{name: lambda store, at, name=name: send(store, CONTENT[name](), at=at) for name in WORKBOOKS},
    "a unit more": lambda store, at: store.register_units(
        cycle=2026, units=[replace(OTHER, code=code(4), name="示例第四教育局")]
    ),
    "a unit less": lambda store, at: store.register_units(cycle=2026, units=[replace(UNIT, is_active=False)]),
    "the unit again": lambda store, at: store.register_units(cycle=2026, units=[UNIT]),
    "later days": lambda store, at: late(store),
    "a question": lambda store, at: scores_of(store),
}
CONTENT = {name: cache(make) for name, make in WORKBOOKS.items()}


def test_scores_are_those_of_reading_everything_again(new_home):
    events = [*EVENTS, "a workbook", "other answers", "the unit again"]
    Random(7).shuffle(events)
    with closing(Store.open(new_home)) as store:
        store.open_cycle(
            cycle=2026, scheme_path=SCHEME_PATH, opens_on=CYCLE.opens_on, deadline=CYCLE.deadline
        )
        store.register_units(cycle=2026, units=UNITS)
        for minutes, event in enumerate(events):
            EVENTS[event](store, LATER + timedelta(minutes=minutes))
            found = scores_of(store)
            known, store._said = store._said, None
            with store.write() as transaction:
                transaction.record("registration", cycle=2026, detail="")
            assert scores_of(store) == found
            store._said = known
