"""A server that is measured: the product on a prepared home or an empty page, what it takes, and the visitors it gets."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import IO

from access.accounts import Account, Accounts
from benchmarks.clicks import Found, Plan
from benchmarks.servers import ROOT, free_port, ours, running, streamlit, wait_until_answers
from data.store import Store

SAMPLED_EVERY_S = 2.0
PASSWORD = "Chang-baishan88"
# Evaluators of the province and of some prefectures; each account's visitors are the tabs of one browser.
PREFECTURES = ("230100", "230200", "230600", "231000", "232700")
POSTS = (
    *(Account(f"sheng-kaohe-{n}", "示例岗位", "province", "230000") for n in range(1, 4)),
    *(Account(f"shi-kaohe-{region}", "示例岗位", "prefecture", region) for region in PREFECTURES),
)

# Who hands workbooks in while the others look.
SENDER = Account("sheng-shoujian", "示例岗位", "province", "230000")


@dataclass(frozen=True)
class Server:
    """A running server: its address and its process, as /proc tells of it."""

    url: str
    pid: int

    def memory_mb(self, what: str = "VmRSS") -> float:
        """What it holds now, or with VmHWM at most so far."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(what)) / 1024

    def cpu_s(self) -> float:
        """Processor seconds it has taken."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Load:
    """One time under visitors: what they found, and what the server took meanwhile."""

    found: Found
    cpu_s: float
    seconds: float
    peak_mb: float
    memory: list[tuple[float, float]] = field(default_factory=list)  # (seconds from the beginning, MB)

    @property
    def cpu_ms(self) -> float:
        """The server's processor time a click."""
        return self.cpu_s * 1000 / len(self.found.seconds)

    @property
    def mb_a_minute(self) -> float:
        """How fast the server's memory grew in the later half of the time."""
        late = [(at, mb) for at, mb in self.memory if at >= self.seconds / 2]
        return 60 * statistics.linear_regression(*zip(*late, strict=True)).slope if len(late) > 2 else 0.0

    def note(self) -> str:
        """One line for the table."""
        found = self.found
        return (
            f"p50 {found.p50_ms:.0f} ms, {len(found.seconds)} of {found.due:.0f} clicks, "
            f"{sum(found.errors.values())} errors, server {self.cpu_ms:.0f} ms CPU a click, "
            f"visitors {found.cpu_share:.0%} of a core, memory {self.mb_a_minute:+.1f} MB/min"
        )


@contextmanager
def product(home: Path, *options: str) -> Iterator[Server]:
    """`manage.py serve` on a prepared home, or with other options of it."""
    port = free_port()
    command, log = ours(home, *options, port=port), home.parent / f"server-{port}.log"
    with _answering(command, port=port, ready="/health", folder=ROOT, log=log) as server:
        yield server


@contextmanager
def empty_page(folder: Path) -> Iterator[Server]:
    """A Streamlit page with a button, as `streamlit run` serves it."""
    port = free_port()
    page = str(Path(__file__).with_name("empty_page.py"))
    command = streamlit("run", page, "--server.address=127.0.0.1", port=port)
    log = folder / "empty.log"
    with _answering(command, port=port, ready="/_stcore/health", folder=folder, log=log) as server:
        yield server


@contextmanager
def _answering(command: Sequence[str], *, port: int, ready: str, folder: Path, log: Path) -> Iterator[Server]:
    """The command's server from its first answer to the end of the block. Raises RuntimeError with its log."""
    with running(command, folder=folder, log=log) as process:
        server = Server(f"http://127.0.0.1:{port}", process.pid)
        try:
            wait_until_answers(server.url + ready, process=process)
        except TimeoutError as error:
            said = log.read_text("utf-8", errors="replace")
            raise RuntimeError(f"the server did not start:\n{said}") from error
        yield server


def add_posts(home: Path) -> None:
    """Give the home the accounts of POSTS and the sender's, with the password that all of them share."""
    store, posts = Store.open(home), (*POSTS, SENDER)
    accounts = Accounts(store)
    for post, initial in zip(posts, accounts.add_many(posts), strict=True):
        assert accounts.set_password(post.account, old=initial, new=PASSWORD, origin="") == []
    store.close()


def plan_for(server: Server, *, sessions: int, seconds: float, **times: float) -> Plan:
    """Visitors of the product, spread over the posts; `times` are other fields of the plan."""
    names = tuple(post.account for post in POSTS)
    return Plan(server.url, sessions, seconds, accounts=names, password=PASSWORD, **times)


class Visitors:
    """The visitors of a plan in a process of their own; one of `begun` is set when each of their measured times begins."""

    def __init__(self, server: Server, plan: Plan):
        self.begun = [Event() for _ in plan.times]
        self._server, self._plan = server, plan
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.clicks"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._loads: list[Load] = []
        self._follower = Thread(target=self._follow)
        self._follower.start()

    def _follow(self) -> None:
        self._process.stdin.write(json.dumps(asdict(self._plan)))
        self._process.stdin.close()
        lines = self._process.stdout
        try:
            taken = [self._one_time(lines, begun) for begun in self.begun]
            found = [Found(**part) for part in json.loads(lines.readline())]
            peak_mb = self._server.memory_mb("VmHWM")
            self._loads = [
                Load(part, cpu_s, seconds, peak_mb, memory)
                for part, (cpu_s, seconds, memory) in zip(found, taken, strict=True)
            ]
        finally:
            for begun in self.begun:
                begun.set()
            self._process.wait()

    def _one_time(self, lines: IO[str], begun: Event) -> tuple[float, float, list[tuple[float, float]]]:
        """Processor seconds of the server, seconds, and (seconds from the beginning, MB) in one of the times."""
        assert lines.readline() == "begin\n"
        started, cpu_s = time.monotonic(), self._server.cpu_s()
        begun.set()
        memory, over = [], Event()
        sampler = Thread(target=self._sample, args=(memory, over, started))
        sampler.start()
        lines.readline()  # "end"
        seconds, cpu_s = time.monotonic() - started, self._server.cpu_s() - cpu_s
        over.set()
        sampler.join()
        return cpu_s, seconds, memory

    def _sample(self, memory: list[tuple[float, float]], over: Event, started: float) -> None:
        while not over.wait(SAMPLED_EVERY_S):
            memory.append((time.monotonic() - started, self._server.memory_mb()))

    def load(self) -> Load:
        """What came of it, when they have left; where there are several times, of the first."""
        return self.loads()[0]

    def loads(self) -> list[Load]:
        """What came of each time, when they have left. Raises RuntimeError where they did not get that far."""
        self._follower.join()
        if not self._loads:
            raise RuntimeError("the visitors did not get through; what they said stands above")
        return self._loads
