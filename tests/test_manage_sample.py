"""`manage.py sample`: drawing and listing without a browser."""

from __future__ import annotations

import pytest

from data.store import Store
from tests.commands import manage, manage_alone
from tests.test_manage import assert_mendable, document, home

__all__ = ["home"]


@pytest.fixture
def province(demo_copy):
    return demo_copy


def test_the_same_seed_draws_the_same_units_and_they_are_listed_with_their_reasons(province):
    drawn = document(manage_alone("sample", "draw", "--cycle", 2026, "--seed", 7, "--json", home=province))
    assert drawn["seed"] == 7 and drawn["units"] > 0
    picks = document(manage("sample", "list", "--cycle", 2026, "--json", home=province))["picks"]
    assert len({row["code"] for row in picks}) == drawn["units"]
    assert len(picks) == sum(drawn["rules"].values())
    assert all(row["why"] for row in picks)
    part = document(manage("sample", "list", "--cycle", 2026, "--region", "230100", "--json", home=province))
    assert {row["code"] for row in part["picks"]} < {row["code"] for row in picks}


def test_a_scheme_without_thresholds_is_said(home):
    store = Store.open(home)
    has_thresholds = store.scheme(2026).sampling is not None
    store.close()
    result = manage("sample", "draw", "--cycle", 2026, home=home)
    assert_mendable(result, "没有新的单位" if has_thresholds else "[sampling]")
