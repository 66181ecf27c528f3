"""Runs what meets a stranger's file in processes of its own, each with a limit of time and memory.

A file that makes a parser hang, crash or fill the memory costs its worker and becomes an `Overrun`; the program goes on.
This holds against faults of parsers, not against a file that takes over its worker: workers are the same user.

The processes are plain children that speak over pipes: the starting methods of `multiprocessing` would run the web
server's main module again in every child, or fork a process that has threads.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import queue
import shutil
import tempfile
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from data.sandbox_pipe import AskedMark, KeptMark, Question
from data.sandbox_process import Overrun, WorkerProcess

__all__ = ["Asked", "Kept", "Overrun", "Ready", "Sandbox", "TaskFault", "get_sandbox"]

TIMEOUT_S = 8.0  # a filled workbook takes 0.01 s, the largest register 3 s
# A filled workbook needs a few MB, the largest sheet that is let through 200 MB.
ROOM_BYTES = 768 * 1024 * 1024
TASKS_PER_WORKER = 1000  # a new process after so many, for what libraries leak; costs 0.3 s in about 8
MOST_WORKERS = 4
# What may be under way in a `map`: enough that workers stay busy while a batch of results is written.
AHEAD_TASKS, AHEAD_BYTES = 100, 32 * 1024 * 1024
KEPT_VALUES = 8


class TaskFault(Exception):
    """A task ended with an exception: a fault of the program. The worker's traceback is the message."""


@dataclass(frozen=True)
class Kept:
    """An argument that is the same object in many calls, such as the scheme: sent to each worker once."""

    value: Any


@dataclass(frozen=True)
class Asked:
    """A mapping of which a task needs few entries: it stays here, and the worker asks for them."""

    mapping: Mapping


@dataclass(frozen=True)
class Ready:
    """In a `map`, a result that needs no worker but has its place among the others."""

    value: Any


@dataclass
class _Task:
    """One call, packed: its bytes, and what the worker may ask for in the midst of it."""

    request: bytes = b""
    kept: dict[int, bytes] = field(default_factory=dict)
    asked: list[Mapping] = field(default_factory=list)

    def answer(self, question: Question) -> bytes:
        """What the worker wants to know, packed."""
        if isinstance(question.about, KeptMark):
            return self.kept[question.about.token]
        mapping = self.asked[question.about.number]
        return pickle.dumps({key: mapping[key] for key in question.keys if key in mapping})


class Sandbox:
    """Some worker processes, started when they are needed; any thread may call."""

    def __init__(
        self,
        *,
        workers: int | None = None,
        room_bytes: int = ROOM_BYTES,
        timeout_s: float = TIMEOUT_S,
        tasks_per_worker: int = TASKS_PER_WORKER,
    ):
        self.workers = workers or min(_processors(), MOST_WORKERS)
        self._limits = {"room_bytes": room_bytes, "timeout_s": timeout_s, "n_tasks": tasks_per_worker}
        self._folder = Path(tempfile.mkdtemp(prefix="sandbox-"))  # for temporary files of the workers
        # A place for each worker; None where no process runs yet. Last in, first out: one caller needs one process.
        self._places: queue.LifoQueue[WorkerProcess | None] = queue.LifoQueue()
        for _ in range(self.workers):
            self._places.put(None)
        self._running: set[WorkerProcess] = set()
        self._threads = ThreadPoolExecutor(self.workers, thread_name_prefix="sandbox")
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, tuple[Any, int, bytes]] = OrderedDict()
        self._tokens = count()
        self._owner = os.getpid()
        self.is_closed = False

    def call(self, function: Callable, /, *args: Any, **kwargs: Any) -> Any:
        """Run a function of a module in a worker and return its result, or an `Overrun`.

        Raises TaskFault for an exception inside, RuntimeError when the sandbox is closed.
        """
        return self._run(self._pack(function, args, kwargs))

    def map(self, function: Callable, calls: Iterable[Mapping[str, Any] | Ready]) -> Iterator[Any]:
        """The results of many calls, given by their keyword arguments, in their order.

        A fault comes as a TaskFault among the results, so that the other calls go on. Only so many calls are taken
        from `calls` ahead of the results that memory stays flat.
        """
        waiting: deque[tuple[Future, int]] = deque()
        ahead = 0
        calls = iter(calls)
        is_more = True
        try:
            while is_more or waiting:
                while is_more and len(waiting) < AHEAD_TASKS and ahead < AHEAD_BYTES:
                    call = next(calls, None)
                    if call is None:
                        is_more = False
                    else:
                        waiting.append(self._submit(function, call))
                        ahead += waiting[-1][1]
                if waiting:
                    future, size = waiting.popleft()
                    ahead -= size
                    yield future.exception() if _is_fault(future) else future.result()
        finally:
            for future, _ in waiting:
                future.cancel()

    def close(self) -> None:
        """End the workers; calls under way become Overruns. Does nothing in a fork, whose workers these are not."""
        if not self.is_ours:
            return
        with self._lock:
            self.is_closed = True
            for worker in self._running:
                worker.stop()
        self._threads.shutdown(cancel_futures=True)
        for _ in range(self.workers):  # those at work come back when their call has failed
            if worker := self._places.get():
                self._end(worker)
        for _ in range(self.workers):
            self._places.put(None)
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def is_ours(self) -> bool:
        """Whether it is open, and this process opened it, not one that this one was forked from."""
        return not self.is_closed and self._owner == os.getpid()

    def pids(self) -> set[int]:
        """The process ids of the workers that run now."""
        with self._lock:
            return {worker.pid for worker in self._running}

    def _submit(self, function: Callable, call: Mapping[str, Any] | Ready) -> tuple[Future, int]:
        if isinstance(call, Ready):
            future: Future = Future()
            future.set_result(call.value)
            return future, 0
        task = self._pack(function, (), call)
        return self._threads.submit(self._run, task), len(task.request)

    def _run(self, task: _Task) -> Any:
        with self._worker() as worker:
            reply = worker.run(task.request, task.answer)
        if isinstance(reply, Overrun):
            return reply
        if reply.kind == "done":
            return reply.value
        if reply.kind == "fault":
            raise TaskFault(reply.value)
        return Overrun(reply.kind, str(reply.value))

    @contextlib.contextmanager
    def _worker(self) -> Iterator[WorkerProcess]:
        """A worker for one task; waits while all are busy."""
        worker = self._places.get()
        try:
            if (
                worker and worker.has_ended()
            ):  # such as killed by the system, short of memory, while it was idle
                self._end(worker)
                worker = None
            worker = worker or self._start()
            yield worker
        finally:
            if worker and not worker.is_usable:
                self._end(worker)
                worker = None
            self._places.put(worker)

    def _start(self) -> WorkerProcess:
        if self.is_closed:
            raise RuntimeError("the sandbox is closed")
        worker = WorkerProcess(folder=self._folder, **self._limits)
        with self._lock:
            self._running.add(worker)
            if self.is_closed:  # while it started: too late for `close` to see it
                worker.stop()
        return worker

    def _end(self, worker: WorkerProcess) -> None:
        worker.close()
        with self._lock:
            self._running.discard(worker)

    def _pack(self, function: Callable, args: Iterable[Any], kwargs: Mapping[str, Any]) -> _Task:
        task = _Task()
        packed = (
            function,
            [self._mark(value, task) for value in args],
            {name: self._mark(value, task) for name, value in kwargs.items()},
        )
        task.request = pickle.dumps(packed, protocol=pickle.HIGHEST_PROTOCOL)
        return task

    def _mark(self, value: Any, task: _Task) -> Any:
        if isinstance(value, Asked):
            task.asked.append(value.mapping)
            return AskedMark(len(task.asked) - 1)
        if not isinstance(value, Kept):
            return value
        token, content = self._keep(value.value)
        task.kept[token] = content
        return KeptMark(token)

    def _keep(self, value: Any) -> tuple[int, bytes]:
        """The token of a kept value and its packed content; packed once for as long as it is in use."""
        with self._lock:
            found = self._kept.get(id(value))
            if found is None:
                content = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
                found = self._kept[id(value)] = (value, next(self._tokens), content)
            self._kept.move_to_end(id(value))
            while len(self._kept) > KEPT_VALUES:
                self._kept.popitem(last=False)
            return found[1:]


_the_sandbox: Sandbox | None = None
_lock = threading.Lock()


def get_sandbox() -> Sandbox:
    """The sandbox of this process, closed when it ends; also when it is killed, for then the workers' pipes close."""
    global _the_sandbox
    with _lock:
        if _the_sandbox is None or not _the_sandbox.is_ours:
            _the_sandbox = Sandbox()
            atexit.register(_the_sandbox.close)
        return _the_sandbox


def _is_fault(future: Future) -> bool:
    return isinstance(future.exception(), TaskFault)


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
