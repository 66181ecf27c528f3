"""Behind the guard: without a session nothing answers but the way in, and nobody brings an identity of their own."""

from __future__ import annotations

import asyncio

import pytest
from starlette.websockets import WebSocketDisconnect

from access import guard
from access.cookies import SESSION, cookie_name
from access.guard import POLICY_VIOLATION, SIGNED_OUT, Guard
from tests.access.conftest import COUNTY, HOST, HTML, ORIGIN, acts, log_in, log_in_by_link

OPEN = [("GET", "/health"), ("HEAD", "/health"), ("GET", "/login"), ("GET", "/link")]
CLOSED = [
    "/",
    "/unit?cycle=2026",
    "/media/0123456789abcdef.xlsx",
    "/static/js/index.js",
    "/component/x/index.html",
    "/favicon.png",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/upload_file/session/file",
    "/_stcore/bidi-components/x",
    "/_stcore/agent/openapi.json",
    "/auth/login",
    "/oauth2callback?code=x&state=y",
    "/password",
    "/logout",
    "/health/",
    "/health/../_stcore/metrics",
    "/Login",
    "/login/",
    "/login/x",
    "//login",
    "/nosuchpage",
]


@pytest.mark.parametrize(("method", "path"), OPEN)
def test_the_way_in_is_open(client, method, path):
    assert client.request(method, path).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_everything_else_is_closed_to_a_program(client, method):
    for path in CLOSED:
        answer = client.request(method, f"{HOST}{path}")
        assert answer.status_code == 401, path
        assert method == "HEAD" or "登录" in answer.text, path


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_health_is_for_reading(client, method):
    assert client.request(method, "/health").status_code == 401


@pytest.mark.parametrize("path", ["/", "/unit?cycle=2026", "/nosuchpage", "/media/x"])
def test_a_person_is_led_to_the_sign_in_screen(client, path):
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")


def test_the_page_that_was_wanted_is_remembered_as_it_was_written(client):
    answer = client.get("/unit?cycle=2026&unit=%E7%A4%BA", headers=HTML)
    assert answer.headers["location"] == "/login?next=%2Funit%3Fcycle%3D2026%26unit%3D%25E7%25A4%25BA"


def test_signed_in_everything_is_handed_on(client, gate):
    log_in_by_link(client, gate)
    for path in ("/", "/unit?cycle=2026", "/media/x", "/_stcore/metrics", "/_stcore/health", "/favicon.png"):
        assert client.get(path).status_code == 200, path
    assert client.put("/_stcore/upload_file/a/b", headers=ORIGIN).status_code == 200


def test_a_session_that_ends_gets_nothing_at_its_next_request(client, gate, county):
    log_in(client, "daoli-kaohe", "Chang-baishan88")
    assert client.get("/media/x").status_code == 200
    gate.accounts.set_disabled("daoli-kaohe", True)
    assert client.get("/media/x").status_code == 401
    assert "why=over" in client.get("/unit", headers=HTML).headers["location"]


@pytest.mark.parametrize(("who", "status"), [("county", 403), ("administrator", 200)])
@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/metrics?families=x"])
def test_metrics_are_for_administrators(client, request, store, who, status, path):
    account = request.getfixturevalue(who)
    log_in(client, account.account, "Chang-baishan88")
    assert client.get(path).status_code == status
    denied = [act for act in acts(store) if act[2] == "denied"]
    assert len(denied) == (status == 403)


# ---- identity


@pytest.mark.parametrize(
    "name", ["X-Auth-Session", "x-auth-session", "X-AUTH-USER", "X_Auth_Session", "x-auth_session", "X-Auth-"]
)
def test_no_identity_comes_in_from_outside(client, gate, county, name):
    log_in(client, "daoli-kaohe", "Chang-baishan88")
    other = gate.sessions.begin(None, origin="")
    seen = client.get("/show", headers={name: other.id}).json()["auth"]
    assert set(seen) == {"x-auth-session"}
    assert gate.sessions.person(seen["x-auth-session"]).account == "daoli-kaohe"


def test_an_identity_alone_opens_nothing(client, gate):
    session = gate.sessions.begin(None, origin="")
    assert client.get("/show", headers={"X-Auth-Session": session.id}).status_code == 401


def test_a_cookie_must_be_signed_for_its_purpose(client, gate):
    session = gate.sessions.begin(None, origin="")
    name = cookie_name(SESSION, gate.key)
    for value in (
        session.token,
        session.id,
        gate.key.seal("form", session.token),
        "",
        "é".encode().decode("latin-1"),
    ):
        cookie = f"{name}={value}".encode("latin-1")
        assert client.get("/show", headers=[(b"cookie", cookie)]).status_code == 401
    client.cookies.set(name, gate.key.seal(SESSION, session.token))
    assert client.get("/show").status_code == 200


def test_a_store_that_does_not_answer_lets_nobody_in(application, new_client, gate, monkeypatch):
    client = new_client()
    log_in_by_link(client, gate)

    def fail(*_args, **_kwargs):
        raise RuntimeError("no answer")

    monkeypatch.setattr(gate.sessions, "by_cookie", fail)
    answer = client.get("/show")
    assert (answer.status_code, "稍后重试" in answer.text) == (503, True)
    with pytest.raises(WebSocketDisconnect), connect(client, **ORIGIN):
        pass


# ---- who must change the password


def test_who_must_change_the_password_reaches_nothing_else(client, gate):
    password = gate.accounts.add(COUNTY)
    answer = log_in(client, "daoli-kaohe", password, next="/unit?cycle=2026")
    assert answer.headers["location"] == "/password?next=%2Funit%3Fcycle%3D2026"
    assert client.get("/unit", headers=HTML).headers["location"] == "/password?next=%2Funit"
    for path in ("/", "/media/x", "/_stcore/health", "/_stcore/metrics"):
        assert client.get(path).status_code == 403, path
    with pytest.raises(WebSocketDisconnect), connect(client, **ORIGIN):
        pass
    assert client.get("/password").status_code == client.get("/logout").status_code == 200


# ---- the WebSocket


def connect(client, **headers):
    return client.websocket_connect(f"{HOST.replace('http', 'ws')}/_stcore/stream", headers=headers)


def test_the_websocket_answers_who_is_signed_in(client, gate):
    log_in_by_link(client, gate)
    with connect(client, **ORIGIN) as socket:
        socket.send_text("hello")
        session, text = socket.receive_text().split()
    assert (gate.sessions.person(session).account, text) == ("local", "hello")


def test_the_websocket_is_closed_before_it_opens_without_a_session(client):
    with pytest.raises(WebSocketDisconnect) as closed, connect(client, **ORIGIN):
        pass
    assert closed.value.code == POLICY_VIOLATION


@pytest.mark.parametrize(
    ("origin", "host", "is_open"),
    [
        ("http://127.0.0.1:8501", "127.0.0.1:8501", True),
        ("https://kaohe.example", "kaohe.example", True),
        ("https://kaohe.example", "kaohe.example:443", True),
        ("https://kaohe.example:443", "kaohe.example", True),
        ("http://[::1]:8501", "[::1]:8501", True),
        ("HTTP://KAOHE.example", "kaohe.example", True),
        (None, "127.0.0.1:8501", False),
        ("null", "127.0.0.1:8501", False),
        ("http://evil.example", "127.0.0.1:8501", False),
        ("http://127.0.0.1:8502", "127.0.0.1:8501", False),
        ("http://127.0.0.1", "127.0.0.1:8501", False),
        ("http://127.0.0.1:8501.evil.example", "127.0.0.1:8501", False),
        ("http://127.0.0.1:x", "127.0.0.1:8501", False),
        ("http://evil.example/127.0.0.1:8501", "127.0.0.1:8501", False),
        ("", "127.0.0.1:8501", False),
    ],
)
def test_a_websocket_is_for_our_own_pages_only(client, gate, origin, host, is_open):
    log_in_by_link(client, gate)
    headers = {"host": host} | ({} if origin is None else {"origin": origin})
    if is_open:
        with connect(client, **headers) as socket:
            socket.send_text("x")
            assert socket.receive_text()
    else:
        with pytest.raises(WebSocketDisconnect) as closed, connect(client, **headers):
            pass
        assert closed.value.code == POLICY_VIOLATION


def test_an_open_websocket_is_closed_at_its_next_message_once_the_session_ended(client, gate, county):
    log_in(client, "daoli-kaohe", "Chang-baishan88")
    with connect(client, **ORIGIN) as socket:
        socket.send_text("one")
        assert socket.receive_text().endswith(" one")
        gate.accounts.set_disabled("daoli-kaohe", True)
        socket.send_text("two")
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
    assert closed.value.code == SIGNED_OUT


async def _drive(app, scope, messages):
    """What the application behind got, and what was sent, when these messages come in."""
    sent = []

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    return sent


@pytest.mark.parametrize(("message", "is_sign_of_life"), [(b"by hand", True), (b"automatic", False)])
def test_what_a_page_sends_by_itself_keeps_no_session_alive(gate, county, message, is_sign_of_life):
    session = gate.sessions.begin(county, origin="")
    entry = gate.sessions._by_id[session.id]
    seen = []

    async def inner(_scope, receive, _send):
        await receive()
        entry.seen_s = 0  # long ago, though not yet idle on a clock that begins now
        gate.sessions._clock = lambda: 10.0
        seen.append(await receive())

    app = Guard(inner, gate=lambda: gate, is_automatic=lambda data: data == b"automatic")
    cookie = f"{cookie_name(SESSION, gate.key)}={gate.key.seal(SESSION, session.token)}"
    headers = [(b"cookie", cookie.encode()), (b"origin", b"http://a"), (b"host", b"a")]
    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": headers, "query_string": b""}
    incoming = [{"type": "websocket.connect"}, {"type": "websocket.receive", "bytes": message}]
    asyncio.run(_drive(app, scope, incoming))
    assert seen == [{"type": "websocket.receive", "bytes": message}]
    assert (entry.seen_s == 10.0) == is_sign_of_life


# ---- requests from other sites, and headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_another_sites_request_changes_nothing(client, gate, method):
    log_in_by_link(client, gate)
    answer = client.request(method, "/_stcore/upload_file/a/b", headers={"origin": "http://evil.example"})
    assert answer.status_code == 403


def test_reading_from_another_site_is_the_browsers_matter(client, gate):
    log_in_by_link(client, gate)
    assert client.get("/unit", headers={"origin": "http://evil.example"}).status_code == 200


@pytest.mark.parametrize("path", ["/health", "/login", "/nosuchpage", "/media/x"])
def test_every_answer_tells_the_browser_to_be_careful(client, path):
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]


def test_files_of_a_signed_in_person_stay_in_no_cache(client, gate):
    log_in_by_link(client, gate)
    assert "no-store" in client.get("/media/x").headers["cache-control"]


def test_the_guard_hands_the_start_of_the_server_on(client):
    with client:  # the lifespan runs
        assert client.get("/health").status_code == 200


def test_the_open_addresses_are_these_and_no_others():
    assert {
        ("GET", "/health"),
        ("HEAD", "/health"),
        ("GET", "/login"),
        ("POST", "/login"),
        ("GET", "/link"),
        ("POST", "/link"),
    } == guard.WITHOUT_SESSION
