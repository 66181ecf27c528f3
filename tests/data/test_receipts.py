"""A batch's receipts as a workbook, and the marked copies in one zip."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import openpyxl

from data.model import Receipt
from data.problems import make_problem
from data.receipts import marked_zip, receipts_to_xlsx

PROBLEM = make_problem(
    "not-yes-no", sheet="自评表", cell="E6", found="=cmd|' /C calc'!A0", allowed="“是”或“否”"
)
WARNING = make_problem("late-submission", found="2026-12-01 09:00", deadline="2026-11-30 18:00")
RECEIPTS = [
    Receipt(
        path="道里区/=1+1.xlsx", sha256="a" * 64, status="refused", unit="11230100000000001X", problems=(PROBLEM, WARNING),
        template_version="small/3", at=datetime(2026, 12, 1, 9),
    ),
    Receipt(path="-2.xlsx", sha256="b" * 64, status="accepted", unit=None),
]  # fmt: skip


def rows(name: str) -> list[list]:
    book = openpyxl.load_workbook(io.BytesIO(receipts_to_xlsx(RECEIPTS)))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def test_one_row_per_file():
    header, first, second = rows("回执")
    assert header[:4] == ["文件", "结果", "单位代码", "模板版本"]
    assert first == [
        "道里区/=1+1.xlsx", "退回", "11230100000000001X", "small/3", 1, 1, "2026-12-01 09:00:00",
        f"{PROBLEM.message}\n{WARNING.message}", "a" * 64,
    ]  # fmt: skip
    assert second[:3] == ["-2.xlsx", "接收", None]


def test_one_row_per_problem_with_its_place():
    header, first, second = rows("问题清单")
    assert first[2:5] == ["错误", "自评表", "E6"]
    assert first[header.index("填报内容")] == "=cmd|' /C calc'!A0"
    assert first[header.index("问题代码")] == "not-yes-no"
    assert second[2:5] == ["提醒", None, None]


def test_the_same_receipts_give_the_same_bytes():
    assert receipts_to_xlsx(RECEIPTS) == receipts_to_xlsx(RECEIPTS)


def test_the_zip_keeps_folders_and_makes_names_safe_and_distinct():
    pairs = [
        ("甲/表.xlsx", b"1"),
        ("甲/表.xls", b"2"),
        ("../../x.xlsx", b"3"),
        ("C:\\a|b.pdf", b"4"),
        ("", b"5"),
    ]
    with zipfile.ZipFile(io.BytesIO(marked_zip(pairs))) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert contents == {
        "甲/表.xlsx": b"1",
        "甲/表（2）.xlsx": b"2",
        "x.xlsx": b"3",
        "C_/a_b.pdf.xlsx": b"4",
        "未命名.xlsx": b"5",
    }
