"""图片集: every figure of the screens as a picture that can stand alone, in one zip with Chinese file names."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection
from pathlib import Path

from meeting.figures import PARTS, Picture, left_out, pictures
from meeting.kinds import Kind
from meeting.material import Material, NothingToReport, Progress
from reporting.browsers import find_browser
from reporting.picture_frame import frame_figure
from reporting.to_images import FORMATS, SCALES, to_image

DEFAULT_SCALE = 2
MOST_PIXELS = 16_000  # of one side; Chromium draws nothing beyond 16,384
README = "00_说明.txt"
LONGEST_NAME = 60  # characters of a picture's own name in its file's
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\s]+')  # in names of files on Windows


def outline(material: Material, parts: Collection[str]) -> list[str]:
    """One line per picture: its title; then what is left out and why."""
    made = [picture.title for picture in pictures(material, parts)]
    return made + left_out(material, parts)


def build(
    material: Material,
    *,
    parts: Collection[str],
    home: Path,
    progress: Progress | None = None,
    scale: int = DEFAULT_SCALE,
    formats: Collection[str] = ("png",),
    units: Collection[str] = (),
) -> bytes:
    """A zip of the parts' pictures, each as PNG at 1× to 4× and/or SVG, and a text that says what they show.

    `units` adds the figures of single units by their codes. Raises NoBrowser, NoPicture, NothingToReport.
    """
    if scale not in SCALES or not formats or not set(formats) <= set(FORMATS):
        raise ValueError("倍数应为 1 至 4，格式应为 png 或 svg")
    find_browser()  # before anything is asked
    chosen = list(pictures(material, parts, units=units))
    if not chosen:
        raise NothingToReport("所选部分没有可以作图的数据：请另选部分、地区或年度")
    total, done = len(chosen) * len(set(formats)), 0
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        _add(archive, material, README, _readme(material, chosen, parts).encode("utf-8-sig"))
        for place, picture in enumerate(chosen, start=1):
            figure = frame_figure(
                picture.draw(),
                title=picture.title,
                says=picture.says,
                sign=material.stamp,
                width=picture.width,
            )
            most = MOST_PIXELS / max(figure.layout.width, figure.layout.height)
            for kind in sorted(set(formats)):
                image = to_image(figure, kind=kind, scale=min(scale, most) if kind == "png" else 1)
                _add(archive, material, f"{file_stem(material, picture, place)}.{kind}", image)
                done += 1
                if progress:
                    progress(done, total)
    return kept.getvalue()


def file_stem(material: Material, picture: Picture, place: int) -> str:
    """01_地区排名_2026_全省: safe on Windows; with the publication's number, and of a demo that it is one."""
    parts = [f"{place:02d}", picture.name[:LONGEST_NAME], str(material.cycle)]
    parts.append(material.full_name if material.region else material.name)
    if material.publication:
        parts.append(f"第{material.publication.number}号公布")
    if material.is_demo:
        parts.append("演示数据")
    return FORBIDDEN.sub("_", "_".join(parts)).strip("._ ")


def _readme(material: Material, chosen: list[Picture], parts: Collection[str]) -> str:
    lines = [material.stamp, "", *material.method, ""]
    for place, picture in enumerate(chosen, start=1):
        lines += [f"{file_stem(material, picture, place)}", f"　　{picture.title}", f"　　{picture.says}"]
    missing = left_out(material, parts)
    return "\r\n".join(lines + (["", "未作图：", *missing] if missing else [])) + "\r\n"


def _add(archive: zipfile.ZipFile, material: Material, name: str, content: bytes) -> None:
    """PNG is compressed already; the time is that of the material, so that the same input gives the same file."""
    entry = zipfile.ZipInfo(name, date_time=material.now.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


KIND = Kind(
    id="png",
    title="图片集",
    extension="zip",
    mime="application/zip",
    about="各页面的图，逐张为图片（PNG、SVG），带标题、结论和来源，可以直接插入文件；由服务器上的浏览器画出",
    parts=PARTS,
    outline=outline,
    build=build,
    needs={"severity": "see_severity"},
)
