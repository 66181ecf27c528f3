"""A runtime folder with a little of everything, built once; tests get copies."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from data.store import Store
from tests.data.kept import fill


@pytest.fixture(scope="session")
def kept_home(tmp_path_factory) -> Path:
    """See `tests.data.kept.fill`; not to be changed."""
    home = tmp_path_factory.mktemp("kept") / "home"
    with closing(Store.open(home)) as store:
        fill(store)
    return home


@pytest.fixture
def home(kept_home, tmp_path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(kept_home, tmp_path / "home"))
