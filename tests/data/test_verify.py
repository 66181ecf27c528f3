"""Whatever was changed behind the program's back is named: a line, a row, a workbook, a result."""

from __future__ import annotations

import json
from contextlib import closing

import duckdb
import pytest

from data.compare import NAMES
from data.journal import START, make_entry
from data.journal_body import journal_body
from data.model import LOCAL
from data.schema import kept_tables
from data.store import Store, StoreError
from data.verify import verify
from tests.data.kept import LATER, content_of, send
from tests.data.small import OTHER, UNIT, other_filled


def faults(home, **more) -> list[str]:
    found = verify(home, **more)
    assert found.is_sound is (not found.faults)
    return [text for _, text in found.faults]


def change(home, statement: str) -> None:
    """A change that the program knows nothing of."""
    with closing(duckdb.connect(str(home / "assessment.duckdb"))) as database:
        database.execute(statement)


def edit(home, lines) -> None:
    """Other lines in the journal: a function of the present ones."""
    journal = home / "journal.jsonl"
    journal.write_bytes(b"".join(lines(journal.read_bytes().splitlines(keepends=True))))


class TestASoundFolder:
    def test_has_no_fault_and_its_head_is_printed(self, home):
        found = verify(home)
        assert (found.is_sound, found.faults, found.left_out, found.notes, found.orphans) == (
            True,
            [],
            [],
            [],
            [],
        )
        assert (found.head.n, found.workbooks) == (9, 3)
        assert found.head.hash == (home / "journal.jsonl").read_text("utf-8").splitlines()[-1][:64]

    def test_is_not_changed_by_looking(self, home):
        before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
        verify(home)
        after = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
        assert {path.name for path in after.keys() - before.keys()} <= {".prepared.lock"}
        assert before.items() <= after.items()

    def test_a_noted_head_is_found_in_it_later(self, home):
        noted = verify(home).head
        with closing(Store.open(home)) as store:
            store.set_setting("greeting", "后来")
        found = verify(home, head=noted.hash)
        assert found.is_sound
        assert "第 9 行" in found.notes[0]
        assert verify(home, head=noted.hash[:16].upper()).is_sound

    def test_a_database_that_lags_behind_is_no_fault(self, home):
        """The power went between the journal and the database."""
        with closing(Store.open(home)) as store:
            head = store.journal.head
            body = journal_body(
                {"setting": [{"seq": 99, "name": "x", "value": "y"}], "journal": [
                    {"seq": 99, "recorded_at": LATER, "kind": "setting", "cycle": None, "detail": "x"}]},
                actor=LOCAL, at=LATER,
            )  # fmt: skip
            entry = make_entry(body, after=head)
        with (home / "journal.jsonl").open("ab") as journal:
            journal.write(entry.raw)
        found = verify(home)
        assert found.is_sound and "少 1 行" in found.notes[0]
        assert content_of(home)["setting"][-1] == (99, "x", "y")

    def test_a_workbook_without_a_submission_is_listed_and_no_fault(self, home):
        with closing(Store.open(home)) as store:
            orphan = store.files.path(store.files.keep(b"left by a killed process"))
        found = verify(home)
        assert found.is_sound and found.orphans == [str(orphan)]


class TestTheJournal:
    @pytest.mark.parametrize(
        ("lines", "said"),
        [
            (lambda ls: [*ls[:3], ls[3].replace("示例岗位".encode(), "示例机构".encode(), 1), *ls[4:]], "第 4 行被改动过"),
            (lambda ls: [*ls[:3], *ls[4:]], "第 4 行被删除"),
            (lambda ls: [*ls[:3], *ls[5:]], "第 4—5 行被删除"),
            (lambda ls: ls[1:], "第 1 行被删除"),
            (lambda ls: [*ls[:2], ls[3], ls[2], *ls[4:]], "第 4 行换过位置"),
            (lambda ls: [*ls[:3], ls[1], *ls[3:]], "第 2 行出现不止一次"),
            (lambda ls: [*ls[:4], b"garbage\n", *ls[4:]], "第 5 行"),
            (lambda ls: ls[:-1], "第 9 行不在了"),
            (lambda ls: ls[:-3], "第 7—9 行不在了"),
            (lambda ls: [], "第 1—9 行不在了"),
        ],
        ids=["changed", "removed", "two-removed", "first-removed", "swapped", "doubled", "inserted", "cut-1", "cut-3", "emptied"],
    )  # fmt: skip
    def test_every_line_that_was_changed_removed_moved_or_inserted_is_named(self, home, lines, said):
        edit(home, lines)
        found = verify(home)
        assert any(said in text for text in faults(home)), found.faults
        assert found.left_out  # the rest rests on the journal

    def test_all_changed_lines_are_named_at_once(self, home):
        edit(
            home,
            lambda ls: [
                line.replace(b"local", b"LOCAL", 1) if n in (1, 4, 5, 6) else line
                for n, line in enumerate(ls)
            ],
        )
        assert any("第 2、5—7 行被改动过" in text for text in faults(home))

    def test_a_chain_that_was_written_anew_from_a_line_on_does_not_match_the_database(self, home):
        noted = verify(home).head

        def forge(lines):
            link = START
            for n, raw in enumerate(lines, start=1):
                body = json.loads(raw[65:])
                del body["n"], body["prev"]
                if n == 5:
                    body["by"] = "somebody"
                entry = make_entry(body, after=link)
                link = entry.link
                yield entry.raw

        edit(home, lambda lines: list(forge(lines)))
        assert any("第 5—9 行与数据库记下的校验值不符" in text for text in faults(home))
        # and where the database was forged as well, a head that was noted elsewhere tells
        rows = [json.loads(line[65:]) for line in (home / "journal.jsonl").read_bytes().splitlines()]
        for row, line in zip(rows, (home / "journal.jsonl").read_bytes().splitlines(), strict=True):
            change(home, f"update chain set hash = '{line[:64].decode()}' where n = {row['n']}")
        assert faults(home) == []
        assert any("没有记下的校验值" in text for text in faults(home, head=noted.hash))

    def test_a_line_that_the_database_does_not_note_is_named(self, home):
        change(home, "delete from chain where n = 5")
        assert any("第 5 行数据库没有记下" in text for text in faults(home))


CHANGES = [
    ("update audit set outcome = 'ok' where outcome = 'refused' and seq = (select min(seq) from audit where outcome = 'refused')",
     "审计记录（seq ", "outcome 应为“refused”，现为“ok”"),
    ("delete from audit where seq = (select min(seq) from audit)", "审计记录（seq ", "在数据库中被删除"),
    ("insert into audit by name select * replace (999 as seq) from audit limit 1", "审计记录（seq 999）", "是数据库中多出来的"),
    ("insert into problem select * from problem order by receipt desc limit 1", "问题（receipt ", "是数据库中多出来的"),
    ("update receipt set status = 'accepted' where status = 'refused'", "回执（receipt ", "status 应为“refused”，现为“accepted”"),
    ("update review set choice = '全面落实'", "复核（seq ", "choice 应为“基本落实”，现为“全面落实”"),
    ("update account_event set role = 'administrator'", "账号变更（seq ", "role 应为“county”，现为“administrator”"),
    ("update account_event set password_hash = 'x'", "账号变更（seq ", "password_hash 应为“（不显示）”，现为“（不显示）”"),
    ("update registration set name = '改名' where rowid = 0", "单位登记（seq ", "name 应为"),
    ("update setting set value = 'x'", "设置（seq ", "value 应为“你好，“世界””，现为“x”"),
    ("update submission set is_late = true where rowid = 0", "收到的自评表（submission ", "is_late 应为“False”，现为“True”"),
    ("update scheme_share set share = 0.9 where rowid = 0", "scheme_share（scheme_id small", "share"),
    ("update answer set choice = '是' where choice = '否'", "答案（submission ", "choice 应为“否”，现为“是”"),
    ("delete from problem where rowid = 0", "问题（receipt ", "在数据库中被删除"),
    ("update cycle_event set deadline = deadline + interval 1 day", "年度变更（seq ", "deadline 应为"),
]  # fmt: skip


class TestTheDatabase:
    def test_every_changed_removed_or_added_row_is_named_at_once(self, home):
        for statement, _, _ in CHANGES:
            change(home, statement)
        found = faults(home)
        for statement, where, what in CHANGES:
            assert any(where in text and what in text for text in found), statement

    def test_no_table_is_left_out(self, home):
        """A row less in every table that has any; the chain's own is missed by its number."""
        with closing(duckdb.connect(str(home / "assessment.duckdb"))) as database:
            filled = [
                table
                for table in kept_tables()
                if table != "chain" and database.execute(f"select count(*) from {table}").fetchone()[0]
            ]
            for table in filled:
                database.execute(f"delete from {table} where rowid = (select min(rowid) from {table})")
        found = faults(home)
        assert len(filled) > 20
        for table in filled:
            assert any(text.startswith(NAMES.get(table, table) + "（") for text in found), table

    def test_a_damaged_database_is_a_fault_and_the_rest_is_looked_at(self, home):
        (home / "assessment.duckdb").write_bytes(b"no database")
        found = verify(home)
        assert found.is_sound is False and found.workbooks == 3
        assert "rebuild" in found.faults[0][1]

    def test_a_lost_database_is_no_fault_but_not_all_was_seen(self, home):
        (home / "assessment.duckdb").unlink()
        found = verify(home)
        assert found.is_sound is None and "自动由台账重建" in found.left_out[0][1]


def newest_sheet(store, unit) -> str:
    """The SHA-256 of a unit's newest workbook."""
    asked = "select sha256 from current_submission where cycle = 2026 and unit = $unit"
    return store.rows(asked, unit=unit)[0][0]


class TestTheWorkbooks:
    def test_one_that_is_gone_or_changed_is_named_with_its_unit(self, home):
        with closing(Store.open(home)) as store:
            gone = newest_sheet(store, OTHER.code)
            changed = newest_sheet(store, UNIT.code)
            gone, changed = store.files.path(gone), store.files.path(changed)
        gone.unlink()
        changed.write_bytes(changed.read_bytes() + b" ")
        found = verify(home)
        texts = faults_of(found)
        assert f"自评表 {gone}（单位 {OTHER.code}）不在了" in texts
        assert f"自评表 {changed}（单位 {UNIT.code}）被改动过" in texts
        assert len(texts) == 2
        assert ("results", "有自评表缺失、被改动或读法有变，没有重新计算结果") in found.left_out

    def test_answers_of_one_that_is_gone_are_still_held_against_the_journal(self, home):
        with closing(Store.open(home)) as store:
            gone = newest_sheet(store, OTHER.code)
            path = store.files.path(gone)
        path.unlink()
        change(home, "update answer set number = 9 where number = 4")
        texts = faults_of(verify(home))
        assert any("答案（submission " in text and OTHER.code in text for text in texts)


def faults_of(found) -> list[str]:
    return [text for _, text in found.faults]


def test_a_folder_that_is_none_is_said(tmp_path):
    with pytest.raises(StoreError, match="不是运行目录"):
        verify(tmp_path)


def test_too_short_a_head_is_refused(home):
    with pytest.raises(StoreError, match="前 16 位"):
        verify(home, head="abc")


def test_many_changed_rows_are_counted_not_all_printed(home, monkeypatch):
    monkeypatch.setattr("data.compare.MOST_NAMED", 3)
    with closing(Store.open(home)) as store:
        send(store, other_filled(OTHER, value=1))
    change(home, "update answer set note = 'x'")
    texts = faults(home)
    assert len([text for text in texts if text.startswith("答案（")]) == 3
    assert any("还有" in text for text in texts)
