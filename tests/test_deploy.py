"""deploy/ as it is written: nginx with TLS in front of the service, and the service's unit file."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Mapping

import pytest
from websockets.asyncio.client import connect

from benchmarks.visitor import sign_in
from data.store import Store
from tests.browser.running import ROOT, fresh_link, serve

DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx") or (shutil.which("nginx", path="/usr/sbin:/usr/local/sbin") or "")
STARTED_WITHIN_S = 10


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


def test_the_unit_file_is_one_that_systemd_understands(tmp_path):
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("no systemd on this machine")
    unit = (DEPLOY / "assessment.service").read_text("utf-8")
    copy = tmp_path / "assessment.service"
    # nothing is installed here: a program that exists stands in for the one that would be
    copy.write_text(re.sub(r"ExecStart=\S+", f"ExecStart={shutil.which('true')}", unit), "utf-8")
    done = subprocess.run([analyze, "verify", str(copy)], capture_output=True, text=True, check=False)
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "assessment.service" in line]
    assert not [line for line in ours if "Unknown" in line or "Invalid" in line or "Failed to parse" in line]
