"""docs/procedures.md: every machine of the year as tables, made from procedure/machines.py."""

from __future__ import annotations

from collections.abc import Iterator

from procedure.machine import HAND_NAMES, NEED_NAMES, Machine
from procedure.machines import MACHINES


def procedures_markdown() -> str:
    """The whole page."""
    lines = [
        "# 办理程序",
        "",
        "本页由 `procedure/machines.py` 生成，请勿手改（`python manage.py docs`）。每一项只能按表中的步骤改变状态；",
        "允许的和不允许的每一步都有测试。",
    ]
    for machine in MACHINES:
        lines += _section(machine)
    return "\n".join([*lines, ""])


def _section(machine: Machine) -> Iterator[str]:
    names = machine.state_names
    yield from ("", f"## {machine.name}", "", machine.about, "", "| 状态 | 含义 |", "| --- | --- |")
    for state in machine.states:
        yield f"| {state.name} | {state.note} |"
    yield from ("", "| 步骤 | 从 | 到 | 由谁 | 须写明 | 依据 |", "| --- | --- | --- | --- | --- | --- |")
    for move in machine.moves:
        cells = (
            move.name,
            "、".join(names[source] for source in move.sources) or "（开始）",
            names[move.target] if move.target else "（不变）",
            "、".join(HAND_NAMES[hand] for hand in move.by),
            "、".join(NEED_NAMES[need] for need in move.needs),
            move.place,
        )
        yield f"| {' | '.join(cells)} |"
    heads = [state.name for state in machine.states]
    yield from ("", "每一状态下允许（✓）的步骤：", "", f"| 步骤 | {' | '.join(heads)} |")
    yield f"| --- |{' :-: |' * len(heads)}"
    for move in machine.moves:
        marks = ("✓" if state.id in move.sources else "" for state in machine.states)
        yield f"| {move.name} | {' | '.join(marks)} |"
