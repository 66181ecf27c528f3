"""A workbook comes back in every state people leave it in: each fault is named with its cell, nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from data.layout import COLUMNS
from data.problems import CATALOGUE
from tests.data.small import (
    GOOD,
    OTHER,
    ROWS,
    SCHEME,
    UNIT,
    UNITS,
    answer,
    check,
    code,
    edited,
    filled,
    found,
    template,
)

# An identity number whose region, date and check digit are right, and that was never given to anybody: the date
# lies before the numbers began.
IDENTITY_NUMBER = "110101190001010014"
MOBILE = "1" + "3" * 10


def at(key: str, column: str) -> str:
    """The place of an answer's cell, as 自评表!E6."""
    letter = next(c.letter for c in COLUMNS if c.key == column)
    return f"自评表!{letter}{ROWS[key]}"


def test_a_well_filled_workbook_has_no_problem_and_all_answers():
    unit, answers, problems = check(filled(), expected_unit=UNIT.code)
    assert (unit, problems) == (UNIT.code, [])
    assert [a.indicator for a in answers] == list(GOOD)
    by_id = {a.indicator: a for a in answers}
    assert by_id["T19-01"].choice == "是"
    assert by_id["T19-02"].choice == "全面落实"
    assert (by_id["T19-03"].numerator, by_id["T19-03"].denominator) == (3, 4)
    assert by_id["T19-04"].number == 0.85
    assert by_id["T19-05"].number == 4
    assert by_id["T24-01"].on_date == date(2026, 4, 15)
    assert (by_id["T19-05"].sheet, by_id["T19-05"].cell, by_id["T19-05"].text) == ("自评表", "E11", "4")
    assert by_id["T19-01"].evidence == "示例〔2026〕1号"


def test_an_empty_template_misses_each_answer_at_its_cell():
    wanted = [
        at(key, column)
        for key in GOOD
        for column in (("numerator", "denominator") if key in ("T19-03", "T28-02") else ("value",))
    ]
    assert found(template()) == [("answer-missing", place) for place in wanted]


ONE_CELL = [
    ("T19-01", {"value": "大概有"}, [("not-yes-no", "value")]),
    ("T19-01", {"value": "不适用", "na_reason": "无此机构"}, [("na-not-allowed", "value")]),
    ("T19-01", {"value": "—"}, [("na-not-allowed", "value")]),
    ("T19-01", {"value": "否", "evidence": " "}, []),
    ("T19-01", {"value": "是", "evidence": "无"}, [("evidence-missing", "evidence")]),
    ("T19-01", {"numerator": 3}, [("value-in-wrong-column", "numerator")]),
    ("T19-02", {"value": "基本落实"}, [("not-a-level", "value")]),
    ("T19-02", {"value": "无"}, [("ambiguous-none", "value")]),
    ("T19-02", {"value": "不适用"}, [("na-reason-missing", "na_reason")]),
    ("T19-02", {"value": "不适用", "na_reason": "无此类人员"}, []),
    ("T19-02", {"value": "未开展", "evidence": " "}, []),
    ("T19-02", {"na_reason": "无此类人员"}, [("na-reason-unused", "na_reason")]),
    ("T19-03", {"numerator": 5}, [("numerator-above-denominator", "numerator")]),
    ("T19-03", {"numerator": 4}, []),
    ("T19-03", {"numerator": " "}, [("answer-missing", "numerator")]),
    ("T19-03", {"denominator": " "}, [("answer-missing", "denominator")]),
    ("T19-03", {"denominator": 0}, [("zero-denominator", "denominator")]),
    ("T19-03", {"numerator": 0, "denominator": 0}, [("na-reason-missing", "na_reason")]),
    ("T19-03", {"numerator": 0, "denominator": 0, "na_reason": "无重点岗位"}, []),
    ("T19-03", {"numerator": "无"}, [("zero-from-words", "numerator")]),
    ("T19-03", {"numerator": "/", "denominator": "/", "na_reason": "无重点岗位"}, []),
    ("T19-03", {"numerator": -1}, [("negative-number", "numerator")]),
    ("T19-03", {"numerator": 0, "evidence": " "}, []),
    ("T28-02", {"numerator": 0, "denominator": 0, "na_reason": "无"}, [("na-not-allowed", "denominator")]),
    ("T19-04", {"value": 1.2}, []),
    ("T19-04", {"value": 101}, [("percent-out-of-range", "value")]),
    ("T19-04", {"value": "1"}, [("percent-ambiguous", "value")]),
    ("T19-04", {"value": 1}, []),
    ("T19-05", {"value": "三次"}, [("not-a-number", "value")]),
    ("T19-05", {"value": "无"}, [("zero-from-words", "value")]),
    ("T19-05", {"value": 2.5}, [("not-whole-number", "value")]),
    ("T19-05", {"value": 0, "evidence": " "}, []),
    ("T19-05", {"value": "#DIV/0!"}, [("formula-error", "value")]),
    ("T24-01", {"value": date(2026, 4, 12)}, [("date-outside-window", "value")]),
    ("T24-01", {"value": date(2026, 4, 13)}, []),
    ("T24-01", {"value": date(2026, 4, 19)}, []),
    ("T24-01", {"value": date(2026, 4, 20)}, [("date-outside-window", "value")]),
    ("T24-01", {"value": date(2025, 4, 15)}, [("date-outside-year", "value")]),
    ("T24-01", {"value": "4月15日"}, [("date-without-year", "value")]),
    ("T24-01", {"value": "四月"}, [("not-a-date", "value")]),
    ("T24-01", {"value": "未开展", "evidence": " "}, []),
    ("T24-01", {"evidence": " "}, []),
    ("T19-01", {"note": f"联系人电话{MOBILE}"}, [("personal-data-found", "note")]),
    ("T19-01", {"evidence": f"证件{IDENTITY_NUMBER}"}, [("personal-data-found", "evidence")]),
    ("T19-05", {"value": int(MOBILE)}, [("personal-data-found", "value")]),
    ("T19-05", {"note": "文" * 1001}, [("text-too-long", "note")]),
]  # fmt: skip


@pytest.mark.parametrize(("key", "changes", "wanted"), ONE_CELL)
def test_each_fault_is_named_at_its_cell_and_alone(key, changes, wanted):
    assert found(filled({key: changes})) == [(problem, at(key, column)) for problem, column in wanted]


@pytest.mark.parametrize(("key", "changes", "wanted"), ONE_CELL)
def test_every_problem_says_how_to_mend_it(key, changes, wanted):
    for problem in check(filled({key: changes}))[2]:
        assert problem.fix
        assert problem.message.startswith(f"{problem.place}：")
        assert "{" not in problem.message


def test_a_message_says_where_what_allowed_and_mend():
    [problem] = check(filled({"T19-01": {"value": "大概有"}}))[2]
    assert problem.message == "自评表!E6：填了“大概有”，应为“是”或“否”，请从下拉列表选择"


def test_personal_data_is_never_repeated():
    content = filled(
        {"T19-01": {"value": IDENTITY_NUMBER, "note": MOBILE}, "T19-05": {"value": MOBILE + "次"}}
    )
    problems = check(content)[2]
    assert {p.place for p in problems} == {"自评表!E6", "自评表!J6", "自评表!E11"}
    for problem in problems:
        said = str(problem.to_dict()) + problem.message
        assert IDENTITY_NUMBER not in said
        assert MOBILE not in said


def test_all_problems_come_at_once_sorted_by_place():
    content = filled(
        {"T28-01": {"value": "？"}, "T19-01": {"evidence": " "}, "T19-05": {"value": -1, "note": MOBILE}}
    )
    assert found(content) == [
        ("evidence-missing", "自评表!I6"),
        ("negative-number", "自评表!E11"),
        ("personal-data-found", "自评表!J11"),
        ("not-yes-no", "自评表!E13"),
    ]


# --- what people do to the sheet without harm


def test_inserted_hidden_and_moved_rows_and_columns_do_no_harm():
    def edit(book):
        sheet = book["自评表"]
        sheet.insert_rows(7, 3)
        sheet.row_dimensions[6].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.insert_cols(3)

    _, answers, problems = check(edited(edit))
    assert problems == []
    assert [a.indicator for a in answers] == list(GOOD)
    assert (answers[1].cell, answers[1].choice) == ("F10", "全面落实")


def test_sorted_rows_do_no_harm():
    def edit(book):
        sheet = book["自评表"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
        for row, values in enumerate(sorted(rows, key=lambda r: str(r[0]), reverse=True), start=5):
            for column, value in enumerate(values, start=1):
                sheet.cell(row=row, column=column).value = value

    assert found(edited(edit)) == []
    assert {a.indicator: a.cell for a in check(edited(edit))[1]}["T28-02"] == "F7"


def test_a_renamed_sheet_is_found_by_its_header_and_named_in_messages():
    def edit(book):
        book["自评表"].title = "教育局 自评"
        book["教育局 自评"]["E6"] = "大概"

    assert found(edited(edit)) == [("not-yes-no", "教育局 自评!E6")]


def test_ids_typed_in_full_width_are_known():
    def edit(book):
        sheet = book["自评表"]
        sheet["A6"], sheet["A7"], sheet["A9"] = "ｔ１９－０１", " T19—02 ", "T1903"

    assert found(edited(edit)) == []


def test_dates_counted_from_1904_are_the_same_dates():
    def edit(book):
        book.epoch = CALENDAR_MAC_1904
        book["自评表"]["E12"] = datetime(2026, 4, 15)

    assert answer(edited(edit), "T24-01").on_date == date(2026, 4, 15)


def test_a_bare_serial_number_follows_the_books_epoch():
    def edit(book):
        book.epoch = CALENDAR_MAC_1904
        book["自评表"]["E12"] = (date(2026, 4, 15) - date(1904, 1, 1)).days
        book["自评表"]["E12"].number_format = "General"

    assert found(edited(edit)) == [("date-as-number", "自评表!E12")]
    assert answer(edited(edit), "T24-01").on_date == date(2026, 4, 15)


# --- what is wrong with the table


def set_cell(cell: str, value: object, sheet: str = "自评表"):
    def edit(book):
        book[sheet][cell] = value

    return edit


def merge(cells: str):
    return lambda book: book["自评表"].merge_cells(cells)


def delete_row(row: int):
    return lambda book: book["自评表"].delete_rows(row)


def copy_row(book):
    sheet = book["自评表"]
    for cell in list(sheet[6]):
        sheet.cell(row=20, column=cell.column, value=cell.value)


TABLE_FAULTS = [
    (set_cell("A6", "T99-01"), [("missing-indicator", "自评表"), ("unknown-indicator", "自评表!A6")]),
    (set_cell("A6", None), [("missing-indicator", "自评表"), ("answer-without-indicator", "自评表!E6")]),
    (delete_row(6), [("missing-indicator", "自评表")]),
    (copy_row, [("duplicate-indicator", "自评表!A20")]),
    (set_cell("K4", "联系人"), [("extra-column", "自评表!K4")]),
    (set_cell("L9", "说明"), [("content-outside-columns", "自评表!L9")]),
    (set_cell("I4", "佐证"), [("extra-column", "自评表!I4"), ("missing-column", "自评表!I4")]),
    (set_cell("D4", "填报值"), [("duplicate-column", "自评表!D4")]),
    (merge("E6:E7"), [("merged-answer-cells", "自评表!E6")]),
    (merge("D6:G6"), [("merged-answer-cells", "自评表!E6")]),
    (merge("A1:J1"), []),
    (set_cell("C6", "签订了多少责任书？"), [("question-moved", "自评表!C6")]),
    (set_cell("C6", "是否设立了机构？"), [("question-changed", "自评表!C6")]),
    (set_cell("E11", "=1+3"), [("formula-without-value", "自评表!E11")]),
    (set_cell("E9", 0.75), [("value-in-wrong-column", "自评表!E9")]),
    (set_cell("A1", "x", "单位信息"), []),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "wanted"), TABLE_FAULTS)
def test_each_fault_of_the_table_is_named_at_its_cell(edit, wanted):
    assert found(edited(edit)) == wanted


def test_an_error_in_a_cell_is_named_with_what_it_is():
    def edit(book):
        book["自评表"]["E11"] = "#DIV/0!"
        book["自评表"]["E11"].data_type = "e"

    [problem] = check(edited(edit))[2]
    assert (problem.code, problem.place, problem.found) == ("formula-error", "自评表!E11", "#DIV/0!")


def test_a_second_table_under_another_name_is_not_read():
    def edit(book):
        book.copy_worksheet(book["自评表"]).title = "自评表 (2)"

    assert found(edited(edit)) == [("extra-sheet", "自评表 (2)")]


def test_personal_data_on_any_sheet_refuses_the_file():
    def edit(book):
        book.create_sheet("名单")["B2"] = MOBILE

    assert found(edited(edit)) == [("extra-sheet", "名单"), ("personal-data-found", "名单!B2")]


def test_personal_data_in_a_comment_refuses_the_file():
    def edit(book):
        book["自评表"]["I6"].comment = Comment(f"问 {MOBILE}", "示例")
        book["自评表"]["I7"].comment = Comment("请核对文号", "示例")

    assert found(edited(edit)) == [("personal-data-found", "自评表!I6")]


# --- whose workbook it is


def of_other_year(book):
    book["单位信息"]["B8"] = 2025
    book["_meta"]["B4"] = "2025"


def without_meta(book):
    del book["_meta"]


def without_identity(book):
    del book["_meta"]
    del book["单位信息"]


IDENTITY_FAULTS = [
    (of_other_year, [("wrong-year", "单位信息!B8")]),
    (set_cell("B2", "other-scheme", "_meta"), [("wrong-scheme", "单位信息!B10"), ("identity-conflict", "单位信息!B10")]),
    (set_cell("B3", "2", "_meta"), [("identity-conflict", "单位信息!B11"), ("wrong-template-version", "单位信息!B11")]),
    (set_cell("B3", OTHER.code, "单位信息"), [("identity-conflict", "单位信息!B3")]),
    (without_meta, [("hidden-identity-missing", "")]),
    (without_identity, [("identity-missing", "")]),
    (lambda book: book.remove(book["自评表"]), [("answer-sheet-missing", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "wanted"), IDENTITY_FAULTS)
def test_each_fault_of_identity_is_named(edit, wanted):
    assert sorted(found(edited(edit))) == sorted(wanted)


def test_without_the_hidden_sheet_the_unit_is_still_known():
    unit, answers, problems = check(edited(without_meta))
    assert (unit, len(answers), [p.severity for p in problems]) == (UNIT.code, len(GOOD), ["warning"])


def test_another_units_workbook_is_refused():
    assert found(filled(), expected_unit=OTHER.code) == [("wrong-unit", "单位信息!B3")]


def test_a_unit_off_the_register_or_struck_off_is_refused():
    assert found(filled(), units={}) == [("unit-not-registered", "单位信息!B3")]
    struck = {UNIT.code: replace(UNIT, is_active=False)}
    assert found(filled(), units=struck) == [("unit-inactive", "单位信息!B3")]


@pytest.mark.parametrize("bad", [UNIT.code[:-1] + "A", UNIT.code[:-1], "IOZSV" + UNIT.code[5:]])
def test_a_code_that_fails_the_check_digit_is_refused(bad):
    def edit(book):
        book["单位信息"]["B3"] = bad
        book["_meta"]["B5"] = bad

    assert found(edited(edit)) == [("invalid-unit-code", "单位信息!B3")]


def test_a_unit_whose_category_changed_since_gets_named_what_differs():
    changed = {UNIT.code: replace(UNIT, category="school", tags=())}
    codes = [(code, place) for code, place in found(filled(), units=changed)]
    applicable = {i.id for i in SCHEME.indicators_for(category="school", tags=())}
    assert codes == [
        ("indicator-not-applicable", f"自评表!A{row}") for key, row in ROWS.items() if key not in applicable
    ]
    added = {UNIT.code: replace(UNIT, tags=())}
    assert found(template(OTHER), units={OTHER.code: replace(OTHER, tags=("education",))})[:2] == [
        ("missing-indicator", "自评表"),
        ("missing-indicator", "自评表"),
    ]
    assert found(filled(), units=added) == [
        ("indicator-not-applicable", "自评表!A13"),
        ("indicator-not-applicable", "自评表!A14"),
    ]


def test_codes_are_compared_in_any_width_and_case():
    def edit(book):
        wide = "".join(chr(ord(c) + 0xFEE0) for c in UNIT.code.lower())
        book["单位信息"]["B3"] = f" {wide} "

    assert found(edited(edit)) == []


TEXT = st.text(max_size=30).filter(lambda t: not set(t) & set("\ud800"))


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [(key, column) for key in GOOD for column in ("value", "numerator", "na_reason", "evidence")]
        ),
        st.one_of(
            TEXT, st.floats(allow_nan=False, allow_infinity=False), st.integers(-5, 10**9), st.booleans()
        ),
        max_size=6,
    )
)
def test_whatever_is_typed_nothing_breaks_and_every_problem_can_be_mended(cells):
    changes: dict[str, dict[str, object]] = {}
    for (key, column), value in cells.items():
        changes.setdefault(key, {})[column] = value
    unit, answers, problems = check(filled(changes))
    assert unit == UNIT.code or [p for p in problems if p.code == "number-too-large"]
    for problem in problems:
        assert problem.code in CATALOGUE
        assert problem.fix and problem.text
        assert problem.place
    if not any(p.severity == "error" for p in problems):
        assert [a.indicator for a in answers] == list(GOOD)


def test_every_unit_sees_its_own_indicators_only():
    assert found(template(OTHER))[0] == ("answer-missing", "自评表!E6")
    assert UNITS[code(2)] is OTHER


def test_a_number_beyond_all_dates_in_a_date_cell_is_named_although_calamine_panics():
    content = filled({"T24-01": {"value": -106751991169.0}})
    assert found(content) == [("number-too-large", "自评表!E12")]
