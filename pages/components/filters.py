"""Filters that live in the address: a link reopens the same view, and pages share cycle, region, basis and unit.

Every `choose_*` draws its widget where it is called (usually inside `filter_bar()`), and returns ids, never names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Literal

import streamlit as st

from data import queries
from data.course.publications import publications
from pages.components import state
from pages.components.access import (
    ask,
    basis_names,
    get_scheme,
    list_cycles,
    regions,
    use_publication,
    who,
    whole_store,
)
from reporting.rows import rows_of

ALL, LIVE = "all", "live"
UNITS_AT_ONCE = (
    500  # more are slow to send and to open, and nobody reads them; then a search narrows them first
)


@contextmanager
def filter_bar(key: str = "filter_bar") -> Iterator[None]:
    """A row of filters, by itself the page's: `with filter_bar(): …`."""
    with st.container(horizontal=True, vertical_alignment="bottom", key=key, gap="small"):
        yield


def choose_option(
    name: str,
    label: str,
    options: Mapping[str, str],
    *,
    default: str | None = None,
    style: Literal["select", "segments", "list"] = "select",
    width: int | Literal["stretch", "content"] | None = None,
    disabled: bool = False,
    clears: str | None = None,
) -> str | None:
    """One of `options` (value → text), bound to the query parameter `name`; None only where there is no option.

    `default` is the first option unless named. A value in the address that is not an option is replaced by the default.
    `clears` names a query parameter that a new choice takes out of the address.
    """
    if not options:
        return None
    first = default if default in options else next(iter(options))
    on_change = partial(set_param, clears, None) if clears else None
    value = state.wanted(name)
    value = value if value in options else first
    state.set_widget(name, value)
    key = state.widget_key(name)
    text = dict(options)
    if style == "segments":
        chosen = st.segmented_control(
            label,
            list(text),
            format_func=text.get,
            key=key,
            required=True,
            disabled=disabled,
            width=width or "content",
            on_change=on_change,
        )
    elif style == "list":
        chosen = st.radio(
            label,
            list(text),
            format_func=text.get,
            key=key,
            disabled=disabled,
            label_visibility="collapsed",
            on_change=on_change,
        )
    else:
        chosen = st.selectbox(
            label,
            list(text),
            format_func=text.get,
            key=key,
            disabled=disabled,
            width=width or 220,
            on_change=on_change,
            placeholder="请选择",
        )
    chosen = chosen if chosen in options else first
    state.settle(name, chosen)
    return chosen


def choose_cycle() -> int | None:
    """The assessment year (query parameter `cycle`), newest by default; None where no cycle was opened yet."""
    options = {str(c): f"{c} 年度" for c in list_cycles()}
    chosen = choose_option("cycle", "考核年度", options, width=120)
    return int(chosen) if chosen else None


def choose_source(*, cycle: int) -> str | None:
    """The number of the publication that the screen shows (query parameter `pub`), or None for what stands now.

    Draws nothing where the cycle was never published. Evaluators work on what stands now; those who only read, and units,
    are shown the newest publication first: it is what counts for them.
    """
    made = publications(whole_store(), cycle=cycle)
    if not made:
        return None
    options = {LIVE: "实时数据", **{each.number: f"第 {each.number} 号公布" for each in made}}
    reads_only = who().role in ("reader", "unit")
    chosen = choose_option("pub", "数据", options, default=made[0].number if reads_only else LIVE, width=160)
    number = None if chosen == LIVE else chosen
    use_publication(cycle, number)
    return number


def choose_basis(*, cycle: int) -> str:
    """composite or one responsibility system's id (query parameter `basis`)."""
    return choose_option("basis", "评分口径", basis_names(cycle), style="segments") or "composite"


def choose_category(*, cycle: int) -> str | None:
    """A unit category's id (query parameter `category`), or None for all, as always for a unit."""
    if who().unit:
        return None
    options = {ALL: "全部类别", **{c.id: c.name for c in get_scheme(cycle).categories}}
    chosen = choose_option("category", "单位类别", options, width=158)
    return None if chosen == ALL else chosen


def choose_region(*, county: bool = True) -> str | None:
    """A region's code (query parameter `region`), or None for the whole province; at first the visitor's own region.

    Draws one list of prefectures and, with `county`, a second one of the chosen prefecture's counties and zones; only
    regions that the visitor may see as a whole. For a unit nothing is drawn: its own region.
    """
    person = who()
    if person.unit:
        return person.region
    tree = regions()
    parent, level, name = tree.parent, tree.level, tree.name
    province = next(code for code, kind in level.items() if kind == "province")
    own = (
        person.region if county or level[person.region] == "prefecture" else parent[person.region] or province
    )
    before = state.recall("region") or own
    chosen = _region_asked(level, parent, before, province)
    prefecture = parent[chosen] if level[chosen] not in ("province", "prefecture") else chosen

    options = {province: f"{name[province]}（全省）"}
    options |= {c: name[c] for c in name if level[c] == "prefecture"}
    state.set_widget("prefecture", prefecture)
    prefecture = st.selectbox(
        "地区", list(options), format_func=options.get, key=state.widget_key("prefecture"), width=158
    )
    if prefecture != province and county:
        below = [c for c in name if parent[c] == prefecture]
        counties = {prefecture: "全部县（市、区）", **{c: name[c] for c in below}}
        state.set_widget("county", chosen if chosen in counties else prefecture)
        chosen = st.selectbox(
            "县（市、区）",
            list(counties),
            format_func=counties.get,
            key=state.widget_key("county"),
            width=158,
        )
    else:
        chosen = prefecture
    state.settle("region", chosen)
    return None if chosen == province else chosen


def _region_asked(level: Mapping, parent: Mapping, before: str, province: str) -> str:
    """What the address and the two lists ask for together; a change of prefecture resets the county."""
    address = state.in_address("region")
    if address is not None and address != before:
        return address if address in level else province
    prefecture = state.widget_value("prefecture")
    county = state.widget_value("county")
    if prefecture is None:
        return before if before in level else province
    if county is not None and (county == prefecture or parent.get(county) == prefecture):
        return county
    return prefecture


def choose_unit(*, cycle: int, region: str | None = None, category: str | None = None) -> str | None:
    """A unit's code (query parameter `unit`), searchable by name and code; None until one is chosen.

    The unit named in the address is offered even when the other filters would leave it out. For a unit nothing is
    drawn: itself.
    """
    if own := who().unit:
        return own
    asked = state.wanted("unit")
    where = {"cycle": cycle, "region": region, "category": category, "most": UNITS_AT_ONCE}
    units, found = ask(queries.unit_names, **where)
    how_many = f"{found:,} 家"
    if found > UNITS_AT_ONCE:
        if text := _searched_text():
            units, found = ask(queries.unit_names, **where, text=text)
        how_many = f"列出 {len(units):,} 家" + (f"，共 {found:,} 家" if found > len(units) else "")
    options = {row.code: f"{row.name}（{row.code}）" for row in rows_of(units)}
    if asked and asked not in options and (name := _name_of(asked, cycle=cycle)):
        options = {asked: f"{name}（{asked}）", **options}
    value = asked if asked in options else None
    state.keep("unknown_unit", asked if asked and value is None else None)
    state.set_widget("unit", value)
    chosen = st.selectbox(
        "单位",
        list(options),
        index=None,
        format_func=options.get,
        key=state.widget_key("unit"),
        placeholder=f"输入名称或代码查找（{how_many}）",
        width="stretch",
    )
    state.settle("unit", chosen)
    return chosen


def unknown_unit() -> str | None:
    """The code in the address that the year's register does not have, if `choose_unit` met one in this run."""
    return state.recall("unknown_unit")


def _searched_text() -> str | None:
    """Part of a name or a code, where there are too many units for one list."""
    text = st.text_input(
        "查找单位", key=state.widget_key("unit_search"), placeholder="名称或代码中的几个字", width=240
    )
    return (text or "").strip() or None


def _name_of(code: str, *, cycle: int) -> str | None:
    """The name of a unit that the visitor may see, whatever the other filters leave."""
    units, _ = ask(queries.unit_names, cycle=cycle, codes=(code,), most=1)
    return None if units.empty else units["name"].iloc[0]


def search_box(
    name: str,
    label: str,
    *,
    placeholder: str = "",
    clears: str | None = None,
    width: int | Literal["stretch"] = "stretch",
) -> str:
    """Free text bound to the query parameter `name`, without surrounding blanks; `clears` as in `choose_option`."""
    state.set_widget(name, state.wanted(name) or "")
    on_change = partial(set_param, clears, None) if clears else None
    text = st.text_input(
        label, key=state.widget_key(name), placeholder=placeholder, on_change=on_change, width=width
    ).strip()
    state.settle(name, text or None)
    return text


def choose_day(name: str, label: str, *, clears: str | None = None) -> date | None:
    """A day bound to the query parameter `name`, or None; `clears` as in `choose_option`."""
    state.set_widget(name, _day(state.wanted(name)))
    chosen = st.date_input(
        label,
        value=None,
        key=state.widget_key(name),
        format="YYYY-MM-DD",
        width=140,
        on_change=partial(set_param, clears, None) if clears else None,
    )
    state.settle(name, chosen.isoformat() if chosen else None)
    return chosen


def _day(asked: date | str | None) -> date | None:
    """A day as it stands in the address or in the widget; what is none counts as not asked for."""
    if not isinstance(asked, str):
        return asked
    try:
        return date.fromisoformat(asked)
    except ValueError:
        return None


def param(name: str) -> str | None:
    """A query parameter that no widget is bound to, e.g. `article`."""
    return state.in_address(name)


def choose_for_visitor(name: str, value: str) -> None:
    """Set a `choose_option` to one of its options as if the visitor had chosen it; within a callback."""
    state.set_widget(name, value)
    state.settle(name, value)


def set_param(name: str, value: str | None) -> None:
    """Write (None: remove) a query parameter that no widget is bound to."""
    state.settle(name, value)
