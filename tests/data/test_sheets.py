"""Tables for download: readable, whole, and nothing in them runs."""

from __future__ import annotations

import csv
import io

import openpyxl
import pandas as pd
import pytest

from data.formula_text import neutralise
from data.sheets import to_csv, to_xlsx

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =HYPERLINK(1)", "＝1+1", "＋1", "－1", "＠A1", "\n=1", "\r\n=1",
    "\u3000=1", "\u00a0@A1", "\u200b=1", "\ufeff=1", " \t\u202e+1", "\t说明",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_begins_like_a_formula_stays_text(text):
    frame = pd.DataFrame({"单位": [text]})
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx({"表": frame}))).active
    assert (sheet["A2"].data_type, sheet["A2"].quotePrefix) == ("s", True)
    [[cell]] = list(csv.reader(io.StringIO(to_csv(frame).decode("utf-8-sig"), newline="")))[1:]
    assert cell == "'" + text


def test_a_heading_that_begins_like_a_formula_stays_text():
    frame = pd.DataFrame({"=1+1": [1]})
    assert openpyxl.load_workbook(io.BytesIO(to_xlsx({"表": frame}))).active["A1"].data_type == "s"
    assert to_csv(frame).decode("utf-8-sig").startswith("'=1+1")


def test_numbers_and_ordinary_text_are_left_alone():
    assert neutralise(-1.5) == -1.5
    for text in ("哈尔滨市", "", " 示例〔2026〕1号", "a=1", "（-1）"):
        assert neutralise(text) == text


def test_missing_is_an_empty_cell_and_never_zero():
    frame = pd.DataFrame({"名次": pd.array([1, pd.NA], dtype="Int64"), "得分": [90.5, float("nan")]})
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx({"表": frame}))).active
    assert [c.value for c in sheet[2]] == [1, 90.5]
    assert [c.value for c in sheet[3]] == [None, None]


def test_control_characters_and_long_sheet_names_do_no_harm():
    frame = pd.DataFrame({"文件": ["a\x00b\ufffe"]})
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx({"很长的名字[带]方括号/和斜线" * 3: frame})))
    assert book.active["A2"].value == "ab"
    assert len(book.active.title) <= 31
