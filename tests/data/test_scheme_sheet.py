"""A scheme's workbook: out and in again, changed cells, moved rows, faults at their cells, and formulas that are right."""

from __future__ import annotations

import io

import openpyxl
import pytest

from data.safe_reading import read_scheme_sheet_safely
from data.scheme_book import WEIGHTS
from data.scheme_sheet import read_scheme_sheet, text_of_sheet, to_scheme_sheet
from scoring.effective import effective_weights
from scoring.scheme import parse_scheme, shipped_schemes
from scoring.scheme_differences import differences
from scoring.scheme_tables import scheme_tables
from tests import libreoffice

SOURCES = {name: path.read_text("utf-8") for name, path in shipped_schemes().items()}
SOURCE = SOURCES["heilongjiang-2026"]
SCHEME = parse_scheme(SOURCE, name="2026")
KINDS = {"责任制": "system", "维度": "dimension", "指标": "indicator"}


def opened(scheme=SCHEME):
    return openpyxl.load_workbook(io.BytesIO(to_scheme_sheet(scheme)))


def kept(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cell_of(book, sheet: str, title: str, row: int):
    titles = [cell.value for cell in book[sheet][1]]
    return book[sheet].cell(row=row, column=titles.index(title) + 1)


def read(book, scheme=SCHEME, source=SOURCE):
    """The differences that the workbook makes, and every problem as (code, sheet, cell)."""
    found, problems = read_scheme_sheet(kept(book), scheme=scheme)
    _, made, faults = text_of_sheet(source, scheme, *found)
    lines = differences(scheme, made) if made else None
    return lines, [(p.code, p.sheet, p.cell) for p in (*problems, *faults)]


@pytest.mark.parametrize("name", SOURCES)
def test_out_and_in_again_makes_no_difference(name):
    scheme = parse_scheme(SOURCES[name], name=name)
    assert read(opened(scheme), scheme, SOURCES[name]) == ([], [])


def test_the_same_scheme_gives_the_same_bytes():
    assert to_scheme_sheet(SCHEME) == to_scheme_sheet(SCHEME)


def test_what_may_be_edited_is_open_and_all_else_is_locked():
    book = opened()
    for table in scheme_tables(SCHEME).values():
        sheet = book[table.title]
        assert sheet.protection.sheet and sheet.freeze_panes and sheet.print_title_rows
        for row in sheet.iter_rows(min_row=2):
            for cell, column in zip(row, table.columns, strict=True):
                assert cell.protection.locked == column.is_fixed
        for at, column in enumerate(table.columns, start=1):
            letter = openpyxl.utils.get_column_letter(at)
            lists = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
            has_list = any(f"{letter}2" in v.sqref for v in lists)
            assert has_list == (column.kind in ("choice", "bool") and not column.is_fixed)
    assert book[WEIGHTS].protection.sheet


def test_rows_that_were_moved_and_hidden_are_found_by_their_ids():
    book = opened()
    sheet = book["指标"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for at, values in enumerate(reversed(rows), start=3):  # a blank row is left above them
        for column, value in enumerate(values, start=1):
            sheet.cell(row=at, column=column).value = value  # an empty cell too
    for cell in sheet[2]:
        cell.value = None
    sheet.row_dimensions[5].hidden = True
    cell_of(book, "指标", "分值", 5).value = 9.5
    lines, problems = read(book)
    assert problems == []
    assert [(d.id, d.field, d.now) for d in lines] == [(SCHEME.indicators[-3].id, "分值", "9.5")]


@pytest.mark.parametrize(
    ("sheet", "title", "row", "value", "code"),
    [
        ("指标", "分值", 4, "很多", "scheme-value-wrong"),
        ("指标", "分值", 4, -1, "scheme-fault"),
        ("指标", "分值", 4, None, "scheme-fault"),
        ("指标", "维度", 3, "没有的维度", "scheme-value-wrong"),
        ("指标", "适用对象", 3, "机关；没有的类别", "scheme-value-wrong"),
        ("指标", "须附佐证", 3, "也许", "scheme-value-wrong"),
        ("指标", "指标", 3, "很" * 19, "scheme-fault"),
        ("指标", "编号", 3, "T99-99", "scheme-row-unknown"),
        ("指标", "编号", 3, SCHEME.indicators[0].id, "scheme-row-duplicate"),
        ("分级", "得分率", 3, 1.5, "scheme-fault"),
        ("分级", "档次", 3, None, "scheme-fault"),
        ("分级", "指标", 3, "别的", "scheme-fixed-cell"),
        ("等次", "得分下限", 3, 120, "scheme-fault"),
        ("规则", "值", 2, "两位", "scheme-fault"),
        ("责任制", "权重", 2, 0.9, "scheme-fault"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(sheet, title, row, value, code):
    book = opened()
    cell = cell_of(book, sheet, title, row)
    cell.value = value
    _, problems = read(book)
    assert (code, sheet, cell.coordinate) in problems


def test_a_formula_that_nobody_computed_is_told_at_its_cell():
    book = opened()
    cell = cell_of(book, "指标", "分值", 4)
    cell.value = "=1+1"
    _, problems = read(book)
    assert ("scheme-value-wrong", "指标", cell.coordinate) in problems


def test_in_the_sandbox_it_is_read_alike():
    book = opened()
    cell_of(book, "指标", "分值", 4).value = 9.5
    content = kept(book)
    assert read_scheme_sheet_safely(content, scheme=SCHEME) == read_scheme_sheet(content, scheme=SCHEME)
    found, problems = read_scheme_sheet_safely(b"PK broken", scheme=SCHEME, filename="方案.xlsx")
    assert found is None and problems


@pytest.mark.libreoffice
@pytest.mark.skipif(libreoffice.SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_an_office_program_keeps_the_cells_and_computes_the_effective_weights_of_the_edited_ones(tmp_path):
    book = opened()
    for row, value in ((2, 0.3), (3, 0.7)):
        cell_of(book, "责任制", "权重", row).value = value
    cell_of(book, "指标", "分值", 4).value = 17.5
    cell_of(book, "指标", "适用对象", 5).value = "；".join(c.name for c in SCHEME.categories[:2])
    (tmp_path / "in.xlsx").write_bytes(kept(book))
    libreoffice.type_in(tmp_path / "in.xlsx", {}, tmp_path / "out.xlsx", flavour=libreoffice.XLSX)
    content = (tmp_path / "out.xlsx").read_bytes()
    found, problems = read_scheme_sheet(content, scheme=SCHEME)
    assert problems == []
    _, made, faults = text_of_sheet(SOURCE, SCHEME, *found)
    assert faults == []
    assert [s.weight for s in made.systems] == [0.3, 0.7]
    assert len(differences(SCHEME, made)) == 4
    rows = list(openpyxl.load_workbook(io.BytesIO(content), data_only=True)[WEIGHTS].values)
    told = {
        (KINDS[row[0]], row[1], name): share
        for row in rows[1:]
        if row[0] in KINDS
        for name, share in zip(rows[0][3:], row[3:], strict=True)
    }
    expected = {(w.kind, w.id, w.category_name): w.share for w in effective_weights(made)}
    assert told.keys() == expected.keys()
    assert told == pytest.approx(expected, abs=1e-9)
