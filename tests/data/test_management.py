"""What the screen for administrators asks: cycles, the register's make-up, room on the disk, the journal's chain."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from data import queries
from data.intake import take_in
from data.journal_check import check_journal, check_noted
from data.model import Unit
from data.regions import is_within
from data.storage import list_backups, readable, storage, warnings
from data.store import Store
from scoring.scheme import shipped_schemes
from tests.data.small import CYCLE, OTHER, SCHEME_PATH, UNIT, code, filled

AFTER = CYCLE.deadline + timedelta(days=1)


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "home")
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
        report = check_journal(store, progress=lambda done, total: heard.append((done, total)))
        head = store.journal.head
        assert report.is_sound
        assert (report.lines, report.head) == (head.n, head)
        assert heard == [(n, head.n) for n in range(1, head.n + 1)]

    def test_a_changed_line_is_named(self, store):
        _edit(store, lambda lines: [lines[0], lines[1].replace(b"UNIT", b"unit").replace(b"2", b"3")])
        report = check_journal(store)
        assert "第 2 行" in report.fault
        assert report.lines == 1

    def test_a_removed_tail_is_found(self, store):
        _edit(store, lambda lines: lines[:1])
        assert "末尾被删去" in check_journal(store).fault

    def test_a_journal_that_was_replaced_as_a_whole_does_not_fit_the_database(self, store, tmp_path):
        other = Store.open(tmp_path / "other")
        for number in range(store.journal.head.n):
            other.set_setting("note", str(number))
        store.journal.path.write_bytes(other.journal.path.read_bytes())
        other.close()
        assert "与数据库所记的校验值不符" in check_journal(store).fault

    def test_what_is_no_line_at_all_is_a_fault_and_no_exception(self, store):
        _edit(store, lambda lines: [lines[0], b"\xff\xfe\n"])
        assert not check_journal(store).is_sound

    def test_a_noted_line_is_recognised_by_the_beginning_of_its_hash(self, store):
        head = store.journal.head
        assert check_noted(store, n=head.n, noted=f" {head.hash[:16].upper()} ").is_same
        assert not check_noted(store, n=head.n, noted="0" * 64).is_same
        assert not check_noted(store, n=head.n, noted=head.hash[:11]).is_same
        assert "没有第" in check_noted(store, n=head.n + 1, noted=head.hash).said


def _edit(store, change) -> None:
    path = store.journal.path
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))


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
        assert warnings(store, last_backup=None, now=datetime.now()) == []
        store.close()

    def test_old_and_missing_backups_and_a_wrong_clock_are_warned_of(self, store):
        now = datetime.now()
        assert ["还没有备份" in said for said in warnings(store, last_backup=None, now=now)] == [True]
        assert warnings(store, last_backup=now - timedelta(hours=47), now=now) == []
        assert "48 小时" in warnings(store, last_backup=now - timedelta(hours=49), now=now)[0]
        late = now - timedelta(minutes=10)
        assert "早于" in warnings(store, last_backup=late, now=late)[0]

    def test_backups_are_listed_newest_first_without_unfinished_ones(self, tmp_path):
        assert list_backups(tmp_path) == []
        folder = tmp_path / "backups"
        (folder / "one").mkdir(parents=True)
        (folder / "one" / "a").write_bytes(b"123")
        (folder / "two.zip").write_bytes(b"12345")
        (folder / ".part").write_bytes(b"1")
        assert {(b.name, b.bytes) for b in list_backups(tmp_path)} == {("one", 3), ("two.zip", 5)}

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
