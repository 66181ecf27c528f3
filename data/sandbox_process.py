"""One worker of the sandbox as the program sees it: started, given a task, waited for no longer than it may take."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from data.sandbox_pipe import Question, Reply, receive, send
from data.sandbox_watch import Watch

ROOT = Path(__file__).parent.parent
START_TIMEOUT_S = 60  # of the interpreter and what it imports; a quarter of a second on an idle machine
END_TIMEOUT_S = 2

# A process that got no more memory aborts itself, or the system kills it; this program's own kill is told apart.
_OUT_OF_MEMORY = {-getattr(signal, name) for name in ("SIGABRT", "SIGKILL") if hasattr(signal, name)}
_OUT_OF_TIME = {-getattr(signal, name) for name in ("SIGXCPU",) if hasattr(signal, name)}


class WorkerStartError(RuntimeError):
    """A worker did not start: a fault of the installation, not of a file."""


@dataclass(frozen=True)
class Overrun:
    """Why a task was stopped instead of giving a result; `detail` is for the log."""

    kind: Literal["timeout", "memory", "crash"]
    detail: str = ""


class WorkerProcess:
    """A process that does tasks, one at a time and for one thread at a time."""

    def __init__(self, *, room_bytes: int, timeout_s: float, n_tasks: int, folder: Path):
        self.timeout_s = timeout_s
        self.is_usable = False
        self._is_overdue = False
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        limits = [str(room_bytes), str(timeout_s), str(n_tasks)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "data.sandbox_worker", *limits, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # where libraries in Rust shout before they panic; faults come as replies
            cwd=ROOT,
            # a library's threads, one per core, would count as memory that a file has taken
            env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        self._watch = Watch(self._overdue)
        with self._time_limit(START_TIMEOUT_S):
            is_ready = receive(self._process.stdout) == b"ready"
        if not is_ready:
            self.kill()
            raise WorkerStartError(f"sandbox worker did not start (exit code {self._process.returncode})")
        self.is_usable = True

    def run(self, request: bytes, answer: Callable[[Question], bytes]) -> Reply | Overrun:
        """Do one task; questions in between go to `answer`. After an Overrun the process is gone."""
        self._is_overdue = False
        try:
            with self._time_limit(self.timeout_s):
                reply = self._talk(request, answer)
        except BaseException:  # left in the midst of a talk, such as by Ctrl+C
            self.kill()
            raise
        if reply is None or self._is_overdue:
            return self._post_mortem()
        if reply.is_last:
            self.close()
        return reply

    def _talk(self, request: bytes, answer: Callable[[Question], bytes]) -> Reply | None:
        """The reply, or None where the worker has ended without one."""
        message = request
        while True:
            try:
                send(self._process.stdin, message)
            except OSError:
                return None
            received = receive(self._process.stdout)
            if received is None:
                return None
            try:
                reply = pickle.loads(received)
            except Exception:  # a worker that has gone wrong says anything
                return None
            if isinstance(reply, Reply):
                return reply
            message = answer(reply)

    @contextlib.contextmanager
    def _time_limit(self, seconds: float):
        """Kill the process when it takes longer; a pipe cannot be waited for with a limit on every system."""
        self._watch.begin(seconds)
        try:
            yield
        finally:
            self._watch.end()

    def _overdue(self) -> None:
        self._is_overdue = True
        self._process.kill()

    def _post_mortem(self) -> Overrun:
        self.close()
        code = self._process.returncode
        if self._is_overdue or code in _OUT_OF_TIME:
            return Overrun("timeout", f"stopped after {self.timeout_s:g} s")
        return Overrun("memory" if code in _OUT_OF_MEMORY else "crash", f"exit code {code}")

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def has_ended(self) -> bool:
        """Whether the process has gone by itself, or been killed by somebody else."""
        return self._process.poll() is not None

    def close(self) -> None:
        """Let the process end by itself, which it does when its pipes close; kill it if it does not."""
        self.is_usable = False
        self._watch.stop()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):  # what was not sent goes nowhere any more
                pipe.close()
        try:
            self._process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """End the process at once, for the thread that uses it."""
        self.stop()
        self.close()

    def stop(self) -> None:
        """End the process at once, from any thread; the one that uses it finds it gone."""
        self.is_usable = False
        self._process.kill()
