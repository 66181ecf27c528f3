"""How far handing in has come: of the visitor's region in a sentence, of one unit in cards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from data import queries
from data.model import Cycle
from pages.components.access import ask, who, whole_store
from pages.components.layout import Kpi, kpi_cards
from pages.components.unit_parts import grade_note
from reporting.headlines import say_deadline

HOW = "下载自评表，填好后上传，当场得到回执。"


def say_submission_state(*, cycle: int) -> str:
    """One sentence: how many of the visitor's units have handed in, or whether the unit itself has; then how it goes on."""
    person = who()
    if person.unit:
        unit = ask(queries.unit_summary, cycle=cycle, unit=person.unit)
        return f"{cycle} 年度{_unit_state(unit)}。{HOW}"
    summary = ask(queries.region_summary, cycle=cycle, region=person.region)
    return (
        f"{cycle} 年度登记 {summary['registered']:,} 家单位，已提交 {summary['submitted']:,} 家"
        f"（{summary['submission_rate'] or 0:.1%}）。{HOW}"
    )


def show_unit_state(unit: dict[str, Any], *, cycle: int) -> None:
    """A unit's own year in cards: handed in or not, the deadline, score, grade and place in its category."""
    opened = whole_store().cycle(cycle)
    handed_in = unit["submitted_at"]
    kpi_cards(
        [
            Kpi(
                "自评表",
                unit["state_name"] if handed_in is None else "已提交",
                note=f"{handed_in:%Y-%m-%d %H:%M}" if handed_in is not None else "尚无有效提交",
                tone="good" if handed_in is not None else "bad",
            ),
            _deadline_card(opened),
            Kpi(
                "得分",
                "—" if unit["score"] is None else f"{unit['score']:.2f}",
                note="，".join(filter(None, (unit["grade_name"] or "尚未评分", grade_note(unit)))),
                tone=unit["grade"] or "none",
            ),
            Kpi(
                "同类名次",
                "不排名" if unit["rank"] is None else f"{unit['rank']}",
                unit="" if unit["rank"] is None else f"/ {unit['peers']}",
                note=f"全省{unit['category_name']}",
            ),
        ]
    )


def _deadline_card(opened: Cycle) -> Kpi:
    timing = say_deadline(opened.deadline, now=datetime.now())
    state = "已关闭" if opened.status == "closed" else timing.split("，")[-1]
    return Kpi("截止时间", f"{opened.deadline:%m-%d %H:%M}", note=state)


def _unit_state(unit: dict[str, Any]) -> str:
    if not unit:
        return "本单位不在名册"
    if unit["submitted_at"] is None:
        return "本单位的自评表被退回，尚无有效提交" if unit["state"] == "refused" else "本单位尚未提交"
    return f"本单位已提交（{unit['submitted_at']:%Y-%m-%d %H:%M}）"
