"""整改督办: tasks until they are done, and findings until they are dealt with (Art. 10, 11, 37, 38, 40–43)."""

from pages.components.findings_view import show_findings
from pages.components.parts import show_parts
from pages.components.tasks_answer import show_answering
from pages.components.tasks_view import show_tasks

PARTS = {
    "tasks": ("整改任务", "rectify", show_tasks),
    "answer": ("报送整改情况", "answer_tasks", show_answering),
    "findings": ("认定事项", "record_findings", show_findings),
}

show_parts("整改督办", PARTS)
