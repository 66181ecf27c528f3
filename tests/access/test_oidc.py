"""Signing in at the institution's own identity provider: who it vouches for is let in only as an account of ours."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from access import oidc
from access.guard import Guard
from access.oidc import CALLBACK_PATH, LOGIN_PATH, Settings, read_settings
from access.routes import SignIn
from access.sessions import ABSOLUTE_S
from data.store import StoreError
from tests.access.conftest import COUNTY, GOOD, HOST, HTML, TestClient, acts, log_in, show_request
from tests.access.identity_provider import CLIENT_ID, CLIENT_SECRET, run_identity_provider


@pytest.fixture
def provider():
    with run_identity_provider() as running:
        yield running


@pytest.fixture
def settings(provider) -> Settings:
    return Settings(
        redirect_uri=f"{HOST}{CALLBACK_PATH}",
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        server_metadata_url=f"{provider.url}/.well-known/openid-configuration",
        name="省统一身份认证",
    )


@pytest.fixture
def linked(gate, county, provider) -> str:
    """An account that the provider's subject u-1001 signs in as."""
    gate.accounts.link_subject("daoli-kaohe", f"{provider.url}#u-1001")
    return county.account


@pytest.fixture
def new_browser(gate, settings):
    app = Starlette(
        routes=[
            *SignIn(lambda: gate, provider=settings.name).routes(),
            *oidc.IdentityProvider(settings, gate=lambda: gate).routes(),
            Route("/{path:path}", show_request),
        ],
        middleware=[Middleware(Guard, gate=lambda: gate, also_open=oidc.OPEN)],
    )
    return lambda: TestClient(app, base_url=HOST, follow_redirects=False, client=("10.0.0.9", 1))


@pytest.fixture
def browser(new_browser):
    return new_browser()


def leave(browser, path: str = LOGIN_PATH) -> str:
    """Go to the provider and sign in there; the address that it sends the browser back to."""
    there = browser.get(path, headers=HTML)
    assert there.status_code == 302
    return httpx.get(there.headers["location"], trust_env=False).headers["location"]


def come_back(browser, address: str):
    return browser.get(address, headers=HTML)


def go(browser, path: str = LOGIN_PATH):
    """The whole way."""
    return come_back(browser, leave(browser, path))


def test_the_sign_in_screen_offers_the_provider(browser):
    page = browser.get("/login?next=/unit%3Fcycle%3D2026", headers=HTML).text
    assert "省统一身份认证" in page
    assert 'href="/auth/login?next=/unit%3Fcycle%3D2026"' in page


def test_a_linked_account_signs_in_and_gets_where_it_wanted(browser, gate, linked, store):
    answer = go(browser, f"{LOGIN_PATH}?next=/unit%3Fcycle%3D2026")
    assert (answer.status_code, answer.headers["location"]) == (303, "/unit?cycle=2026")
    session = browser.get("/show").json()["auth"]["x-auth-session"]
    person = gate.sessions.person(session)
    assert (person.account, person.role, person.region) == ("daoli-kaohe", "county", "230102")
    assert acts(store)[-1] == ("daoli-kaohe", "10.0.0.9", "sign-in", "daoli-kaohe", "ok", "统一身份认证")


def test_nobody_is_led_to_another_site(browser, linked):
    assert go(browser, f"{LOGIN_PATH}?next=//evil.example").headers["location"] == "/"


def test_only_the_provider_is_asked(browser, linked, provider):
    go(browser)
    assert set(provider.asked) == {"/.well-known/openid-configuration", "/authorize", "/token", "/jwks"}


def test_an_unknown_subject_is_told_what_to_give_the_administrator(browser, gate, county, provider, store):
    answer = go(browser)
    assert answer.status_code == 403
    assert f"{provider.url}#u-1001" in answer.text and "系统管理员" in answer.text
    assert browser.get("/show").status_code == 401
    assert acts(store)[-1][2:5] == ("sign-in", "", "refused")


def test_a_subject_of_another_issuer_is_another(browser, gate, county):
    gate.accounts.link_subject("daoli-kaohe", "https://idp.example#u-1001")
    assert go(browser).status_code == 403


def test_a_disabled_account_is_not_let_in(browser, gate, linked, store):
    gate.accounts.set_disabled("daoli-kaohe", True)
    answer = go(browser)
    assert answer.status_code == 403 and "停用" in answer.text
    assert browser.get("/show").status_code == 401
    assert acts(store)[-1][3:5] == ("daoli-kaohe", "refused")


def test_an_account_that_is_disabled_later_is_out_at_its_next_request(browser, gate, linked):
    go(browser)
    assert browser.get("/show").status_code == 200
    gate.accounts.set_disabled("daoli-kaohe", True)
    assert browser.get("/show").status_code == 401


@pytest.mark.parametrize(("after_s", "stands"), [(590, True), (601, False)])
def test_a_session_ends_with_its_identity_token(browser, gate, linked, after_s, stands):
    go(browser)
    began = gate.sessions._clock()
    gate.sessions._clock = lambda: began + after_s
    assert (browser.get("/show").status_code == 200) == stands


def test_a_long_identity_token_does_not_prolong_a_session(browser, gate, linked, provider):
    provider.lasts_s = 10 * ABSOLUTE_S
    go(browser)
    session = browser.get("/show").json()["auth"]["x-auth-session"]
    assert gate.sessions._by_id[session].until_s <= gate.sessions._clock() + ABSOLUTE_S


WRONG_CLAIMS = {
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "expired": {"exp": time.time() - 3600},
    "just expired": {"exp": time.time() - 1},
    "no expiry": {"exp": None},
    "from the future": {"iat": int(time.time()) + 86_400},
    "another issuer": {"iss": "https://idp.example"},
    "no issuer": {"iss": None},
    "for somebody else": {"aud": "another-client"},
    "for somebody else, handed to us": {"aud": ["another-client"], "azp": CLIENT_ID},
    "for nobody": {"aud": None},
    "of nobody": {"sub": None},
}


@pytest.mark.parametrize("wrong", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS)
def test_a_token_that_is_not_as_agreed_lets_nobody_in(browser, linked, provider, store, wrong):
    provider.claims = wrong
    answer = go(browser)
    assert answer.status_code == 401 and "统一身份认证未通过" in answer.text
    assert "error" not in answer.text.lower() and "Traceback" not in answer.text
    assert browser.get("/show").status_code == 401
    assert acts(store)[-1][2:5] == ("sign-in", "", "refused")


def test_a_token_that_somebody_else_signed_lets_nobody_in(browser, linked, provider):
    provider.key = RSAKey.generate_key(2048, {"kid": "1"})
    assert go(browser).status_code == 401


def test_an_answer_without_an_identity_lets_nobody_in(browser, linked, provider):
    provider.has_id_token = False
    assert go(browser).status_code == 401


def test_a_provider_that_has_changed_its_key_is_asked_for_the_new_one(browser, new_browser, linked, provider):
    go(browser)
    provider.key = provider.published = RSAKey.generate_key(2048, {"kid": "2", "use": "sig", "alg": "RS256"})
    assert go(new_browser()).status_code == 303


@pytest.mark.parametrize("state", ["", "x", None])
def test_another_state_lets_nobody_in(browser, linked, state):
    query = {name: values[0] for name, values in parse_qs(urlsplit(leave(browser)).query).items()}
    query = query | {"state": state} if state is not None else {"code": query["code"]}
    answer = browser.get(CALLBACK_PATH, params=query, headers=HTML)
    assert answer.status_code == 401
    assert browser.get("/show").status_code == 401


def test_an_address_to_come_back_to_works_in_its_own_browser_only(browser, new_browser, linked):
    address = leave(browser)
    other = new_browser()
    assert come_back(other, address).status_code == 401
    assert other.get("/show").status_code == 401


def test_an_address_to_come_back_to_works_once(browser, linked):
    address = leave(browser)
    assert come_back(browser, address).status_code == 303
    browser.cookies.clear()
    assert come_back(browser, address).status_code == 401


def test_a_way_that_took_too_long_must_be_gone_again(browser, linked, monkeypatch):
    address, now = leave(browser), time.time()
    monkeypatch.setattr(oidc.time, "time", lambda: now + oidc.WAY_S)
    assert come_back(browser, address).status_code == 401


def test_a_refusal_by_the_provider_is_no_sign_in(browser, linked):
    leave(browser)
    answer = browser.get(f"{CALLBACK_PATH}?error=access_denied&error_description=<b>no</b>", headers=HTML)
    assert answer.status_code == 401 and "<b>no" not in answer.text


def test_a_provider_that_does_not_answer_leaves_the_password(gate, county, settings):
    away = Settings(**{**vars(settings), "server_metadata_url": "http://127.0.0.1:9/none"})
    app = Starlette(
        routes=[
            *SignIn(lambda: gate, provider=away.name).routes(),
            *oidc.IdentityProvider(away, gate=lambda: gate).routes(),
        ],
        middleware=[Middleware(Guard, gate=lambda: gate, also_open=oidc.OPEN)],
    )
    browser = TestClient(app, base_url=HOST, follow_redirects=False)
    answer = browser.get(LOGIN_PATH, headers=HTML)
    assert answer.status_code == 502 and "没有应答" in answer.text
    assert log_in(browser, "daoli-kaohe", GOOD).status_code == 303


def test_who_signs_in_this_way_need_not_change_a_password_never_used(browser, gate, provider):
    password = gate.accounts.add(COUNTY)
    gate.accounts.link_subject("daoli-kaohe", f"{provider.url}#u-1001")
    assert go(browser).headers["location"] == "/"
    assert browser.get("/show").status_code == 200
    browser.cookies.clear()
    assert log_in(browser, "daoli-kaohe", password).headers["location"] == "/password"


# ---- settings

AUTH = {
    "redirect_uri": "https://kaohe.example/oauth2callback",
    "client_id": "kaohe",
    "client_secret": "x",
    "server_metadata_url": "https://idp.example/.well-known/openid-configuration",
}


def test_settings_have_the_names_of_streamlits_own_sign_in():
    settings = read_settings(AUTH | {"cookie_secret": "x", "name": "省统一身份认证"})
    assert (settings.client_id, settings.name) == ("kaohe", "省统一身份认证")
    assert read_settings(AUTH).name == oidc.DEFAULT_NAME


def test_what_is_missing_is_named():
    with pytest.raises(StoreError, match="client_id、server_metadata_url"):
        read_settings({"redirect_uri": AUTH["redirect_uri"], "client_secret": "x"})


def test_an_address_to_come_back_to_must_be_ours():
    with pytest.raises(StoreError, match="oauth2callback"):
        read_settings(AUTH | {"redirect_uri": "https://kaohe.example/other"})
