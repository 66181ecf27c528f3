"""Rows reach their columns, however a database came to its tables."""

from __future__ import annotations

import duckdb
import pytest

from data.transaction import FEW_ROWS, insert_rows

ORDERS = ("a varchar, b varchar, c double", "c double, b varchar, a varchar")


@pytest.mark.parametrize("n_rows", [FEW_ROWS, FEW_ROWS + 1])
def test_rows_are_inserted_by_the_names_of_their_columns(n_rows):
    """Databases of former versions have columns that were added last, and one program opens several."""
    for order in ORDERS:
        with duckdb.connect() as database:
            database.execute(f"create table rows_by_name ({order})")
            insert_rows(
                database, "rows_by_name", [{"a": "A", "b": "B", "c": float(n)} for n in range(n_rows)]
            )
            found = database.execute("select a, b, c from rows_by_name order by c").fetchall()
        assert found == [("A", "B", float(n)) for n in range(n_rows)]
