"""A share of the hostile files on every run of the tests; `python -m tests.hostile` takes all of them in."""

from __future__ import annotations

import pytest

from tests.hostile.corpus import CASES, share
from tests.hostile.trial import LARGEST_GROWTH, Trial


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    opened = Trial(tmp_path_factory.mktemp("hostile") / "home")
    yield opened
    opened.close()


@pytest.mark.parametrize("name", dict.fromkeys(case.family for case in share()))
def test_every_file_of_the_family_meets_the_rules(trial, name):
    cases = [case for case in share() if case.family == name]
    outcomes = [trial.take(case, case.make()) for case in cases]
    assert [(o.case.name, o.case.filename, o.broken) for o in outcomes if o.broken] == []


def test_the_programs_own_memory_hardly_grew(trial):
    assert trial.growth < LARGEST_GROWTH


def test_there_are_hundreds_of_different_files():
    assert len({case.name for case in CASES}) == len(CASES) >= 500
