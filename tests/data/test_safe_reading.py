"""Files are examined in the sandbox: same verdicts in the same order, and what had to be stopped is a file's problem."""

from __future__ import annotations

import io
from datetime import datetime
from importlib.util import find_spec

import openpyxl
import pytest

from data import safe_reading
from data.examine import examine_file
from data.guards import MAX_FILE_BYTES
from data.layout import PROBLEM_SHEET
from data.problems import MOST_PROBLEMS, make_problem
from data.regions import load_regions
from data.register import build_register_template
from data.safe_reading import examine_files, mark_workbook_safely, read_register_safely
from data.sandbox import get_sandbox
from data.unpack import TurnedAway
from tests.data.misbehaving import loaded_modules
from tests.data.small import CYCLE, SCHEME, UNIT, UNITS, edited, filled
from tests.data.test_guards import GOOD, OLE, with_parts

AT = datetime(2026, 10, 1, 9)
CONTEXT = {"scheme": SCHEME, "cycle": CYCLE, "units": UNITS, "expected_unit": None}


def examine(*files):
    return list(examine_files([(file, AT) for file in files], **CONTEXT))


def codes(examined) -> list[str]:
    return [problem.code for problem in examined.problems]


def memory_bomb() -> bytes:
    """A long text that 150,000 cells share: 7 MB of XML, 150 GB of cells."""
    text = b"x" * 1_000_000
    strings = GOOD["xl/sharedStrings.xml"].replace(b"</sst>", b"<si><t>" + text + b"</t></si></sst>")
    last = strings.count(b"<si>") - 1
    rows = (b"<row>" + b'<c t="s"><v>%d</v></c>' % last * 100 + b"</row>") * 1500
    sheet = b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"
    noise = bytes(n * n % 251 for n in range(200_000))  # so that the ratio alone does not give it away
    return with_parts(
        **{"xl/sharedStrings.xml": strings, "xl/worksheets/sheet3.xml": sheet, "xl/media/noise.bin": noise}
    )


def test_the_verdict_is_the_same_as_in_this_process():
    for content in (filled(), filled({"T19-01": {"value": "大概有"}}), b"", b"%PDF", filled()[:5000]):
        [examined] = examine(("自评表.xlsx", content))
        alone = examine_file("自评表.xlsx", content, received_at=AT, **CONTEXT)
        assert (examined.unit, examined.sha256, examined.problems) == (
            alone.unit,
            alone.sha256,
            alone.problems,
        )
        assert examined.content == content
        assert examined.answers == (() if alone.is_refused else alone.answers)


def test_the_order_is_kept_among_files_that_never_go_to_a_worker():
    away = TurnedAway("包.zip/里面.zip", make_problem("archive-in-archive"))
    files = [
        ("甲.xlsx", filled()),
        away,
        ("大.xlsx", b"x" * (MAX_FILE_BYTES + 1)),
        ("乙.xls", OLE),
        ("丙.et", OLE),
    ]
    examined = examine(*files)
    assert [e.filename for e in examined] == ["甲.xlsx", "包.zip/里面.zip", "大.xlsx", "乙.xls", "丙.et"]
    assert [codes(e) for e in examined] == [
        [], ["archive-in-archive"], ["file-too-large"], ["old-xls"], ["et-workbook"],
    ]  # fmt: skip
    assert examined[1].sha256 == ""


def test_names_are_cleaned_before_they_are_kept():
    [examined] = examine(("自评表\u202e\x1b[2J.xlsx", b""))
    assert examined.filename == "自评表__[2J.xlsx"


@pytest.mark.skipif(not find_spec("resource"), reason="this system has no limits of memory")
def test_a_file_that_fills_the_memory_is_a_problem_of_the_file(caplog, monkeypatch):
    monkeypatch.setattr(safe_reading, "BYTES_PER_TASK", MAX_FILE_BYTES)  # all share a task
    good, bomb, bad = examine(
        ("好.xlsx", filled()), ("炸弹.xlsx", memory_bomb()), ("坏.xlsx", filled()[:5000])
    )
    assert codes(bomb) == ["reading-memory"]
    assert "不像一份自评表" in bomb.problems[0].message
    assert (codes(good), codes(bad)) == ([], ["damaged-workbook"])
    assert [bomb.sha256 in caplog.text, good.sha256 in caplog.text] == [True, False]


@pytest.mark.parametrize("n_files", [1, 3, 4, 5, 9])
def test_files_that_share_a_task_are_told_apart(n_files):
    files = [(f"{n}.xlsx", filled() if n % 2 else b"%PDF" * n) for n in range(n_files)]
    examined = examine(*files)
    assert [(e.filename, e.content) for e in examined] == files
    assert [codes(e)[:1] for e in examined] == [
        [] if n % 2 else ["not-a-workbook" if n else "empty-file"] for n in range(n_files)
    ]


def test_problems_without_end_are_cut_off_and_counted():
    def edit(book):
        for number in range(2 * MOST_PROBLEMS):
            book["自评表"].cell(row=30 + number, column=5).value = "是"

    [examined] = examine(("自评表.xlsx", edited(edit)))
    assert len(examined.problems) == MOST_PROBLEMS + 1
    assert examined.problems[-1].code == "too-many-problems"
    assert f"{MOST_PROBLEMS}" in examined.problems[-1].message


def test_what_a_hidden_sheet_says_is_not_repeated_at_length():
    def edit(book):
        for row in book["_meta"].iter_rows():
            if row[0].value in ("scheme", "unit"):
                row[1].value = "很长" * 10_000

    [examined] = examine(("自评表.xlsx", edited(edit)))
    assert examined.is_refused
    assert len(examined.unit) <= 100 and len(examined.template_version) <= 250
    assert all(len(problem.message) < 400 for problem in examined.problems)


def test_a_register_is_read_in_a_worker():
    regions = load_regions()
    content = build_register_template(SCHEME, regions, units=[UNIT])
    assert read_register_safely(content, scheme=SCHEME, regions=regions) == ([UNIT], [])
    [problem] = read_register_safely(OLE, scheme=SCHEME, regions=regions, filename="名册.et")[1]
    assert problem.code == "et-workbook"
    [problem] = read_register_safely(b"x" * (MAX_FILE_BYTES + 1), scheme=SCHEME, regions=regions)[1]
    assert problem.code == "file-too-large"


def test_a_refused_workbook_is_marked_in_a_worker():
    content = filled({"T19-01": {"value": "大概有"}})
    [examined] = examine(("自评表.xlsx", content))
    for given, sheets in ((content, 5), (b"", 1), (memory_bomb(), 1)):
        book = openpyxl.load_workbook(io.BytesIO(mark_workbook_safely(given, examined.problems)))
        assert book.sheetnames[0] == PROBLEM_SHEET
        assert len(book.sheetnames) == sheets


def test_the_workers_know_neither_the_store_nor_the_screens():
    examine(("自评表.xlsx", filled()))
    assert not get_sandbox().call(loaded_modules) & {"pandas", "duckdb", "streamlit"}
