"""How the weights are drawn anew on a screen: by how much, how often, and the answers, cached until the data change."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from data import queries
from pages.components.filters import choose_option, filter_bar
from pages.components.results import View
from scoring.robustness import DELTA, DRAWS

DELTAS = {"10": "±10%", "20": "±20%", "30": "±30%"}
COUNTS = {"500": "500 次", "1000": "1,000 次", "3000": "3,000 次"}
USUAL_DELTA, USUAL_DRAWS = f"{DELTA * 100:g}", str(DRAWS)
SHOWN = {"on": "显示", "off": "不显示"}


@dataclass(frozen=True)
class Redraw:
    """By how much each weight is moved at most, as a share, and how often all are drawn."""

    delta: float = DELTA
    draws: int = DRAWS

    @property
    def text(self) -> str:
        """±20%、1,000 次."""
        return f"±{self.delta:.0%}、{self.draws:,} 次"


def choose_redraw() -> Redraw:
    """How far and how often (query parameters `delta` and `draws`)."""
    with filter_bar("redraw_bar"):
        delta = choose_option("delta", "权重浮动", DELTAS, default=USUAL_DELTA, style="segments")
        draws = choose_option("draws", "重抽次数", COUNTS, default=USUAL_DRAWS, style="segments")
    return Redraw(delta=int(delta or USUAL_DELTA) / 100, draws=int(draws or USUAL_DRAWS))


def ask_redrawn(view: View, redraw: Redraw) -> pd.DataFrame:
    """queries.redrawn of the rows in rank order."""
    with st.spinner("正在重抽权重、重新排名……"):
        return view.ask_rows(queries.redrawn, basis=view.basis, draws=redraw.draws, delta=redraw.delta)


def ask_redrawn_pairs(view: View, redraw: Redraw) -> pd.DataFrame:
    """queries.redrawn_pairs of the rows."""
    return view.ask_rows(queries.redrawn_pairs, basis=view.basis, draws=redraw.draws, delta=redraw.delta)


def with_intervals(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """queries.region_scores with rank_low and rank_high of the usual redraw; missing where a region has no rank."""
    drawn = ask_redrawn(view, Redraw())
    return rows.merge(drawn[["code", "rank_low", "rank_high"]], on="code", how="left")


def choose_shown() -> bool:
    """Whether ranks are shown with their intervals (query parameter `interval`)."""
    return choose_option("interval", "名次区间", SHOWN, style="segments") != "off"
