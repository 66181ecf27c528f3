"""等次公布: grades with what changed them, publishing a cycle, and the Art. 18 result list."""

from pages.components.access import may
from pages.components.confirm import show_told
from pages.components.filters import choose_cycle, choose_option, filter_bar
from pages.components.grades_view import show_grades
from pages.components.layout import page_header, show_no_cycle
from pages.components.publication_view import show_publications

# Part of the screen → its name, what one must be allowed for it, and what shows it.
PARTS = {
    "grades": ("等次", "see_results", show_grades),
    "published": ("公布", "see_results", show_publications),
}

with filter_bar():
    cycle = choose_cycle()
    if cycle is None:
        show_no_cycle()
    names = {part: name for part, (name, action, _) in PARTS.items() if may(action)}
    part = choose_option("part", "办理事项", names, style="segments")
page_header("等次公布", cycle=cycle, has_scores=False)
show_told()
if part:
    PARTS[part][2](cycle=cycle)
