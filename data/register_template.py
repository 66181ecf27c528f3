"""Writes the workbook in which the register of units is brought in: one sheet to fill, one with what may be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from data.list_template import Choices, Column, build_list_template
from data.model import Unit
from data.region_names import RegionNames
from data.regions import Region
from scoring.scheme import Scheme

REGISTER_SHEET = "单位名册"

COLUMNS = (
    Column("code", "单位代码", 24, ("统一社会信用代码", "统一社会信用代码/单位代码", "代码")),
    Column("name", "单位名称", 44, ("名称", "单位全称")),
    Column(
        "region",
        "地区",
        30,
        ("所属地区", "行政区划", "行政区划代码", "所在地区"),
        choices="地区",
        hint="也可填 6 位行政区划代码。",
    ),
    Column("category", "类别", 36, ("单位类别",), choices="类别"),
    Column("tags", "职能标签", 44, ("标签", "职能"), hint="多个标签用“、”分隔，见“可选值”表。"),
)

HINT = (
    "每行一个单位。单位代码为 18 位统一社会信用代码；地区填“市/县（市、区）”或 6 位行政区划代码，"
    "省、市直属单位填到省、市；职能标签有多个的用“、”分隔，没有的留空。不得填写个人信息。"
)


def build_register_template(scheme: Scheme, regions: Sequence[Region], units: Iterable[Unit] = ()) -> bytes:
    """The register's workbook as bytes, with these units filled in; the same arguments give the same bytes."""
    names = RegionNames(regions)
    return build_list_template(
        sheet_name=REGISTER_SHEET,
        title="考核单位名册",
        hint=HINT,
        columns=COLUMNS,
        choices=(
            Choices("类别", [category.name for category in scheme.categories], 40),
            Choices("职能标签", [tag.name for tag in scheme.tags], 40),
            Choices("地区", names.paths(), 34),
            Choices("行政区划代码", list(names.by_code), 16),
        ),
        rows=(_texts(unit, scheme, names) for unit in units),
    )


def _texts(unit: Unit, scheme: Scheme, names: RegionNames) -> dict[str, str]:
    category = scheme.category(unit.category)
    return {
        "code": unit.code,
        "name": unit.name,
        "region": names.path(unit.region) if unit.region in names.by_code else unit.region,
        "category": category.name if category else unit.category,
        "tags": "、".join(tag.name for key in unit.tags if (tag := scheme.tag(key))),
    }
