"""单位详情: one unit's score, followed down to the cell that each point was lost in."""

from datetime import date

from data import queries
from pages.components.access import ask, ask_years, get_scheme
from pages.components.confirm import show_told
from pages.components.file_history import show_history
from pages.components.filters import (
    choose_basis,
    choose_category,
    choose_cycle,
    choose_region,
    choose_source,
    choose_unit,
    filter_bar,
)
from pages.components.layout import page_header, show_no_cycle
from pages.components.sheet_notice import show_sheet_notice
from pages.components.trend_units import show_unit_trend
from pages.components.unit_history import show_unit_history
from pages.components.unit_list import show_unit_list
from pages.components.unit_objections import show_changed_rulings
from pages.components.unit_parts import finding_sentence, terms_as_shown, with_repeats
from pages.components.unit_sheet import offer_result_sheet
from pages.components.unit_tasks import show_unit_tasks
from pages.components.unit_terms import show_terms
from pages.components.unit_view import (
    show_changes,
    show_charts,
    show_headline,
    show_missing_score,
    show_unit_facts,
)

with filter_bar():
    cycle = choose_cycle()
    if cycle is None:
        show_no_cycle()
    choose_source(cycle=cycle)
    region = choose_region()
    category = choose_category(cycle=cycle)
    unit = choose_unit(cycle=cycle, region=region, category=category)
    basis = choose_basis(cycle=cycle)

if unit is None:
    show_unit_list(cycle=cycle, region=region, category=category, basis=basis)

summary = ask(queries.unit_summary, cycle=cycle, unit=unit, basis=basis)
decimals = get_scheme(cycle).rules.decimals
terms = ask(queries.unit_terms, cycle=cycle, unit=unit, basis=basis)
has_score = summary["score"] is not None and not terms.empty
if has_score:
    repeats = ask_years(queries.unit_repeats, cycle=cycle, unit=unit, today=date.today())
    terms = with_repeats(terms_as_shown(terms, base=summary["base"], decimals=decimals), repeats)

page_header(
    summary["name"],
    finding_sentence(summary, terms if has_score else None),
    cycle=cycle,
    region=summary["region"],
    basis=basis,
)
show_told()
show_unit_facts(summary)
offer_result_sheet(cycle=cycle, unit=unit, name=summary["name"])
show_sheet_notice(cycle=cycle, unit=unit)
if has_score:
    show_headline(summary, terms)
    show_changes(
        summary,
        ask(queries.unit_findings, cycle=cycle, unit=unit),
        ask(queries.finding_steps, cycle=cycle, unit=unit),
    )
    show_charts(
        waterfall=ask(queries.waterfall, cycle=cycle, unit=unit, basis=basis),
        dimensions=ask(queries.unit_dimensions, cycle=cycle, unit=unit, basis=basis),
        summary=summary,
        cycle=cycle,
        decimals=decimals,
    )
    show_terms(summary, terms, decimals=decimals, cycle=cycle)
    show_changed_rulings(summary, cycle=cycle)
else:
    show_missing_score(summary, cycle=cycle)
show_unit_trend(unit=unit, cycle=cycle, basis=basis, name=summary["name"])
show_unit_history(ask(queries.unit_history, cycle=cycle, unit=unit), unit=unit)
show_unit_tasks(cycle=cycle, unit=unit)
show_history(ask(queries.history, cycle=cycle, unit=unit, limit=50), unit=unit)
