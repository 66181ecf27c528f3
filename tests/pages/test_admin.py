"""系统管理: every part does what it says, says first what it will mean, and a wrong entry is told in Chinese."""

from __future__ import annotations

import io
import re
from datetime import date, time

import openpyxl
import pytest

from access.accounts import Account, Accounts
from data.account_sheet import COLUMNS
from data.backup_schedule import backup_path, backup_state, schedule_of
from data.model import LOCAL
from data.schemes import save_scheme, scheme_versions
from pages.components.access import whole_store
from pages.components.admin_accounts import ROWS
from scoring.scheme_edit import edited
from tests.pages.conftest import CYCLE, address, html_of

DAOLI = "230102"
PARTS = ("accounts", "cycles", "register", "backup", "audit", "system")


def said(app) -> str:
    """Everything that the screen tells: its HTML, notices, warnings and errors."""
    notices = [*app.success, *app.warning, *app.error, *app.caption]
    return html_of(app) + "\n".join(notice.value for notice in notices)


def password_on(app) -> str:
    """The initial password in the table of those that were just made; there is one only."""
    (found,) = re.findall(r"<code>(.+?)</code>", html_of(app))
    return found


def add_account(app, *, account: str, title: str, region: str | None = DAOLI):
    """Fill in the form for a county evaluator and press the button."""
    if region:
        app.selectbox(key="new_0_region_county").set_value(region).run()
    app.text_input(key="new_0_account_").set_value(account)
    app.text_input(key="new_0_title_").set_value(title).run()
    app.button(key="add").click().run()
    assert not app.exception
    return app


def choose_account(app, account: str):
    """Select the row of an account in the list."""
    (table,) = app.dataframe
    row = list(table.value["account"]).index(account)
    app.session_state[table.key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def with_accounts(open_page):
    """with_accounts() opens the list of accounts of a store that has an administrator and an evaluator of 道里区."""

    def run(**params):
        open_page("admin")
        Accounts(whole_store()).add_many(
            [
                Account("xitong", "系统管理岗", "administrator", "230000"),
                Account("daoli-kaohe", "道里区考核办", "county", DAOLI),
            ]
        )
        return open_page("admin", part="accounts", **params)

    return run


@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens(open_page, part):
    app = open_page("admin", part=part)
    assert address(app, "part") == part
    assert "系统管理" in html_of(app)


class TestAccounts:
    def test_without_accounts_the_list_says_how_to_add_one(self, open_page):
        assert "没有这样的账号" in html_of(open_page("admin"))

    def test_a_new_account_can_sign_in_with_the_password_that_is_shown_once(self, open_page):
        app = add_account(open_page("admin", way_in="new"), account="daoli-kaohe", title="道里区考核办")
        password = password_on(app)
        found = Accounts(whole_store()).check_password("daoli-kaohe", password)
        assert (found.title, found.role, found.region) == ("道里区考核办", "county", DAOLI)
        assert "只显示这一次" in html_of(app)
        app.button(key="forget_issued").click().run()
        assert password not in said(app)

    def test_a_password_is_gone_once_its_part_was_left(self, open_page):
        app = add_account(open_page("admin", way_in="new"), account="daoli-kaohe", title="道里区考核办")
        password = password_on(app)
        app.switch_page("pages/regulation.py").run()
        app.switch_page("pages/admin.py").run()
        assert not app.exception
        assert password not in said(app)

    def test_a_wrong_account_is_not_made_and_every_reason_is_told(self, open_page):
        app = add_account(open_page("admin", way_in="new"), account="Daoli", title="考核办 139" + "04511234")
        (error,) = app.error
        assert "账号应为" in error.value
        assert "个人信息" in error.value
        assert Accounts(whole_store()).all() == []

    def test_only_regions_of_the_roles_level_are_offered(self, open_page):
        app = open_page("admin", way_in="new")
        app.selectbox(key="new_0_role").set_value("prefecture").run()
        offered = app.selectbox(key="new_0_region_prefecture").options
        assert "哈尔滨市" in offered
        assert not [name for name in offered if "/" in name]

    def test_a_units_account_takes_code_and_name_from_the_register(self, open_page):
        app = open_page("admin", way_in="new")
        unit = next(iter(whole_store().units(cycle=CYCLE).values()))
        app.selectbox(key="new_0_role").set_value("unit").run()
        app.selectbox(key="new_0_region_unit").set_value(unit.region).run()
        app.selectbox(key=f"new_0_unit_{unit.region}").set_value(unit.code).run()
        app.button(key="add").click().run()
        found = Accounts(whole_store()).find(unit.code)
        assert (found.title, found.role, found.unit) == (unit.name, "unit", unit.code)

    def test_disabling_asks_first_and_a_no_changes_nothing(self, with_accounts):
        app = choose_account(with_accounts(), "daoli-kaohe")
        app.button(key="disable").click().run()
        assert "下一次点击时退出" in said(app)
        app.button(key="disable_no").click().run()
        accounts = Accounts(whole_store())
        assert not accounts.find("daoli-kaohe").is_disabled
        app.button(key="disable").click().run()
        app.button(key="disable_yes").click().run()
        assert not app.exception
        assert accounts.find("daoli-kaohe").is_disabled
        assert "已停用账号" in said(app)

    def test_the_last_administrator_stays_and_the_dialog_says_why(self, with_accounts):
        app = choose_account(with_accounts(), "xitong")
        app.button(key="disable").click().run()
        app.button(key="disable_yes").click().run()
        assert "最后一个" in said(app)
        assert not Accounts(whole_store()).find("xitong").is_disabled

    def test_a_reset_password_is_shown_and_the_old_one_is_void(self, with_accounts):
        app = choose_account(with_accounts(), "daoli-kaohe")
        app.button(key="reset").click().run()
        app.button(key="reset_yes").click().run()
        assert not app.exception
        assert Accounts(whole_store()).check_password("daoli-kaohe", password_on(app)).must_change

    def test_title_and_role_are_changed(self, with_accounts):
        app = choose_account(with_accounts(), "daoli-kaohe")
        app.selectbox(key="change_daoli-kaohe_role").set_value("reader").run()
        app.text_input(key="change_daoli-kaohe_title_").set_value("道里区领导查阅").run()
        app.button(key="change").click().run()
        assert not app.exception
        found = Accounts(whole_store()).find("daoli-kaohe")
        assert (found.title, found.role, found.region) == ("道里区领导查阅", "reader", DAOLI)

    @pytest.mark.parametrize(
        ("params", "wanted"),
        [
            ({"role": "county"}, ["daoli-kaohe"]),
            ({"region": "230100"}, ["daoli-kaohe"]),
            ({"account": "管理岗"}, ["xitong"]),
            ({"role": "county", "account": "管理岗"}, None),
        ],
    )
    def test_the_list_is_filtered_by_role_region_and_text(self, with_accounts, params, wanted):
        app = with_accounts(**params)
        shown = list(app.dataframe[0].value["account"]) if app.dataframe else None
        assert shown == wanted

    def test_no_password_or_its_hash_reaches_the_list(self, with_accounts):
        table = with_accounts().dataframe[0].value
        assert set(table.columns) == {
            "account",
            "title",
            "role_name",
            "region_path",
            "unit",
            "state_name",
            "changed_at",
        }


class TestManyAccounts:
    def upload(self, app, *rows):
        book = openpyxl.Workbook()
        for row in ([column.title for column in COLUMNS], *rows):
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        app.file_uploader[0].upload("账号.xlsx", stream.getvalue()).run()
        assert not app.exception
        return app

    def test_all_faults_of_a_table_are_told_with_their_cells_and_nothing_is_made(self, open_page):
        app = self.upload(
            open_page("admin", way_in="import"),
            ["daoli-kaohe", "道里区考核办", "县级考核人员", "道里区"],
            ["X", "<img src=x>", "县长", "某地"],
        )
        html = html_of(app)
        for cell in ("A3", "C3", "D3"):
            assert f">{cell}<" in html
        assert "<img" not in html
        assert "改正办法" in html
        assert Accounts(whole_store()).all() == []
        assert "add_imported" not in [button.key for button in app.button]

    def test_a_good_table_makes_its_accounts_with_a_password_each(self, open_page):
        app = self.upload(
            open_page("admin", way_in="import"),
            ["daoli-kaohe", "道里区考核办", "县级考核人员", "道里区"],
            ["harbin-kaohe", "哈尔滨市考核办", "市级考核人员", "哈尔滨市"],
        )
        app.button(key="add_imported").click().run()
        assert not app.exception
        html = html_of(app)
        passwords = re.findall(r"<code>(.+?)</code>", html)
        accounts = Accounts(whole_store())
        assert [accounts.check_password("daoli-kaohe", p) is not None for p in passwords] == [True, False]

    def test_every_unit_of_a_region_gets_an_account(self, open_page):
        app = open_page("admin", way_in="units", region="230100")
        units = [u for u in whole_store().units(cycle=CYCLE).values() if u.region.startswith("2301")]
        assert f"{len(units)} 个账号" in app.button(key="add_units").label
        app.button(key="add_units").click().run()
        assert not app.exception
        assert {a.unit for a in Accounts(whole_store()).all()} == {unit.code for unit in units}
        assert "这里的单位都有账号了" in said(app)


@pytest.fixture
def hand_in(open_page, demo_store):
    """hand_in() uploads a faultless workbook to the cycle; what the page says then."""
    (sha256,) = demo_store.rows("select sha256 from current_submission where cycle = 2026 limit 1")[0]

    def run() -> str:
        app = open_page("submit", step="upload", cycle=CYCLE)
        app.file_uploader[0].upload("自评表.xlsx", demo_store.files.read(sha256)).run()
        app.button(key="take_in").click().run()
        assert not app.exception
        return html_of(app)

    return run


class TestCycles:
    def test_a_file_for_a_closed_cycle_is_refused_and_taken_again_when_it_is_reopened(
        self, open_page, hand_in
    ):
        app = open_page("admin", part="cycles", cycle=CYCLE)
        app.button(key="close_cycle").click().run()
        assert "不再接收任何文件" in said(app)
        assert whole_store().cycle(CYCLE).status == "open"
        app.button(key="close_cycle_yes").click().run()
        assert not app.exception
        assert whole_store().cycle(CYCLE).status == "closed"
        assert "填报已关闭" in hand_in()
        app = open_page("admin", part="cycles", cycle=CYCLE)
        app.button(key="reopen_cycle").click().run()
        assert "关闭期间退回的 1 份文件" in said(app)
        app.button(key="reopen_cycle_yes").click().run()
        assert "填报已关闭" not in hand_in()

    def test_late_files_are_refused_once_the_cycle_says_so(self, open_page, hand_in):
        app = open_page("admin", part="cycles", cycle=CYCLE)
        key = f"rules_{CYCLE}"
        app.date_input(key=f"{key}_opens").set_value(date(2026, 8, 2))
        app.date_input(key=f"{key}_day").set_value(date(2026, 11, 1))
        app.time_input(key=f"{key}_time").set_value(time(18, 0))
        app.radio(key=f"{key}_late").set_value("refuse").run()
        app.button(key="change_cycle").click().run()
        words = said(app)
        assert "2026-11-01 18:00" in words
        assert "已经过去" in words
        assert "逾期的文件不接收" in words
        app.button(key="change_cycle_yes").click().run()
        assert not app.exception
        changed = whole_store().cycle(CYCLE)
        assert (changed.opens_on, changed.late) == (date(2026, 8, 2), "refuse")
        assert f"{changed.deadline:%Y-%m-%d %H:%M:%S}" == "2026-11-01 18:00:00"
        assert "不予接收" in hand_in()

    def test_nothing_changed_cannot_be_saved(self, open_page):
        app = open_page("admin", part="cycles", cycle=CYCLE)
        assert app.button(key="change_cycle").disabled

    def test_a_deadline_before_the_opening_day_is_refused_in_the_dialog(self, open_page):
        app = open_page("admin", part="cycles", cycle=CYCLE)
        app.date_input(key=f"rules_{CYCLE}_day").set_value(date(2026, 1, 1)).run()
        app.button(key="change_cycle").click().run()
        app.button(key="change_cycle_yes").click().run()
        assert "早于开始日期" in said(app)
        assert whole_store().cycle(CYCLE).deadline.year == 2026

    def test_a_new_cycle_is_opened_with_its_last_day_whole(self, open_page):
        app = open_page("admin", part="cycles")
        assert app.number_input(key="new_year").value == CYCLE + 1
        app.button(key="open_cycle").click().run()
        assert "名册是空的" in said(app)
        app.button(key="open_cycle_yes").click().run()
        assert not app.exception
        opened = whole_store().cycle(CYCLE + 1)
        assert (opened.status, opened.late) == ("open", "mark")
        assert f"{opened.deadline:%Y-%m-%d %H:%M:%S}" == "2027-10-31 23:59:59"

    def test_a_new_cycle_can_be_opened_under_a_saved_version(self, open_page):
        store = whole_store()
        source = next(iter(scheme_versions(store)["source"]))
        text = edited(source, {"version": "另存", "rules": {"bonus_cap": 4}})
        saved = save_scheme(store, text, reason="核定", actor=LOCAL)
        app = open_page("admin", part="cycles")
        assert "另存" in app.selectbox(key="new_scheme").options[0]
        app.selectbox(key="new_scheme").set_value((saved.id, "另存")).run()
        app.button(key="open_cycle").click().run()
        app.button(key="open_cycle_yes").click().run()
        assert not app.exception
        assert store.scheme(CYCLE + 1).rules.bonus_cap == 4

    def test_a_cycle_that_exists_is_not_opened_again(self, open_page):
        app = open_page("admin", part="cycles")
        app.number_input(key="new_year").set_value(CYCLE).run()
        assert app.button(key="open_cycle").disabled
        assert "已经开设" in said(app)


class TestRegister:
    def test_units_are_counted_by_region_and_category(self, open_page):
        html = html_of(open_page("admin", part="register"))
        units = whole_store().units(cycle=CYCLE)
        assert f'<td class="aq-num">{len(units)}</td>' in html
        assert "按类别" in html


class TestAudit:
    def test_an_act_is_found_by_what_it_says(self, open_page):
        page = open_page("admin", part="audit", act="register")
        assert f"{len(whole_store().units(cycle=CYCLE))} 家单位" in html_of(page)
        assert "共 2 条" in html_of(page)
        assert "没有这样的操作" in html_of(open_page("admin", part="audit", said="没有这句话"))

    def test_filters_narrow_by_year_outcome_account_and_day(self, open_page):
        def count(**params):
            html = html_of(open_page("admin", part="audit", **params))
            return int(re.search(r"共 ([\d,]+) 条", html)[1].replace(",", ""))

        everything = count()
        assert 0 < count(year=2025) < everything
        assert 0 < count(outcome="refused") < everything
        assert count(by="local") == everything
        assert count(by="nobody") == 0
        assert count(since="2099-01-01") == 0
        assert count(until="2000-01-01") == 0
        assert 0 < count(since="2026-01-01") < everything
        assert count(since="2025-01-01", until=date.today().isoformat()) == everything
        assert count(since="nonsense") == everything

    def test_no_more_than_one_page_reaches_the_browser(self, open_page):
        def rows(page):
            return html_of(page).count("aq-badge aq-tone-")

        app = open_page("admin", part="audit")
        assert rows(app) == 100
        first = html_of(app)
        (pager,) = app.get("pagination")
        pager.set_value(2).run()
        assert not app.exception
        assert address(app, "page") == "2"
        assert html_of(app) != first
        last = open_page("admin", part="audit", page="999")
        assert rows(last) == whole_store().rows("select count(*) from audit")[0][0] % 100

    def test_another_filter_begins_at_the_first_page(self, open_page):
        app = open_page("admin", part="audit", page="2")
        app.text_input(key="widget:said").set_value("自评表").run()
        assert address(app, "page") is None

    def test_what_people_typed_is_never_markup(self, open_page):
        open_page("admin")
        Accounts(whole_store()).add(Account("daoli-kaohe", "<img src=x onerror=alert(1)>", "county", DAOLI))
        with whole_store().write() as transaction:
            transaction.audit("upload", object="<script>alert(1)</script>", detail="[点](http://evil)")
        html = html_of(open_page("admin", part="audit"))
        assert "<script" not in html
        assert "<img" not in html

    def test_a_sound_chain_is_said_to_be_sound(self, open_page):
        app = open_page("admin", part="audit")
        head = whole_store().journal.head
        assert head.hash in app.code[0].value
        app.button(key="check_chain").click().run()
        assert not app.exception
        assert f"{head.n:,} 行，逐行相符" in said(app)

    def test_a_line_that_was_changed_is_found(self, open_page):
        app = open_page("admin", part="audit")
        path = whole_store().journal_path
        lines = path.read_bytes().splitlines(keepends=True)
        lines[2] = lines[2].replace(b'"by":"local"', b'"by":"nobody"')
        path.write_bytes(b"".join(lines))
        app.button(key="check_chain").click().run()
        assert not app.exception
        assert "第 3 行被改动过" in said(app)
        assert "逐行相符" not in said(app)

    def test_a_hash_that_was_written_down_is_looked_for(self, open_page):
        app = open_page("admin", part="audit")
        head = whole_store().journal.head
        for text, told in ((head.hash[:16], f"第 {head.n:,} 行"), ("0" * 16, "改写"), ("abc", "只有 3 位")):
            app.text_input(key="noted").set_value(text).run()
            app.button(key="check_chain").click().run()
            assert told in said(app)


class TestBackup:
    def test_a_backup_is_made_listed_and_audited(self, open_page):
        app = open_page("admin", part="backup")
        assert "还没有备份" in html_of(app)
        app.button(key="back_up").click().run()
        assert not app.exception
        (made,) = backup_state(whole_store().home)
        assert made.is_ok
        assert made.path.name in html_of(app)
        assert "备份完成" in said(app)
        assert "共 1 条" in html_of(open_page("admin", part="audit", act="backup"))
        assert not open_page("admin", part="system").warning

    def test_the_schedule_is_kept_and_audited(self, open_page):
        app = open_page("admin", part="backup")
        assert app.button(key="save_schedule").disabled
        app.number_input(key="backup_hour").set_value(4)
        app.number_input(key="backup_keep").set_value(30).run()
        app.button(key="save_schedule").click().run()
        assert not app.exception
        assert schedule_of(whole_store()) == (4, 30)
        html = html_of(open_page("admin", part="audit", act="setting"))
        assert "保留备份的份数" in html

    def test_a_backup_that_failed_says_why(self, open_page):
        app = open_page("admin", part="backup")
        path = backup_path(whole_store().home, is_daily=True).with_suffix(".failed")
        path.parent.mkdir(exist_ok=True)
        path.write_text("磁盘空间不足", "utf-8")
        app.run()
        assert "没有做成" in html_of(app)
        assert "磁盘空间不足" in html_of(app)
        assert "磁盘空间不足" in said(open_page("admin", part="system"))


class TestSystem:
    def test_the_folder_its_room_and_the_data_versions_are_told(self, open_page):
        html = html_of(open_page("admin", part="system"))
        store = whole_store()
        assert str(store.home) in html
        assert f"{store.data_version(CYCLE):,}" in html
        assert "磁盘可用" in html

    def test_a_folder_without_a_backup_is_warned_of(self, open_page):
        app = open_page("admin", part="system")
        assert "还没有可用的备份" in app.warning[0].value
        assert "项需要处理" in html_of(app)


class TestOwnAccount:
    def test_an_administrator_cannot_lock_themselves_out(self, with_accounts, open_page):
        with_accounts()
        accounts = Accounts(whole_store())
        own = accounts.find("xitong")
        accounts.set_password(
            "xitong", old=accounts.reset_password("xitong"), new="Chang-baishan88", origin=""
        )
        own = accounts.find("xitong")
        app = choose_account(open_page("admin", visitor=own), "xitong")
        assert "这是您自己的账号" in said(app)
        assert not {"disable", "reset", "change"} & {button.key for button in app.button}

    def test_who_lost_the_role_meanwhile_can_change_nothing(self, with_accounts, open_page):
        with_accounts()
        accounts = Accounts(whole_store())
        accounts.set_password(
            "xitong", old=accounts.reset_password("xitong"), new="Chang-baishan88", origin=""
        )
        app = choose_account(open_page("admin", visitor=accounts.find("xitong")), "daoli-kaohe")
        app.button(key="disable").click().run()
        accounts.add(Account("xitong2", "系统管理岗", "administrator", "230000"))
        accounts.change("xitong", role="reader")
        app.button(key="disable_yes").click().run()
        assert not accounts.find("daoli-kaohe").is_disabled


def test_the_lists_page_is_short():
    assert ROWS <= 500
