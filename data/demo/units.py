"""The units of the demo province: invented institutions, visibly 「示例」, spread over real regions.

Unit k is the same whatever the count: everything about it follows from k alone, with no random numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stdnum.cn.uscc import calc_check_digit

from data.model import Unit
from data.regions import Region, load_regions
from scoring.scheme import chinese_number

PROVINCE_EVERY = 41  # among kinds that exist at every level, one unit in so many is the province's own …
PREFECTURE_EVERY = 6  # … and one in so many stands directly under a prefecture
COUNTY_STEP = 53  # coprime with the 126 counties and zones, so that all are visited before one comes again
PREFECTURE_STEP = 5  # moves a kind to another prefecture at every turn, for there are 5 × 13 kinds

# Registering authority and entity type, the first two characters of a code (GB 32100—2015, annex).
STATE_ORGAN, INSTITUTION, GROUP, ASSOCIATION, ENTERPRISE = "11", "12", "13", "51", "91"
VILLAGE, COMMUNITY = "54", "55"

Where = Literal["any", "county", "prefecture", "province"]


@dataclass(frozen=True)
class Kind:
    """A kind of institution: name pattern ({place}, {nth}), category, authority, tags, and where such a unit is."""

    name: str
    category: str
    authority: str
    tags: tuple[str, ...] = ()
    where: Where = "any"


def _kind(name: str, category: str, authority: str, tags: str = "", where: Where = "any") -> Kind:
    return Kind(name=name, category=category, authority=authority, tags=tuple(tags.split()), where=where)


# The first 30 hold every category and every tag. The number of kinds shares no factor with the 126 counties, so
# that every county gets its mixture.
KINDS: tuple[Kind, ...] = (
    _kind("{place}示例教育局", "organ", STATE_ORGAN, "liaison education"),
    _kind("示例第{nth}中学（{place}）", "school", INSTITUTION, "secondary", "county"),
    _kind("{place}示例总工会", "mass_org", GROUP, "mass_work"),
    _kind("{place}示例水务集团有限公司", "key_enterprise", ENTERPRISE, "network_operator"),
    _kind("示例理工大学（{place}）", "key_unit", INSTITUTION, "university", "prefecture"),
    _kind("示例电信有限公司{place}分公司", "cii_operator", ENTERPRISE),
    _kind("{place}示例物业服务有限公司", "other", ENTERPRISE, "", "county"),
    _kind("{place}示例第{nth}社区居民委员会", "committee", COMMUNITY, "key_area", "county"),
    _kind("{place}示例人民政府", "government", STATE_ORGAN),
    _kind("{place}示例党校（行政学院）", "party_school", INSTITUTION),
    _kind("{place}示例国防科技工业办公室", "organ", STATE_ORGAN, "defence_industry liaison", "prefecture"),
    _kind("{place}示例人力资源和社会保障局", "organ", STATE_ORGAN, "liaison human_resources"),
    _kind("{place}示例司法局", "organ", STATE_ORGAN, "justice"),
    _kind("{place}示例外事办公室", "organ", STATE_ORGAN, "liaison foreign_groups"),
    _kind("{place}示例广播电视局", "organ", STATE_ORGAN, "media"),
    _kind("示例第{nth}小学（{place}）", "school", INSTITUTION, "primary", "county"),
    _kind("{place}示例屯第{nth}村民委员会", "committee", VILLAGE, "", "county"),
    _kind("{place}示例人民医院", "key_enterprise", INSTITUTION),
    _kind("示例精密仪器研究所（{place}）", "key_unit", INSTITUTION),
    _kind("{place}示例财政局", "organ", STATE_ORGAN),
    _kind("中共{place}示例委员会组织部", "organ", STATE_ORGAN, "liaison"),
    _kind("{place}示例商务局", "organ", STATE_ORGAN, "liaison foreign_groups"),
    _kind("{place}示例互联网信息服务有限公司", "cii_operator", ENTERPRISE),
    _kind("{place}示例木材加工行业协会", "other", ASSOCIATION, "mass_work", "county"),
    _kind("{place}示例妇女联合会", "mass_org", GROUP, "mass_work"),
    _kind(
        "{place}示例文化广电和旅游局（文物局、新闻出版局、体育局）",
        "organ",
        STATE_ORGAN,
        "liaison foreign_groups media",
    ),
    _kind("{place}示例工业和信息化局", "organ", STATE_ORGAN, "liaison"),
    _kind("{place}示例税务局", "organ", STATE_ORGAN, "liaison"),
    _kind("{place}示例民政局", "organ", STATE_ORGAN, "liaison"),
    _kind("{place}示例装备制造集团有限公司", "key_enterprise", ENTERPRISE),
    _kind("共青团{place}示例委员会", "mass_org", GROUP, "mass_work"),
    _kind("{place}示例交通运输局", "organ", STATE_ORGAN, "liaison"),
    _kind("示例第{nth}高级中学（{place}）", "school", INSTITUTION, "secondary", "county"),
    _kind("{place}示例市场监督管理局", "organ", STATE_ORGAN, "liaison"),
    _kind("{place}示例养老服务中心", "other", INSTITUTION, "", "county"),
    _kind("{place}示例科学技术局", "organ", STATE_ORGAN, "liaison"),
    _kind("示例职业技术学院（{place}）", "key_unit", INSTITUTION, "university"),
    _kind("{place}示例屯第{nth}村民委员会", "committee", VILLAGE, "key_area", "county"),
    _kind("{place}示例粮食储备库有限公司", "key_enterprise", ENTERPRISE),
    _kind("{place}示例农业农村局", "organ", STATE_ORGAN),
    _kind("{place}示例人民政府", "government", STATE_ORGAN, "", "county"),
    _kind("{place}示例政务数据中心", "cii_operator", INSTITUTION),
    _kind("{place}示例第{nth}社区居民委员会", "committee", COMMUNITY, "", "county"),
    _kind("{place}示例住房和城乡建设局", "organ", STATE_ORGAN, "liaison"),
    _kind("{place}示例科学技术协会", "mass_org", GROUP),
    _kind("示例第{nth}实验小学（{place}）", "school", INSTITUTION, "primary", "county"),
    _kind("{place}示例统计局", "organ", STATE_ORGAN),
    _kind("示例律师事务所（{place}）", "other", ASSOCIATION),
    _kind("示例特种材料研究院（{place}）", "key_unit", INSTITUTION, "", "prefecture"),
    _kind("{place}示例公共交通集团有限公司", "key_enterprise", ENTERPRISE),
    _kind("中共{place}示例委员会网络安全和信息化委员会办公室", "organ", STATE_ORGAN, "liaison"),
    _kind("{place}示例应急管理局", "organ", STATE_ORGAN),
    _kind("{place}示例屯第{nth}村民委员会", "committee", VILLAGE, "", "county"),
    _kind("{place}示例工商业联合会", "mass_org", GROUP, "mass_work"),
    _kind("{place}示例供电有限公司", "cii_operator", ENTERPRISE),
    _kind("示例第{nth}初级中学（{place}）", "school", INSTITUTION, "secondary", "county"),
    _kind(
        "{place}示例数字经济与先进制造业融合发展投资运营管理集团有限责任公司（国有独资）",
        "key_enterprise",
        ENTERPRISE,
    ),
    _kind("{place}示例民族宗教事务局", "organ", STATE_ORGAN, "liaison"),
    _kind("{place}示例家政服务有限公司", "other", ENTERPRISE, "", "county"),
    _kind("{place}示例审计局", "organ", STATE_ORGAN),
    _kind("{place}示例党校（行政学院）", "party_school", INSTITUTION, "", "county"),
    _kind("{place}示例第{nth}社区居民委员会", "committee", COMMUNITY, "", "county"),
    _kind("示例第{nth}中心小学（{place}）", "school", INSTITUTION, "primary", "county"),
    _kind("{place}示例水利局", "organ", STATE_ORGAN),
    _kind("示例会计师事务所（{place}）", "other", ENTERPRISE, "", "county"),
)


def demo_units(count: int) -> list[Unit]:
    """The first `count` units of the demo province; names and codes are unique, check digits valid."""
    return [unit for unit, _ in zip(_units(), range(count), strict=False)]


def _units() -> Iterator[Unit]:
    regions = load_regions()
    names = Counter(region.name for region in regions)
    by_code = {region.code: region for region in regions}
    seen: Counter[str] = Counter()
    number = 0
    while True:
        kind = KINDS[number % len(KINDS)]
        region = _region_of(kind, number=number, regions=regions)
        place = region.name
        if names[place] > 1:  # 向阳区 is in two prefectures
            place = by_code[region.parent].name + place
        name = kind.name.format(place=place, nth="{nth}")
        seen[name] += 1
        yield Unit(
            code=_code(kind.authority, region=region.code, number=number),
            name=_numbered(name, nth=seen[name]),
            region=region.code,
            category=kind.category,
            tags=kind.tags,
        )
        number += 1


def _region_of(kind: Kind, *, number: int, regions: list[Region]) -> Region:
    where, turn = kind.where, number // len(KINDS)
    if where == "any":
        if number % PROVINCE_EVERY == PROVINCE_EVERY - 1:
            where = "province"
        elif (number + turn) % PREFECTURE_EVERY == 0:
            where = "prefecture"
        else:
            where = "county"
    levels = {"county": ("county", "zone")}.get(where, (where,))
    candidates = [region for region in regions if region.level in levels]
    if where == "county":
        return candidates[number * COUNTY_STEP % len(candidates)]
    return candidates[(number + PREFECTURE_STEP * turn) % len(candidates)]


def _numbered(name: str, *, nth: int) -> str:
    if "{nth}" in name:
        return name.format(nth=_ordinal(nth))
    return name if nth == 1 else name.replace("示例", f"示例第{_ordinal(nth)}", 1)


def _ordinal(number: int) -> str:
    return chinese_number(number) if number < 1000 else str(number)


def _code(authority: str, *, region: str, number: int) -> str:
    """A GB 32100 code whose serial starts with DM, so that it is no real institution's."""
    serial = f"DM{number:06d}"
    body = authority + region + serial + _organisation_check(serial)
    return body + calc_check_digit(body)


def _organisation_check(serial: str) -> str:
    """The check character of GB 11714 over the eight characters of an organisation code."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(int(char, 36) * weight for char, weight in zip(serial, weights, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))
