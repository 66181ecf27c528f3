"""What every file for a meeting is made from: one cycle, one region, one moment, and the queries that the screens ask too.

A number in a file and the number on a screen come from the same query, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pandas as pd

from data import queries
from data.model import Publication, Scope
from data.moment import Moment, one_moment
from data.queries.ask import PROVINCE
from data.queries.trend import cycles_of
from data.regions import LEVEL_NAMES, compared_regions, is_within, region_path, regions_by_code
from data.scoped import ScopedStore
from data.store import Store
from reporting.theme import DEMO_MARK
from scoring.scheme import Scheme

Progress = Callable[[int, int], None]  # hears how many of how many pieces are made


class NothingToReport(ValueError):
    """There is nothing to make the file from; in Chinese, with what to do about it."""


@dataclass(frozen=True)
class Material:
    """One cycle and region (None: the province), as of one moment; every frame is asked once, when it is first needed.

    `level` and `parent` name the regions that are compared: those right below the region; of a county, its siblings.
    `now` is when the file is made, and the day that overdue is counted on.
    """

    reading: Moment
    cycle: int
    region: str | None
    level: str
    parent: str | None
    now: datetime
    is_demo: bool
    publication: Publication | None

    def ask(self, query: Callable[..., Any], **values: Any) -> Any:
        """A query of data/queries for this cycle."""
        return query(self.reading, cycle=self.cycle, **values)

    def ask_rows(self, query: Callable[..., Any], **values: Any) -> Any:
        """A query of data/queries for the regions that are compared."""
        return self.ask(query, level=self.level, parent=self.parent, **values)

    # ---- what the file is about

    @property
    def name(self) -> str:
        """全省, or the region's name."""
        return "全省" if self.region is None else regions_by_code()[self.region].name

    @property
    def full_name(self) -> str:
        """黑龙江省, or 哈尔滨市道里区: the name that stands alone on a cover."""
        parts = region_path(self.region or PROVINCE).split("/")
        return "".join(parts[1:]) if len(parts) > 1 else parts[0]

    @property
    def level_name(self) -> str:
        """市（地）or 县（市、区）."""
        return LEVEL_NAMES[self.level]

    @property
    def own_level_name(self) -> str:
        """The level that the region itself is ranked in; a zone is ranked among the counties."""
        return LEVEL_NAMES.get(self.summary["level"], LEVEL_NAMES["county"])

    @property
    def is_spread(self) -> bool:
        """Whether all counties of the province are compared: several have the same name, so their prefecture's stands with it."""
        return self.level == "county" and self.parent is None

    def told_apart(self, rows: pd.DataFrame, *, between: str = "") -> pd.DataFrame:
        """Rows of compared regions (name, parent_name), named so that no two have the same name."""
        if not self.is_spread or rows.empty:
            return rows
        return rows.assign(name=rows["parent_name"] + between + rows["name"])

    @cached_property
    def scheme(self) -> Scheme:
        """The cycle's scheme."""
        return self.reading.scheme(self.cycle)

    @property
    def decimals(self) -> int:
        """Decimals of a published score."""
        return self.scheme.rules.decimals

    @property
    def decimals_of_years(self) -> int:
        """Decimals in which scores of the cycle and of the one before stand beside each other."""
        if self.before is None:
            return self.decimals
        return max(self.decimals, self.reading.scheme(self.before).rules.decimals)

    @cached_property
    def deadline(self) -> datetime:
        """Until when units may hand in."""
        return self.reading.cycle(self.cycle).deadline

    @property
    def is_before_deadline(self) -> bool:
        """Whether scores still move, so that nothing is ranked (SCORING.md); a publication is never."""
        return self.publication is None and self.now < self.deadline

    @property
    def as_of(self) -> datetime:
        """When the numbers are of: when the file is made, of a publication when that was made."""
        return self.publication.published_at if self.publication else self.now

    @property
    def today(self) -> date:
        """The day that ageing and overdue are counted on."""
        return self.as_of.date()

    @cached_property
    def data_date(self) -> datetime | None:
        """When the newest workbook of the cycle came in."""
        return self.ask(queries.data_date)

    @property
    def source(self) -> str:
        """第 2026-1 号公布（2026-11-25） or 实时数据（截至 2026-11-25 10:30）: which data the numbers are of."""
        if made := self.publication:
            return f"第 {made.number} 号公布（{made.published_at:%Y-%m-%d}）"
        return f"实时数据（截至 {self.now:%Y-%m-%d %H:%M}）"

    @property
    def stamp(self) -> str:
        """What stands at the foot of every page: cycle, region, source, and of the demo that it is one."""
        parts = [f"{self.cycle} 年度", self.full_name, self.source]
        return " · ".join([*parts, DEMO_MARK] if self.is_demo else parts)

    @property
    def method(self) -> list[str]:
        """How the numbers are made, in lines: scheme, weights' note, source, deadline, SHA-256 of a publication."""
        lines = [
            f"考核方案：{self.scheme.title}（{self.scheme.version}）",
            self.scheme.weights_note,
            f"数据：{self.source}",
            f"填报截止：{self.deadline:%Y-%m-%d %H:%M}",
        ]
        if self.data_date:
            lines.append(f"最近一份自评表：{self.data_date:%Y-%m-%d %H:%M}")
        if made := self.publication:
            lines.append(f"公布数据 SHA-256：{made.sha256}")
        if self.is_demo:
            lines.append(DEMO_MARK)
        return lines

    # ---- frames that several files show

    @cached_property
    def summary(self) -> dict[str, Any]:
        """queries.region_summary of the region."""
        return self.ask(queries.region_summary, region=self.region)

    @cached_property
    def province(self) -> dict[str, Any]:
        """queries.region_summary of the province."""
        return self.ask(queries.region_summary)

    @cached_property
    def before(self) -> int | None:
        """The newest cycle before this one, or None."""
        earlier = [year for year in cycles_of(self.reading) if year < self.cycle]
        return earlier[-1] if earlier else None

    @cached_property
    def summary_before(self) -> dict[str, Any]:
        """queries.region_summary of the region in the cycle before; empty where there is none."""
        if self.before is None:
            return {}
        return queries.region_summary(self.reading, cycle=self.before, region=self.region)

    @cached_property
    def regions(self) -> pd.DataFrame:
        """queries.region_scores of the compared regions where anybody is registered, in rank order; before the deadline by
        submission rate."""
        rows = self.ask_rows(queries.region_scores)
        rows = rows[rows["registered"] > 0]
        if self.is_before_deadline:
            rows = rows.sort_values(["submission_rate", "code"], ascending=[False, True])
        return rows.reset_index(drop=True)

    @cached_property
    def prefectures(self) -> pd.DataFrame:
        """queries.region_scores of the prefectures, for the tiles."""
        return self.ask(queries.region_scores, level="prefecture")

    @cached_property
    def grade_counts(self) -> pd.DataFrame:
        """queries.grade_counts of the region."""
        return self.ask(queries.grade_counts, region=self.region)

    @cached_property
    def grade_shares(self) -> pd.DataFrame:
        """queries.grade_shares of the compared regions."""
        return self.ask_rows(queries.grade_shares)

    @cached_property
    def dimensions(self) -> pd.DataFrame:
        """queries.region_dimensions of the region."""
        return self.ask(queries.region_dimensions, region=self.region)

    @cached_property
    def matrix(self) -> pd.DataFrame:
        """queries.gap_matrix of the compared regions by dimension."""
        return self.ask_rows(queries.gap_matrix)

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """queries.region_gaps of the region by indicator, the costliest first."""
        return self.ask(queries.region_gaps, region=self.region)

    @cached_property
    def waterfall(self) -> pd.DataFrame:
        """queries.waterfall of the region."""
        return self.ask(queries.waterfall, region=self.region)

    @cached_property
    def bridge(self) -> pd.DataFrame:
        """queries.bridge of the region from the cycle before; empty where there is none."""
        if self.before is None:
            return pd.DataFrame()
        return self.ask(queries.bridge, before=self.before, region=self.region)

    @cached_property
    def region_moves(self) -> pd.DataFrame:
        """queries.region_moves of the compared regions from the cycle before; empty where there is none."""
        return (
            pd.DataFrame() if self.before is None else self.ask_rows(queries.region_moves, before=self.before)
        )

    @cached_property
    def units(self) -> pd.DataFrame:
        """queries.units of the region and below."""
        return self.ask(queries.units, region=self.region)

    @cached_property
    def unit_marks(self) -> pd.DataFrame:
        """queries.unit_marks of the region and below."""
        return self.ask(queries.unit_marks, region=self.region)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """queries.findings of the region and below that stand (not revoked)."""
        rows = self.ask(queries.findings, region=self.region, today=self.today)
        return rows[rows["is_standing"]].reset_index(drop=True)

    @cached_property
    def task_summary(self) -> dict[str, Any]:
        """queries.task_summary of the region."""
        return self.ask(queries.task_summary, region=self.region, today=self.today)

    @cached_property
    def task_rates(self) -> pd.DataFrame:
        """queries.task_rates of the compared regions."""
        return self.ask_rows(queries.task_rates, today=self.today)

    def file_name(self, title: str, extension: str) -> str:
        """会议幻灯片_2026_全省_第2026-1号公布.pptx; a demo's files are named so."""
        parts = [title, str(self.cycle), self.full_name]
        if self.is_demo:
            parts.insert(0, "演示数据")
        if self.publication:
            parts.append(f"第{self.publication.number}号公布")
        return f"{'_'.join(parts)}.{extension}"


@contextmanager
def gather(
    store: Store | ScopedStore,
    *,
    cycle: int,
    region: str | None = None,
    level: str | None = None,
    now: datetime | None = None,
) -> Iterator[Material]:
    """The material of a region (None: the whole of what `store` sees), all as of one moment; for one thread.

    `level` ("prefecture" or "county") chooses what is compared in the province; elsewhere it follows from the region.
    Raises NothingToReport where the region lies outside the scope, has nobody registered, or nothing handed in.
    """
    scope = store.scope if isinstance(store, ScopedStore) else Scope(PROVINCE)
    region = region or scope.region
    if region not in regions_by_code():
        raise NothingToReport(f"没有行政区划代码 {region}：请核对代码")
    if not is_within(region, scope.region):
        raise NothingToReport(
            f"{regions_by_code()[region].name}不在您的管辖地区，不能生成它的会议材料：请另选地区"
        )
    with one_moment(store, cycle=cycle, others=cycles_of(store)) as moment:
        material = material_at(moment, store, cycle=cycle, region=region, level=level, now=now)
        if not material.summary or not material.summary["registered"]:
            raise NothingToReport(f"{cycle} 年度{material.name}还没有登记单位：请先登记单位名册")
        if not material.summary["submitted"]:
            raise NothingToReport(f"{cycle} 年度{material.name}还没有单位提交自评表：接收后再生成会议材料")
        yield material


def material_at(
    moment: Moment,
    store: Store | ScopedStore,
    *,
    cycle: int,
    region: str,
    level: str | None = None,
    now: datetime | None = None,
) -> Material:
    """The material of a region as of a moment of `store`, whether or not there is anything to report."""
    rows, parent = compared_regions(region, level=level)
    return Material(
        reading=moment,
        cycle=cycle,
        region=None if region == PROVINCE else region,
        level=rows,
        parent=parent,
        now=now or datetime.now(),
        is_demo=moment.is_demo(),
        publication=store.publication if isinstance(store, ScopedStore) else None,
    )
