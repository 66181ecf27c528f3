"""排名稳健性: whether the ranking would hold under other weights, and which weight changes the order first."""

from pages.components.layout import page_header
from pages.components.redraw import ask_redrawn, choose_redraw
from pages.components.results import LEVEL_NAMES, choose_view
from pages.components.robustness_view import (
    show_first_changes,
    show_intervals,
    show_pairs,
)
from reporting.robustness_headlines import say_robustness

view = choose_view("排名稳健性", levels=True)
redraw = choose_redraw()
rows = ask_redrawn(view, redraw)
finding = say_robustness(rows, level=LEVEL_NAMES[view.rows])
timing = "截止前得分和名次还会变动，以下只是目前的情形。" if view.is_before_deadline else ""
page_header(
    "排名稳健性",
    f"{finding}{'。' if finding else ''}{timing}",
    cycle=view.cycle,
    region=view.region,
    basis=view.basis,
)
show_intervals(view, rows, redraw)
if len(rows) > 1:
    show_pairs(view, redraw)
    show_first_changes(view)
