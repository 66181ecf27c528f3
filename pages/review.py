"""审核复核: what waits for me, one unit on one screen, who is checked, objections, and the stages of the year."""

from pages.components.access import may
from pages.components.confirm import show_told
from pages.components.filters import choose_cycle, choose_option, filter_bar
from pages.components.layout import page_header, show_no_cycle
from pages.components.review_bulk import show_bulk
from pages.components.review_na import show_na_claims
from pages.components.review_objections import show_objections
from pages.components.review_queue import show_queue
from pages.components.review_sample import show_sample
from pages.components.review_severity import show_severity
from pages.components.review_stages import show_stages

# Part of the screen → its name, what one must be allowed for it, and what shows it.
PARTS = {
    "queue": ("待办", "review", show_queue),
    "na": ("不适用", "review", show_na_claims),
    "bulk": ("表格核定", "review", show_bulk),
    "sample": ("抽查", "draw_sample", show_sample),
    "objections": ("异议", "decide_objections", show_objections),
    "stages": ("环节", "close_stage", show_stages),
    "severity": ("尺度", "see_severity", show_severity),
}

with filter_bar():
    cycle = choose_cycle()
    if cycle is None:
        show_no_cycle()
    names = {part: name for part, (name, action, _) in PARTS.items() if may(action)}
    part = choose_option("part", "办理事项", names, style="segments")
page_header("审核复核", cycle=cycle, has_scores=False)
show_told()
if part:
    PARTS[part][2](cycle=cycle)
