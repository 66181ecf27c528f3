"""The sign-in screens' addresses: /login, /link, /password, /logout. What they decide stands in `access.sign_in`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from access import cookies, sign_in
from access.drawing import draw
from access.forms import FormTooLarge, is_token, read_form
from access.gate import Gate
from access.links import VALID_S
from access.next_page import LINK, LOGIN, LOGOUT, PASSWORD, safe_next, with_next
from access.passwords import RULES, password_faults
from access.sessions import Session
from data.store import StoreError

SIGNED_IN = "signed_in"  # where the guard leaves the session in a request's scope

STALE = "页面停留过久或浏览器没有保存 Cookie，请重新提交"
NOTES = {
    "out": "已退出登录。",
    "over": "登录已失效（超时、已在别处退出或账号有变更），请重新登录。",
}
# Argon2 takes 64 MB and a core for each password: more at once would only be slower, and could fill the memory.
_hashing = CapacityLimiter(2)


class SignIn:
    """The handlers; `gate` gives the gate of the store that is open, `provider` the identity provider's name or nothing."""

    def __init__(self, gate: Callable[[], Gate], *, provider: str = ""):
        self._gate = gate
        self._provider = provider

    def routes(self) -> list[Route]:
        """The four addresses."""
        return [
            Route(LOGIN, self.login, methods=["GET", "POST"]),
            Route(LINK, self.link, methods=["GET", "POST"]),
            Route(PASSWORD, self.password, methods=["GET", "POST"]),
            Route(LOGOUT, self.logout, methods=["GET", "POST"]),
        ]

    # ---- /login

    async def login(self, request: Request) -> Response:
        """Account and password."""
        gate, is_signed_in = self._gate(), request.scope.get(SIGNED_IN) is not None
        if request.method != "POST":
            next_page = safe_next(request.query_params.get("next"))
            if is_signed_in:
                return RedirectResponse(next_page or "/", 303)
            note = NOTES.get(request.query_params.get("why", ""), "")
            return self._login_form(request, gate, next_page=next_page, note=note)
        form = await _form(request)
        account, next_page = form.get("account", "").strip(), safe_next(form.get("next"))
        if not self._is_from_us(request, form, gate):
            if is_signed_in:  # in another tab, meanwhile
                return RedirectResponse(next_page or "/", 303)
            return self._login_form(
                request, gate, next_page=next_page, account=account, faults=[STALE], status=403
            )
        outcome = await _in_thread(
            sign_in.with_password, gate, account, form.get("password", ""), origin=origin_of(request)
        )
        if outcome.session:
            return enter(request, gate, outcome.session, next_page)
        answer = self._login_form(
            request,
            gate,
            next_page=next_page,
            account=account,
            faults=[outcome.fault],
            status=429 if outcome.wait_s else 401,
        )
        if outcome.wait_s:
            answer.headers["retry-after"] = str(outcome.wait_s)
        return answer

    def _login_form(
        self,
        request: Request,
        gate: Gate,
        *,
        next_page: str,
        account: str = "",
        note: str = "",
        faults: list[str] | None = None,
        status: int = 200,
    ) -> Response:
        return self._draw(
            request,
            gate,
            "login",
            heading="登录",
            status=status,
            note=note,
            fault_texts=faults,
            account=account,
            next=next_page,
            provider=self._provider,
        )

    # ---- /link

    async def link(self, request: Request) -> Response:
        """The one-time link: a GET shows a button and takes nothing, since mail scanners and browsers that fetch ahead
        open links too; the button's POST takes it."""
        gate = self._gate()
        if request.method != "POST":
            link = request.query_params.get("t", "")
            return self._link_form(request, gate, link, fault=gate.links.fault(link))
        form = await _form(request)
        if not self._is_from_us(request, form, gate):
            return self._link_form(request, gate, form.get("t", ""), fault=STALE, status=403)
        outcome = await _in_thread(sign_in.with_link, gate, form.get("t"), origin=origin_of(request))
        if outcome.session:
            return enter(request, gate, outcome.session, "")
        return self._link_form(request, gate, "", fault=outcome.fault, status=401)

    def _link_form(
        self, request: Request, gate: Gate, link: str, *, fault: str, status: int = 200
    ) -> Response:
        return self._draw(
            request,
            gate,
            "link",
            heading="一次性登录链接",
            status=status,
            link=link if not fault or fault == STALE else "",
            fault_texts=[fault] if fault else [],
            minutes=VALID_S // 60,
        )

    # ---- /password

    async def password(self, request: Request) -> Response:
        """The holder changes the password; after the first sign-in nothing else is open."""
        gate, session = self._gate(), request.scope.get(SIGNED_IN)
        if session is None:
            return RedirectResponse(LOGIN, 303)
        if not gate.accounts.find(session.person.account):
            return self._draw(
                request,
                gate,
                "message",
                heading="修改密码",
                fault_texts=[],
                advice="当前是用一次性链接以本机管理员的身份登录的，没有密码。",
                code="",
                back="/",
                back_text="返回",
            )
        if request.method != "POST":
            return self._password_form(request, gate, session, request.query_params.get("next"), [])
        form = await _form(request)
        if not self._is_from_us(request, form, gate):
            return self._password_form(request, gate, session, form.get("next"), [STALE], status=403)
        try:
            faults = await _in_thread(_change_password, gate, session, form)
        except StoreError as error:
            return self._password_form(request, gate, session, form.get("next"), [str(error)], status=503)
        if faults:
            return self._password_form(request, gate, session, form.get("next"), faults, status=422)
        # whoever knew the old password is out, and the browser that changed it goes on under a new token
        gate.sessions.end_all(session.person.account)
        renewed = gate.sessions.begin(
            gate.accounts.find(session.person.account), origin=session.person.origin
        )
        return enter(request, gate, renewed, safe_next(form.get("next")))

    def _password_form(
        self,
        request: Request,
        gate: Gate,
        session: Session,
        next_page: str | None,
        faults: list[str],
        status: int = 200,
    ) -> Response:
        return self._draw(
            request,
            gate,
            "password",
            heading="修改密码",
            status=status,
            fault_texts=faults,
            account=session.person.account,
            must_change=session.must_change,
            rules=RULES,
            next=safe_next(next_page),
        )

    # ---- /logout

    async def logout(self, request: Request) -> Response:
        """Sign out here or everywhere; a GET asks, so that no link from elsewhere signs anybody out."""
        gate, session = self._gate(), request.scope.get(SIGNED_IN)
        if session is None:
            return RedirectResponse(with_next(LOGIN, "", why="out"), 303)
        form = await _form(request) if request.method == "POST" else {}
        if not self._is_from_us(request, form, gate):
            return self._draw(
                request,
                gate,
                "logout",
                heading="退出登录",
                status=403 if request.method == "POST" else 200,
                account=session.person.account,
                office=session.person.title,
                role=session.person.role_name,
                can_change=gate.accounts.find(session.person.account) is not None,
            )
        await _in_thread(gate.sign_out, session.id, everywhere=bool(form.get("everywhere")))
        answer = RedirectResponse(with_next(LOGIN, "", why="out"), 303)
        cookies.drop_cookie(answer, request.scope, cookies.SESSION, gate.key)
        return answer

    # ---- what they share

    def _draw(self, request: Request, gate: Gate, screen: str, **values: Any) -> Response:
        """A screen with the token that its form must bring back, bound to the session or to a cookie of the form's own."""
        session = request.scope.get(SIGNED_IN)
        kept = cookies.read_cookie(request.scope, cookies.FORM, gate.key)
        base = kept or cookies.new_form_value()
        answer = draw(
            screen,
            is_demo=gate.store.is_demo(),
            token=gate.form_token(session.id if session else base),
            **values,
        )
        if not session and not kept:
            cookies.set_cookie(answer, request.scope, cookies.FORM, base, gate.key)
        return answer

    def _is_from_us(self, request: Request, form: dict[str, str], gate: Gate) -> bool:
        session = request.scope.get(SIGNED_IN)
        base = session.id if session else cookies.read_cookie(request.scope, cookies.FORM, gate.key)
        return base is not None and is_token(form.get("xsrf"), gate.form_token(base))


def origin_of(request: Request) -> str:
    """The address the request came from; behind a trusted proxy, the one that the proxy names."""
    return request.client.host if request.client else ""


def enter(request: Request, gate: Gate, session: Session, next_page: str) -> Response:
    """Give the browser its session and send it where it wanted to go, or first to change the password."""
    if before := request.scope.get(SIGNED_IN):
        gate.sessions.end(before.id)
    answer = RedirectResponse(
        with_next(PASSWORD, next_page) if session.must_change else next_page or "/", 303
    )
    cookies.set_cookie(answer, request.scope, cookies.SESSION, session.token, gate.key)
    cookies.drop_cookie(answer, request.scope, cookies.FORM, gate.key)
    return answer


def _change_password(gate: Gate, session: Session, form: dict[str, str]) -> list[str]:
    """Everything that is wrong at once; empty when the password was changed."""
    account, origin = session.person.account, session.person.origin
    old, new = form.get("old", ""), form.get("new", "")
    faults = [sign_in.check_old_password(gate, account, old, origin=origin)]
    faults += [f"新密码：{fault}" for fault in password_faults(new, account=account)]
    if new != form.get("again"):
        faults.append("两次输入的新密码不一致")
    faults = [fault for fault in faults if fault]
    return faults or gate.accounts.set_password(account, old=old, new=new, origin=origin)


async def _form(request: Request) -> dict[str, str]:
    """The form, or nothing when it is no form of ours; without a token nothing is done with it."""
    try:
        return await read_form(request)
    except FormTooLarge:
        return {}


async def _in_thread(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Hashing and writing stop nobody else's request."""
    return await to_thread.run_sync(lambda: function(*args, **kwargs), limiter=_hashing)
