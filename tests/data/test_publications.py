"""Publishing freezes what stands; what is read through a publication never changes; verify proves it or names what is not."""

from __future__ import annotations

import inspect
import json
import re
import shutil
import zipfile
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from pandas.testing import assert_frame_equal

from data import queries
from data.backup import make_backup
from data.compare import NAMES
from data.course.findings import open_finding
from data.course.grades import set_grade
from data.course.objections import decide_objection
from data.course.publications import publication, publications, publish, requirements
from data.course.reviews import Ruling, record_rulings
from data.course.stages import close_stage, reopen_stage
from data.model import Actor, Scope
from data.publication_files import read_publication
from data.rebuild import rebuild
from data.restore import restore
from data.store import DATABASE, Store, StoreError
from data.verify import Verification, verify
from scoring.views import RESULTS

PROVINCE = "230000"
PUBLISHED, LIVE_YEAR = 2025, 2026
EVERYTHING = Scope(PROVINCE)


@pytest.fixture(scope="module")
def closed_home(lived_home, tmp_path_factory) -> Path:
    """The demo with 2026 closed by the province and every objection decided: ready to be published."""
    home = Path(shutil.copytree(lived_home, tmp_path_factory.mktemp("closed") / "home"))
    with closing(Store.open(home)) as store:
        province = store.seen_by(EVERYTHING, actor=Actor("sheng", "province"))
        for row in queries.objections(store, cycle=LIVE_YEAR).to_dict("records"):
            decide_objection(
                province,
                cycle=LIVE_YEAR,
                objection=row["objection"],
                move="uphold",
                reason="材料不足",
                ruling=int(row["now_seq"]),
            )
        close_stage(province, cycle=LIVE_YEAR, region=PROVINCE, stage="province")
    return home


@pytest.fixture
def home(closed_home, tmp_path) -> Path:
    return Path(shutil.copytree(closed_home, tmp_path / "home"))


@pytest.fixture
def store(home):
    with closing(Store.open(home)) as opened:
        yield opened


def province_of(store: Store):
    return store.seen_by(EVERYTHING, actor=Actor("sheng", "province"))


def published_tables(store: Store, seq: int) -> dict[str, list[tuple]]:
    return {
        name: store.rows(
            f"select * exclude (publication) from published_{name} where publication = $seq order by all",
            seq=seq,
        )
        for name in RESULTS
    }


def live_tables(store: Store, cycle: int) -> dict[str, list[tuple]]:
    store.refresh(cycle)
    return {
        name: store.rows(f"select * from result_{name} where cycle = $cycle order by all", cycle=cycle)
        for name in RESULTS
    }


def change_something(store: Store) -> str:
    """A ruling of the province that changes a score; the unit."""
    province = province_of(store)
    reopen_stage(province, cycle=LIVE_YEAR, region=PROVINCE, stage="province", reason="更正")
    unit = store.rows(
        "select unit from result_counted_value where cycle = 2026 and indicator = 'T14-01' and x = 1 order by unit"
    )[0][0]
    ruling = Ruling(unit, "T14-01", "change", "复核后更正", choice="未落实")
    record_rulings(province, cycle=LIVE_YEAR, rulings=[ruling])
    close_stage(province, cycle=LIVE_YEAR, region=PROVINCE, stage="province")
    return unit


def same(found: list[tuple], expected: list[tuple]) -> bool:
    """Equal rows, floats but for the order in which they were added up."""
    return len(found) == len(expected) and all(
        a == b or (isinstance(a, float) and abs(a - b) < 1e-9)
        for left, right in zip(found, expected, strict=True)
        for a, b in zip(left, right, strict=True)
    )


class TestPublishing:
    def test_what_is_frozen_is_what_stands(self, store):
        live = live_tables(store, LIVE_YEAR)
        made = publish(province_of(store), cycle=LIVE_YEAR, reason="审定")
        assert made.number == "2026-1"
        frozen = published_tables(store, made.seq)
        assert all(same(frozen[name], live[name]) for name in RESULTS)

    def test_the_file_holds_every_row_and_its_hash_is_the_publications(self, store):
        made = publish(province_of(store), cycle=LIVE_YEAR, reason="审定")
        manifest, parts = read_publication(store.publications, made.number, made.sha256)
        assert manifest["data_version"] == made.data_version
        assert manifest["scheme"]["version"] == made.version
        for name, rows in published_tables(store, made.seq).items():
            assert len(parts[name].splitlines()) == len(rows) + 1 == manifest["parts"][name]["rows"] + 1
        register = [json.loads(line) for line in parts["register"].splitlines()[1:]]
        assert [row[0] for row in register] == sorted(store.units(cycle=LIVE_YEAR))

    def test_only_the_province_publishes(self, store):
        for scope, role in (
            (Scope("230100"), "prefecture"),
            (Scope("230102"), "county"),
            (EVERYTHING, "reader"),
        ):
            with pytest.raises(StoreError, match="省级"):
                publish(store.seen_by(scope, actor=Actor("x", role)), cycle=LIVE_YEAR, reason="审定")
        assert len(publications(store, cycle=LIVE_YEAR)) == 0

    def test_a_reason_is_needed(self, store):
        with pytest.raises(StoreError, match="理由"):
            publish(province_of(store), cycle=LIVE_YEAR, reason=" ")

    def test_before_the_deadline_nothing_is_published(self, store):
        store.change_cycle(cycle=LIVE_YEAR, deadline=datetime.now() + timedelta(days=1))
        with pytest.raises(StoreError, match="填报已截止"):
            publish(province_of(store), cycle=LIVE_YEAR, reason="审定")

    def test_while_the_province_reviews_nothing_is_published(self, store):
        reopen_stage(province_of(store), cycle=LIVE_YEAR, region=PROVINCE, stage="province", reason="更正")
        with pytest.raises(StoreError, match="省级终评已关闭"):
            publish(province_of(store), cycle=LIVE_YEAR, reason="审定")

    def test_with_an_objection_undecided_nothing_is_published(self, lived_home, tmp_path):
        with closing(Store.open(shutil.copytree(lived_home, tmp_path / "home"))) as store:
            assert (queries.objections(store, cycle=LIVE_YEAR)["state"] == "filed").any()
            close_stage(province_of(store), cycle=LIVE_YEAR, region=PROVINCE, stage="province")
            needs = requirements(store, cycle=LIVE_YEAR, now=datetime.now())
            assert [need.text for need in needs if not need.is_met and not need.is_advice] == [
                f"还有 {(queries.objections(store, cycle=LIVE_YEAR)['state'] == 'filed').sum()} 件异议没有决定"
            ]
            before = store.journal.head
            with pytest.raises(StoreError, match="异议没有决定"):
                publish(province_of(store), cycle=LIVE_YEAR, reason="审定")
            assert store.journal.head == before
            assert not list(store.publications.glob("2026-*"))

    def test_nothing_changed_is_not_published_again(self, store):
        publish(province_of(store), cycle=LIVE_YEAR, reason="审定")
        with pytest.raises(StoreError, match="第 2026-1 号公布以后有影响结果的变更"):
            publish(province_of(store), cycle=LIVE_YEAR, reason="再来一次")

    def test_a_change_makes_a_publication_of_its_own(self, store):
        first = publish(province_of(store), cycle=LIVE_YEAR, reason="审定")
        before = published_tables(store, first.seq)
        unit = change_something(store)
        second = publish(province_of(store), cycle=LIVE_YEAR, reason="更正")
        assert (second.number, second.data_version > first.data_version) == ("2026-2", True)
        assert published_tables(store, first.seq) == before
        changes = queries.publication_changes(store, cycle=LIVE_YEAR, before="2026-1", after="2026-2")
        row = changes.set_index("code").loc[unit]
        assert row["change"] < 0
        assert "省级核定" in row["why"] and "复核后更正" in row["why"]
        others = changes[changes["code"] != unit]
        assert (others["change"] == 0).all() and (others["why"] == "名次随其他单位变动").all()

    def test_the_changes_are_those_of_a_naive_comparison(self, store):
        publish(province_of(store), cycle=LIVE_YEAR, reason="审定")
        before = queries.units(store, cycle=LIVE_YEAR).set_index("code")
        change_something(store)
        after = queries.units(store, cycle=LIVE_YEAR).set_index("code")
        expected = {
            code
            for code in before.index
            for name in ("score", "grade_name", "rank")
            if str(before.loc[code, name]) != str(after.loc[code, name])
        }
        changes = queries.publication_changes(store, cycle=LIVE_YEAR, before="2026-1")
        assert set(changes["code"]) == expected
        regions = queries.publication_changes(store, cycle=LIVE_YEAR, before="2026-1", what="prefecture")
        assert [why for why in regions["why"] if "1 家单位的结果有变更" in why]


# What belongs to the moment in which it is asked, not to what was published.
LIVE = {
    "history",  # files, whoever sent them and whenever
    "receipt_problems",
    "inbox_batches",
    "cycle_state",
    "audit",
    "accounts",
    "published",
    "publication_changes",
    "result_list_head",  # asks for a publication
    "standing_rulings",  # what a ruling is made against
    "unit_history",  # everything that happened to a unit, publications included
    "stage_history",
    "sample_preview",  # what a drawing would pick now
    "sample_draws",
    "sample_picks",
}


def asked_of(function, unit) -> dict | None:
    """Something for every parameter that a query has; None where it needs what only its own tests have."""
    given = {
        "region": None,
        "unit": unit.code,
        "category": unit.category,
        "level": "prefecture",
        "stage": "county",
        "today": date(2027, 1, 1),
        "indicator": "T14-01",
        "by": "dimension",
        "parent": None,
    }
    asked = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name in ("store", "cycle") or parameter.default is not inspect.Parameter.empty:
            continue
        if name not in given:
            return None
        asked[name] = given[name]
    return asked


def parts_of(answer) -> tuple:
    """What a query gives, of which some give several frames."""
    return answer if type(answer) is tuple else (answer,)


def in_nine_digits(answer) -> str:
    """The answer as text, less the digits in which sums over threads may differ."""
    return re.sub(r"\d+\.\d{8,}", lambda found: f"{float(found[0]):.9g}", str(answer))


def test_every_query_reads_through_a_publication_what_stood_when_it_was_made(store):
    store.refresh(LIVE_YEAR)
    unit = store.unit(
        cycle=LIVE_YEAR,
        code=store.rows("select unit from result_counted_value where cycle = 2026 order by unit")[0][0],
    )
    live, before = province_of(store), {}
    functions = {
        name: getattr(queries, name)
        for name in queries.__all__
        if name not in LIVE and "cycle" in inspect.signature(getattr(queries, name, len)).parameters
    }
    for name, function in functions.items():
        asked = asked_of(function, unit)
        if asked is not None:
            before[name] = (asked, function(live, cycle=LIVE_YEAR, **asked))
    assert len(before) > 25
    made = publish(live, cycle=LIVE_YEAR, reason="审定")

    changed = change_something(store)
    open_finding(
        live,
        cycle=LIVE_YEAR,
        unit=unit.code,
        finding="F40-5",
        on_date=date.today(),
        document="示例责改〔2026〕1号",
        deadline=date.today() + timedelta(days=30),
    )
    set_grade(live, cycle=LIVE_YEAR, subject="unit", code=changed, grade="good", reason="另有情形")
    store.register_units(
        cycle=LIVE_YEAR,
        units=[type(unit)(unit.code, "改名后的示例单位", unit.region, unit.category, unit.tags)],
    )

    frozen = store.seen_by(EVERYTHING, publication=made)
    differing = []
    for name, (asked, stood) in before.items():
        now = functions[name](frozen, cycle=LIVE_YEAR, **asked)
        try:
            for new, old in zip(parts_of(now), parts_of(stood), strict=True):
                if hasattr(old, "columns"):
                    assert_frame_equal(new.reset_index(drop=True), old.reset_index(drop=True), rtol=1e-9)
                else:
                    assert in_nine_digits(new) == in_nine_digits(old)
        except AssertionError as error:
            differing.append(f"{name}: {str(error)[:300]}")
    assert not differing, "\n".join(differing)


def test_through_a_publication_one_sees_ones_scope_and_writes_nothing(store):
    made = publish(province_of(store), cycle=LIVE_YEAR, reason="审定")
    unit = store.rows("select unit, region from unit where cycle = 2026 and substr(region, 5) <> '00'")[0]
    county = store.seen_by(Scope(unit[1]), actor=Actor("x", "county"), publication=made)
    assert set(queries.units(county, cycle=LIVE_YEAR)["region"]) == {unit[1]}
    itself = store.seen_by(Scope(unit[1], unit=unit[0]), publication=made)
    assert set(queries.units(itself, cycle=LIVE_YEAR)["code"]) == {unit[0]}
    with pytest.raises(StoreError, match="2026-1"):
        record_rulings(county, cycle=LIVE_YEAR, rulings=[Ruling(unit[0], "T14-01", "confirm")])


def test_other_years_are_read_as_they_stand(store):
    made = publication(store, cycle=PUBLISHED)
    frozen = store.seen_by(EVERYTHING, publication=made)
    live = queries.region_scores(store, cycle=LIVE_YEAR, level="prefecture")
    assert_frame_equal(queries.region_scores(frozen, cycle=LIVE_YEAR, level="prefecture"), live)


def change(home: Path, *statements: str) -> None:
    """Change the database behind the program's back."""
    with closing(duckdb.connect(str(home / DATABASE))) as database:
        for statement in statements:
            database.execute(statement)


def named_as_changed(found: Verification) -> set[str]:
    """The frozen tables that are named twice: as other than the publication's file, and as other than computed anew."""
    said = [text for part, text in found.faults if part == "publications"]
    changed = {text for text in said if "2026-1" in text and "数据库中被改动" in text}
    return {
        table
        for text in said
        if (match := re.search(r"结果 (\w+)（.*与重新计算的不同", text))
        and any((table := match[1]) in each for each in changed)
    }


class TestVerifying:
    @pytest.fixture
    def published(self, store, home):
        publish(province_of(store), cycle=LIVE_YEAR, reason="审定")
        store.close()
        return home

    def test_a_published_demo_is_sound(self, published):
        found = verify(published)
        assert found.is_sound, found.faults
        notes = [note for note in found.notes if "重新计算，结果相同" in note]
        assert len(notes) == 2

    def test_every_changed_frozen_row_is_found_and_named(self, published):
        changes = {
            "unit_score": "set score = score + 1 where basis = 'composite' and score < 90",
            "counted_value": "set x = 0.123 where x = 1",
            "region_gap": "set gap = gap + 0.01",
            "leaf_gap": "set units = units + 1",
            "region_score": "set rank = 13 where rank = 1",
            "unit_system": "set earned = earned + 1",
        }
        change(published, *(f"update published_{table} {how}" for table, how in changes.items()))
        assert named_as_changed(verify(published)) >= set(changes)

    def test_deleted_frozen_rows_and_changed_inputs_are_found_and_named(self, published):
        change(
            published,
            "delete from published_unit_score where basis = 'composite'",
            "update review set choice = '未落实' where indicator = 'T14-01'",
            "update finding_event set is_confirmed = not is_confirmed",
            "update answer set number = 0, choice = null where indicator = 'T14-01'",
            "update registration set category = 'other' where category = 'organ'",
        )
        found = verify(published)
        assert "unit_score" in named_as_changed(found)
        said = [text for part, text in found.faults if part == "database"]
        for table in ("review", "finding_event", "answer", "registration"):
            assert any(text.startswith(NAMES[table]) for text in said), table

    def test_a_changed_file_is_found(self, published):
        path = published / "publications" / "2026-1.zip"
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts["unit_score.jsonl"] = parts["unit_score.jsonl"].replace(b"0", b"1", 1)
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in parts.items():
                archive.writestr(name, text)
        said = [text for part, text in verify(published).faults if part == "publications"]
        assert any("2026-1" in text and "unit_score" in text and "被改动" in text for text in said)

    def test_a_lost_file_is_named_and_the_folder_opens_all_the_same(self, published):
        (published / "publications" / "2026-1.zip").unlink()
        said = [text for part, text in verify(published).faults if part == "publications"]
        assert any("2026-1" in text and "不在" in text for text in said)
        (published / DATABASE).unlink()
        with closing(Store.open(published)) as store:
            assert any("2026-1" in fault for fault in store.publication_faults)
            assert store.rows("select count(*) from published_unit_score where publication = "
                              "(select seq from publication where number = '2026-1')") == [(0,)]  # fmt: skip


def test_frozen_tables_have_the_columns_of_the_results(store):
    """Both are written down: what one program publishes, the next must be able to read beside its own results."""
    for name in RESULTS:
        columns = {
            kind: store.rows(
                "select column_name, data_type from duckdb_columns() "
                "where database_name = 'assessment' and table_name = $table and column_name <> 'publication' "
                "order by column_index",
                table=f"{kind}_{name}",
            )
            for kind in ("result", "published")
        }
        assert columns["published"] == columns["result"] != []


class TestKeeping:
    def test_a_lost_database_reads_its_publications_from_their_files(self, store, home):
        made = publish(province_of(store), cycle=LIVE_YEAR, reason="审定")
        before = published_tables(store, made.seq)
        store.close()
        (home / DATABASE).unlink()
        with closing(Store.open(home)) as again:
            assert published_tables(again, made.seq) == before
            assert publications(again, cycle=LIVE_YEAR) == [made]

    def test_rebuild_keeps_them(self, store, home):
        made = publish(province_of(store), cycle=LIVE_YEAR, reason="审定")
        before = published_tables(store, made.seq)
        store.close()
        assert rebuild(home).is_identical
        with closing(Store.open(home)) as again:
            assert published_tables(again, made.seq) == before

    def test_a_backup_brings_them_along(self, store, tmp_path):
        made = publish(province_of(store), cycle=LIVE_YEAR, reason="审定")
        before = published_tables(store, made.seq)
        make_backup(store, tmp_path / "backup.zip")
        restore(tmp_path / "restored", tmp_path / "backup.zip")
        with closing(Store.open(tmp_path / "restored")) as again:
            assert published_tables(again, made.seq) == before
            assert (again.publications / "2026-1.zip").exists()

    def test_a_file_left_by_a_killed_process_is_overwritten(self, store):
        store.publications.mkdir(exist_ok=True)
        (store.publications / "2026-1.zip").write_bytes(b"half")
        made = publish(province_of(store), cycle=LIVE_YEAR, reason="审定")
        assert read_publication(store.publications, made.number, made.sha256)
