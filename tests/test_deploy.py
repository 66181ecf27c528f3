"""deploy/ as it is written: nginx with TLS in front of the service or of a writer and two readers, and the unit files."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect

from benchmarks.visitor import Session, sign_in
from data import queries
from data.snapshots import POINTER
from data.store import Store
from tests.browser.running import ROOT, fresh_link, serve
from tests.uploads import CYCLE, Upload, fifty_uploads, send_all_back

DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx") or (shutil.which("nginx", path="/usr/sbin:/usr/local/sbin") or "")
STARTED_WITHIN_S, SEEN_WITHIN_S = 10, 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def tls(tmp_path):
    """A certificate of our own for 127.0.0.1, and what trusts it."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl on this machine")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    return ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))


@pytest.fixture
def proxy(tmp_path, tls):
    """proxy({8501: port}) is the address of nginx, running a site of deploy/ on free ports before services on those ports."""
    if not NGINX:
        pytest.skip("no nginx on this machine")
    running = []

    def start(services: Mapping[int, int], *, name: str = "nginx.conf") -> str:
        port = free_port()
        site = (DEPLOY / name).read_text("utf-8")
        for pattern, replacement in (
            (r"listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
            (r"listen 80;", f"listen 127.0.0.1:{free_port()};"),
            (r"ssl_certificate +\S+;", f"ssl_certificate {tmp_path}/cert.pem;"),
            (r"ssl_certificate_key +\S+;", f"ssl_certificate_key {tmp_path}/key.pem;"),
            *((rf"127\.0\.0\.1:{written}", f"127.0.0.1:{now}") for written, now in services.items()),
        ):
            site, times = re.subn(pattern, replacement, site)
            assert times >= 1, pattern
        (tmp_path / "site.conf").write_text(site, "utf-8")
        temporary = "".join(
            f"{kind}_temp_path {tmp_path}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (tmp_path / "nginx.conf").write_text(
            f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
            f"http {{ access_log off; {temporary} include {tmp_path}/site.conf; }}\n",
            "utf-8",
        )
        running.append(
            subprocess.Popen([NGINX, "-c", str(tmp_path / "nginx.conf")], stderr=subprocess.DEVNULL)
        )
        until = time.monotonic() + STARTED_WITHIN_S
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return f"https://127.0.0.1:{port}"
            time.sleep(0.1)
        raise RuntimeError((tmp_path / "error.log").read_text("utf-8"))

    yield start
    for process in running:
        process.terminate()
        process.wait()


def test_signing_in_through_nginx_gives_secure_cookies_the_real_address_and_a_websocket(
    demo_copy, tmp_path, tls, proxy
):
    port = free_port()
    options = ("--behind-proxy", "127.0.0.1")
    with serve(demo_copy, log=tmp_path / "server.log", options=options, port=port):
        url = proxy({8501: port})
        cookies = asyncio.run(sign_in(url, link=fresh_link(demo_copy, url), verify=tls))
        session = next(cookie for cookie in cookies.jar if cookie.name.startswith("aq_session"))
        assert session.secure
        assert asyncio.run(_is_answered(url, {session.name: session.value}, tls))
        assert not asyncio.run(_is_answered(url, {}, tls))
    store = Store.open(demo_copy)
    origins = store.rows("select distinct origin from audit where action = 'sign-in'")
    store.close()
    assert origins == [("127.0.0.1",)]


def test_readers_behind_nginx_show_what_came_in_at_the_writer(demo_copy, demo_store, tmp_path, tls, proxy):
    upload, snapshots = fifty_uploads(demo_store)[0], tmp_path / "snapshots"
    before = _score(demo_copy, upload, prepare=send_all_back)
    ports = {written: free_port() for written in (8501, 8511, 8512)}
    behind = ("--behind-proxy", "127.0.0.1")
    publishing = (*behind, "--snapshots", str(snapshots), "--every", "1")
    reading = (*behind, "--read-only", str(snapshots), "--writer", f"http://127.0.0.1:{ports[8501]}")
    with ExitStack() as stack:
        start = partial(_serve, stack, demo_copy, tmp_path)
        start(ports[8501], publishing)
        _wait_for(snapshots / POINTER)
        start(ports[8511], reading)
        start(ports[8512], reading)
        url = proxy(ports, name="nginx-readers.conf")
        seen = asyncio.run(_follow(url, fresh_link(demo_copy, url), ports, upload, tls))
    after = _score(demo_copy, upload)
    assert after != before and len(seen) == 2
    for page in seen:
        assert f"{after:.2f}" in page
        assert "（只读副本）" in page
        assert "自评填报" in page and "系统管理" in page  # links to the writer's screens


def _serve(stack: ExitStack, home: Path, folder: Path, port: int, options: Sequence[str]) -> None:
    stack.enter_context(serve(home, log=folder / f"{port}.log", options=options, port=port))


def _score(home: Path, upload: Upload, *, prepare: Callable[[Store], object] = lambda _store: None) -> float:
    """The unit's score, while nobody serves the folder."""
    store = Store.open(home)
    prepare(store)
    score = queries.unit_summary(store, cycle=CYCLE, unit=upload.unit)["score"]
    store.close()
    return score


def _wait_for(path: Path) -> None:
    until = time.monotonic() + SEEN_WITHIN_S
    while not path.exists():
        assert time.monotonic() < until, path
        time.sleep(0.1)


async def _follow(
    url: str, link: str, ports: Mapping[int, int], upload: Upload, tls: ssl.SSLContext
) -> list[str]:
    """What the unit's page says at each reader, once they have the file that was handed in at the writer."""
    cookies = await sign_in(url, link=link, verify=tls)
    async with httpx.AsyncClient(base_url=url, cookies=cookies, verify=tls) as client:
        led = await client.get("/ranking?cycle=2026")
        assert led.headers["location"] == "/read/ranking?cycle=2026"
        shown = await client.get(led.headers["location"], headers={"Accept": "text/html"})
        assert shown.status_code == 200 and 'lang="zh-CN"' in shown.text
        assert (await client.get("/session")).status_code == 404
    async with Session.connect(f"{url}/read", cookies, tls=tls) as session:  # at whichever of the two
        await session.open("ranking", cycle=CYCLE)
        assert not session.screen.errors() and "（只读副本）" in session.screen.text()
    async with Session.connect(url, cookies, tls=tls) as session:
        await session.open("submit", cycle=CYCLE, step="upload")
        await session.upload("uploads_files_0", [(upload.name, upload.content)])
        await session.click("take_in")
        assert "已接收" in session.screen.text() and "（只读副本）" not in session.screen.text()
    handed_in = datetime.now()
    return [
        await _unit_page(f"http://127.0.0.1:{ports[written]}", cookies, upload, handed_in)
        for written in (8511, 8512)
    ]


async def _unit_page(reader: str, cookies: httpx.Cookies, upload: Upload, handed_in: datetime) -> str:
    """The unit's page at a reader whose data are of later than the upload."""
    until = time.monotonic() + SEEN_WITHIN_S
    while datetime.fromisoformat(httpx.get(f"{reader}/health").json()["as_of"]) < handed_in:
        assert time.monotonic() < until
        await asyncio.sleep(0.2)
    async with Session.connect(reader, cookies) as session:
        await session.open("unit", cycle=CYCLE, unit=upload.unit)
        assert not session.screen.errors()
        return session.screen.text()


async def _is_answered(url: str, cookies: dict[str, str], tls: ssl.SSLContext) -> bool:
    """Whether the WebSocket of the screens opens."""
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    try:
        async with connect(
            f"{url.replace('https', 'wss', 1)}/_stcore/stream",
            subprotocols=["streamlit"],
            additional_headers={"Cookie": header},
            origin=url,
            ssl=tls,
            proxy=None,
        ):
            return True
    except Exception as refused:
        assert "403" in str(refused)
        return False


@pytest.mark.parametrize("name", ["assessment.service", "assessment-reader@.service"])
def test_a_unit_file_is_one_that_systemd_understands(tmp_path, name):
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("no systemd on this machine")
    unit = (DEPLOY / name).read_text("utf-8")
    copy = tmp_path / name.replace("@", "@8511")
    # nothing is installed here: a program that exists stands in for the one that would be
    copy.write_text(re.sub(r"ExecStart=\S+", f"ExecStart={shutil.which('true')}", unit), "utf-8")
    done = subprocess.run([analyze, "verify", str(copy)], capture_output=True, text=True, check=False)
    ours = [line for line in (done.stdout + done.stderr).splitlines() if copy.name in line]
    assert not [line for line in ours if "Unknown" in line or "Invalid" in line or "Failed to parse" in line]
