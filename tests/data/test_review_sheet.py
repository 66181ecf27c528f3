"""Rulings by the table: what it holds, every fault of a filled one at its cell, and that all or nothing is recorded."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import openpyxl
import pandas as pd
import pytest

from data import queries
from data.course.bulk_review import take_in_rulings
from data.course.recording import add_review
from data.course.stages import close_stage
from data.list_template import HEADER_ROW
from data.mark import mark_workbook
from data.model import Actor, Review, Scope
from data.regions import is_within, prefecture_of, regions_by_code
from data.review_sheet import COLUMNS, REVIEW_SHEET, build_review_sheet, read_review_sheet
from data.store import Store
from tests import libreoffice

CYCLE, PROVINCE = 2026, "230000"
AT = {column.key: n for n, column in enumerate(COLUMNS, start=1)}
LETTER = {key: openpyxl.utils.get_column_letter(n) for key, n in AT.items()}
FIRST = HEADER_ROW + 1


@pytest.fixture
def store(demo_copy):
    opened = Store.open(demo_copy)
    yield opened
    opened.close()


@pytest.fixture
def county(store):
    """The evaluator of a county whose unit claims a 不适用 that waits; else of one with anything waiting."""
    pending = queries.review_sheet(store, cycle=CYCLE, only_na=True)
    units = store.units(cycle=CYCLE)
    at = next(
        units[code].region
        for code in pending["unit"]
        if regions_by_code()[units[code].region].level in ("county", "zone")
    )
    return store.seen_by(Scope(at), actor=Actor(f"post-{at}", "county"))


def sheet_of(who, **filters) -> tuple[bytes, pd.DataFrame]:
    """The table as this evaluator downloads it, and the rows it was made from."""
    frame = queries.review_sheet(who, cycle=CYCLE, **filters)
    return build_review_sheet(frame, scheme=who.scheme(CYCLE), cycle=CYCLE), frame


def fill(content: bytes, rows: dict[int, dict[str, object]]) -> bytes:
    """The table with these cells typed: place of the row (from 0) → column → value."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for at, cells in rows.items():
        for key, value in cells.items():
            book[REVIEW_SHEET].cell(row=FIRST + at, column=AT[key]).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def send(who, content: bytes):
    return take_in_rulings(who, cycle=CYCLE, content=content, filename="核定表.xlsx")


def rulings(store) -> list[tuple]:
    return store.rows(
        "select unit, indicator, stage, act, state, reason, choice, number, account from review order by seq"
    )


def row_where(frame: pd.DataFrame, **wanted) -> int:
    """The place of the first row with these values."""
    hit = pd.Series(True, index=frame.index)
    for key, value in wanted.items():
        hit &= frame[key] == value
    return int(frame.index[hit][0])


def of_type(who, frame: pd.DataFrame, type: str, **wanted) -> int:
    types = {i.id: i.type for i in who.scheme(CYCLE).indicators}
    return row_where(frame.assign(type=frame["indicator"].map(types)), type=type, state="answered", **wanted)


# ---- the table


def test_the_table_holds_what_waits_for_the_own_stage_and_nothing_else(store):
    """Against going through every value: not ruled at this stage or above, in the own region, not sent back."""
    store.refresh(CYCLE)
    rank = {None: 0, "county": 1, "prefecture": 2, "province": 3}
    units = store.units(cycle=CYCLE)
    values = store.rows("select unit, indicator, stage, state from shown_counted_value where cycle = 2026")
    places = {PROVINCE: 3}
    for unit in units.values():
        places[prefecture_of(unit.region)] = places.get(prefecture_of(unit.region)) or 2
        places.setdefault(unit.region, 1)
    places[PROVINCE] = 3
    for region, step in list(places.items())[:12]:
        naive = {
            (unit, indicator)
            for unit, indicator, stage, state in values
            if is_within(units[unit].region, region)
            and rank[stage] < step
            and not (state == "na" and stage is None)
        }
        frame = queries.review_sheet(store.seen_by(Scope(region)), cycle=CYCLE)
        assert set(zip(frame["unit"], frame["indicator"], strict=True)) == naive
        assert frame.empty or frame["found"].iloc[0] == len(naive)


def test_more_than_fits_is_cut_and_said(store):
    frame = queries.review_sheet(store, cycle=CYCLE, most=10)
    assert len(frame) == 10
    assert frame["found"].iloc[0] == queries.review_sheet(store, cycle=CYCLE)["found"].iloc[0] > 10


def test_only_what_is_to_be_filled_is_unlocked_and_the_key_is_hidden(county):
    book = openpyxl.load_workbook(io.BytesIO(sheet_of(county)[0]))
    sheet = book[REVIEW_SHEET]
    assert sheet.protection.sheet
    unlocked = {key for key, n in AT.items() if not sheet.cell(row=FIRST, column=n).protection.locked}
    assert unlocked == {"opinion", "value", "reason"}
    assert sheet.column_dimensions[LETTER["seen"]].hidden
    (opinions,) = (v for v in sheet.data_validations.dataValidation if v.type == "list")
    assert str(opinions.sqref).startswith(f"{LETTER['opinion']}{FIRST}:")


def test_a_table_that_nobody_filled_says_so(county):
    content, _ = sheet_of(county)
    assert [p.code for p in send(county, content).problems] == ["review-sheet-empty"]


# ---- what is recorded


def test_every_opinion_is_recorded_with_its_value_and_reason(store, county):
    content, frame = sheet_of(county)
    yes, level = of_type(county, frame, "yes_no"), of_type(county, frame, "level")
    pending = row_where(frame, state="pending")
    steps = store.scheme(CYCLE).by_id[frame["indicator"][level]].choices
    lowest = min(steps, key=steps.get)
    before = rulings(store)
    own = "select choice from answer where submission = $submission and indicator = $indicator"
    claimed = store.rows(own, submission=int(frame["submission"][yes]), indicator=frame["indicator"][yes])[0][
        0
    ]
    outcome = send(
        county,
        fill(
            content,
            {
                yes: {"opinion": "属实"},
                level: {"opinion": "调整", "value": lowest, "reason": "台账不全"},
                pending: {"opinion": "同意不适用"},
            },
        ),
    )
    assert outcome.problems == ()
    assert outcome.recorded == {"confirm": 1, "change": 1, "accept_na": 1}
    account = county.actor.account
    added = [tuple(None if v != v else v for v in row) for row in rulings(store)[len(before) :]]
    expected = {
        (
            frame["unit"][yes],
            frame["indicator"][yes],
            "county",
            "confirm",
            "answered",
            "",
            claimed,
        ),
        (frame["unit"][level], frame["indicator"][level], "county", "change", "answered", "台账不全", lowest),
        (frame["unit"][pending], frame["indicator"][pending], "county", "accept_na", "na", "", None),
    }
    assert {row[:7] for row in added} == expected
    assert {row[8] for row in added} == {account}
    left = queries.review_sheet(county, cycle=CYCLE)
    assert len(left) == len(frame) - 3


def test_a_refused_claim_needs_a_value_and_a_reason(store, county):
    content, frame = sheet_of(county, only_na=True)
    bare = send(county, fill(content, {0: {"opinion": "不同意不适用"}}))
    assert {p.code for p in bare.problems} == {"ruling-value-missing", "ruling-reason-missing"}
    indicator = store.scheme(CYCLE).by_id[frame["indicator"][0]]
    value = min(indicator.choices, key=indicator.choices.get) if indicator.choices else "0"
    value = "0/1" if indicator.type == "ratio" and indicator.input == "fraction" else value
    told = send(
        county, fill(content, {0: {"opinion": "不同意不适用", "value": value, "reason": "有此项职责"}})
    )
    assert told.recorded == {"refuse_na": 1}


def test_what_is_confirmed_takes_over_the_value_of_the_stage_below(store, county):
    content, frame = sheet_of(county)
    yes = of_type(county, frame, "yes_no")
    send(county, fill(content, {yes: {"opinion": "调整", "value": "否", "reason": "没有材料"}}))
    above = store.seen_by(Scope(prefecture_of(county.scope.region)), actor=Actor("post-city", "prefecture"))
    content, waiting = sheet_of(above, unit=frame["unit"][yes])
    at = row_where(waiting, indicator=frame["indicator"][yes])
    assert (waiting["choice"][at], waiting["below_reason"][at]) == ("否", "没有材料")
    assert send(above, fill(content, {at: {"opinion": "属实"}})).recorded == {"confirm": 1}
    assert rulings(store)[-1][:7] == (
        frame["unit"][yes], frame["indicator"][yes], "prefecture", "confirm", "answered", "", "否",
    )  # fmt: skip


# ---- faults, at their cells, and then nothing is recorded


def faults(who, filled: dict) -> dict[str, str]:
    """Cell → code of what is wrong with a table filled so; nothing may have been recorded."""
    content, _ = sheet_of(who)
    before = rulings(who)
    outcome = send(who, fill(content, filled))
    assert outcome.is_refused
    assert rulings(who) == before
    return {problem.cell: problem.code for problem in outcome.problems}


def test_every_fault_is_told_at_its_cell_and_nothing_is_recorded(county):
    _, frame = sheet_of(county)
    yes, level, count = (of_type(county, frame, t) for t in ("yes_no", "level", "count"))
    pending = row_where(frame, state="pending")
    others = [n for n in frame.index if n not in (yes, level, count, pending)][:5]
    found = faults(
        county,
        {
            yes: {"opinion": "大概属实"},
            level: {"opinion": "调整", "value": "还可以", "reason": "台账不全"},
            count: {"opinion": "调整", "value": "三次半", "reason": "核实"},
            pending: {"opinion": "属实"},
            others[0]: {"value": "是"},
            others[1]: {"opinion": "属实", "value": "是"},
            others[2]: {"opinion": "调整"},
            others[3]: {"opinion": "属实", "reason": "电话 13845678901"},
            others[4]: {"opinion": "属实"},
        },
    )

    def cell(key: str, at: int) -> str:
        return f"{LETTER[key]}{FIRST + at}"

    assert found == {
        cell("opinion", yes): "unknown-opinion",
        cell("value", level): "ruling-value-wrong",
        cell("value", count): "ruling-value-wrong",
        cell("opinion", pending): "ruling-not-fitting",
        cell("opinion", others[0]): "opinion-missing",
        cell("value", others[1]): "ruling-value-unneeded",
        cell("value", others[2]): "ruling-value-missing",
        cell("reason", others[2]): "ruling-reason-missing",
        cell("reason", others[3]): "personal-data-found",
    }


def test_a_claim_opinion_on_an_answer_does_not_fit(county):
    _, frame = sheet_of(county)
    yes = of_type(county, frame, "yes_no")
    assert faults(county, {yes: {"opinion": "同意不适用"}}) == {
        f"{LETTER['opinion']}{FIRST + yes}": "ruling-not-fitting"
    }


def test_a_row_whose_given_cells_were_changed_is_refused(county):
    _, frame = sheet_of(county)
    seen = f"{CYCLE}.{frame['submission'][2]}.{frame['seq'][2]}"
    found = faults(
        county,
        {
            0: {"opinion": "属实", "unit": "11230000DM0001227Y"},
            1: {"opinion": "属实", "indicator": "T99-99"},
            2: {"opinion": "属实", "seen": "改过"},
            3: {"opinion": "属实", "seen": f"2025.{seen.split('.', 1)[1]}"},
            4: {"opinion": "属实", "unit": frame["unit"][5], "indicator": frame["indicator"][5]},
            5: {"opinion": "属实"},
        },
    )
    codes = [
        found.get(f"{LETTER[key]}{FIRST + n}")
        for n, key in ((0, "unit"), (1, "indicator"), (2, "unit"), (3, "unit"), (5, "indicator"))
    ]
    assert codes == [
        "ruling-unknown-unit",
        "unknown-indicator",
        "ruling-row-broken",
        "review-sheet-other-year",
        "ruling-duplicate",
    ]


def test_what_another_ruled_since_is_told_and_not_overwritten(store, county):
    content, frame = sheet_of(county)
    yes = of_type(county, frame, "yes_no")
    with store.write(Actor("post-other", "county")) as transaction:
        other = Review(
            frame["unit"][yes],
            frame["indicator"][yes],
            "county",
            "answered",
            "无制度文本",
            "否",
            act="change",
        )
        add_review(transaction, cycle=CYCLE, submission=int(frame["submission"][yes]), review=other)
    before = rulings(store)
    outcome = send(county, fill(content, {yes: {"opinion": "属实"}}))
    (problem,) = outcome.problems
    assert (problem.code, problem.cell) == ("ruling-overtaken", f"{LETTER['opinion']}{FIRST + yes}")
    assert "否（无制度文本）" in problem.message
    assert "县级初审" in problem.message
    assert "post-other" not in problem.message
    assert rulings(store) == before


def test_the_same_table_sent_twice_is_recorded_once_also_at_the_same_time(store, county):
    content, frame = sheet_of(county)
    filled = fill(content, {n: {"opinion": "属实"} for n in frame.index if frame["state"][n] == "answered"})
    before = len(rulings(store))
    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda _: send(county, filled), range(3)))
    assert sorted(o.is_refused for o in outcomes) == [False, True, True]
    assert len(rulings(store)) == before + int((frame["state"] == "answered").sum())


def test_a_higher_stages_ruling_a_closed_stage_and_a_sheet_sent_back_are_told(store, county):
    content, frame = sheet_of(county)
    yes = of_type(county, frame, "yes_no")
    filled = fill(content, {yes: {"opinion": "属实"}})
    unit, submission = frame["unit"][yes], int(frame["submission"][yes])
    with store.write(Actor("post-city", "prefecture")) as transaction:
        higher = Review(unit, frame["indicator"][yes], "prefecture", "answered", "", frame["answer"][yes])
        add_review(transaction, cycle=CYCLE, submission=submission, review=higher)
    assert [p.code for p in send(county, filled).problems] == ["ruling-by-higher"]
    with store.write(Actor("post-city", "prefecture")) as transaction:
        seq = transaction.record("return", cycle=CYCLE, detail=unit)
        event = {"seq": seq, "cycle": CYCLE, "unit": unit, "submission": submission, "stage": "prefecture"}
        event |= {"state": "returned", "message": "补材料", "account": "post-city", "role": "prefecture"}
        transaction.add("return_event", event | {"recorded_at": transaction.at})
    assert [p.code for p in send(county, filled).problems] == ["ruling-returned"]
    close_stage(store, cycle=CYCLE, region=county.scope.region, stage="county")
    assert [p.code for p in send(county, filled).problems] == ["ruling-stage-closed"]
    assert queries.review_sheet(county, cycle=CYCLE).empty


def test_nobody_rules_beyond_the_own_region(store, county):
    whole, frame = sheet_of(store)
    at = int(frame.index[~frame["unit"].isin(county.units(cycle=CYCLE))][0])
    outcome = send(county, fill(whole, {at: {"opinion": "属实"}}))
    assert [p.code for p in outcome.problems] == ["ruling-unknown-unit"]


def test_a_file_that_is_no_table_is_said_to_be_none(county):
    assert [p.code for p in send(county, b"nothing").problems] == ["not-a-workbook"]
    book = openpyxl.Workbook()
    stream = io.BytesIO()
    book.save(stream)
    assert [p.code for p in send(county, stream.getvalue()).problems][-1] == "review-sheet-missing"


def test_the_marked_copy_once_mended_is_taken_in(county):
    content, frame = sheet_of(county)
    yes = of_type(county, frame, "yes_no")
    refused = send(county, fill(content, {yes: {"opinion": "大概属实"}}))
    marked = mark_workbook(fill(content, {yes: {"opinion": "大概属实"}}), refused.problems)
    assert openpyxl.load_workbook(io.BytesIO(marked))[REVIEW_SHEET][
        f"{LETTER['opinion']}{FIRST + yes}"
    ].comment
    assert send(county, fill(marked, {yes: {"opinion": "属实"}})).recorded == {"confirm": 1}


@pytest.mark.parametrize(
    ("type", "typed", "expected"),
    [
        ("yes_no", "没有", {"choice": "否"}),
        ("count", "12 次", {"number": 12.0}),
        ("ratio", "3/4", {"numerator": 3.0, "denominator": 4.0}),
        ("ratio", "4/3", None),
        ("ratio", "0/0", None),
        ("date", "2026年4月16日", {"on_date": date(2026, 4, 16)}),
        ("date", "2025-04-16", None),
        ("date", "未开展", {"choice": "未开展"}),
        ("yes_no", "不适用", None),
    ],
)
def test_values_are_read_as_people_type_them(store, type, typed, expected):
    scheme = store.scheme(CYCLE)
    indicator = next(
        i for i in scheme.indicators if i.type == type and (type != "ratio" or i.input == "fraction")
    )
    frame = queries.review_sheet(store, cycle=CYCLE, most=1).assign(indicator=indicator.id)
    content = build_review_sheet(frame, scheme=scheme, cycle=CYCLE)
    filled = fill(content, {0: {"opinion": "调整", "value": typed, "reason": "核实"}})
    read, problems = read_review_sheet(filled, scheme=scheme, cycle=CYCLE)
    if expected is None:
        assert [p.code for p in problems] == ["ruling-value-wrong"]
    else:
        told = {key: value for key, value in vars(read[0].value).items() if value is not None}
        assert told == expected


@pytest.mark.libreoffice
@pytest.mark.skipif(libreoffice.SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_the_table_is_filled_in_an_office_program_and_taken_in(county, tmp_path):
    content, frame = sheet_of(county)
    yes, level = of_type(county, frame, "yes_no"), of_type(county, frame, "level")
    steps = county.scheme(CYCLE).by_id[frame["indicator"][level]].choices
    lowest = min(steps, key=steps.get)
    source, out = tmp_path / "核定表.xlsx", tmp_path / "填好.xlsx"
    source.write_bytes(content)
    cells = {
        f"{LETTER['opinion']}{FIRST + yes}": "属实",
        f"{LETTER['opinion']}{FIRST + level}": "调整",
        f"{LETTER['value']}{FIRST + level}": lowest,
        f"{LETTER['reason']}{FIRST + level}": "台账不全",
    }
    libreoffice.type_in(source, cells, out, sheet=REVIEW_SHEET)
    outcome = send(county, out.read_bytes())
    assert outcome.problems == ()
    assert outcome.recorded == {"confirm": 1, "change": 1}
