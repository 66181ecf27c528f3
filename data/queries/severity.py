"""How differently reviewers judge what is alike (审核尺度): a difference between posts, never a fault, and no person."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from data.audit import PROGRAM_ACCOUNTS
from data.course.acting import STAGE_NAMES, OutOfHandError
from data.queries.ask import PROVINCE, ask
from data.store import Store

FEW_RULINGS = 30  # below, a mean of such values is mostly chance
WIDTH_95 = 1.96  # standard errors on each side that hold the mean in 95 of 100 cases
NO_ACCOUNT = "未记岗位"  # an older program did not note who ruled: all of a region together


def severity(store: Store, *, cycle: int, by: Literal["region", "category"] = "region") -> pd.DataFrame:
    """One row per reviewer (`by` region), or per reviewer and category of units; a reviewer is an account at a stage of
    a region. Counted are the rulings that stand: the newest of each stage on the workbook that counts.

    Columns: stage and stage_name, region, region_name, parent_name, account, post (as shown), category and
    category_name, rulings, judged (those on claims other than 不适用; the next four are means over them), changed_share
    (value other than that of the stage below, or self), lowering (x of the stage below, or self, − x of the ruling),
    beyond (lowering − mean lowering of all reviewers of the stage on the same indicator and category), standard_error
    of beyond, circle_name and reviewers (by region: a county's are compared within its prefecture, the others in the
    province; by category: all of the stage), circle_beyond (their mean), difference = beyond − circle_beyond (None with
    nobody to compare with), low and high (95 %), is_few (fewer than FEW_RULINGS), is_apart (the interval leaves 0 out and
    it is not few), na_decided, na_refused_share. Raises OutOfHandError for who does not see the whole province.
    """
    scope = getattr(store, "scope", None)
    if scope and (scope.unit or scope.region != PROVINCE):
        raise OutOfHandError("审核尺度只有省级可以看")
    frame = ask(store, "severity", cycle=cycle)
    frame = frame[frame["category"].notna() if by == "category" else frame["category"].isna()]
    difference = (frame["beyond"] - frame["circle_beyond"]).where(frame["reviewers"] > 1)
    margin = WIDTH_95 * frame["standard_error"]
    low, high = difference - margin, difference + margin
    is_few = frame["judged"] < FEW_RULINGS
    return frame.assign(
        stage_name=frame["stage"].map(STAGE_NAMES),
        post=[_post(account) for account in frame["account"]],
        difference=difference,
        low=low,
        high=high,
        is_few=is_few,
        is_apart=((low > 0) | (high < 0)) & ~is_few,
    ).reset_index(drop=True)


def _post(account: object) -> str:
    if not isinstance(account, str):
        return NO_ACCOUNT
    return PROGRAM_ACCOUNTS.get(account, account)
