"""The running product in a system browser, watched: no other host may be asked, and the console stays silent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from access.accounts import Account, Accounts
from data.demo import SCHEME
from data.store import Store
from scoring.scheme import shipped_schemes
from tests.browser.running import find_browser, open_browser, serve, sign_in

OWN_HOST = "127.0.0.1"
INITIAL_PASSWORD = "initial-password"  # of hrb-kaohe, in the runtime folder
OWN_SCHEMES = ("data", "blob", "about")  # what a page makes itself, without asking anybody
# what moves is drawn sixty times a second, which takes a tenth of all processor time of these tests
AS_FIRST = {"viewport": {"width": 1440, "height": 1000}, "reduced_motion": "reduce"}
NOWHERE = "about:blank"


@pytest.fixture(scope="package")
def browser():
    """One headless browser for the tests of this folder; its event loop must be gone before other tests run theirs."""
    if find_browser() is None:
        pytest.skip("no Chromium, Chrome or Edge on this machine")
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="package")
def home(demo_home, tmp_path_factory) -> Path:
    """A copy of the demo whose newest cycle ended yesterday, whatever today is."""
    copy = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("browser") / "home"))
    store = Store.open(copy)
    deadline = datetime.combine(date.today(), datetime.min.time()) - timedelta(seconds=1)
    store.open_cycle(
        cycle=2026, scheme_path=shipped_schemes()[SCHEME], opens_on=date(2026, 8, 1), deadline=deadline
    )
    initial = Accounts(store).add(Account("hrb-kaohe", "哈尔滨市考核办", "prefecture", "230100"))
    (copy / INITIAL_PASSWORD).write_text(initial, "utf-8")
    store.close()
    return copy


@pytest.fixture(scope="package")
def server(home, browser, tmp_path_factory) -> str:
    """The product running on `home`; its address."""
    with serve(home, log=tmp_path_factory.mktemp("log") / "server.log") as url:
        yield url


@pytest.fixture(scope="package")
def tabs(browser, server, home):
    """What the tabs of one signed-in person share."""
    with signed_in_tabs(browser, server, home) as context:
        yield context


@pytest.fixture(scope="package")
def signed_in(tabs) -> dict:
    """What a browser keeps once the administrator has signed in by a one-time link."""
    return tabs.storage_state()


@pytest.fixture
def page(tabs):
    """A signed-in page that fails its test when anything but the product was asked, or the console had an error."""
    with watched_page(tabs) as opened:
        yield opened


@pytest.fixture
def page_of_its_own(tabs):
    """The same in a tab of its own, for what would stay with a tab that others use after it."""
    with watched(tabs.new_page()) as opened:
        yield opened
        opened.close()


@contextmanager
def signed_in_tabs(browser, server: str, home: Path) -> Iterator:
    """What tabs share: that the administrator is signed in, and the scripts that the first of them has fetched, 10 MB for each."""
    context = browser.new_context(base_url=server, locale="zh-CN", accept_downloads=True, **AS_FIRST)
    sign_in(context.new_page(), home, server)
    yield context
    context.close()


@contextmanager
def watched_page(tabs) -> Iterator:
    """The tab that the tests before used, if it is left, since in a new one 10 MB of script are compiled anew, which is more than half
    of a page's time; nothing is left in it but its history."""
    page = tabs.pages[0] if tabs.pages else tabs.new_page()
    try:
        with watched(page) as opened:
            yield opened
            opened.goto(NOWHERE)
    except BaseException:
        page.close()
        raise
    page.set_viewport_size(AS_FIRST["viewport"])
    page.emulate_media(media="null", color_scheme="light")
    for other in tabs.pages[1:]:  # of a test that failed before it closed them
        other.close()


@contextmanager
def watched(page) -> Iterator:
    """While it is, nothing but the product is asked and the console is silent."""
    strangers, errors = [], []

    def note(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in OWN_SCHEMES and parts.hostname != OWN_HOST:
            strangers.append(url)

    listeners = {
        "request": lambda request: note(request.url),
        "websocket": lambda socket: note(socket.url),
        "console": lambda message: errors.append(message.text) if message.type == "error" else None,
        "pageerror": lambda error: errors.append(str(error)),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    yield page
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    assert not strangers, "asked another host"
    assert not errors, "errors on the console"
