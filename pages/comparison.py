"""地区对比: two regions, or a region and the province, side by side, their difference split to the last point."""

from data import queries
from pages.components.comparison_view import choose_comparison, show_pairs, show_steps
from pages.components.layout import page_header
from pages.components.results import choose_view
from reporting.comparison_headlines import say_comparison

view = choose_view("地区对比")
chosen = choose_comparison(view)
sides, lines, steps = chosen.ask(queries.comparison)
said = say_comparison(lines, sides, names=chosen.names, decimals=view.decimals)
timing = f"{view.timing}，得分还会变动。" if view.is_before_deadline else ""
page_header("地区对比", f"{said}。{timing}", cycle=view.cycle, region=view.region, basis=view.basis)
show_steps(chosen, sides, steps)
if len(lines):
    show_pairs(chosen, lines)
