"""Many accounts at once: from a table that was filled in, or one for every unit of a register that has none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from access.accounts import Account, Accounts
from access.roles import ROLE_NAMES
from data.account_sheet import AccountRow
from data.model import Unit
from data.problems import Problem, has_errors, make_problem, sort_problems
from data.regions import load_regions
from data.safe_reading import read_account_sheet_safely


def read_accounts(content: bytes, *, accounts: Accounts) -> tuple[list[Account], list[Problem]]:
    """The accounts of a filled-in table in the order of its rows, and all problems by place; never raises for bad input.

    The accounts may be added where no problem is an error; otherwise there are none.
    """
    rows, problems = read_account_sheet_safely(content, roles=ROLE_NAMES, regions=load_regions())
    read = [Account(row.account, row.title, row.role, row.region, row.unit or None) for row in rows]
    known = {account.account for account in accounts.all()}
    judged = []
    for row, account, faults in zip(rows, read, accounts.check(read), strict=True):
        if account.account in known:
            judged.append(_at(row, "account", make_problem("account-exists", found=account.account)))
        judged += [_at(row, fault.field, fault.problem) for fault in faults]
    # what could not be read at all needs no second remark
    reported = {(problem.sheet, problem.cell) for problem in problems}
    problems += [problem for problem in judged if (problem.sheet, problem.cell) not in reported]
    sheets = [row.sheet for row in rows[:1]]
    return ([] if has_errors(problems) else read), sort_problems(problems, sheets)


def unit_accounts(units: Iterable[Unit], *, accounts: Accounts) -> list[Account]:
    """One account for each of the units that has none, disabled or not: its id is the unit's code, its title the name."""
    existing = accounts.all()
    served = {account.unit for account in existing} | {account.account for account in existing}
    return [
        Account(unit.code, unit.name, "unit", unit.region, unit=unit.code)
        for unit in units
        if unit.code not in served
    ]


def _at(row: AccountRow, field: str, problem: Problem) -> Problem:
    """The problem at the cell of its field, or of the account where the table has no such column."""
    return replace(problem, sheet=row.sheet, cell=row.cells.get(field, row.cells["account"]))
