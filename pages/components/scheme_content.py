"""方案内容: effective weights, every indicator, findings, and the numbers of the rules, as the scheme has them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.filters import choose_option, filter_bar, search_box
from pages.components.html_table import Cell, show_rows
from pages.components.law_view import KIND_TONES
from pages.components.layout import section, show_empty
from pages.components.links import article_name
from pages.components.scheme_versions import Version, show_version_files
from pages.components.scheme_weights import (
    choose_kind,
    show_category_weights,
    show_weights_figure,
    show_weights_table,
    weight_rows,
)
from pages.components.scheme_words import (
    CEILINGS,
    INDICATOR_TITLES,
    finding_rows,
    indicator_rows,
    rule_rows,
)
from scoring.scheme import Indicator, Scheme

TOPICS = {
    "weights": "有效权重",
    "indicators": "指标",
    "findings": "扣分、否决、加分",
    "rules": "责任制、类别、等次、规则",
}
ALL = "all"


def show_content(version: Version, *, cycle: int) -> None:
    """One topic of the scheme at a time, and its files."""
    topic = choose_option("topic", "看什么", TOPICS, style="segments")
    shown = {"weights": _weights, "indicators": _indicators, "findings": _findings, "rules": _rules}
    shown[topic](version)
    show_version_files(version)


def _weights(version: Version) -> None:
    section(
        "有效权重",
        "一个没有职能标签的单位，满分中各部分所占的份额：指标分值按责任制分配和责任制权重折算，各类别适用的指标不同，份额也不同",
    )
    left, right = st.columns([7, 4], gap="large")
    with right:
        kind = choose_kind()
        show_category_weights(version.scheme, kind)
    with left:
        show_weights_figure(version.scheme, key=f"weights_{version.name}")
    section("各类别对照")
    show_weights_table(version.scheme, kind, download=f"有效权重_{version.name}")


def _indicators(version: Version) -> None:
    scheme = version.scheme
    with filter_bar("indicator_filters"):
        dimension = choose_option(
            "dimension", "维度", {ALL: "全部维度", **{d.id: d.name for d in scheme.dimensions}}, width=180
        )
        articles = sorted({i.place.article for i in scheme.indicators})
        article = choose_option(
            "law", "条文", {ALL: "全部条文", **{str(a): article_name(a) for a in articles}}, width=140
        )
        category = choose_option(
            "kind", "单位类别", {ALL: "全部类别", **{c.id: c.name for c in scheme.categories}}, width=180
        )
        text = search_box("q", "查找", placeholder="编号、名称或题目中的几个字")
    found = [i for i in scheme.indicators if _is_asked(i, dimension, article, category, text)]
    section("指标", f"{len(found)} 项，共 {len(scheme.indicators)} 项")
    if not found:
        show_empty("没有符合的指标", "请换一个词，或把维度、条文、类别改为“全部”。")
        return
    rows = indicator_rows(scheme, found)
    columns = {
        "title": Cell("指标", below="id", width="12em"),
        "question": Cell("填报问题", below="criterion", width="22em"),
        "article": Cell("条文", "article", width="6em"),
        "dimension": Cell("维度", below="type", width="8.5em"),
        "standard": Cell("得分方法", width="12em"),
        "points": Cell("分值", "number", decimals=1, width="4.5em"),
        "effective": Cell("有效权重", "percent", decimals=2, width="5.5em"),
        "applies": Cell("适用对象", below="shares", width="13em"),
        "na": Cell("不适用", width="5em"),
        "evidence": Cell("佐证材料", below="check", width="18em"),
    }
    titles = dict(INDICATOR_TITLES)
    if category == ALL:
        del columns["effective"]
    else:
        shares = weight_rows(scheme, "indicator")
        own = shares[shares["category"] == category].set_index("id")["share"]
        rows["effective"] = [own.get(key) for key in rows["id"]]
        titles |= {"effective": f"有效权重（{scheme.category(category).name}）"}
    show_rows(rows, columns, height=760, download=f"指标_{version.name}", download_columns=titles)


def _is_asked(indicator: Indicator, dimension: str, article: str, category: str, text: str) -> bool:
    words = f"{indicator.id} {indicator.title} {indicator.question} {indicator.criterion}"
    return (
        dimension in (ALL, indicator.dimension)
        and article in (ALL, str(indicator.place.article))
        and (category == ALL or indicator.applies.matches(category=category, tags=()))
        and text.casefold() in words.casefold()
    )


def _findings(version: Version) -> None:
    rows = finding_rows(version.scheme)
    section("扣分、一票否决、加分", "由有权机关认定；扣分按件计，逾期未改正和从重的倍数见“规则”")
    if rows.empty:
        show_empty("没有认定事项", "这个方案没有扣分、一票否决和加分事项。")
        return
    show_rows(
        rows,
        {
            "id": Cell("编号", width="5.5em"),
            "kind": Cell("类型", "badge", tones=KIND_TONES, width="6.5em"),
            "name": Cell("事项", below="consequence"),
            "article": Cell("条文", "article", width="7em"),
            "place": Cell("款项", width="13em"),
            "points": Cell("分值", "number", decimals=1, width="5em"),
            "course": Cell("办理程序", width="6em"),
        },
        height=760,
        download=f"认定事项_{version.name}",
    )


def _rules(version: Version) -> None:
    scheme = version.scheme
    left, right = st.columns(2, gap="large")
    with left:
        section("责任制", "第十八条的责任制及其在综合得分中的权重")
        _show(scheme.systems, {"name": "责任制", "weight": Cell("权重", "percent", width="6em")})
        section("单位类别", "类别权重决定一个单位在地区得分中的分量")
        _show(
            scheme.categories,
            {
                "name": Cell("类别", below="description"),
                "weight": Cell("权重", "number", decimals=2, width="5em"),
            },
        )
    with right:
        section("等次", "得分下限；最高一等可以另有比例上限")
        show_rows(
            _grades(scheme),
            {"name": "等次", "min_score": Cell("得分下限", "number", width="6em"), "ceilings": "比例上限"},
        )
        section("规则")
        show_rows(
            rule_rows(scheme), {"name": Cell("规则", below="meaning"), "value": Cell("值", width="11em")}
        )
        section("没有指标的条文")
        show_rows(
            pd.DataFrame([(u.article, u.reason) for u in scheme.uncovered], columns=["article", "reason"]),
            {"article": Cell("条文", "article", width="7em"), "reason": "原因"},
            height=320,
        )


def _show(entries, columns: dict) -> None:
    show_rows(pd.DataFrame([entry.model_dump() for entry in entries]), columns)


def _grades(scheme: Scheme) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "name": g.name,
                "min_score": g.min_score,
                "ceilings": "、".join(f"{CEILINGS[k]} {v:.0%}" for k, v in g.ceilings.items()),
            }
            for g in scheme.grades
        ]
    )
