"""方案与权重: the scheme as it reads, editing it into a new version, its way through Excel, and every kept version."""

from pages.components.confirm import show_told
from pages.components.filters import choose_cycle, filter_bar
from pages.components.layout import page_header, show_no_cycle
from pages.components.parts import choose_part
from pages.components.scheme_content import show_content
from pages.components.scheme_draft import take_over
from pages.components.scheme_edit_view import show_edit
from pages.components.scheme_excel import show_excel
from pages.components.scheme_versions import choose_version, say_version, show_versions

PARTS = {
    "content": ("方案内容", "see_scheme", show_content),
    "edit": ("修改", "change_scheme", show_edit),
    "excel": ("Excel 与方案文件", "change_scheme", show_excel),
    "versions": ("版本", "see_scheme", show_versions),
}

take_over()
with filter_bar():
    cycle = choose_cycle()
    if cycle is None:
        show_no_cycle()
    version = choose_version(cycle=cycle)
    part = choose_part(PARTS, label="内容")
page_header("方案与权重", say_version(version), cycle=cycle)
show_told()
if part:
    PARTS[part][2](version, cycle=cycle)
