"""先补什么: the fewest shortfalls that lift a region to a target, and what each indicator's mending gives."""

from data import queries
from pages.components.layout import page_header
from pages.components.priorities_view import (
    choose_target,
    finding,
    plan_of,
    show_ceiling,
    show_indicators,
    show_plan,
    stop_without_score,
)
from pages.components.results import choose_view

view = choose_view("先补什么")
asked = {"region": view.region, "basis": view.basis}
outlook = view.ask(queries.mending_outlook, **asked)
stop_without_score(view, outlook)
target = None if view.is_outside else choose_target(view, outlook)
plan = plan_of(view, target) if target else {}
fewest = target.fewest if target else "places"
timing = f"{view.timing}，得分还会变动。" if view.is_before_deadline else ""
page_header("先补什么", f"{finding(view, outlook, plan, fewest)}。{timing}", cycle=view.cycle, **asked)
show_plan(view, plan, fewest)
show_indicators(view, view.ask(queries.mending, **asked))
show_ceiling(view, outlook)
