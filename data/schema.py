"""Creates what the database is made of: kept tables, views, and the catalogs in memory: `results`, and `seen` of what one
person may see.

What only follows from kept rows (views, regions) is made anew when the program that computes it has changed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb

from data.regions import REGIONS_FILE, load_regions, region_path
from data.transaction import insert_rows
from scoring.scheme import digest_text
from scoring.views import (
    FORMULAS,
    READ_FROM,
    RESULTS,
    STEPS,
    load_formula,
    load_macros,
    load_step,
    load_views,
)

SQL = Path(__file__).parent / "sql"

# In this order: the later ones read the earlier. A scheme's entries stand by the cycle that is scored under it.
SCHEME_VIEWS = (
    "cycle_applies",
    "cycle_basis",
    "cycle_category",
    "cycle_choice",
    "cycle_dimension",
    "cycle_finding",
    "cycle_grade",
    "cycle_indicator",
    "cycle_rule",
    "cycle_share",
    "cycle_system",
    "cycle_tag",
    "cycle_unlikely",
)
VIEWS = (
    "is_known",
    "cycle",
    "unit",
    "current_submission",
    "current_finding",
    "current_review",
    "current_window",
    "current_return",
    "sheet_state",
    "carried_ruling",
    "current_stage",
    "current_stage_due",
    "current_sample",
    "current_task",
    "current_objection",
    "current_grade",
    "current_account",
    "region_member",
    *SCHEME_VIEWS,
    *(f"shown_{name}" for name in RESULTS),
    "pending_claim",
    "region_grade",
    "category_gap",
    "peer_answer",
    "changed_ruling",
    "answer_reach",
    "copied_evidence",
    "answer_pattern",
    "region_inflation",
    "level_gap_mean",
    "cycle_stamp",
)

# Those that are asked for with the cycle they are to be of: name(cycle).
OF_A_CYCLE = ("answer_pattern",)

# Columns that an older program's database has not; (table, column, type).
ADDED_COLUMNS = (
    ("cycle_event", "late", "varchar"),
    ("receipt", "account", "varchar"),
    ("receipt", "origin", "varchar"),
    ("review", "act", "varchar"),
    ("review", "account", "varchar"),
    ("review", "role", "varchar"),
    ("finding_event", "indicator", "varchar"),
    ("finding_event", "move", "varchar"),
    ("finding_event", "state", "varchar"),
    ("finding_event", "deadline", "date"),
    ("finding_event", "ordered", "varchar"),
    ("finding_event", "addressee", "varchar"),
    ("finding_event", "step_on", "date"),
    ("finding_event", "step_document", "varchar"),
    ("finding_event", "reason", "varchar"),
    ("finding_event", "account", "varchar"),
    ("finding_event", "role", "varchar"),
    ("finding_event", "recorded_at", "timestamp"),
    ("scheme_grade", "ceiling_unit", "double"),
    ("scheme_grade", "ceiling_county", "double"),
    ("scheme_grade", "ceiling_prefecture", "double"),
    ("scheme_finding", "course", "varchar"),
    ("task_event", "found", "varchar"),
    ("task_event", "document", "varchar"),
)

# What read-only servers get nothing of, or only some rows: who may sign in and what was done concerns the writer alone,
# except for who saved a version of the scheme and why, which the scheme's screen tells.
KEPT_FROM_READERS = {"account_event": "false", "audit": "action = 'scheme'", "chain": "false"}

# Tables with a column `sha256` that names a kept file, and what people call the file: what came in is found through them.
KEPT_FILES = {"submission": "自评表", "task_answer": "整改情况报告表"}

CATALOG = "assessment"  # the name of the kept tables' catalog: the stem of the database file

# The catalog of what follows from the kept tables and is computed where it is asked for.
SCORED = "results"
# What an older program kept of it on the disk.
FORMERLY_KEPT = (*(f"result_{name}" for name in RESULTS), "result_stamp")

# The catalog of one person's view. Everybody with or without a scope may read the first, which tell of no unit …
SEEN = "seen"
SEEN_BY_ALL = (
    "cycle",
    "scheme",
    "region_member",
    "journal",
    "setting",
    "level_gap_mean",
    "cycle_stamp",
    "current_window",
    *SCHEME_VIEWS,
)
# … and these are filtered by the variables of the cursor: scope_region, scope_unit, scope_account. In this order.
SEEN_IN_SCOPE = (
    "sees_all",
    "region",
    "unit",
    "submission",
    "current_submission",
    "answer",
    "receipt",
    "problem",
    "review",
    "current_review",
    "finding_event",
    "current_finding",
    "return_event",
    "current_return",
    "sheet_state",
    "carried_ruling",
    "stage_event",
    "current_stage",
    "current_stage_due",
    "sample_draw",
    "sample_pick",
    "current_sample",
    "task_event",
    "current_task",
    "task_answer",
    "objection_event",
    "current_objection",
    "grade_event",
    "current_grade",
    "publication",
    "result_unit_score",
    "result_unit_system",
    "result_counted_value",
    "pending_claim",
    "unit_system_weight",
    "unit_term",
    "result_region_score",
    "result_region_gap",
    "result_leaf_gap",
    "region_grade",
    "category_gap",
    "peer_answer",
    "changed_ruling",
    "answer_reach",
    "copied_evidence",
    "answer_pattern",
    "region_inflation",
)


# Whoever may see everything reads the same names in a catalog of their own, as what stands now has them: filters that hold
# nothing back would make every question's plan twice as long.
SEEN_WHOLE = "seen_whole"


def define(connection: duckdb.DuckDBPyConnection) -> None:
    """Create what is not there and bring what follows from kept rows up to this program; writes only where it differs."""
    cursor = connection.cursor()
    tables, views, program = _table_statements(), _view_statements(), program_digest()
    define_results(cursor)
    if defined_by(cursor) != program:
        cursor.execute("begin transaction")
        for name in _tables(cursor) & set(FORMERLY_KEPT):
            cursor.execute(f"drop table {name}")
        for name, statement in tables.items():
            if _is_made_anew(name):
                cursor.execute(f"drop table if exists {name}")
            cursor.execute(statement)
        for table, column, kind in ADDED_COLUMNS:
            cursor.execute(f"alter table {table} add column if not exists {column} {kind}")
        cursor.execute("commit")
    define_read_results(cursor)
    if defined_by(cursor) != program:
        cursor.execute("begin transaction")
        insert_rows(cursor, "region", _region_rows())
        insert_rows(cursor, "region_within", _within_rows())
        cursor.execute("insert into result_program values ($program)", {"program": program})
        for statement in views:
            cursor.execute(statement)
        cursor.execute("commit")
    cursor.close()


def program_digest() -> str:
    """What tells one program's definitions from another's: tables, views, how scores are computed, and regions."""
    scored = [*map(load_step, (*STEPS, *READ_FROM)), *map(load_formula, FORMULAS)]
    parts = [*_table_statements().values(), *scored, *_view_statements(), REGIONS_FILE.read_text("utf-8")]
    return digest_text("".join(parts))


def _table_statements() -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in sorted((SQL / "tables").glob("*.sql"))}


def _view_statements() -> list[str]:
    return [
        *load_macros(),
        *(f"create or replace view result_{name} as select * from {SCORED}.{name}" for name in RESULTS),
        *((SQL / "views" / f"{name}.sql").read_text("utf-8") for name in VIEWS),
        *load_views(),
    ]


def defined_by(cursor: duckdb.DuckDBPyConnection) -> str | None:
    """The digest of the program that this database was last defined by; None where it is new."""
    try:
        found = cursor.execute("select digest from result_program").fetchone()
    except duckdb.CatalogException:
        return None
    return found[0] if found else None


def is_journaled(table: str) -> bool:
    """Whether the journal holds the rows of a table; answers stand in the kept workbooks, the rest follows from others."""
    return not (_follows_from_kept_rows(table) or table in ("answer", "chain"))


def kept_tables() -> list[str]:
    """The tables that hold what was handed in and decided, and the chain; the others follow from them."""
    names = [path.stem for path in sorted((SQL / "tables").glob("*.sql"))]
    return [name for name in names if not _follows_from_kept_rows(name)]


def journaled_tables() -> list[str]:
    """The tables whose rows the journal holds."""
    return [name for name in kept_tables() if is_journaled(name)]


def reader_tables() -> dict[str, str]:
    """Table → the condition on its rows, for a database of read-only servers; `define` itself fills the others."""
    made_by_define = ("region", "region_within", "result_program")
    names = [name for name in _table_statements() if name not in made_by_define]
    return {name: KEPT_FROM_READERS.get(name, "true") for name in names}


def table_statement(name: str) -> str:
    """The statement that creates a table."""
    return (SQL / "tables" / f"{name}.sql").read_text("utf-8")


def _follows_from_kept_rows(table: str) -> bool:
    return _is_made_anew(table) or table.startswith("published_")  # frozen rows stand in a file of their own


def _is_made_anew(table: str) -> bool:
    return table in ("region", "region_within") or table.startswith("result_")


def _tables(cursor: duckdb.DuckDBPyConnection) -> set[str]:
    found = cursor.execute(
        "select table_name from duckdb_tables() where database_name = $name", {"name": CATALOG}
    )
    return {name for (name,) in found.fetchall()}


def define_results(cursor: duckdb.DuckDBPyConnection) -> None:
    """The catalog lives in memory: results cost no writing to the disk, and the file does not grow by them."""
    cursor.execute(f"attach if not exists ':memory:' as {SCORED}")
    define_result_tables(cursor)
    _define_macros(cursor, SCORED)


def define_result_tables(cursor: duckdb.DuckDBPyConnection) -> None:
    """Empty tables for the results of all cycles, in place of those that are there."""
    for statement in _result_statements():
        cursor.execute(statement)


@cache
def _result_statements() -> tuple[str, ...]:
    """Read once: they are made anew with every refresh."""
    return tuple(path.read_text("utf-8") for path in sorted((SQL / "results").glob("*.sql")))


def _define_macros(cursor: duckdb.DuckDBPyConnection, catalog: str) -> None:
    cursor.execute(f"use {catalog}")
    for statement in load_macros():
        cursor.execute(statement)
    cursor.execute(f"use {CATALOG}")


def define_read_results(cursor: duckdb.DuckDBPyConnection) -> None:
    """Results that are read from the kept tables, which must be there; a transaction writes to one catalog only."""
    for name in READ_FROM:
        cursor.execute(f"create or replace view {SCORED}.{name} as {load_step(name)}")


def define_seen(cursor: duckdb.DuckDBPyConnection, catalog: str) -> None:
    """SEEN or SEEN_WHOLE; the catalog lives in memory: unqualified names in it never fall back to the kept tables.

    Not part of `define`: these views take longer than all else that opening a folder does, and most commands ask none.
    """
    is_scoped = catalog == SEEN
    cursor.execute(f"attach ':memory:' as {catalog}")
    try:
        for name in SEEN_BY_ALL if is_scoped else (*SEEN_BY_ALL, *SEEN_IN_SCOPE):
            if name != "sees_all":
                kind, given = ("macro", "(of_cycle)") if name in OF_A_CYCLE else ("view", "")
                means = "as table" if given else "as"
                cursor.execute(
                    f"create {kind} {catalog}.{name}{given} {means} select * from {CATALOG}.{name}{given}"
                )
        for name in SEEN_IN_SCOPE if is_scoped else ():
            cursor.execute((SQL / "seen" / f"{name}.sql").read_text("utf-8"))
        _define_macros(cursor, catalog)
    except BaseException:  # a page's stop signal included: the next who asks finds all of it or nothing
        cursor.execute(f"use {CATALOG}")
        cursor.execute(f"detach {catalog}")
        raise


def _region_rows() -> list[dict]:
    """data/reference/regions.csv as rows of the region table."""
    return [
        {
            "region": r.code,
            "name": r.name,
            "level": r.level,
            "parent": r.parent or None,
            "path": region_path(r.code),
        }
        for r in load_regions()
    ]


def _within_rows() -> list[dict]:
    """Every region with itself and each region that it lies in."""
    parents = {region.code: region.parent for region in load_regions()}
    rows = []
    for code in parents:
        at = code
        while at:
            rows.append({"region": code, "ancestor": at})
            at = parents[at]
    return rows
