"""What tests of several rooms share: a small demo province, built once for all of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from data.demo import build_demo_home
from data.store import Store

DEMO_UNITS = 60


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory) -> Path:
    """A runtime folder with the demo province (60 units, 2025 and 2026, seed 7), no stage closed, no task given out, nothing
    published; not to be changed."""
    home = tmp_path_factory.mktemp("demo") / "home"
    build_demo_home(home, units=DEMO_UNITS, years=(2025, 2026), seed=7, goes_on=False)
    return home


@pytest.fixture(scope="session")
def lived_home(tmp_path_factory) -> Path:
    """The same with its whole course: 2025 published, 2026 in the middle of its review; not to be changed."""
    home = tmp_path_factory.mktemp("lived") / "home"
    build_demo_home(home, units=DEMO_UNITS, years=(2025, 2026), seed=7)
    return home


@pytest.fixture
def demo_copy(demo_home, tmp_path) -> Path:
    """A copy of the demo's runtime folder that a test may change."""
    return Path(shutil.copytree(demo_home, tmp_path / "home"))


@pytest.fixture(scope="session")
def demo_store(demo_home, tmp_path_factory) -> Store:
    """The demo province opened, in a folder of its own; for reading."""
    home = shutil.copytree(demo_home, tmp_path_factory.mktemp("store") / "home")
    store = Store.open(home)
    yield store
    store.close()
