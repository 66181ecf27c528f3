"""地区排名: regions in rank order, under both systems side by side, down to the units of one region."""

from pages.components.layout import page_header
from pages.components.ranking_view import show_ranking, show_systems, show_units, show_way_up
from pages.components.results import choose_view
from reporting.headlines import say_bounds, say_extremes

view = choose_view("地区排名", levels=True)
rows = view.registered_rows()
extremes = say_extremes(rows, decimals=view.decimals)
if view.is_before_deadline:
    finding = say_bounds(view.summary, name=view.name, decimals=view.decimals)
elif view.region is None and extremes:
    finding = extremes
else:
    finding = f"{view.standing}。{extremes}" if extremes else view.standing
page_header("地区排名", f"{finding}。{view.timing}。", cycle=view.cycle, region=view.region, basis=view.basis)
show_way_up(view)
show_ranking(view, rows)
if not view.is_before_deadline:
    show_systems(view, rows)
if view.region:
    show_units(view)
