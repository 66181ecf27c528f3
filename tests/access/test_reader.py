"""At a read-only server: sessions are the writing service's, an act is noted there, and without it nobody comes in."""

from __future__ import annotations

import threading
import time

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from access.guard import Guard
from access.reader import ReaderGate, WritersSessions, WriterUnreachable, elsewhere_routes, writers_address
from access.roles import PERMISSIONS, READS
from tests.access.conftest import (
    COUNTY,
    GOOD,
    HOST,
    HTML,
    TestClient,
    acts,
    log_in,
    show_request,
)


@pytest.fixture
def writer(application):
    """The address of the writing service, in a thread."""
    server = uvicorn.Server(uvicorn.Config(application, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def reader(writer):
    """The gate of a reader that asks anew every time."""
    made = ReaderGate(writer)
    made.sessions = WritersSessions(writer, holds_s=0)
    return made


def reader_client(gate, cookies=None) -> TestClient:
    """A browser at a reader, with the cookies it has from the writing service."""
    application = Starlette(
        routes=[*elsewhere_routes(), Route("/{path:path}", show_request)],
        middleware=[Middleware(Guard, gate=lambda: gate)],
    )
    return TestClient(application, base_url=HOST, follow_redirects=False, cookies=cookies)


def cookie_of(client) -> str:
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


def test_who_is_signed_in_at_the_writer_is_so_at_a_reader(client, reader, county, gate):
    assert reader_client(reader).get("/ranking").status_code == 401
    log_in(client, COUNTY.account, GOOD)
    answer = reader_client(reader, client.cookies).get("/ranking")
    assert answer.status_code == 200
    session = answer.json()["auth"]["x-auth-session"]
    person = reader.sessions.person(session)
    assert (person.account, person.region, person.session) == (COUNTY.account, COUNTY.region, session)
    assert gate.sessions.person(session) is not None
    assert client.cookies  # the cookie alone lets in: a made-up one does not
    assert reader_client(reader, {"aq_session_0": "x"}).get("/ranking").status_code == 401


def test_at_a_reader_a_role_may_only_read(client, reader, administrator):
    log_in(client, administrator.account, GOOD)
    person = reader.sessions.by_cookie(cookie_of(client)).person
    assert {action for action in PERMISSIONS["administrator"] if person.may(action)} == READS


def test_whoever_is_out_at_the_writer_is_out_at_a_reader(client, reader, county, gate):
    log_in(client, COUNTY.account, GOOD)
    browser = reader_client(reader, client.cookies)
    session = browser.get("/").json()["auth"]["x-auth-session"]
    gate.accounts.set_disabled(COUNTY.account, True)
    assert reader.sessions.find(session) is None
    answer = browser.get("/gaps?cycle=2026", headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?why=over&next=%2Fgaps%3Fcycle%3D2026"


def test_an_answer_holds_for_a_while(client, writer, county, gate):
    log_in(client, COUNTY.account, GOOD)
    sessions = WritersSessions(writer, holds_s=60)
    assert sessions.by_cookie(cookie_of(client))
    gate.accounts.set_disabled(COUNTY.account, True)
    assert sessions.by_cookie(cookie_of(client))


def test_a_click_at_a_reader_keeps_the_session_awake_and_an_automatic_question_does_not(
    client, writer, county, gate
):
    log_in(client, COUNTY.account, GOOD)
    sessions, entry = WritersSessions(writer, holds_s=60), next(iter(gate.sessions._by_id.values()))
    seen = entry.seen_s
    sessions.by_cookie(cookie_of(client), touch=False)
    assert entry.seen_s == seen
    sessions.by_cookie(cookie_of(client))  # though an answer is held: that one was no sign of anybody
    assert entry.seen_s > seen


def test_a_first_password_is_changed_at_the_writer(client, reader, gate):
    initial = gate.accounts.add(COUNTY)
    log_in(client, COUNTY.account, initial)
    answer = reader_client(reader, client.cookies).get("/ranking", headers=HTML)
    assert answer.headers["location"] == "/password?next=%2Franking"


def test_an_act_at_a_reader_stands_in_the_log_in_the_visitors_name(client, reader, county, gate, store):
    log_in(client, COUNTY.account, GOOD)
    person = reader.sessions.by_cookie(cookie_of(client)).person
    reader.note(person, "download", "排名.xlsx")
    reader.deny(person, "publish")
    origin = person.origin
    assert acts(store)[-2:] == [
        (COUNTY.account, origin, "download", "排名.xlsx", "ok", ""),
        (COUNTY.account, origin, "denied", "publish", "refused", ""),
    ]
    assert client.post("/session/act", data={"act": "account"}).status_code == 400


def test_without_the_writer_nobody_comes_in_and_acts_are_in_the_servers_log(caplog):
    gate = ReaderGate("http://127.0.0.1:9")
    answer = reader_client(gate, {"aq_session_0": "x"}).get("/ranking")
    assert answer.status_code == 503
    with pytest.raises(WriterUnreachable):
        gate.sessions.by_cookie("aq_session_0=x")
    gate.note(make_person(), "download", "排名.xlsx")
    assert "操作日志未能写入" in caplog.text


def make_person():
    return COUNTY.person(origin="", session="")


def test_the_sign_in_screens_are_elsewhere():
    browser = reader_client(ReaderGate("http://127.0.0.1:9"))
    assert "只读副本" in browser.get("/login").text


@pytest.mark.parametrize("url", ["", "10.0.0.5:8501", "ftp://x", "http://", "http://x/read", "http://x?y=1"])
def test_the_writers_address_is_checked(url):
    with pytest.raises(ValueError):
        writers_address(url)
    assert writers_address("http://10.0.0.5:8501/") == "http://10.0.0.5:8501"
