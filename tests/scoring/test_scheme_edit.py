"""Editing a scheme's text, its tables, its differences and its effective weights, against plain second ways to the same."""

from __future__ import annotations

import tomllib
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.effective import effective_weights
from scoring.scheme import SchemeError, parse_scheme, shipped_schemes
from scoring.scheme_differences import differences
from scoring.scheme_edit import check_text, edited, next_version
from scoring.scheme_tables import changes_of, scheme_tables

TEXTS = {name: path.read_text("utf-8") for name, path in shipped_schemes().items()}
SOURCE = TEXTS["heilongjiang-2026"]
SCHEME = parse_scheme(SOURCE, name="2026")
INDICATORS = [indicator.id for indicator in SCHEME.indicators]


def naive_shares(scheme, category: str) -> dict[str, Fraction]:
    """Each indicator's effective weight, by loops over exact fractions of the decimals in the file."""

    def exact(number: float) -> Fraction:
        return Fraction(str(number))

    asked = [i for i in scheme.indicators if {"all", category} & set(i.applies.categories)]
    full, whole = {}, Fraction(0)
    for system in scheme.systems:
        full[system.id] = Fraction(0)
        for indicator in asked:
            full[system.id] += exact(indicator.points) * exact(indicator.shares.get(system.id, 0))
        if full[system.id]:
            whole += exact(system.weight)
    shares = {}
    for indicator in asked:
        shares[indicator.id] = Fraction(0)
        for system in scheme.systems:
            if full[system.id]:
                part = exact(indicator.points) * exact(indicator.shares.get(system.id, 0)) / full[system.id]
                shares[indicator.id] += exact(system.weight) / whole * part
    return shares


@pytest.mark.parametrize("name", TEXTS)
def test_effective_weights_are_the_naive_ones_and_add_up(name):
    scheme = parse_scheme(TEXTS[name], name=name)
    rows = effective_weights(scheme)
    for category in scheme.categories:
        expected = naive_shares(scheme, category.id)
        own = [row for row in rows if row.category == category.id]
        for row in own:
            if row.kind == "indicator":
                assert row.share == pytest.approx(float(expected.get(row.id, 0)), abs=1e-12)
            if row.kind == "dimension":
                inside = [i.id for i in scheme.indicators if i.dimension == row.id]
                assert row.share == pytest.approx(float(sum(expected.get(i, 0) for i in inside)), abs=1e-12)
        for kind in ("system", "dimension", "indicator"):
            assert sum(row.share for row in own if row.kind == kind) == pytest.approx(1, abs=1e-12)


def test_the_worked_example_has_its_effective_weights():
    data = tomllib.loads(SOURCE)
    first = data["indicators"][0]
    data["systems"] = [
        {"id": "a", "name": "甲", "weight": 0.6},
        {"id": "b", "name": "乙", "weight": 0.4},
    ]
    data["indicators"] = [
        first | {"id": f"T14-0{n}", "title": f"指标{n}", "points": p, "shares": {"a": share, "b": 1 - share}}
        for n, (p, share) in enumerate(((10, 0.7), (20, 0.5), (10, 0.0)), start=1)
    ]
    data["uncovered"] = []
    data["unlikely"] = []
    scheme = type(SCHEME).model_validate(data)
    shares = [
        row.share for row in effective_weights(scheme) if row.category == "organ" and row.kind == "indicator"
    ]
    expected = [0.6 * 7 / 17 + 0.4 * 3 / 23, 0.6 * 10 / 17 + 0.4 * 10 / 23, 0.4 * 10 / 23]
    assert shares == pytest.approx(expected, abs=1e-12)


@given(st.dictionaries(st.sampled_from(INDICATORS), st.floats(0.01, 99), min_size=1, max_size=4))
@settings(max_examples=15, deadline=None)
def test_an_edit_changes_what_it_names_and_nothing_else(points):
    text = edited(SOURCE, {"indicators": {key: {"points": value} for key, value in points.items()}})
    expected = tomllib.loads(SOURCE)
    for entry in expected["indicators"]:
        entry["points"] = points.get(entry["id"], entry["points"])
    assert tomllib.loads(text) == expected
    before, now = SOURCE.splitlines(), text.splitlines()
    assert len(before) == len(now)
    changed = [line for line, other in zip(before, now, strict=True) if line != other]
    assert all(line.startswith("points") for line in changed)
    assert len(changed) <= len(points)


def test_comments_stay_where_they_were():
    text = edited(
        SOURCE, {"rules": {"missing": "exclude"}, "systems": {"national_security": {"weight": 0.5}}}
    )
    assert 'missing = "exclude"       # a unit that has handed in nothing' in text
    assert text.count("#") == SOURCE.count("#")


def test_a_field_is_added_and_taken_out():
    grade = SCHEME.grades[0].id
    text = edited(
        SOURCE, {"grades": {grade: {"ceilings": None}}, "findings": {"F40-1": {"consequence": "说明"}}}
    )
    scheme, faults = check_text(text, name="改")
    assert faults == []
    assert scheme.grades[0].ceilings == {}
    assert next(f for f in scheme.findings if f.id == "F40-1").consequence == "说明"


def test_an_entry_that_is_not_there_is_named():
    with pytest.raises(SchemeError, match="T99-01"):
        edited(SOURCE, {"indicators": {"T99-01": {"points": 1}}})


@pytest.mark.parametrize(
    ("changes", "place", "field", "words"),
    [
        ({"systems": {"national_security": {"weight": 0.7}}}, "systems", "", "合计正好为 1"),
        ({"indicators": {"T14-01": {"points": 0}}}, "indicators[T14-01]", "points", "大于 0"),
        ({"indicators": {"T14-01": {"points": None}}}, "indicators[T14-01]", "points", "缺少"),
        (
            {"indicators": {"T14-01": {"shares": {"national_security": 0.9}}}},
            "indicators[T14-01]", "shares", "合计正好为 1",
        ),
        ({"indicators": {"T14-01": {"target": 3}}}, "indicators[T14-01]", "target", "清空目标值"),
        ({"grades": {"good": {"min_score": 99}}}, "grades", "", "最低一等填 0"),
        ({"rules": {"veto_cap": 120}}, "rules", "veto_cap", "不大于 100"),
        ({"rules": {"decimals": "二"}}, "rules", "decimals", "整数"),
        ({"categories": {"organ": {"weight": -1}}}, "categories[organ]", "weight", "大于 0"),
    ],
)  # fmt: skip
def test_a_fault_names_its_place_field_and_mend(changes, place, field, words):
    scheme, faults = check_text(edited(SOURCE, changes), name="改")
    assert scheme is None
    assert [(fault.place, fault.field) for fault in faults] == [(place, field)]
    assert words in faults[0].text


def test_all_faults_are_named_at_once():
    changes = {
        "indicators": {"T14-01": {"points": -1}, "T19-04": {"target": 0}},
        "rules": {"bonus_cap": -1},
    }
    _, faults = check_text(edited(SOURCE, changes), name="改")
    assert {fault.place for fault in faults} == {"indicators[T14-01]", "indicators[T19-04]", "rules"}


def test_a_text_that_is_no_toml_says_so():
    scheme, faults = check_text("x = = 1", name="坏.toml")
    assert scheme is None
    assert "不是有效的 TOML" in faults[0].text


@pytest.mark.parametrize("name", TEXTS)
def test_cells_written_back_unchanged_give_the_same_scheme(name):
    scheme = parse_scheme(TEXTS[name], name=name)
    cells = {
        table.id: {
            key: {c.field: row[c.field] for c in table.columns if not c.is_fixed}
            for key, row in table.rows.items()
        }
        for table in scheme_tables(scheme).values()
    }
    made, faults = check_text(edited(TEXTS[name], changes_of(scheme, cells)), name=name)
    assert faults == []
    assert differences(scheme, made) == []


def test_differences_tell_line_by_line_what_a_change_affects():
    cells = {
        "systems": {"national_security": {"weight": 0.7}, "peaceful_province": {"weight": 0.3}},
        "indicators": {"T14-01": {"title": "新名称", "applies": ["机关"]}},
        "grades": {"good": {"min_score": 77.0}},
        "rules": {"periods.county": {"value": "20"}, "rules.missing": {"value": "不计入"}},
    }
    made, _ = check_text(edited(SOURCE, changes_of(SCHEME, cells)), name="改")
    lines = {(d.kind, d.id, d.field): (d.before, d.now, d.affects) for d in differences(SCHEME, made)}
    assert lines == {
        ("责任制", "national_security", "权重"): ("0.6", "0.7", "得分"),
        ("责任制", "peaceful_province", "权重"): ("0.4", "0.3", "得分"),
        ("指标", "T14-01", "名称"): ("配合调查了解情况", "新名称", "文字"),
        ("指标", "T14-01", "适用对象"): ("全部类别", "机关", "得分"),
        ("等次", "good", "得分下限"): ("75", "77", "等次"),
        ("期限", "", "初审（天）"): ("15", "20", "流程"),
        ("规则", "", "未提交单位"): ("按 0 分计入", "不计入", "得分"),
    }


def test_every_field_of_every_entry_is_compared():
    before = parse_scheme(TEXTS["heilongjiang-2025"], name="2025")
    found = {(d.kind, d.id) for d in differences(before, SCHEME)}
    for kind, entries, others in (
        ("指标", before.indicators, SCHEME.indicators),
        ("认定事项", before.findings, SCHEME.findings),
        ("类别", before.categories, SCHEME.categories),
    ):
        old, new = ({e.id: e.model_dump() for e in each} for each in (entries, others))
        for key in {*old, *new}:
            assert ((kind, key) in found) == (old.get(key) != new.get(key))


def test_the_next_version_is_one_that_is_not_kept():
    assert next_version("2026.3", known={"2026.1", "2026.3"}) == "2026.4"
    assert next_version("2026.3", known={"2026.3", "2026.4"}) == "2026.5"
    assert next_version("试行", known=set()) == "试行.2"
