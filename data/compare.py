"""Compares the database row by row with one that was rebuilt from the journal and the kept workbooks.

Both are catalogs of one connection: `assessment` and `rebuilt`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb

from data.schema import CATALOG, kept_tables
from scoring.views import RESULTS

REBUILT = "rebuilt"
MOST_NAMED = 1000  # rows of one table; what goes beyond is counted
LONGEST_SHOWN = 60  # characters of a value
TOLERANCE = 1e-9  # sums of the same numbers in another order
SECRET_COLUMNS = {"password_hash"}

# What a row is known by, where it is not `seq` alone.
KEYS = {
    "answer": ("submission", "indicator"),
    "submission": ("submission",),
    "receipt": ("receipt",),
    "problem": ("receipt", "position"),
    "registration": ("seq", "unit"),
    "cycle_window": ("seq", "indicator"),
    "sample_pick": ("seq", "unit", "rule"),
    "scheme": ("scheme_id", "version"),
    "chain": ("n",),
}
NAMES = {
    "account_event": "账号变更",
    "answer": "答案",
    "audit": "审计记录",
    "cycle_event": "年度变更",
    "cycle_window": "活动期间",
    "finding_event": "认定事项",
    "grade_event": "等次",
    "objection_event": "异议",
    "publication": "公布",
    "return_event": "退回",
    "sample_draw": "抽查",
    "sample_pick": "抽中单位",
    "stage_due": "环节期限",
    "stage_event": "审核环节",
    "task_answer": "整改情况",
    "task_event": "整改任务",
    "journal": "事件",
    "problem": "问题",
    "receipt": "回执",
    "registration": "单位登记",
    "review": "复核",
    "scheme": "方案",
    "setting": "设置",
    "submission": "收到的自评表",
}
RESULT_KEYS = {
    "counted_value": ("cycle", "unit", "indicator"),
    "unit_score": ("cycle", "unit", "basis"),
    "unit_system": ("cycle", "unit", "system"),
    "leaf_gap": ("cycle", "region", "category", "basis", "indicator"),
    "region_gap": ("cycle", "region", "basis", "indicator"),
    "region_score": ("cycle", "region", "basis"),
}


def compare_kept(
    connection: duckdb.DuckDBPyConnection, *, without_answers_of: Sequence[int] = ()
) -> Iterator[str]:
    """Every row of the kept tables that was changed, added or removed, in Chinese; answers of some submissions left out."""
    for table in kept_tables():
        if table == "chain":
            continue
        columns = [
            name
            for name in _columns(connection, REBUILT, table)
            if name in _columns(connection, CATALOG, table)
        ]
        if not columns:
            yield f"数据库没有{NAMES.get(table, table)}（{table}）这张表"
            continue
        chosen = ", ".join(columns)
        some = "where not list_contains($skipped, submission)" if table == "answer" else ""
        result = connection.execute(
            f"""
            with kept as (select {chosen} from {CATALOG}.{table} {some}),
            again as (select {chosen} from {REBUILT}.{table} {some})
            select true, * from (from kept except all from again)
            union all
            select false, * from (from again except all from kept)
            """,
            {"skipped": list(without_answers_of)} if some else {},
        )
        yield from _named(table, columns, result.fetchall())


def _named(table: str, columns: list[str], rows: list[tuple]) -> Iterator[str]:
    keys = [key for key in KEYS.get(table, ("seq",)) if key in columns] or columns[:2]
    found: dict[tuple, dict[bool, Mapping[str, Any]]] = {}
    for is_kept, *values in rows:
        row = dict(zip(columns, values, strict=True))
        found.setdefault(tuple(row[key] for key in keys), {})[is_kept] = row
    for number, (key, sides) in enumerate(sorted(found.items(), key=str)):
        if number == MOST_NAMED:
            yield f"{NAMES.get(table, table)}还有 {len(found) - MOST_NAMED} 处不符，未逐一列出"
            return
        place = "，".join(f"{name} {value}" for name, value in zip(keys, key, strict=True))
        yield f"{NAMES.get(table, table)}（{place}）{_difference(sides)}"


def _difference(sides: Mapping[bool, Mapping[str, Any]]) -> str:
    if len(sides) == 2:
        kept, again = sides[True], sides[False]
        changed = [name for name in kept if kept[name] != again[name]]
        if changed:
            return "在数据库中被改动：" + "，".join(
                f"{name} 应为“{_shown(name, again[name])}”，现为“{_shown(name, kept[name])}”"
                for name in changed
            )
    told = next(iter(sides.values()))
    about = "，".join(f"{name}={_shown(name, value)}" for name, value in list(told.items())[:6])
    return f"{'是数据库中多出来的' if True in sides else '在数据库中被删除'}：{about}"


def _shown(name: str, value: Any) -> str:
    text = "（不显示）" if name in SECRET_COLUMNS else str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def compare_results(connection: duckdb.DuckDBPyConnection, *, publication: int) -> Iterator[str]:
    """Every frozen result of a publication that is not what its data give, in Chinese."""
    for name in RESULTS:
        table, keys = f"published_{name}", RESULT_KEYS[name]
        kinds = _columns(connection, REBUILT, table)
        differs = " or ".join(
            f"kept.{column} is distinct from again.{column}"
            + (
                f" and not coalesce(abs(kept.{column} - again.{column}) <= {TOLERANCE}, false)"
                if kind == "DOUBLE"
                else ""
            )
            for column, kind in kinds.items()
        )
        joined = " and ".join(f"kept.{key} = again.{key}" for key in keys)
        shown = ", ".join(f"coalesce(kept.{key}, again.{key})" for key in keys)
        rows = connection.execute(
            f"""
            select {shown}
            from (select * from {CATALOG}.{table} where publication = $publication) as kept
            full join (select * from {REBUILT}.{table} where publication = $publication) as again on {joined}
            where {differs}
            order by all
            """,
            {"publication": publication},
        ).fetchall()
        for key in rows[:MOST_NAMED]:
            yield f"结果 {name}（{'，'.join(map(str, key))}）与重新计算的不同"
        if len(rows) > MOST_NAMED:
            yield f"结果 {name} 还有 {len(rows) - MOST_NAMED} 处不同，未逐一列出"


def _columns(connection: duckdb.DuckDBPyConnection, catalog: str, table: str) -> dict[str, str]:
    """Column → type; empty where there is no such table."""
    return dict(
        connection.execute(
            "select column_name, data_type from duckdb_columns() "
            "where database_name = $catalog and table_name = $table order by column_index",
            {"catalog": catalog, "table": table},
        ).fetchall()
    )
