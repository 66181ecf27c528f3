"""What one may do about stages: close one or many, open one again with a reason, and (the province) set due dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from data.course.acting import STAGE_NAMES, hands_at, hands_over
from data.course.stages import close_stages, reopen_stage, set_stage_due, stage_dues
from data.model import Stage
from data.queries.ask import PROVINCE
from pages.components.access import get_store, require
from pages.components.confirm import ask_first
from pages.components.layout import section
from reporting.rows import rows_of

MOST_NAMED = 8  # regions that a confirmation tells one by one; the table above has all


def show_moves(rows: pd.DataFrame, *, cycle: int, stage: Stage) -> None:
    """Closing and reopening side by side; `rows` are those of queries.stages that stand on the screen, all of a stage."""
    is_open = rows["state"] == "open"
    left, right = st.columns(2, gap="large")
    with left:
        section("关闭（上报）", "本级办完后关闭；上一级也可以关闭")
        _show_closing(rows[is_open], cycle=cycle, stage=stage)
    with right:
        section("重新打开", "只能由上一级办理（省级终评由省级办理），须写明理由")
        _show_reopening(rows[~is_open], cycle=cycle, stage=stage)


def _show_closing(rows: pd.DataFrame, *, cycle: int, stage: Stage) -> None:
    if rows.empty:
        st.caption("这里的地区都已关闭。")
        return
    names = dict(zip(rows["code"], rows["name"], strict=True))
    is_single = len(names) == 1
    chosen = st.multiselect(
        "地区",
        list(names),
        default=list(names) if is_single else None,
        format_func=names.get,
        key=f"close_regions_{stage}_{len(names)}",  # what was closed is no option any more
        placeholder=f"选择一个或者几个（共 {len(names)} 个未关闭）",
        disabled=is_single,
    )
    reason = st.text_input("说明（可不填）", key=f"close_reason_{stage}_{len(names)}", max_chars=500)
    with st.container(horizontal=True):
        for label, key, codes in (
            ("关闭所选", "close_chosen", chosen),
            (f"关闭全部 {len(names)} 个", "close_all", list(names)),
        ):
            if key == "close_all" and is_single:
                continue
            ask_first(
                label,
                key=f"{key}_{stage}",
                icon=":material/lock:",
                title=f"关闭{STAGE_NAMES[stage]}",
                says=_say_closing(rows[rows["code"].isin(codes)], stage=stage),
                yes="关闭",
                act=partial(_close, codes, cycle=cycle, stage=stage, reason=reason),
                primary=key == "close_chosen",
                disabled=not codes,
            )


def _say_closing(rows: pd.DataFrame, *, stage: Stage) -> list[str]:
    """What is left undone where it would be closed, in plain sentences."""
    total = rows[["missing", "open_units", "pending_na", "returned"]].sum()
    says = [
        f"关闭 {len(rows)} 个地区的{STAGE_NAMES[stage]}。",
        f"其中未提交 {total['missing']:,} 家，已提交未核完 {total['open_units']:,} 家，"
        f"不适用待核 {total['pending_na']:,} 项，退回补正中 {total['returned']:,} 家。",
    ]
    if below := int(rows["open_below"].sum()):
        says.append(f"下一级还有 {below} 个地区的环节仍在进行中，它们仍可核定，但以本级的核定为准。")
    undone = rows[(rows["missing"] + rows["open_units"] + rows["pending_na"]) > 0]
    undone = undone.sort_values(["open_units", "missing"], ascending=False)
    says += [
        f"{row.name}：未提交 {row.missing:,} 家，未核完 {row.open_units:,} 家，不适用待核 {row.pending_na:,} 项。"
        for row in rows_of(undone.head(MOST_NAMED))
        if len(rows) > 1
    ]
    if len(rows) > 1 and len(undone) > MOST_NAMED:
        says.append(f"另有 {len(undone) - MOST_NAMED} 个地区没有办完，见上表。")
    return [
        *says,
        "关闭后该级不能再核定这些单位，单位也不能自行再交；须由上一级写明理由才能重新打开。",
    ]


def _close(codes: Sequence[str], *, cycle: int, stage: Stage, reason: str) -> str:
    require("close_stage")
    close_stages(get_store(), cycle=cycle, regions=codes, stage=stage, reason=reason)
    return f"已关闭 {len(codes)} 个地区的{STAGE_NAMES[stage]}。"


def _show_reopening(rows: pd.DataFrame, *, cycle: int, stage: Stage) -> None:
    if rows.empty:
        st.caption("没有已关闭的地区。")
        return
    if "above" not in hands_at(get_store(), region=rows["code"].iloc[0], stage=stage):
        st.caption("需要重新打开的，请向上一级说明理由，由上一级办理。")
        return
    names = dict(zip(rows["code"], rows["name"], strict=True))
    region = st.selectbox("地区", list(names), format_func=names.get, key=f"reopen_region_{stage}")
    reason = st.text_input("理由（必填）", key=f"reopen_reason_{region}", max_chars=500)
    ask_first(
        "重新打开",
        key=f"reopen_{stage}",
        icon=":material/lock_open:",
        title=f"重新打开{names[region]}{STAGE_NAMES[stage]}",
        says=(
            f"{names[region]}可以再次核定所辖单位，单位经退回后可以再交。",
            f"理由：{reason.strip()}",
            "此前的核定都保留，这次重新打开记入办理记录。",
        ),
        yes="重新打开",
        act=partial(_reopen, region, names[region], cycle=cycle, stage=stage, reason=reason),
        disabled=not reason.strip(),
    )


def _reopen(region: str, name: str, *, cycle: int, stage: Stage, reason: str) -> str:
    require("close_stage")
    reopen_stage(get_store(), cycle=cycle, region=region, stage=stage, reason=reason)
    return f"已重新打开{name}{STAGE_NAMES[stage]}。"


def show_dues(*, cycle: int) -> None:
    """Until when each stage should be done; the province changes it here, everybody reads it."""
    store = get_store()
    dues = stage_dues(store, cycle=cycle)
    may_set = "province" in hands_over(store, region=PROVINCE, unit="")
    section("各环节期限", "默认为填报截止后依次加方案规定的天数；省级可以另行规定，全省一致")
    for column, (stage, due) in zip(st.columns(len(dues), gap="large"), dues.items(), strict=True):
        with column:
            if not may_set:
                st.markdown(f"**{STAGE_NAMES[stage]}**　{due.due_on or '未规定'}")
                continue
            day = st.date_input(
                STAGE_NAMES[stage],
                value=due.due_on,
                format="YYYY-MM-DD",
                key=f"due_{cycle}_{stage}_{due.due_on}",
            )
            st.caption("由省级规定" if due.is_set else "按方案的天数" if due.due_on else "方案没有规定")
            ask_first(
                "更改期限",
                key=f"set_due_{stage}",
                icon=":material/event:",
                title=f"更改{STAGE_NAMES[stage]}期限",
                says=(
                    f"{STAGE_NAMES[stage]}的期限由 {due.due_on or '未规定'} 改为 {day}，全省一致。",
                    "到期不会自动关闭；过了期限仍未关闭的地区标为“已过期限”。",
                ),
                yes="更改",
                act=partial(_set_due, cycle=cycle, stage=stage, due_on=day),
                disabled=day is None or day == due.due_on,
            )


def _set_due(*, cycle: int, stage: Stage, due_on: date) -> str:
    require("close_stage")
    set_stage_due(get_store(), cycle=cycle, stage=stage, due_on=due_on)
    return f"{STAGE_NAMES[stage]}的期限已改为 {due_on}。"
