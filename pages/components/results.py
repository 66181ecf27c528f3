"""What the three screens of results share: their filters, the cycle's timing, and which regions stand in the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data import queries
from data.regions import LEVEL_NAMES, PROVINCE, compared_regions
from pages.components import state
from pages.components.access import (
    ask,
    decimals_of,
    get_scheme,
    get_store,
    list_cycles,
    publication_in_use,
    regions,
    who,
)
from pages.components.filters import (
    choose_basis,
    choose_cycle,
    choose_option,
    choose_region,
    choose_source,
    filter_bar,
)
from pages.components.layout import page_header, region_name, show_empty, show_no_cycle
from pages.components.links import page_urls
from reporting.headlines import say_deadline, say_score


@dataclass(frozen=True)
class View:
    """What a visitor asked to see: cycle, region (None: the province) and basis, and what follows from them.

    `rows` is the level of the regions compared, `parent` what narrows them (None: nothing does): those right below the
    region, or, for a county, its siblings.
    """

    cycle: int
    region: str | None
    basis: str
    name: str
    rows: str
    parent: str | None
    decimals: int
    deadline: datetime
    is_before_deadline: bool
    own: str | None

    @property
    def is_outside(self) -> bool:
        """Whether the region reaches beyond the visitor's own: its totals may be seen, its single units may not."""
        return self.own is not None

    @property
    def unit_region(self) -> str | None:
        """The region whose single units are shown: the chosen one, else the visitor's own."""
        return self.own or self.region

    @property
    def own_note(self) -> str:
        """Says, where it is so, that single units are those of the visitor's own region only."""
        return f"只列出本地区（{region_name(self.own)}）的单位" if self.own else ""

    @property
    def where(self) -> dict[str, Any]:
        """The filters, as links carry them."""
        return {"cycle": self.cycle, "region": self.region, "basis": self.basis}

    @property
    def key(self) -> str:
        """Names the view in the keys of widgets: another view has no selection of this one's."""
        return f"{self.cycle}_{self.region}_{self.basis}_{self.rows}"

    @property
    def is_whole_province_by_county(self) -> bool:
        """Whether the rows are all counties, so many that they need their prefecture's name beside them."""
        return self.rows == "county" and self.parent is None

    @property
    def timing(self) -> str:
        """The deadline and how far away it is."""
        return say_deadline(self.deadline, now=datetime.now())

    @property
    def summary(self) -> dict[str, Any]:
        """queries.region_summary of the region."""
        return self.ask(queries.region_summary, region=self.region, basis=self.basis)

    @property
    def province(self) -> dict[str, Any]:
        """queries.region_summary of the whole province."""
        return self.ask(queries.region_summary, region=None, basis=self.basis)

    @property
    def summary_before(self) -> dict[str, Any]:
        """queries.region_summary a year earlier, empty where that year was not assessed."""
        if self.cycle - 1 not in list_cycles():
            return {}
        return ask(queries.region_summary, cycle=self.cycle - 1, region=self.region, basis=self.basis)

    @property
    def standing(self) -> str:
        """The region's score and grade, and how they stand against the year before."""
        before = self.summary_before
        years = (self.cycle - 1, self.cycle) if before else (self.cycle,)
        return say_score(
            self.summary,
            name=self.name,
            decimals=self.decimals,
            before=before,
            decimals_of_years=decimals_of(*years),
        )

    def unit_urls(self, units: Any) -> list[str]:
        """The addresses of the screens of a frame's units (code), under the same filters."""
        return page_urls("unit", units["code"], last="unit", **self.where)

    def ask(self, query: Any, **kwargs: Any) -> Any:
        """A query of data/queries for this cycle, cached until its data change."""
        return ask(query, cycle=self.cycle, **kwargs)

    def ask_rows(self, query: Any, **kwargs: Any) -> Any:
        """A query of data/queries for the regions in the rows."""
        return self.ask(query, level=self.rows, parent=self.parent, **kwargs)

    def registered_rows(self) -> Any:
        """queries.region_scores of the rows, without regions where nobody is registered; unranked by submission rate."""
        scores = self.ask_rows(queries.region_scores, basis=self.basis)
        scores = scores[scores["registered"] > 0]
        if self.is_before_deadline:
            scores = scores.sort_values(["submission_rate", "code"], ascending=[False, True])
        return scores.reset_index(drop=True)


def choose_view(title: str, *, county: bool = True, levels: bool = False) -> View:
    """Draw year, region, basis and, with `levels`, the province's rows (prefectures or counties); return the view.

    Ends the run with advice where there is nothing to show.
    """
    with filter_bar():
        cycle = choose_cycle()
        if cycle is None:
            show_no_cycle()
        choose_source(cycle=cycle)
        region = choose_region(county=county)
        rows, parent = _rows_of(region, levels=levels)
        basis = choose_basis(cycle=cycle)
    deadline = get_store().cycle(cycle).deadline
    view = View(
        cycle=cycle,
        region=region,
        basis=basis,
        name="全省" if region is None else region_name(region),
        rows=rows,
        parent=parent,
        decimals=get_scheme(cycle).rules.decimals,
        deadline=deadline,
        is_before_deadline=publication_in_use(cycle) is None and datetime.now() < deadline,
        own=_own_if_outside(region),
    )
    _stop_if_empty(view, title)
    return view


def _own_if_outside(region: str | None) -> str | None:
    """The visitor's own region where the chosen one is not it or below it, else None."""
    own, parent = who().region, regions().parent
    at = region or PROVINCE
    while at in parent:
        if at == own:
            return None
        at = parent[at]
    return own


def _rows_of(region: str | None, *, levels: bool) -> tuple[str, str | None]:
    level = None
    if region is None and levels:
        level = choose_option("level", "比较层级", LEVEL_NAMES, style="segments")
    return compared_regions(region or PROVINCE, level=level)


def _stop_if_empty(view: View, title: str) -> None:
    summary = view.summary
    if summary and summary["registered"] and summary["submitted"]:
        return
    page_header(title, f"{view.timing}。", cycle=view.cycle, region=view.region, basis=view.basis)
    if not summary or not summary["registered"]:
        show_empty(
            f"{view.name}还没有登记单位",
            "请在“自评填报”的“单位名册”中导入单位，再把自评表发给它们。",
            page="submit",
            link="导入单位名册",
            cycle=view.cycle,
            step="register",
        )
    else:
        show_empty(
            f"{view.name}登记的 {summary['registered']:,} 家单位都还没有提交",
            "下载自评表发给各单位，填好后在“自评填报”上传；接收后这里立即显示得分。",
            page="submit",
            link="去自评填报",
            cycle=view.cycle,
        )
    state.end_page()
