"""Streamlit's runner of scripts as AppTest uses it, with a clock around what a server does for one click."""

from __future__ import annotations

import time
from typing import ClassVar

from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1.local_script_runner import LocalScriptRunner


class TimedRunner(LocalScriptRunner):
    """Runs the script in its thread and writes out its messages, as the server does; `last_ms` is what that took."""

    last_ms: ClassVar[float] = 0.0
    compiled: ClassVar[ScriptCache] = ScriptCache()  # of all runs, as on the server

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._script_cache = self.compiled

    def _run_script_thread(self) -> None:
        started = time.perf_counter()
        try:
            super()._run_script_thread()
            for message in self.forward_msgs():
                message.SerializeToString()
        finally:
            type(self).last_ms = (time.perf_counter() - started) * 1000


def begin_with_the_router() -> None:
    """Every run begins with app.py, as on the server; AppTest would discover pages/ by itself."""
    make = PagesManager.__init__

    def made(self, *args, **kwargs) -> None:
        make(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    PagesManager.__init__ = made
