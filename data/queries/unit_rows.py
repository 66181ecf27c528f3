"""The rows of units as lists and pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from data.moment import Moment, worked_out
from data.queries.ask import ask, query_text
from data.regions import region_path, regions_by_code
from data.store import Store
from scoring.scheme import Scheme

STATE_NAMES = {
    "not_submitted": "未提交",
    "refused": "退回",
    "returned": "退回补正",
    "no_duty": "无适用指标",
    "not_comparable": "不可比",
    "scored": "已评分",
}
REASON_NAMES = {"veto": "一票否决", "manual": "省级另定", "ceiling": "超出比例上限", "score": "按得分"}
AT_CUT = "末位并列"  # got the grade by its score, as the last ones of the share that may have it
Apart = Mapping[str, Mapping[str, tuple[str | None, str | None]]]  # what → unit → reason and document


def ask_units(
    store: Store,
    *,
    cycle: int,
    region: str | None = None,
    category: str | None = None,
    units: Sequence[str] | None = None,
    basis: str | None,
) -> pd.DataFrame:
    """The rows of sql/queries/units in their order, with what regions, categories, grades, tags and states are called, and with
    what few units have (sql/queries/units_apart). Joined, that took two thirds of the time of a list."""
    scheme = store.scheme(cycle)
    frame = ask(
        store,
        "units",
        cycle=cycle,
        region=region,
        category=category,
        units=None if units is None else list(units),
        basis=basis,
        categories=[each.id for each in scheme.categories],
        decimals=scheme.rules.decimals,
    )
    return _told(frame, _apart(store, cycle=cycle), scheme=scheme)


def _apart(store: Store, *, cycle: int) -> Apart:
    def made(moment: Moment) -> dict[str, dict[str, tuple[str | None, str | None]]]:
        found: dict[str, dict] = {"refused": {}, "returned": {}, "manual": {}}
        for unit, what, reason, document in moment.rows(query_text("units_apart"), cycle=cycle):
            found[what][unit] = (reason, document)
        return found

    return worked_out(store, "units_apart", made, cycle=cycle)


def _told(frame: pd.DataFrame, apart: Apart, *, scheme: Scheme) -> pd.DataFrame:
    """The rows with their names, in the order in which `queries.units` tells of the columns."""
    codes, regions = frame["code"].tolist(), frame["region"].tolist()
    names = {code: regions_by_code()[code].name for code in set(regions)}
    paths = {code: region_path(code) for code in names}
    categories = {each.id: each.name for each in scheme.categories}
    grades = {each.id: each.name for each in scheme.grades}
    tags = {each.id: each.name for each in scheme.tags}
    states = [
        "refused" if state == "not_submitted" and code in apart["refused"] else state
        for state, code in zip(frame["state"].tolist(), codes, strict=True)
    ]
    stands = [
        "returned" if state not in ("not_submitted", "refused") and code in apart["returned"] else state
        for state, code in zip(states, codes, strict=True)
    ]
    reasons = frame["grade_reason"].tolist()
    notes = [
        apart["manual"].get(code, (None, None)) if reason == "manual" else (None, None)
        for code, reason in zip(codes, reasons, strict=True)
    ]
    said = [
        AT_CUT if is_at_cut and reason == "score" else REASON_NAMES.get(reason)
        for reason, is_at_cut in zip(reasons, frame["is_at_cut"].tolist(), strict=True)
    ]
    told: Mapping[str, Mapping[str, Iterable[str | None]]] = {  # after which column they stand
        "region": {"region_name": map(names.get, regions), "region_path": map(paths.get, regions)},
        "category": {"category_name": map(categories.get, frame["category"].tolist())},
        "state": {"state_name": map(STATE_NAMES.get, stands)},
        "grade": {"grade_name": map(grades.get, frame["grade"].tolist())},
        "grade_by_score": {"by_score_name": map(grades.get, frame["grade_by_score"].tolist())},
        "is_at_cut": {
            "reason_name": said,
            "grade_note": (reason for reason, _ in notes),
            "grade_document": (document for _, document in notes),
        },
    }
    frame["tags"] = _texts(_listed(has, tags) for has in frame["tags"].tolist())
    frame["state"] = _texts(states)
    for after, columns in told.items():
        place = frame.columns.get_loc(after) + 1
        for at, (name, values) in enumerate(columns.items(), start=place):
            frame.insert(at, name, _texts(values))
    return frame


def _listed(has: Iterable[str], names: Mapping[str, str]) -> str:
    """The names of a unit's tags, in the scheme's order."""
    own = set(has)  # of what a query gives, looking into it itself takes ten times as long
    return "、".join(name for id, name in names.items() if id in own)


def _texts(values: Iterable[str | None]) -> ExtensionArray | np.ndarray:
    """A column of texts as a query gives it: without a type where all are missing."""
    listed = np.array(list(values), dtype=object)
    is_missing = all(value is None for value in listed)
    return listed if is_missing else pd.array(listed, dtype="str")
