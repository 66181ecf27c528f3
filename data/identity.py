"""Tells whose workbook a file is: unit, year, scheme and version, from the hidden sheet and the unit's own sheet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from stdnum import exceptions
from stdnum.cn import uscc

from data.layout import META_KEYS, META_SHEET, UNIT_FIELDS, UNIT_SHEET, plain
from data.model import Cycle, Unit
from data.problems import Problem, column_letters, make_problem, shorten
from data.workbook import RawSheet, RawWorkbook
from scoring.scheme import Scheme

LONGEST_FIELD = 100  # characters; whoever writes more there wants no field of ours

_LABELS = {plain(label): key for key, label in UNIT_FIELDS}


@dataclass(frozen=True)
class Identity:
    """What a workbook says it is; empty strings where it does not say. `cells` tells where on 单位信息 it stands."""

    unit: str = ""
    cycle: str = ""
    scheme: str = ""
    version: str = ""
    indicators: str = ""
    is_hidden: bool = False
    conflicts: tuple[tuple[str, str, str], ...] = ()
    cells: Mapping[str, tuple[str, str]] | None = None

    def place(self, key: str) -> dict[str, str]:
        """Sheet and cell of a field, for a problem about it."""
        sheet, cell = (self.cells or {}).get(key, ("", ""))
        return {"sheet": sheet, "cell": cell}


def read_identity(raw: RawWorkbook) -> Identity | None:
    """What the workbook says it is, or None where it is not one of ours."""
    hidden = _read_meta(raw.sheet(META_SHEET))
    shown, cells = _read_unit_sheet(raw)
    if not (hidden.get("scheme") and hidden.get("unit")) and not (shown.get("scheme") and shown.get("unit")):
        return None
    keys = ("unit", "cycle", "scheme", "version")
    conflicts = tuple(
        (key, shown[key], hidden[key])
        for key in keys
        if shown.get(key) and hidden.get(key) and shown[key] != hidden[key]
    )
    said = {key: hidden.get(key) or shown.get(key, "") for key in keys}
    return Identity(
        **said,
        indicators=hidden.get("indicators", ""),
        is_hidden=bool(hidden.get("scheme") and hidden.get("unit")),
        conflicts=conflicts,
        cells=cells,
    )


def template_version(identity: Identity | None) -> str | None:
    """Scheme and version a workbook was made for, as a receipt shows them; None where it does not say."""
    return f"{identity.scheme}/{identity.version}" if identity else None


def check_identity(
    identity: Identity, *, scheme: Scheme, cycle: Cycle, units: Mapping[str, Unit], expected_unit: str | None
) -> tuple[bool, list[Problem]]:
    """Whether the table may be judged under this scheme, and what is wrong with the workbook's identity."""
    problems = []
    if not identity.is_hidden:
        problems.append(make_problem("hidden-identity-missing"))
    for key, shown, hidden in identity.conflicts:
        problems.append(
            make_problem("identity-conflict", found=shown, expected=shorten(hidden), **identity.place(key))
        )
    is_ours = True
    if identity.cycle != str(cycle.cycle):
        place = identity.place("cycle")
        problems.append(
            make_problem("wrong-year", found=identity.cycle or "（未注明）", expected=cycle.cycle, **place)
        )
        is_ours = False
    elif identity.scheme != scheme.id:
        place = identity.place("scheme")
        problems.append(make_problem("wrong-scheme", found=identity.scheme, expected=scheme.id, **place))
        is_ours = False
    elif identity.version != scheme.version:
        place = identity.place("version")
        found = identity.version or "（未注明）"
        problems.append(make_problem("wrong-template-version", found=found, expected=scheme.version, **place))
        is_ours = False
    problems += _check_unit(identity, units=units, expected_unit=expected_unit)
    return is_ours, problems


def _check_unit(identity: Identity, *, units: Mapping[str, Unit], expected_unit: str | None) -> list[Problem]:
    code, place = identity.unit, identity.place("unit")
    if reason := code_fault(code):
        return [make_problem("invalid-unit-code", found=code, reason=reason, **place)]
    if expected_unit and code != expected_unit:
        found, expected = (_name_and_code(units, each) for each in (code, expected_unit))
        return [make_problem("wrong-unit", found=found, expected=expected, **place)]
    if code not in units:
        return [make_problem("unit-not-registered", found=code, **place)]
    if not units[code].is_active:
        return [make_problem("unit-inactive", found=units[code].name, **place)]
    return []


def _name_and_code(units: Mapping[str, Unit], code: str) -> str:
    return f"{units[code].name}" if code in units else code


def normal_code(value: object) -> str:
    """A unit code as it is compared: half-width, upper case, without blanks and hyphens."""
    if isinstance(value, float) and value == value // 1:
        value = int(value)
    text = unicodedata.normalize("NFKC", str(value)).upper()
    return re.sub(r"[\s\u200b\ufeff\-‐‑–—]", "", text)


def code_fault(code: str) -> str:
    """Why a unit code is not a valid GB 32100 code, in Chinese, or an empty string."""
    try:
        uscc.validate(code)
    except exceptions.InvalidLength:
        return f"现有 {len(code)} 位"
    except exceptions.InvalidChecksum:
        return "校验码不对，可能有一位写错"
    except exceptions.ValidationError:
        return "含有不允许的字符"
    return ""


def _read_meta(sheet: RawSheet | None) -> dict[str, str]:
    if sheet is None:
        return {}
    found = {}
    for (row, column), value in sheet.values.items():
        if column == 1 and value in META_KEYS and (row, 2) in sheet.values:
            found[str(value)] = _text(sheet.values[row, 2])
    if "unit" in found:
        found["unit"] = normal_code(found["unit"])
    return found


def _read_unit_sheet(raw: RawWorkbook) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Fields and their places from 单位信息, or from a renamed sheet that has its labels."""
    best: tuple[dict, dict] = ({}, {})
    for sheet in sorted(raw.sheets, key=lambda each: each.name != UNIT_SHEET):
        values, cells = {}, {}
        for (row, column), value in sheet.values.items():
            key = _LABELS.get(plain(value)) if isinstance(value, str) else None
            if key and key not in values and (row, column + 1) in sheet.values:
                text = _text(sheet.values[row, column + 1])
                values[key] = normal_code(text) if key == "unit" else text
                cells[key] = (sheet.name, f"{column_letters(column + 1)}{row}")
        if len(values) > len(best[0]):
            best = values, cells
        if len(values) == len(_LABELS):
            break
    return best


def _text(value: object) -> str:
    if isinstance(value, float) and value == value // 1:
        value = int(value)
    return "".join(unicodedata.normalize("NFKC", str(value)[:LONGEST_FIELD]).split())
