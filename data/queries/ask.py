"""Running one of the queries in data/sql/queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from data.moment import one_moment
from data.regions import PROVINCE
from data.store import Store
from scoring.scheme import COMPOSITE
from scoring.views import RESULTS, load_view
from scoring.views import VIEWS as SCORING_VIEWS

SQL = Path(__file__).parent.parent / "sql"
QUERIES, WHOLE = SQL / "queries", SQL / "whole"

Query = TypeVar("Query", bound=Callable)

__all__ = [
    "COMPOSITE",
    "PROVINCE",
    "ask",
    "ask_one",
    "ask_whole",
    "of_one_moment",
    "query_text",
    "reads_results",
    "whole_text",
    "with_none",
]


@cache
def _text(name: str, folder: Path = QUERIES) -> str:
    return (folder / f"{name}.sql").read_text("utf-8")


@cache
def _names_with_results() -> frozenset[str]:
    """Results, and views and macros that are read from them."""
    texts = {path.stem: path.read_text("utf-8") for path in (SQL / "views").glob("*.sql")}
    texts |= {view: load_view(view) for view in SCORING_VIEWS}
    found, more = frozenset(), frozenset(("results", *(f"result_{name}" for name in RESULTS)))
    while more > found:
        found = more
        more = found | {name for name, text in texts.items() if found & _words(text)}
    return found


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


@cache
def reads_results(name: str) -> bool:
    """Whether anything that a query reads follows from scores."""
    return bool(_words(_text(name)) & _names_with_results())


def query_text(name: str) -> str:
    """The text of a query that is asked without bringing results up to date, as within a write."""
    return _text(name)


def whole_text(name: str) -> str:
    """The text of a query in data/sql/whole."""
    return _text(name, WHOLE)


def ask(store: Store, name: str, *, cycle: int | None = None, **values) -> pd.DataFrame:
    """The frame of one query file; with a cycle, after its results were brought up to date, if the query reads any."""
    if cycle is not None:
        if reads_results(name):
            store.refresh(cycle)
        values["cycle"] = cycle
    return store.query(_text(name), **values)


def ask_one(store: Store, name: str, *, cycle: int, **values) -> dict:
    """The only row of a query as a dict, missing values as None; empty where there is no row."""
    frame = ask(store, name, cycle=cycle, **values)
    if frame.empty:
        return {}
    return with_none(frame.iloc[0].to_dict())


def with_none(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a frame, its missing values as None."""
    return {key: None if pd.isna(value) else value for key, value in row.items()}


def ask_whole(store: Store, name: str, **values) -> pd.DataFrame:
    """The frame of a query in data/sql/whole: what is no region's or unit's, so that no scope holds any of it."""
    return store.query(whole_text(name), **values)


def of_one_moment(query: Query) -> Query:
    """A query of several parts, all asked as of the same moment: what comes in between them would not add up."""

    @wraps(query)
    def asked(store: Store, *, cycle: int, **values):
        with one_moment(store, cycle=cycle) as moment:
            return query(moment, cycle=cycle, **values)

    return asked
