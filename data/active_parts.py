"""Finds what a workbook must not hold besides cells: macros, embedded objects, other archives, ways to fetch data.

Office programs run or fetch some of these when a file is opened, and a self-assessment needs none. Plain hyperlinks
are let through: nothing is fetched until a person clicks, people type addresses as evidence, and Excel makes a link
of each by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from data.package import parse_xml, same_in_many
from data.problems import Problem, make_problem

CONTENT_TYPES = "[Content_Types].xml"
HYPERLINK = "hyperlink"

_OLE, _OLE_MACROS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "_VBA_PROJECT".encode("utf-16-le")
_ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf\x27\x1c")
_XML_SUFFIXES = (".xml", ".rels", ".vml")
_DOCUMENT_TYPE = ("<!DOCTYPE", "<!ENTITY")

_EMBEDDINGS = "/embeddings/"
_MACRO, _EMBEDDED, _EXTERNAL = "macro-workbook", "embedded-objects", "external-links"
# What a relationship's type, a part's content type or its folder says of it: (word in it, problem, what to call it).
_BY_RELATION = {
    "vbaproject": (_MACRO, "VBA 宏"),
    "vbaprojectsignature": (_MACRO, "VBA 宏"),
    "xlmacrosheet": (_MACRO, "Excel 4.0 宏表"),
    "xlintlmacrosheet": (_MACRO, "Excel 4.0 宏表"),
    "dialogsheet": (_MACRO, "对话框工作表"),
    "oleobject": (_EMBEDDED, "嵌入的对象"),
    "package": (_EMBEDDED, "嵌入的文档"),
    "control": (_EMBEDDED, "ActiveX 控件"),
    "activexcontrolbinary": (_EMBEDDED, "ActiveX 控件"),
    "webextension": (_EMBEDDED, "加载项"),
    "webextensiontaskpanes": (_EMBEDDED, "加载项"),
    "externallink": (_EXTERNAL, "外部工作簿的链接"),
    "externallinkpath": (_EXTERNAL, "外部工作簿的链接"),
    "connections": (_EXTERNAL, "外部数据连接"),
    "querytable": (_EXTERNAL, "外部数据查询"),
    "volatiledependencies": (_EXTERNAL, "实时数据函数"),
    "image": (_EXTERNAL, "链接到外部的图片"),
}
_ONLY_WHEN_EXTERNAL = ("image",)
_BY_CONTENT_TYPE = (
    ("vbaproject", _MACRO, "VBA 宏"),
    ("macrosheet", _MACRO, "Excel 4.0 宏表"),
    ("dialogsheet", _MACRO, "对话框工作表"),
    ("macroenabled", _MACRO, "xlsm 格式"),
    ("activex", _EMBEDDED, "ActiveX 控件"),
    ("oleobject", _EMBEDDED, "嵌入的对象"),
    ("externallink", _EXTERNAL, "外部工作簿的链接"),
    ("spreadsheetml.connections", _EXTERNAL, "外部数据连接"),
    ("querytable", _EXTERNAL, "外部数据查询"),
    ("volatiledependencies", _EXTERNAL, "实时数据函数"),
)
_BY_NAME = (
    ("vbaproject", _MACRO, "VBA 宏"),
    ("vbadata", _MACRO, "VBA 宏"),
    ("/macrosheets/", _MACRO, "Excel 4.0 宏表"),
    ("/intlmacrosheets/", _MACRO, "Excel 4.0 宏表"),
    ("/dialogsheets/", _MACRO, "对话框工作表"),
    (_EMBEDDINGS, _EMBEDDED, "嵌入的文件"),
    ("/activex/", _EMBEDDED, "ActiveX 控件"),
    ("/webextensions/", _EMBEDDED, "加载项"),
    ("/externallinks/", _EXTERNAL, "外部工作簿的链接"),
    ("/connections.xml", _EXTERNAL, "外部数据连接"),
    ("/querytables/", _EXTERNAL, "外部数据查询"),
    ("/volatiledependencies.xml", _EXTERNAL, "实时数据函数"),
)


def find_active_part(parts: Mapping[str, bytes]) -> Problem | None:
    """The first reason not to take the workbook in, or None; the gravest kind first.

    Raises ExpatError for content types or relationships that are not well-formed, UnsafeXml for a document type in them.
    """
    if _has_document_type(parts):
        return make_problem("xml-document-type")
    types = _content_types(parts[CONTENT_TYPES])
    if problem := _judge_main_type(types):
        return problem
    found = [*_by_type(types), *_by_name(parts), *_by_content(parts), *_by_relation(parts)]
    for code in (_MACRO, "archive-in-workbook", _EMBEDDED, _EXTERNAL):
        for each, name in found:
            if each == code:
                return make_problem(code, found=name)
    return None


def _has_document_type(parts: Mapping[str, bytes]) -> bool:
    return any(
        mark.encode(encoding) in data
        for name, data in parts.items()
        if b"!" in data and name.lower().endswith(_XML_SUFFIXES)
        # an XML document may also be written in UTF-16
        for encoding in (
            ("utf-16-le", "utf-16-be") if b"\0" in data[:4] or data[:1] in b"\xff\xfe" else ("ascii",)
        )
        for mark in _DOCUMENT_TYPE
    )


@same_in_many
def _content_types(xml: bytes) -> str:
    """The content types of all parts, in lower case, one a line."""
    types: list[str] = []

    def start(_name, attributes):
        types.append(attributes.get("ContentType", "").lower())

    parse_xml(xml, start=start)
    return "\n".join(types)


def _judge_main_type(types: str) -> Problem | None:
    if "sheet.binary" in types:
        return make_problem("not-a-workbook", found="xlsb 二进制工作簿")
    if "spreadsheetml" not in types and "ms-excel" not in types:
        return make_problem("not-a-workbook", found="Word、PowerPoint 或其他文件")
    return None


def _by_type(types: str) -> Iterator[tuple[str, str]]:
    for word, code, name in _BY_CONTENT_TYPE:
        if word in types:
            yield code, name


def _by_name(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    names = "\n".join(f"/{name}".lower() for name in parts)
    for word, code, name in _BY_NAME:
        if word in names:
            yield code, name


def _by_content(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Macros, objects and archives under another name."""
    for name, data in parts.items():
        if data.startswith(_OLE):
            yield (_MACRO, "VBA 宏") if _OLE_MACROS in data else (_EMBEDDED, "嵌入的对象")
        elif data.startswith(_ARCHIVES) and _EMBEDDINGS not in f"/{name}".lower():
            yield "archive-in-workbook", name


def _by_relation(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for name, data in parts.items():
        if name.lower().endswith(".rels"):
            yield from _judge_relations(data)


@same_in_many
def _judge_relations(xml: bytes) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []

    def start(_name, attributes):
        kind = attributes.get("Type", "").rpartition("/")[2].lower()
        is_external = attributes.get("TargetMode", "").lower() == "external"
        if kind in _BY_RELATION and (is_external or kind not in _ONLY_WHEN_EXTERNAL):
            found.append(_BY_RELATION[kind])
        elif is_external and kind != HYPERLINK:
            found.append((_EXTERNAL, f"外部链接（{kind}）"))

    parse_xml(xml, start=start)
    return tuple(found)
