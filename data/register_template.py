"""Writes the workbook in which the register of units is brought in: one sheet to fill, one with what may be chosen."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data.model import Unit
from data.package import repack
from data.region_names import RegionNames
from data.regions import Region
from data.sheet_style import HEADER, NOTE, TITLE, VALUE, put
from scoring.scheme import Scheme

REGISTER_SHEET, CHOICES_SHEET = "单位名册", "可选值"
TITLE_ROW, HINT_ROW, HEADER_ROW = 1, 2, 3
LAST_ROW = 20_000  # of the drop-downs


@dataclass(frozen=True)
class Column:
    """One column of the register; `also` are other titles that it is known by."""

    key: str
    title: str
    width: float
    also: tuple[str, ...] = ()


COLUMNS = (
    Column("code", "单位代码", 24, ("统一社会信用代码", "统一社会信用代码/单位代码", "代码")),
    Column("name", "单位名称", 44, ("名称", "单位全称")),
    Column("region", "地区", 30, ("所属地区", "行政区划", "行政区划代码", "所在地区")),
    Column("category", "类别", 36, ("单位类别",)),
    Column("tags", "职能标签", 44, ("标签", "职能")),
)

HINT = (
    "每行一个单位。单位代码为 18 位统一社会信用代码；地区填“市/县（市、区）”或 6 位行政区划代码，"
    "省、市直属单位填到省、市；职能标签有多个的用“、”分隔，没有的留空。不得填写个人信息。"
)


def build_register_template(scheme: Scheme, regions: Sequence[Region], units: Iterable[Unit] = ()) -> bytes:
    """The register's workbook as bytes, with these units filled in; the same arguments give the same bytes."""
    names = RegionNames(regions)
    book = Workbook()
    sheet, choices = book.active, book.create_sheet(CHOICES_SHEET)
    _draw_choices(choices, scheme, names)
    sheet.title = REGISTER_SHEET
    put(sheet, TITLE_ROW, 1, "考核单位名册", TITLE, wrap=False)
    put(sheet, HINT_ROW, 1, HINT, NOTE)
    sheet.merge_cells(start_row=HINT_ROW, end_row=HINT_ROW, start_column=1, end_column=len(COLUMNS))
    sheet.row_dimensions[TITLE_ROW].height, sheet.row_dimensions[HINT_ROW].height = 28, 32
    sheet.row_dimensions[HEADER_ROW].height = 24
    for at, column in enumerate(COLUMNS, start=1):
        put(sheet, HEADER_ROW, at, column.title, HEADER)
        letter = sheet.cell(row=HEADER_ROW, column=at).column_letter
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].number_format = "@"
    _add_lists(sheet, scheme, n_regions=len(names.by_code))
    for row, unit in enumerate(units, start=HEADER_ROW + 1):
        _draw_unit(sheet, row, unit, scheme, names)
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = 20, True
    sheet.freeze_panes = sheet.cell(row=HEADER_ROW + 1, column=1)
    _set_up_page(sheet)
    _set_up_page(choices)
    stream = io.BytesIO()
    book.save(stream)
    book.close()
    return repack(stream.getvalue())


def _draw_unit(sheet: Worksheet, row: int, unit: Unit, scheme: Scheme, names: RegionNames) -> None:
    category = scheme.category(unit.category)
    tags = [tag.name for key in unit.tags if (tag := scheme.tag(key))]
    region = names.path(unit.region) if unit.region in names.by_code else unit.region
    values = (unit.code, unit.name, region, category.name if category else unit.category, "、".join(tags))
    for at, value in enumerate(values, start=1):
        put(sheet, row, at, value or None, VALUE).number_format = "@"


def _draw_choices(sheet: Worksheet, scheme: Scheme, names: RegionNames) -> None:
    lists = (
        ("类别", [category.name for category in scheme.categories], 40),
        ("职能标签", [tag.name for tag in scheme.tags], 40),
        ("地区", names.paths(), 34),
        ("行政区划代码", list(names.by_code), 16),
    )
    for column, (title, values, width) in enumerate(lists, start=1):
        sheet.column_dimensions[put(sheet, 1, column, title, HEADER).column_letter].width = width
        for row, value in enumerate(values, start=2):
            put(sheet, row, column, value, VALUE).number_format = "@"
    sheet.freeze_panes = "A2"


def _add_lists(sheet: Worksheet, scheme: Scheme, *, n_regions: int) -> None:
    first = HEADER_ROW + 1
    lists = {
        "C": (f"{CHOICES_SHEET}!$C$2:$C${n_regions + 1}", "warning", "也可填 6 位行政区划代码。"),
        "D": (f"{CHOICES_SHEET}!$A$2:$A${len(scheme.categories) + 1}", "stop", "请从下拉列表选择。"),
    }
    for letter, (formula, style, error) in lists.items():
        validation = DataValidation(type="list", formula1=formula, allow_blank=True, errorStyle=style)
        validation.errorTitle, validation.error, validation.showErrorMessage = "填写有误", error, True
        validation.add(f"{letter}{first}:{letter}{LAST_ROW}")
        sheet.add_data_validation(validation)
    prompt = DataValidation(
        showInputMessage=True, promptTitle="职能标签", prompt="多个标签用“、”分隔，见“可选值”表。"
    )
    prompt.add(f"E{first}:E{LAST_ROW}")
    sheet.add_data_validation(prompt)


def _set_up_page(sheet: Worksheet) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    if sheet.title == REGISTER_SHEET:
        sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
