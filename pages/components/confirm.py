"""A question before what reaches others: what will happen in plain sentences, then yes or no; and what was done, told once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape

import streamlit as st

from data.store import StoreError
from pages.components import state
from pages.components.links import plain
from scoring.scheme import SchemeError

QUESTION, TOLD = "question", "told"


def ask_first(
    label: str,
    *,
    key: str,
    title: str,
    says: Sequence[str],
    yes: str,
    act: Callable[[], str],
    primary: bool = False,
    icon: str | None = None,
    disabled: bool = False,
) -> None:
    """A button that opens a dialog with the sentences `says`; its button `yes` runs `act` and tells what that returns.

    Where `act` raises an error that a person can mend, the dialog stays and says it. Plain text only.
    """
    st.button(
        label,
        key=key,
        icon=icon,
        type="primary" if primary else "secondary",
        disabled=disabled,
        on_click=partial(state.keep, QUESTION, key),
    )
    if state.recall(QUESTION) == key:
        dialog = st.dialog(plain(title), on_dismiss=partial(state.forget, QUESTION))
        dialog(_ask)(key=key, says=says, yes=yes, act=act)


def _ask(*, key: str, says: Sequence[str], yes: str, act: Callable[[], str]) -> None:
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in says)
    st.html(f'<ul class="aq-says">{items}</ul>')
    with st.container(horizontal=True, horizontal_alignment="right"):
        is_no = st.button("取消", key=f"{key}_no")
        is_yes = st.button(yes, key=f"{key}_yes", type="primary")
    if is_yes:
        try:
            tell_once(act())
        except (StoreError, SchemeError) as error:
            st.error(plain(str(error)), icon="⚠️")
            return
    if is_yes or is_no:
        state.forget(QUESTION)
        st.rerun()


def tell_once(text: str) -> None:
    """Say on the next run, and only then, what was done; nothing where the text is empty."""
    state.keep(TOLD, text)


def show_told() -> None:
    """What was done in the run before, if anything."""
    if text := state.recall(TOLD):
        st.success(plain(text), icon=":material/check_circle:")
        state.forget(TOLD)
