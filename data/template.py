"""Writes the workbook that a unit fills in: one xlsx holding exactly the indicators that apply to it.

Units with the same set of indicators get the same workbook but for a few words. So openpyxl builds one master per
set, with tokens where the unit's own words go, and per unit only the part that holds the words is written anew.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from data.layout import FORMAT_VERSION, indicator_digest
from data.model import Unit
from data.package import Part, pack, write_package
from data.regions import prefecture_of, regions_by_code
from data.shared_strings import STRINGS_PART
from data.template_master import TOKEN, TOKENS, build_master
from scoring.scheme import Indicator, Scheme

NAME_LENGTH = 60  # characters of a unit's name in a file name; path and name must fit Windows' 260
_NOT_IN_FILE_NAMES = re.compile(r'[\x00-\x1f\\/:*?"<>|]+')
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Master:
    """A workbook with tokens: the parts that never change, and the words cut at the tokens."""

    before: tuple[Part, ...]
    words: tuple[str, ...]  # text, token, text, token, … text
    after: tuple[Part, ...]

    def fill_in(self, values: Mapping[str, str]) -> bytes:
        """The workbook with each token replaced by its value."""
        pieces = list(self.words)
        for at in range(1, len(pieces), 2):
            pieces[at] = escape(_NOT_IN_XML.sub("", values[pieces[at]]))
        return write_package((*self.before, pack(STRINGS_PART, "".join(pieces).encode()), *self.after))


def build_template(
    scheme: Scheme, *, cycle: int, unit: Unit, region_path: str, deadline: datetime | None = None
) -> bytes:
    """One unit's workbook as the bytes of an xlsx; the same arguments give the same bytes.

    Raises ValueError when no indicator of the scheme applies to the unit.
    """
    indicators = scheme.indicators_for(category=unit.category, tags=unit.tags)
    if not indicators:
        raise ValueError(f"没有适用于 {unit.name}（{unit.category}）的指标")
    master = _master(_Key(scheme, indicators, cycle, deadline))
    return master.fill_in(_values(scheme, unit, region_path))


def write_templates(
    scheme: Scheme,
    *,
    cycle: int,
    units: Sequence[Unit],
    region_paths: Mapping[str, str],
    out: Path,
    deadline: datetime | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write every unit's workbook to out/<prefecture>/<region>_<name>_<code>.xlsx; how many were written.

    `region_paths` gives the path of names by region code. A unit to whom no indicator applies gets none.
    `progress` is told (done, all) after each unit.
    """
    masters: dict[tuple, Master | None] = {}
    written = 0
    for done, unit in enumerate(units, start=1):
        kind = (unit.category, frozenset(unit.tags))
        if kind not in masters:
            indicators = scheme.indicators_for(category=unit.category, tags=unit.tags)
            key = _Key(scheme, indicators, cycle, deadline)
            masters[kind] = _master(key) if indicators else None
        if master := masters[kind]:
            path = out / template_path(unit)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(master.fill_in(_values(scheme, unit, region_paths[unit.region])))
            written += 1
        if progress:
            progress(done, len(units))
    return written


def template_path(unit: Unit) -> Path:
    """Where a unit's workbook goes below the chosen folder: <prefecture>/<region>_<unit>_<code>.xlsx."""
    regions = regions_by_code()
    folder = regions[prefecture_of(unit.region)].name
    name = _NOT_IN_FILE_NAMES.sub("_", unit.name).strip(" .")[:NAME_LENGTH]
    return Path(folder) / f"{regions[unit.region].name}_{name}_{unit.code}.xlsx"


class _Key:
    """What a master depends on; schemes themselves cannot be hashed."""

    def __init__(self, scheme: Scheme, indicators: tuple[Indicator, ...], cycle: int, deadline):
        self.arguments = (scheme, indicators, cycle, deadline)
        texts = (scheme.id, scheme.version, scheme.title, scheme.weights_note, scheme.dimensions, indicators)
        self.digest = hashlib.sha256(repr((texts, cycle, deadline)).encode()).digest()

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.digest == other.digest


@lru_cache(maxsize=256)
def _master(key: _Key) -> Master:
    scheme, indicators, cycle, deadline = key.arguments
    parts = build_master(scheme, indicators, cycle=cycle, deadline=deadline)
    names = list(parts)
    at = names.index(STRINGS_PART)
    packed = {name: pack(name, data) for name, data in parts.items() if name != STRINGS_PART}
    digest = indicator_digest(scheme, indicators)
    text = parts[STRINGS_PART].decode().replace(TOKENS["indicators"], digest)
    return Master(
        before=tuple(packed[name] for name in names[:at]),
        words=tuple(TOKEN.split(text)),
        after=tuple(packed[name] for name in names[at + 1 :]),
    )


def _values(scheme: Scheme, unit: Unit, region_path: str) -> dict[str, str]:
    category = scheme.category(unit.category)
    tags = [scheme.tag(tag) for tag in unit.tags]
    return {
        "unit": unit.code,
        "name": unit.name,
        "region": region_path,
        "category": category.name if category else unit.category,
        "tags": "、".join(tag.name for tag in tags if tag) or "无",
        "format": FORMAT_VERSION,
    }
