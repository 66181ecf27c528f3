"""What one may choose besides parts: format and size of pictures; and the template that an office may replace."""

from __future__ import annotations

from typing import Any

import streamlit as st

from meeting.kinds import Kind
from pages.components.access import whole_store
from pages.components.downloads import show_file
from pages.components.filters import choose_option
from reporting.office_template import OWN, template_of

SCALES = {str(n): f"{n} 倍" for n in range(1, 5)}
FORMATS = {"png": "PNG", "svg": "SVG", "both": "PNG 和 SVG"}


def choose_options(kind: Kind) -> dict[str, Any]:
    """The options of the kind, as keyword arguments of its build."""
    if kind.id != "png":
        return {}
    with st.container(horizontal=True, key="picture_options"):
        picture = choose_option("picture", "格式", FORMATS, style="segments")
        scale = choose_option(
            "scale", "PNG 大小", SCALES, default="2", style="segments", disabled=picture == "svg"
        )
    return {"scale": int(scale), "formats": ("png", "svg") if picture == "both" else (picture,)}


def show_template(kind: Kind) -> None:
    """Which template the file is made from, and the template itself, to be changed by the office."""
    if not kind.template:
        return
    home = whole_store().home
    template = template_of(home, kind.template)
    is_own = template.parent == home / OWN
    with st.expander(f"模板：{'本机构的模板' if is_own else '自带的模板'}"):
        st.caption(
            f"可以换成本机构的模板：下载后在 Office 或 WPS 中修改，保留占位符，以“{kind.template}”为名放到服务器运行目录的 "
            f"{OWN} 文件夹；删去即恢复自带的模板。"
        )
        show_file(
            "下载现用模板", template.read_bytes, kind.template, mime=kind.mime, key=f"template_{kind.id}"
        )
