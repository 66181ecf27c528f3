"""Excel 与方案文件: a version out to Excel and back, or another year's or province's scheme file in; problems, then differences."""

from __future__ import annotations

import streamlit as st

from data.problems import Problem, has_errors
from data.safe_reading import read_scheme_sheet_safely
from data.scheme_sheet import text_of_sheet
from pages.components import state
from pages.components.layout import section
from pages.components.problem_table import show_problems
from pages.components.scheme_draft import Proposal, proposed
from pages.components.scheme_saving import show_faults, show_saving
from pages.components.scheme_versions import Version, show_version_files
from scoring.scheme import SchemeError

MOST_MEGABYTES = 5
TURN = "scheme_upload"


def show_excel(version: Version, *, cycle: int) -> None:
    """The files of the chosen version down; a changed workbook or a scheme file up, and what became of it."""
    left, right = st.columns(2, gap="large")
    with left:
        section(
            "下载", f"{version.name}；权重、分值、等次和规则在 Excel 中改，题目和条目在方案文件（toml）中改"
        )
        show_version_files(version)
    with right:
        section("上传", "改过的方案工作簿（xlsx），或本省其他年度、其他省的方案文件（toml）")
        upload = st.file_uploader(
            "方案工作簿或方案文件",
            type=["xlsx", "toml"],
            key=f"scheme_file_{state.recall(TURN, 0)}",
            max_upload_size=MOST_MEGABYTES,
        )
    if upload is None:
        return
    content, name = upload.getvalue(), upload.name
    if name.lower().endswith(".toml"):
        _show_file(version, content, name)
    else:
        _show_workbook(version, content, name)


def _show_workbook(version: Version, content: bytes, name: str) -> None:
    found, problems = read_scheme_sheet_safely(content, scheme=version.scheme, filename=name)
    if found is None:
        _show_problems(problems)
        return
    try:
        text, scheme, faults = text_of_sheet(version.source, version.scheme, *found)
    except SchemeError as error:
        st.error(str(error), icon="⚠️")
        return
    problems = [*problems, *faults]
    if problems:
        _show_problems(problems)
    if not has_errors(problems):
        show_saving(version, Proposal(text, scheme), key="excel", then=_done)


def _show_problems(problems: list[Problem]) -> None:
    n_errors = sum(problem.severity == "error" for problem in problems)
    section("问题清单", f"{n_errors} 处错误；有错误时什么也不保存，请按“改正办法”修改后重新上传")
    show_problems(problems, download="方案表问题清单")


def _show_file(version: Version, content: bytes, name: str) -> None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        st.error("方案文件不是 UTF-8 编码：请用文本编辑器另存为 UTF-8 后重新上传。", icon="⚠️")
        return
    proposal = proposed(text, name=name)
    if proposal.faults:
        section("问题清单", f"{len(proposal.faults)} 处错误；请在方案文件中改正后重新上传，什么也没有保存")
        show_faults(proposal.faults, version.scheme)
        return
    show_saving(version, proposal, key="file", then=_done, suggested=proposal.scheme.version)


def _done() -> None:
    state.keep(TURN, state.recall(TURN, 0) + 1)
