"""docs/access.md: what each role may do, within which scope, and how long a sign-in lasts; made from the code itself."""

from __future__ import annotations

from access.attempts import LOCKED_S, PER_ACCOUNT, PER_ADDRESS, WINDOW_S
from access.links import VALID_S
from access.passwords import RULES
from access.roles import ACTION_NAMES, PERMISSIONS, ROLE_LEVELS, ROLE_NAMES, Role
from access.sessions import ABSOLUTE_S, IDLE_S, MOST_PER_ACCOUNT

LEVEL_NAMES = {"province": "省", "prefecture": "市（地）", "county": "县（市、区）", "zone": "管理区"}
SCOPES: dict[Role, str] = {
    "administrator": "全省",
    "province": "全省",
    "prefecture": "本市（地）及所辖县（市、区）的单位；其他市（地）只见地区得分和名次，不见其单位",
    "county": "本县（市、区）的单位；各市（地）和同市（地）的其他县（市、区）只见地区得分和名次，不见其单位",
    "unit": "只有本单位：自己的自评表、得分，和在同类别单位中的名次，不见其他单位的名称",
    "reader": "账号所属地区，同该级考核人员，只读",
}


def access_markdown() -> str:
    """The whole page."""
    return "\n".join(
        [
            "# 权限",
            "",
            "本页由 `access/roles.py` 等生成，请勿手改（`python manage.py docs`）。页面、下载和命令行都问同一张表；",
            "每一格都有测试。",
            "",
            "## 角色与操作",
            "",
            *_table(),
            "",
            "## 范围",
            "",
            "表中的操作只在账号的范围内有效。范围在数据库的一处入口上执行（`data/scoped.py`）：没有设范围的查询得不到任何行。",
            "",
            "| 角色 | 账号属于 | 能看到 |",
            "| --- | --- | --- |",
            *(f"| {ROLE_NAMES[role]} | {_levels(role)} | {SCOPES[role]} |" for role in ROLE_NAMES),
            "",
            "账号只写机构或岗位，不写人名；填报单位的账号可以用单位的统一社会信用代码。",
            "",
            "## 登录",
            "",
            *_sign_in(),
            "",
        ]
    )


def _table() -> list[str]:
    heading = ["操作", *ROLE_NAMES.values()]
    rows = [
        [name, *("✓" if action in PERMISSIONS[role] else "" for role in ROLE_NAMES)]
        for action, name in ACTION_NAMES.items()
    ]
    rule = ["---", *(":-:" for _ in ROLE_NAMES)]
    return [f"| {' | '.join(row)} |" for row in (heading, rule, *rows)]


def _levels(role: Role) -> str:
    levels = "、".join(LEVEL_NAMES[level] for level in ROLE_LEVELS[role])
    return f"一个单位（{levels}所属）" if role == "unit" else levels


def _sign_in() -> list[str]:
    return [
        f"- 登录后 {IDLE_S // 60} 分钟没有操作，或满 {ABSOLUTE_S // 3600} 小时，须重新登录；"
        "用统一身份认证登录的，以身份令牌的有效期为限。",
        "- 登录状态只在服务器的内存中：服务重启后都须重新登录。",
        "- 账号被停用、改了角色或范围、改了或重置了密码，它的所有登录在下一次点击时失效。",
        f"- 一个账号最多同时在 {MOST_PER_ACCOUNT} 个浏览器中登录；可以“在所有浏览器退出”。",
        f"- 同一账号 {WINDOW_S // 60} 分钟内 {PER_ACCOUNT} 次未通过，锁定 {LOCKED_S // 60} 分钟；"
        f"同一地址 {WINDOW_S // 60} 分钟内 {PER_ADDRESS} 次未通过，{LOCKED_S // 60} 分钟内不再受理。",
        f"- 密码：{RULES}。首次登录和被重置后须先修改密码。",
        f"- 一次性登录链接（`manage.py link`）以本机管理员的身份登录，{VALID_S // 60} 分钟内有效，只能用一次；不受锁定影响。",
        "- 每次登录（成功与未通过）、退出、锁定和修改密码都记入操作日志。",
    ]
