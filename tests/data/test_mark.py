"""A refused workbook comes back with its bad cells red and explained, and can be handed in again once mended."""

from __future__ import annotations

import io

import openpyxl
import pytest

from data.layout import PROBLEM_SHEET
from data.mark import AUTHOR, mark_workbook
from data.sheet_style import COLOURS
from data.workbook import read_workbook
from tests.data.small import GOOD, check, edited, filled, found

BAD = {"T19-01": {"value": "大概有"}, "T19-02": {"evidence": " "}, "T19-03": {"numerator": 9}}


def marked(content: bytes) -> bytes:
    return mark_workbook(content, check(content)[2])


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def is_red(cell) -> bool:
    return cell.fill.start_color.rgb.endswith(COLOURS["bad"])


def test_exactly_the_bad_cells_are_red_and_carry_the_message():
    content = filled(BAD)
    problems = check(content)[2]
    sheet = opened(marked(content))["自评表"]
    red = {cell.coordinate for row in sheet.iter_rows() for cell in row if is_red(cell)}
    commented = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert red == commented == {p.cell for p in problems} == {"E6", "I7", "F9"}
    assert sheet["E6"].comment.text == "【错误】填了“大概有”，应为“是”或“否”，请从下拉列表选择"
    assert sheet["E6"].comment.author == AUTHOR


def test_the_list_in_front_names_every_problem_with_a_link():
    content = filled(BAD)
    book = opened(marked(content))
    assert book.sheetnames[0] == book.active.title == PROBLEM_SHEET
    sheet = book[PROBLEM_SHEET]
    places = [
        (sheet.cell(row=r, column=3).value, sheet.cell(row=r, column=3).hyperlink.location) for r in (4, 5, 6)
    ]
    assert places == [(f"自评表!{cell}", f"'自评表'!{cell}") for cell in ("E6", "I7", "F9")]


def test_everything_else_stays_as_it_was():
    content = filled(BAD)
    before, after = opened(content), opened(marked(content))
    for name in before.sheetnames:
        assert [[c.value for c in row] for row in before[name].iter_rows()] == [
            [c.value for c in row] for row in after[name].iter_rows()
        ]
        assert before[name].sheet_state == after[name].sheet_state
        assert before[name].protection.sheet == after[name].protection.sheet
    rules = [len(book["自评表"].data_validations.dataValidation) for book in (before, after)]
    assert rules[0] == rules[1] > 0


def test_the_marked_copy_is_judged_as_the_original_was():
    content = filled(BAD)
    assert found(marked(content)) == found(content)


def test_the_mended_marked_copy_is_accepted():
    def mend(book):
        sheet = book["自评表"]
        sheet["E6"], sheet["I7"], sheet["F9"] = "是", "文号", 3

    unit, answers, problems = check(edited(mend, marked(filled(BAD))))
    assert (len(answers), problems) == (len(GOOD), [])
    assert unit


def test_marking_again_forgets_the_marks_of_mended_cells():
    def mend_one(book):
        book["自评表"]["E6"] = "是"

    sheet = opened(marked(edited(mend_one, marked(filled(BAD)))))["自评表"]
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment] == ["I7", "F9"]
    assert not is_red(sheet["E6"])
    assert sheet["F9"].comment.text.count("错误") == 1


def test_formulas_keep_their_stored_results():
    raw, _ = read_workbook(marked(filled(BAD)))
    assert raw.sheet("自评表").values[2, 1] == "已全部填写"
    assert raw.sheet("自评表").unsaved == {}


def test_a_bad_merged_area_is_marked_at_its_first_cell():
    content = edited(lambda book: book["自评表"].merge_cells("D6:G6"))
    sheet = opened(marked(content))["自评表"]
    assert sheet["D6"].comment and is_red(sheet["D6"])


def test_a_comment_of_the_unit_is_kept():
    def comment(book):
        book["自评表"]["E6"].comment = openpyxl.comments.Comment("本单位备注", "示例")

    sheet = opened(marked(edited(comment, filled(BAD))))["自评表"]
    assert "本单位备注" in sheet["E6"].comment.text


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", filled()[:8000]])
def test_a_file_that_cannot_be_opened_gives_the_list_alone(content):
    problems = read_workbook(content)[1]
    book = opened(mark_workbook(content, problems))
    assert book.sheetnames == [PROBLEM_SHEET]
    assert book[PROBLEM_SHEET]["C4"].value == "整个文件"


def test_the_list_holds_no_formulas():
    content = filled({"T19-01": {"value": "=HYPERLINK(1)"}})
    sheet = opened(marked(content))[PROBLEM_SHEET]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
