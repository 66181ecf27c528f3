"""The demo province with its whole course, as the files for a meeting are made from it."""

from __future__ import annotations

import shutil
from datetime import datetime

import pytest

from data import queries
from data.course.publications import publication
from data.model import Scope
from data.regions import PROVINCE
from data.store import Store
from meeting.material import gather

LIVE, PUBLISHED = 2026, 2025
NOW = datetime(2026, 11, 25, 10, 30)


@pytest.fixture(scope="session")
def meeting_store(lived_home, tmp_path_factory) -> Store:
    """The demo province opened, in a folder of its own; for reading."""
    home = shutil.copytree(lived_home, tmp_path_factory.mktemp("meeting") / "home")
    store = Store.open(home)
    yield store
    store.close()


@pytest.fixture(scope="session")
def published_store(meeting_store):
    """The same, read as the first publication froze 2025."""
    made = publication(meeting_store, cycle=PUBLISHED, number=f"{PUBLISHED}-1")
    return meeting_store.seen_by(Scope(PROVINCE), publication=made)


@pytest.fixture(params=["province", "by county", "prefecture", "county", "published"])
def material(request, meeting_store, published_store):
    """The material of the province (by prefecture, by county), of one prefecture, one county, and of a publication."""
    asked = {
        "province": {"cycle": LIVE},
        "by county": {"cycle": LIVE, "level": "county"},
        "prefecture": {"cycle": LIVE, "region": "230100"},
        "county": {"cycle": LIVE, "region": _county_with_units(meeting_store)},
        "published": {"cycle": PUBLISHED},
    }[request.param]
    store = published_store if request.param == "published" else meeting_store
    with gather(store, now=NOW, **asked) as made:
        yield made


def _county_with_units(store: Store) -> str:
    """The county where most units have a score."""
    units = queries.units(store, cycle=LIVE)
    return units.loc[units["score"].notna(), "region"].value_counts().index[0]
