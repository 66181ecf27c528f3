"""表格核定: what waits for me as a workbook, filled in Excel or WPS and sent back; all of its problems, or all of its rulings."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from data import queries
from data.course.acting import STAGE_NAMES, own_stage
from data.course.bulk_review import BulkOutcome, take_in_rulings
from data.problems import SEVERITY_NAMES
from data.review_sheet import MOST_ROWS, OPINIONS, build_review_sheet
from data.safe_reading import mark_workbook_safely
from data.store import StoreError
from pages.components import state
from pages.components.access import ask, get_scheme, get_store, require, who
from pages.components.downloads import show_file
from pages.components.filters import choose_category, choose_option, choose_region, choose_unit, filter_bar
from pages.components.layout import Kpi, kpi_cards, region_name, section
from pages.components.links import plain
from pages.components.problem_table import show_problems
from pages.components.turns import step_aside

WHICH = {"all": "全部待核", "na": "只要不适用", "unit": "一个单位"}
MOST_MEGABYTES = 20
OUTCOME, TURN = "bulk_outcome", "bulk_turn"


@dataclass(frozen=True)
class _Done:
    """What became of the file that was sent last."""

    cycle: int
    filename: str
    content: bytes
    outcome: BulkOutcome


def show_bulk(*, cycle: int) -> None:
    """Table down, table up, side by side; below what became of the one sent last."""
    left, right = st.columns(2, gap="large")
    with left:
        _show_download(cycle=cycle)
    with right:
        _show_upload(cycle=cycle)
    done = state.recall(OUTCOME)
    if done and done.cycle == cycle:
        _show_outcome(done)


def _show_download(*, cycle: int) -> None:
    stage = STAGE_NAMES[own_stage(get_store())]
    section(
        "下载核定表", f"列出等待{stage}的指标，每行一个单位的一项；他级已核、已退回、环节已关闭的不在其中"
    )
    which = choose_option("which", "范围", WHICH, style="segments")
    with filter_bar("bulk_filters"):
        region, category = choose_region(), choose_category(cycle=cycle)
    unit = choose_unit(cycle=cycle, region=region, category=category) if which == "unit" else None
    if which == "unit" and unit is None:
        st.caption("请选择单位。")
        return
    wanted = {
        "region": region or who().region,
        "category": None if unit else category,
        "unit": unit,
        "only_na": which == "na",
    }
    size = ask(queries.review_sheet_size, cycle=cycle, **wanted)
    found = size["found"]
    if not found:
        st.caption("这个范围没有等待您核定的指标。")
        return
    store, scheme = get_store(), get_scheme(cycle)
    name = size["name"] if unit else region_name(wanted["region"])
    show_file(
        f"下载核定表（{min(found, MOST_ROWS):,} 项）",
        lambda: build_review_sheet(
            queries.review_sheet(store, cycle=cycle, **wanted), scheme=scheme, cycle=cycle
        ),
        f"核定表_{cycle}_{name}.xlsx",
        primary=True,
        key="review_sheet",
    )
    if found > MOST_ROWS:
        st.warning(
            f"共有 {found:,} 项，一份表最多 {MOST_ROWS:,} 项：请按地区或者类别分次下载，否则其余的不在表中。",
            icon="⚠️",
        )
    st.caption(
        f"核定意见只有{'、'.join(OPINIONS)}四种；不核定的行留空。五千项以上的表需要几秒钟生成，请勿重复点击。"
    )


def _show_upload(*, cycle: int) -> None:
    section("上传填好的核定表", "先全部核对，有一处错误就一项也不记；没有错误的一次记入")
    turn = state.recall(TURN, 0)
    upload = st.file_uploader(
        "填好的核定表", type=["xlsx"], key=f"bulk_{turn}", max_upload_size=MOST_MEGABYTES
    )
    if upload is None or not st.button(
        "核对并记入", type="primary", icon=":material/fact_check:", key="take_in_rulings"
    ):
        return
    require("review")
    content = upload.getvalue()
    step_aside()
    with st.spinner("正在核对…"):
        try:
            outcome = take_in_rulings(get_store(), cycle=cycle, content=content, filename=upload.name)
        except StoreError as error:
            st.error(plain(str(error)), icon="⚠️")
            return
    state.keep(OUTCOME, _Done(cycle, upload.name, content if outcome.problems else b"", outcome))
    state.keep(TURN, turn + 1)
    st.rerun()


def _show_outcome(done: _Done) -> None:
    outcome = done.outcome
    if outcome.is_refused:
        n_errors = pd.Series([p.severity for p in outcome.problems]).eq("error").sum()
        section(f"{done.filename}：没有记入", f"{n_errors:,} 处错误；请改正后重新上传，一项核定也没有记")
        show_file(
            "下载标出错误的核定表",
            lambda: mark_workbook_safely(done.content, outcome.problems),
            f"标错_{done.filename}",
            key="marked_review_sheet",
        )
    else:
        section(f"{done.filename}：已全部记入", "此前的核定都保留；得分已按新的核定计算")
        total = sum(outcome.recorded.values())
        kpi_cards(
            [
                Kpi("已记入", f"{total:,}", "项", tone="good"),
                *(Kpi(name, f"{outcome.recorded.get(act, 0):,}", "项") for name, act in OPINIONS.items()),
            ]
        )
    if outcome.problems:
        warnings = "" if outcome.is_refused else f"（{SEVERITY_NAMES['warning']}，不影响记入）"
        section(f"问题清单{warnings}", "每一处写明位置、填了什么、应为什么、怎样改正")
        show_problems(outcome.problems, download="核定表问题清单")
