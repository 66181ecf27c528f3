"""The thresholds of a drawing on the screen: fields with the scheme's values, and every rule as a sentence."""

from __future__ import annotations

import json
from dataclasses import asdict

import streamlit as st

from data.course.sampling import SamplePlan

# Field → label, is a share (shown in per cent), step
FIELDS = {
    "random_share": ("随机比例 %", True, 1.0),
    "top_share": ("各类最高比例 %", True, 1.0),
    "jump": ("跃升分数", False, 1.0),
    "inflation": ("虚高分数", False, 1.0),
    "rare": ("少见比例 %", True, 1.0),
    "unusual": ("异常项数", False, 1),
    "copied": ("雷同条数", False, 1),
    "evidence_length": ("佐证字数", False, 1),
}
PER_CENT = 100.0


def choose_plan(scheme: SamplePlan, *, cycle: int) -> SamplePlan:
    """The scheme's thresholds, or those typed for this drawing."""
    chosen = {}
    given = asdict(scheme)
    with st.expander("抽取参数（默认为考核方案的值；改动只用于本次抽取，并留存）", icon=":material/tune:"):
        columns = st.columns(4) + st.columns(4)
        for column, (field, (label, is_share, step)) in zip(columns, FIELDS.items(), strict=True):
            is_count = isinstance(step, int)
            default = given[field] * PER_CENT if is_share else given[field]
            value = column.number_input(
                label,
                value=int(default) if is_count else float(default),
                min_value=1 if is_count else 0.0,
                max_value=PER_CENT if is_share else None,
                step=step,
                format="%d" if is_count else "%.2f",
                key=f"sample_{cycle}_{field}",
            )
            is_kept = value is None or value == default
            chosen[field] = given[field] if is_kept else value / PER_CENT if is_share else value
    plan = SamplePlan(**chosen)
    if plan != scheme:
        st.caption("本次参数与考核方案不同，抽取时一并留存。")
    return plan


def rule_sentences(plan: SamplePlan) -> dict[str, str]:
    """Rule → what it picks, with the thresholds."""
    return {
        "top": f"各类单位自评得分最高的 {plan.top_share:.2%}（达到最小可比家数的类别至少 1 家，并列的都抽）",
        "jump": f"今年自评得分比上年最终得分高 {plan.jump:g} 分及以上",
        "inflation": f"以往年度自评高出核定 {plan.inflation:g} 分及以上",
        "unusual": f"{plan.unusual} 项及以上填报值，全省同类单位中达到的不足 {plan.rare:.2%}",
        "copied": f"{plan.copied} 条及以上佐证文字（{plan.evidence_length} 字起）与全省其他单位同一指标的完全相同",
        "late": "首次提交在截止时间之后",
        "resent": "提交一次以上，或者曾被退回",
        "last_year": "上年认定事项或者整改任务未按期办结，或者今年同一指标再次失分",
        "random": f"以上都不符合、也未抽过的单位中随机抽 {plan.random_share:.2%}（尾数进一）",
    }


def plan_sentence(plan: str) -> str:
    """The thresholds of a recorded drawing (JSON), in one line."""
    given = json.loads(plan)
    parts = []
    for field, (label, is_share, _) in FIELDS.items():
        if field in given:
            value = f"{given[field]:.2%}" if is_share else f"{given[field]:g}"
            parts.append(f"{label.removesuffix(' %')} {value}")
    return "，".join(parts)
