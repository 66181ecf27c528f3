"""The SQL of scoring, in the order in which it builds up; this room holds the texts, the data room runs them.

A cycle is scored in steps, each a table that the later ones read, over the whole register (docs/decisions.md). Six
results are kept, because every page reads them; views read the kept results, never the steps.
"""

from __future__ import annotations

from pathlib import Path

SQL = Path(__file__).parent / "sql"

MACROS = (
    "round_half_up",
    "without_noise",
    "clip_between",
    "attainment_of",
    "attained",
    "said_value",
    "stage_step",
    "among",
)
# Texts with few values are numbers within the steps: types of these names list them (docs/decisions.md).
NAMES = ("basis_name", "system_name", "category_name", "region_name", "unit_state")
# In this order; `$cycle` in a text is the cycle that is scored.
STEPS = (
    "rules",
    "grades",
    "bases",
    "asked",
    "worth",
    "enrolled",
    "profile",
    "register",
    "asked_of",
    "weighed",
    "system_pair",
    "pair_points",
    "profile_system",
    "ruled",
    "claimed_na",
    "sheet",
    "answer_worth",
    "tallied",
    "gappy",
    "blank",
    "corrected",
    "verified",
    "sheet_system",
    "sheet_base",
    "unit_adjustment",
    "valued_unit",
    "unit_place",
    "leaf_sum",
    "region_sum",
    "region_score",
)
VIEWS = ("unit_system_weight", "unit_term")

RESULTS = ("counted_value", "unit_system", "unit_score", "leaf_gap", "region_score", "region_gap")
# A row per unit and indicator is many times as much as all others together. It is not kept but read from the answers
# and these steps, which are.
READ_FROM = {"counted_value": ("register", "asked_of", "worth", "ruled", "blank")}


def load_macros() -> list[str]:
    """The `create or replace macro` statements that the steps, and queries of their results, call."""
    return [(SQL / f"{name}.sql").read_text("utf-8") for name in MACROS]


def load_views() -> list[str]:
    """The `create or replace view` statements, in an order in which they can be run."""
    return [(SQL / f"{name}.sql").read_text("utf-8") for name in VIEWS]


def load_names(name: str) -> str:
    """The select of the values that a type of `NAMES` lists."""
    return (SQL / "names" / f"{name}.sql").read_text("utf-8")


def load_step(name: str) -> str:
    """The select of one step, or of a result that is no step; it reads the steps by their names."""
    return (SQL / "steps" / f"{name}.sql").read_text("utf-8")
