"""The audit log is found by what it says, a page at a time; every change of a setting or a cycle stands in it."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from data import queries
from data.cycles import deadline_at
from data.model import Actor
from data.queries import AuditFilter
from data.store import Store, StoreError
from tests.data.small import CYCLE, OTHER, SCHEME_PATH, UNIT

OFFICE = Actor("daoli-kaohe", "county", "10.0.0.9")


@pytest.fixture
def store(new_home):
    """Acts at noon of 1 to 5 December 2026: a cycle and its scheme, a register, a setting, two refused downloads."""
    moments = iter([datetime(2026, 12, day, 12) for day in (1, 2, 3, 4, 5)])
    opened = Store.open(new_home, clock=lambda: next(moments))
    opened.open_cycle(cycle=2026, scheme_path=SCHEME_PATH, opens_on=CYCLE.opens_on, deadline=CYCLE.deadline)
    opened.register_units(cycle=2026, units=[UNIT, OTHER], actor=OFFICE)
    opened.set_setting("backup_keep", "9")
    for name in ("得分.xlsx", "100%_份额.xlsx"):
        with opened.write(OFFICE) as transaction:
            transaction.audit("denied", object=name, outcome="refused", detail="Region 230100")
    yield opened
    opened.close()


def found(store, **wanted) -> list[str]:
    """The acts that fit, newest first, as action and object."""
    acts = queries.audit(store, AuditFilter(**wanted)).acts
    return [f"{row.action} {row.object}" for row in acts.itertuples()]


def test_everything_stands_there_newest_first_with_names(store):
    page = queries.audit(store, AuditFilter())
    assert page.found == len(page.acts) == 6
    assert list(page.acts["seq"]) == sorted(page.acts["seq"], reverse=True)
    newest = page.acts.iloc[0]
    assert (newest["action_name"], newest["outcome_name"], newest["origin"]) == (
        "越权被拒",
        "未通过",
        "10.0.0.9",
    )


@pytest.mark.parametrize(
    ("wanted", "objects"),
    [
        ({"action": "register"}, ["register 2 家单位"]),
        ({"outcome": "refused"}, ["denied 100%_份额.xlsx", "denied 得分.xlsx"]),
        ({"account": "KAOHE", "action": "register"}, ["register 2 家单位"]),
        ({"text": "region 2301"}, ["denied 100%_份额.xlsx", "denied 得分.xlsx"]),
        ({"text": "%"}, ["denied 100%_份额.xlsx"]),  # a sign is itself, not a placeholder
        ({"year": 2026, "account": "daoli"}, ["register 2 家单位"]),
        ({"since": date(2026, 12, 5)}, ["denied 100%_份额.xlsx"]),
        ({"since": date(2026, 12, 3), "until": date(2026, 12, 3)}, ["setting 保留备份的份数"]),
        ({"until": date(2026, 11, 30)}, []),
        ({"text": "' or 1=1 --"}, []),
    ],
)
def test_filters_find_what_fits(store, wanted, objects):
    assert found(store, **wanted) == objects


def test_pages_are_disjoint_and_past_the_last_comes_the_last(store):
    pages = [queries.audit(store, AuditFilter(), page=page, size=4) for page in (1, 2, 3)]
    assert [len(page.acts) for page in pages] == [4, 2, 2]
    assert [page.page for page in pages] == [1, 2, 2]
    assert {page.found for page in pages} == {6}
    assert not set(pages[0].acts["seq"]) & set(pages[1].acts["seq"])
    assert queries.audit(store, AuditFilter(action="login"), page=7).page == 1


def test_the_value_of_a_setting_is_told(store):
    acts = queries.audit(store, AuditFilter(action="setting")).acts
    assert list(acts["detail"]) == ["9"]


@pytest.mark.parametrize(
    ("at", "wanted"), [(time(23, 59), "23:59:59"), (time(23, 58), "23:58:00"), (time(0, 0), "00:00:00")]
)
def test_a_deadline_at_the_last_minute_lasts_to_the_end_of_the_day(at, wanted):
    assert f"{deadline_at(date(2026, 10, 31), at):%Y-%m-%d %H:%M:%S}" == f"2026-10-31 {wanted}"


def test_a_cycle_cannot_end_before_it_begins(tmp_path):
    store = Store.open(tmp_path / "home")
    with pytest.raises(StoreError, match="早于开始日期"):
        store.open_cycle(
            cycle=2026, scheme_path=SCHEME_PATH, opens_on=date(2026, 8, 1), deadline=datetime(2026, 7, 31, 23)
        )
    assert store.is_untouched()
    store.open_cycle(
        cycle=2026, scheme_path=SCHEME_PATH, opens_on=date(2026, 8, 1), deadline=datetime(2026, 8, 1, 0)
    )
    store.close()
