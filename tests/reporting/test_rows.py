"""Rows and records of a frame are what pandas itself gives."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from reporting.rows import records_of, rows_of

FRAMES = {
    "numbers": pd.DataFrame({"place": [1, 2], "score": [1.5, np.nan]}),
    "one kind": pd.DataFrame({"rank": [3, 4], "units": [5, 6]}),
    "texts": pd.DataFrame({"name": ["甲", None], "grade": ["good", "pass"]}),
    "truths": pd.DataFrame({"is_cut": [True, False], "units": [1, 2]}),
    "times": pd.DataFrame({"at": pd.to_datetime(["2026-01-02 03:04", None]), "units": [1, 2]}),
    "times alone": pd.DataFrame({"at": pd.to_datetime(["2026-01-02 03:04", None])}),
    "whole numbers with gaps": pd.DataFrame({"rank": pd.array([1, None], "Int64"), "score": [0.5, 1.0]}),
    "objects": pd.DataFrame({"day": [date(2026, 1, 2), None], "tags": [["a"], []], "where": [{}, {"b": 1}]}),
    "kinds": pd.DataFrame({"kind": pd.Categorical(["a", "b"]), "units": [1, 2]}),
    "no identifiers": pd.DataFrame([[1, "a"], [2, "b"]], columns=["2025", "class"]),
    "no rows": pd.DataFrame({"name": [], "score": []}),
    "no columns": pd.DataFrame(index=range(2)),
    "some rows": pd.DataFrame({"name": list("abc"), "score": [1.0, 2.0, 3.0]}).iloc[1:],
}


def alike(ours, theirs) -> bool:
    """The same value of the same kind, NumPy's numbers being Python's; what is missing equals itself."""
    theirs = theirs.item() if isinstance(theirs, np.generic) else theirs
    if ours is pd.NA:
        return theirs is None or theirs is pd.NA
    return type(ours) is type(theirs) and (ours is theirs or ours == theirs or ours != ours)


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES.keys())
@pytest.mark.parametrize("storage", ["python", "pyarrow"])
def test_rows_are_those_of_itertuples(frame, storage):
    with pd.option_context("mode.string_storage", storage):
        frame = frame.astype({name: "str" for name in frame if frame[name].dtype == "str"})
        ours, theirs = rows_of(frame), list(frame.itertuples(index=False))
    assert len(ours) == len(theirs)
    for our, their in zip(ours, theirs, strict=True):
        assert our._fields == their._fields
        assert all(map(alike, our, their))


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES.keys())
def test_records_are_those_of_pandas(frame):
    ours, theirs = records_of(frame), frame.to_dict("records")
    assert [list(each) for each in ours] == [list(each) for each in theirs]
    for our, their in zip(ours, theirs, strict=True):
        assert all(map(alike, our.values(), their.values()))
