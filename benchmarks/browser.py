"""What a user waits for, in a headless Chromium: from the start of the server to the first page, and from a click to the
settled page at 12,000 units.

Beside them `streamlit hello` from its start, and an app that shows the same screens with nothing behind them
(benchmarks/replayed.py); the floor of a click is an empty page.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg, ForwardMsgList

from benchmarks import scores, servers
from benchmarks.measure import FLOOR, OURS, PEER, Figures, Goal, Trial
from benchmarks.replayed import EMPTY, FIRST
from tests.browser.running import PAGES, SETTLED, fresh_link, open_browser

UNITS, SMALL_UNITS = 12_000, 60
STARTS, ROUNDS = 2, 2
WORST, MORE_ROUNDS = 5, 4  # the worst of many medians of few is mostly chance: so many are clicked again
WAIT_MS = 60_000
# Milliseconds from the click to the last change of the screen before it stood still for QUIET_MS with its script at an end
# and its figures drawn.
QUIET_MS = 200
EMPTY_EVERY = 3  # pages
UNSEEN_MS = 700  # the shortest of runs goes by unseen; the longest begins sooner
CLICK = """
async ([name, quiet, unseen]) => {
  const link = [...document.querySelectorAll('[data-testid=stSidebarNavLink]')]
    .find(each => new URL(each.href).pathname === '/' + name)
  const begun = performance.now()
  let last = begun, hasRun = false
  const watch = new MutationObserver(changes => {
    last = performance.now()
    hasRun ||= changes.some(change => change.attributeName === 'data-test-script-state')
  })
  watch.observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true})
  link.click()
  const isSettled = () =>
    document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')
    && (hasRun || performance.now() - begun > unseen)
    && [...document.querySelectorAll('[data-testid=stPlotlyChart]')].every(c => c.querySelector('svg.main-svg'))
  while (!(isSettled() && performance.now() - last > quiet)) {
    await new Promise(again => setTimeout(again, 10))
    if (performance.now() - begun > 60000) throw new Error(name + ' does not settle')
  }
  watch.disconnect()
  return last - begun
}
"""


def take_start(folder: Path, *, units: int, starts: int) -> Figures:
    """From the start of the server until the first page stands in the browser; ours after the sign-in by link."""
    scores.prepare(folder, units=units)
    home = folder / "home"
    taken: dict[str, list[float]] = {"answers": [], "sign-in page": [], OURS: [], PEER: []}
    with open_browser() as browser:
        for _ in range(starts):
            for name, value in _start_ours(browser, home).items():
                taken[name].append(value)
            taken[PEER].append(_start_peer(browser, folder))
    ms = {name: statistics.median(values) for name, values in taken.items()}
    note = f"answers after {ms['answers']:.0f} ms, sign-in page after {ms['sign-in page']:.0f} ms"
    return Figures(ms={name: ms[name] for name in (OURS, PEER)}, mb={}, note=note)


def _start_ours(browser, home: Path) -> dict[str, float]:
    port, begun = servers.free_port(), time.perf_counter()
    url = f"http://127.0.0.1:{port}"
    taken = {}

    def note(name: str) -> None:
        taken[name] = (time.perf_counter() - begun) * 1000

    with servers.running(servers.ours(home, port=port), folder=servers.ROOT):
        servers.wait_until_answers(f"{url}/health")
        note("answers")
        page = browser.new_page()
        page.goto(fresh_link(home, url))
        note("sign-in page")
        page.get_by_role("button", name="登录").click()
        _wait_for(page, "header.aq-header")
        note(OURS)
        page.close()
    return taken


def _start_peer(browser, folder: Path) -> float:
    port, begun = servers.free_port(), time.perf_counter()
    with servers.running(servers.streamlit("hello", port=port), folder=folder):
        servers.wait_until_answers(f"http://127.0.0.1:{port}/_stcore/health")
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}")
        _wait_for(page, "h1")
        taken = (time.perf_counter() - begun) * 1000
        page.close()
    return taken


def _wait_for(page, shown: str) -> None:
    """Wait until something stands on a page whose script is at its end, and every figure is drawn."""
    page.wait_for_selector(shown, timeout=WAIT_MS)
    page.wait_for_selector(SETTLED, timeout=WAIT_MS)
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-testid=stPlotlyChart]')]"
        ".every(c => c.querySelector('svg.main-svg'))",
        timeout=WAIT_MS,
    )


Clicked = dict[str, dict[str, list[float]]]  # milliseconds by contestant and page


@dataclass(frozen=True)
class Visit:
    """What the product sent for one page: the elements of its last run, how many runs there were, how much it was."""

    elements: Sequence[ForwardMsg]
    runs: int
    size: int


def visit(context, url: str, name: str) -> Visit:
    """A page as a tab of its own gets it, so that nothing is left out for being known already."""
    frames: list[bytes] = []
    page = context.new_page()
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(frame)))
    page.goto(f"{url}/{name}")
    _wait_for(page, "header.aq-header")
    page.close()
    elements, runs, size = [], 0, 0
    for frame in frames:
        message = ForwardMsg.FromString(frame)
        size += len(frame)
        if message.WhichOneof("type") == "new_session":
            elements, runs = [], runs + 1
        elif message.WhichOneof("type") == "delta":
            elements.append(message)
    return Visit(elements, runs, size)


def sign_in(browser, home: Path, url: str) -> dict:
    """What a browser keeps once the administrator has signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(fresh_link(home, url))
    page.get_by_role("button", name="登录").click()
    _wait_for(page, "header.aq-header")
    kept = context.storage_state()
    context.close()
    return kept


def take_clicks(folder: Path, *, units: int, rounds: int, pages: Sequence[str]) -> Figures:
    """Median clicks of each page; of them the worst, of ours and of the peer's same page."""
    scores.prepare(folder, units=units)
    home, replayed = folder / "home", folder / "replayed"
    replayed.mkdir()
    port, peer_port = servers.free_port(), servers.free_port()
    url, peer_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer_port}"
    peer = servers.streamlit("run", str(servers.ROOT / "benchmarks" / "replayed.py"), port=peer_port)
    with open_browser() as browser, servers.running(servers.ours(home, port=port), folder=servers.ROOT):
        servers.wait_until_answers(f"{url}/health")
        kept = sign_in(browser, home, url)
        context = browser.new_context(storage_state=kept)
        visits = {name: visit(context, url, name) for name in pages}
        for name, seen in visits.items():
            sent = ForwardMsgList(messages=seen.elements).SerializeToString()
            (replayed / f"{name}.messages").write_bytes(sent)
        env = {"REPLAYED_FOLDER": str(replayed), "PYTHONPATH": str(servers.ROOT)}
        with servers.running(peer, folder=servers.ROOT, env=env):
            servers.wait_until_answers(f"{peer_url}/_stcore/health")
            mine = context.new_page()
            mine.goto(f"{url}/{pages[-1]}")
            _wait_for(mine, "header.aq-header")
            theirs = browser.new_page()
            theirs.goto(f"{peer_url}/{EMPTY}")
            theirs.wait_for_selector(SETTLED, timeout=WAIT_MS)
            clicks = {OURS: partial(_click, mine), PEER: partial(_click, theirs)}
            taken = _click_through(clicks, rounds=rounds, pages=pages)
            return _figures(_medians(taken), visits)


def _click(page, name: str) -> float:
    return page.evaluate(CLICK, ["" if name == FIRST else name, QUIET_MS, UNSEEN_MS])


def _click_through(
    clicks: Mapping[str, Callable[[str], float]], *, rounds: int, pages: Sequence[str]
) -> Clicked:
    """Milliseconds of every page in turn, after one round that does not count; then more of the pages that came off worst
    beside the peer."""
    taken: Clicked = {name: {} for name in (OURS, PEER, FLOOR)}
    _go_round(clicks, {name: {} for name in taken}, pages)
    for _ in range(rounds):
        _go_round(clicks, taken, pages)
    ratios = _ratios(_medians(taken))
    worst = sorted(pages, key=ratios.get, reverse=True)[:WORST]
    for _ in range(MORE_ROUNDS if len(worst) == WORST else 0):
        _go_round(clicks, taken, worst)
    return taken


def _go_round(clicks: Mapping[str, Callable[[str], float]], taken: Clicked, pages: Sequence[str]) -> None:
    for place, page in enumerate(pages):
        clicked = {OURS: clicks[OURS](page), PEER: clicks[PEER](page)}
        if place % EMPTY_EVERY == 0:  # always the same, and waited for longest
            empty = clicks[PEER](EMPTY)
        for name, value in (clicked | {FLOOR: empty}).items():
            taken[name].setdefault(page, []).append(value)


def _medians(taken: Clicked) -> dict[str, dict[str, float]]:
    return {
        name: {page: statistics.median(values) for page, values in by_page.items()}
        for name, by_page in taken.items()
    }


def _ratios(medians: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Ours by the peer, by page."""
    return {page: medians[OURS][page] / medians[PEER][page] for page in medians[OURS]}


def _figures(taken: Mapping[str, Mapping[str, float]], visits: Mapping[str, Visit]) -> Figures:
    """The row of the page that is worst beside the peer's; the note has the median of all, the worst three, the largest page
    and those that run more than once when they are opened."""
    ratios = _ratios(taken)
    worst = sorted(ratios, key=ratios.get, reverse=True)
    named = ", ".join(f"{page} {ratios[page]:.2f} ({taken[OURS][page]:.0f} ms)" for page in worst[:3])
    largest = max(visits, key=lambda page: visits[page].size)
    again = ", ".join(page for page, seen in visits.items() if seen.runs > 1) or "none"
    return Figures(
        ms={name: by_page[worst[0]] for name, by_page in taken.items()},
        mb={},
        note=(
            f"ours/peer: median {statistics.median(ratios.values()):.2f}; worst {named}; "
            f"largest {largest} {visits[largest].size / 1e6:.1f} MB; run twice: {again}"
        ),
    )


def trials(
    *, units: int, starts: int, rounds: int, pages: Sequence[str] = PAGES, name: str = ""
) -> list[Trial]:
    return [
        Trial(
            f"start{name}",
            "start to first page",
            partial(take_start, units=units, starts=starts),
            Goal(ours_to_peer=1.3),
        ),
        Trial(
            f"click{name}",
            "click to settled, worst page",
            partial(take_clicks, units=units, rounds=rounds, pages=pages),
            Goal(ours_to_peer=1.3),
        ),
    ]


CASES = trials(units=UNITS, starts=STARTS, rounds=ROUNDS)
SMALL = trials(units=SMALL_UNITS, starts=1, rounds=1, pages=("overview", "ranking"), name="-small")
