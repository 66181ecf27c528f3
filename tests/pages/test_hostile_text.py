"""What files bring (names of files, sheets and units, answers, evidence) reaches a screen as text, a download as text."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import openpyxl
import pytest

from data.course.reviews import send_back
from data.fill import fill_workbook
from data.intake import take_in
from data.regions import region_path
from data.store import Store
from data.template import build_template
from scoring.scheme import YES
from tests.pages.conftest import CYCLE, html_of

MARKUP = "<img src=x onerror=alert(1)>\"'<script>alert(2)</script>![图](http://example.invalid/a.png)[链](javascript:alert(3)):red[x]$x$"
FORMULA = "@SUM(A1)"
SCREENS = [
    ("overview", {}),
    ("ranking", {"level": "unit"}),
    ("gaps", {}),
    ("robustness", {}),
    ("what_if", {"list": "units", "d_foreign": "3"}),
    ("unit", {}),
    ("unit", {"unit": "HOSTILE"}),
    ("submit", {"step": "inbox"}),
    ("submit", {"step": "register"}),
    ("submit", {"step": "download", "unit": "HOSTILE"}),
    ("submit", {"step": "upload"}),
]


@pytest.fixture
def hostile_unit(demo_copy):
    """A unit whose name, file names, answers and evidence are markup; one of its files is in, one was refused."""
    store = Store.open(demo_copy)
    scheme = store.scheme(CYCLE)
    unit = replace(next(iter(store.units(cycle=CYCLE).values())), name=f"示例{MARKUP}")
    store.register_units(cycle=CYCLE, units=[unit])
    send_back(
        store, cycle=CYCLE, unit=unit.code, message="请补充"
    )  # else its reviewed workbook could not be replaced
    blank = build_template(scheme, cycle=CYCLE, unit=unit, region_path=region_path(unit.region))
    indicators = scheme.indicators_for(category=unit.category, tags=unit.tags)
    asked = next(i for i in indicators if i.type == "yes_no")
    good = store.files.read(
        store.rows(
            "select sha256 from current_submission where cycle = 2026 and unit = $unit", unit=unit.code
        )[0][0]
    )
    accepted = _with_evidence(good, asked.id)
    refused = fill_workbook(blank, {asked.id: {"value": MARKUP, "evidence": MARKUP}})
    for name, content, status in (
        (f"好{MARKUP}.xlsx", accepted, "accepted"),
        (f"坏{MARKUP}.xlsx", refused, "refused"),
    ):
        receipt = take_in(store, filename=name, content=content, cycle=CYCLE)
        assert receipt.status == status or receipt.status == "warned", receipt.problems
    store.refresh(CYCLE)
    store.close()
    return unit


def _with_evidence(content: bytes, indicator: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["自评表"]
    for row in sheet.iter_rows():
        if row[0].value == indicator:
            for cell, text in ((row[4], YES), (row[8], MARKUP), (row[9], FORMULA)):
                cell.value, cell.data_type = text, "s"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def words_in_markdown(app) -> str:
    """The text of every element but our own HTML, which is looked at apart, and lists and tables, which show text as text."""
    shown = []
    for node in app.main:
        if node.type not in ("html", "dataframe", "plotly_chart", "selectbox"):
            shown.append(str(getattr(node, "proto", "")))
    return "\n".join(shown)


@pytest.mark.parametrize(("page", "params"), SCREENS)
def test_no_screen_takes_it_for_markup(open_page, hostile_unit, page, params):
    params = {name: hostile_unit.code if value == "HOSTILE" else value for name, value in params.items()}
    app = open_page(page, cycle=CYCLE, **params)
    html = html_of(app)
    for mark in ("<img", "<script"):
        assert mark not in html
    words = words_in_markdown(app)
    for mark in ("<img", "![图](", "[链](javascript"):
        assert not re.search(
            r"(?<!\\)" + re.escape(mark), words
        )  # with a backslash before it Markdown shows it as text
    if params.get("unit") and page == "unit":
        assert "&lt;img src=x" in html


def test_a_receipt_shows_it_as_text(open_page, hostile_unit, demo_copy):
    app = open_page("submit", step="upload")
    app.file_uploader[0].upload(f"{MARKUP.replace('/', '_')}.zip", b"PK\x03\x04").run()
    app.button(key="take_in").click().run()
    assert not app.exception
    html = html_of(app)
    assert "<img" not in html and "<script" not in html
    assert "压缩包已损坏" in html
