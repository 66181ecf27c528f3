"""The inbox: what is put there is taken in and moved, or stays and the reason is said; nothing is lost or taken twice."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from data.inbox import Inbox, inbox_state, start_inbox
from data.inbox_folder import NOTE
from data.intake import take_in
from data.queries import history, inbox_batches, unit_summary
from data.store import Store
from tests.data.small import CYCLE, OTHER, SCHEME_PATH, UNIT, filled, template

ROOT = Path(__file__).parents[2]
GOOD, WORSE = filled(), filled({"T19-01": {"value": "否"}})
WRONG = filled({"T19-01": {"value": "大概有"}})
FAR = datetime(2099, 1, 1)


@pytest.fixture
def store(new_home):
    opened = Store.open(new_home)
    opened.open_cycle(cycle=2026, scheme_path=SCHEME_PATH, opens_on=CYCLE.opens_on, deadline=FAR)
    opened.register_units(cycle=2026, units=[UNIT, OTHER])
    yield opened
    opened.close()


@pytest.fixture
def inbox(store):
    """The inbox after its first look; it waits for nobody."""
    made = Inbox(store, patience_s=0, retry_s=0)
    made.look()
    return made


def put(inbox, name: str, content: bytes) -> Path:
    path = inbox.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def looks(inbox, times: int = 2) -> None:
    for _ in range(times):
        inbox.look()


def lying(inbox, folder: str = "") -> list[str]:
    """Every file below a folder of the inbox, without the day and the receipts; of the inbox itself what waits there."""
    names = []
    for path in sorted((inbox.folder / folder).rglob("*")):
        steps = path.relative_to(inbox.folder).parts
        if path.is_file() and not steps[-1].startswith("回执_"):
            if folder:
                names.append("/".join(steps[2:]))
            elif steps[0] not in ("已接收", "退回", NOTE):
                names.append("/".join(steps))
    return names


def n_receipts(store) -> int:
    return store.rows("select count(*) from receipt")[0][0]


def pack(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


class TestWhatIsTaken:
    def test_the_folders_and_a_note_are_there_from_the_start(self, inbox):
        assert {path.name for path in inbox.folder.iterdir()} == {"已接收", "退回", NOTE}
        assert "压缩包" in (inbox.folder / NOTE).read_text("utf-8-sig")

    def test_a_file_is_taken_at_the_second_look_and_moved(self, store, inbox):
        path = put(inbox, "道里区/甲.xlsx", GOOD)
        inbox.look()
        assert (n_receipts(store), inbox.state.waiting) == (0, ("道里区/甲.xlsx",))
        inbox.look()
        assert (lying(inbox, "已接收"), lying(inbox), inbox.state.waiting) == (["道里区/甲.xlsx"], [], ())
        moved = next((inbox.folder / "已接收" / f"{datetime.now():%Y-%m-%d}").rglob("甲.xlsx"))
        assert (moved.read_bytes(), path.exists()) == (GOOD, False)

    def test_a_file_that_still_grows_waits(self, store, inbox):
        for part in (GOOD[:1000], GOOD[:2000], GOOD):
            put(inbox, "甲.xlsx", part)
            inbox.look()
        assert n_receipts(store) == 0
        inbox.look()
        assert lying(inbox, "已接收") == ["甲.xlsx"]

    def test_a_copy_with_a_date_of_long_ago_waits_like_any_other(self, store, inbox):
        path = put(inbox, "甲.xlsx", GOOD)
        os.utime(path, (1_000_000_000, 1_000_000_000))
        inbox.look()
        path.write_bytes(WORSE)
        os.utime(path, (1_000_000_000, 1_000_000_000))
        assert len(GOOD) != len(WORSE)
        inbox.look()
        assert n_receipts(store) == 0
        inbox.look()
        assert n_receipts(store) == 1

    def test_a_copy_that_stands_still_before_its_end_is_given_time(self, store):
        inbox = Inbox(store, patience_s=600)
        for name, content in (("半.xlsx", GOOD[:3000]), ("空.xlsx", b""), ("占位.xlsx", bytes(5000))):
            put(inbox, name, content)
        put(inbox, "扫描件.xlsx", b"%PDF-1.7")  # no workbook whatever may follow
        looks(inbox, 3)
        assert [path for path, *_ in store.rows("select filename from receipt")] == ["扫描件.xlsx"]
        looks(Inbox(store, patience_s=0), 2)
        assert n_receipts(store) == 4

    @pytest.mark.parametrize("name", ["~$甲.xlsx", ".甲.xlsx", "甲.xlsx.part", "甲.tmp", ".sync/甲.xlsx"])
    def test_what_other_programs_leave_is_left_alone(self, store, inbox, name):
        put(inbox, name, GOOD)
        looks(inbox, 3)
        assert (n_receipts(store), lying(inbox), inbox.state.held) == (0, [name], ())

    def test_a_link_is_not_followed(self, store, inbox, tmp_path):
        (tmp_path / "甲.xlsx").write_bytes(GOOD)
        (inbox.folder / "甲.xlsx").symlink_to(tmp_path / "甲.xlsx")
        looks(inbox, 3)
        assert n_receipts(store) == 0

    def test_what_is_no_workbook_stays_and_is_said(self, store, inbox):
        put(inbox, "佐证/照片.png", b"\x89PNG")
        looks(inbox, 3)
        assert (n_receipts(store), lying(inbox)) == (0, ["佐证/照片.png"])
        (held,) = inbox.state.held
        assert held.names == ("佐证/照片.png",) and "没有处理" in held.reason

    def test_a_name_in_an_old_encoding_is_read(self, store, inbox):
        raw = os.fsencode(inbox.folder) + b"/" + "县乙.xlsx".encode("gbk")
        with open(raw, "wb") as file:  # noqa: PTH123  a name in bytes
            file.write(GOOD)
        looks(inbox)
        assert store.rows("select filename, status from receipt") == [("县乙.xlsx", "accepted")]

    def test_a_name_of_two_lines_is_shown_in_one(self, store, inbox, caplog):
        put(inbox, "甲\n错误.xlsx", GOOD)
        put(inbox, "乙\n错误.png", b"x")
        looks(inbox)
        assert store.rows("select filename from receipt") == [("甲_错误.xlsx",)]
        assert "\n" not in "".join(caplog.messages)

    def test_of_two_files_of_a_unit_the_one_saved_last_counts(self, store, inbox):
        os.utime(put(inbox, "新.xlsx", GOOD), (1_000_000_000, 1_000_000_000))
        os.utime(put(inbox, "旧.xlsx", WORSE), (1_000_000_001, 1_000_000_001))
        looks(inbox)
        assert store.rows("select filename from current_submission") == [("旧.xlsx",)]

    def test_a_file_is_received_when_it_first_lay_there(self, store, inbox):
        put(inbox, "甲.xlsx", GOOD)
        inbox.look()
        store.change_cycle(cycle=2026, deadline=datetime.now())
        time.sleep(0.01)
        inbox.look()
        assert store.rows("select is_late from submission") == [(False,)]

    def test_it_is_done_in_the_inbox_s_name(self, store, inbox):
        put(inbox, "甲.xlsx", GOOD)
        looks(inbox)
        row = history(store, cycle=2026).iloc[0]
        assert (row["account"], row["origin"], row["source_name"]) == ("inbox", "inbox", "收件箱")
        acts = store.rows("select account, role, origin, action from audit where action = 'upload'")
        assert acts == [("inbox", "administrator", "inbox", "upload")]


class TestWhatIsLeft:
    def test_a_refused_file_comes_back_marked_with_the_receipts_of_its_batch(self, store, inbox):
        put(inbox, "道里区/甲.xlsx", WRONG)
        put(inbox, "乙.xlsx", template(OTHER))
        put(inbox, "丙.xlsx", GOOD)
        looks(inbox)
        assert lying(inbox, "已接收") == ["丙.xlsx"]
        assert lying(inbox, "退回") == [
            "乙.xlsx",
            "道里区/甲.xlsx",
            "道里区/问题标注_甲.xlsx",
            "问题标注_乙.xlsx",
        ]
        day = inbox.folder / "退回" / f"{datetime.now():%Y-%m-%d}"
        assert "问题清单" in openpyxl.load_workbook(day / "道里区" / "问题标注_甲.xlsx").sheetnames
        (receipts,) = inbox.folder.rglob("回执_*.xlsx")
        rows = openpyxl.load_workbook(receipts)["回执"].iter_rows(min_row=2, max_col=2, values_only=True)
        assert receipts.parent == day
        assert dict(rows) == {"丙.xlsx": "接收", "乙.xlsx": "退回", "道里区/甲.xlsx": "退回"}

    def test_a_batch_without_a_refusal_has_receipts_too(self, inbox):
        put(inbox, "甲.xlsx", GOOD)
        looks(inbox)
        (receipts,) = inbox.folder.rglob("回执_*.xlsx")
        assert receipts.parent.parent.name == "已接收"

    def test_nothing_is_overwritten(self, inbox):
        for content in (GOOD, WORSE, GOOD):
            put(inbox, "甲.xlsx", content)
            looks(inbox)
        assert lying(inbox, "已接收") == ["甲.xlsx", "甲（2）.xlsx", "甲（3）.xlsx"]
        contents = [path.read_bytes() for path in sorted((inbox.folder / "已接收").rglob("甲*.xlsx"))]
        assert contents == [GOOD, WORSE, GOOD]

    def test_a_file_of_a_long_name_is_moved_and_marked(self, inbox):
        put(inbox, "甲" * 80 + ".xlsx", WRONG)
        looks(inbox)
        assert len(lying(inbox, "退回")) == 2

    def test_a_zip_goes_where_all_of_it_went(self, store, inbox):
        put(inbox, "好.zip", pack({"道里区/甲.xlsx": GOOD}))
        put(inbox, "2026/坏.zip", pack({"县/甲.xlsx": WORSE, "县/乙.xlsx": WRONG, "../乙.xlsx": b"x"}))
        put(inbox, "空.zip", pack({}))
        looks(inbox)
        assert lying(inbox, "已接收") == ["好.zip"]
        assert lying(inbox, "退回") == [
            "2026/坏.zip",
            "2026/问题标注_坏/问题标注_县_乙.xlsx",
            "空.zip",
        ]  # of what was turned away unread there is nothing to mark
        fates = dict(store.rows("select filename, status from receipt"))
        assert fates["好.zip/道里区/甲.xlsx"] == fates["2026/坏.zip/县/甲.xlsx"] == "accepted"
        assert (
            fates["2026/坏.zip/县/乙.xlsx"] == fates["2026/坏.zip/../乙.xlsx"] == fates["空.zip"] == "refused"
        )

    def test_a_file_replaced_while_it_is_taken_is_not_moved_unread(self, tmp_path):
        """The store asks its clock between reading a file and moving it: that is when somebody saves it anew."""
        saves: list[bytes] = []

        def clock() -> datetime:
            if saves:
                put(inbox, "甲.xlsx", saves.pop())
            return datetime.now()

        store = Store.open(tmp_path / "home", clock=clock)
        store.open_cycle(cycle=2026, scheme_path=SCHEME_PATH, opens_on=CYCLE.opens_on, deadline=FAR)
        store.register_units(cycle=2026, units=[UNIT, OTHER])
        inbox = Inbox(store)
        inbox.look()
        put(inbox, "甲.xlsx", GOOD)
        inbox.look()
        saves.append(WORSE)
        inbox.look()
        assert (n_receipts(store), lying(inbox)) == (1, ["甲.xlsx"])
        looks(inbox)
        assert (n_receipts(store), lying(inbox)) == (2, [])
        assert next((inbox.folder / "已接收").rglob("甲.xlsx")).read_bytes() == WORSE
        store.close()


class TestYears:
    def test_without_a_folder_the_newest_open_year_counts(self, store, inbox):
        store.open_cycle(
            cycle=2027, scheme_path=SCHEME_PATH, opens_on=CYCLE.opens_on, deadline=FAR, status="closed"
        )
        put(inbox, "甲.xlsx", GOOD)
        put(inbox, "2026/乙.xlsx", WORSE)
        looks(inbox)
        assert store.rows("select cycle, status from receipt") == [(2026, "accepted")] * 2

    @pytest.mark.parametrize(
        ("folder", "why"), [("2031", "没有开设 2031 年度（已开设：2025、2026）"), ("2025", "2025 年度已关闭")]
    )
    def test_a_year_that_takes_nothing_keeps_its_files_until_it_does(self, store, inbox, caplog, folder, why):
        dates = {"scheme_path": SCHEME_PATH, "opens_on": CYCLE.opens_on, "deadline": FAR}
        store.open_cycle(cycle=2025, **dates, status="closed")
        put(inbox, f"{folder}/甲.xlsx", GOOD)
        looks(inbox, 5)
        assert (n_receipts(store), lying(inbox), inbox.state.waiting) == (0, [f"{folder}/甲.xlsx"], ())
        (held,) = inbox.state.held
        assert why in held.reason
        assert [why in line for line in caplog.messages] == [True]
        store.open_cycle(cycle=int(folder), **dates)
        inbox.look()
        assert (n_receipts(store), lying(inbox), inbox.state.held) == (1, [], ())

    def test_where_no_year_is_open_files_stay(self, store, inbox):
        store.change_cycle(cycle=2026, status="closed")
        put(inbox, "甲.xlsx", GOOD)
        looks(inbox, 3)
        assert "没有开放的考核年度" in inbox.state.held[0].reason
        assert lying(inbox) == ["甲.xlsx"]


class TestWhatGoesWrong:
    def test_a_full_disk_is_said_once_and_tried_again_later(self, store, monkeypatch, caplog):
        inbox = Inbox(store, retry_s=0.3)
        inbox.look()
        put(inbox, "甲.xlsx", GOOD)
        monkeypatch.setattr("data.space.LEAST_FREE_BYTES", 2**60)
        looks(inbox, 20)
        assert "磁盘空间不足" in inbox.state.error
        assert (n_receipts(store), lying(inbox), len(caplog.messages)) == (0, ["甲.xlsx"], 1)
        monkeypatch.undo()
        inbox.look()
        assert n_receipts(store) == 0  # not at every look
        time.sleep(0.35)
        inbox.look()
        assert (n_receipts(store), lying(inbox), inbox.state.error) == (1, [], "")

    def test_a_file_that_cannot_be_moved_is_taken_once_and_moved_later(self, store, inbox, caplog):
        in_the_way = inbox.folder / "已接收" / f"{datetime.now():%Y-%m-%d}"
        in_the_way.write_bytes(b"a file where the day's folder should be")
        put(inbox, "甲.xlsx", GOOD)
        looks(inbox, 5)
        assert (n_receipts(store), lying(inbox)) == (1, ["甲.xlsx"])
        assert "移不走" in inbox.state.held[0].reason
        assert sum("移不走" in line for line in caplog.messages) == 1
        in_the_way.unlink()
        inbox.look()
        assert (n_receipts(store), lying(inbox), inbox.state.held) == (1, [], ())

    def test_a_marked_copy_that_cannot_be_written_is_said_and_holds_nothing_up(self, inbox):
        day = inbox.folder / "退回" / f"{datetime.now():%Y-%m-%d}"
        day.mkdir()
        (day / "问题标注_坏").write_bytes(b"a file where the folder of marked copies should be")
        put(inbox, "坏.zip", pack({"乙.xlsx": WRONG}))
        looks(inbox)
        assert "标出问题的副本写不进" in inbox.state.error
        assert lying(inbox, "退回") == ["坏.zip", "问题标注_坏"]
        put(inbox, "乙.xlsx", WRONG)
        looks(inbox)
        assert inbox.state.error == ""

    def test_an_inbox_that_cannot_be_used_is_said_and_used_when_it_can(self, store, inbox, caplog):
        (inbox.folder / "已接收").rmdir()
        (inbox.folder / "已接收").write_bytes(b"a file where the folder should be")
        put(inbox, "甲.xlsx", GOOD)
        looks(inbox, 3)
        assert "用不了" in inbox.state.error and len(caplog.messages) == 1
        (inbox.folder / "已接收").unlink()
        looks(inbox)
        assert (n_receipts(store), inbox.state.error) == (1, "")

    @pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are tried as on POSIX")
    def test_a_file_that_may_not_be_read_is_said_once_and_read_when_it_may(self, caplog):
        with _readable_by_all() as folder, _opened(folder / "home") as store:
            inbox = Inbox(store, retry_s=0)
            inbox.look()
            path = put(inbox, "甲.xlsx", GOOD)
            put(inbox, "乙.xlsx", WRONG)
            path.chmod(0)
            (inbox.folder / "锁").mkdir(mode=0)
            with _as_nobody():
                looks(inbox, 5)
            assert "锁 读不了" in inbox.state.error
            assert "读不了" in inbox.state.held[0].reason and inbox.state.held[0].names == ("甲.xlsx",)
            assert [path.name for path in inbox.folder.glob("*.xlsx")] == ["甲.xlsx"]
            assert sum("甲.xlsx：读不了" in line for line in caplog.messages) == 1
            path.chmod(0o644)
            with _as_nobody():
                inbox.look()
            assert (n_receipts(store), inbox.state.held) == (2, ())

    def test_a_file_the_program_fails_on_does_not_hold_up_the_others(self, store, inbox):
        packed = pack({"县乙.xlsx": GOOD})
        broken = packed.replace("县乙".encode(), b"\xff\xfe\xff\xfe\xff\xfe")  # flagged as UTF-8, and is none
        assert broken != packed
        put(inbox, "坏.zip", broken)
        put(inbox, "甲.xlsx", GOOD)
        looks(inbox, 4)
        assert store.rows("select count(*) from submission")[0][0] == 1
        assert lying(inbox, "已接收") == ["甲.xlsx"]
        assert lying(inbox) in ([], ["坏.zip"])

    def test_too_large_a_file_is_not_read(self, store, inbox):
        with put(inbox, "甲.xlsx", b"PK").open("r+b") as file:
            file.truncate(201 * 1024 * 1024)
        looks(inbox, 3)
        assert "文件过大" in inbox.state.held[0].reason
        assert n_receipts(store) == 0

    def test_killed_between_commit_and_move_it_moves_what_is_received_already(self, tmp_path):
        home = tmp_path / "home"
        with _opened(home) as store:
            inbox = Inbox(store)
            inbox.look()
            put(inbox, "甲.xlsx", GOOD)
        script = (
            "import os, sys, data.inbox\n"
            "data.inbox.move_taken = lambda *_, **__: os._exit(9)\n"  # where the power goes
            "from data.store import Store\n"
            "inbox = data.inbox.Inbox(Store.open(sys.argv[1]))\n"
            "inbox.look(), inbox.look()\n"
        )
        killed = subprocess.run([sys.executable, "-c", script, str(home)], cwd=ROOT, timeout=60, check=False)
        assert killed.returncode == 9
        store = Store.open(home)
        assert (n_receipts(store), (home / "inbox" / "甲.xlsx").exists()) == (1, True)
        inbox = Inbox(store)
        looks(inbox)
        assert lying(inbox, "已接收") == ["甲.xlsx"]
        assert store.rows("select count(*) from submission")[0][0] == 1
        assert store.rows("select status from receipt") == [("accepted",), ("accepted",)]
        store.close()


class TestWatching:
    def test_files_are_taken_by_themselves_until_it_stops(self, store):
        take_in(store, filename="先.xlsx", content=WORSE, cycle=2026)
        before = unit_summary(store, cycle=2026, unit=UNIT.code)["score"]
        stop = start_inbox(store, look_s=0.05)
        folder = inbox_state(store.home).folder
        _wait_for(lambda: (folder / NOTE).exists())
        (folder / "甲.xlsx").write_bytes(GOOD)
        _wait_for(lambda: not (folder / "甲.xlsx").exists())
        assert unit_summary(store, cycle=2026, unit=UNIT.code)["score"] > before
        (batch,) = inbox_batches(store, cycle=2026).to_dict("records")
        assert (batch["n_files"], batch["n_accepted"], batch["n_refused"]) == (1, 1, 0)
        assert inbox_state(store.home).is_watched
        stop()
        (folder / "乙.xlsx").write_bytes(WORSE)
        time.sleep(0.3)
        state = inbox_state(store.home)
        assert (state.is_watched, state.waiting, n_receipts(store)) == (False, ("乙.xlsx",), 2)

    def test_once_told_to_stop_it_takes_nothing_more(self, store, inbox):
        put(inbox, "甲.xlsx", GOOD)
        put(inbox, "乙.zip", pack({"乙.xlsx": WORSE}))
        inbox.look()
        inbox.stop()
        inbox.look()
        assert (n_receipts(store), lying(inbox)) == (0, ["乙.zip", "甲.xlsx"])

    def test_batches_a_minute_apart_are_two(self, tmp_path):
        now = [datetime.now()]
        with _opened(tmp_path / "home", clock=lambda: now[0]) as store:
            inbox = Inbox(store)
            inbox.look()
            for name, content in (("甲.xlsx", GOOD), ("乙.xlsx", WRONG), ("丙.xlsx", WORSE)):
                put(inbox, name, content)
                looks(inbox)
                now[0] += timedelta(seconds=20 if name == "甲.xlsx" else 90)
            batches = inbox_batches(store, cycle=2026)
        assert list(batches["n_files"]) == [1, 2]
        assert list(batches["n_refused"]) == [0, 1]


@contextmanager
def _opened(home: Path, **options):
    store = Store.open(home, **options)
    store.open_cycle(cycle=2026, scheme_path=SCHEME_PATH, opens_on=CYCLE.opens_on, deadline=FAR)
    store.register_units(cycle=2026, units=[UNIT, OTHER])
    yield store
    store.close()


@contextmanager
def _readable_by_all():
    """A folder that somebody without rights may enter and fill; pytest's own is its user's alone."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        before = os.umask(0)
        try:
            yield Path(name)
        finally:
            os.umask(before)


@contextmanager
def _as_nobody():
    """Root may read everything; without its rights the process is as anybody's."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def _wait_for(is_so, timeout_s: float = 15) -> None:
    until = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)
