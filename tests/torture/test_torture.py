"""The torture at a size that fits: every kind of kill comes up; `make torture` does it a hundred times and more."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from tests.torture.trial import KINDS, Trial


@pytest.mark.skipif("sys.platform == 'win32'", reason="no forkserver")
def test_killed_at_random_moments_nothing_acknowledged_is_lost_nothing_is_half_nothing_double(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    # a test of the screens leaves app.py behind as the main module, which every child would run again
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    trial = Trial(tmp_path / "torture", units=40, seed=1)
    for kind in dict.fromkeys(KINDS):
        trial.round(kind)
    assert trial.faults() == []
    trial.finish()
    assert trial.final_faults() == []
    assert sum(trial.acknowledged.values()) > 30
