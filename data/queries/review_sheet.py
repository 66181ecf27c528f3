"""What waits for a ruling, as the table that many rulings are made in has it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.course.acting import STAGE_OF_LEVEL
from data.queries.ask import PROVINCE, ask, query_text
from data.regions import regions_by_code
from data.review_sheet import MOST_ROWS
from data.store import Store


def review_sheet(
    store: Store,
    *,
    cycle: int,
    region: str | None = None,
    category: str | None = None,
    unit: str | None = None,
    only_na: bool = False,
    most: int = MOST_ROWS,
) -> pd.DataFrame:
    """One row per unit and indicator that waits for a ruling of the reader's own stage, by region, category, unit.

    Not those ruled at this stage or above, of units that were sent back, or of closed stages; a 不适用 that needs no
    ruling neither. Columns: submission, unit, name, region_path, category_name, indicator, title, state (answered,
    blank, pending, na), claim (of the unit: answered, na, blank), answer (as typed), evidence, na_reason, the ruling of the stage below (below_stage, below_state,
    choice, number, numerator, denominator, on_date, below_reason; None without one), seq (of the newest ruling, 0 without
    one), found (rows in all, also where only the first `most` are given).
    """
    scope = getattr(store, "scope", None)
    own = regions_by_code()[scope.region if scope else PROVINCE]
    return ask(
        store,
        "review_sheet",
        cycle=cycle,
        region=region or own.code,
        category=category,
        unit=unit,
        stage=STAGE_OF_LEVEL[own.level],
        only_na=only_na,
        most=most,
    )


def standing_rulings(
    store: Store, *, cycle: int, units: Sequence[str], indicators: Sequence[str]
) -> pd.DataFrame:
    """One row per unit and indicator of the pairs asked for, where the unit has handed in.

    Columns: unit, indicator, submission, is_returned, claim (answered, na, None), the latest stage's ruling (stage, state;
    None without one), the value that counts (choice, number, numerator, denominator, on_date), and the newest ruling of
    whatever stage (newest_seq, 0 without one, newest_stage, newest_at, newest_state, newest_reason, newest_choice …).
    """
    return store.query(
        query_text("standing_rulings"), cycle=cycle, units=list(units), indicators=list(indicators)
    )
