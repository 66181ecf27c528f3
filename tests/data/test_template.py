"""The workbook that is handed out: what is open and locked, what helps to fill it in, and that it is the same bytes."""

from __future__ import annotations

import io
import time
import warnings
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from data.demo.units import demo_units
from data.layout import COLUMNS, RATIO_HINT, by_dimension, choice_names, open_keys
from data.regions import load_regions, region_path
from data.template import build_template, template_path, write_templates
from scoring.scheme import load_scheme, shipped_schemes
from tests.data.small import OTHER, REGION_PATH, ROWS, SCHEME, UNIT, check, filled, template

REAL = load_scheme(shipped_schemes()["heilongjiang-2026"])


def opened(content: bytes):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def book():
    return opened(template())


@pytest.fixture(scope="module")
def real_books():
    units = demo_units(30)
    return [
        (unit, opened(build_template(REAL, cycle=2026, unit=unit, region_path=region_path(unit.region))))
        for unit in units
    ]


def test_the_sheets_and_which_are_hidden(book):
    assert [(s.title, s.sheet_state) for s in book] == [
        ("填报说明", "visible"),
        ("单位信息", "visible"),
        ("自评表", "visible"),
        ("_meta", "veryHidden"),
    ]


def test_the_units_own_data_are_filled_in_and_locked(book):
    sheet = book["单位信息"]
    values = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=3, max_row=11)}
    assert values == {
        "统一社会信用代码": UNIT.code,
        "单位名称": UNIT.name,
        "所属地区": REGION_PATH,
        "单位类别": "机关",
        "职能标签": "教育行政部门",
        "考核年度": 2026,
        "考核方案": SCHEME.title,
        "方案编号": "small",
        "方案版本": "3",
    }
    assert sheet.protection.sheet
    assert all(cell.protection.locked for row in sheet.iter_rows() for cell in row)


def test_the_hidden_sheet_says_what_the_workbook_is(book):
    meta = {key.value: value.value for key, value in book["_meta"].iter_rows(max_col=2)}
    assert (meta["scheme"], meta["version"]) == ("small", "3")
    assert (meta["cycle"], meta["unit"], meta["format"]) == ("2026", UNIT.code, "1")
    assert len(meta["indicators"]) == 16


def test_columns_stand_in_the_agreed_order(book):
    titles = [cell.value for cell in book["自评表"][4]]
    assert titles == [
        "指标编号", "条款", "考核内容", "评分标准", "填报值", "分子", "分母", "不适用理由", "佐证材料", "备注",
    ]  # fmt: skip


def test_rows_are_the_applicable_indicators_under_their_dimension(book):
    sheet = book["自评表"]
    column = [sheet.cell(row=row, column=1).value for row in range(5, sheet.max_row + 1)]
    assert column == [
        "组织领导",
        "T19-01",
        "T19-02",
        "日常工作",
        *[key for key, row in ROWS.items() if row > 8],
    ]


def test_exactly_the_cells_that_make_sense_are_open(real_books):
    for unit, book in real_books:
        sheet = book["自评表"]
        rows = {sheet.cell(row=row, column=1).value: row for row in range(5, sheet.max_row + 1)}
        for indicator in REAL.indicators_for(category=unit.category, tags=unit.tags):
            row = rows.pop(indicator.id)
            unlocked = {c.key for c in COLUMNS if not sheet[f"{c.letter}{row}"].protection.locked}
            assert unlocked == set(open_keys(indicator))
        headings = {name for name, _ in by_dimension(REAL, REAL.indicators)}
        assert set(rows) <= headings
        assert sheet.protection.sheet and not sheet.protection.password
        assert (sheet.protection.formatColumns, sheet.protection.formatRows) == (False, False)
        assert (sheet.protection.autoFilter, sheet.protection.selectLockedCells) == (False, False)


def test_choices_numbers_and_dates_are_validated_and_explained(real_books):
    for unit, book in real_books:
        sheet = book["自评表"]
        by_cell = {str(c): v for v in sheet.data_validations.dataValidation for c in v.sqref.ranges}
        rows = {sheet.cell(row=row, column=1).value: row for row in range(5, sheet.max_row + 1)}
        for indicator in REAL.indicators_for(category=unit.category, tags=unit.tags):
            for key in open_keys(indicator):
                letter = next(c.letter for c in COLUMNS if c.key == key)
                rule = by_cell[f"{letter}{rows[indicator.id]}"]
                assert rule.showInputMessage and 0 < len(rule.prompt) <= 255
                assert rule.promptTitle.startswith(indicator.id) and len(rule.promptTitle) <= 32
                if key in ("numerator", "denominator"):
                    assert rule.type == "whole"
                if key == "value":
                    assert rule.showErrorMessage and len(rule.error) <= 225
                    assert indicator.criterion[:20] in rule.prompt
                    if names := choice_names(indicator):
                        assert rule.type == "list"
                        assert rule.formula1 == f'"{",".join(names)}"' or rule.formula1.startswith(
                            "_choices!"
                        )
                        assert len(rule.formula1) <= 255
                    elif indicator.type == "date":
                        assert "DATE(2026,1,1)" in rule.formula1
                    else:
                        assert rule.type in ("whole", "decimal", "custom")


def test_long_lists_go_to_a_hidden_sheet():
    levels = tuple({"name": f"第{n}档：{'很长的说明' * 8}", "value": n / 9} for n in range(10))
    old = SCHEME.by_id["T19-02"]
    long = old.model_validate(old.model_dump() | {"levels": levels})
    scheme = SCHEME.model_copy(
        update={"indicators": tuple(long if i.id == old.id else i for i in SCHEME.indicators)}
    )
    book = opened(build_template(scheme, cycle=2026, unit=UNIT, region_path=REGION_PATH))
    rule = next(v for v in book["自评表"].data_validations.dataValidation if "E7" in v.sqref)
    assert rule.formula1 == "_choices!$A$1:$A$11"
    assert book["_choices"]["A11"].value == "不适用"
    assert book["_choices"].sheet_state == "veryHidden"


def test_the_page_prints_on_a4_landscape_with_its_header_repeated(book):
    sheet = book["自评表"]
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$4"
    assert "&P" in sheet.oddFooter.center.text
    assert sheet.freeze_panes == "B5"


def test_the_guide_prints_rules_secrecy_and_the_label_of_the_weights(book):
    words = " ".join(str(cell.value) for row in book["填报说明"].iter_rows() for cell in row if cell.value)
    for wanted in (
        "示例权重，须由考核主管部门核定",
        "国家秘密",
        "个人信息",
        "无、没有",
        "N/A",
        "空白",
        "不适用理由",
    ):
        assert wanted in words


def test_the_count_of_open_answers_is_stored_and_follows_the_answers():
    def count(content: bytes) -> str:
        return openpyxl.load_workbook(io.BytesIO(content), data_only=True)["自评表"]["A2"].value

    assert count(template()) == "尚有 8 项未填"
    assert count(filled({"T19-03": {"numerator": " "}})) == "尚有 1 项未填"
    assert count(filled()) == "已全部填写"


def test_the_same_input_gives_the_same_bytes():
    assert template() == template()
    assert filled() == filled()
    assert template(OTHER) != template()


def test_names_may_hold_any_character():
    name = "示例<局> & \"部\" 'x' =1+1"
    content = template(replace(UNIT, name=name))
    sheet = opened(content)["单位信息"]
    assert sheet["B4"].value == name


def test_every_part_is_well_formed_and_listed():
    with zipfile.ZipFile(io.BytesIO(template())) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[0] == "[Content_Types].xml"
        for name in names:
            ET.fromstring(archive.read(name))
        types = archive.read("[Content_Types].xml").decode()
        assert all(
            f'"/{name}"' in types for name in names if name.startswith("xl/") and name.endswith(".xml")
        )
        assert len({info.date_time for info in archive.infolist()}) == 1


def test_a_unit_without_any_indicator_has_no_workbook():
    lonely = replace(UNIT, category="nobody", tags=())
    with pytest.raises(ValueError, match="没有适用于"):
        template(lonely)


def test_bulk_templates_are_those_written_one_by_one(tmp_path):
    units = demo_units(40)
    paths = {region.code: region_path(region.code) for region in load_regions()}
    told = []
    n = write_templates(
        REAL, cycle=2026, units=units, region_paths=paths, out=tmp_path, progress=lambda *at: told.append(at)
    )
    assert (n, told[-1]) == (40, (40, 40))
    for unit in units[:5]:
        path = tmp_path / template_path(unit)
        assert path.name.endswith(f"_{unit.name}_{unit.code}.xlsx")
        assert path.read_bytes() == build_template(
            REAL, cycle=2026, unit=unit, region_path=paths[unit.region]
        )


def test_ten_thousand_templates_take_about_a_minute_at_most(tmp_path):
    units = demo_units(400)
    paths = {region.code: region_path(region.code) for region in load_regions()}
    started = time.perf_counter()
    write_templates(REAL, cycle=2026, units=units, region_paths=paths, out=tmp_path)
    assert (time.perf_counter() - started) / 400 < 0.03  # a quarter of it is building the masters, once


def test_ratio_rows_say_where_the_answer_goes(book):
    assert book["自评表"]["E9"].value == RATIO_HINT
    assert check(filled())[2] == []


def test_office_programs_are_told_to_save_no_name_of_a_person():
    """Excel writes the user's name into a file's properties at every save, unless the workbook says otherwise."""
    with zipfile.ZipFile(io.BytesIO(template())) as archive:
        assert b'<workbookPr filterPrivacy="1" />' in archive.read("xl/workbook.xml")
        assert b"creator" not in archive.read("docProps/core.xml")


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "@某", "<b>&amp;]]>\"'", "@@unit@@"])
def test_a_units_name_stays_text_whatever_it_is(name):
    book = openpyxl.load_workbook(io.BytesIO(template(replace(UNIT, name=name))))
    cell = book["单位信息"]["B4"]
    assert (cell.value, cell.data_type) == (name, "s")
