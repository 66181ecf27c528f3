"""The register of units from xlsx: every unit as it stands in its row, every fault at its cell."""

from __future__ import annotations

import io
import time

import openpyxl
import pytest

from data.demo.units import demo_units
from data.list_sheet import MOST_PROBLEMS
from data.model import Unit
from data.regions import load_regions
from data.register import build_register_template, read_register
from scoring.scheme import load_scheme, shipped_schemes
from tests.data.small import OTHER, SCHEME, UNIT, code

REAL = load_scheme(shipped_schemes()["heilongjiang-2026"])
REGIONS = load_regions()
HEADER = ["单位代码", "单位名称", "地区", "类别", "职能标签"]
GOOD = [UNIT.code, "示例局", "哈尔滨市/道里区", "机关", None]


def book_of(*rows: list, header: list | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "名册"
    for row in (header or HEADER, *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(content: bytes) -> tuple[list[Unit], list[tuple[str, str]]]:
    units, problems = read_register(content, scheme=SCHEME, regions=REGIONS)
    assert all(problem.fix for problem in problems)
    return units, [(problem.code, problem.cell) for problem in problems]


def test_the_template_with_units_reads_back_as_those_units():
    units = demo_units(200)
    content = build_register_template(REAL, REGIONS, units)
    assert read_register(content, scheme=REAL, regions=REGIONS) == (units, [])
    assert content == build_register_template(REAL, REGIONS, units)


@pytest.mark.parametrize(
    ("region", "code"),
    [
        ("230102", "230102"),
        (230102, "230102"),
        ("道里区", "230102"),
        ("哈尔滨市/道里区", "230102"),
        ("哈尔滨市 道里区", "230102"),
        ("黑龙江省哈尔滨市道里区", "230102"),
        ("哈尔滨市-道里区", "230102"),
        ("哈尔滨市", "230100"),
        ("黑龙江省", "230000"),
    ],
)
def test_a_region_is_known_by_code_name_or_path(region, code):
    units, problems = read(book_of([UNIT.code, "示例局", region, "机关", None]))
    assert (units[0].region, problems) == (code, [])


@pytest.mark.parametrize(
    ("tags", "wanted"),
    [
        (None, ()),
        ("无", ()),
        ("—", ()),
        ("教育行政部门", ("education",)),
        ("education", ("education",)),
        ("工会、共青团、妇联", ("mass_work",)),
        ("教育行政部门、工会、共青团、妇联", ("education", "mass_work")),
        ("工会、共青团、妇联，教育行政部门", ("mass_work", "education")),
        ("教育行政部门；教育行政部门", ("education",)),
    ],
)
def test_tags_are_known_though_some_names_hold_the_separator(tags, wanted):
    units, problems = read(book_of([*GOOD[:4], tags]))
    assert (units[0].tags, problems) == (wanted, [])


ROW_FAULTS = [
    ([None, "示例局", "道里区", "机关"], [("register-value-missing", "A2")]),
    ([UNIT.code, " ", "道里区", "机关"], [("register-value-missing", "B2")]),
    ([UNIT.code[:-1] + "A", "示例局", "道里区", "机关"], [("invalid-unit-code", "A2")]),
    ([112301020000000100, "示例局", "道里区", "机关"], [("invalid-unit-code", "A2")]),
    ([UNIT.code, "示例局", "向阳区", "机关"], [("ambiguous-region", "C2")]),
    ([UNIT.code, "示例局", "沈阳市", "机关"], [("unknown-region", "C2")]),
    ([UNIT.code, "示例局", "990000", "机关"], [("unknown-region", "C2")]),
    ([UNIT.code, "示例局", "道里区", "企业"], [("unknown-category", "D2")]),
    ([UNIT.code, "示例局", "道里区", "机关", "教育行政部门、税务"], [("unknown-tag", "E2")]),
    ([UNIT.code, "示例局", "道里区", "机关", None, "1" + "3" * 10],
     [("extra-column", "F1"), ("personal-data-found", "F2")]),
    (["错", "", "某地", "某类", "某签"],
     [("invalid-unit-code", "A2"), ("register-value-missing", "B2"), ("unknown-region", "C2"),
      ("unknown-category", "D2"), ("unknown-tag", "E2")]),
]  # fmt: skip


@pytest.mark.parametrize(("row", "wanted"), ROW_FAULTS)
def test_each_fault_of_a_row_is_named_at_its_cell(row, wanted):
    header = [*HEADER, "联系电话"] if len(row) == 6 else HEADER
    units, problems = read(book_of(row, header=header))
    assert problems == wanted
    assert units == [] or wanted[0][0] == "extra-column"


def test_a_code_used_twice_is_named_with_the_row_it_was_used_in():
    content = book_of(GOOD, [OTHER.code, *GOOD[1:]], GOOD)
    _, problems = read_register(content, scheme=SCHEME, regions=REGIONS)
    assert [(p.code, p.cell) for p in problems] == [("register-duplicate-code", "A4")]
    assert "第 2 行" in problems[0].message


def test_an_ambiguous_region_names_the_choices():
    _, problems = read_register(
        book_of([UNIT.code, "示例局", "向阳区", "机关"]), scheme=SCHEME, regions=REGIONS
    )
    assert "鹤岗市/向阳区" in problems[0].message and "佳木斯市/向阳区" in problems[0].message


def test_columns_may_stand_anywhere_under_other_names_and_blank_rows_are_passed_over():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B3"], sheet["C3"], sheet["D3"], sheet["E3"] = (
        "单位类别",
        "所属地区",
        "单位名称",
        "统一社会信用代码",
    )
    sheet["B6"], sheet["C6"], sheet["D6"], sheet["E6"] = (
        "中小学",
        "230102",
        "示例小学",
        f" {code(7).lower()} ",
    )
    stream = io.BytesIO()
    book.save(stream)
    units, problems = read(stream.getvalue())
    assert problems == []
    assert units == [Unit(code=code(7), name="示例小学", region="230102", category="school")]


def test_what_is_no_register_says_so():
    assert read(b"")[1] == [("empty-file", "")]
    assert read(book_of(header=["甲", "乙"]))[1] == [("register-sheet-missing", "")]
    assert read(book_of())[1] == [("register-empty", "")]
    assert read(book_of(header=["单位代码", "单位名称"]))[1][0][0] == "list-column-missing"


def test_twelve_thousand_rows_take_a_few_seconds():
    content = build_register_template(REAL, REGIONS, demo_units(12_000))
    started = time.perf_counter()
    units, problems = read_register(content, scheme=REAL, regions=REGIONS)
    assert (len(units), problems) == (12_000, [])
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    ("category", "tags", "problems"),
    [
        ("中小学", None, [("tag-expected", "E2")]),
        ("中小学", "联动机制部门", [("tag-expected", "E2")]),
        ("中小学", "小学", []),
        ("中小学", "小学、中学", []),
        ("机关", None, []),
    ],
)
def test_a_school_of_no_stage_is_registered_with_a_warning(category, tags, problems):
    content = book_of([UNIT.code, "示例学校", "哈尔滨市/道里区", category, tags])
    units, found = read_register(content, scheme=REAL, regions=REGIONS)
    assert len(units) == 1
    assert [(problem.code, problem.cell) for problem in found] == problems
    assert all("“小学”、“中学”" in problem.message for problem in found)


def test_a_name_is_kept_without_invisible_characters():
    units, problems = read(book_of([UNIT.code, "示例\u202e局\u200b\n（本级）", *GOOD[2:]]))
    assert problems == []
    assert units[0].name == "示例局 （本级）"


def test_a_name_without_end_is_refused_at_its_cell():
    assert read(book_of([UNIT.code, "很" * 5000, *GOOD[2:]]))[1] == [("text-too-long", "B2")]


def test_problems_without_end_are_cut_off_and_counted():
    _, problems = read_register(book_of(*[["x"] * 4] * 1500), scheme=SCHEME, regions=REGIONS)
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1].code == "too-many-problems"
