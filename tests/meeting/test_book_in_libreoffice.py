"""The workbook as another office program opens it: its pages, and the same numbers after it was computed and saved anew."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from meeting.book import KIND, PARTS
from meeting.material import gather
from tests import libreoffice
from tests.meeting.book_reading import plain, read_book
from tests.meeting.conftest import LIVE, NOW

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(libreoffice.SOFFICE is None, reason="LibreOffice is not installed"),
]


@pytest.fixture(scope="module")
def saved(meeting_store, tmp_path_factory) -> Path:
    """The province's whole workbook by county, its longest tables, as a file."""
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    with gather(meeting_store, cycle=LIVE, level="county", now=NOW) as material:
        path.write_bytes(KIND.build(material, parts=PARTS, home=path.parent))
    return path


def test_each_sheet_prints_one_page_wide_with_its_stamp(saved):
    pdf = libreoffice.to_pdf(saved, saved.parent)
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = text.split("\f")[:-1]
    book = read_book(saved.read_bytes())
    assert all("2026 年度 · 黑龙江省" in page and "演示数据" in page for page in pages)
    assert [int(n) for n in re.findall(r"第 (\d+) 页，共", text)] == list(range(1, len(pages) + 1))
    titles = [sheet["A1"].value for sheet in book.worksheets if sheet.title != "图表"]
    # as many sheets begin as there are, each table's header is on each of its pages, and no page is empty
    begins = [at for at, page in enumerate(pages) if page.lstrip().split("\n")[0].strip() in titles]
    charts = 0 if "图表" not in book.sheetnames else len(book["图表"].row_breaks.brk) + 1
    assert len(begins) == len(titles)
    rows = sum(sheet.max_row for sheet in book.worksheets)
    assert len(titles) + charts <= len(pages) <= len(titles) + charts + rows / 15


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # LibreOffice's own
def test_numbers_are_the_same_after_another_program_computed_them(saved):
    again = saved.with_name("again.xlsx")
    libreoffice.save_as(saved, again)
    one, other = (read_book(path.read_bytes(), is_computed=True) for path in (saved, again))
    assert one.sheetnames == other.sheetnames
    for name in one.sheetnames:
        for row in one[name].iter_rows():
            for cell in row:
                if cell.value is not None:
                    assert plain(other[name][cell.coordinate].value) == plain(cell.value), (
                        f"{name}!{cell.coordinate}"
                    )
