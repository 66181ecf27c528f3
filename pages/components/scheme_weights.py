"""Effective weights of a scheme, per category: how much of the full marks each dimension is; old beside new while editing."""

from __future__ import annotations

import pandas as pd

from pages.components.charts import current_look, show_chart
from pages.components.html_table import Cell, show_rows
from reporting.charts import draw_effective_weights
from scoring.effective import effective_weights
from scoring.scheme import Scheme

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
            for each in effective_weights(scheme)
            if each.kind == kind
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
    rows = pd.DataFrame(
        [_row(title, part) for (_, title), part in frame.groupby(["id", "title"], sort=False)]
    )
    columns = {"title": Cell("", width="11em")}
    columns |= {category: Cell(name) for category, name in categories.items()}
    show_rows(rows.reindex(columns=list(columns)), columns, download=download, height=560)


def _row(title: str, part: pd.DataFrame) -> dict[str, str]:
    return {"title": title} | {r.category: _words(r.share, r.before) for r in part.itertuples(index=False)}


def _words(share: float, before: float | None) -> str:
    text = f"{share:.2%}" if share else ""
    if before is None or pd.isna(before) or abs(before - share) < SAME:
        return text
    return f"{share:.2%}（原 {before:.2%}）"
