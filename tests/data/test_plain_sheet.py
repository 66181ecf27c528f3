"""The quick way through plainly written sheets gives what the parser and calamine give, whatever is done to the XML."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import sheet_scan
from data.guards import open_package
from data.package import store, write_package
from data.plain_sheet import find_plain_cells
from data.plain_values import read_plain
from data.sheet_scan import scan_parts
from data.workbook import read_workbook
from tests.data.small import filled

SHEETS = ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet3.xml"]
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
WORKBOOKS = sorted((Path(__file__).parents[1] / "workbooks").glob("*.xlsx"))

# What stands in cells, whole or broken off, put where something else stood.
ODDITIES = [
    *(b"<c", b"</c>", b"<v>", b"</v>", b"<v/>", b"<v></v>", b"<row>", b"</row>", b"<is/>", b"<f/>", b"<f>1+1</f>"),
    *(b' t="s"', b' t="n"', b' t="b"', b' t="e"', b' t="str"', b' t="d"', b' t="inlineStr"', b' t=""'),
    *(b' s="3"', b' s="0"', b' s="99"', b' r="B2"', b' r="b2"', b' r="$B$2"', b' r="ZZZ1"', b' r="A0"', b' cm="1"'),
    *(b"1", b"0", b"12", b"45000", b"45000.5", b"1e3", b"-0", b"007", b"99999999999", b"1e309", b"nan", b" 5 ", b""),
    *(b"&amp;", b"&#10;", b"&#x41;", b"&nbsp;", b"&#0;", b"_x000D_", b"\r\n", b" ", b"\n", b"\xff", b"\x01", b"]]>"),
    *(b"<!-- -->", b"<![CDATA[x]]>", b"<?x?>", b"<x:c/>", b'<c r="A1"/>', b'<c r="Z9" t="s"><v>0</v></c>'),
    *(b"<si><t>x</t></si>", b"<si><r><t>x</t></r></si>", b'<t xml:space="preserve"> x </t>', b"<t> x </t>", b"<t/>"),
    *(b"true", b"#N/A", b">", b"'", b'<mergeCell ref="A1:B2"/>', b'<dimension ref="A1"/>', b"<sheetData>"),
]  # fmt: skip
_TOKEN = re.compile(rb'<[^<>]*>| [a-z:]+="[^"]*"|[^<>]+')


@cache
def parts_of(path: Path | None = None) -> dict[str, bytes]:
    content = path.read_bytes() if path else filled({"T19-01": {"value": "是", "evidence": "甲 & 乙"}})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    return write_package(store(name, data) for name, data in parts.items())


def told(content: bytes):
    """All that reading says, with the types of values."""
    raw, problems = read_workbook(content)
    sheets = raw and [
        (
            *(
                sheet.name,
                sheet.state,
                sheet.errors,
                sheet.unsaved,
                sheet.percents,
                sheet.merged,
                sheet.comments,
            ),
            sorted((place, type(value).__name__, repr(value)) for place, value in sheet.values.items()),
        )
        for sheet in raw.sheets
    ]
    return sheets, raw and raw.is_1904, problems


def told_by_the_parser(content: bytes):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet_scan, "find_plain_cells", lambda _: None)
        return told(content)


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name)
def test_every_workbook_reads_the_same_both_ways(path):
    content = path.read_bytes()
    assert told(content) == told_by_the_parser(content)


@pytest.mark.parametrize("name", ["clean.xlsx", "written-by-xlsxwriter.xlsx"])
def test_what_programs_write_is_plain(name):
    parts, _ = open_package((WORKBOOKS[0].parent / name).read_bytes())
    scans, is_1904 = scan_parts(parts)
    assert read_plain(parts, scans, is_1904=is_1904) is not None


edits = st.lists(
    st.tuples(
        st.sampled_from([*SHEETS, SHEETS[1], STRINGS, STYLES]),
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(["instead", "before", "into", "without", "twice", "swapped"]),
        st.sampled_from(ODDITIES),
    ),
    min_size=1,
    max_size=3,
)


def edited(data: bytes, at: float, how: str, oddity: bytes) -> bytes:
    tokens = _TOKEN.findall(data)
    n = int(at * (len(tokens) - 1))
    token = tokens[n]
    if how == "swapped":
        tokens[n], tokens[n + 1] = tokens[n + 1], tokens[n]
    elif how == "into":
        middle = len(token) // 2
        tokens[n] = token[:middle] + oddity + token[middle:]
    else:
        tokens[n] = {"instead": oddity, "before": oddity + token, "without": b"", "twice": token * 2}[how]
    return b"".join(tokens)


@given(edits=edits)
@settings(max_examples=300, deadline=None)
def test_whatever_is_changed_in_the_xml_reads_the_same_both_ways(edits):
    parts = dict(parts_of())
    for name, at, how, oddity in edits:
        parts[name] = edited(parts[name], at, how, oddity)
    content = packed(parts)
    assert told(content) == told_by_the_parser(content)


@pytest.mark.parametrize(
    ("cell", "is_plain"),
    [
        ('<c r="A1" s="1" t="s"><v>0</v></c>', True),
        ('<c r="A1"><f>1+1</f><v>2</v></c>', True),
        ('<c r="A1" t="inlineStr"><is><t>甲</t></is></c>', True),
        ('<c r="A1" s="1"/>', True),
        ('<c r="A1" cm="1"><v>0</v></c>', False),
        ('<c r="a1"><v>0</v></c>', False),
        ("<c><v>0</v></c>", False),
        ('<c r="A1"><v>0</v><!-- --></c>', False),
        ('<x:c r="A1"><v>0</v></x:c>', False),
        ('<c r="A1"><v>0</v></c> ', False),
        ('<c r="A1"><v>&nbsp;</v></c>', False),
        ('<c r="A1"><v>&amp</v></c><c r="B1"><v>;</v></c>', False),
        ('<c r="A1"/><c r="B1" s="1" t="n" /><c r="C1"><v>0</v></c><c r="D1"/>', True),
        ('<c r="A1"/></row>', False),
        ('<c r="A1"/><row r="2">', False),
        ('<c r="A1"><f t="shared" t="shared">1</f></c>', False),
    ],
)
def test_a_sheet_is_plain_only_where_nothing_in_it_was_passed_over(cell, is_plain):
    xml = f'<worksheet><sheetData><row r="1">{cell}</row></sheetData></worksheet>'
    assert (find_plain_cells(xml.encode()) is not None) == is_plain
    assert find_plain_cells(xml.replace("</sheetData>", "").encode()) is None


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("xl/workbook.xml", "填报说明", "自评表"),  # calamine finds sheets by their names
        ("xl/workbook.xml", "<workbookPr ", '<workbookPr date1904="1" '),
        (STRINGS, "<sst ", '<sst uniqueCount="4294967295" '),  # calamine makes room for them
        (SHEETS[1], 'dimension ref="A1:J', 'dimension ref="A1:XFD104857'),
        (STRINGS, "</t>", "_x000D_</t>"),
        (STRINGS, "<t>", "<t> "),
        (SHEETS[1], "</v>", " </v>"),
    ],
)
def test_what_calamine_may_see_otherwise_is_left_to_it(name, old, new):
    parts = dict(parts_of())
    assert old.encode() in parts[name]
    parts[name] = parts[name].replace(old.encode(), new.encode())
    scans, is_1904 = scan_parts(parts)
    assert read_plain(parts, scans, is_1904=is_1904) is None


def test_dates_numbers_and_results_are_read_as_calamine_reads_them():
    parts = dict(parts_of())
    styles = parts[STYLES].count(b"<xf")
    cells = "".join(
        f'<c r="{letter}{row}" s="{row - 1}"><v>{value}</v></c>'
        for row in range(1, styles + 1)
        for letter, value in zip("ABCDEFG", ("45000", "1", "60", "61", "0.5", "-3", "1e3"), strict=True)
    )
    for row in re.findall(r'<c r="A(\d+)"', cells):
        cells = cells.replace(f'<c r="A{row}"', f'</row><row r="{row}"><c r="A{row}"')
    sheet = f"<worksheet><sheetData>{cells.removeprefix('</row>')}</row></sheetData></worksheet>"
    parts[SHEETS[1]] = sheet.encode()
    content = packed(parts)
    assert told(content) == told_by_the_parser(content)
