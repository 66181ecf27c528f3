"""Fifty workbooks that are handed in at the same moment: most from units of their own, some twice, some in two versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from data.course.reviews import send_back
from data.demo.answers import answers_of
from data.fill import fill_workbook
from data.hashing import hash_bytes
from data.model import Unit
from data.regions import region_path
from data.store import Store
from data.template import build_template

CYCLE = 2026
ALONE, IN_TWO_VERSIONS, TWICE = 36, 4, 3  # units; 36 + 2 · 4 + 2 · 3 = 50 files


@dataclass(frozen=True)
class Upload:
    """One file of one unit, under a name of its own."""

    name: str
    unit: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash that its receipt must name."""
        return hash_bytes(self.content)


def fifty_uploads(store: Store) -> list[Upload]:
    """The files, none of which the store has yet; the two of a unit stand beside each other."""
    units = list(store.units(cycle=CYCLE).values())[: ALONE + IN_TWO_VERSIONS + TWICE]
    uploads = []
    for number, unit in enumerate(units):
        versions = [_filled(store, unit, seed=1)]
        if ALONE <= number < ALONE + IN_TWO_VERSIONS:
            versions.append(_filled(store, unit, seed=2))
        elif number >= ALONE + IN_TWO_VERSIONS:
            versions *= 2
        uploads += [
            Upload(f"{unit.code}-{n}.xlsx", unit.code, content) for n, content in enumerate(versions, start=1)
        ]
    assert len(uploads) == 50
    return uploads


def send_all_back(store: Store) -> None:
    """Let every unit hand in again: a workbook that was ruled on is replaced only after it was sent back."""
    for (unit,) in store.rows(
        "select unit from sheet_state where cycle = $cycle and state = 'reviewing'", cycle=CYCLE
    ):
        send_back(store, cycle=CYCLE, unit=unit, message="请补充材料")


def order_of(store: Store, uploads: Sequence[Upload]) -> list[Upload]:
    """The uploads in the order in which the store took them in."""
    rows = store.rows("select filename from receipt where cycle = $cycle order by receipt", cycle=CYCLE)
    places = {name.rsplit("/", 1)[-1]: place for place, (name,) in enumerate(rows)}
    return sorted(uploads, key=lambda upload: places[upload.name])


def assert_all_in_once(store: Store, uploads: Sequence[Upload]) -> None:
    """Nothing lost: a receipt for each file and its bytes kept whole. Nothing twice: one submission for each content."""
    names = {upload.name: upload for upload in uploads}
    received = store.rows(
        "select filename, sha256, status, unit from receipt where cycle = $cycle and list_contains($names, filename)",
        cycle=CYCLE,
        names=list(names),
    )
    assert Counter(name for name, *_ in received) == Counter(list(names))
    for name, sha256, status, unit in received:
        assert (sha256, unit) == (names[name].sha256, names[name].unit)
        assert status in ("accepted", "warned")
        assert store.files.is_whole(sha256)
    submitted = store.rows(
        "select unit, sha256 from submission where cycle = $cycle and list_contains($hashes, sha256)",
        cycle=CYCLE,
        hashes=[upload.sha256 for upload in uploads],
    )
    assert Counter(submitted) == Counter({(upload.unit, upload.sha256) for upload in uploads})


def scores_of(store: Store) -> list[tuple]:
    """Every unit's and region's published score, grade and rank."""
    store.refresh(CYCLE)
    return [
        *store.rows(
            "select unit, basis, score, grade, rank from result_unit_score where cycle = 2026 order by all"
        ),
        *store.rows(
            "select region, basis, score, grade, rank from result_region_score where cycle = 2026 order by all"
        ),
    ]


def _filled(store: Store, unit: Unit, *, seed: int) -> bytes:
    scheme = store.scheme(CYCLE)
    blank = build_template(scheme, cycle=CYCLE, unit=unit, region_path=region_path(unit.region))
    answers = answers_of(unit, scheme=scheme, cycle=CYCLE, first_cycle=CYCLE, seed=seed)
    return fill_workbook(blank, {key: dict(answer.cells) for key, answer in answers.items()})
