"""The folder that files come in through by themselves: what lies there, and where it goes; nothing is ever lost.

inbox/甲.xlsx, inbox/2026/乙.zip, inbox/道里区/丙.xlsx    waiting
inbox/已接收/2026-10-31/…    what was taken in, under its own path
inbox/退回/2026-10-31/…      what was refused, with its marked copy and the receipts
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from data.unpack import FOLDER_SUFFIXES, Incoming, Sent

INBOX, ACCEPTED, REFUSED, NOTE = "inbox", "已接收", "退回", "说明.txt"
NAME_BYTES = 200  # file systems take 255 bytes; the rest is for a prefix and a number
# What other programs leave beside files, or write while they copy.
LEFT_ALONE = re.compile(r"\.|~\$|thumbs\.db$|desktop\.ini$|.*\.(?:part|partial|tmp|crdownload)$", re.I)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
NOTE_TEXT = """\
收件箱

把填好的自评表（.xlsx）或多份自评表的压缩包（.zip）复制到本文件夹，可以带子文件夹；服务运行时几秒内自动接收。
放在以年度命名的子文件夹（如 2026）中的，算作该年度的；其他的算作最新的开放年度的。

已接收的移到“已接收”，退回的移到“退回”，都按日期分开；不删除、不覆盖任何文件。
退回的文件旁边有“问题标注_”开头的副本，标出了每一处问题；“回执_”开头的文件列出这一批每份文件的结果。
改正后请把文件重新放到本文件夹，不要放在“退回”中。压缩包中有一份退回，整个压缩包就移到“退回”，其余各份已经接收。

还在复制的文件等复制完再接收。一直留在这里的文件，原因见网页“自评填报—收件记录”。
"""


@dataclass(frozen=True)
class Found:
    """A file as one look found it; `shown` is its path below the inbox, `mark` changes with its content."""

    path: Path
    shown: str
    mark: tuple[int, int]  # size in bytes, time of the last change in ns

    @property
    def is_workbook(self) -> bool:
        """Whether it is a workbook or a zip by its name."""
        return self.path.suffix.lower() in FOLDER_SUFFIXES

    @property
    def is_zip(self) -> bool:
        """Whether it is a zip of workbooks by its name."""
        return self.path.suffix.lower() == ".zip"

    @property
    def cycle(self) -> int | None:
        """The year that the folder it lies in names."""
        first, *rest = self.shown.split("/")
        return int(first) if rest and re.fullmatch(r"\d{4}", first) else None


def prepare_inbox(folder: Path) -> None:
    """Create the inbox, its two folders and the note that explains them. Raises OSError."""
    for each in (folder, folder / ACCEPTED, folder / REFUSED):
        each.mkdir(parents=True, exist_ok=True)
    if not (folder / NOTE).exists():
        write_new(folder / NOTE, NOTE_TEXT.replace("\n", "\r\n").encode("utf-8-sig"))  # for Notepad


def find_files(folder: Path, *, on_error: Callable[[OSError], None] | None = None) -> Iterator[Found]:
    """Every file that waits, links left out; `on_error` hears of folders that cannot be read."""
    for parent, folders, names in os.walk(folder, onerror=on_error):
        is_top = Path(parent) == folder
        folders[:] = [f for f in folders if f[0] != "." and not (is_top and f in (ACCEPTED, REFUSED))]
        for name in names:
            path = Path(parent, name)
            if LEFT_ALONE.match(name) or (is_top and name == NOTE):
                continue
            if mark := mark_of(path):
                yield Found(path, readable_name(path.relative_to(folder).as_posix()), mark)


def mark_of(path: Path) -> tuple[int, int] | None:
    """Size and time of the last change, or None where there is no such file: gone, or a link, or a device."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def readable_name(name: str) -> str:
    """A path as one line of text; where its bytes are not UTF-8 they are GBK, from an old archive or a Windows share."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeError:
            continue
    else:
        text = raw.decode("utf-8", "replace")
    return CONTROL.sub("_", text)


def open_file(path: Path, shown: str) -> Iterator[Incoming]:
    """The workbooks in a file under the path that is shown of it, a zip's one after another. Raises OSError."""
    with path.open("rb") as file:
        file.read(1)  # what may not be read must not be taken for a bad file
    yield from Sent(shown, path)


def seems_unfinished(path: Path) -> bool:
    """Whether the file is empty or begins like a workbook and has no end: a slow copy that stands still. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(2)
        return head in (b"", b"P", b"PK", b"\x00\x00") and not zipfile.is_zipfile(file)


def move_into(folder: Path, path: Path) -> Path:
    """Move a file into a folder, under another name where its own is taken. Raises OSError; then nothing has moved."""
    folder.mkdir(parents=True, exist_ok=True)
    for target in _names(folder / path.name):
        try:
            target.touch(
                exist_ok=False
            )  # from here on the name is ours, and what is replaced is this empty file
        except FileExistsError:
            continue
        try:
            return path.replace(target)
        except BaseException:
            target.unlink()
            raise
    raise AssertionError("names never end")


def write_new(path: Path, content: bytes) -> Path:
    """Write a file, under another name where its own is taken. Raises OSError; then nothing is left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for target in _names(path):
        try:
            file = target.open("xb")
        except FileExistsError:
            continue
        try:
            with file:
                file.write(content)
        except BaseException:
            target.unlink()
            raise
        return target
    raise AssertionError("names never end")


def _names(path: Path) -> Iterator[Path]:
    """甲.xlsx, 甲（2）.xlsx, …; too long a name is cut."""
    stem = path.stem
    while len(os.fsencode(stem)) > NAME_BYTES:
        stem = stem[:-1]
    yield path.with_name(f"{stem}{path.suffix}")
    for number in count(2):
        yield path.with_name(f"{stem}（{number}）{path.suffix}")
