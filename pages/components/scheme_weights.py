"""Effective weights of a scheme, per category: how much of the full marks each dimension is; old beside new while editing."""

from __future__ import annotations

import pandas as pd

from pages.components.charts import current_look, show_chart
from pages.components.filters import choose_option
from pages.components.html_table import Cell, show_rows
from reporting.charts import draw_effective_weights
from reporting.rows import rows_of
from scoring.effective import effective_weights
from scoring.scheme import Scheme

KINDS = {"dimension": "按维度", "system": "按责任制", "indicator": "按指标"}
SAME = 5e-7  # two shares that print alike


def weight_rows(scheme: Scheme, kind: str, *, before: Scheme | None = None) -> pd.DataFrame:
    """One row per category and entry of a kind (system, dimension, indicator): category, category_name, id, title,
    share, and before: the share in another version (missing where that has no such entry, or no other version is named).
    """
    now = _frame(scheme, kind)
    if before is None:
        return now.assign(before=None)
    old = _frame(before, kind)[["category", "id", "share"]].rename(columns={"share": "before"})
    return now.merge(old, on=["category", "id"], how="left")


def _frame(scheme: Scheme, kind: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (each.category, each.category_name, each.id, each.title, each.share)
            for each in effective_weights(scheme, kind=kind)
        ],
        columns=["category", "category_name", "id", "title", "share"],
    )


def show_weights_figure(scheme: Scheme, *, before: Scheme | None = None, key: str) -> None:
    """Stacked bars: what share of a category's full marks each dimension is."""
    frame = weight_rows(scheme, "dimension", before=before).rename(columns={"title": "dimension_name"})
    show_chart(
        draw_effective_weights(frame, look=current_look()),
        key=key,
        name=f"有效权重_{scheme.id}_{scheme.version}",
        alt="各类单位满分中每个维度所占的份额",
    )


def show_weights_table(
    scheme: Scheme, kind: str, *, before: Scheme | None = None, download: str | None = None
) -> None:
    """Entries in rows, categories in columns; a share that changed stands with its old value."""
    frame = weight_rows(scheme, kind, before=before)
    categories = dict(zip(frame["category"], frame["category_name"], strict=True))
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for each in rows_of(frame):
        row = rows.setdefault((each.id, each.title), {"title": each.title})
        row[each.category] = _words(each.share, each.before)
    columns = {"title": Cell(KINDS[kind].removeprefix("按"), width="11em")}
    columns |= {
        category: Cell(name, width=f"{max(len(name), 5) + 2}em") for category, name in categories.items()
    }
    show_rows(
        pd.DataFrame(list(rows.values()), columns=list(columns)), columns, download=download, height=560
    )


def _words(share: float, before: float | None) -> str:
    text = f"{share:.2%}" if share else ""
    if before is None or pd.isna(before) or abs(before - share) < SAME:
        return text
    return f"{share:.2%}（原 {before:.2%}）"


def choose_kind() -> str:
    """system, dimension or indicator (query parameter `by`)."""
    return choose_option("by", "列出", KINDS, style="segments")


def show_category_weights(scheme: Scheme, kind: str, *, before: Scheme | None = None) -> None:
    """One category's effective weights as a list, with the old value where it changed."""
    category = choose_option("kind", "单位类别", {c.id: c.name for c in scheme.categories}, width="stretch")
    frame = weight_rows(scheme, kind, before=before)
    old = pd.to_numeric(frame["before"])
    own = frame.assign(before=old)[(frame["category"] == category) & ((frame["share"] > 0) | (old > 0))]
    changed = own["before"].isna() | ((own["before"] - own["share"]).abs() >= SAME)
    columns = {
        "title": Cell(KINDS[kind].removeprefix("按"), below="id" if kind == "indicator" else ""),
        "share": Cell("有效权重", "percent", decimals=2, width="6em"),
    }
    if before is not None and changed.any():
        own = own.assign(mark=changed.map({True: "已变", False: ""}), before=own["before"].where(changed))
        columns |= {
            "before": Cell("原值", "percent", decimals=2, width="5em"),
            "mark": Cell("变化", "badge", tones={"已变": "pass"}, width="4.5em"),
        }
    show_rows(own, columns, height=560)
