"""差距分析: where the points were lost, from the whole region down to the units behind one indicator."""

from data import queries
from pages.components.gaps_view import (
    show_costliest,
    show_gap_units,
    show_heat_map,
    show_waterfall,
)
from pages.components.layout import page_header
from pages.components.results import choose_view
from reporting.headlines import say_losses

view = choose_view("差距分析", levels=True)
steps = view.ask(queries.waterfall, region=view.region, basis=view.basis)
page_header(
    "差距分析",
    f"{say_losses(steps, name=view.name, decimals=view.decimals)}。",
    cycle=view.cycle,
    region=view.region,
    basis=view.basis,
)
show_waterfall(view, steps)
show_heat_map(view)
indicator = show_costliest(view, view.ask(queries.region_gaps, region=view.region, basis=view.basis))
if indicator:
    show_gap_units(view, indicator)
