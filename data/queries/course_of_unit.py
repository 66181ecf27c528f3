"""All that happened to one unit in a cycle, as a line of sentences that name roles, never accounts."""

from __future__ import annotations

import pandas as pd

from data.course.acting import HAND_OF_ROLE, LEVEL_NAMES, STAGE_NAMES
from data.queries.ask import ask
from data.store import Store
from procedure.machine import Machine
from procedure.machines import FINDINGS, GRADE, OBJECTION, PUBLICATION, TASK

KIND_NAMES = {
    "receipt": "自评表",
    "return": "退回补正",
    "review": "核定",
    "finding": "认定事项",
    "task": "整改任务",
    "objection": "异议",
    "grade": "等次",
    "publication": "公布",
}
FATES = {"accepted": "已接收", "warned": "已接收（有提醒）", "refused": "退回"}
RETURNS = {"returned": "退回补正", "recalled": "撤回退回"}
MACHINES: dict[str, Machine] = {
    "task": TASK,
    "objection": OBJECTION,
    "grade": GRADE,
    "publication": PUBLICATION,
}


def unit_history(store: Store, *, cycle: int, unit: str) -> pd.DataFrame:
    """One row per thing that happened to the unit, the newest first: at, kind and kind_name, hand (省级, 市级, 县级,
    填报单位; empty where the program did it), what (the step), about (what it concerned), text (reason or message).

    Files, returns, rulings (one row per role, stage and moment), findings, tasks, objections, grades, publications.
    """
    frame = ask(store, "unit_history", cycle=cycle, unit=unit)
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return frame.rename(columns={"happened_at": "at"}).assign(
        kind_name=frame["kind"].map(KIND_NAMES),
        hand=[LEVEL_NAMES.get(row["stage"]) or HAND_OF_ROLE.get(row["role"], "") for row in rows],
        what=pd.Series([_what(row) for row in rows], index=frame.index, dtype=object),
        about=pd.Series([_about(row) for row in rows], index=frame.index, dtype=object),
        text=pd.Series([row["text"] or "" for row in rows], index=frame.index, dtype=object),
    )[["at", "kind", "kind_name", "hand", "what", "about", "text"]]


def _what(row: dict) -> str:
    match row["kind"]:
        case "receipt":
            return FATES[row["move"]]
        case "return":
            return f"{RETURNS[row['move']]}（{STAGE_NAMES[row['stage']]}）"
        case "review":
            return f"{STAGE_NAMES[row['stage']]} {int(row['number'])} 项"
        case "finding":
            names = FINDINGS[row["course"]].move_names if row["course"] in FINDINGS else {}
            return names.get(row["move"], "登记")
        case kind:
            return MACHINES[kind].move_names[row["move"]]


def _about(row: dict) -> str:
    match row["kind"]:
        case "review":
            return f"调整：{row['about']}" if row["about"] else ""
        case "grade":
            return f"另定为{row['about']}" if row["about"] else ""
        case "publication":
            return f"第 {row['about']} 号"
        case _:
            return row["about"] or ""
