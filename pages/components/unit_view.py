"""What 单位详情 says about one unit above its tables: who it is, its score, what changed it, its figures."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from pages.components.charts import current_look, show_chart
from pages.components.folded import show_folded
from pages.components.html_table import Cell, show_rows
from pages.components.layout import Kpi, badge, kpi_cards, section, show_empty
from pages.components.unit_parts import (
    STATE_TONES,
    change_sentence,
    deadline_said,
    grade_note,
    ordered_said,
    state_counts,
)
from reporting.charts import draw_radar, draw_waterfall
from reporting.rows import records_of, rows_of
from reporting.steps import step_text
from reporting.theme import signed

# The badges of a finding's states, the same wherever they are shown; a state that is not here is a plain fact.
FINDING_TONES = {
    "责令限期改正": "warn",
    "已改正": "good",
    "逾期未改正": "fail",
    "已约谈": "fail",
    "通报批评": "fail",
    "处分建议": "fail",
    "逾期后改正": "pass",
    "已认定": "warn",
    "已表彰奖励": "good",
    "已撤销": "none",
}
KIND_TONES = {"deduction": "pass", "veto": "fail", "bonus": "good"}


def show_unit_facts(summary: Mapping[str, Any]) -> None:
    """Who the unit is, in one line."""
    facts = {
        "统一社会信用代码": summary["code"],
        "所在地区": (summary["region_path"] or "").replace("/", " › "),
        "类别": summary["category_name"],
        "职能标签": summary["tags"] or "无",
    }
    if summary["submitted_at"] is not None:
        facts["提交时间"] = f"{summary['submitted_at']:%Y-%m-%d %H:%M}" + (
            "（逾期）" if summary["is_late"] else ""
        )
    line = "".join(f"<span>{escape(k)}　<b>{escape(v)}</b></span>" for k, v in facts.items())
    st.html(f'<div class="aq-facts">{line}</div>')


def show_headline(summary: Mapping[str, Any], terms: pd.DataFrame) -> None:
    """Score, grade, rank, self against verified, both systems; then how many indicators stand in each state."""
    rank = "不排名" if summary["rank"] is None else f"{summary['rank']}"
    cards = [
        Kpi("得分", f"{summary['score']:.2f}", note=_comparable(summary), tone=summary["grade"]),
        Kpi("等次", summary["grade_name"], tone=summary["grade"], note=grade_note(summary)),
        Kpi("类别内名次", rank, unit="" if summary["rank"] is None else f"/ {summary['peers']}",
            note="同类单位过少" if summary["rank"] is None else f"全省{summary['category_name']}"),
        Kpi("自评得分", f"{summary['self_score']:.2f}", note="不含扣分、加分"),
        Kpi("自评偏差", signed(summary["self_inflation"], 2), note=f"自评减核定；已核定 {summary['verified_share']:.0%}",
            tone="warn" if summary["self_inflation"] > 0 else "plain"),
    ]  # fmt: skip
    for system in summary["systems"]:
        value = "—" if system["score"] is None else f"{system['score']:.2f}"
        cards.append(Kpi(system["name"], value, note=f"权重 {system['weight']:.0%}", help="不含扣分、加分"))
    kpi_cards(cards)
    counts = " ".join(
        badge(f"{state} {count}", STATE_TONES[state]) for state, count in state_counts(terms).items()
    )
    if repeated := int((terms["repeat"] != "").sum()):
        counts += " " + badge(f"重复问题 {repeated}", "warn")
    st.html(f'<div class="aq-facts"><span>{len(terms)} 项指标</span>{counts}</div>')


def show_changes(summary: Mapping[str, Any], findings: pd.DataFrame, steps: pd.DataFrame) -> None:
    """Deductions, vetoes and bonuses, each with the rule that changed the score and how far it is; then every step."""
    if summary["grade_reason"] == "manual":
        document = f"（{summary['grade_document']}）" if summary["grade_document"] else ""
        st.html(
            f'<div class="aq-notice">{escape(summary["by_score_name"])} → {escape(summary["grade_name"])}：省级另定等次'
            f"<small>{escape(summary['grade_note'] + document)}</small></div>"
        )
    if findings.empty:
        return
    veto = findings[findings["kind"] == "veto"]
    if summary["has_veto"] and len(veto):
        before = summary["score"] + summary["veto"]
        text = change_sentence(veto.iloc[0].to_dict())
        st.html(
            f'<div class="aq-notice">{before:.2f} → {summary["score"]:.2f}：一票否决<small>{escape(text)}</small></div>'
        )
    section("扣分、一票否决与加分", "依据条例第三十七条、第三十八条、第四十条、第四十一条认定")
    rows = findings.assign(
        what=[change_sentence(row) for row in records_of(findings)],
        ordered_said=[ordered_said(row) for row in records_of(findings)],
        until=[deadline_said(row) for row in records_of(findings)],
        points=findings["points"].where(findings["kind"] != "veto"),
        applied=findings["applied"].where(findings["kind"] != "veto"),
    )
    show_rows(
        rows,
        {
            "kind_name": Cell("类型", "badge", tones={n: KIND_TONES[k] for k, n in zip(rows["kind"], rows["kind_name"], strict=True)}, width="6.5em"),
            "what": Cell("依据与认定", "text", below="ordered_said"),
            "state_name": Cell("办理", "badge", tones=FINDING_TONES, below="until", width="11em"),
            "points": Cell("方案分值", "number", width="7em"),
            "applied": Cell("计入分值", "number", width="7em", help="含逾期、从重的倍数"),
        },
    )  # fmt: skip

    def show_course() -> None:
        names = dict(zip(findings["key"], findings["name"], strict=True))
        show_rows(
            steps[steps["key"].isin(names)].assign(name=lambda frame: frame["key"].map(names)),
            {
                "name": Cell("事项"),
                "move_name": Cell("步骤", width="9em"),
                "step_on": Cell("日期", "date", width="8em"),
                "step_document": Cell("文号", below="reason"),
                "deadline": Cell("期限", "date", width="8em"),
                "hand": Cell("由谁登记", width="7em"),
            },
        )

    show_folded("办理过程", show_course, key="unit_course")


def show_missing_score(summary: Mapping[str, Any], *, cycle: int) -> None:
    """Why a unit has no score, and what to do about it."""
    if summary["state"] == "refused":
        what, step = (
            "在下面的文件记录中选一行，查看问题所在的单元格；改正后重新上传，接收后这里显示得分。",
            "upload",
        )
    elif summary["state"] == "not_submitted":
        what, step = (
            "下载该单位的自评表，填好后在“自评填报”上传；接收后这里显示得分和每项指标的失分。",
            "download",
        )
    else:
        what, step = "该单位没有可以计分的指标，请核对名册中的类别和职能标签。", "register"
    show_empty(
        summary["state_name"],
        what,
        page="submit",
        link="去自评填报",
        cycle=cycle,
        unit=summary["code"],
        step=step,
    )


def show_charts(
    *, waterfall: pd.DataFrame, dimensions: pd.DataFrame, summary: Mapping[str, Any], cycle: int, decimals: int
) -> None:  # fmt: skip
    """Waterfall from 100 to the score, and the dimensions against the category's mean."""
    left, right = st.columns(2, gap="large")
    with left:
        section("从满分到得分", "每一步失去或加上的分数，加总等于得分")
        show_chart(
            draw_waterfall(waterfall, look=current_look(), decimals=decimals),
            key="unit_waterfall",
            name=f"从满分到得分_{cycle}_{summary['name']}",
        )
        show_folded(
            "图中数据",
            lambda: show_rows(
                waterfall.assign(said=[step_text(step, decimals) for step in rows_of(waterfall)]),
                {"label": "原因", "said": Cell("分", "figure")},
                download=f"得分由来_{summary['code']}",
                download_columns={"label": "原因", "printed": "分"},
            ),
            key="unit_waterfall_data",
        )
    with right:
        section("各维度得分率", f"与全省{summary['category_name']}平均对照")
        show_chart(
            draw_radar(dimensions, look=current_look(), name="本单位", mean_name="同类平均"),
            key="unit_radar",
            name=f"各维度得分率_{cycle}_{summary['name']}",
        )
        show_folded(
            "图中数据",
            lambda: show_rows(
                dimensions,
                {
                    "dimension_name": "维度",
                    "attainment": Cell("本单位", "bar", decimals=1),
                    "category_mean": Cell("同类平均", "percent", decimals=1),
                },
                download=f"维度得分率_{summary['code']}",
            ),
            key="unit_radar_data",
        )


def _comparable(summary: Mapping[str, Any]) -> str:
    if summary["state"] == "not_comparable":
        return f"不可比：不适用占 {summary['na_share']:.0%}"
    return f"不适用占 {summary['na_share']:.0%}"
