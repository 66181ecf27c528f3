"""The sign-in screens as a browser uses them: every way in, every way that is refused, and what the audit log says."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from access import attempts, routes
from access.accounts import Account
from access.attempts import PER_ACCOUNT, PER_ADDRESS
from access.cookies import SESSION, cookie_name
from access.gate import Gate
from access.guard import Guard
from access.links import make_link_token
from access.routes import SignIn
from access.sign_in import WRONG
from data.store import Store
from tests.access.conftest import (
    ADMINISTRATOR,
    COUNTY,
    GOOD,
    HOST,
    HTML,
    ORIGIN,
    Clock,
    TestClient,
    acts,
    log_in,
    log_in_by_link,
    submit,
    token_on,
)

NEW = "Xingan-ling2026"


def cookie_of(answer, gate: Gate) -> str:
    """The Set-Cookie header of the session."""
    name = cookie_name(SESSION, gate.key)
    return next(each for each in answer.headers.get_list("set-cookie") if each.startswith(name))


# ---- password


def test_account_and_password_sign_in(client, gate, county, store):
    answer = log_in(client, "daoli-kaohe", GOOD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/unit").status_code == 200
    assert acts(store)[-1] == ("daoli-kaohe", "10.0.0.9", "sign-in", "daoli-kaohe", "ok", "密码")


def test_the_cookie_is_for_our_server_alone(client, gate, county):
    cookie = cookie_of(log_in(client, "daoli-kaohe", GOOD), gate)
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie and "Max-Age" not in cookie and "Domain" not in cookie


def test_behind_tls_every_cookie_is_secure(new_client, gate, county):
    client = new_client(base_url="https://kaohe.example")
    form = client.get("/login").headers["set-cookie"]
    assert "Secure" in form and "HttpOnly" in form
    assert cookie_of(log_in(client, "daoli-kaohe", GOOD), gate).count("Secure") == 1
    assert client.get("/show").headers["set-cookie"].endswith("; Secure")  # the application's own too


def test_the_page_that_was_wanted_follows(client, county):
    page = client.get("/login?next=/unit%3Fcycle%3D2026", headers=HTML)
    assert 'name="next" value="/unit?cycle=2026"' in page.text
    answer = log_in(client, "daoli-kaohe", "wrong", next="/unit?cycle=2026")
    assert 'name="next" value="/unit?cycle=2026"' in answer.text  # also after a mistake
    answer = log_in(client, "daoli-kaohe", GOOD, next="/unit?cycle=2026")
    assert answer.headers["location"] == "/unit?cycle=2026"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example"]
)
def test_nobody_is_led_to_another_site(client, county, elsewhere):
    page = client.get("/login", params={"next": elsewhere}, headers=HTML)
    assert "evil" not in page.text
    answer = log_in(client, "daoli-kaohe", GOOD, next=elsewhere)
    assert answer.headers["location"] == "/"
    assert client.get("/login", params={"next": elsewhere}).headers["location"] == "/"


def test_wrong_disabled_and_unknown_are_told_the_same(new_client, gate, county, store):
    gate.accounts.add(Account("nangang-kaohe", "南岗区考核办", "county", "230103"))
    gate.accounts.reset_password("nangang-kaohe")
    gate.accounts.set_disabled("nangang-kaohe", True)
    texts = set()
    for account, password in (("daoli-kaohe", "x"), ("nangang-kaohe", "x"), ("nobody", "x"), ("", "")):
        answer = log_in(new_client(), account, password)
        assert answer.status_code == 401 and WRONG in answer.text
        texts.add(re.sub(r'(value|nonce)="[^"]*"| autofocus', "", answer.text))
    assert len(texts) == 1
    refused = [act for act in acts(store) if act[4] == "refused"]
    assert [act[:5] for act in refused] == [
        ("", "10.0.0.9", "sign-in", known, "refused") for known in ("daoli-kaohe", "nangang-kaohe", "", "")
    ]


def test_what_was_typed_for_an_account_that_does_not_exist_is_not_kept(client, store):
    log_in(client, "my-secret-password", "x")
    kept = (store.home / "journal.jsonl").read_text("utf-8")
    assert "my-secret-password" not in kept and "sign-in" in kept


def test_what_was_typed_is_shown_as_text(client):
    answer = log_in(client, '"><script>alert(1)</script>', "x")
    assert "<script" not in answer.text and "&lt;script&gt;" in answer.text


def test_signing_in_gives_a_new_cookie_and_ends_the_session_before(client, gate, county):
    first = cookie_of(log_in(client, "daoli-kaohe", GOOD), gate)
    session = client.get("/show").json()["auth"]["x-auth-session"]
    link = make_link_token(gate.key)
    second = cookie_of(submit(client, f"/link?t={link}", t=link), gate)
    assert first.split(";")[0] != second.split(";")[0]
    assert gate.sessions.person(session) is None


def test_who_is_signed_in_needs_no_form(client, gate, county):
    stale = token_on(client.get("/login"))
    log_in(client, "daoli-kaohe", GOOD)
    assert client.get("/login?next=/unit").headers["location"] == "/unit"
    fields = {"xsrf": stale, "account": "x", "password": "x"}  # the form in another tab
    assert client.post("/login", data=fields, headers=ORIGIN).headers["location"] == "/"


# ---- locks


def test_an_account_is_locked_after_repeated_failures_and_opens_again(new_client, gate, county, store):
    clock = Clock()
    gate.attempts._clock = clock
    for _ in range(PER_ACCOUNT - 1):
        assert log_in(new_client(), "daoli-kaohe", "x").status_code == 401
    answer = log_in(new_client(), "daoli-kaohe", "x")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, str(attempts.LOCKED_S))
    assert "15 分钟" in answer.text
    assert "锁定" in acts(store)[-1][5]

    count = len(acts(store))
    clock.now += attempts.LOCKED_S - 1
    assert log_in(new_client(), "daoli-kaohe", GOOD).status_code == 429  # even with the right password
    assert len(acts(store)) == count
    clock.now += 1
    assert log_in(new_client(), "daoli-kaohe", GOOD).status_code == 303


def test_a_lock_does_not_tell_which_accounts_exist(new_client, county):
    answers = [
        [log_in(new_client(), account, "x").text for _ in range(PER_ACCOUNT + 1)]
        for account in ("daoli-kaohe", "nobody")
    ]
    stripped = [[re.sub(r'(value|nonce)="[^"]*"', "", text) for text in texts] for texts in answers]
    assert stripped[0] == stripped[1]


def test_an_address_is_slowed_down_after_many_failures(new_client, gate, county):
    for at in range(PER_ADDRESS):
        gate.attempts.failed(f"account-{at}", "10.0.0.9")
    answer = log_in(new_client(), "daoli-kaohe", GOOD)
    assert answer.status_code == 429 and "这个地址" in answer.text
    other = new_client(client=("10.0.0.10", 1))
    assert log_in(other, "daoli-kaohe", GOOD).status_code == 303


def test_the_link_works_whatever_is_locked(new_client, gate, county):
    for _ in range(PER_ADDRESS):
        gate.attempts.failed("local", "10.0.0.9")
    assert log_in_by_link(new_client(), gate).status_code == 303


def test_many_tries_at_once_do_not_get_past_the_lock(application, county):
    async def attempt(client: httpx.AsyncClient) -> int:
        fields = {"xsrf": token_on(await client.get("/login")), "account": "daoli-kaohe", "password": "x"}
        return (await client.post("/login", data=fields, headers=ORIGIN)).status_code

    async def attempt_all() -> list[int]:
        transport = httpx.ASGITransport(application)
        clients = [httpx.AsyncClient(transport=transport, base_url=HOST) for _ in range(PER_ACCOUNT * 3)]
        return await asyncio.gather(*map(attempt, clients))

    statuses = asyncio.run(attempt_all())
    # as many are looked at together as may be hashed together
    assert statuses.count(401) <= PER_ACCOUNT - 1 + routes._hashing.total_tokens


# ---- forgery


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/login", {"account": "daoli-kaohe", "password": GOOD}),
        ("/link", {"t": "link"}),
        ("/password", {"old": GOOD, "new": NEW, "again": NEW}),
        ("/logout", {}),
        ("/logout", {"everywhere": "1"}),
    ],
)
@pytest.mark.parametrize("token", [None, "", "x", "another form's", "another session's"])
def test_no_form_of_ours_is_sent_by_another_site(client, new_client, gate, county, path, fields, token):
    if path in ("/password", "/logout"):
        log_in(client, "daoli-kaohe", GOOD)
    else:
        client.get("/login")
    fields = {name: make_link_token(gate.key) if name == "t" else value for name, value in fields.items()}
    if token == "another form's":
        token = token_on(new_client().get("/login"))
    elif token == "another session's":
        token = gate.form_token(gate.sessions.begin(county, origin="").id)
    if token is not None:
        fields = fields | {"xsrf": token}
    before = gate.sessions.count()
    assert client.post(path, data=fields, headers=HTML | ORIGIN).status_code == 403
    assert gate.sessions.count() == before
    assert gate.accounts.check_password("daoli-kaohe", GOOD)


def test_a_token_without_its_cookie_is_none(client, new_client, county):
    token = token_on(client.get("/login"))
    fields = {"xsrf": token, "account": "daoli-kaohe", "password": GOOD}
    assert new_client().post("/login", data=fields, headers=ORIGIN).status_code == 403


def test_a_form_that_is_too_large_is_not_read_to_its_end(client):
    token = token_on(client.get("/login"))
    answer = client.post("/login", data={"xsrf": token, "account": "x" * 100_000}, headers=ORIGIN)
    assert answer.status_code == 403


# ---- the one-time link


def test_a_link_signs_the_administrator_in_once(client, new_client, gate, store):
    link = make_link_token(gate.key)
    for _ in range(3):  # whoever fetches ahead only looks
        assert "本机管理员" in client.get(f"/link?t={link}").text
    assert submit(client, f"/link?t={link}", t=link).status_code == 303
    session = client.get("/show").json()["auth"]["x-auth-session"]
    assert gate.sessions.person(session).role == "administrator"
    assert acts(store)[-1] == ("local", "10.0.0.9", "sign-in", "local", "ok", "一次性链接")

    other = new_client()
    page = other.get(f"/link?t={link}")
    assert "已经用过" in page.text and "manage.py link" in page.text
    fields = {"xsrf": token_on(other.get("/login")), "t": link}
    answer = other.post("/link", data=fields, headers=ORIGIN)
    assert answer.status_code == 401 and "已经用过" in answer.text
    assert acts(store)[-1][4] == "refused"


@pytest.mark.parametrize("link", ["", "x", "WyJhIiwxXQ.AAAA"])
def test_a_forged_link_says_what_to_do(client, link):
    page = client.get("/link", params={"t": link})
    assert page.status_code == 200 and "manage.py link" in page.text
    fields = {"xsrf": token_on(client.get("/login")), "t": link}
    assert client.post("/link", data=fields, headers=ORIGIN).status_code == 401


# ---- the password


def test_the_first_sign_in_leads_to_a_new_password_and_then_where_one_wanted_to_go(client, gate, store):
    password = gate.accounts.add(COUNTY)
    log_in(client, "daoli-kaohe", password, next="/unit")
    page = client.get("/password?next=/unit")
    assert "首次登录" in page.text and "至少 10 位" in page.text
    answer = submit(client, "/password?next=/unit", old=password, new=NEW, again=NEW, next="/unit")
    assert (answer.status_code, answer.headers["location"]) == (303, "/unit")
    assert client.get("/unit").status_code == 200
    assert not gate.accounts.find("daoli-kaohe").must_change
    assert ("daoli-kaohe", "10.0.0.9", "password", "daoli-kaohe", "ok", "") in acts(store)


def test_a_new_password_signs_the_other_browsers_out(client, new_client, gate, county):
    other = new_client()
    log_in(other, "daoli-kaohe", GOOD)
    log_in(client, "daoli-kaohe", GOOD)
    before = client.get("/show").json()["auth"]["x-auth-session"]
    assert submit(client, "/password", old=GOOD, new=NEW, again=NEW).status_code == 303
    assert client.get("/show").json()["auth"]["x-auth-session"] != before
    assert other.get("/show").status_code == 401


def test_all_that_is_wrong_with_a_new_password_is_said_at_once(client, gate, county):
    log_in(client, "daoli-kaohe", GOOD)
    answer = submit(client, "/password", old="x", new="abc", again="abd")
    assert answer.status_code == 422
    for fault in ("原密码不对", "至少 10 位", "3 种", "不一致"):
        assert fault in answer.text
    assert gate.accounts.check_password("daoli-kaohe", GOOD)


def test_the_same_password_again_is_refused(client, county):
    log_in(client, "daoli-kaohe", GOOD)
    assert "与原密码相同" in submit(client, "/password", old=GOOD, new=GOOD, again=GOOD).text


def test_the_old_password_cannot_be_guessed_on_at_an_open_browser(client, gate, county):
    log_in(client, "daoli-kaohe", GOOD)
    for _ in range(PER_ACCOUNT):
        answer = submit(client, "/password", old="x", new=NEW, again=NEW)
    assert "锁定" in answer.text
    assert "锁定" in submit(client, "/password", old=GOOD, new=NEW, again=NEW).text
    assert gate.accounts.check_password("daoli-kaohe", GOOD)


def test_the_local_administrator_has_no_password(client, gate):
    log_in_by_link(client, gate)
    assert "没有密码" in client.get("/password").text


def test_fields_tell_the_browser_what_they_are(client, county):
    assert re.findall(r'autocomplete="([^"]+)"', client.get("/login").text) == [
        "username",
        "current-password",
    ]
    log_in(client, "daoli-kaohe", GOOD)
    assert re.findall(r'autocomplete="([^"]+)"', client.get("/password").text) == [
        "username",
        "current-password",
        "new-password",
        "new-password",
    ]


# ---- signing out


def test_signing_out_ends_the_session_and_its_cookie(client, gate, county, store):
    log_in(client, "daoli-kaohe", GOOD)
    kept = dict(client.cookies)
    answer = submit(client, "/logout")
    assert answer.headers["location"] == "/login?why=out"
    assert "已退出" in client.get("/login?why=out").text
    client.cookies.update(kept)  # a copy of the cookie opens nothing
    assert client.get("/show").status_code == 401
    assert acts(store)[-1] == ("daoli-kaohe", "10.0.0.9", "sign-out", "daoli-kaohe", "ok", "")


def test_a_link_to_sign_out_asks_first(client, county):
    log_in(client, "daoli-kaohe", GOOD)
    assert "退出登录" in client.get("/logout").text
    assert client.get("/show").status_code == 200


def test_signing_out_everywhere(client, new_client, gate, county, administrator, store):
    other, stranger = new_client(), new_client()
    log_in(client, "daoli-kaohe", GOOD)
    log_in(other, "daoli-kaohe", GOOD)
    log_in(stranger, "xitong", GOOD)
    submit(client, "/logout", everywhere="1")
    assert [each.get("/show").status_code for each in (client, other, stranger)] == [401, 401, 200]
    assert "所有浏览器" in acts(store)[-1][5]


# ---- when the folder cannot be written


@pytest.fixture
def stopped_clock(tmp_path):
    """A gate whose store refuses every change from now on, since its clock stands before the program was written."""
    now = [datetime(2026, 12, 1)]
    store = Store.open(tmp_path / "stopped", clock=lambda: now[0])
    gate = Gate(store)
    password = gate.accounts.add(ADMINISTRATOR)
    assert gate.accounts.set_password("xitong", old=password, new=GOOD, origin="") == []
    now[0] = datetime(2026, 1, 1)
    yield gate
    store.close()


def test_whoever_comes_to_mend_it_is_let_in_though_the_audit_log_cannot_be_written(stopped_clock, caplog):
    app = Starlette(routes=SignIn(lambda: stopped_clock).routes())
    client = TestClient(app, base_url=HOST, follow_redirects=False)
    assert log_in(client, "xitong", GOOD).status_code == 303
    assert "操作日志未能写入" in caplog.text and "xitong" in caplog.text
    assert GOOD not in caplog.text


def test_a_password_that_cannot_be_kept_is_not_changed_and_says_why(stopped_clock):
    app = Starlette(
        routes=SignIn(lambda: stopped_clock).routes(),
        middleware=[Middleware(Guard, gate=lambda: stopped_clock)],
    )
    client = TestClient(app, base_url=HOST, follow_redirects=False)
    log_in(client, "xitong", GOOD)
    answer = submit(client, "/password", old=GOOD, new=NEW, again=NEW)
    assert answer.status_code == 503 and "时间" in answer.text
    assert stopped_clock.accounts.check_password("xitong", GOOD)
