"""A backup holds one moment of everything, made while others write; a restore checks all of it before it changes anything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from data import backup_schedule, swap
from data.backup import make_backup, program_version
from data.backup_schedule import (
    BackupFile,
    back_up_today,
    backup_path,
    backup_state,
    is_due,
    remove_old,
    start_daily_backups,
)
from data.restore import restore
from data.store import LockedError, Store, StoreError
from data.verify import verify
from tests.data.disks import read_only, small_disk
from tests.data.kept import content_of, newer, rows_of, scores_in, send

ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(home):
    with closing(Store.open(home)) as opened:
        yield opened


@pytest.fixture
def backup(kept_home, tmp_path) -> Path:
    """A backup of a folder that is like `home`."""
    copy = shutil.copytree(kept_home, tmp_path / "source")
    with closing(Store.open(copy)) as opened:
        return make_backup(opened, tmp_path / "backup.zip").path


def manifest_of(path: Path) -> dict:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("manifest.json"))


def acts(store: Store, action: str) -> list[tuple]:
    return store.rows("select object, outcome from audit where action = $action order by seq", action=action)


class TestMaking:
    def test_a_restored_backup_is_the_same_folder_to_the_last_row_and_score(self, home, backup, tmp_path):
        before, scores = content_of(home), scores_in(home)
        restore(tmp_path / "new", backup)
        after = content_of(tmp_path / "new")
        assert after["audit"].pop()[5] == "restore"
        assert after["chain"].pop()
        assert after == before
        assert scores_in(tmp_path / "new") == scores
        assert verify(tmp_path / "new").is_sound

    def test_the_manifest_tells_what_is_in_it(self, backup):
        manifest = manifest_of(backup)
        assert (manifest["format"], manifest["program"], manifest["workbooks"]) == (1, program_version(), 3)
        assert (manifest["head"]["n"], manifest["missing"]) == (9, [])
        with zipfile.ZipFile(backup) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
        assert sizes.pop("manifest.json")
        assert sizes == {name: entry["size"] for name, entry in manifest["entries"].items()}

    def test_only_who_made_it_may_read_the_file(self, backup):
        if os.name == "posix":
            assert backup.stat().st_mode & 0o077 == 0

    def test_the_key_is_in_it_only_when_asked_for(self, store, tmp_path):
        (store.home / "secret").write_bytes(b"k" * 32)
        without = make_backup(store, tmp_path / "without.zip")
        with_key = make_backup(store, tmp_path / "with.zip", with_key=True)
        assert "secret" not in manifest_of(without.path)["entries"]
        restore(tmp_path / "new", with_key.path)
        assert (tmp_path / "new" / "secret").read_bytes() == b"k" * 32

    def test_it_is_audited_and_so_is_one_that_failed(self, store, tmp_path):
        make_backup(store, tmp_path / "a.zip")
        with pytest.raises(StoreError, match="已存在"):
            make_backup(store, tmp_path / "a.zip")
        assert acts(store, "backup") == [("a.zip", "ok"), ("a.zip", "failed")]

    def test_a_workbook_that_is_gone_is_said_and_the_rest_is_saved(self, store, tmp_path):
        lost = sorted((store.home / "workbooks").glob("*/*.xlsx"))[0]
        lost.unlink()
        made = make_backup(store, tmp_path / "a.zip")
        assert (made.missing, made.workbooks) == ((lost.stem,), 2)
        assert acts(store, "backup") == [("a.zip", "failed")]
        done = restore(tmp_path / "new", made.path)
        assert done.missing == (lost.stem,)

    def test_nothing_is_left_where_it_cannot_be_written(self, store, tmp_path):
        (tmp_path / "folder").mkdir()
        with read_only(tmp_path / "folder") as folder, pytest.raises(StoreError, match="只读"):
            make_backup(store, folder / "a.zip")
        assert list((tmp_path / "folder").iterdir()) == []

    def test_a_disk_without_the_room_is_refused_before_it_is_filled(self, store, tmp_path):
        with small_disk(tmp_path / "disk", megabytes=34) as disk:
            with pytest.raises(StoreError, match="磁盘空间"):
                make_backup(store, disk / "a.zip")
            assert list(disk.iterdir()) == []
        assert store.setting("greeting") == "你好，“世界”"
        store.set_setting("greeting", "还在")

    def test_the_lock_on_the_database_outlives_a_backup(self, store, tmp_path):
        make_backup(store, tmp_path / "a.zip")
        assert not can_open(store.home)


def can_open(home: Path) -> bool:
    """Whether another program could open the database now."""
    probe = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('select 1')"
    command = [sys.executable, "-c", probe, str(home / "assessment.duckdb")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="other systems lock otherwise")
def test_opening_the_database_file_with_python_gives_the_lock_away(home):
    """Why nothing in the serving process may do so (docs/decisions.md); the day this fails, the rule may go."""
    with closing(duckdb.connect(str(home / "assessment.duckdb"))):
        assert not can_open(home)
        (home / "assessment.duckdb").open("rb").close()
        assert can_open(home)


class TestWhileOthersWrite:
    def test_each_backup_is_one_moment_and_no_writer_waits_long(self, store, tmp_path):
        stopping = threading.Event()
        waits: list[float] = []

        def write() -> None:
            n = 0
            while not stopping.is_set():
                started = time.monotonic()
                store.set_setting("n", str(n := n + 1))
                waits.append(time.monotonic() - started)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            made = [make_backup(store, tmp_path / f"{n}.zip") for n in range(3)]
        finally:
            stopping.set()
            writer.join()
        assert max(waits) < 2  # seconds, on a machine that does other things too
        for number, each in enumerate(made):
            home = tmp_path / f"restored-{number}"
            restore(home, each.path)
            assert verify(home).is_sound
            with closing(Store.open(home)) as opened:
                numbers = [
                    int(value)
                    for (value,) in opened.rows("select value from setting where name = 'n' order by seq")
                ]
                assert numbers == list(range(1, len(numbers) + 1))
                assert opened.rows("select max(n) from chain")[0][0] == each.head.n + 1


class TestRestoring:
    def test_a_folder_in_use_is_left_alone(self, home, backup):
        with closing(Store.open(home)) as store:
            before = rows_of(store)
            with pytest.raises(LockedError):
                restore(home, backup, replace=True)
            assert rows_of(store) == before

    def test_a_folder_that_is_not_empty_is_left_alone_unless_told_to_replace_it(self, home, backup):
        before = content_of(home)
        with pytest.raises(StoreError, match="--replace"):
            restore(home, backup)
        assert content_of(home) == before

    def test_what_is_replaced_moves_aside_whole(self, home, backup, tmp_path):
        with closing(Store.open(home)) as store:
            send(store, newer())
        later = content_of(home)
        (home / "inbox").mkdir()
        done = restore(home, backup, replace=True)
        assert done.aside.parent == home
        assert len(content_of(home)["submission"]) == 3
        assert content_of(done.aside) == later
        assert (home / "inbox").is_dir()

    @pytest.mark.parametrize("entry", ["assessment.duckdb", "journal.jsonl", "workbooks", "manifest.json"])
    def test_a_backup_in_which_anything_was_changed_is_refused_and_nothing_changes(
        self, home, backup, tmp_path, entry
    ):
        before = content_of(home)
        changed = tmp_path / "changed.zip"
        with zipfile.ZipFile(backup) as source, zipfile.ZipFile(changed, "w") as target:
            for info in source.infolist():
                content = source.read(info)
                if info.filename.startswith(entry):
                    content = (
                        content.replace(b'"n": 9', b'"n": 8')
                        if entry == "manifest.json"
                        else content[:-1] + b"?"
                    )
                    entry = "only the first"
                target.writestr(info.filename, content)
        for home_again in (home, tmp_path / "empty"):
            with pytest.raises(StoreError, match=r"损坏|不是"):
                restore(home_again, changed, replace=True)
        assert content_of(home) == before
        assert [path.name for path in (tmp_path / "empty").iterdir()] == [".prepared.lock"]

    @pytest.mark.parametrize("at", [0.1, 0.5, 0.9, 0.999])
    def test_bits_that_flipped_on_the_medium_are_noticed(self, backup, tmp_path, at):
        content = bytearray(backup.read_bytes())
        content[int(len(content) * at)] ^= 0xFF
        backup.write_bytes(content)
        with pytest.raises(StoreError):
            restore(tmp_path / "new", backup)

    @pytest.mark.parametrize("keep", [0, 10, 1000, -5])
    def test_a_backup_that_was_not_copied_whole_is_refused(self, backup, tmp_path, keep):
        os.truncate(backup, keep if keep >= 0 else backup.stat().st_size + keep)
        with pytest.raises(StoreError, match=r"损坏|不是"):
            restore(tmp_path / "new", backup)

    def test_a_zip_that_reaches_out_of_the_folder_is_refused(self, backup, tmp_path):
        with zipfile.ZipFile(backup) as source:
            manifest = json.loads(source.read("manifest.json"))
            contents = {name: source.read(name) for name in manifest["entries"]}
        name = "workbooks/../../outside.xlsx"
        manifest["entries"][name] = {"sha256": "0" * 64, "size": 3}
        with zipfile.ZipFile(backup, "w") as target:
            for each, content in contents.items():
                target.writestr(each, content)
            target.writestr(name, b"abc")
            target.writestr("manifest.json", json.dumps(manifest))
        with pytest.raises(StoreError, match="不认识的文件"):
            restore(tmp_path / "new", backup)
        assert not list(tmp_path.rglob("outside*"))

    def test_any_other_file_is_refused(self, tmp_path):
        (tmp_path / "text.zip").write_text("no zip", "utf-8")
        with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
            archive.writestr("a.txt", "a")
        for name, said in (
            ("text.zip", "不是备份文件"),
            ("other.zip", "不是本系统的备份"),
            ("gone.zip", "核对路径"),
        ):
            with pytest.raises(StoreError, match=said):
                restore(tmp_path / "new", tmp_path / name)

    def test_a_backup_of_a_newer_program_is_said(self, backup, tmp_path):
        with zipfile.ZipFile(backup) as source:
            contents = {info.filename: source.read(info) for info in source.infolist()}
        contents["manifest.json"] = contents["manifest.json"].replace(b'"format": 1', b'"format": 2')
        with zipfile.ZipFile(backup, "w") as target:
            for name, content in contents.items():
                target.writestr(name, content)
        with pytest.raises(StoreError, match="更新的版本"):
            restore(tmp_path / "new", backup)

    @pytest.mark.parametrize("survived", range(9))
    def test_killed_at_any_step_the_folder_opens_as_it_was_or_restored(
        self, home, backup, monkeypatch, survived
    ):
        """Every name that moves is a step; so is the order that decides the swap."""
        with closing(Store.open(home)) as store:
            send(store, newer())
        old, new = content_of(home), 3
        left = [survived]

        def count_down(name):
            step = getattr(Path, name)

            def taken(path, target):
                if left[0] == 0:
                    raise KeyboardInterrupt  # not even an exception handler runs after a power cut
                left[0] -= 1
                return step(path, target)

            return taken

        with monkeypatch.context() as patch:
            patch.setattr(swap.Path, "rename", count_down("rename"))
            patch.setattr(swap.Path, "replace", count_down("replace"))
            with suppress(KeyboardInterrupt):
                restore(home, backup, replace=True)
        content = content_of(home)
        assert content == old or len(content["submission"]) == new
        assert verify(home).is_sound
        assert not (home / ".prepared").exists()


class TestDaily:
    def make(self, home: Path, name: str, *, is_whole: bool = True) -> Path:
        path = home / "backups" / name
        path.parent.mkdir(exist_ok=True)
        with closing(Store.open(home)) as store:
            make_backup(store, path)
        if not is_whole:
            os.truncate(path, 50)
        return path

    def test_it_is_made_kept_and_shown(self, store):
        made = back_up_today(store)
        assert made.is_ok and made.is_daily and not made.reason
        assert backup_state(store.home) == [made]
        assert acts(store, "backup") == [(made.path.name, "ok")]
        assert store.rows("select account, origin from audit where action = 'backup'") == [
            ("backup", "daily")
        ]

    def test_a_failure_is_shown_audited_and_gone_after_the_next_success(self, store, monkeypatch):
        monkeypatch.setattr("data.backup.LEAST_FREE_BYTES", 10**15)
        with pytest.raises(StoreError, match="磁盘空间不足"):
            back_up_today(store)
        (failed,) = backup_state(store.home)
        assert not failed.is_ok and "磁盘空间不足" in failed.reason
        monkeypatch.undo()
        monkeypatch.setattr(
            backup_schedule, "backup_path", lambda home, **_: home / "backups" / "backup-20991231-020000.zip"
        )
        assert back_up_today(store).is_ok
        assert [each.is_ok for each in backup_state(store.home)] == [True]
        assert [outcome for _, outcome in acts(store, "backup")] == ["failed", "ok"]

    def test_old_ones_go_but_never_the_last_whole_one_nor_one_made_by_hand(self, home):
        days = [
            self.make(home, f"backup-2026110{n}-020000.zip", is_whole=n not in (3, 7)) for n in range(1, 8)
        ]
        by_hand = self.make(home, "manual-20261101-120000.zip")
        foreign = home / "backups" / "backup-of-something.zip"
        foreign.write_bytes(b"not ours")
        removed = remove_old(home, keep=3)
        assert sorted(removed) == days[:3]  # of whole ones 4, 5 and 6 stay
        assert {by_hand, foreign, *days[3:]} <= set((home / "backups").iterdir())
        assert sorted(remove_old(home, keep=0)) == days[3:5]
        assert days[5].exists()

    def test_it_is_due_once_after_each_time_the_clock_shows_the_hour(self):
        def state(*times: str, is_ok: bool = True) -> list[BackupFile]:
            return [BackupFile(Path("x"), datetime.fromisoformat(t), 1, is_ok, True) for t in times]

        now = datetime(2026, 11, 25, 9, 30)
        assert is_due(now, [], hour=2)
        assert is_due(now, state("2026-11-24T02:00:30"), hour=2)
        assert not is_due(now, state("2026-11-25T02:00:30"), hour=2)
        assert is_due(now, state("2026-11-25T02:00:30", is_ok=False), hour=2)
        assert not is_due(datetime(2026, 11, 25, 1, 59), state("2026-11-24T02:00:30"), hour=2)
        assert is_due(now, state("2031-01-01T02:00:00"), hour=2)  # made under a wrong clock

    def test_the_thread_makes_one_and_only_one_and_ends_when_told(self, store):
        stop = start_daily_backups(store, look_s=0.05)
        until = time.monotonic() + 20
        while not any(each.is_ok for each in backup_state(store.home)) and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.3)
        stop()
        assert [each.is_ok for each in backup_state(store.home)] == [True]
        assert "backup" not in {thread.name for thread in threading.enumerate()}

    def test_the_thread_says_what_failed_and_tries_again_later(self, store, monkeypatch, caplog):
        monkeypatch.setattr("data.backup.LEAST_FREE_BYTES", 10**15)
        monkeypatch.setattr(backup_schedule, "RETRY", timedelta(seconds=0.2))
        stop = start_daily_backups(store, look_s=0.05)
        until = time.monotonic() + 20
        while len(acts(store, "backup")) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        stop()
        assert "每日备份没有做成" in caplog.text and "磁盘空间不足" in caplog.text
        assert {outcome for _, outcome in acts(store, "backup")} == {"failed"}

    def test_hour_and_number_are_settings_and_nonsense_counts_as_not_set(self, store):
        for value, expected in (("5", 5), ("24", 2), ("-1", 2), ("早上", 2), ("", 2)):
            store.set_setting("backup_hour", value)
            assert backup_schedule._setting(store, "backup_hour", 2, 23) == expected

    def test_what_a_killed_process_left_is_cleared_by_the_next(self, store):
        folder = store.home / "backups"
        (folder / ".backup-abc").mkdir(parents=True)
        (folder / ".backup-20261101-020000.zip.part").write_bytes(b"half")
        made = make_backup(store, backup_path(store.home))
        assert [path.name for path in folder.iterdir()] == [made.path.name]
