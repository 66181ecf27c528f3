"""Every file of tests/workbooks is judged as expected.json says: its fate, and each problem with its cell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.checks import check_workbook
from data.mark import mark_workbook
from data.workbook import read_workbook
from tests.make_workbooks import CYCLE, FOLDER, MAKERS, SCHEME, UNITS, members

EXPECTED = json.loads((FOLDER / "expected.json").read_text("utf-8"))
BY_CODE = {unit.code: unit for unit in UNITS}


def content_of(name: str) -> bytes:
    zipped, found, _ = name.partition(".zip/")
    if found:
        return members(FOLDER / f"{zipped}.zip")[name]
    return (FOLDER / name).read_bytes()


def judge(content: bytes):
    raw, problems = read_workbook(content)
    answers = []
    if raw is not None:
        _, answers, problems = check_workbook(raw, scheme=SCHEME, cycle=CYCLE, units=BY_CODE)
    return answers, problems


def fate(problems) -> str:
    severities = {problem.severity for problem in problems}
    return "refused" if "error" in severities else "warned" if severities else "accepted"


@pytest.mark.parametrize("name", EXPECTED)
def test_each_file_is_judged_as_expected(name):
    answers, problems = judge(content_of(name))
    assert [[p.code, p.place] for p in problems] == EXPECTED[name]["problems"]
    assert fate(problems) == EXPECTED[name]["status"]
    if fate(problems) != "refused":
        assert answers


@pytest.mark.parametrize("name", [n for n in EXPECTED if EXPECTED[n]["status"] == "refused"])
def test_each_refused_file_comes_back_marked_and_is_refused_for_the_same(name):
    content = content_of(name)
    _, problems = judge(content)
    again = judge(mark_workbook(content, problems))[1]
    if read_workbook(content)[0] is None:
        assert fate(again) == "refused"
    else:
        assert [p.message for p in again] == [p.message for p in problems]


def test_no_file_is_left_out_of_the_table():
    on_disk = {p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*") if p.suffix in (".xlsx", ".zip")}
    assert on_disk == set(MAKERS)
    assert {name.split(".zip/")[0] + (".zip" if ".zip/" in name else "") for name in EXPECTED} == on_disk


def test_the_answers_of_all_programs_are_the_same_answers():
    """What LibreOffice and XlsxWriter wrote is read to the values that were put in."""
    for name in ("clean.xlsx", "filled-in-libreoffice.xlsx", "written-by-xlsxwriter.xlsx",
                 "resaved-by-libreoffice.xlsx", "resaved-by-libreoffice-ooxml.xlsx"):  # fmt: skip
        answers, _ = judge(content_of(name))
        for answer in answers:
            kind = SCHEME.by_id[answer.indicator].type
            if kind == "yes_no":
                assert answer.choice == "是"
            elif kind == "level":
                assert SCHEME.by_id[answer.indicator].choices[answer.choice] == 1
            elif kind == "date":
                assert str(answer.on_date) == "2026-04-15"
            elif kind == "count":
                assert answer.number == 4
            elif answer.numerator is None:
                assert answer.number == 0.95
            else:
                assert (answer.numerator, answer.denominator) == (7, 8)


def test_making_the_files_twice_gives_the_same_bytes():
    for name in (
        "clean.xlsx",
        "rows-sorted.xlsx",
        "written-by-xlsxwriter.xlsx",
        "many-faults.xlsx",
        "batch.zip",
    ):
        assert MAKERS[name]() == MAKERS[name]()


def test_the_folder_is_small_enough_to_keep():
    assert sum(path.stat().st_size for path in Path(FOLDER).rglob("*")) < 4_000_000
