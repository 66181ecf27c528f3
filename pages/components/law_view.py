"""The regulation's text on the screen, each article with what the scheme makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from pages.components.downloads import show_download
from pages.components.html_table import Cell, show_rows
from pages.components.layout import Kpi, badge, kpi_cards, section
from pages.components.links import article_name, page_link, page_url
from reporting.rows import records_of
from scoring.regulation import Article, ArticleStatus, Regulation
from scoring.scheme import Scheme
from scoring.words import FINDING_KINDS, TYPES

KIND_TONES = {"扣分": "pass", "一票否决": "fail", "加分": "good"}


def rows_by_article(results: pd.DataFrame) -> dict[int, dict[str, Any]]:
    """`queries.article_results` by article, those without any answer left out."""
    return {row["article"]: row for row in records_of(results.dropna(subset="attainment"))}


def show_text(
    regulation: Regulation,
    articles: Iterable[Article],
    *,
    status: Mapping[int, ArticleStatus],
    results: Mapping[int, Mapping[str, Any]],
    search: str = "",
    opened: int | None = None,
    link: Mapping[str, object],
) -> None:
    """The given articles by chapter, words of `search` marked, each with its indicators' result or the reason for none.

    `results`: article → a row of queries.article_results. `link`: the filters that an article's link keeps.
    """
    chosen = list(articles)
    for chapter in regulation.chapters:
        inside = [a for a in chosen if a.chapter == chapter.number]
        if inside:
            body = "".join(
                _article(
                    a,
                    status[a.number],
                    results.get(a.number),
                    search=search,
                    is_open=a.number == opened,
                    link=link,
                )
                for a in inside
            )
            st.html(f'<div class="aq-law"><h3>{escape(chapter.label)}</h3>{body}</div>')


def show_law_download(
    regulation: Regulation,
    articles: Iterable[Article],
    *,
    status: Mapping[int, ArticleStatus],
    results: Mapping[int, Mapping[str, Any]],
    cycle: int,
) -> None:
    """The given articles as a table to download: text, indicators, how the region does, why there is no indicator."""
    rows = [
        {
            "章": regulation.chapter_of(a.number).label,
            "条": a.label,
            "条文": a.text,
            "指标": "、".join(f"{i.id} {i.title}" for i in status[a.number].indicators),
            "认定事项": "、".join(f"{f.id} {f.name}" for f in status[a.number].findings),
            "没有指标的原因": status[a.number].reason,
            "得分率": results.get(a.number, {}).get("attainment"),
            "失分": results.get(a.number, {}).get("gap"),
        }
        for a in articles
    ]
    show_download("下载条例对照表", pd.DataFrame(rows), f"条例对照_{cycle}")


def show_article(
    status: ArticleStatus,
    *,
    chapter: str,
    result: Mapping[str, Any] | None,
    province: Mapping[str, Any] | None,
    gaps: pd.DataFrame,
    scheme: Scheme,
    where: str,
    last: int,
    link: Mapping[str, object],
) -> None:
    """One article opened: its text, how the region does on it, its indicators and findings, the articles beside it.

    `province`: the province's result beside a region's, or None; `gaps`: rows of queries.region_gaps by indicator; `last`: the regulation's last article.
    """
    number = status.article.number
    with st.container(horizontal=True, key="article_steps", vertical_alignment="center"):
        if number > 1:
            page_link(
                "regulation",
                article_name(number - 1),
                icon=":material/arrow_back:",
                article=number - 1,
                **link,
            )
        if number < last:
            page_link(
                "regulation",
                article_name(number + 1),
                icon=":material/arrow_forward:",
                article=number + 1,
                **link,
            )
        page_link("regulation", "返回全文", icon=":material/list:", **link)
    text = "".join(f"<p>{escape(line)}</p>" for line in status.article.text.split("\n"))
    st.html(
        f'<div class="aq-law aq-focus"><small>{escape(chapter)}</small><article class="aq-open">{text}</article></div>'
    )
    if result:
        kpi_cards(
            [
                Kpi("指标", f"{result['indicators']:.0f}", "项"),
                Kpi(
                    f"{where}得分率",
                    _percent(result["attainment"]),
                    note=f"全省 {_percent(province['attainment'])}" if province else "按单位和权重加权",
                ),
                Kpi(f"{where}失分", f"{result['gap']:.2f}", "分", note="占该地区 100 分中的失分"),
                Kpi("填报单位", f"{result['units']:,.0f}", "家", note="有此条指标并已提交"),
            ]
        )
    elif status.indicators:
        st.caption(f"{where}还没有单位填报此条的指标；收到自评表后，这里显示得分率和失分。")
    if status.indicators:
        section("对应指标", f"{scheme.weights_note}；失分为{where}在该指标上失去的分数")
        show_rows(
            _indicator_rows(status, gaps=gaps, scheme=scheme), INDICATOR_COLUMNS, download=f"第{number}条指标"
        )
    if status.findings:
        section("扣分、一票否决与加分", "由有权机关认定，按方案计入得分")
        show_rows(_finding_rows(status), FINDING_COLUMNS)
    if status.reason:
        section("为何没有指标")
        st.html(f'<div class="aq-sum">{escape(status.reason)}</div>')


INDICATOR_COLUMNS = {
    "title": Cell("指标", below="question", width="30%"),
    "place": Cell("依据", width="9em"),
    "applies": Cell("适用对象", width="16em"),
    "type": Cell("类型", width="4.5em"),
    "points": Cell("示例分值", "number", decimals=1, width="6em"),
    "attainment": Cell("得分率", "bar", decimals=1, width="10em"),
    "gap": Cell("失分", "number", width="5em"),
    "short": Cell("未得满分单位", width="8em"),
}
FINDING_COLUMNS = {
    "kind": Cell("类型", "badge", tones=KIND_TONES, width="7em"),
    "place": Cell("依据", width="12em"),
    "name": Cell("情形", below="consequence"),
    "points": Cell("示例分值", "number", width="7em"),
}


def _indicator_rows(status: ArticleStatus, *, gaps: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    by_key = {row["key"]: row for row in records_of(gaps)}
    rows = []
    for indicator in status.indicators:
        found = by_key.get(indicator.id, {})
        short = (
            f"{found['units_short']:,.0f} / {found['units']:,.0f} 家" if pd.notna(found.get("units")) else ""
        )
        rows.append(
            {
                "title": f"{indicator.title}（{indicator.id}）",
                "question": indicator.question,
                "place": indicator.place.label,
                "applies": applies_to(indicator, scheme),
                "type": TYPES[indicator.type],
                "points": indicator.points,
                "attainment": found.get("attainment"),
                "gap": found.get("gap"),
                "short": short,
            }
        )
    return pd.DataFrame(rows)


def _finding_rows(status: ArticleStatus) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "kind": FINDING_KINDS[f.kind],
                "place": f.place.label,
                "name": f.name,
                "consequence": f.consequence,
                "points": f.points if f.kind != "veto" else None,
            }
            for f in status.findings
        ]
    )


def applies_to(indicator: Any, scheme: Scheme) -> str:
    """The categories and tags an indicator concerns, by name."""
    if "all" in indicator.applies.categories:
        return "全部单位"
    names = [c.name for c in scheme.categories if c.id in indicator.applies.categories]
    return "、".join(names + [t.name for t in scheme.tags if t.id in indicator.applies.tags])


def _article(
    article: Article,
    status: ArticleStatus,
    result: Mapping[str, Any] | None,
    *,
    search: str,
    is_open: bool,
    link: Mapping[str, object],
) -> str:
    href = escape(page_url("regulation", article=article.number, **link))
    lines = [_marked(line, search) for line in article.text.split("\n")]
    first = f'<a class="aq-art" href="{href}" data-inside>{escape(article.label)}</a>{lines[0]}'
    text = "".join(f"<p>{line}</p>" for line in (first, *lines[1:]))
    return f'<article class="{"aq-open" if is_open else ""}">{text}{_result(status, result)}</article>'


def _result(status: ArticleStatus, result: Mapping[str, Any] | None) -> str:
    parts = []
    if status.indicators:
        parts.append(badge(f"{len(status.indicators)} 项指标", "plain"))
    if result:
        parts.append(
            f'<span class="aq-bar"><i style="width:{result["attainment"]:.1%}"></i></span>'
            f"<span>得分率 {_percent(result['attainment'])}</span><span>失分 {result['gap']:.2f}</span>"
        )
    for kind, name in FINDING_KINDS.items():
        count = sum(f.kind == kind for f in status.findings)
        if count:
            parts.append(badge(f"{name} {count} 项", KIND_TONES[name]))
    if status.reason:
        parts.append(f"{badge('无指标', 'none')}<span>{escape(status.reason)}</span>")
    return f'<div class="aq-law-meta">{"".join(parts)}</div>'


def _marked(line: str, search: str) -> str:
    """The line escaped, with every word of `search` in a mark."""
    words = [re.escape(escape(word)) for word in search.split()]
    text = escape(line)
    return re.sub(f"({'|'.join(words)})", r"<mark>\1</mark>", text, flags=re.IGNORECASE) if words else text


def _percent(value: float | None) -> str:
    return "—" if value is None or value != value else f"{value:.1%}"
