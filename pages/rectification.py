"""整改督办: tasks until they are done, and findings until they are dealt with (Art. 10, 11, 37, 38, 40–43)."""

from pages.components.access import may
from pages.components.confirm import show_told
from pages.components.filters import choose_cycle, choose_option, filter_bar
from pages.components.findings_view import show_findings
from pages.components.layout import page_header, show_no_cycle
from pages.components.tasks_answer import show_answering
from pages.components.tasks_view import show_tasks

# Part of the screen → its name, what one must be allowed for it, and what shows it.
PARTS = {
    "tasks": ("整改任务", "rectify", show_tasks),
    "answer": ("报送整改情况", "answer_tasks", show_answering),
    "findings": ("认定事项", "record_findings", show_findings),
}

with filter_bar():
    cycle = choose_cycle()
    if cycle is None:
        show_no_cycle()
    names = {part: name for part, (name, action, _) in PARTS.items() if may(action)}
    part = choose_option("part", "办理事项", names, style="segments")
page_header("整改督办", cycle=cycle, has_scores=False)
show_told()
if part:
    PARTS[part][2](cycle=cycle)
