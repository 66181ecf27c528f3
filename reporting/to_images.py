"""Figures → PNG and SVG, by a headless browser of this machine that is started once, kept, and can ask no other machine.

The browser reads plotly.js from the installed package, and its proxy is an address where nothing listens. It draws one
picture at a time, for however many sessions. One that has died or does not answer is killed and replaced, once a
picture; one that nobody needs for a while is closed.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import signal
import struct
import threading
import zlib
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import kaleido
import plotly

from reporting.browsers import VARIABLE, find_browser

SCALES = (1, 2, 3, 4)
FORMATS = ("png", "svg")
START_S, PICTURE_S = (
    60,
    120,
)  # starting takes 3 s, a picture 0.3 s; the largest at 4×, a heat map of all counties, 18 s
CLOSE_S = 10
THREAD_S = 2
IDLE_S = 180  # a browser holds some 460 MB
TRIES = 2
NOWHERE = "127.0.0.1:9"
PLOTLY_JS = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
PNG_HEAD = 33  # bytes: signature and the chunk with width and height
PIXELS_PER_METRE = 96 / 0.0254  # at 1×, so that a picture has the same size on paper at every scale


class NoPicture(RuntimeError):
    """The browser did not draw a picture; in Chinese, with what to do."""


class Painter:
    """One browser, driven in one thread with an event loop of its own; `paint` and `close` may be called from any."""

    def __init__(self, browser: str, *, picture_s: float = PICTURE_S, idle_s: float = IDLE_S):
        self.browser, self.picture_s, self.idle_s = browser, picture_s, idle_s
        self._turn = threading.Lock()
        self._drawing: _Drawing | None = None
        self._idle: threading.Timer | None = None

    def paint(self, figure: Any, *, kind: str = "png", scale: float = 1) -> bytes:
        """A figure with width and height in its layout as "png" or "svg"; waits for its turn. Raises NoPicture."""
        spec = figure.checked().to_dict()
        with self._turn:
            if self._idle:
                self._idle.cancel()
            try:
                picture = self._paint(spec, {"format": kind, "scale": scale})
            finally:
                self._idle = threading.Timer(self.idle_s, self.close)
                self._idle.daemon = True
                self._idle.start()
        return _with_density(picture, scale) if kind == "png" else picture

    @property
    def process(self) -> int | None:
        """The id of the browser's process, or None while there is none."""
        return self._drawing.kaleido.subprocess.pid if self._drawing else None

    def close(self) -> None:
        """End the browser; the next picture starts another."""
        with self._turn:
            if self._idle:
                self._idle.cancel()
            self._end()

    def _paint(self, spec: dict, options: dict) -> bytes:
        for attempt in range(1, TRIES + 1):
            try:
                if self._drawing is None:
                    self._drawing = _Drawing(self.browser)
                return self._drawing.run(
                    self._drawing.kaleido.calc_fig(spec, opts=options), within=self.picture_s
                )
            except Exception as fault:
                self._end()
                if attempt == TRIES:
                    raise NoPicture(
                        f"浏览器没有画出图片（{self.browser}：{_words(fault)}）。请稍后重试；"
                        f"仍不行时，请更新这个浏览器，或用环境变量 {VARIABLE} 另指定一个"
                    ) from fault
        raise AssertionError("every try returns or raises")

    def _end(self) -> None:
        drawing, self._drawing = self._drawing, None
        if drawing:
            drawing.end()


class _Drawing:
    """A running browser with its thread. What goes wrong in it leaves it useless: end it and make another."""

    def __init__(self, browser: str):
        self.kaleido = new_kaleido(browser)
        self._loop, self._over = asyncio.new_event_loop(), asyncio.Event()
        self._thread = threading.Thread(target=self._live, name="pictures", daemon=True)
        self._thread.start()
        try:
            self.run(self.kaleido.open(), within=START_S)
        except Exception:
            self.end()
            raise

    def run(self, work: Coroutine[Any, Any, Any], *, within: float) -> Any:
        """The result of the work; raises TimeoutError when it takes longer than so many seconds, and what it raises."""
        going = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return going.result(within)
        except TimeoutError:
            going.cancel()
            raise

    def end(self) -> None:
        """Close the browser, or kill it where it does not close; its thread ends, or stays asleep where the pipe is stuck."""
        try:
            self.run(self.kaleido.close(), within=CLOSE_S)
        except Exception:  # whatever it was, the process must not stay
            self._kill()
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(THREAD_S)

    def _live(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._over.wait())

    def _kill(self) -> None:
        process = getattr(self.kaleido, "subprocess", None)
        if process is None or process.poll() is not None:
            return
        if hasattr(os, "killpg"):  # the browser is a child of kaleido's own helper, in a group of its own
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait(CLOSE_S)


def new_kaleido(browser: str) -> kaleido.Kaleido:
    """Kaleido over the browser, not yet opened: plotly.js from disk, no MathJax, no way to any other machine.

    Chromium refuses to start its sandbox for root, as in containers; only then it does without.
    """
    if not PLOTLY_JS.is_file():
        raise NoPicture(f"缺少 {PLOTLY_JS}：请重新安装 plotly（make run 会重建运行环境）")
    page = kaleido.PageGenerator(plotly=(PLOTLY_JS.as_uri(), "utf-8"), mathjax=False)
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return kaleido.Kaleido(
        page_generator=page, timeout=None, path=browser, proxy_server=NOWHERE, enable_sandbox=not is_root
    )


class _Shared:
    """The painter of this process, made when it is first asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._painter: Painter | None = None

    def get(self) -> Painter:
        browser = find_browser()
        with self._lock:
            if self._painter is None or self._painter.browser != browser:
                if self._painter:
                    self._painter.close()
                else:
                    atexit.register(self.close)
                self._painter = Painter(browser)
            return self._painter

    def close(self) -> None:
        with self._lock:
            if self._painter:
                self._painter.close()


_shared = _Shared()


def to_image(figure: Any, *, kind: str = "png", scale: float = 1) -> bytes:
    """A figure with width and height in its layout as "png" or "svg", by the browser that this process shares.

    Raises NoBrowser where none is installed, NoPicture where it does not draw.
    """
    return _shared.get().paint(figure, kind=kind, scale=scale)


def _with_density(png: bytes, scale: float) -> bytes:
    """The PNG with its pixels per metre, which word processors size it by."""
    density = round(PIXELS_PER_METRE * scale)
    chunk = b"pHYs" + struct.pack(">IIB", density, density, 1)
    checked = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return png[:PNG_HEAD] + checked + png[PNG_HEAD:]


def _words(fault: Exception) -> str:
    text = str(fault).strip().split("\n")[0]
    return f"{type(fault).__name__} {text}".strip()
