"""Who is checked: what a drawing would pick, what was drawn so far, and with which seed and thresholds."""

from __future__ import annotations

from datetime import date

import pandas as pd

from data.queries.all_units import narrowed, of_all_units
from data.queries.ask import ask
from data.queries.candidates import RULES, SamplePlan, fresh_picks
from data.queries.repeats import refresh_years
from data.store import Store

ANY_SEED = 1  # how many chance would pick does not depend on it


def sample_preview(store: Store, *, cycle: int, region: str, plan: SamplePlan, today: date) -> dict:
    """How many units a drawing would add by each rule; nothing is recorded, nobody is named.

    Keys: rules (DataFrame: rule, rule_name, units), units (different ones), submitted (units of the region).
    """
    refresh_years(store, cycle=cycle)
    fresh, submitted = fresh_picks(store, cycle=cycle, region=region, plan=plan, today=today, seed=ANY_SEED)
    counts = fresh["rule"].value_counts()
    rules = pd.DataFrame(
        {
            "rule": list(RULES),
            "rule_name": list(RULES.values()),
            "units": [int(counts.get(rule, 0)) for rule in RULES],
        }
    )
    return {"rules": rules, "units": int(fresh["unit"].nunique()), "submitted": submitted}


def sample_picks(store: Store, *, cycle: int, region: str | None = None) -> pd.DataFrame:
    """One row per drawing, unit and rule: seq, code, name, region, region_name, region_path, category_name, rule,
    rule_name, why, recorded_at, by_role; the newest drawing first. Empty for a unit, which is never told."""
    frame = narrowed(of_all_units(store, "sample_picks", cycle=cycle), region=region)
    return frame.assign(rule_name=frame["rule"].map(RULES))


def sample_draws(store: Store, *, cycle: int) -> pd.DataFrame:
    """One row per drawing for a region of the reader's, the newest first: seq, region, region_name, seed, plan (JSON),
    reason, recorded_at, by_role, units (of the reader's)."""
    return ask(store, "sample_draws", cycle=cycle)
