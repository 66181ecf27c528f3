"""单位结果反馈单: a sheet for every unit of a region in one zip, a folder per region; or the sheet of one unit alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import pandas as pd

from data import queries
from data.moment import one_moment
from data.regions import region_path
from data.scoped import ScopedStore
from data.store import Store
from meeting.feedback_sheets import place_parts, sheets
from meeting.kinds import Kind
from meeting.material import Material, NothingToReport, Progress, material_at
from reporting.docx_form import ZIP_DAY
from reporting.feedback import FEEDBACK, feedback_filler
from reporting.notices import file_part

PARTS = {
    "dimensions": "各维度与同类平均",
    "gaps": "未得满分的指标",
    "findings": "扣分、一票否决与加分",
    "tasks": "未办结的整改任务",
    "objections": "核定变动与异议",
    "missing": "未提交单位的反馈单",
}
NAME_LENGTH = 40  # of a unit's name in a file's: a path that Windows opens has 260 characters in all
NO_SCORE = ("not_submitted", "refused")
TITLE = "结果反馈单"


def build(
    material: Material, *, parts: Collection[str], home: Path, progress: Progress | None = None
) -> bytes:
    """The sheets of the region's units as a zip. Raises TemplateFault, NothingToReport."""
    stream = io.BytesIO()
    write_zip(material, stream, parts=parts, home=home, progress=progress)
    return stream.getvalue()


def write_zip(
    material: Material,
    file: IO[bytes],
    *,
    parts: Collection[str] = tuple(PARTS),
    home: Path,
    progress: Progress | None = None,
) -> None:
    """The same written into an open file sheet by sheet, so that no more than one is held at a time."""
    units = _chosen(material.units, parts)
    if units.empty:
        raise NothingToReport(
            f"{material.cycle} 年度{material.name}没有单位有得分：请选上“{PARTS['missing']}”"
        )
    template = feedback_filler(home)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # a docx is compressed already
        for done, (row, values) in enumerate(sheets(material, units, parts=parts), start=1):
            name = "/".join(
                [*map(file_part, place_parts(row["region_path"])), sheet_name(row, is_demo=material.is_demo)]
            )
            archive.writestr(
                zipfile.ZipInfo(name, ZIP_DAY), template.fill(values, title=f"{TITLE} {row['name']}")
            )
            if progress:
                progress(done, len(units))  # fmt: skip


def build_one(
    store: Store | ScopedStore, *, cycle: int, unit: str, home: Path, now: datetime | None = None
) -> tuple[str, bytes]:
    """File name and sheet of one unit, all of it as of one moment. Raises NothingToReport, TemplateFault."""
    with one_moment(store, cycle=cycle) as moment:
        found = moment.unit(cycle=cycle, code=unit)
        if found is None:
            raise NothingToReport(f"{cycle} 年度名册中没有单位 {unit}，或者它不在您的管辖范围：请核对代码")
        material = material_at(moment, store, cycle=cycle, region=found.region, now=now)
        row = material.ask(queries.units, codes=(unit,))
        ((row, values),) = sheets(material, row, parts=tuple(PARTS))
        filled = feedback_filler(home).fill(values, title=f"{TITLE} {row['name']}")
        return sheet_name(row, is_demo=material.is_demo), filled


def outline(material: Material, parts: Collection[str]) -> list[str]:
    """How many sheets in which folders, how many of them of units without a score, and what a sheet holds."""
    units = _chosen(material.unit_marks, parts)
    lines = [f"{len(units)} 份反馈单，每家单位一份（docx），按地区分文件夹"]
    missing = int(units["score"].isna().sum())
    if missing:
        lines.append(f"其中 {missing} 份说明没有得分的原因和须办理的事项")
    lines.append("每份：单位信息；得分、等次、名次；各责任制得分；" + "；".join(
        title for part, title in PARTS.items() if part in parts and part != "missing"))  # fmt: skip
    places = units["region"].map(
        lambda code: place_parts(region_path(code))[0 if material.region is None else -1]
    )
    lines += [f"{place}：{count} 份" for place, count in places.value_counts(sort=False).items()]
    return lines


def sheet_name(row: Mapping[str, Any], *, is_demo: bool) -> str:
    """结果反馈单_<unit>_<code>.docx, without what no file may be named with; the code keeps it unique."""
    name = file_part(row["name"])[:NAME_LENGTH]
    parts = [*(["演示数据"] if is_demo else []), TITLE, *([name] if name else []), row["code"]]
    return f"{'_'.join(parts)}.docx"


def _chosen(units: pd.DataFrame, parts: Collection[str]) -> pd.DataFrame:
    if "missing" not in parts:
        units = units[~units["state"].isin(NO_SCORE)]
    return units.sort_values(["region", "code"])


KIND = Kind(
    id="feedback",
    title="单位结果反馈单",
    extension="zip",
    mime="application/zip",
    about="每家单位一份结果反馈单（docx）：得分、等次、名次、每项失分和怎样补齐、整改期限、异议期限；可换用本机关的模板。",
    parts=PARTS,
    outline=outline,
    build=build,
    template=FEEDBACK,
)
