"""What goes wrong around a runtime folder: it is said in Chinese what and how to mend it, and nothing is lost."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from data.clock import RELEASED
from data.failures import JOURNALED, UNTOUCHED
from data.model import LOCAL
from data.rebuild import rebuild, rebuild_journal
from data.store import (
    DamagedDatabaseError,
    DamagedError,
    LockedError,
    Store,
    StoreError,
)
from data.verify import verify
from tests.data.disks import read_only, small_disk
from tests.data.kept import content_of, fill, newer, open_cycle, rows_of, scores_in, scores_of, send
from tests.data.small import filled

ROOT = Path(__file__).parents[2]


def refused(home: Path) -> str:
    """What opening the folder says."""
    with pytest.raises(StoreError) as error:
        Store.open(home).close()
    return str(error.value)


class TestAFullDisk:
    """The system itself refuses to let files grow: see tests/data/full_disk.py."""

    def run(self, moment: str, home: Path) -> dict:
        pytest.importorskip("resource")
        command = [sys.executable, "-W", "error", "-m", "tests.data.full_disk", moment, str(home)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def test_before_the_journal_has_the_line_nothing_is_saved_and_it_says_so(self, home):
        got = self.run("journal", home)
        assert "磁盘空间已满" in got["said"] and got["said"].endswith(UNTOUCHED)
        assert (got["lines"], got["during"]) == (0, ["你好，“世界”"])
        assert got["after"] == got["reopened"] == ["你好，“世界”", "又有空间"]
        assert got["faults"] == []

    def test_after_the_journal_has_the_line_it_counts_and_comes_by_itself(self, home):
        got = self.run("commit", home)
        assert "磁盘空间已满" in got["said"] and got["said"].endswith(JOURNALED)
        assert (got["lines"], got["during"]) == (1, ["你好，“世界”"])
        assert got["after"] == got["reopened"] == ["你好，“世界”", "满", "又有空间"]
        assert got["faults"] == []

    def test_a_checkpoint_that_fails_after_the_commit_undoes_nothing(self, home):
        got = self.run("checkpoint", home)
        assert (got["said"], got["lines"]) == ("", 1)
        assert got["during"] == ["你好，“世界”", "满"]
        assert got["after"] == got["reopened"] == ["你好，“世界”", "满", "又有空间"]
        assert got["faults"] == []

    def test_a_disk_nearly_full_is_refused_before_anything_is_written(self, tmp_path):
        with (
            small_disk(tmp_path / "disk", megabytes=64) as disk,
            closing(Store.open(disk / "home")) as store,
        ):
            fill(store)
            before, scores = rows_of(store), scores_of(store)
            filler = disk / "filler"
            filler.write_bytes(bytes(shutil.disk_usage(disk).free - 20 * 1024 * 1024))
            with pytest.raises(StoreError, match="只剩 20 MB"):
                send(store, newer())
            assert rows_of(store) == before
            assert scores_of(store) == scores
            filler.unlink()
            assert send(store, newer()).submission

    def test_a_disk_that_fills_up_during_a_write_loses_nothing(self, tmp_path):
        with small_disk(tmp_path / "disk", megabytes=64) as disk:
            with closing(Store.open(disk / "home")) as store:
                fill(store)
                before = rows_of(store)
                filler = disk / "filler"
                with pytest.raises(StoreError, match="磁盘空间已满") as error, store.write() as transaction:
                    transaction.audit("setting", object="x" * 100_000)
                    with filler.open("wb", buffering=0) as file:
                        while file.write(bytes(4096)):
                            if shutil.disk_usage(disk).free < 8192:
                                break
                assert UNTOUCHED in str(error.value)
                assert rows_of(store) == before
                filler.unlink()
                store.audit("setting", object="再来")
            assert verify(disk / "home").is_sound

    def test_no_room_for_a_workbook_keeps_no_half_file(self, tmp_path):
        with (
            small_disk(tmp_path / "disk", megabytes=64) as disk,
            closing(Store.open(disk / "home")) as store,
        ):
            open_cycle(store)
            filler = disk / "filler"
            filler.write_bytes(bytes(shutil.disk_usage(disk).free - 8192))
            with pytest.raises(StoreError, match="磁盘空间"):
                send(store, filled())
            assert not [p for p in (disk / "home" / "workbooks").rglob("*") if p.is_file()]
            filler.unlink()
            assert send(store, filled()).submission


class TestAReadOnlyFolder:
    def test_opening_says_so_and_changes_nothing(self, home):
        before = content_of(home)
        with read_only(home):
            assert "只读" in refused(home)
        assert content_of(home) == before

    def test_a_folder_that_becomes_read_only_while_it_is_open_keeps_what_it_has(self, home):
        with closing(Store.open(home)) as store:
            before, scores = rows_of(store), scores_of(store)
            with read_only(home):
                with pytest.raises(StoreError, match="只读"):
                    store.set_setting("greeting", "再见")
                assert rows_of(store) == before
                assert scores_of(store) == scores
            store.set_setting("greeting", "再见")
            assert store.setting("greeting") == "再见"
        assert verify(home).is_sound

    @pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_without_the_right_to_write_is_said(self, home):
        for path in (home, home / "assessment.duckdb", home / "journal.jsonl"):
            path.chmod(0o555 if path.is_dir() else 0o444)
        assert "权限" in refused(home)

    def test_a_workbooks_folder_that_cannot_be_written_refuses_the_file_and_keeps_nothing_of_it(self, home):
        with closing(Store.open(home)) as store:
            before = rows_of(store)
            with read_only(home / "workbooks"):
                with pytest.raises(StoreError, match=r"workbooks：.*只读"):
                    send(store, newer())
                assert rows_of(store) == before
            assert send(store, newer()).submission


class TestALockedDatabase:
    def test_a_second_program_is_turned_away_and_the_first_goes_on(self, home):
        with closing(Store.open(home)) as store:
            probe = (
                "import sys; from pathlib import Path; from data.store import Store, LockedError\n"
                "try: Store.open(Path(sys.argv[1]))\nexcept LockedError as error: print(error)"
            )
            command = [sys.executable, "-c", probe, str(home)]
            said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
            assert "正被另一个程序使用" in said and "inbox" in said
            store.set_setting("greeting", "还在")
        assert verify(home).is_sound

    def test_verify_still_follows_the_chain_and_says_what_it_left_out(self, home):
        with closing(Store.open(home)):
            command = [sys.executable, "manage.py", "--home", str(home), "verify", "--json"]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        got = json.loads(done.stdout)
        assert (done.returncode, got["sound"], got["faults"]) == (2, None, [])
        assert [each["part"] for each in got["left_out"]] == ["database", "results"]
        assert "正被另一个程序使用" in got["left_out"][0]["message"]
        assert (got["head"]["n"], got["workbooks"]) == (9, 3)


def flip(path: Path, at: int, length: int = 64) -> None:
    """Other bits in a part of a file."""
    with path.open("r+b") as file:
        file.seek(at)
        part = file.read(length)
        file.seek(at)
        file.write(bytes(byte ^ 0xFF for byte in part))


DAMAGE = {
    "magic": lambda path: flip(path, 8, 4),
    "header": lambda path: flip(path, 4096, 8192),
    "first-block": lambda path: flip(path, 12288 + 8, 4096),
    "truncated": lambda path: os.truncate(path, path.stat().st_size // 2),
    "a-few-bytes": lambda path: os.truncate(path, 100),
    "empty": lambda path: os.truncate(path, 0),
    "another-file": lambda path: path.write_text("名册\n" * 5000, "utf-8"),
    "log-of-another-time": lambda path: path.with_name(f"{path.name}.wal").write_bytes(os.urandom(5000)),
}


class TestADamagedDatabase:
    @pytest.mark.parametrize("kind", DAMAGE)
    def test_it_opens_whole_or_says_that_it_is_damaged_and_rebuild_mends_it(self, home, kind):
        before, scores = content_of(home), scores_in(home)
        DAMAGE[kind](home / "assessment.duckdb")
        try:
            opened = content_of(home)
        except DamagedDatabaseError as error:
            assert "rebuild" in str(error) and "没有丢失" in str(error)
            assert rebuild(home).is_identical
            assert list(home.glob("assessment.damaged-*.duckdb"))
            opened = content_of(home)
            assert opened["audit"].pop()[5] == "rebuild"
            assert opened["chain"].pop()
        assert {table: rows for table, rows in opened.items() if table != "chain"} == {
            table: rows for table, rows in before.items() if table != "chain"
        }
        assert scores_in(home) == scores

    def test_damage_in_the_middle_is_said_where_it_is_read(self, home):
        with closing(Store.open(home)) as store, store.write() as transaction:
            transaction.run(
                "create table filler as select range as a, md5(range::varchar) as b from range(200000)"
            )
        database = home / "assessment.duckdb"
        for at in range(300_000, database.stat().st_size - 300_000, 4096):
            flip(database, at)
        with pytest.raises(DamagedDatabaseError, match="rebuild"), closing(Store.open(home)) as store:
            store.query("select max(b) from filler")

    def test_a_damaged_block_is_not_taken_for_a_lock(self, home):
        DAMAGE["header"](home / "assessment.duckdb")
        with pytest.raises(StoreError) as error:
            Store.open(home)
        assert "block" in str(error.value)
        assert not isinstance(error.value, LockedError)

    def test_a_damaged_log_is_said_and_rebuild_mends_it(self, home):
        script = (
            "import os, sys; from pathlib import Path; from data.store import Store\n"
            "store = Store.open(Path(sys.argv[1])); store.set_setting('greeting', '断电前')\n"
            "os.kill(os.getpid(), 9)"
        )
        subprocess.run([sys.executable, "-c", script, str(home)], cwd=ROOT, check=False)
        log = home / "assessment.duckdb.wal"
        flip(log, log.stat().st_size // 2, 3)
        try:  # where the damage looks like a log that was not written to its end, the journal has the rest
            Store.open(home).close()
        except StoreError as error:
            assert "rebuild" in str(error) and "没有丢失" in str(error)
            assert rebuild(home).is_identical
        with closing(Store.open(home)) as store:
            assert store.setting("greeting") == "断电前"

    def test_a_lost_database_comes_back_when_the_folder_is_opened(self, home):
        before, scores = content_of(home), scores_in(home)
        (home / "assessment.duckdb").unlink()
        assert content_of(home) == before
        assert scores_in(home) == scores


class TestTheJournal:
    def test_a_lost_journal_is_not_begun_anew_and_the_database_can_be_made_the_truth(self, home):
        before = content_of(home)
        (home / "journal.jsonl").unlink()
        said = refused(home)
        assert "台账被删去或换过" in said and "--from-database" in said
        assert not (home / "journal.jsonl").exists()
        assert content_after_adoption(home) == {**before, "chain": []}

    def test_a_shortened_journal_is_not_taken(self, home):
        journal = home / "journal.jsonl"
        lines = journal.read_bytes().splitlines(keepends=True)
        journal.write_bytes(b"".join(lines[:-1]))
        assert "只有 8 行，数据库已记到第 9 行" in refused(home)

    def test_a_changed_last_line_is_said(self, home):
        journal = home / "journal.jsonl"
        flip(journal, journal.stat().st_size - 50, 3)
        assert "第 9 行被改动过" in refused(home)

    def test_another_folders_journal_is_not_taken(self, home, tmp_path):
        with closing(Store.open(tmp_path / "other")) as other:
            for n in range(9):
                other.set_setting("greeting", str(n))
        shutil.copy(tmp_path / "other" / "journal.jsonl", home / "journal.jsonl")
        assert "校验值不符" in refused(home)

    def test_a_torn_line_is_forgotten_and_written_over(self, home):
        before = content_of(home)
        journal = home / "journal.jsonl"
        whole = journal.read_bytes()
        journal.write_bytes(whole + whole.splitlines()[-1][:200])
        assert content_of(home) == before
        with closing(Store.open(home)) as store:
            store.set_setting("greeting", "接着写")
        assert verify(home).is_sound

    def test_a_journal_deleted_under_the_running_service_stops_writing_and_says_why(self, home):
        with closing(Store.open(home)) as store:
            kept = (home / "journal.jsonl").read_bytes()
            (home / "journal.jsonl").unlink()
            with pytest.raises(DamagedError, match="被删去或截短"):
                store.set_setting("greeting", "丢了")
            assert store.setting("greeting") == "你好，“世界”"
            (home / "journal.jsonl").write_bytes(kept)
            store.set_setting("greeting", "找回来了")
        assert verify(home).is_sound

    def test_a_line_that_the_database_forgot_to_note_is_not_put_in_twice(self, home):
        with closing(duckdb.connect(str(home / "assessment.duckdb"))) as database:
            database.execute("delete from chain where n = 9")
        assert "数据库被改动过" in refused(home)


def content_after_adoption(home: Path) -> dict:
    """The folder after `rebuild --from-database`, without the chain and the act itself."""
    rebuild_journal(home)
    content = content_of(home)
    act = content["audit"].pop()
    assert act[5:8] == ("rebuild", None, "台账自数据库建立")
    assert verify(home).is_sound
    return content | {"chain": []}


class TestAMissingWorkbook:
    def test_nothing_needs_it_until_the_database_is_rebuilt_and_then_all_are_named(self, home):
        before = content_of(home)
        lost = sorted((home / "workbooks").glob("*/*.xlsx"))[:2]
        lost[0].unlink()
        flip(lost[1], 100)
        assert content_of(home) == before
        (home / "assessment.duckdb").unlink()
        said = refused(home)
        assert str(lost[0]) in said and str(lost[1]) in said and "--from" in said
        assert not content_is_half(home)


def content_is_half(home: Path) -> bool:
    """Whether a database was left that holds some lines only."""
    with closing(duckdb.connect(str(home / "assessment.duckdb"))) as database:
        return bool(database.execute("select count(*) from journal").fetchone()[0])


class TestAWrongClock:
    def open_at(self, home: Path, now: datetime) -> Store:
        return Store.open(home, clock=lambda: now)

    def test_a_time_before_the_program_is_refused(self, tmp_path):
        with closing(self.open_at(tmp_path / "home", datetime(2000, 1, 1))) as store:
            with pytest.raises(StoreError, match=r"本机时间 2000-01-01 00:00 早于本程序发布的时间") as error:
                store.set_setting("greeting", "早")
            assert "clock --accept" in str(error.value) and UNTOUCHED in str(error.value)
            assert store.journal.head.n == 0

    def test_a_clock_that_jumped_back_is_refused_also_within_one_run(self, tmp_path):
        now = RELEASED + timedelta(days=50)
        times = [now, now - timedelta(minutes=4), now - timedelta(hours=2), now + timedelta(seconds=1)]
        with closing(Store.open(tmp_path / "home", clock=lambda: times.pop(0))) as store:
            store.set_setting("greeting", "一")
            store.set_setting("greeting", "时钟往回拨一点是常事")
            with pytest.raises(StoreError, match="早于最近一次记录的时间"):
                store.set_setting("greeting", "三")
            store.set_setting("greeting", "四")
            assert store.setting("greeting") == "四"

    def test_the_clock_that_was_ahead_is_accepted_by_command_and_work_goes_on(self, home):
        with closing(self.open_at(home, datetime.now() + timedelta(days=400))) as store:
            store.set_setting("greeting", "来自未来")
        manage = [sys.executable, "manage.py", "--home", str(home)]
        shown = subprocess.run([*manage, "clock"], cwd=ROOT, capture_output=True, text=True, check=False)
        assert shown.returncode == 1 and "clock --accept" in shown.stderr
        with closing(Store.open(home)) as store, pytest.raises(StoreError, match="早于最近一次记录的时间"):
            store.set_setting("greeting", "现在")
        subprocess.run([*manage, "clock", "--accept"], cwd=ROOT, check=True, capture_output=True)
        with closing(Store.open(home)) as store:
            store.set_setting("greeting", "现在")
            assert store.rows("select action from audit where action = 'clock'") == [("clock",)]
        assert verify(home).is_sound


class TestManyThreads:
    def test_readers_and_writers_go_on_through_a_database_that_broke(self, home):
        """DuckDB lets nobody in after a failed checkpoint; the connection is closed under the readers' hands."""
        failures: list[BaseException] = []
        with closing(Store.open(home)) as store:
            stopping = threading.Event()

            def read() -> None:
                while not stopping.is_set():
                    try:
                        store.query("select count(*) as n, sum(number) as s from answer")
                    except BaseException as error:
                        failures.append(error)

            readers = [threading.Thread(target=read) for _ in range(4)]
            for reader in readers:
                reader.start()
            for n in range(20):
                store._connection.close()
                store.set_setting("greeting", str(n))
            stopping.set()
            for reader in readers:
                reader.join()
            assert store.setting("greeting") == "19"
        assert failures == []
        assert verify(home).is_sound

    def test_a_write_finds_a_database_that_broke_before_anybody_else_does(self, home):
        with closing(Store.open(home)) as store:
            store._connection.close()
            store.set_setting("greeting", "早")
            assert store.setting("greeting") == "早"
        assert verify(home).is_sound

    def test_writers_wait_for_each_other_and_none_is_lost(self, home):
        with closing(Store.open(home)) as store:
            writers = [
                threading.Thread(target=lambda n=n: [store.set_setting(f"t{n}", str(i)) for i in range(10)])
                for n in range(8)
            ]
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.join()
            seqs = store.rows("select seq from journal union all select seq from audit")
            assert len(seqs) == len(set(seqs))
            assert store.rows("select count(*) from setting where name like 't%'") == [(80,)]
        assert verify(home).is_sound

    def test_a_write_inside_a_write_is_a_fault_of_the_program(self, home):
        with closing(Store.open(home)) as store:
            with pytest.raises(RuntimeError), store.write():
                store.set_setting("greeting", "里面")
            store.set_setting("greeting", "之后")


def test_an_interrupted_write_leaves_nothing(home):
    with closing(Store.open(home)) as store:
        before = rows_of(store)
        with pytest.raises(KeyboardInterrupt), store.write(LOCAL) as transaction:
            transaction.audit("setting")
            raise KeyboardInterrupt
        assert rows_of(store) == before
    assert re.fullmatch(r"[0-9a-f]{64}", verify(home).head.hash)
