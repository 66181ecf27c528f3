"""自评填报: the workbook goes out, comes back, and every file gets a receipt; the register of units."""

from pages.components.access import may
from pages.components.file_history import show_inbox
from pages.components.filters import choose_cycle, choose_option, filter_bar
from pages.components.layout import page_header, show_no_cycle
from pages.components.register_view import show_register
from pages.components.submission_state import say_submission_state
from pages.components.templates_view import show_guide, show_notice, show_templates
from pages.components.upload_view import show_upload

STEPS = {
    "download": ("下载自评表", "take_templates"),
    "upload": ("上传自评表", "upload"),
    "inbox": ("收件记录", "see_receipts"),
    "register": ("单位名册", "see_register"),
}

with filter_bar():
    cycle = choose_cycle()
    if cycle is None:
        show_no_cycle()
    step = choose_option(
        "step",
        "办理事项",
        {name: title for name, (title, action) in STEPS.items() if may(action)},
        style="segments",
    )

page_header("自评填报", say_submission_state(cycle=cycle), cycle=cycle)
match step:
    case "upload":
        show_notice()
        show_upload(cycle=cycle)
    case "inbox":
        show_inbox(cycle=cycle)
    case "register":
        show_register(cycle=cycle)
    case _:
        show_notice()
        show_templates(cycle=cycle)
        show_guide()
