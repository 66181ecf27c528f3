"""抽查: who would be picked by which rule, the drawing itself with its reason and seed, and all picks with why."""

from __future__ import annotations

from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from access.roles import ROLE_NAMES
from data import queries
from data.course.sampling import (
    LARGEST_SEED,
    RULES,
    SamplePlan,
    draw_sample,
    fresh_seed,
    scheme_plan,
)
from data.course.texts import LONGEST_TEXT
from data.regions import is_within
from pages.components.access import ask, ask_years, get_store, require, who
from pages.components.confirm import ask_first
from pages.components.filters import ALL, choose_option, choose_region, filter_bar
from pages.components.html_table import Cell, show_rows
from pages.components.layout import Kpi, kpi_cards, region_name, section, show_empty
from pages.components.links import page_urls
from pages.components.paging import PAGE, rows_of_page, show_pages
from pages.components.sample_plan import choose_plan, plan_sentence, rule_sentences
from pages.components.tables import show_columns_download

ROWS_AT_ONCE = 50
PICK_COLUMNS = {
    "name": Cell("单位", "link", href="url", below="code", width="22%"),
    "region_name": Cell("地区", width="7em", below="parent_path"),
    "category_name": Cell("类别", width="6em"),
    "rule_name": Cell("规则", "badge", width="9em"),
    "why": Cell("理由", width="34%"),
    "recorded_at": Cell("抽取时间", "time", width="9.5em", below="by"),
}
PICK_FILE = {
    "code": "统一社会信用代码",
    "name": "单位",
    "region_path": "地区",
    "category_name": "类别",
    "rule_name": "规则",
    "why": "理由",
    "recorded_at": "抽取时间",
    "by": "由谁抽取",
    "seed": "随机数",
}
DRAW_COLUMNS = {
    "recorded_at": Cell("时间", "time", width="10em", below="by"),
    "region_name": Cell("范围", width="8em"),
    "units": Cell("单位", "number", decimals=0, width="5em"),
    "seed": Cell("随机数", "code", width="9em"),
    "plan_text": Cell("所用参数"),
    "reason": Cell("说明", width="14em"),
}
RULE_COLUMNS = {
    "rule_name": Cell("规则", "badge", width="10em"),
    "says": Cell("抽取条件"),
    "units": Cell("将抽中", "number", decimals=0, width="6em", help="家；一家单位可以同时符合几项规则"),
}


def show_sample(*, cycle: int) -> None:
    """Thresholds and what they would pick, the drawing, then the list of picks and the drawings so far."""
    require("draw_sample")
    plan = scheme_plan(get_store(), cycle=cycle)
    with filter_bar("sample_filters"):
        asked = choose_region()
        own = who().region
        region = asked if asked and is_within(asked, own) else own
    if plan is None:
        show_empty(
            "方案没有抽查参数",
            "本年度的考核方案没有 [sampling] 一节（抽查比例和各项规则的阈值）；请由省级在方案的新版本中写明后再抽。",
        )
    else:
        _show_drawing(plan, cycle=cycle, region=region)
    _show_picks(cycle=cycle, region=region)


def _show_drawing(scheme: SamplePlan, *, cycle: int, region: str) -> None:
    where = region_name(region)
    section(f"{where}抽查预览", "抽取前先看各项规则各抽中多少家；预览不记录，也不告知被抽单位")
    plan = choose_plan(scheme, cycle=cycle)
    preview = ask_years(queries.sample_preview, cycle=cycle, region=region, plan=plan, today=date.today())
    rules, units = preview["rules"], preview["units"]
    n = dict(zip(rules["rule"], rules["units"], strict=True))
    kpi_cards(
        [
            Kpi("已提交", f"{preview['submitted']:,}", "家", note=f"{where}，抽查的范围"),
            Kpi("将新抽中", f"{units:,}", "家", note="不重复计", tone="pass" if units else "plain"),
            Kpi("其中随机", f"{n['random']:,}", "家", note="其余单位中按比例"),
        ]
    )
    says = rule_sentences(plan)
    show_rows(rules.assign(says=rules["rule"].map(says)), RULE_COLUMNS)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    reason = left.text_input("说明（可不填，与抽取一并留存）", key="sample_reason", max_chars=LONGEST_TEXT)
    seed = right.number_input(
        "随机数",
        value=None,
        min_value=1,
        max_value=LARGEST_SEED,
        step=1,
        key="sample_seed",
        placeholder="自动产生",
        help="留空则抽取时自动产生；同一随机数、同样的数据和参数抽中同样的单位，可以复验",
    )
    ask_first(
        f"抽取 {units:,} 家",
        key="draw_sample",
        icon=":material/casino:",
        title=f"抽取{where}抽查单位",
        says=(
            f"{where}已提交 {preview['submitted']:,} 家，本次新抽中 {units:,} 家，其中随机 {n['random']:,} 家。",
            f"随机数：{seed or '抽取时自动产生'}，与参数、说明一并留存，不能更改或者删除。",
            "被抽单位看不到自己被抽中；所在地区的考核人员可以看到。",
        ),
        yes="抽取",
        act=partial(_draw, cycle=cycle, region=region, seed=seed, plan=plan, reason=reason),
        primary=True,
        disabled=not units,
    )


def _draw(*, cycle: int, region: str, seed: int | None, plan: SamplePlan, reason: str) -> str:
    require("draw_sample")
    drawn = draw_sample(
        get_store(), cycle=cycle, region=region, seed=int(seed or fresh_seed()), plan=plan, reason=reason
    )
    return f"已抽取 {drawn.units:,} 家，随机数 {drawn.seed}。"


def _show_picks(*, cycle: int, region: str) -> None:
    picks = ask(queries.sample_picks, cycle=cycle, region=region)
    draws = ask(queries.sample_draws, cycle=cycle)
    section(f"{region_name(region)}抽中的单位", "每家单位、每项规则一行；点单位名称进入审核")
    if picks.empty:
        show_empty("还没有抽取", "按上面的参数抽取后，这里列出抽中的单位和理由。")
        return
    picks = _worded(picks, draws, cycle=cycle)
    counts = picks["rule"].value_counts()
    names = {ALL: f"全部（{picks['code'].nunique():,} 家）"}
    names |= {rule: f"{name}（{counts[rule]:,}）" for rule, name in RULES.items() if rule in counts}
    rule = choose_option("rule", "规则", names, style="segments", clears=PAGE)
    shown = picks if rule == ALL else picks[picks["rule"] == rule]
    rows, page = rows_of_page(shown, size=ROWS_AT_ONCE)
    show_rows(rows, PICK_COLUMNS)
    show_pages(page, len(shown), size=ROWS_AT_ONCE)
    show_columns_download(shown, PICK_FILE, f"抽查名单_{cycle}_{region_name(region)}", label="下载名单")
    section("历次抽取", "参数、随机数和说明都保留，不能更改")
    if draws.empty:
        show_empty("没有本级的抽取", "上一级的抽取不在这里列出；抽中的单位见上表。")
        return
    draws = draws.assign(
        by=draws["by_role"].map(ROLE_NAMES), plan_text=[plan_sentence(plan) for plan in draws["plan"]]
    )
    show_rows(draws, DRAW_COLUMNS, height=420, download=f"抽查记录_{cycle}_{region_name(who().region)}")


def _worded(picks: pd.DataFrame, draws: pd.DataFrame, *, cycle: int) -> pd.DataFrame:
    """The picks with what the table says of them: link, who drew, seed (where the drawing is the reader's to see)."""
    seeds = dict(zip(draws["seq"], draws["seed"], strict=True))
    return picks.assign(
        url=page_urls("review", picks["code"], last="unit", part="queue", cycle=cycle),
        by=picks["by_role"].map(ROLE_NAMES),
        seed=[str(seeds.get(seq, "")) for seq in picks["seq"]],
        parent_path=[path.rpartition("/")[0].rpartition("/")[2] for path in picks["region_path"].fillna("")],
    )
