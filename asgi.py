"""The server: Streamlit's application behind the guard, with the sign-in screens, in Chinese, and quick from the start.

Started by `manage.py serve`, as `streamlit run asgi.py --server.address HOST --server.port PORT` with the runtime folder
in $ASSESSMENT_HOME and the proxies to trust, or none, in $FORWARDED_ALLOW_IPS. It needs no network and prints its address
when it is ready. `GET /health` answers {"status": "ok", "version": …} to anybody. With a folder of snapshots in
$ASSESSMENT_READS it only reads, and asks the writing service at $ASSESSMENT_WRITER who its visitors are.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import os
import pkgutil
import shutil
import subprocess
import sys
import tomllib
import webbrowser
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple

import streamlit as st
from google.protobuf.message import DecodeError
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.state.session_state import SessionState, WStates, _is_stale_widget
from streamlit.string_util import is_emoji

from access import serving
from access.for_readers import ForReaders
from access.gate import Gate, gate_of
from access.guard import HEALTH, Guard
from access.reader import ReaderGate, elsewhere_routes
from access.routes import SignIn
from chinese_page import ChinesePage
from data.backup_schedule import start_daily_backups
from data.inbox_folder import INBOX, prepare_inbox
from data.read_only import READS_VARIABLE, ReadOnlyStore, start_following
from data.snapshots import start_snapshots
from data.store import Store, StoreError
from library_files import LibraryFiles
from pages.components.one_store import whole_store
from pages.components.sending import send_at_once, send_in_bunches, wake_once

ROOT = Path(__file__).resolve().parent
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
LOG = logging.getLogger("assessment")
# what runs leave in circles, some 10 MB each second at twenty clicks: what is young is looked at often, all there is seldom,
# since that stops everything for a third of a second
COLLECTED_EVERY_S, WHOLE_EVERY = 5.0, 12
OTHERS_AFTER_S = 8.0  # what only other screens need is imported when the first one stands
# glibc's mallopt(3): how many heaps threads may have besides each other. Of a heap for each of a hundred visitors half lies
# idle, since what one thread gave back is not lent to the next.
M_ARENA_MAX, HEAPS = -8, 2
# and from how many bytes on a block is taken from the system by itself and given back at once; left alone, glibc raises that with
# every larger block that is freed, and heaps become full of holes
M_MMAP_THRESHOLD, OWN_BLOCK = -3, 256 * 1024
# Python's own look at the young comes in the middle of a run and makes what that works with old, so that it is seldom; of more at
# once it stops everything for longer: 5 ms with so many, 25 with five times as many
YOUNG_AFTER = (10_000, 250, 1_000)


async def health(_request: Request) -> JSONResponse:
    """Whether the server answers, its version, and of a read-only one as of when its data are."""
    store = open_store()
    told = {"as_of": store.as_of.isoformat()} if isinstance(store, ReadOnlyStore) else {}
    return JSONResponse({"status": "ok", "version": VERSION} | told)


async def to_first_page(request: Request) -> RedirectResponse:
    """总览 is the first page and stands at /; its own name leads there, filters included."""
    return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/")


def show_error(error: Exception) -> bool:
    """What a visitor sees of a program's fault: that it is logged and what to do, never a traceback."""
    from pages.components.access import NotAllowed, SignedOut

    if isinstance(error, SignedOut | NotAllowed):  # no fault: their text says what it is and what to do
        st.warning(str(error), icon="🔒")
        return True
    if isinstance(error, StoreError):  # something a person can mend; its text says what and how
        LOG.error("%s", error)
        st.error(str(error), icon="⚠️")
        return True
    LOG.error("页面出错", exc_info=error)
    st.error(
        "程序出错，详情已写入日志。请刷新页面重试；如仍出错，请将出错的页面和时间告知管理人员。", icon="⚠️"
    )
    return True


def show_in_browser(url: str) -> None:
    """Open the visitor's own browser; where the desktop has no opener, the printed address has to do."""
    if os.name == "nt":
        webbrowser.open(url)
    elif opener := shutil.which("open" if sys.platform == "darwin" else "xdg-open"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        Thread(target=subprocess.run, args=([opener, url],), kwargs=quiet, daemon=True).start()


def open_store() -> Store:
    """The one store of this process, whole."""
    return whole_store()


def open_gate() -> Gate | ReaderGate:
    """The gate of the one store of this process."""
    return gate_of(open_store())


def is_automatic(message: bytes) -> bool:
    """Whether an open page sent the message by itself, which is no sign that anybody is there."""
    try:
        return BackMsg.FromString(message).rerun_script.is_auto_rerun
    except DecodeError:
        return False


class Provider(NamedTuple):
    """The institution's identity provider as far as the server needs it; nothing of it where none is set."""

    name: str = ""
    also_open: tuple[tuple[str, str], ...] = ()
    routes: Sequence[Route] = ()


def find_provider() -> Provider:
    """What `[auth]` of secrets.toml sets. Raises StoreError where it is set wrongly."""
    auth: dict[str, Any] = {}
    for path in map(Path, st.get_option("secrets.files")):
        if path.is_file():
            auth |= tomllib.loads(path.read_text("utf-8")).get("auth", {})
    if not auth:
        return Provider()
    from access import oidc  # brings Authlib, which nobody else needs

    settings = oidc.read_settings(auth)
    return Provider(settings.name, oidc.OPEN, oidc.IdentityProvider(settings, gate=open_gate).routes())


def say_ready(gate: Gate | ReaderGate) -> str:
    """Print where the server stands, on stderr, and what must be known about it; returns the address to open."""
    host = st.get_option("server.address") or "127.0.0.1"
    is_tls = bool(st.get_option("server.sslCertFile"))
    url = shown = serving.url_of(host, st.get_option("server.port"), is_tls=is_tls)
    lines = [f"看板已就绪：{url} （按 Ctrl+C 停止）"]
    if not (serving.is_loopback(host) or is_tls or os.environ.get(serving.PROXY_VARIABLE)):
        lines.append(serving.CLEAR_TEXT_WARNING)
    always = os.environ.get(serving.LINK_VARIABLE) == "always"
    if isinstance(gate, Gate) and serving.wants_link(gate, is_terminal=sys.stderr.isatty(), always=always):
        shown = serving.link_of(gate.key, url)
        lines.append(serving.link_line(shown))
    # on stderr, so that whoever starts the server can send Streamlit's own English lines on stdout away
    print("\n".join(lines), file=sys.stderr, flush=True)
    return shown


def writing_services(store: Store) -> list[Callable[[], None]]:
    """Start what works beside the screens on the store that they write to; each of the list ends one."""
    from data.inbox import start_inbox
    from data.score_ahead import start_scoring_ahead

    services = [start_daily_backups(store), start_inbox(store), start_scoring_ahead(store)]
    if folder := os.environ.get(serving.SNAPSHOTS_VARIABLE):
        every_s = float(os.environ[serving.EVERY_VARIABLE])
        services.append(start_snapshots(store, Path(folder), every_s=every_s))
    return services


def sign_in_routes() -> list[Route]:
    """The ways in, and what read-only servers ask; at a read-only server only the word that they are elsewhere."""
    if os.environ.get(READS_VARIABLE):
        return elsewhere_routes()
    return [
        *SignIn(open_gate, provider=PROVIDER.name).routes(),
        *ForReaders(open_gate).routes(),
        *PROVIDER.routes,
    ]


def begin_work(store: Store, stops: list[Callable[[], None]]) -> None:
    """What the first visitors would wait for, done while their browser still loads; then what works beside the screens is
    started, and what ends it put into `stops`."""
    try:
        prepare_screens(store)
    except Exception as error:  # whoever comes first is told, or waits
        LOG.error("启动后的预备没有完成：%s", error, exc_info=not isinstance(error, StoreError))
    stops.append(start_collecting())
    stops += [start_following(store)] if isinstance(store, ReadOnlyStore) else writing_services(store)


def prepare_screens(store: Store) -> None:
    """Bring the results of the newest year and of the one before up to date, and meanwhile import what the first page needs
    (pandas, plotly)."""
    from pages import components

    with ThreadPoolExecutor(1, thread_name_prefix="first-results") as beside:
        scored = beside.submit(refresh_newest, store)
        import_module(f"{components.__name__}.overview_view")
        is_emoji("")  # makes a pattern of all emojis, for the page's icon
    scored.result()


def prepare_other_screens() -> None:
    """Import what the screens need that nobody has opened yet. What was imported is frozen: no collection need look at it
    again."""
    from pages import components

    for module in pkgutil.iter_modules(components.__path__, f"{components.__name__}."):
        import_module(module.name)
    gc.collect()
    gc.freeze()


def refresh_newest(store: Store) -> None:
    """Bring up to date what the first page shows: the newest year, and what it is compared with."""
    for cycle in store.cycles()[:2]:
        store.refresh(cycle)


def share_heaps() -> None:
    """Let all threads take their memory from a few heaps, where the C library is glibc, which has such a setting."""
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(M_ARENA_MAX, HEAPS)
        libc.mallopt(M_MMAP_THRESHOLD, OWN_BLOCK)


def forget_gone_widgets() -> None:
    """Let sessions forget the widgets that are gone.

    Streamlit gives up their values and keeps the rest, a kilobyte of each that the session ever showed, and the identities of their
    keys, half of one: of tables and buttons whose names tell regions apart, some a click.
    """
    remove_values, remove_stale = WStates.remove_stale_widgets, SessionState._remove_stale_widgets

    def remove(states: WStates, active: frozenset[str], fragments: list[str] | None) -> None:
        remove_values(states, active, fragments)
        states.widget_metadata = {
            key: metadata
            for key, metadata in states.widget_metadata.items()
            if not _is_stale_widget(metadata, active, fragments)
        }

    def remove_with_keys(state: SessionState, active: frozenset[str]) -> None:
        remove_stale(state, active)
        keys, known = state._key_id_mapper, state._new_widget_state.widget_metadata
        for identity, key in list(keys.id_key_mapping.items()):
            if identity in known or identity in state._old_state:
                continue
            if keys.get_id_from_key(key) == identity:
                del keys[key]
            else:  # its key belongs to another widget by now, as a filter's on another page
                del keys.id_key_mapping[identity]

    WStates.remove_stale_widgets = remove
    SessionState._remove_stale_widgets = remove_with_keys


def start_collecting() -> Callable[[], None]:
    """Give back what runs left in circles, in a thread beside them instead of after each (`runner.postScriptGC`); before that,
    once the first visitor has a page, it makes the other screens ready. What is returned ends it."""
    stopping = Event()
    gc.set_threshold(*YOUNG_AFTER)
    gc.enable()

    def collect() -> None:
        if stopping.wait(OTHERS_AFTER_S):
            return
        prepare_other_screens()
        for turn in count(1):
            if stopping.wait(COLLECTED_EVERY_S):
                return
            gc.collect(2 if turn % WHOLE_EVERY == 0 else 1)

    Thread(target=collect, name="collect", daemon=True).start()
    return stopping.set


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Open the store and say where the server stands; what is not needed for that comes while it already answers."""
    gc.disable()  # until `start_collecting`: whatever is imported stays, and looking through it each time takes 0.2 s
    share_heaps()
    forget_gone_widgets()
    loop = asyncio.get_running_loop()
    send_at_once(loop)
    wake_once(loop)
    send_in_bunches(loop)
    serving.check_proxies_are_named()
    store = open_store()
    gate = gate_of(store)
    if isinstance(gate, Gate):
        serving.check_may_listen(st.get_option("server.address") or "127.0.0.1", gate.accounts)
        # there others are told to put files while this process holds the folder
        with suppress(OSError):  # whoever watches it says so
            prepare_inbox(store.home / INBOX)
    stops: list[Callable[[], None]] = []
    shown = say_ready(gate)
    if not st.get_option("server.headless"):
        # the socket opens right after this start-up is done
        loop.call_later(1, show_in_browser, shown)
    beginning = Thread(target=begin_work, args=(store, stops), name="begin-work")
    beginning.start()
    yield
    beginning.join()
    for stop in reversed(stops):
        stop()
    store.close()


# The first visit must not find Streamlit's own discovery of pages/, which st.navigation switches off only afterwards.
PagesManager.uses_pages_directory = False

PROVIDER = find_provider()

app = st.App(
    ROOT / "app.py",
    lifespan=lifespan,
    routes=[
        Route(HEALTH, health),
        Route("/overview", to_first_page),
        *sign_in_routes(),
    ],
    middleware=[
        Middleware(Guard, gate=open_gate, also_open=PROVIDER.also_open, is_automatic=is_automatic),
        Middleware(ChinesePage),
        Middleware(LibraryFiles),
    ],
    on_script_error=show_error,
    # besides those of a file; without any at all, each look at st.user would search the disk for that file again
    secrets={"assessment": {}},
)
