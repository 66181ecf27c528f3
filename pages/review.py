"""审核复核: what waits for me, one unit on one screen, who is checked, objections, and the stages of the year."""

from pages.components.parts import show_parts
from pages.components.review_bulk import show_bulk
from pages.components.review_na import show_na_claims
from pages.components.review_objections import show_objections
from pages.components.review_queue import show_queue
from pages.components.review_sample import show_sample
from pages.components.review_severity import show_severity
from pages.components.review_stages import show_stages

PARTS = {
    "queue": ("待办", "review", show_queue),
    "na": ("不适用", "review", show_na_claims),
    "bulk": ("表格核定", "review", show_bulk),
    "sample": ("抽查", "draw_sample", show_sample),
    "objections": ("异议", "decide_objections", show_objections),
    "stages": ("环节", "close_stage", show_stages),
    "severity": ("尺度", "see_severity", show_severity),
}

show_parts("审核复核", PARTS)
