"""A worker of the sandbox: a process that does one task after another within limits; `python -m data.sandbox_worker`.

It knows nothing of the store and holds nothing but the task at hand. It ends when the program that started it closes
its pipe, also by dying; when it has done its number of tasks; or when one of them left it much larger.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import math
import os
import pickle
import signal
import sys
import tempfile
import traceback
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

from data.sandbox_pipe import AskedMark, Elsewhere, KeptMark, Question, Reply, receive, send

try:
    import resource
except ImportError:  # Windows: the program's time limit and a crash staying here hold anyway
    resource = None

PRELOADED = "data.examine"  # nearly every task is one of these; loaded before the first is timed
KEPT_VALUES = 8  # schemes at hand at once; one per open cycle
# A worker that stays so much larger after a task is replaced: the next file needs the room.
WORN_BYTES = 256 * 1024 * 1024
LARGEST_FILE = 128 * 1024 * 1024  # openpyxl writes a workbook's sheets to temporary files first
COLLECTED_AFTER = 50_000  # new objects; reading one workbook makes some thousands and leaves none behind
_SIZES = "/proc/self/statm"
CPU_GRACE_S = 2  # the program's clock strikes first; this one is for a worker whose program has died


class _Worker:
    """Reads tasks and writes replies until the pipe closes or it is worn."""

    def __init__(self, requests: BinaryIO, replies: BinaryIO, *, timeout_s: float, n_tasks: int):
        self.requests, self.replies = requests, replies
        self.timeout_s, self.n_tasks = timeout_s, n_tasks
        self.kept: OrderedDict[KeptMark, Any] = OrderedDict()
        self.size_at_start = _address_space()

    def run(self) -> None:
        """Work until there is nothing more to do."""
        while (request := receive(self.requests)) is not None:
            self.n_tasks -= 1
            _limit_cpu(self.timeout_s + CPU_GRACE_S)
            kind, value = self._do(request)
            del request
            is_worn = self.n_tasks <= 0 or _address_space() - self.size_at_start > WORN_BYTES
            reply = Reply(kind, value, is_last=is_worn or kind in ("memory", "crash"))
            send(self.replies, self._packed(reply))
            if reply.is_last:
                return

    def _do(self, request: bytes) -> tuple[str, Any]:
        try:
            function, args, kwargs = pickle.loads(request)
            args = [self._resolve(value) for value in args]
            kwargs = {name: self._resolve(value) for name, value in kwargs.items()}
            return "done", function(*args, **kwargs)
        except MemoryError:
            return "memory", traceback.format_exc()
        except Exception:
            return "fault", traceback.format_exc()
        except BaseException:  # a panic of a library in Rust is no Exception
            return "crash", traceback.format_exc()

    def _packed(self, reply: Reply) -> bytes:
        try:
            return pickle.dumps(reply, protocol=pickle.HIGHEST_PROTOCOL)
        except MemoryError:
            return pickle.dumps(Reply("memory", "", is_last=True))
        except Exception:  # a result that cannot travel is a fault of the program
            return pickle.dumps(Reply("fault", traceback.format_exc(), is_last=reply.is_last))

    def _resolve(self, value: Any) -> Any:
        if isinstance(value, AskedMark):
            return Elsewhere(lambda keys: self._ask(Question(value, keys)))
        if not isinstance(value, KeptMark):
            return value
        if value not in self.kept:
            self.kept[value] = pickle.loads(self._ask(Question(value)))
        self.kept.move_to_end(value)
        while len(self.kept) > KEPT_VALUES:
            self.kept.popitem(last=False)
        return self.kept[value]

    def _ask(self, question: Question) -> bytes:
        send(self.replies, pickle.dumps(question))
        answer = receive(self.requests)
        if answer is None:
            raise SystemExit  # the program has died in the midst of a task
        return answer


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes for ourselves alone: what a library prints must not get between the messages."""
    requests, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    os.close(nothing)
    return os.fdopen(requests, "rb"), os.fdopen(replies, "wb")


def _ignore_signals() -> None:
    """Ctrl+C and a stopping service reach every process at once; a worker ends when its program lets it go."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGXFSZ"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def _limit_memory(room_bytes: int) -> None:
    """No more address space than what is in use now and this much room, no core dumps, no large files."""
    if resource is None:
        return
    limits = {"RLIMIT_CORE": 0, "RLIMIT_FSIZE": LARGEST_FILE}
    if size := _address_space():
        limits["RLIMIT_AS"] = size + room_bytes
    for name, limit in limits.items():
        with contextlib.suppress(ValueError, OSError):  # a lower limit is in force already
            resource.setrlimit(getattr(resource, name), (limit, limit))


def _limit_cpu(seconds: float) -> None:
    """So much processor time from now on."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(used.ru_utime + used.ru_stime + seconds)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _address_space() -> int:
    """The size of this process in bytes; 0 on systems that do not tell, of which macOS does not limit it either."""
    if resource is None:
        return 0
    try:
        with open(_SIZES, "rb", buffering=0) as sizes:  # noqa: PTH123 - after every task, and three times as fast
            return int(sizes.read(64).split()[0]) * resource.getpagesize()
    except FileNotFoundError:
        return 0


def main(room_bytes: int, timeout_s: float, n_tasks: int, folder: Path) -> None:
    """Say that we are ready, then work; `folder` is the sandbox's own for temporary files."""
    tempfile.tempdir = str(folder)
    requests, replies = _take_pipes()
    _ignore_signals()
    importlib.import_module(PRELOADED)
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER)
    _limit_memory(room_bytes)
    send(replies, b"ready")
    _Worker(requests, replies, timeout_s=timeout_s, n_tasks=n_tasks).run()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
