"""A progress bar that says how far it is."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components.turns import step_aside

PROGRESS_STEPS = 200


def begin_bar(doing: str):
    """The bar of work that takes long, which other screens do not wait for."""
    step_aside()
    return st.progress(0.0, f"{doing}…")


def report_to(bar, doing: str, total: int) -> Callable[..., None]:
    """Moves the bar and says how far it is, some hundred times at most however many files there are."""
    step = max(total // PROGRESS_STEPS, 1)

    def report(done: int, _total: int = total) -> None:
        if done % step == 0 or done == total:
            bar.progress(done / max(total, 1), f"{doing} {done:,} / {total:,}")

    return report
