"""What tests of several rooms share: a small demo province, built once for all of them."""

from __future__ import annotations

import gc
import shutil
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from access import passwords
from data.demo import build_demo_home
from data.store import Store
from tests.built_once import built_once

# How quick examples are drawn says how busy the machine is, not whether a test is right.
settings.register_profile("busy machine", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")

DEMO_UNITS = 60
# What takes longest comes first: processes are handed whole files, and one of these at the end would be waited for alone.
LONGEST_FIRST = (
    "tests/browser/test_year.py",
    "tests/data/test_publications.py",
    "tests/live/test_fifty_sessions.py",
    "tests/test_benchmarks.py",
    "tests/browser/test_chart_downloads.py",
    "tests/browser/test_print.py",
    "tests/test_manage_as.py",
    "tests/meeting/test_feedback.py",
    "tests/test_recovery.py",
    "tests/test_serve_guarded.py",
    "tests/test_manage.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files of LONGEST_FIRST at the front; the others stay in their order."""
    order = {name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: order.get(item.location[0].replace("\\", "/"), len(order)))


def pytest_collection_finish() -> None:
    """Look through what was imported no more: two or three hundredths of all processor time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def quick_hashes():
    """Argon2id with little work: what the tests need is many passwords, not strong ones."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", hasher)
        patch.setattr(passwords, "_NOBODY", hasher.hash("nobody"))
        yield


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory) -> Path:
    """A runtime folder with the demo province (60 units, 2025 and 2026, seed 7), no stage closed, no task given out, nothing
    published; not to be changed."""
    build = partial(build_demo_home, units=DEMO_UNITS, years=(2025, 2026), seed=7, goes_on=False)
    return built_once(tmp_path_factory, "demo", build)


@pytest.fixture(scope="session")
def lived_home(tmp_path_factory) -> Path:
    """The same with its whole course: 2025 published, 2026 in the middle of its review; not to be changed."""
    build = partial(build_demo_home, units=DEMO_UNITS, years=(2025, 2026), seed=7)
    return built_once(tmp_path_factory, "lived", build)


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory) -> Path:
    """A runtime folder that was opened once and holds nothing; not to be changed."""
    return built_once(tmp_path_factory, "empty", lambda home: Store.open(home).close())


@pytest.fixture
def new_home(empty_home, tmp_path) -> Path:
    """A runtime folder that holds nothing yet, at `tmp_path`/home: a copy, since tables and views take long to make."""
    return Path(shutil.copytree(empty_home, tmp_path / "home"))


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
