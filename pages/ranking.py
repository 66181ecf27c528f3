"""地区排名: regions in rank order, under both systems side by side, down to the units of one region."""

from data import queries
from pages.components.layout import page_header, section
from pages.components.ranking_view import choose_level, show_ranking, show_systems, show_units, show_way_up
from pages.components.results import LEVEL_NAMES, choose_view
from reporting.headlines import say_bounds, say_extremes, say_score

view = choose_view("地区排名")
level, parent, chosen = choose_level(view)
scores = view.ask(queries.region_scores, level=level, parent=parent, basis=view.basis)
scores = scores[scores["registered"] > 0]
if view.is_before_deadline:
    scores = scores.sort_values(["submission_rate", "code"], ascending=[False, True])
    finding = say_bounds(view.summary, name=view.name, decimals=view.decimals)
else:
    standing = say_score(view.summary, name=view.name, decimals=view.decimals)
    finding = say_extremes(scores, decimals=view.decimals) if chosen is None else standing
page_header(
    "地区排名",
    f"{finding or standing}。{view.timing}。",
    cycle=view.cycle,
    region=view.region,
    basis=view.basis,
)
show_way_up(view)
section(f"各{LEVEL_NAMES[level]}得分", "名次为全省同级地区中的名次；点击一行或一个条形进入该地区")
show_ranking(view, scores, level=level, parent=parent, chosen=chosen)
if not view.is_before_deadline:
    show_systems(view, level=level, parent=parent)
if view.region:
    show_units(view)
