"""Who has an account, as the list of them shows it."""

from __future__ import annotations

import pandas as pd

from data.queries.ask import ask_whole
from data.store import Store


def accounts(
    store: Store, *, role: str | None = None, region: str | None = None, text: str | None = None
) -> pd.DataFrame:
    """One row per account that fits, offices before units, by region: account, title, role, region, region_name,
    region_path, unit, is_disabled, must_change, state_name (可用, 待首次登录, 已停用), changed_at.

    `region` holds the accounts of the regions below it too; `text` is looked for in id, title and unit.
    """
    return ask_whole(store, "accounts", role=role, region=region, text=text)
