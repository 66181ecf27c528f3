"""What an account may look like: every rule on its id, title, role and scope, each fault with the field it is in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from access.roles import ROLE_LEVELS, ROLE_NAMES
from data.personal_data import find_personal_data
from data.problems import Problem, make_problem
from data.regions import RegionLevel, regions_by_code

if TYPE_CHECKING:
    from access.accounts import Account

ACCOUNT_PATTERN = re.compile(r"[a-z][a-z0-9._-]{2,31}|[0-9A-Z]{18}")  # or a unit's own code
RESERVED = ("local", "inbox", "backup", "system", "demo")
LEVEL_NAMES: dict[RegionLevel, str] = {
    "province": "省",
    "prefecture": "市（地）",
    "county": "县（市、区）",
    "zone": "管理区",
}
# By name, as a table of accounts has them, and by id, as manage.py takes them.
ROLES_SAID = "、".join(f"{name}（{role}）" for role, name in ROLE_NAMES.items())

Field = Literal["account", "title", "role", "region", "unit"]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an account, and the field that has to be mended."""

    field: Field
    problem: Problem


def account_faults(account: Account, *, registered: Collection[tuple[str, str]]) -> list[Fault]:
    """Everything that is wrong with the account; `registered` holds (unit, region) of the registers of all cycles."""
    return [*_word_faults(account), *_scope_faults(account, registered)]


def _word_faults(account: Account) -> Iterator[Fault]:
    if not ACCOUNT_PATTERN.fullmatch(account.account) or account.account in RESERVED:
        yield _fault("account", "account-id-invalid", account.account, reserved="、".join(RESERVED))
    if not account.title.strip():
        yield _fault("title", "account-title-missing")
    for field in ("account", "title"):
        if kind := find_personal_data(getattr(account, field)):
            yield _fault(field, "account-personal-data", kind)


def _scope_faults(account: Account, registered: Collection[tuple[str, str]]) -> Iterator[Fault]:
    if account.role not in ROLE_NAMES:
        yield _fault("role", "unknown-role", account.role, allowed=ROLES_SAID)
        return
    role = ROLE_NAMES[account.role]
    region = regions_by_code().get(account.region)
    if region is None:
        yield _fault("region", "account-region-unknown", account.region)
        return
    if region.level not in ROLE_LEVELS[account.role]:
        allowed = "、".join(LEVEL_NAMES[level] for level in ROLE_LEVELS[account.role])
        yield _fault("region", "account-region-level", region.name, role=role, allowed=allowed)
        return
    if account.role == "unit" and not account.unit:
        yield _fault("unit", "account-unit-missing")
    elif account.role != "unit" and account.unit:
        yield _fault("unit", "account-unit-needless", account.unit, role=role)
    elif account.unit and (account.unit, account.region) not in registered:
        yield _fault("unit", "account-unit-unknown", account.unit, region=region.name)


def _fault(field: Field, code: str, found: object = "", **values: object) -> Fault:
    return Fault(field, make_problem(code, found=found, **values))
