"""Reads a table of accounts to be made from an xlsx, and writes the template for it.

One row per account: id, title (an office or post, never a person), role, region, and the unit of a unit's account. What a
role may be tied to is judged in `access.account_import`; here only what stands in the cells.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from data.identity import code_fault, normal_code
from data.layout import plain
from data.list_sheet import ListSheet, read_list, titles_missing
from data.list_template import Choices, Column, build_list_template
from data.problems import Problem, column_letters
from data.region_names import RegionNames
from data.regions import Region
from data.values import is_blank
from data.workbook import CellValue

ACCOUNT_SHEET = "账号表"
COLUMNS = (
    Column(
        "account",
        "账号",
        26,
        ("账户", "登录名"),
        hint="机构或岗位的简称：3–32 位小写字母、数字、点、横线，以字母开头。填报单位填统一社会信用代码。",
    ),
    Column("title", "名称", 40, ("机构或岗位",), hint="写机构或岗位，如“道里区考核办”；不写姓名。"),
    Column("role", "角色", 20, choices="角色"),
    Column("region", "地区", 30, ("所属地区", "行政区划"), choices="地区", hint="也可填 6 位行政区划代码。"),
    Column("unit", "单位代码", 26, ("统一社会信用代码",), hint="只有填报单位的账号填写。"),
)
HINT = (
    "每行一个账号，账号和名称写机构或岗位，不写姓名、电话和证件号码。系统管理员、省级考核人员的地区为省，市级为市（地），"
    "县级为县（市、区）；填报单位填单位所在地区和单位代码，单位须已在名册中。"
)
_REQUIRED = ("account", "title", "role", "region")


@dataclass(frozen=True)
class AccountRow:
    """One row as it was read, its role and region as ids; what could not be read is empty and reported.

    `cells` says where each column of the row stands.
    """

    account: str
    title: str
    role: str
    region: str
    unit: str
    sheet: str
    cells: Mapping[str, str]


def build_account_template(roles: Mapping[str, str], regions: Sequence[Region]) -> bytes:
    """The blank table's workbook as bytes; `roles` are role id → name."""
    names = RegionNames(regions)
    return build_list_template(
        sheet_name=ACCOUNT_SHEET,
        title="账号表",
        hint=HINT,
        columns=COLUMNS,
        choices=(Choices("角色", list(roles.values()), 22), Choices("地区", names.paths(), 34)),
    )


def read_account_sheet(
    content: bytes, *, roles: Mapping[str, str], regions: Sequence[Region], filename: str = ""
) -> tuple[list[AccountRow], list[Problem]]:
    """The rows from the top, and all problems sorted by place; never raises for bad input."""
    return read_list(
        content,
        COLUMNS,
        lambda table, _: _Reader(table, roles, RegionNames(regions)).run(),
        least=("account", "role"),
        missing=lambda: titles_missing("account-sheet-missing", COLUMNS[:4]),
        empty="account-sheet-empty",
        codes="unit",
        filename=filename,
    )


@dataclass
class _Reader:
    """One pass over the rows below the titles."""

    table: ListSheet
    roles: Mapping[str, str]
    regions: RegionNames
    seen: dict[str, int] = field(default_factory=dict)

    def run(self) -> list[AccountRow]:
        self.table.check_titles(COLUMNS, _REQUIRED)
        return [self._read(row, cells) for row, cells in self.table.rows()]

    def _read(self, row: int, cells: dict[int, CellValue]) -> AccountRow:
        texts = self.table.texts(row, cells)
        for key in _REQUIRED:
            if key in texts and not texts[key]:
                title = next(column.title for column in COLUMNS if column.key == key)
                self.table.report("account-value-missing", row, key, found=title)
        return AccountRow(
            account=self._account(row, texts.get("account", "")),
            title=texts.get("title", ""),
            role=self._role(row, texts.get("role", "")),
            region=self.table.region(row, texts.get("region", ""), self.regions),
            unit=self._unit(row, cells),
            sheet=self.table.sheet.name,
            cells={key: f"{column_letters(column)}{row}" for key, column in self.table.columns.items()},
        )

    def _account(self, row: int, text: str) -> str:
        account = unicodedata.normalize("NFKC", text)
        if account in self.seen:
            self.table.report("account-duplicate", row, "account", found=account, row=self.seen[account])
        elif account:
            self.seen[account] = row
        return account

    def _role(self, row: int, text: str) -> str:
        if not text:
            return ""
        for role, name in self.roles.items():
            if plain(text) in (plain(name), plain(role)):
                return role
        self.table.report("unknown-role", row, "role", found=text, allowed="、".join(self.roles.values()))
        return ""

    def _unit(self, row: int, cells: dict[int, CellValue]) -> str:
        value = cells.get(self.table.columns.get("unit", 0))
        if is_blank(value):
            return ""
        code = normal_code(value)
        if reason := code_fault(code):
            self.table.report("invalid-unit-code", row, "unit", found=code, reason=reason)
        return code
