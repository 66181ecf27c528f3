"""The database made anew from the journal and the kept workbooks, and the journal made anew from the database."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import replay as replaying
from data.adopt import ADOPTED
from data.rebuild import rebuild, rebuild_journal
from data.store import LockedError, Store, StoreError
from data.verify import verify
from tests.data.kept import IN_TIME, content_of, newer, open_cycle, rows_of, scores_in, scores_of, send
from tests.data.small import OTHER, UNIT, code, filled, other_filled

ROOT = Path(__file__).parents[2]


def workbooks(home: Path) -> list[Path]:
    return sorted((home / "workbooks").glob("*/*.xlsx"))


def without_the_act(content: dict) -> dict:
    """A folder's content without the last line, which records the rebuild itself."""
    return content | {"audit": content["audit"][:-1], "chain": content["chain"][:-1]}


def test_every_row_and_every_score_is_what_it_was(home):
    before, scores = content_of(home), scores_in(home)
    done = rebuild(home)
    assert done.is_identical and done.lines == 9
    after = content_of(home)
    assert without_the_act(after) == before
    assert after["audit"][-1][5] == "rebuild"
    assert scores_in(home) == scores
    assert verify(home).is_sound


def test_the_old_database_is_kept_beside_and_nothing_else_is_left(home):
    old = (home / "assessment.duckdb").read_bytes()
    done = rebuild(home)
    assert done.aside.read_bytes() == old
    assert sorted(path.name for path in home.iterdir()) == sorted(
        [".prepared.lock", "assessment.duckdb", done.aside.name, "journal.jsonl", "workbooks"]
    )


def test_progress_is_heard_to_the_end(home):
    heard = []
    rebuild(home, progress=lambda done, total: heard.append((done, total)))
    assert heard == sorted(heard)
    assert heard[-1] == (9, 9)


def test_a_folder_in_use_is_left_alone(home):
    with closing(Store.open(home)) as store:
        with pytest.raises(LockedError):  # the program that has it open, itself
            rebuild(home)
        command = [sys.executable, "manage.py", "--home", str(home), "rebuild"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 2 and "正被另一个程序使用" in done.stderr
        store.set_setting("greeting", "还在")
    assert verify(home).is_sound


class TestMissingWorkbooks:
    def lose(self, home: Path) -> list[Path]:
        """One file is gone, another was changed."""
        gone, changed, _ = workbooks(home)
        gone.unlink()
        changed.write_bytes(changed.read_bytes()[:-1])
        return [gone, changed]

    def test_all_are_named_at_once_and_nothing_changes(self, home):
        before = content_of(home)
        lost = self.lose(home)
        with pytest.raises(StoreError) as error:
            rebuild(home)
        for path in lost:
            assert str(path) in str(error.value)
        assert content_of(home) == before
        assert not list(home.glob("*damaged*"))

    @pytest.mark.parametrize("as_zip", [False, True])
    def test_they_are_found_in_a_folder_or_a_zip_by_their_content(self, home, tmp_path, as_zip):
        contents = [path.read_bytes() for path in workbooks(home)]
        before = content_of(home)
        self.lose(home)
        place = tmp_path / "units"
        (place / "sub").mkdir(parents=True)
        for number, content in enumerate([*contents, b"something else"]):
            (place / "sub" / f"{number}.bin").write_bytes(content)
        if as_zip:
            with zipfile.ZipFile(tmp_path / "units.zip", "w") as archive:
                for path in (place / "sub").iterdir():
                    archive.write(path, path.name)
            place = tmp_path / "units.zip"
        assert rebuild(home, found_in=place).is_identical
        assert without_the_act(content_of(home)) == before

    def test_a_place_that_is_neither_is_said(self, home, tmp_path):
        self.lose(home)
        with pytest.raises(StoreError, match="--from 请写目录或 zip 文件"):
            rebuild(home, found_in=tmp_path / "nowhere")

    def test_what_is_nowhere_can_be_left_out_by_name(self, home):
        before = content_of(home)
        lost = self.lose(home)
        done = rebuild(home, without_missing=True)
        assert set(done.left_out) == {path.stem for path in lost}
        assert not done.is_identical and not done.read_otherwise
        after = without_the_act(content_of(home))
        left_out = {row[0] for row in before["submission"] if row[3] in done.left_out}
        assert after["answer"] == [row for row in before["answer"] if row[0] not in left_out]
        assert after | {"answer": []} == before | {"answer": []}


def test_a_workbook_that_reads_otherwise_is_reported_and_put_in_as_it_reads(home, monkeypatch):
    """Another program may read a cell differently; that must never pass unnoticed."""
    check = replaying.check_workbook

    def check_otherwise(raw, **context):
        unit, answers, problems = check(raw, **context)
        if unit == OTHER.code:
            answers = [replace(answer, text=answer.text + "！") for answer in answers]
        return unit, answers, problems

    monkeypatch.setattr(replaying, "check_workbook", check_otherwise)
    done = rebuild(home)
    assert [each.unit for each in done.read_otherwise] == [OTHER.code]
    assert not done.is_identical
    found = verify(home)
    assert found.is_sound is False
    assert any(OTHER.code in text for _, text in found.faults)


def test_a_last_line_that_was_not_written_whole_is_left_out_and_said(home):
    before = content_of(home)
    journal = home / "journal.jsonl"
    content = bytearray(journal.read_bytes())
    content[-40:-30] = bytes(10)
    journal.write_bytes(content)
    (home / "assessment.duckdb").unlink()
    done = rebuild(home)
    assert (done.lines, done.is_last_line_torn, done.is_identical) == (8, True, False)
    assert [path.read_bytes() for path in home.glob("journal.damaged-*.jsonl")] == [content]
    assert without_the_act(content_of(home))["registration"] == before["registration"][:3]


@pytest.mark.parametrize("n", [1, 4, 8])
def test_a_journal_damaged_before_its_last_line_is_not_rebuilt_from(home, n):
    journal = home / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[n - 1] = lines[n - 1].replace(b"local", b"LOCAL", 1)
    journal.write_bytes(b"".join(lines))
    with pytest.raises(StoreError, match=f"第 {n} 行被改动过") as error:
        rebuild(home)
    assert "restore" in str(error.value)


def test_without_a_journal_there_is_nothing_to_rebuild_from_and_it_says_what_is_left(home):
    (home / "journal.jsonl").unlink()
    with pytest.raises(StoreError, match="没有台账") as error:
        rebuild(home)
    assert "restore" in str(error.value) and "--from-database" in str(error.value)


class TestWhatIsReadAgain:
    """Workbooks are read under the register, the scheme and the dates of their time, not of the present."""

    def test_a_unit_registered_otherwise_between_two_workbooks(self, tmp_path):
        home = tmp_path / "home"
        with closing(Store.open(home)) as store:
            open_cycle(store)
            send(store, filled())
            for unit in (replace(UNIT, tags=()), UNIT, replace(UNIT, is_active=False), UNIT):
                store.register_units(cycle=2026, units=[unit])
                send(store, filled({"T19-05": {"value": 1 + len(unit.tags)}}))
                send(store, other_filled(replace(UNIT, tags=()), value=2))
            before, scores = rows_of(store), scores_of(store)
        assert rebuild(home).is_identical
        assert without_the_act(content_of(home)) == before
        assert scores_in(home) == scores

    def test_a_register_that_changes_while_files_are_examined(self, tmp_path):
        """The intake examines before it takes the lock; what changed in between is examined again under the lock."""
        home = tmp_path / "home"
        with closing(Store.open(home)) as store:
            open_cycle(store)

            def files():
                yield "甲.xlsx", filled()
                yield "乙.xlsx", other_filled(OTHER)
                store.register_units(cycle=2026, units=[replace(UNIT, tags=())])

            from data.intake import take_in_many

            first, second = take_in_many(store, files(), cycle=2026, received_at=IN_TIME)
            assert (first.status, second.status) == ("refused", "accepted")
            before = rows_of(store)
        assert rebuild(home).is_identical
        assert without_the_act(content_of(home)) == before

    @settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        acts=st.lists(
            st.sampled_from(["send", "other", "newer", "bare", "tags", "rename", "setting"]), max_size=7
        )
    )
    def test_any_order_of_acts(self, acts, tmp_path_factory):
        home = tmp_path_factory.mktemp("acts") / "home"
        with closing(Store.open(home)) as store:
            open_cycle(store)
            for number, act in enumerate(acts):
                do = {
                    "send": lambda: send(store, filled()),
                    "other": lambda: send(store, other_filled(OTHER)),
                    "newer": lambda: send(store, newer()),
                    "bare": lambda: store.register_units(cycle=2026, units=[replace(UNIT, tags=())]),
                    "tags": lambda: store.register_units(cycle=2026, units=[UNIT]),
                    "rename": lambda n=number: store.register_units(cycle=2026, units=[replace(OTHER, name=f"示例{n}局")]),
                    "setting": lambda n=number: store.set_setting("greeting", f"“{n}”\n\\"),
                }  # fmt: skip
                do[act]()
            before, scores = rows_of(store), scores_of(store)
        (home / "assessment.duckdb").unlink()
        assert content_of(home) == before
        assert scores_in(home) == scores


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=50)


@settings(deadline=None, max_examples=15)
@given(
    values=st.lists(
        st.fixed_dictionaries({
            "reason": TEXTS,
            "number": st.none() | st.floats(allow_nan=False) | st.integers(-(2**40), 2**40),
            "on_date": st.none() | st.dates(),
            "recorded_at": st.datetimes(),
            "choice": st.none() | TEXTS,
        }),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_every_value_comes_back_from_a_line_as_it_went_in(values, tmp_path_factory):
    home = tmp_path_factory.mktemp("values") / "home"
    empty = dict.fromkeys(("numerator", "denominator"))
    with closing(Store.open(home)) as store:
        with store.write() as transaction:
            for value in values:
                row = {"seq": transaction.record("review", cycle=2026, detail=""), "cycle": 2026, "unit": code(1), "submission": 1,
                       "indicator": "T19-01", "stage": "county", "state": "answered", **empty, **value}  # fmt: skip
                transaction.add("review", row)
        before = rows_of(store)
    (home / "assessment.duckdb").unlink()
    assert content_of(home) == before


def make_folder_of_0_1_0(home: Path) -> None:
    """What the first version left: no journal, no chain, no audit, no accounts, and tables with fewer columns."""
    with closing(duckdb.connect(str(home / "assessment.duckdb"))) as database:
        for (view,) in database.execute("select view_name from duckdb_views() where not internal").fetchall():
            database.execute(f"drop view if exists {view}")
        for table in ("chain", "audit", "account_event"):
            database.execute(f"drop table {table}")
        for table, column in (("cycle_event", "late"), ("receipt", "account"), ("receipt", "origin")):
            database.execute(f"alter table {table} drop column {column}")
        database.execute("update result_program set digest = '0.1.0'")
    (home / "journal.jsonl").unlink()


class TestAFolderOfTheFirstVersion:
    NEW = ("chain", "audit", "account_event")

    def test_it_opens_as_before_and_gets_a_journal(self, home):
        before, scores = content_of(home), scores_in(home)
        make_folder_of_0_1_0(home)
        with closing(Store.open(home)) as store:
            after = rows_of(store)
            assert store.rows("select action, object from audit") == [("rebuild", ADOPTED)]
            assert scores_of(store) == scores
            assert store.cycle(2026).late == "mark"
        blanked = [row[:-2] for row in before["receipt"]], [row[:-1] for row in before["cycle_event"]]
        assert ([row[:-2] for row in after["receipt"]], [row[:-1] for row in after["cycle_event"]]) == blanked
        skipped = {*self.NEW, "receipt", "cycle_event"}
        assert {t: r for t, r in after.items() if t not in skipped} == {
            t: r for t, r in before.items() if t not in skipped
        }
        assert verify(home).is_sound
        assert len(list(home.glob("assessment.replaced-*.duckdb"))) == 1

    def test_from_then_on_it_can_be_rebuilt_like_any_other(self, home):
        make_folder_of_0_1_0(home)
        before, scores = content_of(home), scores_in(home)
        (home / "assessment.duckdb").unlink()
        assert content_of(home) == before
        assert scores_in(home) == scores

    def test_killed_at_any_step_it_opens_the_next_time(self, home, monkeypatch):
        from data import swap

        make_folder_of_0_1_0(home)
        rename = Path.rename
        for survived in range(4):

            def dies(path, target, *, left=[survived]):  # noqa: B006 the steps that are left, counted down
                if left[0] == 0:
                    raise KeyboardInterrupt
                left[0] -= 1
                return rename(path, target)

            monkeypatch.setattr(swap.Path, "rename", dies)
            try:
                Store.open(home).close()
            except KeyboardInterrupt:
                continue
            finally:
                monkeypatch.undo()
        assert len(content_of(home)["submission"]) == 3
        assert verify(home).is_sound


def test_the_journal_is_made_anew_by_command_and_the_old_one_is_kept(home):
    before, old = content_of(home), (home / "journal.jsonl").read_bytes()
    head = rebuild_journal(home)
    with closing(Store.open(home)) as store:
        assert store.journal.head == head
    assert [path.read_bytes() for path in home.glob("journal.replaced-*.jsonl")] == [old]
    after = content_of(home)
    assert after["audit"][-1][7] == ADOPTED
    assert {t: r for t, r in without_the_act(after).items() if t != "chain"} == {
        t: r for t, r in before.items() if t != "chain"
    }
    assert verify(home).is_sound
    assert verify(home, head=dict(before["chain"])[9]).is_sound is False


def test_a_damaged_database_is_not_taken_for_the_truth(home):
    journal = (home / "journal.jsonl").read_bytes()
    os.truncate(home / "assessment.duckdb", 5000)
    with pytest.raises(StoreError, match="打不开"):
        rebuild_journal(home)
    assert (home / "journal.jsonl").read_bytes() == journal
