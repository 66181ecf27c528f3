"""Files that are no workbook, or a hostile one, are refused before or while they are read, each for its own reason."""

from __future__ import annotations

import io
import pickle
import zipfile

import openpyxl
import pytest

from data import guards
from data.workbook import read_workbook
from tests.data.small import check, edited, filled


def codes(content: bytes) -> list[str]:
    raw, problems = read_workbook(content)
    assert raw is None
    assert all(problem.fix and problem.message for problem in problems)
    return [problem.code for problem in problems]


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def changed(changes: dict[str, bytes | None]) -> bytes:
    """The good workbook with parts replaced, added, or (None) taken out."""
    with zipfile.ZipFile(io.BytesIO(filled())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped({name: data for name, data in (parts | changes).items() if data is not None})


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        ("单位,是否\n甲,是\n".encode("gbk"), "not-a-workbook"),
        (b"%PDF-1.7\n...", "not-a-workbook"),
        (b"<html><table>", "not-a-workbook"),
        (OLE, "old-xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted-workbook"),
        (b"PK\x03\x04" + b"\0" * 50, "damaged-workbook"),
        (filled()[:8_000], "damaged-workbook"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "ods-workbook"),
        (zipped({"a.txt": b"x"}), "not-a-workbook"),
        (zipped({"[Content_Types].xml": b"<Types>wordprocessingml</Types>"}), "not-a-workbook"),
        (b"x" * (guards.MAX_FILE_BYTES + 1), "file-too-large"),
    ],
)
def test_what_is_no_workbook_is_refused_by_what_it_is(content, code):
    assert codes(content) == [code]


def test_macros_are_refused():
    assert codes(changed({"xl/vbaProject.bin": b"x"})) == ["macro-workbook"]


def test_a_file_that_expands_beyond_reason_is_refused():
    assert codes(changed({"xl/media/zeros.bin": b"\0" * (guards.MAX_EXPANDED_BYTES + 1)})) == ["zip-bomb"]


def test_a_damaged_part_is_noticed():
    content = bytearray(filled())
    at = content.index(b"xl/worksheets/sheet3.xml") + 400
    content[at] ^= 0xFF
    assert codes(bytes(content)) == ["damaged-workbook"]


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet3.xml", "xl/_rels/workbook.xml.rels"]
)
def test_a_missing_or_broken_part_is_a_damaged_file(part):
    assert codes(changed({part: None})) == ["damaged-workbook"]
    assert codes(changed({part: b"<not-closed>"})) == ["damaged-workbook"]


def test_entities_are_never_expanded():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    assert codes(changed({"xl/worksheets/sheet3.xml": bomb})) == ["xml-document-type"]


def test_a_cell_in_the_farthest_corner_does_not_fill_the_memory():
    def edit(book):
        book["自评表"]["XFD1048576"] = "x"

    [problem] = read_workbook(edited(edit))[1]
    assert (problem.code, problem.sheet, problem.found) == ("sheet-too-large", "自评表", "XFD1048576")


def test_empty_formatted_cells_far_away_do_no_harm():
    def edit(book):
        book["自评表"]["ZZ90000"].number_format = "0%"

    assert check(edited(edit))[2] == []


def test_formulas_errors_merges_and_percent_formats_are_seen():
    def edit(book):
        sheet = book["自评表"]
        sheet["E6"] = "=A1"
        sheet["E7"] = "#REF!"
        sheet["E7"].data_type = "e"
        sheet.merge_cells("H9:I10")

    raw, problems = read_workbook(edited(edit))
    sheet = raw.sheet("自评表")
    assert problems == []
    assert (sheet.unsaved[6, 5], sheet.errors) == ("=A1", {(7, 5): "#REF!"})
    assert (9, 8, 10, 9) in sheet.merged
    assert (10, 5) in sheet.percents and (11, 5) not in sheet.percents


def test_what_was_read_can_travel_between_processes():
    raw, _ = read_workbook(filled())
    assert pickle.loads(pickle.dumps(raw)) == raw


def test_a_workbook_in_the_strict_flavour_or_with_prefixed_names_is_read():
    book = openpyxl.Workbook()
    book.active["A1"] = "甲"
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for name in ("worksheet", "sheetData", "row", "c", "is", "t", "v"):
        sheet = sheet.replace(f"<{name}>", f"<x:{name}>").replace(f"<{name} ", f"<x:{name} ")
        sheet = sheet.replace(f"</{name}>", f"</x:{name}>")
    sheet = sheet.replace("<x:worksheet xmlns=", "<x:worksheet xmlns:x=")
    for name in ("sheetPr", "outlinePr", "pageSetUpPr", "dimension", "sheetViews", "sheetView", "selection",
                 "sheetFormatPr", "pageMargins"):  # fmt: skip
        sheet = sheet.replace(f"<{name}", f"<x:{name}").replace(f"</{name}", f"</x:{name}")
    raw, problems = read_workbook(zipped(parts | {"xl/worksheets/sheet1.xml": sheet.encode()}))
    assert problems == []
    assert raw.sheets[0].values == {(1, 1): "甲"}
