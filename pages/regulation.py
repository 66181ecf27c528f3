"""条例对照: the 44 articles as text, searchable, each with its indicators and how the province or a region does on them."""

from data import queries
from pages.components.access import ask, get_scheme
from pages.components.filters import (
    choose_basis,
    choose_cycle,
    choose_option,
    choose_region,
    filter_bar,
    param,
    search_box,
)
from pages.components.law_view import rows_by_article, show_article, show_law_download, show_text
from pages.components.layout import page_header, region_name, show_empty, show_no_cycle
from pages.components.links import article_name
from scoring.regulation import article_status, load_regulation

COVERED = {"all": "全部条文", "covered": "有指标或认定事项", "uncovered": "没有指标"}

with filter_bar():
    cycle = choose_cycle()
    if cycle is None:
        show_no_cycle()
    region = choose_region()
    text = search_box("q", "查找条文", placeholder="如：教育培训、第十九条", clears="article")
    only = choose_option("covered", "条文", COVERED, width=158, clears="article")
    basis = choose_basis(cycle=cycle)

scheme = get_scheme(cycle)
regulation = load_regulation(scheme.regulation)
status = {s.article.number: s for s in article_status(scheme, regulation)}
results = rows_by_article(ask(queries.article_results, cycle=cycle, region=region, basis=basis))
link = {"cycle": cycle, "region": region, "basis": basis, "q": text or None, "covered": only}
opened = int(param("article")) if (param("article") or "").isdigit() else None

if opened in status:
    page_header(article_name(opened), f"《{regulation.title}》", cycle=cycle, region=region, basis=basis)
    show_article(
        status[opened],
        chapter=regulation.chapter_of(opened).label,
        result=results.get(opened),
        province=rows_by_article(ask(queries.article_results, cycle=cycle, basis=basis)).get(opened)
        if region
        else None,
        gaps=ask(queries.region_gaps, cycle=cycle, region=region, by="indicator", basis=basis),
        scheme=scheme,
        where=region_name(region),
        last=len(regulation.articles),
        link=link,
    )
else:
    covered = [s for s in status.values() if s.is_covered]
    page_header(
        "条例对照",
        f"《{regulation.title}》共 {len(status)} 条，其中 {len(covered)} 条有指标或认定事项"
        f"（指标 {len(scheme.indicators)} 项），其余各条注明没有指标的原因。",
        cycle=cycle,
        region=region,
        basis=basis,
    )
    found = [
        a
        for a in regulation.search(text)
        if only == "all" or status[a.number].is_covered == (only == "covered")
    ]
    if found:
        show_law_download(regulation, found, status=status, results=results, cycle=cycle)
        show_text(regulation, found, status=status, results=results, search=text, link=link)
    else:
        show_empty(
            "没有符合的条文", "请换一个词，或把“条文”改为“全部条文”。可以输入“第十九条”或“19”直接查找。"
        )
