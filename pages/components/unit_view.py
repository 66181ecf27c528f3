"""The parts of 单位详情, each drawn from frames that the page asked for."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from data import queries
from pages.components.access import ask, get_scheme, get_store
from pages.components.charts import current_look, show_chart
from pages.components.filters import choose_option, unknown_unit
from pages.components.html_table import Cell, show_rows
from pages.components.layout import Kpi, badge, kpi_cards, page_header, region_name, section, show_empty
from pages.components.links import open_page, plain
from pages.components.problem_table import show_problems
from pages.components.tables import Col, show_table
from pages.components.unit_parts import STATE_TONES, change_sentence, state_counts, sum_steps
from reporting.charts import draw_radar, draw_waterfall

HASH_SHOWN = 12  # characters of a SHA-256 on the screen; downloads hold all 64
KIND_TONES = {"deduction": "pass", "veto": "fail", "bonus": "good"}
UNIT_COLUMNS = {
    "name": Col("单位", width=300),
    "code": Col("统一社会信用代码", width=170),
    "region_name": Col("所在地区", width=130),
    "category_name": Col("类别", width=170),
    "state_name": Col("状态", width=84),
    "score": Col("得分", "score"),
    "grade_name": Col("等次", width=76),
    "rank": Col("类别内名次", "rank", width=96, help="在全省同类单位中的名次；同类单位过少时不排名"),
    "self_score": Col("自评得分", "score", width=92),
    "self_inflation": Col("自评偏差", "score", width=92, help="自评得分减核定得分，均不含扣分、加分"),
    "na_share": Col("不适用占比", "percent", width=100),
}
HISTORY_COLUMNS = {
    "at": Col("时间", "time", width=150),
    "filename": Col("文件", width=380),
    "unit_name": Col("单位", width=200),
    "status_name": Col("结果", width=110),
    "n_errors": Col("错误", "count", width=64),
    "n_warnings": Col("提醒", "count", width=64),
    "template_version": Col("模板版本", width=90),
    "hash": Col("SHA-256", width=130, help="文件指纹的前 12 位"),
}
OWN_HISTORY = {name: col for name, col in HISTORY_COLUMNS.items() if name != "unit_name"}
TERM_FILTERS = {"all": "全部指标", "lost": "有失分", "na": "不适用与待核"}
TERM_FILE = {
    "indicator": "指标编号",
    "title": "指标",
    "question": "填报内容",
    "place": "依据",
    "dimension_name": "维度",
    "answer": "填报值",
    "state_name": "状态",
    "na_reason": "不适用理由",
    "evidence": "佐证材料",
    "points": "分值",
    "self_attainment": "自评得分率",
    "attainment": "核定得分率",
    "stage_name": "取值环节",
    "review_reason": "核定理由",
    "effective_weight": "有效权重",
    "gap": "失分",
    "filename": "文件",
    "sheet": "工作表",
    "cell": "单元格",
    "sha256": "文件 SHA-256",
}


def show_unit_list(*, cycle: int, region: str | None, category: str | None, basis: str) -> None:
    """The units that the filters leave, to choose one from; ends the run."""
    units = ask(queries.units, cycle=cycle, region=region, category=category, basis=basis)
    page_header(
        "单位详情",
        f"{region_name(region)}共 {len(units):,} 家单位。选一行，或在上方输入名称、代码，查看该单位的得分由来。",
        cycle=cycle,
        region=region,
        basis=basis,
    )
    if unknown := unknown_unit():
        st.warning(
            f"{cycle} 年度名册中没有代码为 {plain(unknown)} 的单位，请核对代码，或从下表选择。", icon="⚠️"
        )
    if units.empty:
        show_empty(
            "这里没有登记单位",
            "请换一个地区或类别，或在“自评填报”的“单位名册”中导入单位。",
            page="submit",
            link="导入单位名册",
            step="register",
        )
        st.stop()
    chosen = show_table(
        units,
        UNIT_COLUMNS,
        key=f"unit_list_{region}_{category}",
        select=True,
        rows=18,
        download=f"单位得分_{cycle}",
    )
    if chosen is not None:
        open_page(
            "unit",
            cycle=cycle,
            region=region,
            category=category,
            basis=basis,
            unit=units["code"].iloc[chosen],
        )
    st.stop()


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
        Kpi("等次", summary["grade_name"], tone=summary["grade"], note="一票否决" if summary["has_veto"] else ""),
        Kpi("类别内名次", rank, unit="" if summary["rank"] is None else f"/ {summary['peers']}",
            note="同类单位过少" if summary["rank"] is None else f"全省{summary['category_name']}"),
        Kpi("自评得分", f"{summary['self_score']:.2f}", note="不含扣分、加分"),
        Kpi("自评偏差", f"{summary['self_inflation']:+.2f}", note=f"自评减核定；已核定 {summary['verified_share']:.0%}",
            tone="warn" if summary["self_inflation"] > 0 else "plain"),
    ]  # fmt: skip
    for system in summary["systems"]:
        value = "—" if system["score"] is None else f"{system['score']:.2f}"
        cards.append(Kpi(system["name"], value, note=f"权重 {system['weight']:.0%}", help="不含扣分、加分"))
    kpi_cards(cards)
    counts = " ".join(
        badge(f"{state} {count}", STATE_TONES[state]) for state, count in state_counts(terms).items()
    )
    st.html(f'<div class="aq-facts"><span>{len(terms)} 项指标</span>{counts}</div>')


def show_changes(summary: Mapping[str, Any], findings: pd.DataFrame) -> None:
    """Deductions, vetoes and bonuses, each with the rule that changed the score."""
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
        what=[change_sentence(row) for row in findings.to_dict("records")],
        points=findings["points"].where(findings["kind"] != "veto"),
        applied=findings["applied"].where(findings["kind"] != "veto"),
    )
    show_rows(
        rows,
        {
            "kind_name": Cell("类型", "badge", tones={n: KIND_TONES[k] for k, n in zip(rows["kind"], rows["kind_name"], strict=True)}, width="6.5em"),
            "what": Cell("依据与认定", "text"),
            "points": Cell("方案分值", "number", width="7em"),
            "applied": Cell("计入分值", "number", width="7em", help="含逾期、从重的倍数"),
        },
    )  # fmt: skip


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
    *, waterfall: pd.DataFrame, dimensions: pd.DataFrame, summary: Mapping[str, Any], decimals: int
) -> None:
    """Waterfall from 100 to the score, and the dimensions against the category's mean."""
    left, right = st.columns(2, gap="large")
    with left:
        section("从满分到得分", "每一步失去或加上的分数，加总等于得分")
        show_chart(draw_waterfall(waterfall, look=current_look(), decimals=decimals), key="unit_waterfall")
        with st.expander("图中数据"):
            show_rows(
                waterfall,
                {"label": "原因", "printed": Cell("分", "number", decimals=decimals)},
                download=f"得分由来_{summary['code']}",
            )
    with right:
        section("各维度得分率", f"与全省{summary['category_name']}平均对照")
        show_chart(
            draw_radar(dimensions, look=current_look(), name="本单位", mean_name="同类平均"), key="unit_radar"
        )
        with st.expander("图中数据"):
            show_rows(
                dimensions,
                {
                    "dimension_name": "维度",
                    "attainment": Cell("本单位", "bar", decimals=1),
                    "category_mean": Cell("同类平均", "percent", decimals=1),
                },
                download=f"维度得分率_{summary['code']}",
            )


def show_terms(summary: Mapping[str, Any], terms: pd.DataFrame, *, decimals: int, cycle: int) -> None:
    """Every indicator with its answer, place in the file, effective weight and points; the table adds up to the base."""
    note = get_scheme(cycle).weights_note
    section("指标得分明细", f"有效权重 × 得分率，加总为基础分；{note}")
    only = choose_option("terms", "指标", TERM_FILTERS, style="segments")
    shown = {
        "all": terms,
        "lost": terms[terms["lost"] > 0].sort_values("lost", ascending=False),
        "na": terms[terms["state"].isin(["na", "pending"])],
    }[only]
    if shown.empty:
        show_empty("没有这样的指标", "请改选“全部指标”。")
        return
    show_rows(
        shown,
        {
            "title": Cell("指标", below="question", width="27%"),
            "article": Cell("依据", "article", href="place", width="9em"),
            "said": Cell("填报值", below="evidence", width="20%"),
            "shown_state": Cell("状态", "badge", tones=STATE_TONES, width="7em"),
            "where": Cell("所在单元格", width="7em", help="在所提交文件中的工作表和单元格"),
            "self_attainment": Cell("自评", "percent", decimals=0, width="4.5em"),
            "attainment": Cell("核定得分率", "bar", decimals=0, below="source", width="10.5em"),
            "weight_pct": Cell("有效权重 %", "number", width="7em", help="该指标占本单位基础分的比重"),
            "earned": Cell("得分", "number", decimals=decimals, width="5em"),
            "lost": Cell("失分", "number", decimals=decimals, width="5em"),
        },
        total=_term_total(shown, decimals=decimals) | {"title": "合计" if only == "all" else f"所示 {len(shown)} 项合计"},
        download=f"指标明细_{summary['code']}",
        download_columns=TERM_FILE,
        height=760,
    )  # fmt: skip
    if only == "all":
        _show_sum(summary, decimals=decimals)
    st.html(f'<div class="aq-small">文件：{escape(summary["filename"])}　SHA-256：{summary["sha256"]}</div>')


def _term_total(shown: pd.DataFrame, *, decimals: int) -> dict[str, str]:
    return {
        "weight_pct": f"{shown['weight_pct'].sum():.2f}",
        "earned": f"{shown['earned'].sum():.{decimals}f}",
        "lost": f"{shown['lost'].sum():.{decimals}f}",
    }


def _show_sum(summary: Mapping[str, Any], *, decimals: int) -> None:
    steps = "".join(
        f" {'＋' if value > 0 else '－'} {escape(label)} {abs(value):.{decimals}f}"
        for label, value in sum_steps(summary, decimals=decimals)
    )
    st.html(
        f'<div class="aq-sum">基础分 Σ（有效权重 × 得分率）＝ {summary["base"]:.{decimals}f}{steps} ＝ '
        f"<b>得分 {summary['score']:.{decimals}f}</b></div>"
    )


def history_rows(history: pd.DataFrame) -> pd.DataFrame:
    """`queries.history` as shown: of the template only its version, of the hash its beginning."""
    versions = [str(v).rsplit("/", 1)[-1] if v == v and v else None for v in history["template_version"]]
    return history.assign(template_version=versions, hash=history["sha256"].str[:HASH_SHOWN])


def show_history(history: pd.DataFrame, *, unit: str) -> None:
    """Every file that came in for the unit, newest first; a chosen one shows its problems."""
    section("文件记录", "每一次提交都保留；以最新一次有效提交计分")
    if history.empty:
        st.caption("本年度还没有收到该单位的文件。")
        return
    chosen = show_table(
        history_rows(history),
        OWN_HISTORY,
        key=f"unit_history_{unit}",
        select=True,
        rows=6,
        download=f"文件记录_{unit}",
    )
    if chosen is not None:
        receipt = int(history["receipt"].iloc[chosen])
        problems = queries.receipt_problems(get_store(), receipt=receipt)
        if problems.empty:
            st.caption("这份文件没有问题。")
        else:
            show_problems(problems, download=f"问题清单_{receipt}")


def _comparable(summary: Mapping[str, Any]) -> str:
    if summary["state"] == "not_comparable":
        return f"不可比：不适用占 {summary['na_share']:.0%}"
    return f"不适用占 {summary['na_share']:.0%}"
