"""Server time of each page's script: what passes between a click and the last message to the browser.

The app runs in this process as on the server (Streamlit's own ScriptRunner, the server's heaps, frozen imports, and its
collecting in a thread beside the runs; one thread a run), driven by AppTest, whose own parsing of what came back is not
counted; writing the messages out is. No socket and no browser. The floor is an empty Streamlit page, driven alike.

The mix is what an evaluator clicks on every page: open it for the province; one prefecture; one of its counties; one
category there; the other responsibility system; back to the prefecture; back to the province; then each part of the page
that has parts. One pass in another prefecture warms the process up. In the counted pass the province was seen before and
the two ways back are hits; everything else is asked for the first time since the last upload, so that about half of the
clicks are answered by queries and half by what was kept. `first` in the note is the first opening of each page right after
an upload, its scores being computed already.

All pages are seen at 12k units; at 100k those of daily use, at 1M the first four, so that the whole fits into `make bench`.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from benchmarks.measure import FLOOR, OURS, Figures, Goal, Trial
from benchmarks.scores import YEAR, prepare
from benchmarks.year_of_work import fill
from data.regions import PROVINCE
from data.store import Store
from scoring.scheme import COMPOSITE

ROOT = Path(__file__).parent.parent
EMPTY_PAGE = "import streamlit as st\nst.title('空页')\n"
EMPTY_RUNS = 20
WARMED_IN, COUNTED_IN = ("230200", "230202"), ("230100", "230102")  # a prefecture and one of its counties
ALL, CATEGORY, SYSTEM = "all", "key_unit", "national_security"
# what may be chosen on a page besides the filters, one at a time
PARTS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "review": tuple({"part": part} for part in ("na", "bulk", "sample", "objections", "stages", "severity")),
    "rectification": ({"part": "findings"}, {"task_state": "open"}),
    "publication": ({"part": "published"},),
    "credibility": tuple({"part": part} for part in ("inflation", "unlikely", "copied", "patterns")),
    "submit": tuple({"step": step} for step in ("upload", "inbox", "register")),
    "scheme": tuple({"part": part} for part in ("edit", "excel", "versions")),
    "comparison": ({"by": "article"}, {"by": "indicator"}),
    "gaps": ({"by": "article"},),
    "meeting": ({"kind": "docx"}, {"kind": "xlsx"}),
    "regulation": ({"article": "19"},),
    "admin": tuple({"part": part} for part in ("cycles", "register", "backup", "audit", "system")),
}
MOST_FIRST = 100_000  # units; with more, the first openings alone take half a minute
SCORED = "update results.stamp set data_version = $version where cycle = $cycle"
PAGES = (
    "overview", "ranking", "gaps", "unit", "review", "rectification", "trend", "meeting", "publication", "comparison",
    "priorities", "robustness", "credibility", "what_if", "submit", "regulation", "scheme", "admin",
)  # fmt: skip


@dataclass(frozen=True)
class Click:
    """One run of a page's script with what the address then says."""

    page: str
    what: str
    params: Mapping[str, str]


@dataclass(frozen=True)
class Seen:
    """What a click took on the server."""

    click: Click
    ms: float


def clicks(page: str, *, prefecture: str, county: str, unit: str) -> Iterator[Click]:
    """What an evaluator clicks on a page, in order."""
    # said each time, since what was chosen before stands until something else is
    everywhere, there, close = (
        {"region": region, "category": ALL, "basis": COMPOSITE} for region in (PROVINCE, prefecture, county)
    )
    yield Click(page, "open", everywhere)
    yield Click(page, "prefecture", there)
    yield Click(page, "county", close)
    yield Click(page, "category", close | {"category": CATEGORY})
    yield Click(page, "system", close | {"category": CATEGORY, "basis": SYSTEM})
    yield Click(page, "back", there)
    yield Click(page, "back to all", everywhere)
    for part in PARTS.get(page, ()):
        yield Click(page, " ".join(part.values()), there | part)
    if page in ("unit", "review", "trend"):
        yield Click(page, "a unit", there | {"unit": unit})


class Visitor:
    """Somebody at the app of a prepared home, without a browser; `see` makes one click and says what it took."""

    def __init__(self, script: str | Path):
        from streamlit.testing.v1 import AppTest, app_test

        from benchmarks.timed_run import TimedRunner, begin_with_the_router

        app_test.LocalScriptRunner = TimedRunner
        self._timed = TimedRunner
        is_text = isinstance(script, str)
        make = AppTest.from_string if is_text else AppTest.from_file
        self._app = make(str(script), default_timeout=120)
        if not is_text:
            from pages.components.access import get_gate

            begin_with_the_router()
            self._app.user = {"session": get_gate().sessions.begin(None, origin="benchmark").id}
        self._page = ""

    def see(self, click: Click) -> Seen:
        """Run the page's script. Raises AssertionError with what the page says where it failed."""
        if click.page and click.page != self._page:
            self._app.switch_page(f"pages/{click.page}.py")
            self._page = click.page
        self._app.query_params.clear()
        for name, value in ({"cycle": str(YEAR)} | dict(click.params)).items():
            self._app.query_params[name] = value
        self._app.run()
        assert not self._app.exception, (click, self._app.exception)
        return Seen(click, self._timed.last_ms)


def tour(visitor: Visitor, store: Store, *, where: tuple[str, str], pages: tuple[str, ...]) -> list[Seen]:
    """All clicks on all pages, in a prefecture and one of its counties."""
    prefecture, county = where
    unit = store.rows(
        "select min(unit) from unit where cycle = $cycle and region = $county", cycle=YEAR, county=county
    )[0][0]
    return [
        visitor.see(click)
        for page in pages
        for click in clicks(page, prefecture=prefecture, county=county, unit=unit)
    ]


def after_an_upload(visitor: Visitor, store: Store, *, pages: tuple[str, ...]) -> list[Seen]:
    """The first opening of each page after the year's data changed and its scores were computed: nothing is asked of what was
    kept. Since the event brings no answers, the scores are those that stand, and only said to be of it."""
    found = []
    for page in pages:
        with store.write() as transaction:
            transaction.record("submission", cycle=YEAR, detail="")
        store.rows(SCORED, cycle=YEAR, version=store.result_version(YEAR))
        found.append(visitor.see(Click(page, "open", {})))
    return found


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def take(folder: Path, *, units: int, pages: tuple[str, ...] = PAGES) -> Figures:
    """p95 of the mix, and of an empty page; the note names the slowest pages."""
    prepare(folder, units=units)
    os.environ["ASSESSMENT_HOME"] = str(folder / "home")
    import streamlit as st

    from pages.components.access import whole_store

    store = whole_store()
    try:
        fill(store)
        run_as_served()
        empty = Visitor(EMPTY_PAGE)
        floor = [empty.see(Click("", "", {})).ms for _ in range(EMPTY_RUNS)][1:]
        visitor = Visitor(ROOT / "app.py")
        tour(visitor, store, where=WARMED_IN, pages=pages)
        seen = tour(visitor, store, where=COUNTED_IN, pages=pages)
        first = after_an_upload(visitor, store, pages=pages) if units <= MOST_FIRST else []
    finally:
        store.close()
        st.cache_data.clear()
        del os.environ["ASSESSMENT_HOME"]
    return Figures(
        ms={OURS: p95([each.ms for each in seen]), FLOOR: p95(floor)}, mb={}, note=_note(seen, first)
    )


def _note(seen: list[Seen], first: list[Seen]) -> str:
    """Median, then p95 by page, the slowest first, then the first openings after an upload."""
    median = statistics.median(each.ms for each in seen)
    by_page = {
        page: p95([e.ms for e in seen if e.click.page == page]) for page in {e.click.page for e in seen}
    }
    opened = {each.click.page: each.ms for each in first}
    told = f"median {median:.0f} ms; p95 {_in_order(by_page)}"
    return f"{told}; first {_in_order(opened)}" if opened else told


def _in_order(ms: Mapping[str, float]) -> str:
    return ", ".join(f"{page} {value:.0f}" for page, value in sorted(ms.items(), key=lambda item: -item[1]))


@cache
def run_as_served() -> None:
    """As the server's start does, for the rest of this process: few heaps, everything imported and frozen, and objects in
    circles given back by a thread beside the runs."""
    import asgi

    asgi.share_heaps()
    asgi.prepare_other_screens()
    asgi.start_collecting()


def _case(units: int, *, goal_ms: float, pages: tuple[str, ...] = PAGES) -> Trial:
    return Trial(
        name=f"pages-{units // 1000}k",
        item="click",
        take=partial(take, units=units, pages=pages),
        goal=Goal(ours_ms=goal_ms),
    )


CASES = (
    _case(12_000, goal_ms=60),
    _case(100_000, goal_ms=120, pages=PAGES[:8]),
    _case(1_000_000, goal_ms=400, pages=PAGES[:4]),
)
SMALL = (_case(1_000, goal_ms=1000, pages=("overview", "unit", "review")),)
