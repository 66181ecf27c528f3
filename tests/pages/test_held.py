"""While files come in, screens are read as of a moment that everybody shares, say so, and show each what he did himself."""

from __future__ import annotations

import pytest

from access.accounts import Account
from data import held
from data.demo.answers import answers_of
from data.fill import fill_workbook
from data.intake import take_in
from data.model import Actor, Scope
from data.regions import region_path
from data.template import build_template
from pages.components.access import get_gate, whole_store
from pages.components.screens import SCREENS
from tests.pages.conftest import CYCLE, close_store, html_of

OFFICE = Account("sheng-kaohe", "示例岗位", "province", "230000")
BEHIND = "正在收件，新收到的约"


@pytest.fixture
def many_units(monkeypatch):
    """Of sixty units, moments are held for a minute."""
    monkeypatch.setattr(held, "FROM_UNITS", 1)
    monkeypatch.setattr(held, "S_PER_UNIT", 1.0)


def send(unit: str, *, by: str) -> None:
    """A workbook of a unit that has handed in none."""
    store = whole_store()
    scheme, found = store.scheme(CYCLE), store.unit(cycle=CYCLE, code=unit)
    blank = build_template(scheme, cycle=CYCLE, unit=found, region_path=region_path(found.region))
    answers = answers_of(found, scheme=scheme, cycle=CYCLE, first_cycle=CYCLE, seed=1)
    content = fill_workbook(blank, {key: dict(answer.cells) for key, answer in answers.items()})
    seen = store.seen_by(Scope(OFFICE.region), actor=Actor(by, "province"))
    assert take_in(seen, filename=f"{unit}.xlsx", content=content, cycle=CYCLE).status != "refused"


def missing() -> list[str]:
    sql = "select unit from unit where cycle = $cycle and unit not in (select unit from current_submission where cycle = $cycle) order by unit"
    return [unit for (unit,) in whole_store().rows(sql, cycle=CYCLE)]


def submitted(app) -> str:
    return html_of(app).split("已提交 ")[1].split(" ")[0]


def test_a_file_is_counted_later_unless_one_sent_it_oneself(open_page, many_units):
    accounts = get_gate().accounts
    initial = accounts.add(OFFICE)
    assert accounts.set_password(OFFICE.account, old=initial, new="Chang-baishan88", origin="test") == []
    app = open_page("overview", visitor=accounts.find(OFFICE.account))
    before = int(submitted(app))
    assert BEHIND not in html_of(app)
    first, second, third, *_ = missing()
    send(first, by="shi-kaohe")
    app.run()
    assert int(submitted(app)) == before
    assert BEHIND in html_of(app)
    send(second, by=OFFICE.account)
    app.run()
    assert int(submitted(app)) == before + 2
    assert BEHIND not in html_of(app)
    whole_store().holder.let_go()
    send(third, by="shi-kaohe")
    app.run()
    assert int(submitted(app)) == before + 3


def test_every_screen_is_the_same_from_a_held_moment(open_page, monkeypatch):
    as_it_stands = {screen: html_of(open_page(screen)) for screen in SCREENS}
    assert whole_store().holder._held is None
    close_store()
    monkeypatch.setattr(held, "FROM_UNITS", 1)
    monkeypatch.setattr(held, "S_PER_UNIT", 1.0)
    from_a_moment = {screen: html_of(open_page(screen)) for screen in SCREENS}
    assert whole_store().holder._held.worked_s > 0
    for screen, html in as_it_stands.items():
        assert from_a_moment[screen] == html, screen
