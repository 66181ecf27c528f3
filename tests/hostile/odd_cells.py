"""Cells, rows and encodings that are well-formed or nearly so and mean nothing, or too much."""

from __future__ import annotations

from collections.abc import Callable

from tests.data.small import filled
from tests.hostile.material import MAIN, SHEET, STRINGS, STYLES, WORKBOOK, changed, family, parts, with_cell

_DATE_STYLE = "14"  # a number format that every program knows as a date
_NUMBERS = ["1e308", "-1e308", "1e400", "NaN", "INF", "-INF", "1,000", "0x10", " 4 ", "4.0000000000000001", "--4", "4e",
            "9" * 400, "0." + "3" * 400, "1e-320", "４", "四", "", " ", "+4", "1_000", "1e308e308"]  # fmt: skip
_DATES = ["1e308", "-1", "0", "60", "2958465", "2958466", "99999999999", "1e15", "-1e15", "0.99999999", "NaN"]
_ISO_DATES = [
    "2026-02-30",
    "2026-13-45T99:99:99",
    "99999-01-01",
    "0000-00-00",
    "2026-04-15T25:00:00Z",
    "x",
    "",
]
_REFERENCES = [
    "",
    "E0",
    "A",
    "11",
    "E-1",
    "$E$11",
    "e11",
    "E11:F12",
    "ZZZZ1",
    "E99999999",
    "Ｅ１１",
    "R1C1",
    "E11 ",
]
_TYPES = ["s", "b", "e", "d", "str", "inlineStr", "n", "x", "S"]
_INDEXES = ["-1", "99999999", "4294967296", "abc", "1e9", "1.5", ""]
_TEXTS = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "formula": "=cmd|' /C calc'!A0",
    "wide-formula": "＝1+1",
    "right-to-left": "是\u202e否\u202d",
    "zero-width": "\u200b" * 500,
    "blanks": "\u3000\u00a0 " * 200,
    "marks": "是" + "\u0301" * 2_000,
    "expands": "\ufdfa" * 2_000,
    "emoji": "👩‍👩‍👧‍👦" * 300,
    "lines": "\n" * 20_000,
    "too-long": "很长" * 20_000,
    "escapes": "_x0000__x001B__xD800_",
    "beyond": "\U0010ffff\U000e0001",
    "controls": "\x85\x9b\x90",
    "separators": ",;|\t" * 500,
    "regex": "a" * 5_000 + "!",
    "digits": "1" * 30_000,
    "gaps": "- " * 20_000,
    "quotes": "\"'`" * 500,
    "braces": "{found}{0.__class__}%s%(x)s",
}


def _cell(attributes: str, inside: str) -> Callable[[], bytes]:
    return lambda: with_cell(f'<c r="E11"{attributes}>{inside}</c>')


def _dated(value: str) -> bytes:
    """E11 with a style of its own that shows dates."""
    styles = parts()[STYLES]
    count = styles.partition(b"<cellXfs")[2].partition(b"</cellXfs>")[0].count(b"<xf ")
    styled = styles.replace(
        b"</cellXfs>", f'<xf numFmtId="{_DATE_STYLE}" applyNumberFormat="1"/></cellXfs>'.encode()
    )
    sheet = parts()[SHEET]
    before, _, rest = sheet.partition(b'<c r="E11"')
    after = rest.partition(b"</c>")[2]
    cell = f'<c r="E11" s="{count}"><v>{value}</v></c>'
    return changed({STYLES: styled, SHEET: before + cell.encode() + after})


def _rows(text: str) -> Callable[[], bytes]:
    return lambda: changed(
        {SHEET: parts()[SHEET].replace(b"</sheetData>", text.encode() + b"</sheetData>", 1)}
    )


def _encoded(encoding: str, declared: str, *, mark: bytes = b"") -> Callable[[], bytes]:
    def make() -> bytes:
        text = parts()[SHEET].decode().partition("?>")[2]
        head = f'<?xml version="1.0" encoding="{declared}"?>'
        return changed({SHEET: mark + (head + text).encode(encoding, "xmlcharrefreplace")})

    return make


def _styles(old: bytes, new: str) -> Callable[[], bytes]:
    return lambda: changed({STYLES: parts()[STYLES].replace(old, new.encode(), 1)})


NUMBERS = family("number", {str(n): _cell("", f"<v>{text}</v>") for n, text in enumerate(_NUMBERS)})
DATES = family("date", {str(n): lambda text=text: _dated(text) for n, text in enumerate(_DATES)})
ISO_DATES = family(
    "iso-date", {str(n): _cell(' t="d"', f"<v>{text}</v>") for n, text in enumerate(_ISO_DATES)}
)
REFERENCES = family(
    "reference",
    {str(n): lambda r=r: with_cell(f'<c r="{r}"><v>4</v></c>') for n, r in enumerate(_REFERENCES)},
)
KINDS = family(
    "type",
    {f"{kind}-{n}": _cell(f' t="{kind}"', inside) for kind in _TYPES for n, inside in enumerate(("", "<v>x</v>", "<v>2</v>", "<is><t>是</t></is>"))},
)  # fmt: skip
INDEXES = family("index", {str(n): _cell(' t="s"', f"<v>{text}</v>") for n, text in enumerate(_INDEXES)})
STYLE_NUMBERS = family(
    "style", {str(n): _cell(f' s="{text}"', "<v>4</v>") for n, text in enumerate(_INDEXES)}
)
TEXTS = family(
    "text",
    {f"{name}-{key}": lambda key=key, text=text: filled({"T19-01": {key: text}}) for name, text in _TEXTS.items() for key in ("value", "evidence")},
)  # fmt: skip
XML = family(
    "odd-xml",
    {
        "no-reference": lambda: with_cell("<c><v>4</v></c>"),
        "two-values": _cell("", "<v>4</v><v>5</v>"),
        "value-in-value": _cell("", "<v><v>4</v></v>"),
        "cdata": _cell(' t="str"', "<v><![CDATA[4]]></v>"),
        "comment": _cell("", "<v>4<!-- 5 --></v>"),
        "instruction": _cell("", "<v><?php echo 5 ?>4</v>"),
        "undefined-entity": _cell(' t="str"', "<v>&undefined;</v>"),
        "zero-character": _cell(' t="str"', "<v>&#0;</v>"),
        "half-character": _cell(' t="str"', "<v>&#xD800;</v>"),
        "too-large-character": _cell(' t="str"', "<v>&#x110000;</v>"),
        "rich-text": _cell(' t="inlineStr"', "<is><r><rPr><b/></rPr><t>4</t></r><r><t>次</t></r><rPh><t>x</t></rPh></is>"),
        "prefix-without-space": _cell("", "<x:v>4</x:v>"),
        "doubled-attribute": lambda: with_cell('<c r="E11" r="E12"><v>4</v></c>'),
        "shared-formula-of-none": _cell("", '<f t="shared" si="77"/><v>4</v>'),
        "shared-formula-of-itself": _cell("", '<f t="shared" si="0" ref="E11:E11">E11</f><v>4</v>'),
        "array-over-all": _cell("", '<f t="array" ref="A1:XFD1048576">1</f><v>4</v>'),
        "table-formula": _cell("", '<f t="dataTable" ref="E11" dt2D="1" r1="A1" r2="A2"/><v>4</v>'),
        "formula-with-error": _cell(' t="e"', "<f>1/0</f><v>#DIV/0!</v>"),
        "error-of-no-kind": _cell(' t="e"', "<v>#WHAT!</v>"),
        "cell-twice": _cell("", "<v>4</v></c><c r=\"E11\"><v>5</v>"),
        "cell-outside-rows": _rows('<c r="E11"><v>9</v></c>'),
        "row-zero": _rows('<row r="0"><c r="A0"><v>1</v></c></row>'),
        "row-below-zero": _rows('<row r="-5"><c><v>1</v></c></row>'),
        "row-of-words": _rows('<row r="五"><c><v>1</v></c></row>'),
        "row-beyond": _rows('<row r="1048577"><c><v>1</v></c></row>'),
        "row-of-many-digits": _rows(f'<row r="{"9" * 5000}"/>'),
        "rows-backwards": _rows('<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'),
        "row-in-row": _rows('<row r="50"><row r="51"><c r="A51"><v>1</v></c></row></row>'),
        "merge-of-words": lambda: changed({SHEET: parts()[SHEET].replace(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="x:y"/></mergeCells>', 1)}),
        "empty-root": lambda: changed({SHEET: b"<worksheet/>"}),
        "other-root": lambda: changed({SHEET: b"<html><body/></html>"}),
        "text-for-xml": lambda: changed({SHEET: b"not xml"}),
        "no-end": lambda: changed({SHEET: parts()[SHEET][:-40]}),
        "strings-of-none": lambda: changed({STRINGS: f'<sst xmlns="{MAIN}"/>'.encode()}),
        "strings-nested": lambda: changed({STRINGS: parts()[STRINGS].replace(b"<si>", b"<si><si>", 1).replace(b"</si>", b"</si></si>", 1)}),
        "sheet-name-long": lambda: changed({WORKBOOK: parts()[WORKBOOK].replace("自评表".encode(), "很".encode() * 300)}),
        "sheet-name-control": lambda: changed({WORKBOOK: parts()[WORKBOOK].replace("自评表".encode(), "自\x9b评表".encode())}),
        "sheet-names-same": lambda: changed({WORKBOOK: parts()[WORKBOOK].replace("填报说明".encode(), "自评表".encode())}),
        "sheet-name-markup": lambda: changed({WORKBOOK: parts()[WORKBOOK].replace("填报说明".encode(), b"&lt;img src=x&gt;")}),
        "all-hidden": lambda: changed({WORKBOOK: parts()[WORKBOOK].replace(b"<sheet ", b'<sheet state="veryHidden" ')}),
        "no-sheets": lambda: changed({WORKBOOK: b"<workbook xmlns='" + MAIN.encode() + b"'><sheets/></workbook>"}),
        "workbook-as-its-sheet": lambda: changed({"xl/_rels/workbook.xml.rels": parts()["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet3.xml", b"workbook.xml")}),
        "sheet-target-outside": lambda: changed({"xl/_rels/workbook.xml.rels": parts()["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet3.xml", b"../../../etc/passwd")}),
    },
)  # fmt: skip
ENCODINGS = family(
    "encoding",
    {
        "utf-16": _encoded("utf-16", "UTF-16"),
        "utf-16-without-mark": _encoded("utf-16-le", "UTF-16"),
        "utf-16-called-utf-8": _encoded("utf-16", "UTF-8"),
        "gbk": _encoded("gbk", "GBK"),
        "gbk-called-utf-8": _encoded("gbk", "UTF-8"),
        "latin-1": _encoded("latin-1", "ISO-8859-1"),
        "utf-7": _encoded("utf-7", "UTF-7"),
        "ebcdic": _encoded("cp037", "cp037"),
        "utf-32": _encoded("utf-32", "UTF-32"),
        "unknown": _encoded("utf-8", "x-martian"),
        "two-marks": _encoded("utf-8", "UTF-8", mark=b"\xef\xbb\xbf\xef\xbb\xbf"),
        "broken-utf-8": lambda: changed({SHEET: parts()[SHEET].replace("是".encode(), b"\xff\xfe\xc0\x80", 1)}),
    },
)  # fmt: skip
STYLES_GONE_WRONG = family(
    "styles",
    {
        "no-cell-formats": _styles(b"<cellXfs", "<cellXfsX"),
        "format-without-code": _styles(b"<fonts", '<numFmts><numFmt numFmtId="200"/></numFmts><fonts'),
        "format-of-quotes": _styles(b"<fonts", '<numFmts><numFmt numFmtId="9" formatCode="&quot;[[[yyyy"/></numFmts><fonts'),
        "format-with-percents": _styles(b"<fonts", f'<numFmts><numFmt numFmtId="1" formatCode="{"%" * 5000}"/></numFmts><fonts'),
        "index-of-words": _styles(b'numFmtId="', 'numFmtId="x'),
        "colour-of-nonsense": _styles(b'rgb="', 'rgb="zz'),
        "font-size": _styles(b'<sz val="', '<sz val="-1e308'),
    },
)  # fmt: skip

CASES = [
    *NUMBERS, *DATES, *ISO_DATES, *REFERENCES, *KINDS, *INDEXES, *STYLE_NUMBERS, *TEXTS, *XML, *ENCODINGS,
    *STYLES_GONE_WRONG,
]  # fmt: skip
