"""Kept versions of schemes: a new one never changes an old one, and what a cycle is scored under is decided with a reason."""

from __future__ import annotations

import io
import shutil
from datetime import date, datetime

import openpyxl
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal

from data import queries
from data.failures import StoreError
from data.model import LOCAL
from data.rebuild import rebuild
from data.scheme_sheet import read_scheme_sheet, text_of_sheet, to_scheme_sheet
from data.schemes import save_scheme, scheme_versions, use_obstacles, use_scheme
from data.store import Store
from data.verify import verify
from scoring.scheme import SchemeError, parse_scheme, shipped_schemes
from scoring.scheme_differences import differences
from scoring.scheme_edit import edited
from scoring.trial import Weights

SHIPPED = shipped_schemes()["heilongjiang-2026"]
SOURCE = SHIPPED.read_text("utf-8")
SCHEME = parse_scheme(SOURCE, name="2026")
WEIGHTS = {"systems": {"national_security": {"weight": 0.5}, "peaceful_province": {"weight": 0.5}}}
CYCLE = 2026


@pytest.fixture
def store(new_home):
    store = Store.open(new_home)
    store.open_cycle(
        cycle=CYCLE,
        scheme_path=SHIPPED,
        opens_on=date(CYCLE, 8, 1),
        deadline=datetime(CYCLE, 12, 31, 23, 59, 59),
    )
    yield store
    store.close()


def test_a_saved_version_stands_beside_the_old_one(store):
    text = edited(SOURCE, {**WEIGHTS, "version": "2026.4"})
    save_scheme(store, text, reason="会议纪要", actor=LOCAL)
    kept = scheme_versions(store).set_index("version")
    assert kept.loc["2026.4", "source"] == text
    assert kept.loc["2026.3", "source"] == SOURCE
    assert (kept.loc["2026.4", "reason"], kept.loc["2026.4", "account"]) == ("会议纪要", "local")
    assert list(kept.loc["2026.3", "cycles"]) == [CYCLE]
    assert list(kept.loc["2026.4", "cycles"]) == []


def test_a_version_is_never_saved_twice(store):
    for text in (SOURCE, edited(SOURCE, WEIGHTS)):
        with pytest.raises(StoreError, match="已经保存过"):
            save_scheme(store, text, reason="再存", actor=LOCAL)
    assert len(scheme_versions(store)) == 1


def test_a_version_needs_a_reason_and_a_sound_text(store):
    text = edited(SOURCE, {"version": "2026.4"})
    with pytest.raises(StoreError, match="理由"):
        save_scheme(store, text, reason=" ", actor=LOCAL)
    with pytest.raises(SchemeError, match="责任制权重之和"):
        save_scheme(
            store, edited(text, {"systems": {"national_security": {"weight": 0.9}}}), reason="x", actor=LOCAL
        )
    assert len(scheme_versions(store)) == 1


def test_a_cycle_takes_another_version_and_keeps_its_dates(store):
    save_scheme(store, edited(SOURCE, {**WEIGHTS, "version": "2026.4"}), reason="x", actor=LOCAL)
    before = store.cycle(CYCLE)
    use_scheme(store, cycle=CYCLE, scheme_id=SCHEME.id, version="2026.4", reason="核定", actor=LOCAL)
    now = store.cycle(CYCLE)
    assert now.version == "2026.4"
    assert (now.opens_on, now.deadline, now.status) == (before.opens_on, before.deadline, before.status)
    assert [s.weight for s in store.scheme(CYCLE).systems] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("version", "reason", "words"),
    [("2026.9", "核定", "没有保存过"), ("2026.3", "核定", "不必更改"), ("2026.4", "", "理由")],
)
def test_a_use_that_cannot_be_is_told(store, version, reason, words):
    save_scheme(store, edited(SOURCE, {**WEIGHTS, "version": "2026.4"}), reason="x", actor=LOCAL)
    with pytest.raises(StoreError, match=words):
        use_scheme(store, cycle=CYCLE, scheme_id=SCHEME.id, version=version, reason=reason, actor=LOCAL)
    assert store.cycle(CYCLE).version == "2026.3"


def test_other_questions_may_be_used_before_anything_is_handed_in(store):
    other = parse_scheme(edited(SOURCE, {"indicators": {"T14-01": {"question": "另问？"}}}), name="另")
    assert use_obstacles(store, cycle=CYCLE, scheme=other) == []


def workbook(changes: dict[tuple[str, str], object]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(to_scheme_sheet(SCHEME)))
    for (sheet, cell), value in changes.items():
        book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_comes_back_as_it_went_out():
    found, problems = read_scheme_sheet(workbook({}), scheme=SCHEME)
    assert problems == []
    assert found[0] == {}


def test_changed_cells_come_back_as_changes():
    content = workbook({("责任制", "C2"): 0.55, ("责任制", "C3"): "45%", ("指标", "H2"): "经核准"})
    found, problems = read_scheme_sheet(content, scheme=SCHEME)
    assert problems == []
    _, made, faults = text_of_sheet(SOURCE, SCHEME, *found)
    assert faults == []
    assert {d.field for d in differences(SCHEME, made)} <= {"权重", "不适用"}
    assert [s.weight for s in made.systems] == [0.55, 0.45]


def test_a_deleted_row_is_told_and_changes_nothing():
    book = openpyxl.load_workbook(io.BytesIO(to_scheme_sheet(SCHEME)))
    book["维度"].delete_rows(2)
    out = io.BytesIO()
    book.save(out)
    found, problems = read_scheme_sheet(out.getvalue(), scheme=SCHEME)
    assert [(p.code, p.severity) for p in problems] == [("scheme-row-missing", "warning")]
    assert found[0] == {}


def test_another_workbook_is_none_of_ours():
    book = openpyxl.Workbook()
    book.active["A1"] = "别的表"
    out = io.BytesIO()
    book.save(out)
    found, problems = read_scheme_sheet(out.getvalue(), scheme=SCHEME)
    assert found is None
    assert [p.code for p in problems] == ["scheme-sheet-missing"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"not a workbook"])
def test_a_broken_file_is_a_problem_and_no_crash(content):
    found, problems = read_scheme_sheet(content, scheme=SCHEME, filename="x.xlsx")
    assert found is None
    assert problems


def test_answers_are_never_scored_by_other_questions_and_units_never_without_their_category(demo_copy):
    store = Store.open(demo_copy)
    source = scheme_versions(store).set_index("version").loc[store.cycle(CYCLE).version, "source"]
    asked = parse_scheme(source, name="now").indicators[0].id
    text = edited(source, {"version": "2026.8", "indicators": {asked: {"question": "另问？"}}})
    made = save_scheme(store, text, reason="x", actor=LOCAL)
    (obstacle,) = use_obstacles(store, cycle=CYCLE, scheme=made)
    assert asked in obstacle and "不能按别的题目计分" in obstacle
    with pytest.raises(StoreError, match="不能按别的题目计分"):
        use_scheme(store, cycle=CYCLE, scheme_id=made.id, version="2026.8", reason="x", actor=LOCAL)
    now = store.scheme(CYCLE)
    used = {unit.category for unit in store.units(cycle=CYCLE).values()}
    gone = next(category.id for category in now.categories if category.id in used)
    fewer = now.model_copy(update={"categories": tuple(c for c in now.categories if c.id != gone)})
    assert any(
        "单位类别" in each and gone in each for each in use_obstacles(store, cycle=CYCLE, scheme=fewer)
    )
    store.close()


def test_the_reason_outlives_the_database(tmp_path):
    store = Store.open(tmp_path / "home")
    store.open_cycle(
        cycle=CYCLE, scheme_path=SHIPPED, opens_on=date(CYCLE, 8, 1), deadline=datetime(CYCLE, 12, 31)
    )
    save_scheme(store, edited(SOURCE, {**WEIGHTS, "version": "2026.4"}), reason="会议纪要", actor=LOCAL)
    use_scheme(store, cycle=CYCLE, scheme_id=SCHEME.id, version="2026.4", reason="核定", actor=LOCAL)
    columns = ["scheme_id", "version", "title", "account", "reason", "source"]
    before = scheme_versions(store).sort_values("version")
    store.close()
    rebuild(tmp_path / "home")
    assert verify(tmp_path / "home").faults == []
    store = Store.open(tmp_path / "home")
    after = scheme_versions(store).sort_values("version")
    assert store.cycle(CYCLE).version == "2026.4"
    store.close()
    assert after[columns].to_numpy().tolist() == before[columns].to_numpy().tolist()
    assert "会议纪要" in set(after["reason"])


def test_a_version_put_to_use_scores_as_if_the_cycle_had_been_opened_under_it(demo_copy, tmp_path):
    other_home = tmp_path / "other"
    shutil.copytree(demo_copy, other_home)
    store = Store.open(demo_copy)
    kept, scheme = store.cycle(CYCLE), store.scheme(CYCLE)
    changes = {
        **WEIGHTS,
        "indicators": {"T14-01": {"points": 9}, "T15-01": {"points": 1}},
        "version": "2026.9",
    }
    text = edited(SOURCE, changes)
    before = queries.region_scores(store, cycle=CYCLE, level="county")
    weights = Weights.of(parse_scheme(text, name="新"))
    tried = queries.what_if(store, cycle=CYCLE, level="county", weights=weights).set_index("code")
    save_scheme(store, text, reason="核定", actor=LOCAL)
    assert_frame_equal(queries.region_scores(store, cycle=CYCLE, level="county"), before)
    use_scheme(store, cycle=CYCLE, scheme_id=scheme.id, version="2026.9", reason="核定", actor=LOCAL)
    after = queries.region_scores(store, cycle=CYCLE, level="county")
    store.close()
    scores = after.set_index("code")["score"]
    assert not scores.equals(before.set_index("code")["score"])
    assert_series_equal(tried["score_after"], scores.reindex(tried.index), check_names=False)

    path = tmp_path / "opened.toml"
    path.write_text(text, "utf-8")
    store = Store.open(other_home)
    dates = {"opens_on": kept.opens_on, "deadline": kept.deadline, "status": kept.status}
    store.open_cycle(cycle=CYCLE, scheme_path=path, **dates)
    assert_frame_equal(queries.region_scores(store, cycle=CYCLE, level="county"), after)
    store.close()
