"""What a 整改通知书 says: one notice per task, or per unit with all of them; computed from rows of queries.tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from reporting.theme import DEMO_MARK
from scoring.scheme import chinese_number

REGULATION = "《黑龙江省反间谍安全防范条例》"
OFFICE = "考核主管部门"  # its full name is the office's own matter; its template may say it


@dataclass(frozen=True)
class Item:
    """One task in a notice, all as text; `place` is empty where the task has none."""

    number: str
    task: str
    title: str
    found: str
    place: str
    required: str
    proof: str
    deadline: str


@dataclass(frozen=True)
class Notice:
    """A notice to one unit; `document` is empty where no number was given to it."""

    cycle: int
    unit: str
    code: str
    region: str
    document: str
    day: date
    items: tuple[Item, ...]
    is_demo: bool = False

    @property
    def file_name(self) -> str:
        """整改通知书_<unit>_<task, or code>.docx, without what no file may be named with."""
        which = self.items[0].task if len(self.items) == 1 else self.code
        return f"{'演示数据_' if self.is_demo else ''}整改通知书_{file_part(self.unit)}_{which}.docx"


def notices_of(
    tasks: pd.DataFrame, *, cycle: int, day: date, by_unit: bool = True, is_demo: bool = False
) -> list[Notice]:
    """Notices of the given tasks (rows of queries.tasks) in their order: one per unit, or one per task."""
    notices = []
    for _, rows in tasks.groupby("unit" if by_unit else "task", sort=False):
        first = rows.iloc[0]
        documents = [document for document in dict.fromkeys(rows["document"]) if document]
        notices.append(
            Notice(
                cycle=cycle,
                unit=first["name"],
                code=first["unit"],
                region=first["office"],
                document="、".join(documents),
                day=day,
                items=tuple(_items(rows)),
                is_demo=is_demo,
            )
        )
    return notices


def _items(rows: pd.DataFrame) -> Iterator[Item]:
    for number, row in enumerate(rows.to_dict("records"), start=1):
        yield Item(
            number=chinese_number(number),
            task=row["task"],
            title=row["title"],
            found=_sentence(row["found"] or row["title"]),
            place=row["place"] or "",
            required=_sentence(row["required"]),
            proof=_sentence(row["proof"]),
            deadline=chinese_day(row["deadline"]),
        )


def context_of(notice: Notice) -> dict[str, Any]:
    """The values of the template's placeholders, by their Chinese names."""
    return {
        "演示": DEMO_MARK if notice.is_demo else "",
        "文号": notice.document,
        "单位": notice.unit,
        "年度": str(notice.cycle),
        "条例": REGULATION,
        "项数": str(len(notice.items)),
        "地区": notice.region,
        "机关": f"{notice.region}{OFFICE}",
        "日期": chinese_day(notice.day),
        "任务清单": [_item_values(item) for item in notice.items],
    }


def _item_values(item: Item) -> Mapping[str, str]:
    return {
        "序号": item.number,
        "编号": item.task,
        "事项": item.title,
        "问题": item.found,
        "依据": f"{REGULATION}{item.place}" if item.place else "",
        "要求": item.required,
        "证明": item.proof,
        "期限": item.deadline,
    }


def file_part(name: str) -> str:
    """A unit's or region's name as a part of a file's, without what no system takes."""
    return "".join(c for c in name if c.isalnum() or c in "（）()-")


def chinese_day(day: date) -> str:
    """2026年12月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith(("。", "！", "？", "；")) else f"{text}。"
