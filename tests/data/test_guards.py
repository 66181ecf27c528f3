"""What a workbook must not hold is found before any parser sees it, each kind for its own reason; the rest goes in."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from data import guards
from data.active_parts import find_active_part
from data.guards import guard_file
from data.package import MAX_ELEMENTS
from data.sheet_scan import MAX_CELLS
from data.workbook import read_workbook
from tests.data.small import edited, filled, found

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
TYPES, RELATIONS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


GOOD = parts_of(filled())


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def with_parts(**parts: bytes) -> bytes:
    return zipped(GOOD | parts)


def with_type(content_type: str) -> bytes:
    """The good workbook with one more part declared, under a name that says nothing."""
    line = f'<Override PartName="/xl/other.bin" ContentType="{content_type}"/></Types>'.encode()
    return with_parts(**{TYPES: GOOD[TYPES].replace(b"</Types>", line), "xl/other.bin": b"x"})


def with_relation(kind: str, *, target: str = "other.bin", mode: str = "", part: str = RELATIONS) -> bytes:
    mode = f' TargetMode="{mode}"' if mode else ""
    line = f'<Relationship Id="rIdX" Type="{OFFICE}{kind}" Target="{target}"{mode}/></Relationships>'
    return with_parts(**{part: GOOD[RELATIONS].replace(b"</Relationships>", line.encode())})


def codes(content: bytes, filename: str = "自评表.xlsx") -> list[str]:
    problems = guard_file(content, filename=filename)
    assert all(problem.fix and problem.message for problem in problems)
    return [problem.code for problem in problems]


def test_the_good_workbook_passes():
    assert codes(filled()) == []


@pytest.mark.parametrize(
    ("filename", "code"),
    [
        ("自评表.xls", "old-xls"),
        ("自评表.ET", "et-workbook"),
        ("模板.ett", "et-workbook"),
        ("a.xlsx", "old-xls"),
    ],
)
def test_old_formats_are_told_apart_and_to_be_saved_as_xlsx(filename, code):
    [problem] = guard_file(OLE + "Workbook".encode("utf-16-le"), filename=filename)
    assert problem.code == code
    assert "请另存为 .xlsx" in problem.message


@pytest.mark.parametrize(
    ("stream", "code"),
    [("EncryptedPackage", "encrypted-workbook"), ("WordDocument", "not-a-workbook"), ("PowerPoint Document", "not-a-workbook")],
)  # fmt: skip
def test_other_files_in_the_old_container_are_named(stream, code):
    assert codes(OLE + stream.encode("utf-16-le")) == [code]


@pytest.mark.parametrize("start", [b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08"])
def test_other_archives_are_named(start):
    assert codes(start + b"\0" * 100) == ["unsupported-archive"]


# --- the zip


def test_too_many_parts_are_refused_before_one_is_expanded():
    assert codes(with_parts(**{f"xl/{n}.xml": b"" for n in range(guards.MAX_ENTRIES)})) == [
        "too-many-entries"
    ]


def test_what_shrinks_too_well_is_padding():
    padding = b"\0" * (guards.RATIO_MATTERS_FROM + 1)
    assert codes(with_parts(**{"xl/media/a.bin": padding})) == ["compressed-too-much"]
    assert codes(with_parts(**{"xl/media/a.bin": padding[: len(padding) // 2]})) == []


def test_a_zip_that_lies_about_its_sizes_is_not_believed():
    content = bytearray(with_parts(**{"xl/media/a.bin": b"\0" * 1_000_000}))
    at = content.rindex(b"xl/media/a.bin") - 46
    struct.pack_into("<L", content, at + 24, 10)
    assert codes(bytes(content)) == ["damaged-workbook"]


@pytest.mark.parametrize("change", [0x01, 0x20, 0x80, 0xFF])
def test_parts_are_expanded_at_once_only_where_zipfile_gives_the_same(change):
    content = zipped({"[Content_Types].xml": b"<Types/>" * 9, "xl/\u8868.xml": b"<a/>" * 9, "c": b""})

    def opened(changed: bytes):
        parts, problems = guards.open_package(changed)
        return parts, [problem.code for problem in problems]

    for at in range(len(content)):
        changed = content[:at] + bytes([content[at] ^ change]) + content[at + 1 :]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(guards, "find_active_part", lambda _: None)
            at_once = opened(changed)
            patch.setattr(guards, "_expand_true", lambda *_: None)
            assert at_once == opened(changed)


@pytest.mark.parametrize("name", ["../etc/x.xml", "/xl/x.xml", "xl\\x.xml", "C:/x.xml", "xl/../../x.xml", "xl/a\tb.xml"])  # fmt: skip
def test_names_that_leave_the_package_are_refused(name):
    assert codes(with_parts(**{name: b"<x/>"})) == ["unsafe-entry-name"]


def test_a_zero_byte_in_a_name_is_seen_although_zipfile_cuts_it_off():
    content = with_parts(**{"xl/aXb.xml": b"<x/>"}).replace(b"xl/aXb.xml", b"xl/a\0b.xml")
    assert codes(content) == ["unsafe-entry-name"]


def test_two_parts_of_one_name_are_refused_whatever_their_case():
    assert codes(with_parts(**{"xl/WORKBOOK.xml": GOOD["xl/workbook.xml"]})) == ["duplicate-entry"]


def test_a_zip_with_a_password_is_told_from_a_workbook_with_one():
    content = bytearray(filled())
    start = content.index(b"PK\x01\x02")
    content[start + 8] |= 1
    assert codes(bytes(content)) == ["encrypted-archive"]


def test_compression_that_no_office_program_uses_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        for name, data in GOOD.items():
            archive.writestr(name, data)
    assert codes(stream.getvalue()) == ["unsupported-compression"]


# --- what is in it


@pytest.mark.parametrize(
    "content",
    [
        with_parts(**{"xl/vbaProject.bin": b"x"}),
        with_parts(**{"xl/printerSettings/p.bin": OLE + "_VBA_PROJECT".encode("utf-16-le")}),
        with_parts(**{"xl/macrosheets/sheet1.xml": b"<x/>"}),
        with_parts(**{"XL/MacroSheets/other.xml": b"<x/>"}),
        with_type("application/vnd.ms-office.vbaProject"),
        with_type("application/vnd.ms-excel.macrosheet+xml"),
        with_type("application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        with_relation("vbaProject"),
        with_relation("xlMacrosheet"),
    ],
)
def test_macros_are_found_under_any_name(content):
    assert codes(content) == ["macro-workbook"]


@pytest.mark.parametrize(
    "content",
    [
        with_parts(**{"xl/embeddings/oleObject1.bin": OLE}),
        with_parts(**{"xl/embeddings/文档.docx": b"PK\x03\x04"}),
        with_parts(**{"xl/media/image1.png": OLE}),
        with_parts(**{"xl/activeX/activeX1.xml": b"<x/>"}),
        with_relation("oleObject"),
        with_relation("control"),
        with_parts(**{"xl/webextensions/webextension1.xml": b"<x/>"}),
    ],
)
def test_embedded_objects_are_refused(content):
    assert codes(content) == ["embedded-objects"]


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"])
def test_an_archive_inside_a_workbook_is_refused_by_its_name(start):
    [problem] = guard_file(with_parts(**{"xl/media/image1.png": start + b"\0" * 50}))
    assert (problem.code, problem.found) == ("archive-in-workbook", "xl/media/image1.png")


@pytest.mark.parametrize(
    "content",
    [
        with_parts(**{"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        with_parts(**{"xl/connections.xml": b"<x/>"}),
        with_relation("externalLinkPath", target="file:///c:/a.xlsx", mode="External"),
        with_relation("image", target="http://example.invalid/a.png", mode="External"),
        with_relation("attachedTemplate", target="http://example.invalid/a", mode="external"),
        with_relation("queryTable"),
        with_type("application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml"),
    ],
)
def test_ways_to_fetch_data_are_refused(content):
    assert codes(content) == ["external-links"]


def test_a_plain_hyperlink_is_let_through():
    def edit(book):
        book["自评表"]["I6"].hyperlink = "https://example.invalid/文件"

    assert found(edited(edit)) == []


def test_an_image_inside_the_workbook_is_let_through():
    assert codes(with_relation("image", target="media/image1.png")) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["xl/styles.xml", "docProps/app.xml", "xl/extra.xml", "xl/drawings/a.vml"])
def test_a_document_type_is_refused_in_any_part(part, encoding):
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    assert codes(with_parts(**{part: bomb.encode(encoding)})) == ["xml-document-type"]


def test_relations_that_are_no_xml_are_a_damaged_file():
    assert codes(with_parts(**{"xl/_rels/other.xml.rels": b"<Relationships"})) == ["damaged-workbook"]


def test_the_gravest_reason_is_told_first():
    parts = GOOD | {"xl/connections.xml": b"<x/>", "xl/vbaProject.bin": b"x"}
    assert find_active_part(parts).code == "macro-workbook"


# --- too much


def sheet_with(cells: str) -> bytes:
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return with_parts(**{"xl/worksheets/sheet3.xml": f"{head}{cells}</sheetData></worksheet>".encode()})


def test_more_cells_than_a_register_has_are_refused():
    row = "<c><v>1</v></c>" * 200
    [problem] = read_workbook(sheet_with(f"<row>{row}</row>" * (MAX_CELLS // 200 + 1)))[1]
    assert problem.code == "too-many-cells"
    assert f"{MAX_CELLS:,} 个" in problem.message


def test_empty_elements_without_end_are_refused():
    [problem] = read_workbook(sheet_with("<c/>" * (MAX_ELEMENTS + 1)))[1]
    assert problem.code in ("too-many-cells", "compressed-too-much")


def test_many_sheets_that_each_reach_far_are_refused_together():
    def edit(book):
        for number in range(3):
            sheet = book.create_sheet(f"表{number}")
            sheet["GR19000"] = "x"

    [problem] = read_workbook(edited(edit))[1]
    assert problem.code == "too-many-cells"


def test_a_reference_in_small_letters_does_not_hide_a_far_cell():
    [problem] = read_workbook(sheet_with('<row r="1"><c r="xfd1048576"><v>1</v></c></row>'))[1]
    assert problem.code == "sheet-too-large"
