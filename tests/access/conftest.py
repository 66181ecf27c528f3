"""A gate over a real store, and a small application behind the guard, for the tests of this room."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from access.accounts import Account
from access.for_readers import ForReaders
from access.gate import Gate, gate_of
from access.guard import Guard
from access.links import make_link_token
from access.routes import SignIn
from data.store import Store

with warnings.catch_warnings():
    # it would rather have httpx2, which would then take httpx's place in Authlib too
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

COUNTY = Account("daoli-kaohe", "道里区考核办", "county", "230102")
ADMINISTRATOR = Account("xitong", "系统管理岗", "administrator", "230000")
GOOD = "Chang-baishan88"
HOST = "http://127.0.0.1:8501"
ORIGIN = {"origin": HOST}
HTML = {"accept": "text/html"}


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(new_home):
    opened = Store.open(new_home)
    yield opened
    opened.close()


@pytest.fixture
def gate(store) -> Gate:
    return gate_of(store)


@pytest.fixture
def county(gate) -> Account:
    """An account that has changed its initial password to GOOD."""
    return make_ready(gate, COUNTY)


@pytest.fixture
def administrator(gate) -> Account:
    """The same for an administrator."""
    return make_ready(gate, ADMINISTRATOR)


def make_ready(gate: Gate, account: Account) -> Account:
    """Add an account whose password is GOOD and need not be changed."""
    password = gate.accounts.add(account)
    assert gate.accounts.set_password(account.account, old=password, new=GOOD, origin="") == []
    return gate.accounts.find(account.account)


async def show_request(request: Request) -> JSONResponse:
    """What the application behind the guard gets to see."""
    headers = [name for name in request.headers if "auth" in name]
    answer = JSONResponse(
        {"path": request.url.path, "auth": {name: request.headers[name] for name in headers}}
    )
    answer.set_cookie("of_the_application", "1")
    return answer


async def echo(websocket: WebSocket) -> None:
    """Answers every message with the session that it came from."""
    await websocket.accept()
    try:
        while True:
            message = await websocket.receive_text()
            await websocket.send_text(f"{websocket.headers['x-auth-session']} {message}")
    except WebSocketDisconnect:
        pass


async def health(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


@pytest.fixture
def application(gate) -> Starlette:
    """The sign-in screens and an application that shows what reaches it, behind the guard."""
    methods = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"]
    return Starlette(
        routes=[
            Route("/health", health),
            *SignIn(lambda: gate).routes(),
            *ForReaders(lambda: gate).routes(),
            WebSocketRoute("/_stcore/stream", echo),
            Route("/{path:path}", show_request, methods=methods),
        ],
        middleware=[Middleware(Guard, gate=lambda: gate)],
    )


@pytest.fixture
def new_client(application):
    """new_client() is another browser; it follows no redirects."""

    def make(**kwargs) -> TestClient:
        options = {"base_url": HOST, "follow_redirects": False, "client": ("10.0.0.9", 50000)}
        return TestClient(application, **(options | kwargs))

    return make


@pytest.fixture
def client(new_client) -> TestClient:
    return new_client()


def token_on(answer) -> str:
    """The token in the form of a screen."""
    return re.search(r'name="xsrf" value="([^"]+)"', answer.text)[1]


def submit(client, path: str, **fields: str):
    """Open a screen and send its form as a browser does."""
    token = token_on(client.get(path, headers=HTML))
    return client.post(
        path.split("?")[0], data={"xsrf": token, **fields}, headers=HTML | {"origin": str(client.base_url)}
    )


def log_in(client, account: str, password: str, **fields: str):
    """Sign a browser in by the form."""
    return submit(client, "/login", account=account, password=password, **fields)


def log_in_by_link(client, gate: Gate):
    """Sign a browser in as the local administrator."""
    link = make_link_token(gate.key)
    return submit(client, f"/link?t={link}", t=link)


def acts(store: Store) -> list[tuple]:
    """account, origin, action, object, outcome, detail of every act that the audit log has, oldest first."""
    return store.rows("select account, origin, action, object, outcome, detail from audit order by seq")
