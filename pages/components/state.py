"""What one visitor's session remembers: the only module that touches `st.session_state`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException
from streamlit.runtime.state import SafeSessionState, get_session_state

WIDGET = "widget:"
# All that is kept is one entry of the session's state: each selectbox and each field for text or numbers looks through all of
# them, whatever they belong to.
MEMORY = "memory"
KEPT = "kept:"
SEEN = "seen:"

# The entry of a run's state, which is asked for forty times in a run: Streamlit takes long to find it.
_memories: WeakKeyDictionary[SafeSessionState, dict[str, Any]] = WeakKeyDictionary()

# what is still to be written into the address, within `one_address`
_unwritten: ContextVar[dict[str, str | None] | None] = ContextVar("unwritten", default=None)


def belong_to(session: str) -> None:
    """Forget everything when another session takes over the tab: what was kept belongs to whoever kept it."""
    if recall("session", session) != session:
        st.session_state.clear()
    keep("session", session)


def _memory() -> Mapping[str, Any]:
    memory = _memories.get(get_session_state())
    return _memory_to_write() if memory is None else memory


def _memory_to_write() -> dict[str, Any]:
    """The same by way of Streamlit, which ends a run here that a newer one has overtaken."""
    memory = st.session_state.get(MEMORY)
    if memory is None:
        memory = st.session_state[MEMORY] = {}
    _memories[get_session_state()] = memory
    return memory


def widget_key(name: str) -> str:
    """The widget key of the filter `name`, the same on every page."""
    return WIDGET + name


def recall(name: str, default: Any = None) -> Any:
    """A value kept for this session under `name`, or the default."""
    return _memory().get(KEPT + name, default)


def keep(name: str, value: Any) -> None:
    """Keep a value for this session under `name`; it survives page changes, not a reload."""
    _memory_to_write()[KEPT + name] = value


def forget(name: str) -> None:
    """Drop what was kept under `name`."""
    _memory_to_write().pop(KEPT + name, None)


def wanted(name: str) -> str | None:
    """What the visitor wants for the filter `name`: a changed address, else the widget, else what was kept.

    A query value that differs from the one this app last wrote or took in was typed, followed or gone back to, and beats the
    widget; otherwise the widget is newer than the address.
    """
    address = in_address(name)
    if address is not None and address != _memory().get(SEEN + name):
        return address
    if widget_key(name) in st.session_state:
        return st.session_state[widget_key(name)]
    return recall(name, address)  # newer than the address, where a run was overtaken before it wrote that


def in_address(name: str) -> str | None:
    """What the address says for the filter, or will say at the end of `one_address`; None: nothing."""
    unwritten = _unwritten.get() or {}
    return unwritten[name] if name in unwritten else st.query_params.get(name)


@contextmanager
def one_address() -> Iterator[None]:
    """Write what is settled within the block into the address at its end, all at once: each change is an entry of the browser's
    history, and the frame of the page is drawn again.

    A run that is overtaken by the next writes nothing: that one knows only the address as it was, and would take the
    difference for something typed.
    """
    unwritten: dict[str, str | None] = {}
    outside = _unwritten.set(unwritten)
    is_ended = False
    try:
        yield
    except (RerunException, StopException):
        is_ended = True  # and may send nothing more
        raise
    finally:
        _unwritten.reset(outside)
        if not is_ended:
            _write(unwritten)


def end_page() -> NoReturn:
    """End the run here, with nothing drawn below; the address is written."""
    _write(_unwritten.get() or {})
    st.stop()


def _write(changes: Mapping[str, str | None]) -> None:
    memory, now = _memory_to_write(), st.query_params.to_dict()
    said = {name: value for name, value in (now | dict(changes)).items() if value is not None}
    if said != now:
        st.query_params.from_dict(said)
    memory.update({SEEN + name: value for name, value in changes.items()})


def settle(name: str, value: str | None) -> None:
    """Write the filter's value into the address (None: not at all) and remember it for the other pages."""
    unwritten = _unwritten.get()
    if unwritten is None:
        _write({name: value})
    else:
        unwritten[name] = value
        _memory_to_write()[SEEN + name] = st.query_params.get(
            name
        )  # taken in, even should the run be overtaken
    keep(name, value)


def widget_value(name: str) -> Any:
    """What the filter's widget holds, or None before it was first drawn on this page."""
    return st.session_state.get(widget_key(name))


def has_widget(name: str) -> bool:
    """Whether the widget was drawn on this page and still stands there."""
    return widget_key(name) in st.session_state


def set_widget(name: str, value: Any) -> None:
    """Give the filter's widget its value, before it is drawn in this run.

    Written in every run: on another page the same key is another widget, which would start with its first option.
    """
    st.session_state[widget_key(name)] = value


def clear_typed(*beginnings: str) -> None:
    """Forget what stands in the widgets whose keys begin so; within a callback, before they are drawn again."""
    for key in [key for key in st.session_state if str(key).startswith(beginnings)]:
        del st.session_state[key]
