"""A batch's receipts as a workbook for the office that sent it, and the refused files back in one zip."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet.worksheet import Worksheet

from data.model import Receipt
from data.package import pack, repack, write_package
from data.problems import SEVERITY_NAMES
from data.sheet_style import ACCENT, CENTRED, HEADER, VALUE, Style, dress, keep_text
from data.unpack import FOLDER_SUFFIXES

FATE_NAMES = {"accepted": "接收", "warned": "接收（有提醒）", "refused": "退回"}
CELL_LENGTH = 32_000  # Excel keeps 32,767 characters in a cell

_RECEIPT_COLUMNS = (
    ("文件", 52),
    ("结果", 14),
    ("单位代码", 22),
    ("模板版本", 26),
    ("错误", 8),
    ("提醒", 8),
    ("接收时间", 19),
    ("问题", 90),
    ("SHA-256", 68),
)
_PROBLEM_COLUMNS = (
    ("文件", 52),
    ("单位代码", 22),
    ("程度", 8),
    ("工作表", 14),
    ("单元格", 9),
    ("填报内容", 30),
    ("提示", 90),
    ("改正办法", 50),
    ("问题代码", 28),
)
_BAD = Style(boxed=True, horizontal="center", bold=True, colour="9C1C1C", fill="bad")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_UNSAFE_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f\\/:*?"<>|]+')
_DEVICES = {
    "CON",
    "PRN",
    "AUX",
    "NUL",
    *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10)),
}  # Windows


def receipts_to_xlsx(receipts: Sequence[Receipt]) -> bytes:
    """Two sheets: one row per file (回执), one row per problem (问题清单). Whatever people typed stays text."""
    book = Workbook(write_only=True)
    _write(book.create_sheet("回执"), _RECEIPT_COLUMNS, map(_receipt_row, receipts))
    _write(book.create_sheet("问题清单"), _PROBLEM_COLUMNS, _problem_rows(receipts))
    stream = io.BytesIO()
    book.save(stream)
    return repack(stream.getvalue())


def _receipt_row(receipt: Receipt) -> list[object]:
    severities = [problem.severity for problem in receipt.problems]
    return [
        receipt.path,
        FATE_NAMES[receipt.status],
        receipt.unit or "",
        receipt.template_version or "",
        severities.count("error"),
        severities.count("warning"),
        f"{receipt.at:%Y-%m-%d %H:%M:%S}" if receipt.at else "",
        "\n".join(problem.message for problem in receipt.problems),
        receipt.sha256,
    ]


def _problem_rows(receipts: Iterable[Receipt]) -> Iterator[list[object]]:
    for receipt in receipts:
        for problem in receipt.problems:
            yield [
                receipt.path,
                receipt.unit or "",
                SEVERITY_NAMES[problem.severity],
                problem.sheet,
                problem.cell,
                problem.found,
                problem.message,
                problem.fix,
                problem.code,
            ]


def _write(sheet: Worksheet, columns: Sequence[tuple[str, float]], rows: Iterable[list[object]]) -> None:
    for at, (_, width) in enumerate(columns):
        sheet.column_dimensions[chr(ord("A") + at)].width = width
    sheet.freeze_panes = "B2"
    sheet.sheet_properties.tabColor = ACCENT
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.append([_cell(sheet, title, HEADER) for title, _ in columns])
    n_rows = 1
    for row in rows:
        sheet.append([_cell(sheet, value, _style(value)) for value in row])
        n_rows += 1
    sheet.auto_filter.ref = f"A1:{chr(ord('A') + len(columns) - 1)}{n_rows}"


def _style(value: object) -> Style:
    if value in (FATE_NAMES["refused"], SEVERITY_NAMES["error"]):
        return _BAD
    return CENTRED if isinstance(value, int) else VALUE


def _cell(sheet: Worksheet, value: object, style: Style) -> WriteOnlyCell:
    if isinstance(value, str):
        value = _CONTROL.sub("", value)[:CELL_LENGTH]
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        keep_text(cell, value)
    return dress(cell, style)


def marked_zip(pairs: Iterable[tuple[str, bytes]]) -> bytes:
    """Files by path in one zip; paths are made safe and distinct, and end in .xlsx."""
    taken: set[str] = set()
    parts = []
    for path, content in pairs:
        steps = [safe_name(step) for step in path.replace("\\", "/").split("/")]
        *folders, name = [step for step in steps if step] or ["未命名"]
        stem = "/".join([*folders, name_for_xlsx(name).removesuffix(".xlsx")])
        wanted, number = f"{stem}.xlsx", 1
        while wanted.lower() in taken:
            number += 1
            wanted = f"{stem}（{number}）.xlsx"
        taken.add(wanted.lower())
        parts.append(pack(wanted, content))
    return write_package(parts)


def safe_name(name: str) -> str:
    """One step of a path as every system can store it; empty where nothing is left."""
    name = _UNSAFE_NAME.sub("_", name).strip(" .")
    return f"_{name}" if name.partition(".")[0].upper() in _DEVICES else name


def name_for_xlsx(name: str) -> str:
    """A file's name for an xlsx made from it: safe, and whatever it was, with .xlsx at its end."""
    name = safe_name(name.replace("\\", "/").rpartition("/")[2])
    stem, dot, suffix = name.rpartition(".")
    return f"{stem if dot and f'.{suffix.lower()}' in FOLDER_SUFFIXES else name or '未命名'}.xlsx"
