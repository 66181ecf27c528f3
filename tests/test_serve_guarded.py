"""The real server: what it answers to whom, what it prints at its start, and whom it believes about addresses."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from access.accounts import Account, Accounts
from access.cookies import SESSION, cookie_name
from access.secret import read_key
from access.serving import CLEAR_TEXT_WARNING
from data.store import Store
from tests.access.identity_provider import CLIENT_ID, CLIENT_SECRET, run_identity_provider
from tests.browser.running import ROOT, fresh_link, serve

PASSWORD = "Chang-baishan88"
HTML = {"accept": "text/html"}


def add_administrator(home: Path) -> None:
    """An administrator whose password is PASSWORD."""
    store = Store.open(home)
    accounts = Accounts(store)
    initial = accounts.add(Account("xitong", "系统管理岗", "administrator", "230000"))
    assert accounts.set_password("xitong", old=initial, new=PASSWORD, origin="") == []
    store.close()


def audit_of(home: Path) -> list[tuple]:
    """origin, action, object, outcome, oldest first; the server must have ended."""
    store = Store.open(home)
    rows = store.rows("select origin, action, object, outcome from audit order by seq")
    store.close()
    return rows


@contextmanager
def browser(url: str):
    """A browser that keeps cookies and follows nothing."""
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
        yield client


def submit(client: httpx.Client, path: str, *, headers=None, **fields: str) -> httpx.Response:
    """Open a screen and send its form, with the cookies it set even where they are for TLS only."""
    headers = HTML | {"origin": str(client.base_url).rstrip("/")} | (headers or {})
    page = client.get(path, headers=headers)
    token = re.search(r'name="xsrf" value="([^"]+)"', page.text)[1]
    if set_by_it := "; ".join(each.split(";")[0] for each in page.headers.get_list("set-cookie")):
        headers |= {"cookie": set_by_it}
    return client.post(path.split("?")[0], data={"xsrf": token, **fields}, headers=headers)


def sign_in_by_link(client: httpx.Client, home: Path, url: str) -> None:
    """Sign in as the local administrator."""
    link = fresh_link(home, url)
    assert submit(client, link.removeprefix(url), t=link.split("?t=")[1]).status_code == 303


def cookies_of(client: httpx.Client) -> str:
    """The cookies that a browser sends."""
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)


def stream(url: str, client: httpx.Client | None = None, origin: str | None = None):
    """The page's WebSocket, with a browser's cookies."""
    cookies = cookies_of(client) if client else ""
    return connect(
        url.replace("http", "ws") + "/_stcore/stream",
        origin=origin or url,
        additional_headers={"cookie": cookies} if cookies else {},
        subprotocols=["streamlit"],
        proxy=None,
    )


@pytest.fixture(scope="module")
def home(demo_home, tmp_path_factory) -> Path:
    return Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("guarded") / "home"))


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("log") / "server.log"


@pytest.fixture(scope="module")
def server(home, log):
    with serve(home, log=log) as url:
        yield url


CLOSED = [
    ("GET", "/"),
    ("GET", "/unit?cycle=2026"),
    ("GET", "/media/x"),
    ("GET", "/_stcore/health"),
    ("GET", "/_stcore/host-config"),
    ("GET", "/_stcore/metrics"),
    ("GET", "/_stcore/stream"),
    ("PUT", "/_stcore/upload_file/session/file"),
    ("POST", "/_stcore/agent/interact"),
    ("GET", "/_stcore/agent/openapi.json"),
    ("GET", "/static/css/index.css"),
    ("GET", "/favicon.png"),
    ("GET", "/overview"),
    ("GET", "/auth/login"),
    ("GET", "/oauth2callback"),
    ("GET", "//_stcore/metrics"),
    ("GET", "/%5fstcore/metrics"),
]


def test_without_a_cookie_nothing_is_answered_but_the_way_in(server):
    with browser(server) as client:
        for method, path in CLOSED:
            answer = client.request(method, server + path)
            assert answer.status_code == 401, path
            assert "streamlit" not in answer.text.lower(), path
        assert client.get("/health").json()["status"] == "ok"
        assert client.get("/unit?cycle=2026", headers=HTML).headers["location"].startswith("/login?next=")
        for path in ("/login", "/link"):
            assert client.get(path, headers=HTML).status_code == 200


def test_without_a_cookie_or_from_another_site_the_websocket_stays_closed(server, home):
    with pytest.raises(InvalidStatus, match="403"):
        stream(server)
    with browser(server) as client:
        sign_in_by_link(client, home, server)
        with pytest.raises(InvalidStatus, match="403"):
            stream(server, client, origin="http://evil.example")


def test_an_ended_session_gets_nothing_at_its_next_request(server, home):
    with browser(server) as client:
        sign_in_by_link(client, home, server)
        for path in ("/_stcore/health", "/_stcore/metrics", "/", "/favicon.png"):
            assert client.get(path).status_code == 200, path
        page = client.get("/", headers=HTML)
        assert "script-src 'self' 'sha256-" in page.headers["content-security-policy"]
        kept = {"cookie": cookies_of(client)}  # as a copy of them that somebody made
        with stream(server, client) as socket:
            assert submit(client, "/logout").status_code == 303
            socket.send(b"\x08\x01")
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    socket.recv(timeout=10)
            assert closed.value.rcvd.code == 4401
        for method, path in CLOSED:
            assert client.request(method, server + path, headers=kept).status_code == 401, path
        with pytest.raises(InvalidStatus, match="403"):
            stream(server, client)


def test_a_link_is_printed_and_signs_the_administrator_in_once(server, log):
    printed = re.search(
        r"首次使用或忘记密码时，用此链接登录（只能用一次.*?）：(\S+)", log.read_text("utf-8")
    )[1]
    assert printed.startswith(f"{server}/link?t=")
    path, token = printed.removeprefix(server), printed.split("?t=")[1]
    with browser(server) as client:
        assert submit(client, path, t=token).status_code == 303
        assert client.get("/_stcore/metrics").status_code == 200
    with browser(server) as client:
        assert "已经用过" in client.get(path, headers=HTML).text


def test_on_this_machine_nobody_is_warned_of_the_network(server, log):
    assert CLEAR_TEXT_WARNING not in log.read_text("utf-8")


# ---- addresses that a proxy names

FORGED = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}


@pytest.mark.parametrize(
    ("options", "origin", "is_secure"),
    [
        ((), "127.0.0.1", False),
        (("--behind-proxy", "10.9.9.9"), "127.0.0.1", False),
        (("--behind-proxy", "10.9.9.9,127.0.0.1"), "203.0.113.7", True),
    ],
    ids=["no proxy", "another proxy", "the proxy"],
)
def test_an_address_is_believed_from_the_trusted_proxy_only(tmp_path, options, origin, is_secure):
    home, log = tmp_path / "home", tmp_path / "server.log"
    add_administrator(home)
    # what the environment of whoever starts it says about proxies does not count
    environment = {"FORWARDED_ALLOW_IPS": "*"}
    with serve(home, log=log, options=options, env=environment) as url, browser(url) as client:
        refused = submit(client, "/login", headers=FORGED, account="xitong", password="x")
        assert refused.status_code == 401
        answer = submit(client, "/login", headers=FORGED, account="xitong", password=PASSWORD)
        assert answer.status_code == 303
        name = cookie_name(SESSION, read_key(home))
        cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(name))
        assert ("Secure" in cookie) == is_secure
    # a hash made with little work, as here, is made anew when it is used, which is a row of its own
    assert [row for row in audit_of(home) if row[1] == "sign-in"] == [
        (origin, "sign-in", "xitong", "refused"),
        (origin, "sign-in", "xitong", "ok"),
    ]


# ---- what is printed


def test_to_others_it_is_served_with_a_warning_and_without_a_link(tmp_path):
    home, log = tmp_path / "home", tmp_path / "server.log"
    add_administrator(home)
    with serve(home, log=log, options=("--host", "0.0.0.0")) as url:
        said = log.read_text("utf-8")
        assert CLEAR_TEXT_WARNING in said
        assert "/link?t=" not in said  # a log is read by more than may administer
        assert f"看板已就绪：{url} " in said
        with browser(url) as client:  # the link that is asked for works all the same
            sign_in_by_link(client, home, url)


def test_behind_a_proxy_nobody_is_warned_and_a_link_is_printed_when_asked_for(tmp_path):
    home, log = tmp_path / "home", tmp_path / "server.log"
    add_administrator(home)
    with serve(home, log=log, options=("--host", "0.0.0.0", "--behind-proxy", "10.9.9.9", "--link")):
        said = log.read_text("utf-8")
        assert CLEAR_TEXT_WARNING not in said
        assert "/link?t=" in said


# ---- an identity provider


def test_without_an_identity_provider_nothing_of_it_is_loaded():
    code = "import asgi, sys; print([r.path for r in asgi.app._user_routes], 'authlib' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "/auth/login" not in result.stdout and result.stdout.strip().endswith("False")


def test_the_identity_provider_of_the_settings_signs_in(tmp_path):
    home, log, port = tmp_path / "home", tmp_path / "server.log", 8597
    with run_identity_provider() as provider:
        add_administrator(home)
        store = Store.open(home)
        Accounts(store).link_subject("xitong", f"{provider.url}#u-1001")
        store.close()
        secrets = tmp_path / "secrets.toml"
        secrets.write_text(
            f"""[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
client_id = "{CLIENT_ID}"
client_secret = "{CLIENT_SECRET}"
server_metadata_url = "{provider.url}/.well-known/openid-configuration"
""",
            "utf-8",
        )
        environment = {"STREAMLIT_SECRETS_FILES": str(secrets)}
        with serve(home, log=log, port=port, env=environment) as url, browser(url) as client:
            assert "/auth/login" in client.get("/login", headers=HTML).text
            there = client.get("/auth/login", headers=HTML).headers["location"]
            back = httpx.get(there, trust_env=False).headers["location"]
            assert client.get(back.removeprefix(url), headers=HTML).status_code == 303
            assert client.get("/_stcore/metrics").status_code == 200
    assert audit_of(home)[-1] == ("127.0.0.1", "sign-in", "xitong", "ok")
