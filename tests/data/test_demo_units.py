"""The demo province's units: invented, unique, and the same ones whatever their number."""

from collections import Counter

from stdnum.cn import uscc

from data.demo.units import demo_units
from data.regions import load_regions, prefecture_of, region_path, regions_by_code
from scoring.scheme import load_scheme, shipped_schemes

SCHEME = load_scheme(shipped_schemes()["heilongjiang-2026"])
UNITS = demo_units(600)


def test_a_smaller_province_is_the_beginning_of_a_larger_one():
    assert demo_units(30) == UNITS[:30]


def test_names_and_codes_are_unique_and_visibly_invented():
    assert len({unit.name for unit in UNITS}) == len({unit.code for unit in UNITS}) == len(UNITS)
    assert all("示例" in unit.name for unit in UNITS)


def test_codes_pass_the_check_digit():
    assert all(uscc.is_valid(unit.code) for unit in UNITS)
    assert all(unit.code[2:8] == unit.region for unit in UNITS)


def test_the_first_thirty_hold_every_category_and_tag():
    first = UNITS[:30]
    assert {unit.category for unit in first} == {category.id for category in SCHEME.categories}
    assert {tag for unit in first for tag in unit.tags} == {tag.id for tag in SCHEME.tags}


def test_every_category_is_large_enough_for_ranks():
    assert min(Counter(unit.category for unit in UNITS).values()) >= SCHEME.rules.min_group


def test_units_lie_in_every_county_under_prefectures_and_the_province():
    assert {unit.region for unit in UNITS} == {region.code for region in load_regions()}


def test_units_have_a_duty_each():
    assert all(SCHEME.indicators_for(category=unit.category, tags=unit.tags) for unit in UNITS)


def test_region_paths_start_at_the_province():
    assert region_path("230102") == "黑龙江省/哈尔滨市/道里区"
    assert region_path("230000") == "黑龙江省"
    assert prefecture_of("230102") == prefecture_of("230100") == "230100"


def test_all_regions_of_the_list_are_there():
    levels = Counter(region.level for region in regions_by_code().values())
    assert levels == {"province": 1, "prefecture": 13, "county": 121, "zone": 5}
