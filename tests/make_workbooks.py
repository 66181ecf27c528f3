"""Writes tests/workbooks/: good workbooks of several programs, and one bad workbook per fault, named for it.

    .venv/bin/python -m tests.make_workbooks            all of them (needs LibreOffice)
    .venv/bin/python -m tests.make_workbooks NAME…      only these

Units are the first of the demo, scheme and year are heilongjiang-2026. The same code gives the same content; files that
LibreOffice wrote carry its own time stamps. What each file must be judged to be stands in tests/workbooks/expected.json,
checked by hand; this script never writes it.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from stdnum.cn.uscc import calc_check_digit

from data.checks import check_workbook
from data.demo.units import demo_units
from data.fill import fill_workbook
from data.layout import COLUMNS, UNIT_FIELDS, by_dimension, is_fraction
from data.mark import mark_workbook
from data.model import Cycle, Unit
from data.package import pack, read_package, repack, write_package
from data.regions import region_path
from data.template import build_template
from data.workbook import read_workbook
from scoring.scheme import Scheme, load_scheme, shipped_schemes
from tests import libreoffice

FOLDER = Path(__file__).parent / "workbooks"
SCHEME = load_scheme(shipped_schemes()["heilongjiang-2026"])
UNITS = demo_units(60)
CYCLE = Cycle(2026, SCHEME.id, SCHEME.version, date(2026, 3, 1), datetime(2026, 11, 30, 18))
ORGANS = [
    unit for unit in UNITS if unit.category in ("organ", "mass_org", "key_enterprise")
]  # they answer Art. 19
BUREAU = UNITS[0]  # the unit of the bad workbooks: an education bureau, all types of question but few

Answers = dict[str, dict[str, object]]
Edit = Callable[[openpyxl.Workbook], None]


def good_answers(unit: Unit) -> Answers:
    """A believable, good answer to each of the unit's indicators."""
    answers: Answers = {}
    for number, indicator in enumerate(
        SCHEME.indicators_for(category=unit.category, tags=unit.tags), start=1
    ):
        evidence = f"示例〔2026〕{number}号"
        if is_fraction(indicator):
            cells = {"numerator": 7, "denominator": 8}
        else:
            value = {
                "yes_no": "是",
                "level": max(indicator.choices, key=indicator.choices.get, default=None),
                "count": 4,
                "ratio": 0.95,
                "date": date(2026, 4, 15),
            }[indicator.type]
            cells = {"value": value}
        answers[indicator.id] = cells | {"evidence": evidence}
    return answers


def template(unit: Unit, *, scheme: Scheme = SCHEME, cycle: int = 2026) -> bytes:
    path = region_path(unit.region)
    return build_template(scheme, cycle=cycle, unit=unit, region_path=path, deadline=CYCLE.deadline)


def filled(unit: Unit = BUREAU, changes: Mapping[str, Mapping[str, object]] | None = None) -> bytes:
    """The unit's workbook, well filled but for these cells."""
    answers = good_answers(unit)
    for key, cells in (changes or {}).items():
        answers[key] |= cells
    return fill_workbook(template(unit), answers)


def bureau(**cells: object) -> bytes:
    """The bureau's workbook with one indicator's cells changed: bureau(T19_01="大概有") changes its 填报值."""
    changes = {
        key.replace("_", "-"): value if isinstance(value, dict) else {"value": value}
        for key, value in cells.items()
    }
    return filled(BUREAU, changes)


def edited(edit: Edit, content: bytes | None = None) -> bytes:
    """A workbook after an edit with openpyxl, by default the bureau's good one."""
    book = openpyxl.load_workbook(io.BytesIO(content or filled()))
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return repack(stream.getvalue())


def row_of(book: openpyxl.Workbook, indicator: str) -> int:
    return next(cell.row for cell in book["自评表"]["A"] if cell.value == indicator)


def cell_of(content: bytes, indicator: str, letter: str) -> str:
    return f"{letter}{row_of(openpyxl.load_workbook(io.BytesIO(content)), indicator)}"


def setting(cell: str, value: object, *, sheet: str = "自评表") -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        book[sheet][cell].value = value

    return edit


# --- good ones


def as_people_type() -> bytes:
    """Every accepted spelling somewhere."""
    spellings = {
        "yes_no": ["√", "有", "已建立", " 是 ", "Ｙ"],
        "count": ["４", "4次", " 4 ", "４ 次"],
        "ratio": ["95%", "９５％", "95", "0.95"],
        "date": ["2026年4月15日", "20260415", "２０２６．４．１５"],
    }
    answers = good_answers(BUREAU)
    for key, cells in answers.items():
        kind = SCHEME.by_id[key].type
        if "value" in cells and kind in spellings:
            spellings[kind].append(spellings[kind].pop(0))
            cells["value"] = spellings[kind][-1]
        elif "value" in cells:
            cells["value"] = f" {cells['value']}\n"
        else:
            cells |= {"numerator": "７", "denominator": "8人"}
    return fill_workbook(template(BUREAU), answers)


def rows_sorted() -> bytes:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["自评表"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
        for row, values in enumerate(sorted(rows, key=lambda each: str(each[0]), reverse=True), start=5):
            for column, value in enumerate(values, start=1):
                sheet.cell(row=row, column=column).value = value

    return edited(edit)


def rows_inserted_and_hidden() -> bytes:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["自评表"]
        sheet.insert_rows(10, 2)
        sheet.insert_rows(2)
        sheet.row_dimensions[9].hidden = True
        sheet.column_dimensions["B"].hidden = True

    return edited(edit, filled(UNITS[10]))


def dates_from_1904() -> bytes:
    def edit(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        row = row_of(book, "T24-01")
        book["自评表"][f"E{row}"].value = datetime(2026, 4, 15)

    return edited(edit, filled(ORGANS[5]))


def written_by_xlsxwriter() -> bytes:
    """A workbook that none of our code wrote: no styles, no locks, other order of sheets, only what the reader needs."""
    unit = UNITS[11]
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": datetime(2026, 1, 1)})
    answers, units, meta = (book.add_worksheet(name) for name in ("自评表", "单位信息", "_meta"))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, column in enumerate(COLUMNS):
        answers.write(1, at, column.title)
    chosen = SCHEME.indicators_for(category=unit.category, tags=unit.tags)
    filled_in = good_answers(unit)
    row = 2
    for _, members in by_dimension(SCHEME, chosen):
        for indicator in members:
            texts = {
                "indicator": indicator.id,
                "place": indicator.place.label,
                "question": indicator.question,
            }
            for at, column in enumerate(COLUMNS):
                value = (texts | filled_in[indicator.id]).get(column.key)
                if isinstance(value, date):
                    answers.write_datetime(row, at, datetime(value.year, value.month, value.day), day)
                elif value is not None:
                    answers.write(row, at, value)
            row += 1
    values = {
        "unit": unit.code,
        "name": unit.name,
        "cycle": 2026,
        "scheme": SCHEME.id,
        "version": SCHEME.version,
    }
    for row, (key, label) in enumerate(UNIT_FIELDS):
        units.write(row, 0, label)
        units.write(row, 1, values.get(key, ""))
    for row, key in enumerate(("scheme", "version", "cycle", "unit")):
        meta.write_row(row, 0, [key, str(values[key])])
    meta.very_hidden()
    book.close()
    return stream.getvalue()


def marked_and_mended() -> bytes:
    """A refused workbook that came back marked, was mended there, and is handed in again."""
    bad = filled(ORGANS[6], {"T19-01": {"value": "大概有"}})
    raw, _ = read_workbook(bad)
    units = {unit.code: unit for unit in UNITS}
    _, _, problems = check_workbook(raw, scheme=SCHEME, cycle=CYCLE, units=units)
    marked = mark_workbook(bad, problems)
    return edited(setting(problems[0].cell, "是"), marked)


# --- LibreOffice


def by_libreoffice(flavour: str, unit: Unit, *, password: str = "") -> bytes:
    return _through_libreoffice(filled(unit), {}, flavour=flavour, password=password)


def _through_libreoffice(
    content: bytes, cells: Mapping[str, str], *, flavour=libreoffice.XLSX, password=""
) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "source.xlsx", Path(folder) / "out"
        source.write_bytes(content)
        libreoffice.type_in(source, cells, out, flavour=flavour, password=password)
        return out.read_bytes()


def typed_answers(unit: Unit, content: bytes) -> dict[str, str]:
    """What a person types at the keyboard, by cell."""
    rows = {cell.value: cell.row for cell in openpyxl.load_workbook(io.BytesIO(content))["自评表"]["A"]}
    letters = {column.key: column.letter for column in COLUMNS}
    typed = {}
    for key, cells in good_answers(unit).items():
        for column, value in cells.items():
            if isinstance(value, date):
                value = value.isoformat()
            elif isinstance(value, float):
                value = f"{value:.0%}"
            typed[f"{letters[column]}{rows[key]}"] = str(value)
    return typed


def filled_in_libreoffice() -> bytes:
    empty = template(UNITS[14])
    return _through_libreoffice(empty, typed_answers(UNITS[14], empty))


def formula_error() -> bytes:
    content = filled()
    return _through_libreoffice(content, {cell_of(content, "T19-09", "E"): "=1/0"})


def formula_with_value() -> bytes:
    content = filled(ORGANS[7])
    return _through_libreoffice(content, {cell_of(content, "T19-09", "E"): "=1+3"})


# --- bad ones


def scheme_with(**changes: object) -> Scheme:
    return SCHEME.model_copy(update=changes)


def of_scheme(scheme: Scheme, *, cycle: int = 2026) -> bytes:
    return fill_workbook(template(BUREAU, scheme=scheme, cycle=cycle), good_answers(BUREAU))


def another_units_identity(book: openpyxl.Workbook) -> None:
    book["单位信息"]["B3"].value = UNITS[1].code
    book["单位信息"]["B4"].value = UNITS[1].name


def not_registered() -> bytes:
    body = "11230100DM9999999"
    stranger = Unit(
        body + calc_check_digit(body), "示例外地单位", BUREAU.region, BUREAU.category, BUREAU.tags
    )
    return fill_workbook(template(stranger), good_answers(stranger))


def bad_check_digit() -> bytes:
    wrong = BUREAU.code[:-1] + ("0" if BUREAU.code[-1] != "0" else "1")
    mistyped = Unit(wrong, BUREAU.name, BUREAU.region, BUREAU.category, BUREAU.tags)
    return fill_workbook(template(mistyped), good_answers(mistyped))


def of_other_category() -> bytes:
    """The workbook of a unit whose tag was taken away since: it asks for more than the unit owes."""
    tagged = Unit(UNITS[2].code, UNITS[2].name, UNITS[2].region, UNITS[2].category, (*UNITS[2].tags, "media"))
    return fill_workbook(template(tagged), good_answers(tagged))


def duplicated(book: openpyxl.Workbook) -> None:
    sheet = book["自评表"]
    last = sheet.max_row + 1
    for cell in list(sheet[row_of(book, "T19-01")]):
        sheet.cell(row=last, column=cell.column).value = cell.value


def sorted_in_part(book: openpyxl.Workbook) -> None:
    """Two questions swapped without their answers, as a sort over some columns does."""
    sheet = book["自评表"]
    first, second = row_of(book, "T19-01"), row_of(book, "T19-03")
    for letter in "BCD":
        a, b = sheet[f"{letter}{first}"], sheet[f"{letter}{second}"]
        a.value, b.value = b.value, a.value


def without_column(book: openpyxl.Workbook) -> None:
    book["自评表"]["H4"].value = None


def personal_data() -> bytes:
    # An identity number with a right check digit that nobody has: such numbers did not exist in 1901.
    return bureau(T19_01={"evidence": "身份证11010119000101001" + "4"}, T19_03={"note": "电话1" + "3" * 10})


def many_faults() -> bytes:
    content = filled(BUREAU, {
        "T19-01": {"value": "大概有"}, "T19-03": {"evidence": " "}, "T19-09": {"value": -1},
        "T24-01": {"value": "2025年4月15日"}, "T28-01": {"numerator": 9},
    })  # fmt: skip
    return edited(setting("L4", "联系人"), content)


def damaged() -> bytes:
    content = filled()
    return content[: len(content) * 2 // 3]


def with_macros() -> bytes:
    parts = read_package(filled())
    parts["xl/vbaProject.bin"] = pack("xl/vbaProject.bin", b"not a real macro")
    return write_package(parts.values())


def renamed_sheet(book: openpyxl.Workbook) -> None:
    book["自评表"].title = "2026自评（定稿）"


def with_notes_sheet(book: openpyxl.Workbook) -> None:
    book.create_sheet("草稿")["A1"].value = "底稿，不提交"


def without_meta(book: openpyxl.Workbook) -> None:
    del book["_meta"]


def without_identity(book: openpyxl.Workbook) -> None:
    del book["_meta"]
    del book["单位信息"]


def without_answers(book: openpyxl.Workbook) -> None:
    del book["自评表"]


def merged(cells: str) -> Edit:
    return lambda book: book["自评表"].merge_cells(cells)


def with_row_deleted(book: openpyxl.Workbook) -> None:
    book["自评表"].delete_rows(row_of(book, "T19-05"))


def at_row(indicator: str, letter: str, value: object) -> bytes:
    return edited(lambda book: setting(f"{letter}{row_of(book, indicator)}", value)(book))


def batch_zip() -> bytes:
    members = {
        "哈尔滨市/自评表一.xlsx": filled(UNITS[17]),
        "哈尔滨市/自评表二.xlsx": filled(UNITS[18]),
        "退回的.xlsx": filled(ORGANS[8], {"T24-01": {"value": "四月"}}),
        "__MACOSX/._自评表一.xlsx": b"not a workbook",
        "~$自评表二.xlsx": b"lock",
    }
    return write_package(pack(name, data) for name, data in members.items())


MAKERS: dict[str, Callable[[], bytes]] = {
    # accepted
    "clean.xlsx": lambda: filled(),
    "resaved-by-libreoffice.xlsx": lambda: by_libreoffice(libreoffice.XLSX, UNITS[8]),
    "resaved-by-libreoffice-ooxml.xlsx": lambda: by_libreoffice(libreoffice.OOXML, UNITS[9]),
    "filled-in-libreoffice.xlsx": filled_in_libreoffice,
    "formula-with-value.xlsx": formula_with_value,
    "written-by-xlsxwriter.xlsx": written_by_xlsxwriter,
    "saved-by-openpyxl.xlsx": lambda: edited(lambda book: None, filled(UNITS[12])),
    "as-people-type.xlsx": as_people_type,
    "rows-sorted.xlsx": rows_sorted,
    "rows-inserted-and-hidden.xlsx": rows_inserted_and_hidden,
    "sheet-renamed.xlsx": lambda: edited(renamed_sheet),
    "dates-from-1904.xlsx": dates_from_1904,
    "not-applicable-with-reason.xlsx": lambda: bureau(
        T19_08={"numerator": 0, "denominator": 0, "na_reason": "本年度没有招录重点岗位人员", "evidence": None}
    ),
    "marked-and-mended.xlsx": marked_and_mended,
    # accepted with warnings
    "words-for-zero.xlsx": lambda: bureau(T19_09={"value": "无", "evidence": None}),
    "percentage-of-one.xlsx": lambda: bureau(T19_10="1"),
    "date-without-year.xlsx": lambda: bureau(T24_01="4月15日"),
    "date-outside-week.xlsx": lambda: bureau(T24_01=date(2026, 4, 21)),
    "extra-sheet.xlsx": lambda: edited(with_notes_sheet),
    "hidden-sheet-removed.xlsx": lambda: edited(without_meta),
    # refused: the file
    "empty.xlsx": lambda: b"",
    "csv-renamed.xlsx": lambda: "指标编号,填报值\nT19-01,是\n".encode("gbk"),
    "pdf-renamed.xlsx": lambda: b"%PDF-1.7\n%%EOF\n",
    "xls-renamed.xlsx": lambda: by_libreoffice(libreoffice.XLS, BUREAU),
    "ods-renamed.xlsx": lambda: by_libreoffice(libreoffice.ODS, BUREAU),
    "encrypted.xlsx": lambda: by_libreoffice(libreoffice.XLSX, BUREAU, password="123456"),
    "damaged.xlsx": damaged,
    "with-macros.xlsx": with_macros,
    "far-corner.xlsx": lambda: edited(setting("XFD1048576", "x")),
    # refused: whose and which
    "wrong-scheme.xlsx": lambda: of_scheme(scheme_with(id="other-2026")),
    "wrong-template-version.xlsx": lambda: of_scheme(scheme_with(version="2026.0")),
    "wrong-year.xlsx": lambda: of_scheme(scheme_with(id="heilongjiang-2025"), cycle=2025),
    "another-units-identity.xlsx": lambda: edited(another_units_identity),
    "unit-not-registered.xlsx": not_registered,
    "bad-check-digit.xlsx": bad_check_digit,
    "copied-into-a-new-file.xlsx": lambda: edited(without_identity),
    # refused: the table
    "answer-sheet-deleted.xlsx": lambda: edited(without_answers),
    "missing-column.xlsx": lambda: edited(without_column),
    "extra-column.xlsx": lambda: edited(setting("K4", "联系人")),
    "content-outside-columns.xlsx": lambda: edited(setting("M9", "备注：见附件")),
    "missing-indicator.xlsx": lambda: edited(with_row_deleted),
    "duplicate-indicator.xlsx": lambda: edited(duplicated),
    "unknown-indicator.xlsx": lambda: edited(setting("A40", "T99-01")),
    "indicator-not-applicable.xlsx": of_other_category,
    "answer-without-indicator.xlsx": lambda: edited(setting("E60", "是")),
    "question-moved.xlsx": lambda: edited(sorted_in_part),
    "merged-answer-cells.xlsx": lambda: edited(merged("E6:E8")),
    # refused: the answers
    "not-filled-in.xlsx": lambda: template(BUREAU),
    "blank-answer.xlsx": lambda: bureau(T19_01=" "),
    "not-yes-or-no.xlsx": lambda: bureau(T19_01="大概有"),
    "unknown-level.xlsx": lambda: bureau(T19_02="基本参加"),
    "none-for-a-level.xlsx": lambda: bureau(T19_02="无"),
    "negative-number.xlsx": lambda: bureau(T19_09=-3),
    "not-a-number.xlsx": lambda: bureau(T19_09="若干次"),
    "not-whole-number.xlsx": lambda: bureau(T19_09=2.5),
    "number-too-large.xlsx": lambda: bureau(T19_09=999_999_999),
    "percentage-above-100.xlsx": lambda: bureau(T19_10="120%"),
    "numerator-above-denominator.xlsx": lambda: bureau(T19_08={"numerator": 9, "denominator": 8}),
    "zero-denominator.xlsx": lambda: bureau(T19_08={"numerator": 3, "denominator": 0}),
    "value-in-wrong-column.xlsx": lambda: at_row("T19-08", "E", "87.5%"),
    "not-applicable-without-reason.xlsx": lambda: bureau(T19_08={"numerator": 0, "denominator": 0}),
    "not-applicable-not-allowed.xlsx": lambda: bureau(T19_01={"value": "不适用", "na_reason": "规模小"}),
    "not-a-date.xlsx": lambda: bureau(T24_01="四月中旬"),
    "date-outside-year.xlsx": lambda: bureau(T24_01=date(2025, 4, 15)),
    "evidence-missing.xlsx": lambda: bureau(T19_01={"evidence": "无"}),
    "formula-error.xlsx": formula_error,
    "formula-without-value.xlsx": lambda: at_row("T19-09", "E", "=1+3"),
    "personal-data.xlsx": personal_data,
    "many-faults.xlsx": many_faults,
    # several at once
    "by-region/齐齐哈尔市/自评表.xlsx": lambda: filled(UNITS[20]),
    "by-region/牡丹江市/自评表.xlsx": lambda: filled(UNITS[21]),
    "batch.zip": batch_zip,
}


def main(names: list[str]) -> None:
    for name in names or MAKERS:
        content = MAKERS[name]()
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"{len(content):>8}  {name}")


def members(path: Path) -> dict[str, bytes]:
    """The workbooks in a test zip as intake shows them, for the table of expectations."""
    with zipfile.ZipFile(path) as archive:
        names = [n for n in archive.namelist() if not re.match(r"(__MACOSX/|.*~\$)", n)]
        return {f"{path.name}/{name}": archive.read(name) for name in names}


if __name__ == "__main__":
    main(sys.argv[1:])
