"""`manage.py export`: the files for a meeting, without a browser."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from command_line import Command, UserError, commands, progress_bar, say, write_file
from data.course.publications import publication
from data.scoped import ScopedStore
from data.store import Store
from manage_as import Here, opened, read_publication

if TYPE_CHECKING:
    from meeting.export import MadeFile
    from meeting.kinds import Kind

app = commands()


class ExportKind(StrEnum):
    """The kinds of files, as meeting/export.py has them."""

    pptx = "pptx"
    docx = "docx"
    xlsx = "xlsx"
    png = "png"
    feedback = "feedback"


class ExportLevel(StrEnum):
    """Which regions of the province are compared."""

    prefecture = "prefecture"
    county = "county"


class PictureFormat(StrEnum):
    """How pictures are written."""

    png = "png"
    svg = "svg"
    both = "both"


@app.command("export", cls=Command)
def export_(
    cycle: Annotated[int, typer.Option("--cycle", help="考核年度，如 2026")],
    kind: Annotated[
        ExportKind,
        typer.Option(
            "--kind", help="pptx 会议幻灯片；docx 通报；xlsx 结果汇总表；png 图片集；feedback 单位结果反馈单"
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="写到这个文件；是已有的目录时按默认文件名写入")],
    region: Annotated[
        str | None, typer.Option("--region", help="行政区划代码，如 230100；默认为能看到的全部")
    ] = None,
    level: Annotated[
        ExportLevel | None, typer.Option("--level", help="全省时比较市（地）还是县（市、区）")
    ] = None,
    parts: Annotated[
        str | None, typer.Option("--parts", help="只要这些内容，逗号分隔；写 list 列出可选的内容")
    ] = None,
    number: Annotated[
        str | None, typer.Option("--number", help="用这一次公布的结果，如 2026-1；默认用实时数据")
    ] = None,
    scale: Annotated[int, typer.Option("--scale", help="图片的倍数", min=1, max=4)] = 2,
    picture: Annotated[PictureFormat, typer.Option("--format", help="图片的格式")] = PictureFormat.png,
) -> None:
    """生成会议材料：幻灯片、通报、汇总表、图片集、单位结果反馈单。"""
    # what writes documents takes a third of a second to load, which no other command should wait for
    from meeting.export import CANNOT, KINDS, export
    from meeting.material import gather

    chosen = KINDS[kind.value]
    wanted = None if parts is None else [part for part in parts.replace("，", ",").split(",") if part]
    options = {}
    if chosen.id == "png":
        formats = ("png", "svg") if picture is PictureFormat.both else (picture.value,)
        options = {"scale": scale, "formats": formats}
    with opened("export") as here, progress_bar(f"生成{chosen.title}") as advance:
        if parts == "list":
            for part, title in chosen.parts_for(here.person.may).items():
                typer.echo(f"{part}\t{title}")
            return
        try:
            with gather(
                _read(here, cycle=cycle, number=number),
                cycle=cycle,
                region=region,
                level=level and level.value,
            ) as material:
                made = export(
                    material,
                    kind=chosen.id,
                    home=here.whole.home,
                    may=here.person.may,
                    parts=wanted,
                    progress=advance,
                    **options,
                )
        except CANNOT as fault:
            raise UserError(str(fault)) from fault
    say(f"已写出 {_write(made, out, kind=chosen)}（{len(made.content) / 1e6:.1f} MB）")


def _read(here: Here, *, cycle: int, number: str | None) -> Store | ScopedStore:
    """What the command reads: the cycle as it stands, or as a publication froze it."""
    if number is None:
        return here.store
    return read_publication(here, publication(here.whole, cycle=cycle, number=number))


def _write(made: MadeFile, out: Path, *, kind: Kind) -> Path:
    path = out / made.name if out.is_dir() else out
    if path.suffix.lower() != f".{kind.extension}":
        raise UserError(
            f"{kind.title}是 {kind.extension} 文件：请把 --out 写成以 .{kind.extension} 结尾的文件名，或一个已有的目录"
        )
    write_file(path, made.content)
    return path
