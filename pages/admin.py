"""系统管理: accounts, cycles, the register, backups, the audit log, and how the system stands."""

from pages.components.admin_accounts import show_accounts
from pages.components.admin_audit import show_audit
from pages.components.admin_backup import show_backup
from pages.components.admin_cycles import show_cycles
from pages.components.admin_register import show_register_counts
from pages.components.admin_system import finding_sentence, show_system
from pages.components.confirm import show_told
from pages.components.filters import filter_bar
from pages.components.layout import page_header
from pages.components.parts import choose_part

PARTS = {
    "accounts": ("账号", "manage_accounts", show_accounts),
    "cycles": ("年度", "manage_cycles", show_cycles),
    "register": ("单位名册", "see_register", show_register_counts),
    "backup": ("备份", "back_up", show_backup),
    "audit": ("操作日志", "see_audit", show_audit),
    "system": ("系统状态", "back_up", show_system),
}

with filter_bar():
    part = choose_part(PARTS, label="管理事项")
page_header("系统管理", finding_sentence())
show_told()
if part:
    PARTS[part][2]()
