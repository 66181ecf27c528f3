"""Many visitors who click: a process of its own, so that it takes nothing of the server's interpreter.

    python -m benchmarks.clicks < plan.json

The plan is a JSON object with the fields of `Plan`; a list of JSON objects with those of `Found` comes back, one for each time. Every account signs
in, its visitors open a page each and then click every `every_s` seconds, each at its own moment of them: mostly filters
and regions of the page, else another page. A click takes until the page's script has finished. What is opened first
does not count.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import time
from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from itertools import accumulate

import httpx
from streamlit.proto.Element_pb2 import Element
from websockets.exceptions import ConnectionClosed

from benchmarks.visitor import Run, Session, sign_in

# What evaluators look at, and how often: one in so many of the page changes.
PAGES = {
    "overview": 4,
    "ranking": 4,
    "gaps": 4,
    "unit": 4,
    "submit": 3,
    "review": 3,
    "rectification": 1,
    "trend": 1,
    "comparison": 1,
    "priorities": 1,
    "publication": 1,
    "regulation": 1,
    "scheme": 1,
}
STAYS = 0.7  # share of the clicks that stay on the page
FILTER = "-widget:"  # how the key of a page's filter begins, at the end of its id (pages/components/state.py)
AT_ONCE = 4  # visitors who come in at the same time


@dataclass(frozen=True)
class Plan:
    """Who comes, and for how long. `accounts` none: a page that asks nobody who they are, with a button `again`."""

    url: str
    sessions: int
    seconds: float
    every_s: float = 5.0
    then_s: float = 0.0  # a second time right after, measured by itself
    settle_s: float = 10.0  # clicks before the measured times
    accounts: tuple[str, ...] = ()
    password: str = ""
    pages: tuple[str, ...] = tuple(PAGES)  # those of PAGES that are looked at
    below: str = ""  # the path below which the pages stand; signing in is always at the address itself
    seed: int = 7

    @property
    def times(self) -> list[float]:
        """Seconds of each measured time."""
        return [self.seconds, self.then_s] if self.then_s else [self.seconds]


@dataclass
class Found:
    """What the visitors saw in one time: seconds of every click within the time, those that failed and why."""

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    by_page: dict[str, list[float]] = field(default_factory=dict)
    due: float = 0  # clicks that the time held at most
    cpu_share: float = 0  # of one core, that this process took in the time
    kb: float = 0  # a click's answer

    @property
    def p50_ms(self) -> float:
        """What half of the clicks took at most."""
        return statistics.median(self.seconds) * 1000

    @property
    def p95_ms(self) -> float:
        """What 95 of 100 clicks took at most."""
        return statistics.quantiles(self.seconds, n=20)[-1] * 1000


async def click_about(plan: Plan) -> list[Found]:
    """Let the visitors in, and click until the times are over. Raises httpx.HTTPStatusError where they stay outside."""
    gate = asyncio.Semaphore(AT_ONCE)
    signed_in = [
        await sign_in(plan.url, account=account, password=plan.password) for account in plan.accounts
    ] or [httpx.Cookies()]
    async with AsyncExitStack() as stack:

        async def enter(number: int) -> Session:
            async with gate:
                cookies = signed_in[number % len(signed_in)]
                session = await stack.enter_async_context(Session.connect(plan.url + plan.below, cookies))
                await session.open()
            return session

        sessions = await asyncio.gather(*map(enter, range(plan.sessions)))
        found = [Found(due=plan.sessions * seconds / plan.every_s) for seconds in plan.times]
        begins = time.perf_counter() + plan.settle_s
        work = asyncio.gather(
            *(_visit(session, plan, number, begins, found) for number, session in enumerate(sessions))
        )
        await asyncio.sleep(plan.settle_s)
        for seconds, part in zip(plan.times, found, strict=True):
            cpu = time.process_time()
            print("begin", flush=True)
            await asyncio.sleep(seconds)
            part.cpu_share = (time.process_time() - cpu) / seconds
            print("end", flush=True)
        await work
        return found


async def _visit(session: Session, plan: Plan, number: int, begins: float, found: Sequence[Found]) -> None:
    """Click at the visitor's own moments until the times are over; what fails is noted, and the visitor goes on."""
    draw = random.Random(f"{plan.seed}-{number}")
    moment = begins - plan.settle_s + draw.uniform(0, plan.every_s)
    *starts, ends = accumulate(plan.times, initial=begins)
    page = ""
    while moment < ends:
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        measured = bisect(starts, time.perf_counter())  # none before the first time
        noted = found[max(measured - 1, 0)]
        try:
            if plan.accounts:
                page, run = await _click(session, draw, page, plan.pages)
            else:
                run = await session.click("again")
            for error in session.screen.errors():
                noted.errors[error[:200]] += 1
        except Exception as error:  # whatever it was, it is counted, and the others go on
            noted.errors[f"{type(error).__name__}: {error}"[:200]] += 1
            if isinstance(error, ConnectionClosed):
                return
        else:
            if measured:
                noted.seconds.append(run.seconds)
                noted.by_page.setdefault(page, []).append(run.seconds)
                noted.kb += run.size_bytes / 1000
        moment = max(moment + plan.every_s, time.perf_counter())


async def _click(session: Session, draw: random.Random, page: str, pages: Sequence[str]) -> tuple[str, Run]:
    """Another value of one of the page's filters, or another page."""
    filters = {
        element_id.rsplit(FILTER)[-1]: values
        for kind, element in session.screen.elements()
        if FILTER in (element_id := getattr(getattr(element, kind), "id", ""))
        and (values := _values(kind, element))
    }
    if page and filters and draw.random() < STAYS:
        key = draw.choice(list(filters))
        return page, await session.change(f"widget:{key}", draw.choice(filters[key]))
    page = draw.choices(pages, [PAGES[each] for each in pages])[0]
    return page, await session.open(page)


def _values(kind: str, element: Element) -> Sequence[str | float]:
    """What a filter can be set to; none where there is nothing to choose."""
    match kind:
        case "selectbox" if not element.selectbox.disabled:
            values = list(element.selectbox.options)
        case "button_group" if not element.button_group.disabled:
            values = [option.content for option in element.button_group.options]
        case "number_input":
            values = range(int(element.number_input.min), int(element.number_input.max) + 1)
        case _:
            values = []
    return values if len(values) > 1 else []


def main() -> None:
    """Read the plan from stdin, click, write what was found to stdout."""
    plan = Plan(**json.load(sys.stdin))
    found = asyncio.run(click_about(plan))
    # asdict would count the pairs of a Counter
    print(json.dumps([asdict(part) | {"errors": dict(part.errors)} for part in found]))


if __name__ == "__main__":
    main()
