"""Many sessions at once over Streamlit's own protocol; beside the same with an empty page, or an upload alone.

python -m benchmarks.sessions --curve 50,100,200 --seconds 25    where one machine ends, as JSON
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from benchmarks.clicks import Plan
from benchmarks.measure import FLOOR, OURS, PEER, Figures, Goal, Trial
from benchmarks.registers import copy_of
from benchmarks.scores import YEAR, prepare
from benchmarks.served import (
    PASSWORD,
    SENDER,
    Load,
    Server,
    Visitors,
    add_posts,
    empty_page,
    plan_for,
    product,
)
from benchmarks.visitor import Session, sign_in
from data.demo.answers import answers_of
from data.fill import fill_workbook
from data.regions import region_path
from data.store import Store
from data.template import build_template

UNITS, SESSIONS = 12_000, 100
MINUTES = "BENCH_MINUTES"  # how long the sessions of `sessions-100` click
P95_MS = 1000.0
# clicks that do not count: until what everybody looks at has been looked at once
SETTLE_S = 20.0


@dataclass(frozen=True)
class Size:
    """How much of the trials is made."""

    units: int
    sessions: int
    seconds: float
    upload_s: float  # of clicks while files are uploaded
    floor_s: float
    settle_s: float
    uploads: int


@dataclass(frozen=True)
class Crowd:
    """Visitors of one server: by themselves, then while files are uploaded; milliseconds of uploads alone and meanwhile."""

    clicks: Load
    clicks_meanwhile: Load
    alone: list[float]
    crowded: list[float]


@cache
def _crowd(size: Size) -> Crowd:
    """Both trials look at the same crowd, since it takes a minute to come in and to leave."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        _prepare(Path(name), units=size.units)
        workbooks = _workbooks(home, count=2 * size.uploads + 2)
        minutes = os.environ.get(MINUTES)
        with product(home) as server:
            alone = asyncio.run(_upload(server, workbooks[: size.uploads + 1]))
            plan = plan_for(
                server,
                sessions=size.sessions,
                seconds=float(minutes) * 60 if minutes else size.seconds,
                then_s=size.upload_s,
                settle_s=size.settle_s,
            )
            visitors = Visitors(server, plan)
            visitors.begun[1].wait()
            crowded = asyncio.run(_upload(server, workbooks[size.uploads + 1 :]))
            clicks, clicks_meanwhile = visitors.loads()
    return Crowd(clicks, clicks_meanwhile, alone, crowded)


def _many_sessions(folder: Path, *, size: Size) -> Figures:
    """p95 of a click with everybody at the product, and at an empty page."""
    ours = _crowd(size).clicks
    with empty_page(folder) as server:
        plan = Plan(
            server.url, size.sessions, size.floor_s, settle_s=size.settle_s / 4
        )  # it has nothing to look up
        floor = Visitors(server, plan).load()
    return Figures(
        ms={OURS: ours.found.p95_ms, FLOOR: floor.found.p95_ms},
        mb={OURS: ours.peak_mb, FLOOR: floor.peak_mb},
        note=f"p95; {ours.note()}; empty page {floor.cpu_ms:.0f} ms CPU a click",
    )


def _upload_under_load(_folder: Path, *, size: Size) -> Figures:
    """From the click on 接收 to the receipt, alone and while everybody clicks."""
    crowd = _crowd(size)
    load = crowd.clicks_meanwhile
    return Figures(
        ms={OURS: statistics.median(crowd.crowded), PEER: statistics.median(crowd.alone)},
        mb={OURS: load.peak_mb},
        note=f"median of {size.uploads}; meanwhile p95 {load.found.p95_ms:.0f} ms, {load.note()}",
    )


def _prepare(folder: Path, *, units: int) -> None:
    copy_of(_make, folder, units=units)


def _make(folder: Path, *, units: int) -> None:
    prepare(folder, units=units)
    add_posts(folder / "home")


def _workbooks(home: Path, *, count: int) -> list[tuple[str, bytes]]:
    """(name, content) of filled workbooks of as many units."""
    store = Store.open(home)
    scheme, units = store.scheme(YEAR), list(store.units(cycle=YEAR).values())[:count]
    store.close()
    found = []
    for unit in units:
        blank = build_template(scheme, cycle=YEAR, unit=unit, region_path=region_path(unit.region))
        answers = answers_of(unit, scheme=scheme, cycle=YEAR, first_cycle=YEAR, seed=1)
        content = fill_workbook(blank, {key: dict(answer.cells) for key, answer in answers.items()})
        found.append((f"{unit.code}.xlsx", content))
    return found


async def _upload(server: Server, workbooks: Sequence[tuple[str, bytes]]) -> list[float]:
    """Milliseconds of each upload but the first: the file sent, 接收 clicked, the receipt on the screen."""
    cookies = await sign_in(server.url, account=SENDER.account, password=PASSWORD)
    taken = []
    async with Session.connect(server.url, cookies) as session:
        await session.open("submit", cycle=YEAR, step="upload")
        for turn, (name, content) in enumerate(workbooks):
            started = time.perf_counter()
            await session.upload(f"uploads_files_{turn}", [(name, content)])
            await session.click("take_in")
            taken.append((time.perf_counter() - started) * 1000)
            text = session.screen.text()
            assert name in text and "已接收" in text, text
    return taken[1:]


def _trials(size: Size, *, suffix: str) -> tuple[Trial, ...]:
    return (
        Trial(f"sessions-{suffix}", "click", partial(_many_sessions, size=size), Goal(ours_ms=P95_MS)),
        Trial(
            f"upload-under-{suffix}", "upload", partial(_upload_under_load, size=size), Goal(ours_to_peer=3)
        ),
    )


CASES = _trials(
    Size(UNITS, SESSIONS, seconds=35, upload_s=15, floor_s=10, settle_s=SETTLE_S, uploads=5), suffix="100"
)
SMALL = _trials(Size(500, 4, seconds=6, upload_s=6, floor_s=6, settle_s=1, uploads=1), suffix="small")


def curve(sessions: Sequence[int], *, seconds: float, units: int = UNITS) -> Iterator[dict]:
    """One row per number of sessions, each with a server of its own: p50 and p95 of a click, what the server took."""
    for count in sessions:
        with tempfile.TemporaryDirectory() as folder:
            _prepare(Path(folder), units=units)
            with product(Path(folder) / "home") as server:
                load = Visitors(
                    server, plan_for(server, sessions=count, seconds=seconds, settle_s=SETTLE_S)
                ).load()
        yield {
            "sessions": count,
            "p50_ms": round(load.found.p50_ms),
            "p95_ms": round(load.found.p95_ms),
            "clicks": len(load.found.seconds),
            "due": round(load.found.due),
            "errors": sum(load.found.errors.values()),
            "server_cpu_ms_a_click": round(load.cpu_ms, 1),
            "server_cores": round(load.cpu_s / load.seconds, 2),
            "visitors_cores": round(load.found.cpu_share, 2),
            "peak_mb": round(load.peak_mb),
        }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sessions")
    parser.add_argument("--curve", default="50,100,200,300", help="numbers of sessions")
    parser.add_argument("--seconds", type=float, default=25)
    parser.add_argument("--units", type=int, default=UNITS)
    options = parser.parse_args()
    counts = [int(each) for each in options.curve.split(",")]
    rows = list(curve(counts, seconds=options.seconds, units=options.units))
    print(
        json.dumps(
            {"python": platform.python_version(), "machine": platform.machine(), "rows": rows}, indent=1
        )
    )


if __name__ == "__main__":
    main()
