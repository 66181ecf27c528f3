"""What was handed in, what became of it, and from whom nothing came."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from data.queries.all_units import narrowed, of_all_units
from data.queries.ask import ask
from data.store import Store


def history(store: Store, *, cycle: int, unit: str | None = None, limit: int = 200) -> pd.DataFrame:
    """One row per file, newest first: at, filename, unit, unit_name, status, status_name, n_errors, n_warnings, sha256,
    receipt, submission, template_version, account, origin, source ("web", "command", "inbox"), source_name."""
    return ask(store, "history", cycle=cycle, unit=unit, most=limit)


def data_date(store: Store, *, cycle: int) -> datetime | None:
    """When the newest file of the cycle came in, from anywhere in the province; None before the first."""
    newest = ask(store, "data_date", cycle=cycle)["newest"]
    return newest.iloc[0].to_pydatetime() if len(newest) else None


def inbox_batches(store: Store, *, cycle: int, limit: int = 5) -> pd.DataFrame:
    """One row per batch of files that came in through the inbox, newest first: at, n_files, n_accepted, n_refused."""
    return ask(store, "inbox_batches", cycle=cycle, most=limit)


def receipt_problems(store: Store, *, receipt: int) -> pd.DataFrame:
    """One row per problem of one file, in order of place: severity, sheet, cell, message, fix, code."""
    return ask(store, "receipt_problems", receipt=receipt)


def missing_units(store: Store, *, cycle: int, region: str | None = None) -> pd.DataFrame:
    """One row per registered unit without an accepted workbook: code, name, region_name, region_path, category_name,
    was_refused (it handed in, but only files that were refused)."""
    rows = narrowed(of_all_units(store, "missing_units", cycle=cycle), region=region)
    return rows.drop(columns="region")
