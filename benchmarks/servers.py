"""Servers and a browser for the trials of what a user waits for: ours as it is served, others by `streamlit`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
NO_LOG = Path(os.devnull)
START_S, STOP_S = 300, 20
LOOK_S = 0.01  # between two looks whether a server answers


def ours(home: Path, *options: str, port: int) -> list[str]:
    """The command that serves a runtime folder, or with other options of it."""
    return [sys.executable, "manage.py", "--home", str(home), "serve", "--port", str(port), *options]


def streamlit(*arguments: str, port: int) -> list[str]:
    """`streamlit …` for nobody but the browser of a trial."""
    options = ("--server.headless=true", "--browser.gatherUsageStats=false", f"--server.port={port}")
    return [sys.executable, "-m", "streamlit", *arguments, *options]


@contextmanager
def running(
    command: Sequence[str], *, folder: Path, env: Mapping[str, str] | None = None, log: Path = NO_LOG
) -> Iterator[subprocess.Popen]:
    """A server in `folder` until the block ends; the block waits for it by itself."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | (env or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_answers(url: str, *, process: subprocess.Popen | None = None) -> None:
    """Wait until a server gives the page. Raises TimeoutError, at once where its process has ended."""
    until = time.monotonic() + START_S
    while time.monotonic() < until and (process is None or process.poll() is None):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(LOOK_S)
    raise TimeoutError(f"no server at {url}, which has {START_S} s to start")


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
