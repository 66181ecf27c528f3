"""Runs the product as a person would, and a system browser to look at it; for tests and for the screenshots."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from access.secret import read_key
from access.serving import link_of

ROOT = Path(__file__).parent.parent.parent
# the first has no windows, menus and toolbars to draw where nobody looks
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
)
START_S, STOP_S = 60, 20
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
PAGES = (
    "overview",
    "ranking",
    "gaps",
    "robustness",
    "what_if",
    "comparison",
    "priorities",
    "unit",
    "publication",
    "trend",
    "credibility",
    "meeting",
    "submit",
    "review",
    "rectification",
    "regulation",
    "scheme",
    "admin",
)


def find_browser() -> str | None:
    """The path of an installed Chromium, Chrome or Edge, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextmanager
def open_browser() -> Iterator:
    """A headless system browser that reaches nothing but this machine."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def serve(
    home: Path,
    *,
    log: Path,
    options: Sequence[str] = (),
    port: int | None = None,
    env: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """`manage.py serve` on a free port until the block ends; gives the address. Raises RuntimeError with the log."""
    port = port or _free_port()
    command = [sys.executable, "manage.py", "--home", str(home), "serve", "--port", str(port), *options]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | (env or {}),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def fresh_link(home: Path, url: str) -> str:
    """A one-time link that signs the administrator in, as `manage.py link` prints it for a running server."""
    return link_of(read_key(home), url)


def sign_in(page, home: Path, url: str) -> None:
    """Sign a browser in as the administrator by a one-time link; the first screen follows."""
    page.goto(fresh_link(home, url))
    page.get_by_role("button", name="登录").click()
    settle(page)


def settle(page) -> None:
    """Wait until the screen's script has run to its end and its figures are drawn."""
    page.wait_for_selector("header.aq-header", timeout=30_000)  # before the first run nothing runs either
    page.wait_for_selector(SETTLED, timeout=30_000)
    page.wait_for_function(
        "() => ![...document.querySelectorAll('[data-testid=stPlotlyChart]')].some(c => !c.querySelector('svg.main-svg'))",
        timeout=30_000,
    )
    page.wait_for_selector(SETTLED, timeout=30_000)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_ready(url: str, process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start:\n{log.read_text('utf-8', errors='replace')}")
