"""`manage.py stage`: the stages of a year's review without a browser."""

from __future__ import annotations

from tests.commands import manage, manage_alone
from tests.test_manage import UNITS, assert_mendable, document, home

__all__ = ["home"]
COUNTY = next(unit.region for unit in UNITS if unit.region[4:] != "00")


def states(folder) -> dict[str, str]:
    rows = document(manage("stage", "list", "--cycle", 2026, "--json", home=folder))["stages"]
    return {row["code"]: row["state"] for row in rows}


def test_a_stage_is_listed_closed_and_reopened(home):
    assert states(home)[COUNTY] == "open"
    assert "县级初审" in manage_alone("stage", "close", COUNTY, "--cycle", 2026, home=home).stdout
    assert states(home)[COUNTY] == "closed"
    assert_mendable(manage("stage", "close", COUNTY, "--cycle", 2026, home=home), "已关闭")
    assert_mendable(manage("stage", "reopen", COUNTY, "--cycle", 2026, home=home), "--reason")
    reopened = manage("stage", "reopen", COUNTY, "--cycle", 2026, "--reason", "有漏核", home=home)
    assert reopened.returncode == 0
    assert states(home)[COUNTY] == "open"
    assert "县级初审" in manage("stage", "list", "--cycle", 2026, "--stage", "county", home=home).stdout


def test_what_is_no_region_is_said(home):
    assert_mendable(manage("stage", "close", "239999", "--cycle", 2026, home=home), "没有地区 239999")
