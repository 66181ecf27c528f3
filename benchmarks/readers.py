"""Where one process ends: visitors who click as fast as they are answered, at one process and at two readers behind nginx.

A process runs scripts on one core at a time. The visitors, nginx and the servers share this machine's cores, so that the
ratio here is the least of what readers on machines of their own give; what a click costs a server tells the rest.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from benchmarks.clicks import Plan
from benchmarks.measure import OURS, PEER, Figures, Trial
from benchmarks.scores import prepare
from benchmarks.served import Load, Server, Visitors, add_posts, plan_for, product
from benchmarks.servers import ROOT, free_port
from data.snapshots import make_snapshot
from data.store import Store

PAGES = ("overview", "ranking", "gaps", "unit", "trend", "comparison", "priorities", "regulation")
READERS = (8511, 8512)  # as deploy/nginx-readers.conf names them
SETTLE_S = 6.0
AT_ONCE_S = 0.01  # from an answer to the next click: they never wait
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@dataclass(frozen=True)
class Servers:
    """Several servers behind one address, measured as one."""

    url: str
    each: tuple[Server, ...]

    def memory_mb(self, what: str = "VmRSS") -> float:
        """What they hold together."""
        return sum(server.memory_mb(what) for server in self.each)

    def cpu_s(self) -> float:
        """Processor seconds that they have taken together."""
        return sum(server.cpu_s() for server in self.each)


@contextmanager
def behind_nginx(folder: Path, services: Mapping[int, int]) -> Iterator[str]:
    """The address of nginx with deploy/nginx-readers.conf, without TLS, before the services on these ports."""
    port = free_port()
    site = (ROOT / "deploy" / "nginx-readers.conf").read_text("utf-8")
    site = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", site, flags=re.DOTALL)
    site = re.sub(r" +ssl_.*\n", "", site).replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    for written, now in services.items():
        site = site.replace(f"127.0.0.1:{written};", f"127.0.0.1:{now};")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {paths}\n{site} }}\n",
        "utf-8",
    )
    process = subprocess.Popen([NGINX, "-c", str(main)])
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            if process.poll() is not None:
                raise RuntimeError((folder / "error.log").read_text("utf-8"))
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _one_and_two(folder: Path, *, units: int, sessions: int, seconds: float) -> Figures:
    """Milliseconds from one answered click to the next, of everybody together."""
    home, snapshots = folder / "home", folder / "snapshots"
    prepare(folder, units=units)
    add_posts(home)
    snapshot_s = _publish(home, snapshots)
    plan = partial(_plan, sessions=sessions, seconds=seconds)
    with product(home) as server:
        one = Visitors(server, plan(server)).load()
    if not NGINX:
        return Figures(ms={}, mb={}, note="no nginx on this machine")
    with ExitStack() as stack:
        writer = stack.enter_context(product(home))
        reading = ("--read-only", str(snapshots), "--writer", writer.url, "--behind-proxy", "127.0.0.1")
        readers = tuple(stack.enter_context(product(home, *reading)) for _ in READERS)
        servers = {8501: writer, **dict(zip(READERS, readers, strict=True))}
        ports = {written: int(server.url.rpartition(":")[2]) for written, server in servers.items()}
        url = stack.enter_context(behind_nginx(folder, ports))
        behind = Servers(url, readers)
        two = Visitors(behind, replace(plan(behind), below="/read")).load()
    return Figures(
        ms={OURS: _ms(two), PEER: _ms(one)},
        mb={OURS: two.peak_mb, PEER: one.peak_mb},
        note=f"one process: {_note(one)}; two readers: {_note(two)}; a snapshot took {snapshot_s:.1f} s",
    )


def _publish(home: Path, snapshots: Path) -> float:
    """Seconds that a snapshot of the home took."""
    store = Store.open(home)
    started = time.perf_counter()
    make_snapshot(store, snapshots)
    taken = time.perf_counter() - started
    store.close()
    return taken


def _plan(server: Server | Servers, *, sessions: int, seconds: float) -> Plan:
    plan = plan_for(server, sessions=sessions, seconds=seconds, settle_s=SETTLE_S)
    return replace(plan, every_s=AT_ONCE_S, pages=PAGES)


def _ms(load: Load) -> float:
    return load.seconds * 1000 / len(load.found.seconds)


def _note(load: Load) -> str:
    return (
        f"{1000 / _ms(load):.1f} clicks a second on {load.cpu_s / load.seconds:.2f} cores, {load.cpu_ms:.0f} ms CPU "
        f"a click, p95 {load.found.p95_ms:.0f} ms, {sum(load.found.errors.values())} errors"
    )


def _trials(**size: int) -> Sequence[Trial]:
    return (Trial(f"readers-{size['units']}", "click", partial(_one_and_two, **size)),)


CASES = _trials(units=12_000, sessions=16, seconds=12)
SMALL = _trials(units=500, sessions=4, seconds=5)
