"""The province's regions (GB/T 2260 codes; names and levels in reference/regions.csv)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

REGIONS_FILE = Path(__file__).parent / "reference" / "regions.csv"
PROVINCE = "230000"

LEVEL_NAMES = {
    "prefecture": "市（地）",
    "county": "县（市、区）",
}  # of regions that are compared; zones stand among counties

RegionLevel = Literal["province", "prefecture", "county", "zone"]


@dataclass(frozen=True)
class Region:
    """One region; `parent` is the code of the region it belongs to, empty for the province itself."""

    code: str
    name: str
    level: RegionLevel
    parent: str


@cache
def regions_by_code() -> dict[str, Region]:
    """Every region by its code: the province first, then prefectures, then counties and zones by prefecture."""
    with REGIONS_FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: Region(**row) for row in csv.DictReader(file)}


def load_regions() -> list[Region]:
    """All regions in the order of `regions_by_code`."""
    return list(regions_by_code().values())


def region_path(code: str) -> str:
    """The names from the province down, as 黑龙江省/哈尔滨市/道里区. Raises KeyError for an unknown code."""
    region = regions_by_code()[code]
    return f"{region_path(region.parent)}/{region.name}" if region.parent else region.name


def prefecture_of(code: str) -> str:
    """The code of the prefecture that a region lies in or is; the province's own code for the province."""
    region = regions_by_code()[code]
    return region.parent if region.level in ("county", "zone") else code


def is_within(code: str, ancestor: str) -> bool:
    """Whether a region is another or lies in it. Raises KeyError for an unknown code."""
    while code and code != ancestor:
        code = regions_by_code()[code].parent
    return bool(code)


@cache
def regions_within(ancestor: str) -> frozenset[str]:
    """The codes of a region and of those in it; none of an unknown one."""
    return frozenset(code for code in regions_by_code() if is_within(code, ancestor))


def compared_regions(region: str, *, level: str | None = None) -> tuple[str, str | None]:
    """Level and parent (None: all of the level) of the regions that a region's results are shown by.

    Those right below it; of a county its siblings; of the province those of `level`, prefectures by default.
    """
    at = regions_by_code()[region]
    if at.level == "province":
        return (level if level in LEVEL_NAMES else "prefecture"), None
    return "county", region if at.level == "prefecture" else at.parent
