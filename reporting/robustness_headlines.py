"""What redrawn and hand-moved weights show, in one sentence: computed from the frames that the figures show."""

from __future__ import annotations

import pandas as pd

from reporting.first_changes import KIND_NAMES
from reporting.rank_marks import say_share
from reporting.theme import is_missing, number, percent, signed
from scoring.robustness import DECIDED

NAMES_LISTED = 3  # more regions in one sentence cannot be read aloud


def say_robustness(frame: pd.DataFrame, *, level: str) -> str:
    """How many regions have more than one rank in the middle 90 % of the draws, and how often the first keeps its place.

    queries.redrawn; "" with fewer than two regions.
    """
    if len(frame) < 2:
        return ""
    loose = frame[frame["rank_low"] != frame["rank_high"]]
    if loose.empty:
        text = f"{len(frame)} 个{level}的名次在 90% 的重抽中都不变"
    elif len(loose) == len(frame):
        text = f"{len(frame)} 个{level}的名次都不稳"
    else:
        text = f"{len(frame)} 个{level}中 {len(loose)} 个名次不稳：{_names(_by_width(loose)['name'])}"
    best = frame[frame["rank"] == frame["rank"].min()]
    place = int(best["rank"].iloc[0])
    if len(best) > 1:
        return f"{text}；并列第 {place} 名的有{_names(best['name'])}"
    first = best.iloc[0]
    return f"{text}；第 {place} 名{first['name']}在 {say_share(first['keeps'])}的重抽中保持"


def say_pairs(frame: pd.DataFrame) -> str:
    """How many pairs of neighbours are not decided, and the least certain (queries.redrawn_pairs)."""
    if frame.empty:
        return "没有可比较的相邻地区"
    open_pairs = frame[~frame["is_decided"].astype(bool)]
    if open_pairs.empty:
        return f"{len(frame)} 对相邻地区的先后在 {percent(DECIDED, 0)} 以上的重抽中都成立"
    row = open_pairs.loc[open_pairs["holds"].idxmin()]
    return (
        f"{len(frame)} 对相邻地区中 {len(open_pairs)} 对的先后不能由数据确定；最不确定的是"
        f"{row['above_name']}{'与' if row['is_tied'] else '先于'}{row['below_name']}{'并列' if row['is_tied'] else ''}，在 {say_share(row['holds'])} 的重抽中成立"
    )


def say_first_change(frame: pd.DataFrame) -> str:
    """Which weight changes the order first when it alone moves, and by how much (queries.first_changes)."""
    known = frame[frame["change"].notna()]
    if known.empty:
        return "任何一项权重单独变到 0 至 3 倍，名次的次序都不变"
    row = known.iloc[0]
    text = (
        f"最先改变次序的是{KIND_NAMES.get(row['kind'], '')}“{row['title']}”：单独变动 {say_change(row['change'])} 时，"
        f"{row['above_name']}与{row['below_name']}互换位次"
    )
    leads = frame[frame["leader_change"].notna()]
    if leads.empty:
        return f"{text}；任何一项单独变动都不改变居首者"
    nearest = leads.loc[(leads["leader_change"] - 1).abs().idxmin()]
    return f"{text}；最先改变居首者的是“{nearest['title']}”（{say_change(nearest['leader_change'] - 1)}）"


def say_change(change: object) -> str:
    """A relative change of a weight: +4.2% or −31%; small ones with a decimal more."""
    if is_missing(change):
        return "—"
    decimals = 1 if abs(change) < 0.1 else 0
    text = signed(change * 100, decimals)
    return f"{text}%"


def say_what_if(frame: pd.DataFrame, *, level: str) -> str:
    """How many regions would change places under the trial weights, and who moves most (queries.what_if)."""
    ranked = frame[frame["rank_change"].notna()]
    if ranked.empty:
        return "没有可比较的名次"
    moved = ranked[ranked["rank_change"] != 0]
    if moved.empty:
        changed = int((ranked["score_change"].round(9) != 0).sum())
        return f"{len(ranked)} 个{level}的名次都不变" + (f"，{changed} 个得分有变化" if changed else "")
    row = moved.loc[moved["rank_change"].abs().idxmax()]
    way = "上升" if row["rank_change"] > 0 else "下降"
    text = (
        f"{len(ranked)} 个{level}中 {len(moved)} 个位次改变；变动最大的是{row['name']}，"
        f"第 {int(row['rank_before'])} 位到第 {int(row['rank_after'])} 位（{way} {abs(int(row['rank_change']))} 位）"
    )
    before, after = _leaders(ranked, "rank_before"), _leaders(ranked, "rank_after")
    return f"{text}；第 1 名{'不变' if before == after else f'由{before}变为{after}'}"


def say_split(row: dict, *, decimals: int) -> str:
    """One region's scores and ranks before and after, for the head of its split (a row of queries.what_if)."""
    text = f"{number(row['score_before'], decimals)} → {number(row['score_after'], decimals)} 分"
    if is_missing(row["rank_before"]) or is_missing(row["rank_after"]):
        return text
    return f"{text}，第 {int(row['rank_before'])} → {int(row['rank_after'])} 位"


def _by_width(frame: pd.DataFrame) -> pd.DataFrame:
    """The widest intervals first, ties in rank order."""
    width = frame["rank_high"] - frame["rank_low"]
    return frame.assign(width=width).sort_values(["width", "rank"], ascending=[False, True])


def _leaders(frame: pd.DataFrame, column: str) -> str:
    return _names(frame.loc[frame[column] == frame[column].min(), "name"])


def _names(names: pd.Series) -> str:
    listed = "、".join(names.head(NAMES_LISTED))
    return f"{listed}等" if len(names) > NAMES_LISTED else listed
