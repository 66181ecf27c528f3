"""The parts of 会议材料: what kind of file, of which region, with which parts; what will be in it; making and taking it."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import datetime
from html import escape
from typing import Any

import streamlit as st

from data.regions import LEVEL_NAMES, PROVINCE
from meeting.export import CANNOT, KINDS, export
from meeting.kinds import Kind
from meeting.material import NothingToReport, gather
from pages.components import state
from pages.components.access import (
    get_reading,
    list_cycles,
    may,
    publication_in_use,
    require,
    who,
    whole_store,
)
from pages.components.downloads import show_file
from pages.components.filters import choose_cycle, choose_option, choose_region, choose_source, filter_bar
from pages.components.layout import page_header, section, show_empty, show_no_cycle
from pages.components.links import plain
from pages.components.meeting_options import choose_options, show_template
from pages.components.progress import begin_bar, report_to

TITLE = "会议材料"
MADE = "meeting_file"


def show_meeting() -> None:
    """The whole screen."""
    with filter_bar():
        cycle = choose_cycle()
        if cycle is None:
            show_no_cycle()
        choose_source(cycle=cycle)
        region = choose_region()
        level = None
        if region is None:
            level = choose_option("level", "比较层级", LEVEL_NAMES, style="segments")
    page_header(
        TITLE,
        "由服务器当场生成，可以在 PowerPoint、Word、Excel 或 WPS 中继续修改；数字与各页面相同。",
        cycle=cycle,
        region=region,
    )
    kind = KINDS[choose_option("kind", "材料", {k.id: k.title for k in KINDS.values()}, style="segments")]
    left, right = st.columns([5, 6], gap="large")
    with left:
        section(f"{kind.title}（{kind.extension}）", kind.about)
        parts = _choose_parts(kind)
        options = choose_options(kind)
        show_template(kind)
    with right:
        _show_outline(kind, parts, cycle=cycle, region=region, level=level)
        _show_making(kind, parts, options, cycle=cycle, region=region, level=level)


def _choose_parts(kind: Kind) -> list[str]:
    offered = kind.parts_for(may)
    chosen = st.pills(
        "内容（可多选，点一下取消）",
        list(offered),
        format_func=offered.get,
        selection_mode="multi",
        default=[part for part in offered if part not in kind.on_demand],
        wrap=True,
        key=f"meeting_parts_{kind.id}",
    )
    return [part for part in offered if part in chosen]


def _show_outline(
    kind: Kind, parts: Collection[str], *, cycle: int, region: str | None, level: str | None
) -> None:
    """What will be in the file, line by line, before it is made."""
    section("将包含", "")
    if not parts:
        show_empty("没有选择内容", "请在左侧至少选一项。")
        state.end_page()
    try:
        stamp, lines = _outline(kind.id, tuple(parts), region, level, *_version(cycle))
    except NothingToReport as nothing:
        show_empty("没有可用的数据", str(nothing))
        state.end_page()
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    st.html(f'<div class="aq-outline"><ol>{items}</ol></div>')
    st.caption(f"共 {len(lines)} 项 · {plain(stamp)}")


def _version(cycle: int) -> tuple[Any, ...]:
    """What an outline depends on besides what was chosen: whose view, which data, which day."""
    store, scope, made = whole_store(), who().scope, publication_in_use(cycle)
    versions = tuple(store.data_version(each) for each in list_cycles())
    is_over = datetime.now() >= store.cycle(cycle).deadline
    return (
        str(store.home),
        (scope.region, scope.unit),
        cycle,
        versions,
        made and made.number,
        is_over,
        datetime.now().date(),
    )


@st.cache_data(show_spinner="正在查看数据…", max_entries=200)
def _outline(
    kind: str, parts: tuple[str, ...], region: str | None, level: str | None, *_version: Any
) -> tuple[str, list[str]]:
    cycle = _version[2]
    with gather(get_reading(cycle), cycle=cycle, region=region or PROVINCE, level=level) as material:
        return material.stamp, KINDS[kind].outline(material, parts)


def _show_making(
    kind: Kind,
    parts: Collection[str],
    options: dict[str, Any],
    *,
    cycle: int,
    region: str | None,
    level: str | None,
) -> None:
    """The button that makes the file, how far it is, and the finished file."""
    wanted = (kind.id, tuple(parts), tuple(sorted(options.items())), region, level, _version(cycle))
    if st.button(f"生成{kind.title}", icon=":material/slideshow:", type="primary", key="make_meeting_file"):
        require("export")
        state.forget(MADE)
        bar, started = begin_bar(f"正在生成{kind.title}"), time.monotonic()
        try:
            with gather(get_reading(cycle), cycle=cycle, region=region or PROVINCE, level=level) as material:
                made = export(
                    material,
                    kind=kind.id,
                    home=whole_store().home,
                    may=may,
                    parts=parts,
                    progress=_told(bar, f"正在生成{kind.title}"),
                    **options,
                )
        except CANNOT as fault:
            bar.empty()
            st.error(plain(str(fault)), icon="⚠️")
            return
        bar.empty()
        state.keep(MADE, (wanted, made, time.monotonic() - started))
    kept = state.recall(MADE)
    if not kept:
        return
    if kept[0] != wanted:
        st.caption("选择或数据已变动，请重新生成。")
        return
    _, made, seconds = kept
    show_file(
        f"下载{kind.title}（{_size(len(made.content))}）",
        made.content,
        made.name,
        mime=made.mime,
        primary=True,
        key="meeting_file",
    )
    st.caption(f"{plain(made.name)} · 用时 {seconds:.1f} 秒")


def _told(bar: Any, doing: str) -> Any:
    reports: dict[int, Any] = {}

    def told(done: int, total: int) -> None:
        reports.setdefault(total, report_to(bar, doing, total))(done)

    return told


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes >= 1e6 else f"{n_bytes / 1e3:.0f} kB"
