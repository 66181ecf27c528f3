"""What rules each cycle stands under and what was handed in under them."""

from __future__ import annotations

import pandas as pd

from data.queries.ask import query_text
from data.store import Store


def cycle_state(store: Store) -> pd.DataFrame:
    """One row per cycle, newest first: cycle, scheme_id, version, title, opens_on, deadline, status, status_name, late,
    late_name; units registered, submitted, missing (neither), late_units; files, submissions (accepted ones),
    refused, refused_closed and refused_late (for these reasons); data_version, changed_at."""
    return store.kept_query(query_text("cycle_state"))
