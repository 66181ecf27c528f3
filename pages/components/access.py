"""The way to the data: one store per process, and queries cached until the cycle's data change."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from data import queries
from data.store import Store
from scoring.scheme import COMPOSITE, Scheme

CACHED_RESULTS = 800  # a result is a few kB to a few 100 kB; more than one evaluator's working day asks for


@st.cache_resource(show_spinner=False)
def _open_store(home: str) -> Store:
    return Store.open(Path(home) if home else None)


def get_store() -> Store:
    """The store of $ASSESSMENT_HOME (or ./var), opened once per process."""
    return _open_store(os.environ.get("ASSESSMENT_HOME", ""))


def ask(query: Callable[..., Any], /, *, cycle: int, **kwargs: Any) -> Any:
    """`query(store, cycle=cycle, **kwargs)`, cached on (cycle, data version); callers get a copy of their own.

    `query` is a function of data/queries.py; raises what it raises.
    """
    store = get_store()
    version = store.data_version(cycle)
    return _ask(query.__name__, str(store.home), cycle, version, tuple(sorted(kwargs.items())))


@st.cache_data(show_spinner=False, max_entries=CACHED_RESULTS)
def _ask(name: str, home: str, cycle: int, version: int, kwargs: tuple[tuple[str, Any], ...]) -> Any:
    return getattr(queries, name)(get_store(), cycle=cycle, **dict(kwargs))


def list_cycles() -> Any:
    """Every cycle, newest first, as data/queries.py gives them; never cached, since a new cycle has no version."""
    return queries.list_cycles(get_store())


@st.cache_data(show_spinner=False)
def _region_tree(home: str) -> Any:
    return queries.region_tree(get_store())


def region_tree() -> Any:
    """code, name, level, parent: one row per region."""
    return _region_tree(str(get_store().home))


@st.cache_resource(show_spinner=False, max_entries=32)
def _scheme(home: str, cycle: int, version: int) -> Scheme:
    return get_store().scheme(cycle)


def get_scheme(cycle: int) -> Scheme:
    """The scheme of a cycle; immutable, shared by all sessions."""
    store = get_store()
    return _scheme(str(store.home), cycle, store.data_version(cycle))


def basis_names(cycle: int) -> dict[str, str]:
    """Basis id → its name on the screen: 综合, then each responsibility system."""
    return {COMPOSITE: "综合", **{s.id: s.name for s in get_scheme(cycle).systems}}


def is_demo() -> bool:
    """Whether the store holds demonstration data; screens must then say so."""
    return bool(get_store().is_demo())
