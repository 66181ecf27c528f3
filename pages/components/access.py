"""Who is here and the way to the data: one store per process, read within that person's scope, cached until it changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from time import thread_time
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd
from streamlit.runtime.scriptrunner import get_script_run_ctx

from access.gate import Gate, gate_of
from access.person import Person
from access.reader import ReaderGate
from access.roles import Action
from data import queries
from data.course.publications import publication
from data.held import Held, Released
from data.model import Publication, Scope
from data.newest import Newest, handed_out
from data.read_only import ReadOnlyStore
from data.regions import PROVINCE
from data.scoped import ScopedStore
from data.store import Store
from pages.components import state
from pages.components.one_store import whole_store as whole_store
from scoring.comparison import SchemeComparison
from scoring.scheme import COMPOSITE, Scheme

# What a hundred people looked at in the last minutes. Most answers take some kilobytes, lists of units four hundred: by number,
# memory would grow for as long as more of these come in.
CACHED_RESULTS, CACHED_MB = 20_000, 48
IN_USE = "publication_in_use"
UNCHANGING = frozenset({type(None), str, bool, int, float, date, datetime, pd.Timestamp, SchemeComparison})
# What depends on the very account that asks; everything else is the same for all with the same region and unit.
OWN_FILES = {queries.history.__name__, queries.receipt_problems.__name__}


class SignedOut(Exception):
    """The session has ended, or the account was disabled: nothing may be shown any more."""

    def __str__(self) -> str:
        return "登录已失效（退出、停用或长时间没有操作）。请刷新本页重新登录。"


class NotAllowed(Exception):
    """The role does not have the action that was asked for."""

    def __str__(self) -> str:
        return "当前账号没有这项权限，本次操作没有执行，并已记入操作日志。确需办理的，请联系系统管理员。"


_answers: WeakKeyDictionary[Store, Newest] = WeakKeyDictionary()


def _kept(question: Hashable, make: Callable[[], Any]) -> Any:
    """What was answered to a question before, by the same opened store; shared by all sessions."""
    store = whole_store()
    return _answers.setdefault(store, Newest(CACHED_RESULTS, most_mb=CACHED_MB)).get(question, make)


def _own(answer: Any) -> Any:
    """An answer that its receiver may change: frames copy what is written to them, the rest is built anew."""
    if type(answer) in UNCHANGING:
        return answer
    if isinstance(answer, pd.DataFrame):
        return handed_out(answer)
    if isinstance(answer, dict):
        if UNCHANGING.issuperset(map(type, answer.values())):
            return dict(answer)
        return {name: _own(value) for name, value in answer.items()}
    if isinstance(answer, (list, tuple)) and type(answer) in (list, tuple):
        return type(answer)(answer if UNCHANGING.issuperset(map(type, answer)) else map(_own, answer))
    return deepcopy(answer)


def snapshot_moment() -> datetime | None:
    """As of when this server's data are, where it only reads snapshots; None where it holds the data themselves."""
    store = whole_store()
    return store.as_of if isinstance(store, ReadOnlyStore) else None


def data_moment() -> datetime:
    """As of when what is shown is true: now, or the moment of the snapshot."""
    return snapshot_moment() or datetime.now()


def seconds_behind(cycle: int) -> int | None:
    """In how many seconds the visitor will see what has come in since the moment that he reads; None where he sees everything."""
    if publication_in_use(cycle):
        return None
    left = whole_store().holder.left_s(cycle=cycle, by=who().actor)
    return None if left is None else max(round(left), 1)


def get_gate() -> Gate | ReaderGate:
    """Who may come in, and where their acts are noted."""
    return gate_of(whole_store())


def session_id() -> str | None:
    """The id of the visitor's session, as the guard in front of the server set it; never from the browser.

    `st.user` says the same, after looking for files of secrets each time.
    """
    context = get_script_run_ctx()
    return context.user_info.get("session") if context else None


def who() -> Person:
    """Who is here, looked up anew each time. Raises SignedOut."""
    return person_of(session_id())


def person_of(session: str | None) -> Person:
    """Who a session belongs to, also outside a run (a download that is built later). Raises SignedOut."""
    person = get_gate().sessions.person(session, touch=False)  # the guard has noted the click itself
    if person is None:
        raise SignedOut
    return person


def may(action: Action) -> bool:
    """Whether the visitor's role has the action. Raises SignedOut."""
    return who().may(action)


def require(action: Action) -> None:
    """Raises NotAllowed, after writing it into the audit log, where the visitor's role does not have the action."""
    person = who()
    if not person.may(action):
        get_gate().deny(person, action)
        raise NotAllowed


def get_store() -> ScopedStore:
    """The store as the visitor may see it; what is written through it carries the visitor's account. Raises SignedOut."""
    person = who()
    return whole_store().seen_by(person.scope, actor=person.actor)


def get_reading(cycle: int) -> ScopedStore:
    """`get_store`, read from the publication that the screen shows, if it shows one of this cycle. Raises SignedOut."""
    person = who()
    return whole_store().seen_by(person.scope, actor=person.actor, publication=publication_in_use(cycle))


def ask(query: Callable[..., Any], /, *, cycle: int, **kwargs: Any) -> Any:
    """`query(store, cycle=cycle, **kwargs)` within the visitor's scope, cached on scope and data version, of the publication
    that the screen shows, if it shows one of this cycle; while files come in, of a moment that many share (`data.held`).

    `query` is a function of data/queries; callers get a copy of their own. Raises what it raises, and SignedOut.
    """
    return _ask(query, lambda store: store.data_version(cycle), cycle, kwargs)


def ask_now(query: Callable[..., Any], /, *, cycle: int, **kwargs: Any) -> Any:
    """`ask` without keeping the answer: for a question that hardly anybody asks twice, as with weights moved by hand."""
    return query(get_reading(cycle), cycle=cycle, **kwargs)


def ask_years(query: Callable[..., Any], /, *, cycle: int, **kwargs: Any) -> Any:
    """`ask` for a query over several cycles: cached until the data of any of them change."""

    def versions(store: Store | Held) -> tuple[int, ...]:
        return tuple(store.data_version(each) for each in store.cycles())

    return _ask(query, versions, cycle, kwargs)


def _ask(
    query: Callable[..., Any],
    version_of: Callable[[Store | Held], Hashable],
    cycle: int,
    kwargs: dict[str, Any],
) -> Any:
    person, made, whole = who(), publication_in_use(cycle), whole_store()
    account = person.scope.account if query.__name__ in OWN_FILES else None
    scope = (person.scope.region, person.scope.unit, account)

    def answer(store: Store | Held) -> Any:
        version = made.data_version if made else version_of(store)
        question = (
            query.__name__,
            scope,
            cycle,
            version,
            made and made.number,
            tuple(sorted(kwargs.items())),
        )

        def make() -> Any:
            started = thread_time()
            answered = query(store.seen_by(Scope(*scope), publication=made), cycle=cycle, **kwargs)
            if isinstance(store, Held):
                store.took(thread_time() - started)
            return answered

        return _kept(question, make)

    try:
        return _own(answer(whole if made else whole.holder.moment(cycle=cycle, by=person.actor)))
    except Released:  # the next one has what this one had not
        whole.holder.let_go()
        return _own(answer(whole))


def use_publication(cycle: int, number: str | None) -> None:
    """From here on this run reads a cycle as a publication froze it; None: as it stands now."""
    state.keep(IN_USE, (cycle, number) if number else None)


def publication_in_use(cycle: int) -> Publication | None:
    """The publication that this run reads a cycle from, or None where it reads what stands now."""
    used = state.recall(IN_USE)
    return publication(whole_store(), cycle=cycle, number=used[1]) if used and used[0] == cycle else None


def list_cycles() -> list[int]:
    """Every cycle, newest first."""
    return whole_store().cycles()


@dataclass(frozen=True)
class Regions:
    """queries.region_tree by code, in its order; shared by all sessions, so that nothing of it is changed."""

    name: Mapping[str, str]
    level: Mapping[str, str]
    parent: Mapping[str, str]


def regions() -> Regions:
    """The regions that the visitor may see as a whole."""
    region = who().region

    def make() -> Regions:
        tree = queries.region_tree(whole_store().seen_by(Scope(region)))
        return Regions(
            **{
                each: MappingProxyType(dict(zip(tree["code"], tree[each], strict=True)))
                for each in ("name", "level", "parent")
            }
        )

    return _kept(("regions", region), make)


def decimals_of(*cycles: int) -> int:
    """The decimals in which published scores of these cycles stand beside each other: the most that one of them has."""
    return max(get_scheme(cycle).rules.decimals for cycle in cycles)


def get_scheme(cycle: int) -> Scheme:
    """The scheme of a cycle; immutable, shared by all sessions."""
    store, made = whole_store(), publication_in_use(cycle)
    version = made.data_version if made else store.data_version(cycle)
    return _kept(
        ("scheme", cycle, version, made and made.number),
        lambda: store.seen_by(Scope(PROVINCE), publication=made).scheme(cycle),
    )


def basis_names(cycle: int) -> dict[str, str]:
    """Basis id → its name on the screen: 综合, then each responsibility system."""
    return {COMPOSITE: "综合", **{s.id: s.name for s in get_scheme(cycle).systems}}


def is_demo() -> bool:
    """Whether the store holds demonstration data; screens must then say so."""
    return bool(whole_store().is_demo())
