"""Who may do what: one table of role × action, which the pages, the downloads and manage.py all ask.

What a role may do it may do within its scope only (`access.person`): the table says nothing about rows. docs/access.md
is generated from it.
"""

from __future__ import annotations

from typing import Literal

Role = Literal["administrator", "province", "prefecture", "county", "unit", "reader"]
Action = Literal[
    "see_results",
    "see_units",
    "see_regulation",
    "see_scheme",
    "export",
    "take_templates",
    "upload",
    "see_receipts",
    "see_register",
    "review",
    "close_stage",
    "see_severity",
    "draw_sample",
    "record_findings",
    "rectify",
    "answer_tasks",
    "object",
    "decide_objections",
    "set_grades",
    "publish",
    "change_register",
    "change_scheme",
    "use_scheme",
    "manage_cycles",
    "manage_accounts",
    "see_audit",
    "back_up",
]

ROLE_NAMES: dict[Role, str] = {
    "administrator": "系统管理员",
    "province": "省级考核人员",
    "prefecture": "市级考核人员",
    "county": "县级考核人员",
    "unit": "填报单位",
    "reader": "领导查阅",
}
# What of the province a role's account is tied to: the level of its region, or one unit.
ROLE_LEVELS: dict[Role, tuple[str, ...]] = {
    "administrator": ("province",),
    "province": ("province",),
    "prefecture": ("prefecture",),
    "county": ("county", "zone"),
    "unit": ("province", "prefecture", "county", "zone"),
    "reader": ("province", "prefecture", "county", "zone"),
}
ACTION_NAMES: dict[Action, str] = {
    "see_results": "看总览、地区排名、差距分析",
    "see_units": "看单位详情",
    "see_regulation": "看条例对照",
    "see_scheme": "看方案与权重",
    "export": "下载所示的表和图",
    "take_templates": "下载自评表",
    "upload": "上传自评表",
    "see_receipts": "看收件记录",
    "see_register": "看单位名册",
    "review": "审核自评表、退回补正",
    "close_stage": "关闭、重新打开审核环节",
    "see_severity": "看审核尺度",
    "draw_sample": "抽取抽查单位",
    "record_findings": "登记认定事项及其处理",
    "rectify": "下达整改任务、复查",
    "answer_tasks": "报送整改情况",
    "object": "提出异议",
    "decide_objections": "决定异议",
    "set_grades": "另定等次",
    "publish": "公布结果",
    "change_register": "登记单位",
    "change_scheme": "修改方案，另存为新版本",
    "use_scheme": "决定年度用哪一版方案",
    "manage_cycles": "开设、更改、关闭年度",
    "manage_accounts": "管理账号",
    "see_audit": "看操作日志",
    "back_up": "备份、恢复、重建、校验",
}

# What changes nothing and looks at nothing that only the writing service has: all that a read-only server offers.
READS: frozenset[Action] = frozenset({"see_results", "see_units", "see_regulation", "see_scheme", "export"})

_EVALUATES: frozenset[Action] = frozenset(
    {
        "see_results",
        "see_units",
        "see_regulation",
        "see_scheme",
        "export",
        "take_templates",
        "upload",
        "see_receipts",
        "see_register",
        "review",
        "close_stage",
        "record_findings",
        "rectify",
        "answer_tasks",
    }
)
_DECIDES: frozenset[Action] = frozenset({"draw_sample", "decide_objections"})
PERMISSIONS: dict[Role, frozenset[Action]] = {
    "administrator": frozenset(ACTION_NAMES),
    "province": _EVALUATES
    | _DECIDES
    | {"see_severity", "set_grades", "publish", "change_register", "change_scheme"},
    "prefecture": _EVALUATES | _DECIDES,
    "county": _EVALUATES,
    "unit": frozenset(
        {
            "see_units",
            "see_regulation",
            "see_scheme",
            "export",
            "take_templates",
            "upload",
            "see_receipts",
            "answer_tasks",
            "object",
        }
    ),
    "reader": frozenset({"see_results", "see_units", "see_regulation", "see_scheme", "export"}),
}


def may(role: Role, action: Action) -> bool:
    """Whether the role has the action at all. Raises KeyError for a role or an action that does not exist."""
    if action not in ACTION_NAMES:
        raise KeyError(action)
    return action in PERMISSIONS[role]
