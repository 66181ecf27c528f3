"""What the screen for administrators asks: cycles, the register's make-up, room on the disk, the journal's chain."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from data import queries
from data.backup_schedule import BackupFile
from data.failures import StoreError
from data.intake import take_in
from data.journal_check import check_journal
from data.model import Unit
from data.regions import is_within
from data.storage import readable, storage, warnings
from data.store import Store
from scoring.scheme import shipped_schemes
from tests.data.small import CYCLE, OTHER, SCHEME_PATH, UNIT, code, filled

AFTER = CYCLE.deadline + timedelta(days=1)


@pytest.fixture
def store(new_home):
    opened = Store.open(new_home)
    opened.open_cycle(cycle=2026, scheme_path=SCHEME_PATH, opens_on=CYCLE.opens_on, deadline=CYCLE.deadline)
    opened.register_units(cycle=2026, units=[UNIT, OTHER])
    yield opened
    opened.close()


def state(store) -> dict:
    (row,) = queries.cycle_state(store).to_dict("records")
    return row


class TestCycleState:
    def test_before_anything_came_in_everybody_is_missing(self, store):
        row = state(store)
        assert (row["registered"], row["submitted"], row["missing"]) == (2, 0, 2)
        assert (row["files"], row["submissions"], row["refused"]) == (0, 0, 0)
        assert row["data_version"] == store.data_version(2026)

    def test_files_are_counted_by_what_became_of_them(self, store):
        take_in(store, filename="a.xlsx", content=filled(), cycle=2026, received_at=AFTER)
        store.change_cycle(cycle=2026, late="refuse")
        again = filled({"T19-01": {"value": "否"}})
        take_in(store, filename="b.xlsx", content=again, cycle=2026, received_at=AFTER)
        store.change_cycle(cycle=2026, status="closed")
        take_in(store, filename="c.xlsx", content=again, cycle=2026, received_at=AFTER)
        row = state(store)
        assert (row["files"], row["submissions"], row["refused"]) == (3, 1, 2)
        assert (row["refused_closed"], row["refused_late"], row["late_units"]) == (1, 1, 1)
        assert (row["status_name"], row["late_name"], row["missing"]) == ("已关闭", "退回", 1)


class TestRegisterCounts:
    def test_who_is_named_twice_at_once_is_registered_not_at_all(self, store):
        before = queries.register_counts(store, cycle=2026)
        others = [
            replace(OTHER, name="甲"),
            Unit(code(7), "示例七", "230100", "organ"),
            replace(OTHER, name="乙"),
        ]
        with pytest.raises(StoreError, match=f"不止一次.*{OTHER.code}$"):
            store.register_units(cycle=2026, units=others)
        assert queries.register_counts(store, cycle=2026).equals(before)
        assert store.unit(cycle=2026, code=OTHER.code) == OTHER

    def test_counties_count_for_their_prefecture_and_the_sums_agree(self, tmp_path):
        store = Store.open(tmp_path / "home")
        scheme = shipped_schemes()["heilongjiang-2026"]
        store.open_cycle(cycle=2026, scheme_path=scheme, opens_on=CYCLE.opens_on, deadline=CYCLE.deadline)
        assert queries.register_counts(store, cycle=2026).empty
        places = (("230000", "organ"), ("230100", "organ"), ("230102", "school"), ("230281", "organ"))
        units = [
            Unit(code(n), f"示例{n}", region, category) for n, (region, category) in enumerate(places, 1)
        ]
        store.register_units(cycle=2026, units=units)
        counts = queries.register_counts(store, cycle=2026)
        assert counts[["name", "机关", "中小学", "units"]].values.tolist() == [
            ["黑龙江省", 1, 0, 1],
            ["哈尔滨市", 1, 1, 2],
            ["齐齐哈尔市", 1, 0, 1],
            ["合计", 3, 1, 4],
        ]
        assert queries.category_counts(counts).values.tolist() == [["机关", 3], ["中小学", 1], ["合计", 4]]
        without = queries.units_without_tag(store, cycle=2026)
        assert without[["code", "expected"]].values.tolist() == [[code(3), "小学、中学"]]
        store.close()

    def test_a_region_lies_in_itself_and_in_what_is_above(self):
        assert is_within("230102", "230102")
        assert is_within("230102", "230100")
        assert is_within("230102", "230000")
        assert not is_within("230100", "230102")
        assert not is_within("230281", "230100")


class TestJournalCheck:
    def test_an_untouched_journal_is_sound(self, store):
        heard = []
        report = check_journal(store, progress=heard.append)
        head = store.journal.head
        assert report.is_sound
        assert report.lines == head.n
        assert heard == list(range(1, head.n + 1))

    @pytest.mark.parametrize(
        "change",
        [
            lambda lines: [lines[0], lines[1].replace(b"local", b"nobody")],
            lambda lines: lines[:1],
            lambda lines: [lines[0], b"\xff\xfe\n"],
            lambda lines: [lines[1], lines[0]],
        ],
        ids=["changed", "tail removed", "no line at all", "moved"],
    )
    def test_what_was_done_to_the_file_is_found(self, store, change):
        path = store.journal_path
        path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
        report = check_journal(store)
        assert not report.is_sound
        assert all("台账" in fault for fault in report.faults)

    def test_a_journal_that_was_replaced_as_a_whole_does_not_fit_the_database(self, store, tmp_path):
        other = Store.open(tmp_path / "other")
        for number in range(store.journal.head.n):
            other.set_setting("note", str(number))
        store.journal_path.write_bytes(other.journal_path.read_bytes())
        other.close()
        assert "与数据库记下的校验值不符" in check_journal(store).faults[0]

    def test_a_hash_that_was_written_down_is_looked_for(self, store):
        head = store.journal.head
        assert check_journal(store, noted=f" {head.hash[:16].upper()} ").noted == head.n
        assert check_journal(store, noted="0" * 64).faults
        assert "只有 15 位" in check_journal(store, noted=head.hash[:15]).faults[0]


class TestStorage:
    def test_what_the_folder_holds_is_counted(self, store):
        take_in(store, filename="a.xlsx", content=filled(), cycle=2026)
        found = storage(store)
        assert found.workbooks.files == 1
        assert found.workbooks.bytes == len(filled())
        assert found.journal_bytes == store.journal.path.stat().st_size
        assert found.journal_lines == store.journal.head.n
        assert found.database_bytes > 0
        assert found.free_bytes > 0
        assert found.last_write

    def test_an_empty_folder_has_nothing_to_warn_of(self, tmp_path):
        store = Store.open(tmp_path / "home")
        assert storage(store).last_write is None
        assert warnings(store, backups=[], now=datetime.now()) == []
        store.close()

    def test_old_missing_and_failed_backups_are_warned_of(self, store):
        now = datetime.now()

        def told(*backups: BackupFile) -> str:
            return "\n".join(warnings(store, backups=backups, now=now))

        def backup(hours: int, *, reason: str = "") -> BackupFile:
            at = now - timedelta(hours=hours)
            return BackupFile(store.home / "x.zip", at, 1, is_ok=not reason, is_daily=True, reason=reason)

        assert "还没有可用的备份" in told()
        assert told(backup(47)) == ""
        assert "48 小时" in told(backup(49))
        assert "磁盘已满" in told(backup(1, reason="磁盘已满"), backup(20))
        assert "48 小时" in told(backup(1, reason="磁盘已满"), backup(49))
        assert "还没有可用的备份" in told(backup(1, reason="磁盘已满"))

    def test_a_clock_before_the_last_write_is_warned_of(self, store):
        early = datetime.now() - timedelta(minutes=10)
        (clock, _) = warnings(store, backups=[], now=early)
        assert "早于" in clock

    @pytest.mark.parametrize(
        ("n_bytes", "wanted"),
        [
            (0, ("0", "KB")),
            (1536, ("1.5", "KB")),
            (102_400, ("100", "KB")),
            (1023 * 1024, ("1.0", "MB")),
            (3 * 1024**3, ("3.0", "GB")),
        ],
    )
    def test_bytes_are_read_in_fitting_units(self, n_bytes, wanted):
        assert readable(n_bytes) == wanted
