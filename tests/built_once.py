"""A folder that is slow to make is made once for all processes of a run; everybody copies it, nobody changes it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest


def built_once(paths: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """The folder that `build` makes at a path: of this process, or, where a run has several, the one that all share."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        home = paths.mktemp(name) / "home"
        build(home)
        return home
    import fcntl  # not on Windows, where a run has one process

    shared = paths.getbasetemp().parent / f"shared-{name}"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "home").exists():
            build(shared / "unfinished")
            (shared / "unfinished").rename(shared / "home")
    return shared / "home"
