"""The workbook in the hands of a real office program: opened, typed into, saved, printed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from data.checks import check_workbook
from data.mark import mark_workbook
from data.workbook import read_workbook
from tests import libreoffice
from tests.data.small import GOOD, UNIT, check, filled, found, template
from tests.make_workbooks import BUREAU, CYCLE, SCHEME, UNITS, typed_answers
from tests.make_workbooks import template as bureau_template

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(libreoffice.SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
]


def saved(content: bytes, folder: Path, flavour: str = libreoffice.XLSX, cells: dict | None = None) -> bytes:
    source, out = folder / "source.xlsx", folder / "out.xlsx"
    source.write_bytes(content)
    libreoffice.type_in(source, cells or {}, out, flavour=flavour)
    return out.read_bytes()


@pytest.mark.parametrize("flavour", [libreoffice.XLSX, libreoffice.OOXML])
def test_saving_again_changes_no_answer(tmp_path, flavour):
    content = filled()
    again = saved(content, tmp_path, flavour)
    assert check(again) == check(content)
    before, after = read_workbook(content)[0], read_workbook(again)[0]
    assert [sheet.values for sheet in after.sheets] == [sheet.values for sheet in before.sheets]


def test_typing_every_answer_of_a_unit_is_accepted_and_the_count_follows(tmp_path):
    empty = bureau_template(BUREAU)
    content = saved(empty, tmp_path, cells=typed_answers(BUREAU, empty))
    raw, problems = read_workbook(content)
    assert problems == []
    assert raw.sheet("自评表").values[2, 1] == "已全部填写"
    units = {unit.code: unit for unit in UNITS}
    _, answers, problems = check_workbook(raw, scheme=SCHEME, cycle=CYCLE, units=units)
    assert problems == []
    assert len(answers) == len(SCHEME.indicators_for(category=BUREAU.category, tags=BUREAU.tags))


def test_the_count_falls_with_each_answer_of_each_type(tmp_path):
    typed = {
        "E6": "是",
        "F9": "3",
        "E10": "85%",
        "E12": "2026-04-15",
        "E13": "不适用",
        "F14": "1",
        "G14": "2",
    }
    raw, _ = read_workbook(saved(template(), tmp_path, cells=typed))
    # open still: T19-02, T19-03 (its denominator), T19-05
    assert raw.sheet("自评表").values[2, 1] == "尚有 3 项未填"


def test_locked_cells_cannot_be_typed_into(tmp_path):
    cells = {"A6": "T00-00", "C6": "另一个问题", "E9": "0.75", "F6": "3", "H6": "理由", "E6": "是"}
    before, after = read_workbook(template())[0], read_workbook(saved(template(), tmp_path, cells=cells))[0]
    changed = {
        place
        for place, value in after.sheet("自评表").values.items()
        if before.sheet("自评表").values.get(place) != value
    }
    assert changed == {(6, 5), (2, 1)}  # the open cell, and the count


def test_a_formula_that_ends_in_an_error_is_named(tmp_path):
    assert found(saved(filled(), tmp_path, cells={"E11": "=1/0"})) == [("formula-error", "自评表!E11")]


def test_a_formula_that_was_calculated_is_an_answer(tmp_path):
    unit, answers, problems = check(saved(filled(), tmp_path, cells={"E11": "=1+3"}))
    assert (unit, problems) == (UNIT.code, [])
    assert next(a.number for a in answers if a.indicator == "T19-05") == 4


def test_a_marked_copy_is_mended_in_the_program_and_accepted(tmp_path):
    bad = filled({"T19-01": {"value": "大概有"}, "T19-03": {"numerator": 9}})
    marked = mark_workbook(bad, check(bad)[2])
    unit, answers, problems = check(saved(marked, tmp_path, cells={"E6": "是", "F9": "3"}))
    assert (unit, len(answers), problems) == (UNIT.code, len(GOOD), [])


def test_the_program_keeps_lists_prompts_and_protection(tmp_path):
    out = tmp_path / "again.xlsx"
    out.write_bytes(saved(template(), tmp_path))
    sheet = openpyxl.load_workbook(out)["自评表"]
    rules = {str(c): v for v in sheet.data_validations.dataValidation for c in v.sqref.ranges}
    assert rules["E6"].type == "list" and rules["E6"].formula1 == '"是,否"'
    assert "T19-01" in rules["E6"].promptTitle
    assert sheet.protection.sheet
    assert sheet.freeze_panes == "B5"


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_every_printed_page_of_the_table_repeats_the_header(tmp_path):
    source = tmp_path / "print.xlsx"
    source.write_bytes(bureau_template(BUREAU))
    pdf = libreoffice.to_pdf(source, tmp_path)
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = [page for page in text.split("\f") if "填报值" in page and "怎样填写" not in page]
    assert len(pages) >= 3
    assert all("指标编号" in page and "佐证材料" in page and BUREAU.name in page for page in pages)
