"""The SQL of scoring, in the order in which it builds up; this room holds the texts, the data room runs them.

Views read the tables of the register, the submissions and the scheme. Six of them are kept as stamped tables
(``RESULTS``), because every page reads them; later views read the kept tables, never the earlier views again.
"""

from __future__ import annotations

from pathlib import Path

SQL = Path(__file__).parent / "sql"

MACROS = ("round_half_up", "clip_between", "attained", "said_value", "stage_step", "among")
VIEWS = (
    "applicable",
    "attainment",
    "counted_value",
    "unit_system",
    "unit_base",
    "unit_adjustment",
    "unit_score",
    "unit_system_weight",
    "unit_term",
    "leaf_gap",
    "region_score",
    "region_gap",
)

# In this order: each reads only what stands before it.
RESULTS = ("counted_value", "unit_system", "unit_score", "leaf_gap", "region_score", "region_gap")


def load_macros() -> list[str]:
    """The `create or replace macro` statements that the views, and queries of their results, call."""
    return [(SQL / f"{name}.sql").read_text("utf-8") for name in MACROS]


def load_views() -> list[str]:
    """The `create or replace view` statements, in an order in which they can be run."""
    return [(SQL / f"{name}.sql").read_text("utf-8") for name in VIEWS]
