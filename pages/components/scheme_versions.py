"""版本: which versions of schemes are kept, who made them, when and why, which year uses them, and what two of them differ in."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from data.audit import PROGRAM_ACCOUNTS
from data.reading import parsed_scheme
from data.scheme_sheet import to_scheme_sheet
from data.schemes import scheme_versions
from pages.components.access import get_scheme, may, whole_store
from pages.components.downloads import show_file
from pages.components.filters import choose_option
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.scheme_differences_view import show_differences
from pages.components.scheme_use import show_use
from reporting.rows import rows_of
from scoring.scheme import Scheme

IN_USE = "in_use"
TOML = "application/toml"
COLUMNS = {
    "name": Cell("方案版本", below="title"),
    "use": Cell("使用年度", "badge", tones={}, width="9em"),
    "saved_at": Cell("保存时间", "time", width="10em"),
    "account": Cell("保存人", width="10em"),
    "reason": Cell("理由"),
}


@dataclass(frozen=True)
class Version:
    """One kept version of a scheme: its text and what the text says; `note` tells which year uses it."""

    scheme: Scheme
    source: str
    note: str = ""

    @property
    def name(self) -> str:
        """Scheme and version, as people call it."""
        return name_of(self.scheme.id, self.scheme.version)

    @property
    def file_name(self) -> str:
        """What its files are called, without extension."""
        return f"考核方案_{self.scheme.id}_{self.scheme.version}"


def name_of(scheme_id: str, version: str) -> str:
    """heilongjiang-2026 2026.2."""
    return f"{scheme_id} {version}"


def kept_versions() -> pd.DataFrame:
    """One row per kept version, the newest first: scheme_id, version, title, saved_at, account, reason, cycles, source."""
    return scheme_versions(whole_store())


def version_of(row: dict) -> Version:
    """A row of `kept_versions` as a version that can be read."""
    name = name_of(row["scheme_id"], row["version"])
    return Version(parsed_scheme(row["source"], name), row["source"], _use(row["cycles"]))


def choose_version(*, cycle: int) -> Version:
    """The version that is read or changed (query parameter `version`): the year's own unless another one is named."""
    used = get_scheme(cycle)
    kept = kept_versions()
    names = {name_of(r.scheme_id, r.version): r for r in rows_of(kept)}
    options = {IN_USE: f"{cycle} 年度所用（{used.version}）"}
    options |= {name: f"{name}{_in_brackets(_use(row.cycles))}" for name, row in names.items()}
    chosen = choose_option("version", "方案版本", options, width=300)
    row = names[name_of(used.id, used.version) if chosen == IN_USE else chosen]
    return version_of(row._asdict())


def say_version(version: Version) -> str:
    """Which version stands on the screen and what it holds."""
    scheme = version.scheme
    return (
        f"{scheme.title}，版本 {scheme.version}（{version.note or '尚无年度采用'}）："
        f"指标 {len(scheme.indicators)} 项，认定事项 {len(scheme.findings)} 项。"
    )


def show_version_files(version: Version) -> None:
    """Two buttons: the version as an Excel workbook and as its scheme file."""
    with st.container(horizontal=True, key="version_files"):
        show_file(
            "下载方案（xlsx）",
            lambda: to_scheme_sheet(version.scheme),
            f"{version.file_name}.xlsx",
            key="version_xlsx",
        )
        show_file(
            "下载方案文件（toml）",
            version.source.encode("utf-8"),
            f"{version.file_name}.toml",
            mime=TOML,
            key="version_toml",
        )


def show_versions(version: Version, *, cycle: int) -> None:
    """Every kept version with who, when, why and its year; two of them line by line; and, who may, putting one to use."""
    kept = kept_versions()
    section("保存的版本", "保存过的版本不再改动，修改总是另存为新版本；年度用哪一版由考核主管部门决定")
    rows = kept.assign(
        name=[name_of(r.scheme_id, r.version) for r in rows_of(kept)],
        use=[_use(cycles) for cycles in kept["cycles"]],
        account=[PROGRAM_ACCOUNTS.get(account, account) for account in kept["account"]],
    )
    show_rows(rows, COLUMNS, download="方案版本")
    st.caption(f"上方所选版本：{version.name}")
    show_version_files(version)
    _show_comparison(kept, version)
    if may("use_scheme"):
        show_use(version.scheme, cycle=cycle)


def _show_comparison(kept: pd.DataFrame, version: Version) -> None:
    section("两个版本逐项对照", "左为原版本，右为对照版本；只列出不同之处")
    if len(kept) < 2:
        show_empty("只有一个版本", "修改方案并另存为新版本，或导入其他年度的方案后，可以在这里逐项对照。")
        return
    names = {name_of(r.scheme_id, r.version): r._asdict() for r in rows_of(kept)}
    options = dict.fromkeys(names)
    labels = {name: f"{name}{_in_brackets(_use(row['cycles']))}" for name, row in names.items()}
    other = next(name for name in options if name != version.name)
    with st.container(horizontal=True, key="compared"):
        before = choose_option("before", "原版本", labels, default=other, width=320)
        now = choose_option("now", "对照版本", labels, default=version.name, width=320)
    show_differences(
        version_of(names[before]).scheme,
        version_of(names[now]).scheme,
        key="versions",
        download=f"方案对照_{before}_{now}",
    )


def _use(cycles) -> str:
    return "、".join(f"{cycle} 年度" for cycle in cycles) if len(cycles) else ""


def _in_brackets(text: str) -> str:
    return f"（{text}）" if text else ""
