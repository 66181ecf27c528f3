"""What a cycle's scores follow from, read from the steps of `scoring.views` into arrays."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from data.ascending import positions
from data.reading import parsed_scheme
from data.threads import beside, read_ahead, threads_of
from scoring.asked import Asked, attained
from scoring.handed_in import BLANK, Rulings
from scoring.places import NOT_GRADED
from scoring.region_scores import LEVELS, Regions
from scoring.unit_scores import Registered
from scoring.views import load_read

NO_SUBMISSION = -(2**63)
ROWS_AT_ONCE = 500_000  # are read of answers and rulings …
LOOK_AHEAD = "256MB"  # … which threads find meanwhile

SCHEME = """
select source, scheme_id || ' ' || version from cycle join scheme using (scheme_id, version) where cycle = $cycle
"""
WINDOWS = "select indicator, first_day, last_day from current_window where cycle = $cycle"
REGIONS = "select region, level from region"
MEMBERS = "select ancestor, region from region_member"
REGION_GRADES = "select code, grade from current_grade where cycle = $cycle and subject = 'region'"


@dataclass(frozen=True, eq=False)
class Standing:
    """A cycle's register as it stands; `units`: the code of each entry of `registered`; `judged_by`: the scheme and the days that
    count."""

    asked: Asked
    judged_by: Hashable
    units: pa.StringArray
    categories: tuple[str, ...]
    registered: Registered
    regions: Regions
    is_asked: np.ndarray  # by profile and indicator
    submissions: np.ndarray  # of the rows of workbooks, ascending


def read_standing(cursor: duckdb.DuckDBPyConnection, *, cycle: int) -> Standing:
    """From the steps, which were run on the cursor."""
    of_cycle = {"cycle": cycle}
    source, name = cursor.execute(SCHEME, of_cycle).fetchone()
    windows = {key: tuple(days) for key, *days in cursor.execute(WINDOWS, of_cycle).fetchall()}
    asked = Asked.of(parsed_scheme(source, name), windows)
    found = cursor.execute(load_read("standing"), of_cycle | {"none": NO_SUBMISSION}).to_arrow_table()
    columns = {
        name: found[name].to_numpy()
        for name in found.column_names
        if name not in ("unit", "region", "category", "grade")
    }

    submissions = np.sort(columns["submission"][columns["submission"] != NO_SUBMISSION])
    sheet = positions(columns["submission"], submissions)
    region, region_codes = _coded(found["region"])
    category, categories = _coded(found["category"])
    grades = {grade.id: at for at, grade in enumerate(asked.scheme.grades)}
    grade, given = _coded(found["grade"])
    manual = np.array([*(grades.get(each, NOT_GRADED) for each in given), NOT_GRADED])[grade]
    regions = _read_regions(cursor, cycle=cycle, registered_in=region_codes, grades=grades)
    place = {code: at for at, code in enumerate(regions.codes)}
    registered = Registered(
        region=np.array([place[code] for code in region_codes], dtype=np.int64)[region],
        category=category,
        category_weight=columns["category_weight"],
        profile=columns["profile"] - 1,
        sheet=sheet,
        is_late=columns["is_late"],
        deductions=columns["deductions"],
        bonus=columns["bonus"],
        has_veto=columns["has_veto"],
        manual=manual,
    )
    is_asked = _read_asked(cursor, indicators=len(asked.points))
    judged_by = (name, source, tuple(sorted(windows.items())))
    return Standing(
        asked,
        judged_by,
        found["unit"].combine_chunks(),
        categories,
        registered,
        regions,
        is_asked,
        submissions,
    )


def _read_asked(cursor: duckdb.DuckDBPyConnection, *, indicators: int) -> np.ndarray:
    [(profiles,)] = cursor.execute("select count(*) from profile").fetchall()
    is_asked = np.zeros((profiles, indicators), dtype=bool)
    for profile, indicator in cursor.execute("select profile - 1, position from asked_of").fetchall():
        is_asked[profile, indicator] = True
    return is_asked


def _coded(column: pa.ChunkedArray) -> tuple[np.ndarray, tuple[str, ...]]:
    """A column of texts as positions (−1: none) in the tuple of those that it has."""
    encoded = column.combine_chunks().dictionary_encode()
    return encoded.indices.fill_null(-1).to_numpy().astype(np.int64), tuple(encoded.dictionary.to_pylist())


def _read_regions(
    cursor: duckdb.DuckDBPyConnection, *, cycle: int, registered_in: tuple[str, ...], grades: dict[str, int]
) -> Regions:
    levels = dict(cursor.execute(REGIONS).fetchall())
    # a register may name a region that there is no more: its units are scored, and count in no region
    codes = (*levels, *(code for code in registered_in if code not in levels))
    place = {code: at for at, code in enumerate(codes)}
    member = np.zeros((len(codes), len(codes)))
    for ancestor, region in cursor.execute(MEMBERS).fetchall():
        member[place[ancestor], place[region]] = 1
    manual = np.full(len(codes), NOT_GRADED)
    for code, grade in cursor.execute(REGION_GRADES, {"cycle": cycle}).fetchall():
        if code in place:
            manual[place[code]] = grades.get(grade, NOT_GRADED)
    level_of = {level: at for at, level in enumerate(LEVELS)} | {"zone": LEVELS.index("county")}
    level = np.array([level_of[levels.get(code, "county")] for code in codes])
    return Regions(codes, level, member, manual)


def read_said(cursor: duckdb.DuckDBPyConnection, asked: Asked, submissions: np.ndarray) -> np.ndarray:
    """x of what was answered, by workbook (of these numbers, ascending) and indicator."""
    cursor.execute(f"create or replace temp type answer_name as enum ({load_read('answer_name')})")
    said = np.full((len(submissions), len(asked.points)), BLANK)

    def put(batch: pa.RecordBatch) -> None:
        columns = _placed(batch, submissions)
        row = columns.pop("row")
        # both at once is twice the work of places in the matrix read row by row
        said.ravel()[row * said.shape[1] + columns["indicator"]] = attained(asked, **columns)

    beside(put, _batches(cursor, "answer_value", asked, submissions), threads=threads_of(cursor))
    return said


def read_rulings(cursor: duckdb.DuckDBPyConnection, standing: Standing, *, place: np.ndarray) -> Rulings:
    """What was ruled on the workbooks that count; `place`: the row that each of `Standing.submissions` gets."""
    batches = _batches(cursor, "ruling", standing.asked, standing.submissions)
    parts = [_placed(batch, standing.submissions) for batch in batches]
    row, indicator, x = (
        np.concatenate([part[name] for part in parts]) if parts else np.zeros(0, dtype=kind)
        for name, kind in (("row", int), ("indicator", int), ("x", float))
    )
    row = place[row]
    order = np.argsort(row, kind="stable")
    return Rulings(row[order], indicator[order], x[order])


def _batches(
    cursor: duckdb.DuckDBPyConnection, name: str, asked: Asked, submissions: np.ndarray
) -> Iterator[pa.RecordBatch]:
    """A read of these workbooks, part by part."""
    if not len(submissions):
        return
    read_ahead(cursor, LOOK_AHEAD)
    said = {
        "first": int(submissions[0]),
        "last": int(submissions[-1]),
        "indicators": list(asked.indicators),
    }
    yield from cursor.execute(load_read(name), said).to_arrow_reader(ROWS_AT_ONCE)


def _placed(batch: pa.RecordBatch, submissions: np.ndarray) -> dict[str, np.ndarray]:
    """The columns of a part, with the position among the workbooks in place of their number; without what stands in none of them, or
    is no indicator's."""
    columns = {key: column.to_numpy() for key, column in zip(batch.schema.names, batch.columns, strict=True)}
    number = columns.pop("submission")
    # the rows of a workbook stand together: each is looked up once
    starts = np.flatnonzero(number[1:] != number[:-1]) + 1
    starts = np.concatenate([[0], starts]) if len(number) else starts
    rows = positions(number[starts], submissions)
    columns["row"] = np.repeat(rows, np.diff(starts, append=len(number)))
    if rows.min(initial=0) < 0 or columns["indicator"].min(initial=0) < 0:
        counts = (columns["row"] >= 0) & (columns["indicator"] >= 0)
        columns = {key: values[counts] for key, values in columns.items()}
    return columns
