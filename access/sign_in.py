"""The three ways in: a password, the administrator's one-time link, an identity provider. Each try is in the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from access.attempts import LOCKED_S, PER_ACCOUNT
from access.gate import Gate
from access.sessions import ABSOLUTE_S, Session
from data.model import Actor

# The same for a wrong password, a disabled account and one that does not exist: nobody learns which.
WRONG = "账号或密码不对，或账号已停用"


@dataclass(frozen=True)
class Outcome:
    """What became of a try: a session, or why not, in Chinese; `wait_s` where waiting helps."""

    session: Session | None
    fault: str = ""
    wait_s: int = 0


def with_password(gate: Gate, account: str, password: str, *, origin: str) -> Outcome:
    """Sign in with a password; takes as long whether the account exists or not."""
    if wait_s := gate.attempts.slowed_s(origin):
        return Outcome(None, f"从这个地址登录失败的次数过多，请 {_minutes(wait_s)} 分钟后再试", wait_s=wait_s)
    if wait_s := gate.attempts.locked_s(account):
        gate.attempts.failed(account, origin)
        return Outcome(None, _locked(wait_s), wait_s=wait_s)
    found = gate.accounts.check_password(account, password)
    if found is None:
        return _failed(gate, account, origin=origin)
    gate.attempts.succeeded(account)
    return _noted(gate, gate.sessions.begin(found, origin=origin), detail="密码")


def with_link(gate: Gate, token: str | None, *, origin: str) -> Outcome:
    """Sign the local administrator in with a one-time link."""
    fault = gate.links.take(token)
    if fault:
        gate.audit("sign-in", actor=_nobody(origin), outcome="refused", detail=f"一次性链接：{fault}")
        return Outcome(None, fault)
    return _noted(gate, gate.sessions.begin(None, origin=origin), detail="一次性链接")


def with_subject(gate: Gate, subject: str, *, origin: str, lasts_s: float = ABSOLUTE_S) -> Outcome:
    """Sign in whom the identity provider vouches for, as the account that is linked to the subject."""
    found = gate.accounts.find_subject(subject)
    if found is None or found.is_disabled:
        detail = "统一身份认证：账号已停用" if found else "统一身份认证：没有对应的账号"
        gate.audit(
            "sign-in",
            actor=_nobody(origin),
            object=found.account if found else "",
            outcome="refused",
            detail=detail,
        )
        return Outcome(None, "账号已停用" if found else "没有对应的账号")
    session = gate.sessions.begin(found, origin=origin, lasts_s=lasts_s, with_password=False)
    return _noted(gate, session, detail="统一身份认证")


def check_old_password(gate: Gate, account: str, password: str, *, origin: str) -> str:
    """Why the password that was typed to confirm a change does not do, in Chinese; empty where it does.

    Counts like a sign-in: whoever sits down at an open browser may not guess on.
    """
    if wait_s := gate.attempts.locked_s(account):
        return _locked(wait_s)
    if gate.accounts.check_password(account, password):
        return ""
    return "原密码不对" if not gate.attempts.failed(account, origin) else _locked(LOCKED_S)


def _failed(gate: Gate, account: str, *, origin: str) -> Outcome:
    is_locked = gate.attempts.failed(account, origin)
    known = gate.accounts.find(account)
    gate.audit(
        "sign-in",
        actor=_nobody(origin),
        # what was typed may be anything, a password even: only a name that exists is kept
        object=known.account if known else "",
        outcome="refused",
        detail=f"连续 {PER_ACCOUNT} 次未通过，锁定 {_minutes(LOCKED_S)} 分钟" if is_locked else "密码",
    )
    return Outcome(None, _locked(LOCKED_S), wait_s=LOCKED_S) if is_locked else Outcome(None, WRONG)


def _noted(gate: Gate, session: Session, *, detail: str) -> Outcome:
    person = session.person
    gate.audit("sign-in", actor=person.actor, object=person.account, detail=detail)
    return Outcome(session)


def _locked(wait_s: float) -> str:
    return f"连续 {PER_ACCOUNT} 次未通过，账号暂时锁定，请 {_minutes(wait_s)} 分钟后再试"


def _minutes(seconds: float) -> int:
    return ceil(seconds / 60)


def _nobody(origin: str) -> Actor:
    """Whoever failed to sign in is not the account that was tried."""
    return Actor("", "", origin)
