"""Result sheets read back: every number is that of the unit's page, what is due is said, and names do no harm."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import docx
import pandas as pd
import pytest

from data import queries
from data.model import Scope
from meeting import feedback
from meeting.material import NothingToReport, gather
from pages.components.unit_parts import grade_note, terms_as_shown
from reporting.feedback import FEEDBACK
from reporting.office_template import TemplateFault
from reporting.unit_sums import sum_steps
from scoring.rounding import round_half_up
from tests.meeting.conftest import LIVE, NOW
from tests.meeting.documents import paragraphs, table_with, tables, whole_text

PARTS = tuple(feedback.PARTS)
NOWHERE = Path("nowhere")  # a runtime folder without templates of its own


@pytest.fixture(scope="module")
def made_before() -> dict:
    """Sheets that were made, by what they were made of: the province is compared by prefecture and by county alike."""
    return {}


@pytest.fixture
def made(material, made_before) -> dict[str, bytes]:
    """The sheets of the material with every part."""
    if material.stamp not in made_before:
        made_before[material.stamp] = sheets_of(material)
    return made_before[material.stamp]


def sheets_of(material, parts=PARTS, home=NOWHERE) -> dict[str, bytes]:
    """Unit code → its sheet, out of the zip."""
    with zipfile.ZipFile(io.BytesIO(feedback.build(material, parts=parts, home=home))) as archive:
        return {
            name.rsplit("_", 1)[1].removesuffix(".docx"): archive.read(name) for name in archive.namelist()
        }


def test_every_number_of_a_sheet_is_that_of_the_units_page(material, made):
    reading, cycle, d = material.reading, material.cycle, material.decimals
    units = queries.units(reading, cycle=cycle, region=material.region).set_index("code", drop=False)
    assert set(made) == set(units["code"])
    codes = list(units["code"])
    terms = queries.units_full_terms(reading, cycle=cycle, units=codes)
    dimensions = queries.units_dimensions(reading, cycle=cycle, units=codes)
    parts = queries.units_parts(reading, cycle=cycle, units=codes).set_index("code")
    for code, content in made.items():
        row = units.loc[code]
        text = whole_text(content)
        assert all(value in text for value in (row["name"], code, row["category_name"], material.stamp))
        if pd.isna(row["score"]):
            assert "没有得分" in text and table_with(content, "失分") is None
            continue
        base = parts.loc[code, "base"]
        page = terms_as_shown(terms[terms["code"] == code].reset_index(drop=True), base=base, decimals=d)
        page = page[page["gap"].round(9) > 0].sort_values("gap", ascending=False, kind="stable")
        shown = table_with(content, "失分") or []
        assert [(r[1], r[2], r[4].split("（")[0], r[5]) for r in shown] == [
            (t.title, t.place, f"{t.attainment:.0%}", f"{t.lost:.{d}f}") for t in page.itertuples()
        ]
        lost = round_half_up(sum(float(r[5]) for r in shown), d)
        assert lost == pytest.approx(100 - round_half_up(base, d)) and f"指标共失{lost:.{d}f}分" in text
        mine = dimensions[dimensions["code"] == code]
        assert [r[:3] for r in table_with(content, "同类平均")] == [
            [
                x.dimension_name,
                f"{x.attainment:.1%}",
                f"{x.category_mean:.1%}" if pd.notna(x.category_mean) else "—",
            ]
            for x in mine.itertuples()
        ]
        facts = dict(pair for t in tables(content)[:2] for r in t for pair in (r[:2], r[2:]))
        assert facts["得分"] == f"{row['score']:.{d}f}" and facts["等次"] == row["grade_name"]
        assert facts["自评得分"] == f"{row['self_score']:.{d}f}"
        expected = "不排名" if pd.isna(row["rank"]) else f"第 {row['rank']:.0f} 位 / {row['peers']:.0f} 家"
        assert facts["类别内名次"] == expected
        note = grade_note(row)
        assert (facts["等次说明"] == "按得分") == (note == "") and note.split("，")[0] in text
        steps = sum_steps(parts.loc[code].to_dict() | {"score": row["score"]}, decimals=d)
        line = next(p for p in paragraphs(content) if p.startswith("得分由来"))
        assert all(f"{label} {'−' if v < 0 else '+'}{abs(v):.{d}f}" in line for label, v in steps)
        assert line.endswith(f"得分 {row['score']:.{d}f}")
        for system in queries.unit_systems(reading, cycle=cycle, unit=code):
            value = "—" if system["score"] is None else f"{system['score']:.{d}f}"
            assert f"{system['name']}（权重 {system['weight']:.0%}）{value}" in text


def test_findings_tasks_and_changed_rulings_stand_in_their_units_sheets(material, made):
    reading, where = material.reading, {"cycle": material.cycle, "region": material.region}
    findings = queries.findings(reading, today=material.today, **where)
    tasks = queries.tasks(reading, today=material.today, **where)
    units = list(queries.units(reading, **where)["code"])
    rulings = queries.units_rulings(reading, cycle=material.cycle, units=units, today=material.today)
    for code, content in made.items():
        mine = findings[(findings["unit"] == code) & findings["is_standing"]].sort_values(["on_date", "key"])
        shown = table_with(content, "计入分值") or []
        assert [(r[0], r[2], r[5]) for r in shown] == [
            (f.kind_name, f.place, "—" if f.kind == "veto" else f"{f.applied:.2f}") for f in mine.itertuples()
        ]
        waiting = tasks[(tasks["unit"] == code) & ~tasks["state"].isin(["done", "withdrawn"])]
        shown = table_with(content, "应报证明材料") or []
        assert [(r[0], r[4]) for r in shown] == [
            (t.task, f"{t.deadline:%Y-%m-%d}") for t in waiting.itertuples()
        ]
        changed = rulings[rulings["code"] == code]
        shown = table_with(content, "异议期限与办理") or []
        assert [(r[0], r[2], r[5]) for r in shown] == [
            (c.title, c.ruled, c.standing) for c in changed.itertuples()
        ]
        may = int(changed["may_object"].sum())
        assert (f"有{may}项核定与自评不同" in whole_text(content)) == (may > 0)


def test_folders_are_regions_and_progress_is_heard(meeting_store):
    heard = []
    with gather(meeting_store, cycle=LIVE, now=NOW) as material:
        content = feedback.build(material, parts=PARTS, home=NOWHERE, progress=lambda *at: heard.append(at))
        paths = dict(zip(material.units["code"], material.units["region_path"], strict=True))
        outline = feedback.outline(material, PARTS)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    assert heard == [(at, len(names)) for at in range(1, len(names) + 1)]
    for name in names:
        code = name.rsplit("_", 1)[1].removesuffix(".docx")
        assert name.rsplit("/", 1)[0] == "/".join(paths[code].split("/")[1:] or [paths[code]])
        assert "演示数据_结果反馈单_" in name
    assert outline[0].startswith(f"{len(names)} 份")
    assert sum(
        int(line.split("：")[1].removesuffix(" 份")) for line in outline if line.endswith(" 份")
    ) == len(names)


def test_units_that_handed_in_nothing_are_told_what_to_do_or_left_out(meeting_store):
    with gather(meeting_store, cycle=LIVE, now=NOW) as material:
        missing = set(material.units.loc[material.units["state"] == "not_submitted", "code"])
        everybody, without = sheets_of(material), sheets_of(material, parts=("gaps",))
    assert missing and set(everybody) - set(without) >= missing
    for code in missing:
        text = whole_text(everybody[code])
        assert "尚未提交自评表" in text and "请尽快补交" in text and "计0分" in text


def test_parts_left_out_are_not_in_the_sheets(meeting_store):
    with gather(meeting_store, cycle=LIVE, now=NOW) as material:
        for content in sheets_of(material, parts=()).values():
            assert not any(table_with(content, c) for c in ("失分", "同类平均", "计入分值", "应报证明材料"))


def test_before_the_deadline_there_is_neither_rank_nor_grade(meeting_store):
    early = meeting_store.cycle(LIVE).deadline - timedelta(days=1)
    with gather(meeting_store, cycle=LIVE, now=early) as material:
        grades = {grade.name for grade in material.scheme.grades}
        for content in sheets_of(material).values():
            facts = {cell for table in tables(content)[:2] for row in table for cell in row}
            text = whole_text(content)
            assert not facts & grades and "列第" not in text
            assert "截止前不排名次" in text or "截止前提交" in text


def test_the_sheet_of_one_unit_is_that_of_the_zip(meeting_store):
    with gather(meeting_store, cycle=LIVE, now=NOW) as material:
        made = sheets_of(material)
        named = dict(zip(material.units["code"], material.units["name"], strict=True))
    for code in list(made)[::12]:
        name, content = feedback.build_one(meeting_store, cycle=LIVE, unit=code, home=NOWHERE, now=NOW)
        assert tables(content) == tables(made[code]) and name.endswith(f"{code}.docx") and named[code] in name


def test_a_unit_gets_its_own_sheet_and_no_other(meeting_store):
    units = queries.units(meeting_store, cycle=LIVE)
    mine, other = units.iloc[0], units.iloc[-1]
    store = meeting_store.seen_by(Scope(mine["region"], unit=mine["code"]))
    _, content = feedback.build_one(store, cycle=LIVE, unit=mine["code"], home=NOWHERE, now=NOW)
    assert mine["name"] in whole_text(content)
    with pytest.raises(NothingToReport, match="不在您的管辖范围"):
        feedback.build_one(store, cycle=LIVE, unit=other["code"], home=NOWHERE, now=NOW)


HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "<b>粗</b>&amp;{{ 7*7 }}",
    "单位\U0001f600" * 3,
    "局" * 60,
    "CON",
    "../a\\b:*?|\x07名",
)


def test_hostile_names_are_text_and_make_names_that_every_system_takes(meeting_store):
    with gather(meeting_store, cycle=LIVE, now=NOW) as material:
        units = material.units.head(len(HOSTILE)).copy()
        units["name"] = HOSTILE
        material.__dict__["units"] = units
        content = feedback.build(material, parts=PARTS, home=NOWHERE)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        texts = {name: whole_text(archive.read(name)) for name in names}
    assert len(set(names)) == len(HOSTILE)
    assert not any(set(name) & set('<>:"\\|?*=\x07') or ".." in name or len(name) > 160 for name in names)
    for code, name in zip(units["code"], HOSTILE, strict=True):
        text = next(text for path, text in texts.items() if code in path)
        assert name.replace("\x07", "") in text


def test_the_same_data_make_the_same_bytes(meeting_store):
    with gather(meeting_store, cycle=LIVE, region="230100", now=NOW) as material:
        assert feedback.build(material, parts=PARTS, home=NOWHERE) == feedback.build(
            material, parts=PARTS, home=NOWHERE
        )


def test_no_sheet_names_an_author(meeting_store):
    unit = queries.units(meeting_store, cycle=LIVE)["code"].iloc[0]
    _, content = feedback.build_one(meeting_store, cycle=LIVE, unit=unit, home=NOWHERE, now=NOW)
    properties = docx.Document(io.BytesIO(content)).core_properties
    assert (properties.author, properties.last_modified_by) == ("", "")


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["{{ 单位 }} {{ 说明 }} {{ 来源 }}"], "缺少占位符 {{ 失分 }}；缺少占位符 {{ 权重说明 }}"),
        (["{{ 单位 }} {{ 说明 }} {{ 来源 }} {{ 权重说明 }} {{ 失分 }} {{ 局长 }}"], "不认识的占位符 {{ 局长 }}"),
        (["{{ 单位 }} {{ 说明 }} {{ 来源 }} {{ 权重说明 }}", "{%p for 行 in 失分 %}", "{{ 行.指标 }}", "{%p endfor %}"], "失分中缺少占位符 {{ 行.失分 }}"),
        (["{{ 单位 }} {{ 说明 }} {{ 来源 }} {{ 权重说明 }}", "{%p for 行 in 失分 %}", "{{ 行.指标 }} {{ 行.失分 }} {{ 行.谁 }}", "{%p endfor %}"], "“谁”"),
    ],
)  # fmt: skip
def test_a_fault_of_the_offices_template_is_named(meeting_store, tmp_path, texts, said):
    own = tmp_path / "templates" / FEEDBACK
    own.parent.mkdir()
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    document.save(own)
    unit = queries.units(meeting_store, cycle=LIVE)["code"].iloc[0]
    with pytest.raises(TemplateFault) as caught:
        feedback.build_one(meeting_store, cycle=LIVE, unit=unit, home=tmp_path, now=NOW)
    assert said in str(caught.value) and str(own) in str(caught.value)
