"""Answers written straight into the XML read back as they were given."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest

from data.fill import fill_workbook
from data.workbook import read_workbook
from tests.data.small import template


def values(content: bytes) -> dict[str, object]:
    sheet = openpyxl.load_workbook(io.BytesIO(content))["自评表"]
    return {
        cell.coordinate: cell.value
        for row in sheet.iter_rows(min_row=5, min_col=5)
        for cell in row
        if cell.value
    }


@pytest.mark.parametrize(
    "value", ["是", "=1+1", "@cmd", "a<b>&c", "两行\n文字", " 前后 ", 3, 0.25, True, "🙂", "\x07控制字符"]
)
def test_a_value_comes_back_as_it_was_written(value):
    content = fill_workbook(template(), {"T19-01": {"value": value}})
    wanted = value.replace("\x07", "") if isinstance(value, str) else value
    assert values(content)["E6"] == wanted
    raw, problems = read_workbook(content)
    assert problems == []
    assert raw.sheet("自评表").values[6, 5] == wanted


def test_dates_are_dates():
    content = fill_workbook(template(), {"T24-01": {"value": date(2026, 4, 15)}})
    assert values(content)["E12"] == datetime(2026, 4, 15)
    content = fill_workbook(template(), {"T24-01": {"value": datetime(2026, 4, 15, 12)}})
    assert values(content)["E12"] == datetime(2026, 4, 15, 12)


def test_every_column_can_be_filled_and_none_leaves_a_cell():
    cells = {"numerator": 1, "denominator": 2, "na_reason": "a", "evidence": "b", "note": None}
    content = fill_workbook(template(), {"T19-03": cells})
    assert {k: v for k, v in values(content).items() if k.endswith("9")} == {
        "E9": "填右侧分子、分母", "F9": 1, "G9": 2, "H9": "a", "I9": "b",
    }  # fmt: skip


def test_an_indicator_that_is_not_there_is_a_fault_of_the_caller():
    with pytest.raises(KeyError):
        fill_workbook(template(), {"T99-99": {"value": 1}})
