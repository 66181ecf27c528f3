"""The SQL of scoring, in the order in which it builds up; this room holds the texts, the data room runs them.

What a score follows from (what is asked of whom, which workbook and which ruling count, what was found) is made in steps, each a
table that the later ones read, and read from there; scores are computed from it as arrays (docs/decisions.md). Six results are kept,
because every page reads them; views read the kept results, never the steps.
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
# In this order; `$cycle` in a text is the cycle that is scored.
STEPS = ("asked", "worth", "profile", "register", "asked_of", "ruled", "unit_adjustment")
VIEWS = ("unit_system_weight", "unit_term")

RESULTS = ("counted_value", "unit_system", "unit_score", "leaf_gap", "region_score", "region_gap")
# Results that are not kept but read, from the answers and these, which are: of a row per unit and indicator, because it is many
# times as much as all others together; of one per region, category, basis and indicator, because few ask for it.
READ_FROM = {
    "counted_value": ("register", "asked_of", "worth", "ruled", "blank"),
    "leaf_gap": ("leaf_loss", "basis_indicators"),
}
# The modules that compute the other results from what was read.
FORMULAS = (
    "adding_up",
    "asked",
    "handed_in",
    "joined",
    "leaf_losses",
    "limits",
    "places",
    "region_scores",
    "rounding",
    "unit_scores",
)


def load_macros() -> list[str]:
    """The `create or replace macro` statements that the steps, and queries of their results, call."""
    return [(SQL / f"{name}.sql").read_text("utf-8") for name in MACROS]


def load_views() -> list[str]:
    """The `create or replace view` statements, in an order in which they can be run."""
    return [load_view(name) for name in VIEWS]


def load_view(name: str) -> str:
    """One of them."""
    return (SQL / f"{name}.sql").read_text("utf-8")


def load_step(name: str) -> str:
    """The select of one step, or of a result of READ_FROM; it reads the steps by their names."""
    return (SQL / "steps" / f"{name}.sql").read_text("utf-8")


def load_read(name: str) -> str:
    """The select of what is read from the steps: `standing`, `answer_value`, `ruling`, `answer_name`."""
    return (SQL / "reads" / f"{name}.sql").read_text("utf-8")


def load_formula(name: str) -> str:
    """The source of a module of FORMULAS, by which one program's scores are told from another's."""
    return (SQL.parent / f"{name}.py").read_text("utf-8")
