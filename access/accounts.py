"""Accounts: who may sign in, as what and for which region or unit. Kept in the store, append-only.

An account names an office or post, never a person: its id and title may hold no name, number or telephone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from access.account_rules import Fault, account_faults
from access.passwords import (
    hash_initial,
    hash_password,
    initial_password,
    is_password,
    needs_rehash,
    password_faults,
)
from access.person import Person
from access.roles import ROLE_NAMES, Role
from data.model import LOCAL, Actor
from data.store import Store, StoreError


class AccountError(StoreError):
    """An account that cannot be made or changed so; the text names every reason, in Chinese."""


@dataclass(frozen=True)
class Account:
    """One account as it stands. `region` is its scope, `unit` set for role unit only; `subject` at the identity provider."""

    account: str
    title: str
    role: Role
    region: str
    unit: str | None = None
    password_hash: str = ""
    must_change: bool = True
    is_disabled: bool = False
    subject: str | None = None
    changed_at: datetime | None = None

    def person(self, *, origin: str, session: str) -> Person:
        """The account as it acts in one session."""
        return Person(self.account, self.title, self.role, self.region, self.unit, origin, session)


class Accounts:
    """The accounts of one store."""

    def __init__(self, store: Store):
        self.store = store

    # ---- reading

    def all(self) -> list[Account]:
        """Every account, by id."""
        rows = self.store.rows(_SELECT + " order by account")
        return [Account(*row) for row in rows]

    def find(self, account: str) -> Account | None:
        """One account, disabled or not, or None."""
        rows = self.store.rows(_SELECT + " where account = $account", account=account)
        return Account(*rows[0]) if rows else None

    def find_subject(self, subject: str) -> Account | None:
        """The account that a subject of the identity provider signs in as, or None."""
        rows = self.store.rows(_SELECT + " where subject = $subject", subject=subject)
        return Account(*rows[0]) if subject and rows else None

    def version(self) -> int:
        """Grows with every change of an account: what was looked up under the same version still holds."""
        return self.store.kept_rows("select coalesce(max(seq), 0) from account_event")[0][0]

    def has_administrator(self) -> bool:
        """Whether somebody can sign in who manages accounts."""
        return any(each.role == "administrator" and not each.is_disabled for each in self.all())

    def check_password(self, account: str, password: str) -> Account | None:
        """The account when it exists, is not disabled and has this password; None takes as long."""
        found = self.find(account)
        is_right = is_password(password, found.password_hash or None if found else None)
        if found is None or not is_right or found.is_disabled:
            return None
        if needs_rehash(found.password_hash) and not found.must_change:
            stronger = replace(found, password_hash=hash_password(password))
            with suppress(StoreError):  # a full disk is no reason to keep anybody out: next time, then
                self._keep([stronger], LOCAL, "account", "密码换用新的加密参数")
                return stronger
        return found

    # ---- changing

    def add(self, account: Account, *, actor: Actor = LOCAL) -> str:
        """Add an account and return its initial password, which is shown once. Raises AccountError."""
        return self.add_many([account], actor=actor)[0]

    def add_many(
        self,
        accounts: Sequence[Account],
        *,
        actor: Actor = LOCAL,
        progress: Callable[[int], None] | None = None,
    ) -> list[str]:
        """Add accounts, all or none, and return their initial passwords in order. Raises AccountError naming all faults.

        `progress` hears how many are prepared; nothing is kept before all of them are.
        """
        known = {each.account for each in self.all()}
        faults = []
        for account, found in zip(accounts, self.check(accounts), strict=True):
            faults += [f"{account.account}：{fault.problem.message}" for fault in found]
            if account.account in known:
                faults.append(f"{account.account}：账号已存在")
            known.add(account.account)
        if faults:
            raise AccountError("；".join(faults))
        passwords, made = [], []
        for account in accounts:
            passwords.append(initial_password())
            hashed = hash_initial(passwords[-1])
            made.append(replace(account, password_hash=hashed, must_change=True, is_disabled=False))
            if progress:
                progress(len(made))
        self._keep(made, actor, "account", "新建")
        return passwords

    def change(self, account: str, *, actor: Actor = LOCAL, **fields: object) -> Account:
        """Give an account another title, role, region, unit or subject. Raises AccountError.

        The last administrator cannot be given another role.
        """
        found = self._must_find(account)
        changed = replace(found, **fields)
        if faults := self.faults(changed):
            raise AccountError(f"{account}：{'；'.join(faults)}")
        if changed.role != "administrator" and not found.is_disabled:
            self._check_not_last(found, "不能改作其他角色")
        self._keep([changed], actor, "account", "更改")
        return changed

    def link_subject(self, account: str, subject: str | None, *, actor: Actor = LOCAL) -> None:
        """Let a subject of the identity provider sign in as the account, or with None nobody. Raises AccountError."""
        holder = self.find_subject(subject) if subject else None
        if holder and holder.account != account:
            raise AccountError(f"标识 {subject} 已用于账号 {holder.account}：一个标识只能对应一个账号")
        self.change(account, actor=actor, subject=subject)

    def set_disabled(self, account: str, is_disabled: bool, *, actor: Actor = LOCAL) -> None:
        """Disable an account or let it in again. Raises AccountError; the last administrator cannot be disabled."""
        found = self._must_find(account)
        if is_disabled:
            self._check_not_last(found, "不能停用")
        self._keep(
            [replace(found, is_disabled=is_disabled)], actor, "account", "停用" if is_disabled else "启用"
        )

    def reset_password(self, account: str, *, actor: Actor = LOCAL) -> str:
        """Give an account a new initial password, which is shown once and must be changed. Raises AccountError."""
        password = initial_password()
        found = replace(self._must_find(account), password_hash=hash_initial(password), must_change=True)
        self._keep([found], actor, "account", "重置密码")
        return password

    def set_password(self, account: str, *, old: str, new: str, origin: str) -> list[str]:
        """Let the holder change the password; returns what is wrong with it in Chinese, empty when it was changed."""
        found = self._must_find(account)
        if not is_password(old, found.password_hash or None):
            return ["原密码不对"]
        faults = password_faults(new, account=account)
        if is_password(new, found.password_hash):
            faults.append("与原密码相同")
        if not faults:
            actor = Actor(account=account, role=found.role, origin=origin)
            self._keep(
                [replace(found, password_hash=hash_password(new), must_change=False)], actor, "password", ""
            )
        return faults

    def faults(self, account: Account) -> list[str]:
        """What is wrong with an account's own words and scope, in Chinese; empty where it is good."""
        return [fault.problem.message for fault in self.check([account])[0]]

    def check(self, accounts: Sequence[Account]) -> list[list[Fault]]:
        """What is wrong with each account's own words and scope, in the order given."""
        registered = set(
            self.store.rows(
                "select distinct unit, region from unit where unit in (select unnest($units::varchar[]))",
                units=[account.unit for account in accounts if account.unit],
            )
        )
        return [account_faults(account, registered=registered) for account in accounts]

    def _check_not_last(self, account: Account, what: str) -> None:
        """Raises AccountError where nobody could manage accounts any more without this one."""
        others = (a for a in self.all() if a.account != account.account and not a.is_disabled)
        if account.role == "administrator" and not any(a.role == "administrator" for a in others):
            raise AccountError(
                f"{account.account} 是最后一个可用的系统管理员，{what}：请先新建另一个系统管理员"
            )

    def _must_find(self, account: str) -> Account:
        found = self.find(account)
        if found is None:
            raise AccountError(f"没有账号 {account}：请核对")
        return found

    def _keep(self, accounts: Sequence[Account], actor: Actor, action: str, detail: str) -> None:
        with self.store.write(actor) as transaction:
            for account in accounts:
                said = (
                    f"{detail}（{ROLE_NAMES[account.role]}，{account.unit or account.region}）"
                    if detail
                    else ""
                )
                seq = transaction.audit(action, object=account.account, detail=said)
                transaction.add(
                    "account_event",
                    {
                        "seq": seq,
                        "recorded_at": transaction.at,
                        "account": account.account,
                        "title": account.title,
                        "role": account.role,
                        "region": account.region,
                        "unit": account.unit,
                        "password_hash": account.password_hash,
                        "must_change": account.must_change,
                        "is_disabled": account.is_disabled,
                        "subject": account.subject,
                    },
                )


_SELECT = (
    "select account, title, role, region, unit, password_hash, must_change, is_disabled, subject, changed_at "
    "from current_account"
)
