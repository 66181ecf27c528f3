"""As whom a command runs: every command opens the store here, asks its action of the one table, and gets its scope.

Whoever can start a command holds the files and is the local administrator; `--as ACCOUNT` before the verb gives that up
and runs the command with the account's role and scope instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from access.accounts import Accounts
from access.gate import gate_of
from access.person import LOCAL_ADMINISTRATOR, Person
from access.roles import ACTION_NAMES, Action
from command_line import UserError
from data.model import Publication, Scope
from data.regions import PROVINCE
from data.scoped import ScopedStore
from data.store import LockedError, Store

# What each command is, in the words of access/roles.py. Where a command answers different questions, its option decides.
COMMAND_ACTIONS: dict[str, Action] = {
    "demo": "manage_cycles",
    "templates": "take_templates",
    "import": "upload",
    "register": "change_register",
    "register-template": "see_register",
    "cycle open": "manage_cycles",
    "scores --level prefecture": "see_results",
    "scores --level county": "see_results",
    "scores --level unit": "see_units",
    "explain --region": "see_results",
    "explain --unit": "see_units",
    "publish": "publish",
    "publications": "see_results",
    "export-results": "see_results",
    "export": "export",
    "finding list": "record_findings",
    "task list": "rectify",
    "task notices": "rectify",
    "serve": "manage_accounts",
    "backup": "back_up",
    "snapshot": "back_up",
    "restore": "back_up",
    "rebuild": "back_up",
    "verify": "back_up",
    "clock": "back_up",
    "link": "manage_accounts",
    "user add": "manage_accounts",
    "user list": "manage_accounts",
    "user enable": "manage_accounts",
    "user disable": "manage_accounts",
    "user password": "manage_accounts",
    "user link-subject": "manage_accounts",
    "stage list": "close_stage",
    "stage close": "close_stage",
    "stage reopen": "close_stage",
    "sample draw": "draw_sample",
    "sample list": "draw_sample",
    "scheme list": "see_scheme",
    "scheme show": "see_scheme",
    "scheme export": "see_scheme",
    "scheme check": "change_scheme",
    "scheme import": "change_scheme",
    "scheme use": "use_scheme",
}

_account: str | None = None


@dataclass(frozen=True)
class Here:
    """Who runs a command, and on what: `store` as far as that person sees it, `whole` for what is nobody's part."""

    person: Person
    store: Store | ScopedStore
    whole: Store


def run_as(account: str | None) -> None:
    """Name the account for the commands of this process; None is the local administrator."""
    global _account
    _account = account


def is_local() -> bool:
    """Whether the command runs as the local administrator."""
    return _account is None


@contextmanager
def opened(command: str) -> Iterator[Here]:
    """The store for a command of COMMAND_ACTIONS. Raises UserError where the account does not exist, is disabled, or has
    not the command's action, and StoreError where the folder cannot be opened."""
    with closing(Store.open()) as store:
        person = _person(store)
        action = COMMAND_ACTIONS[command]
        if not person.may(action):
            gate_of(store).deny(person, f"manage.py {command}")
            raise UserError(f"账号 {person.account}（{person.role_name}）不能{ACTION_NAMES[action]}")
        seen = store if is_local() else store.seen_by(person.scope, actor=person.actor)
        yield Here(person, seen, store)


@contextmanager
def opened_unless_serving(command: str, *, instead: str) -> Iterator[Here]:
    """`opened`; where a service holds the folder, UserError that says where on its pages the work is done."""
    try:
        with opened(command) as here:
            yield here
    except LockedError as error:
        raise UserError(f"{error}；服务运行时，{instead}中办理") from error


def read_publication(here: Here, made: Publication) -> ScopedStore:
    """The store as the person of a command sees it, with the publication's cycle as it was frozen."""
    scope = here.store.scope if isinstance(here.store, ScopedStore) else Scope(PROVINCE)
    return here.whole.seen_by(scope, actor=here.person.actor, publication=made)


def _person(store: Store) -> Person:
    if _account is None:
        return LOCAL_ADMINISTRATOR
    found = Accounts(store).find(_account)
    if found is None:
        raise UserError(f"没有账号 {_account}：请核对 --as")
    if found.is_disabled:
        raise UserError(f"账号 {_account} 已停用，不能使用 --as")
    return found.person(origin="local", session="")
