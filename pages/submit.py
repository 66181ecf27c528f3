"""自评填报: the workbook goes out, comes back, and every file gets a receipt; the register of units."""

from data import queries
from pages.components.access import ask
from pages.components.file_history import show_inbox
from pages.components.filters import choose_cycle, choose_option, filter_bar
from pages.components.layout import page_header, show_no_cycle
from pages.components.register_view import show_register
from pages.components.templates_view import show_guide, show_notice, show_templates
from pages.components.upload_view import show_upload

STEPS = {"download": "下载自评表", "upload": "上传自评表", "inbox": "收件记录", "register": "单位名册"}

with filter_bar():
    cycle = choose_cycle()
    if cycle is None:
        show_no_cycle()
    step = choose_option("step", "办理事项", STEPS, style="segments")

summary = ask(queries.region_summary, cycle=cycle)
page_header(
    "自评填报",
    f"{cycle} 年度登记 {summary['registered']:,} 家单位，已提交 {summary['submitted']:,} 家"
    f"（{summary['submission_rate'] or 0:.1%}）。下载自评表，填好后上传，当场得到回执。",
    cycle=cycle,
)
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
