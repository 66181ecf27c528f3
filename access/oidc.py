"""OpenID Connect against the institution's own identity provider: it says who somebody is, accounts and roles stay ours.

Set in `[auth]` of .streamlit/secrets.toml with the names that Streamlit's own sign-in uses, and at its two addresses.
The provider is the only machine that is ever asked. Imported only where it is set.
"""

from __future__ import annotations

import logging
import ssl
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from access import sign_in
from access.cookies import is_secure
from access.drawing import draw
from access.gate import Gate
from access.next_page import LOGIN, safe_next, with_next
from access.routes import enter, origin_of
from data.model import Actor
from data.store import StoreError

with warnings.catch_warnings():
    # Authlib would rather have httpx2; httpx is what streamlit[auth] brings, and one such library is enough
    from authlib.deprecate import AuthlibDeprecationWarning

    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.starlette_client import OAuth

LOG = logging.getLogger("assessment")

LOGIN_PATH, CALLBACK_PATH = "/auth/login", "/oauth2callback"
OPEN = (("GET", LOGIN_PATH), ("GET", CALLBACK_PATH))
NEEDED = ("redirect_uri", "client_id", "client_secret", "server_metadata_url")
DEFAULT_NAME = "统一身份认证登录"
LEEWAY_S = 60  # how far the provider's clock may stand from ours
WAY_S = 10 * 60  # from our page to the provider and back
WAY = "oidc"  # what is remembered on the way: state, nonce, verifier and the page wanted


@dataclass(frozen=True)
class Settings:
    """The settings. `name` is the button's text, `ca_file` the certificate of an authority of the institution's own."""

    redirect_uri: str
    client_id: str
    client_secret: str
    server_metadata_url: str
    name: str = DEFAULT_NAME
    ca_file: str | None = None


def read_settings(auth: Mapping[str, Any]) -> Settings:
    """The settings from `[auth]`. Raises StoreError naming what is missing or wrong."""
    if missing := [name for name in NEEDED if not auth.get(name)]:
        raise StoreError(
            f".streamlit/secrets.toml 的 [auth] 缺少 {'、'.join(missing)}：请补全，或删去整个 [auth]"
        )
    settings = Settings(**{name: str(auth[name]) for name in (*NEEDED, "name", "ca_file") if auth.get(name)})
    if urlsplit(settings.redirect_uri).path != CALLBACK_PATH:
        raise StoreError(
            f".streamlit/secrets.toml 的 [auth] 中 redirect_uri 写成了“{settings.redirect_uri}”："
            f"应为本系统的地址加 {CALLBACK_PATH}，并与身份认证服务中登记的一致"
        )
    return settings


def subject_of(claims: Mapping[str, Any]) -> str:
    """How an account names somebody at the provider: who says it, and whom it means."""
    return f"{claims['iss']}#{claims['sub']}"


class IdentityProvider:
    """The two addresses: to the provider, and back from it."""

    def __init__(self, settings: Settings, *, gate: Callable[[], Gate]):
        self._gate = gate
        self._settings = settings
        kwargs: dict[str, Any] = {"scope": "openid", "code_challenge_method": "S256", "trust_env": False}
        if settings.ca_file:
            kwargs["verify"] = ssl.create_default_context(cafile=settings.ca_file)
        self._client = OAuth().register(
            "provider",
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            server_metadata_url=settings.server_metadata_url,
            client_kwargs=kwargs,
        )

    def routes(self) -> list[Route]:
        """Before Streamlit's own of the same address, which know no accounts of ours."""
        return [
            Route(LOGIN_PATH, self.leave, methods=["GET"]),
            Route(CALLBACK_PATH, self.come_back, methods=["GET"]),
        ]

    async def leave(self, request: Request) -> Response:
        """To the provider's own page."""
        way: dict[str, Any] = {}
        try:
            answer = await self._client.authorize_redirect(
                _on_the_way(request, way), self._settings.redirect_uri
            )
        except Exception:
            LOG.exception("身份认证服务 %s 没有应答", self._settings.server_metadata_url)
            return self._fault("身份认证服务没有应答", "请稍后重试，或用账号和密码登录。", status=502)
        way["next"] = safe_next(request.query_params.get("next"))
        answer.set_cookie(
            self._cookie(),
            self._gate().key.seal(WAY, [way, time.time()]),
            max_age=WAY_S,
            path=CALLBACK_PATH,
            httponly=True,
            samesite="lax",
            secure=is_secure(request.scope),
        )
        return answer

    async def come_back(self, request: Request) -> Response:
        """From the provider: its answer is checked, and the account that is linked to its subject signed in."""
        gate = self._gate()
        way = self._way(request)
        try:
            token = await self._client.authorize_access_token(
                _on_the_way(request, way),
                leeway=LEEWAY_S,
                claims_options=await self._claims_wanted(),
            )
            claims = token["userinfo"]
            lasts_s = claims["exp"] - time.time()
            if lasts_s <= 0:
                raise ValueError("the identity token is over")
        except Exception as error:  # whatever comes back from outside; none of it is shown
            LOG.warning("统一身份认证未通过：%s: %s", type(error).__name__, error)
            actor = Actor("", "", origin_of(request))
            detail = "统一身份认证：应答不符"
            await to_thread.run_sync(
                lambda: gate.audit("sign-in", actor=actor, outcome="refused", detail=detail)
            )
            return self._fault(
                "统一身份认证未通过",
                "身份认证服务的应答不完整、已过期或与本次登录不符，请重新登录。",
                status=401,
            )
        subject = subject_of(claims)
        outcome = await to_thread.run_sync(
            lambda: sign_in.with_subject(gate, subject, origin=origin_of(request), lasts_s=lasts_s)
        )
        if outcome.session is None:
            return self._fault(
                outcome.fault,
                "身份认证已通过，但在本系统中不能使用。请把下面的标识交给系统管理员，由管理员与账号关联或启用账号。",
                code=subject,
                status=403,
            )
        answer = enter(request, gate, outcome.session, safe_next(way.get("next")))
        answer.delete_cookie(self._cookie(), path=CALLBACK_PATH)
        return answer

    def _way(self, request: Request) -> dict[str, Any]:
        kept = self._gate().key.unseal(WAY, request.cookies.get(self._cookie()))
        return kept[0] if kept and time.time() - kept[1] < WAY_S else {}

    def _cookie(self) -> str:
        return f"aq_{WAY}_{self._gate().key.digest('cookie', WAY)[:8]}"

    async def _claims_wanted(self) -> dict[str, Any]:
        """The token must come from this provider and be meant for us."""
        metadata = await self._client.load_server_metadata()
        return {
            "iss": {"essential": True, "value": metadata["issuer"]},
            "aud": {"essential": True, "value": self._settings.client_id},
            "exp": {"essential": True},
            "nonce": {"essential": True},
        }

    def _fault(self, fault: str, advice: str, *, status: int, code: str = "") -> Response:
        return draw(
            "message",
            heading="统一身份认证",
            is_demo=self._gate().store.is_demo(),
            status=status,
            fault_texts=[fault],
            advice=advice,
            code=code,
            back=with_next(LOGIN, ""),
            back_text="返回登录页",
        )


def _on_the_way(request: Request, way: dict[str, Any]) -> Request:
    """The request with what is remembered on the way where Authlib looks for it."""
    return Request({**request.scope, "session": way}, request.receive)
