"""Registers made once for all cases of a run, each of which gets a copy that it may change."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path


def copy_of(make: Callable[..., None], folder: Path, **of) -> None:
    """What `make(folder, **of)` writes, as it was written for the first that asked for the same."""
    shutil.copytree(_made(make, **of), folder, dirs_exist_ok=True)


@cache
def _made(make: Callable[..., None], **of) -> Path:
    folder = Path(tempfile.mkdtemp(dir=_of_this_run().name))
    make(folder, **of)
    return folder


@cache
def _of_this_run() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="registers-")
