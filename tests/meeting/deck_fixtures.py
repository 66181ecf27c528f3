"""Each material's whole deck, made once for all tests that read it."""

from __future__ import annotations

import pytest

from meeting.deck import KIND
from tests.pptx_reading import read_deck

ALL = set(KIND.parts)


@pytest.fixture(scope="session")
def built():
    """Makes each material's whole deck once: (bytes, deck read back, heard progress)."""
    made = {}

    def build(material):
        key = (material.cycle, material.region, material.level, bool(material.publication), material.now)
        if key not in made:
            heard = []
            blob = KIND.build(
                material, parts=ALL, home=material.reading.home, progress=lambda *how: heard.append(how)
            )
            made[key] = (blob, read_deck(blob), heard)
        return made[key]

    return build


@pytest.fixture
def deck(material, built):
    return built(material)[1]
