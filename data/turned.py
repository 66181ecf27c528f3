"""A cursor that readers take turns on, each of whom is told only what he may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

View = tuple[str, Mapping[str, Any]]  # a catalog, and the variables that its views are filtered by


@dataclass
class Turned:
    """The cursor, and whose view it was turned to last."""

    cursor: duckdb.DuckDBPyConnection
    catalog: str
    variables: dict[str, Any] = field(default_factory=dict)

    def turn_to(self, catalog: str, variables: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
        """The cursor, whose next question is that of a reader who sees so much."""
        if catalog != self.catalog:
            self.cursor.execute(f"use {catalog}")
            self.catalog = catalog
        for name in variables.keys() | self.variables.keys():
            value = variables.get(name)
            if value != self.variables.get(name):
                self.cursor.execute(f"set variable {name} = $value", {"value": value})
                self.variables[name] = value
        return self.cursor
