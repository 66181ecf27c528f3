"""`manage.py finding`: the register of findings without a browser."""

from __future__ import annotations

from tests.commands import manage, manage_alone
from tests.test_manage import assert_mendable, document


def test_findings_are_listed_with_their_state_and_points(demo_copy):
    rows = document(manage_alone("finding", "list", "--cycle", 2026, "--json", home=demo_copy))["rows"]
    assert rows and all(row["state"] and row["place"] for row in rows)
    unit = rows[0]["unit"]
    own = document(manage("finding", "list", "--cycle", 2026, "--unit", unit, "--json", home=demo_copy))
    assert {row["unit"] for row in own["rows"]} == {unit}
    past = document(manage("finding", "list", "--cycle", 2026, "--past", "--json", home=demo_copy))["rows"]
    assert all(row["days_left"] < 0 and row["state"] == "ordered" for row in past)
    assert rows[0]["key"] in manage("finding", "list", "--cycle", 2026, home=demo_copy).stdout


def test_what_is_no_region_is_said(demo_copy):
    result = manage("finding", "list", "--cycle", 2026, "--region", "239999", home=demo_copy)
    assert_mendable(result, "没有地区 239999")
