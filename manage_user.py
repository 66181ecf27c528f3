"""`manage.py user …`: accounts without a browser, while no server runs on the folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from access.accounts import Account, Accounts
from access.roles import ROLE_LEVELS, ROLE_NAMES
from command_line import Command, UserError, commands, print_json, print_table, say
from data.regions import load_regions, regions_by_code
from data.store import LockedError
from manage_as import Here, opened

app = commands(name="user", title="账号。")

AccountArgument = Annotated[str, typer.Argument(help="账号", metavar="账号")]
ROLES = "、".join(f"{role}（{name}）" for role, name in ROLE_NAMES.items())


@contextmanager
def _accounts(command: str) -> Iterator[tuple[Accounts, Here]]:
    try:
        with opened(command) as here:
            yield Accounts(here.whole), here
    except LockedError as error:
        raise UserError(f"{error}；服务运行时，账号在网页的“系统管理”中管理") from error


@app.command(cls=Command)
def add(
    account: AccountArgument,
    title: Annotated[str, typer.Option(help="机构或岗位的名称，如“道里区考核办”；不写人名")],
    role: Annotated[str, typer.Option(help=f"角色：{ROLES}")],
    region: Annotated[
        str | None, typer.Option(help="地区代码，如 230102；省级角色可不写，填报单位按名册")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="填报单位的统一社会信用代码，仅角色 unit")] = None,
) -> None:
    """新建账号；初始密码只在标准输出上显示这一次，首次登录须修改。"""
    with _accounts("user add") as (accounts, here):
        made = Account(account, title, role, region or _region(here, role, unit), unit=unit)
        password = accounts.add(made, actor=here.person.actor)
    say(f"已新建账号 {account}（{ROLE_NAMES[made.role]}），初始密码如下，首次登录须修改：")
    typer.echo(password)


@app.command("list", cls=Command)
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="在标准输出上只输出一个 JSON 文档")] = False,
) -> None:
    """列出账号。"""
    with _accounts("user list") as (accounts, _here):
        rows = [_row(account) for account in accounts.all()]
    if as_json:
        print_json({"accounts": rows})
        return
    regions = regions_by_code()
    for row in rows:
        row |= {
            "role": ROLE_NAMES[row["role"]],
            "region": row["unit"] or regions[row["region"]].name,
            "state": "停用" if row["is_disabled"] else "须改密码" if row["must_change"] else "正常",
        }
    print_table({"account": "账号", "title": "名称", "role": "角色", "region": "范围", "state": "状态"}, rows)


@app.command(cls=Command)
def disable(account: AccountArgument) -> None:
    """停用账号；它不能再登录。"""
    with _accounts("user disable") as (accounts, here):
        accounts.set_disabled(account, True, actor=here.person.actor)
    typer.echo(f"已停用账号 {account}")


@app.command(cls=Command)
def enable(account: AccountArgument) -> None:
    """重新启用账号。"""
    with _accounts("user enable") as (accounts, here):
        accounts.set_disabled(account, False, actor=here.person.actor)
    typer.echo(f"已启用账号 {account}")


@app.command(cls=Command)
def password(account: AccountArgument) -> None:
    """重置密码；新的初始密码只在标准输出上显示这一次，登录后须修改。"""
    with _accounts("user password") as (accounts, here):
        made = accounts.reset_password(account, actor=here.person.actor)
    say(f"已重置账号 {account} 的密码，新的初始密码如下，登录后须修改：")
    typer.echo(made)


@app.command("link-subject", cls=Command)
def link_subject(
    account: AccountArgument,
    subject: Annotated[
        str | None, typer.Argument(help="统一身份认证未关联时页面上显示的标识", metavar="标识")
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="取消关联")] = False,
) -> None:
    """把统一身份认证中的一个标识与账号关联，此后可用它登录。"""
    if bool(subject) == remove:
        raise UserError("请写标识，或用 --remove 取消关联，二选一")
    with _accounts("user link-subject") as (accounts, here):
        accounts.link_subject(account, subject, actor=here.person.actor)
    typer.echo(f"已{'取消' if remove else ''}关联账号 {account}")


def _row(account: Account) -> dict:
    """What may be shown of an account: no hash."""
    return {
        "account": account.account,
        "title": account.title,
        "role": account.role,
        "region": account.region,
        "unit": account.unit,
        "must_change": account.must_change,
        "is_disabled": account.is_disabled,
        "subject": account.subject,
        "changed_at": f"{account.changed_at:%Y-%m-%dT%H:%M:%S}",
    }


def _region(here: Here, role: str, unit: str | None) -> str:
    """The region where the role or the register leaves no choice. Raises UserError where it must be told."""
    if unit:
        found = here.whole.rows(
            "select region from unit where unit = $unit order by cycle desc limit 1", unit=unit
        )
        if found:
            return found[0][0]
        raise UserError(f"名册中没有单位 {unit}：请核对代码，或先用 register 登记")
    if ROLE_LEVELS.get(role) == ("province",):
        return next(region.code for region in load_regions() if region.level == "province")
    raise UserError("缺少 --region：请写地区代码，如 230102")
