"""The writer of workbooks: text stays text, numbers stay numbers, whatever the names are."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

import openpyxl
import pandas as pd
import pytest

from reporting.palette import LIGHT
from reporting.to_xlsx import to_result_list, write_book
from reporting.xlsx_spec import Chart, Column, Series, Sheet
from reporting.xlsx_text import MOST_CHARACTERS, clean, foot, lines, sheet_name, width

HOSTILE = [
    '=HYPERLINK("http://example.invalid","x")',
    "+1+1",
    "-2",
    "@sum(a1)",
    "<b>粗</b> & “引号” {{ x }}",
    "https://example.invalid/a",
    "名" * 60,
    "😀 表情",
    "控\x01制\x0b符\ufffe",
    "两行\n文字",
    "_x0041_",
    "12345678901234567890",
    "0001",
]
COLUMNS = {
    "name": Column("单位"),
    "code": Column("代码", "code"),
    "score": Column("得分", "score", paint="bars"),
    "share": Column("占比", "percent", paint="attainment"),
    "gap": Column("失分", "points", has_sum=True, paint="loss"),
    "day": Column("日期", "date"),
    "at": Column("时间", "time"),
    "late": Column("逾期", "flag"),
    "grade": Column("等次", paint="grades"),
}


def _rows(names=HOSTILE) -> pd.DataFrame:
    count = len(names)
    return pd.DataFrame(
        {
            "name": names,
            "code": names,
            "score": [80.55, None, *[70.0] * (count - 2)],
            "share": [0.125] * count,
            "gap": [0.1] * count,
            "day": [pd.Timestamp(2026, 11, 25)] * count,
            "at": [pd.Timestamp(2026, 11, 25, 10, 30, 15, 999)] * count,
            "late": [True] + [False] * (count - 1),
            "grade": ["优秀"] * count,
        }
    )


def _book(*sheets: Sheet, **options) -> openpyxl.Workbook:
    asked = {"title": "表", "stamp": "2026 年度 & 全省", "decimals": 2} | options
    return openpyxl.load_workbook(io.BytesIO(write_book(sheets, **asked)))


def test_text_from_outside_is_never_a_formula_a_link_or_markup():
    sheet = _book(Sheet("表", "标题", COLUMNS, _rows()))["表"]
    shown = [sheet.cell(row, column).value for row in range(3, 3 + len(HOSTILE)) for column in (1, 2)]
    expected = [clean(text) for text in HOSTILE for _ in (1, 2)]
    assert shown == expected
    assert {sheet.cell(row, 1).data_type for row in range(3, 3 + len(HOSTILE))} == {"s"}
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink or cell.data_type == "f"]


def test_headings_sheet_names_and_charts_from_outside_are_text_too():
    title = HOSTILE[0]
    chart = Chart(title, "name", [Series("gap", LIGHT.loss)])
    content = write_book(
        [Sheet("a/b:c[d]*?'" + "长" * 40, title, COLUMNS, _rows(), notes=[title], charts=[chart])],
        title=title,
        stamp="&Z&F " + title,
        decimals=2,
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert len(book.sheetnames[0]) == 31 and not set("/:[]*?'") & set(book.sheetnames[0])
    assert book.worksheets[0]["A1"].value == title and book.worksheets[0]["A1"].data_type == "s"
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        formulas = [
            re.findall("<f>(.*?)</f>", package.read(n).decode())
            for n in package.namelist()
            if "worksheets/sheet" in n
        ]
        footer = package.read("xl/worksheets/sheet1.xml").decode()
    assert formulas == [[]]
    assert "&amp;&amp;Z&amp;&amp;F" in footer


def test_values_keep_their_kind_and_missing_ones_are_empty():
    sheet = _book(Sheet("表", "标题", COLUMNS, _rows(), closing={"name": "合计"}))["表"]
    score, share, gap, day, at, late = (sheet.cell(3, column) for column in range(3, 9))
    assert (score.value, score.number_format) == (80.55, "0.00")
    assert (share.value, share.number_format) == (0.125, "0.0%")
    assert (gap.value, gap.number_format) == (0.1, "0.000")
    assert (day.value, day.number_format) == (datetime(2026, 11, 25), "yyyy-mm-dd")
    assert (at.value, at.number_format) == (datetime(2026, 11, 25, 10, 30, 15), "yyyy-mm-dd hh:mm")
    assert late.value == "是" and sheet.cell(4, 8).value == "否"
    assert sheet.cell(4, 3).value is None
    assert sheet.cell(3 + len(HOSTILE), 5).value == f"=SUBTOTAL(109,E3:E{2 + len(HOSTILE)})"
    assert sheet.auto_filter.ref == f"A2:I{2 + len(HOSTILE)}"


def test_grades_attainments_and_scores_are_painted_over_the_whole_table():
    sheet = _book(Sheet("表", "标题", COLUMNS, _rows()), grades={"优秀": "#0b4f8a"})["表"]
    last = 2 + len(HOSTILE)
    painted = {
        str(ranges.sqref): [rule.type for rule in rules]
        for ranges, rules in sheet.conditional_formatting._cf_rules.items()
    }
    assert painted == {
        f"C3:C{last}": ["dataBar"],
        f"D3:D{last}": ["colorScale"],
        f"E3:E{last}": ["colorScale"],
        f"I3:I{last}": ["cellIs"],
    }


@pytest.mark.parametrize(("rows", "is_apart"), [(25, False), (26, True)])
def test_charts_of_long_tables_stand_on_a_sheet_of_their_own(rows, is_apart):
    chart = Chart("图", "name", [Series("gap", LIGHT.loss)])
    sheets = [
        Sheet(name, name, COLUMNS, _rows([f"单位{i}" for i in range(rows)]), charts=[chart])
        for name in "甲乙"
    ]
    book = _book(*sheets)
    assert book.sheetnames == (["甲", "图表", "乙"] if is_apart else ["甲", "乙"])
    assert len(book["图表" if is_apart else "甲"]._charts) == (2 if is_apart else 1)
    if is_apart:
        assert len(book["图表"].row_breaks.brk) == 1
    else:
        assert book["甲"].page_setup.fitToHeight in (None, 1)  # the chart is not cut by the end of a page


def test_only_columns_that_can_be_read_are_printed():
    sheet = _book(Sheet("表", "标题", COLUMNS, _rows(), print_to="share"))["表"]
    assert sheet.print_area.split("$")[3] in "DEFGH" and sheet.auto_filter.ref.split(":")[1].startswith("I")


def test_an_empty_table_still_opens():
    sheet = _book(Sheet("表", "标题", COLUMNS, _rows().head(0), closing={"name": "合计"}))["表"]
    assert sheet.auto_filter.ref == "A2:I3" and sheet["A4"].value == "合计"


def test_text_is_cut_to_what_a_cell_holds():
    assert clean("a" * 40_000) == "a" * MOST_CHARACTERS
    assert clean("\x00好\ud800\uffff\t") == "好\t"
    assert sheet_name("") == "表"
    assert len(foot("&" * 400)) <= 195
    assert (width("ab名"), lines("名名名", 4), lines("a\n\nb", 10)) == (4, 2, 3)


def test_the_result_list_is_a_form_with_its_number_at_the_foot():
    row = dict.fromkeys(
        (
            "code",
            "name",
            "region_path",
            "category_name",
            "state_name",
            "grade_name",
            "grade_reason_name",
            "vetoes",
        ),
        "文",
    )
    rows = pd.DataFrame(
        [row | {"score": 88.125, "rank": 1, "peers": 9}, row | {"score": None, "rank": None, "peers": 9}]
    )
    rows["region_path"] = ["黑龙江省", "黑龙江省/哈尔滨市/道里区"]
    content = to_result_list(rows, title="结果运用表", notes=["一", "二"], decimals=1, number="2026-1")
    sheet = openpyxl.load_workbook(io.BytesIO(content))["考核结果运用表"]
    assert sheet["A1"].alignment.horizontal == "center" and sheet["A3"].value == "二"
    assert "A1:K1" in {str(each) for each in sheet.merged_cells.ranges}
    assert [sheet[at].value for at in ("C5", "C6")] == ["黑龙江省", "哈尔滨市/道里区"]
    assert [sheet[f"{column}5"].alignment.horizontal for column in "EIJ"] == ["center"] * 3
    assert [cell.value for cell in sheet[4]][:2] == ["统一社会信用代码", "单位名称"]
    assert (sheet["F5"].value, sheet["F5"].number_format, sheet["G6"].value) == (88.125, "0.0", None)
    assert "第 2026-1 号公布" in sheet.oddFooter.left.text
    assert sheet.freeze_panes == "C5" and sheet.print_title_rows == "$4:$4"


def test_a_sheet_of_two_years_has_the_decimals_of_the_finer_one():
    """What a year was published with is not rounded to what the other is, nor are the steps between them."""
    steps = pd.DataFrame({"label": ["2025 年得分", "组织领导", "取整"], "printed": [83.33, 0.42, 0.25]})
    shown = {"label": Column("去向"), "printed": Column("分", "signed", has_sum=True)}
    closing = {"label": "2026 年得分"}
    alone = Sheet("得分", "得分", {"printed": Column("得分", "score")}, steps.tail(1))
    bridge = Sheet("变化", "变化", shown, steps, closing=closing, decimals=2, is_steps=True)
    content = write_book([alone, bridge], title="年度", stamp="时间", decimals=0)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book["得分"]["A3"].number_format == "0"
    cells = [book["变化"].cell(row, 2) for row in range(3, 7)]
    assert [cell.number_format for cell in cells] == ["0.00", *["+0.00;-0.00;0.00"] * 2, "0.00"]
    assert cells[-1].value.startswith("=ROUND(SUBTOTAL(") and cells[-1].value.endswith(",2)")


def test_what_sums_leave_of_nothing_is_nothing():
    rows = pd.DataFrame({"gap": [-2e-17, 1e-12, -0.25]})
    content = write_book(
        [Sheet("失分", "失分", {"gap": Column("失分", "points")}, rows)],
        title="年度",
        stamp="时间",
        decimals=2,
    )
    sheet = openpyxl.load_workbook(io.BytesIO(content))["失分"]
    assert [sheet.cell(row, 1).value for row in range(3, 6)] == [0, 0, -0.25]
