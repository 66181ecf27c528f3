"""Takes in what is put into the inbox of a runtime folder while the service runs, through the ordinary intake.

A look every few seconds takes the files that stood still since the one before, and moves each when it is committed.
What cannot be taken stays where it is, and the state says why. Killed between commit and move, the next start finds the
file already received and moves it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from data.failures import StoreError
from data.inbox_folder import INBOX, Found, find_files, mark_of, open_file, prepare_inbox, readable_name
from data.inbox_queue import PATIENCE_S, Held, Queue
from data.inbox_settle import move_taken, write_marked, write_receipts
from data.intake import take_in_many
from data.model import Actor, Receipt, Scope
from data.regions import load_regions
from data.store import Store
from data.unpack import Incoming

__all__ = ["Held", "Inbox", "InboxState", "inbox_state", "start_inbox"]

LOOK_S = 2.0
RETRY_S = 30.0  # after what time or a person has to mend
STOP_S = 10.0
MAX_BYTES = 200 * 1024 * 1024  # as for an upload
ACTOR = Actor("inbox", "administrator", "inbox")
FAULT = "程序处理时出错，详情已写入日志：请把文件交给管理人员"
LOG = logging.getLogger("assessment")


@dataclass(frozen=True)
class InboxState:
    """How an inbox stands: what is about to be taken, what stays until somebody acts, what stops everything."""

    folder: Path
    is_watched: bool = True
    waiting: tuple[str, ...] = ()
    held: tuple[Held, ...] = ()
    error: str = ""


class Inbox:
    """The inbox of one store. `look` is one look; `watch` looks until `stop`."""

    def __init__(self, store: Store, *, patience_s: float = PATIENCE_S, retry_s: float = RETRY_S):
        province = next(region.code for region in load_regions() if region.level == "province")
        self.folder = store.home / INBOX
        self.state = InboxState(self.folder)
        self._store = store.seen_by(Scope(region=province), actor=ACTOR)
        self._queue = Queue(patience_s=patience_s)
        self._retry_s, self._paused_until_s = retry_s, 0.0
        self._stopped_by = ""
        self._troubles: dict[str, str] = {}  # what does not hold up the rest, each kind once
        self._said: set[str] = set()
        self._stopping = threading.Event()

    # ---- watching

    def watch(self, *, look_s: float = LOOK_S) -> None:
        """Look again and again until `stop`; nothing that goes wrong ends it."""
        while True:
            try:
                self.look()
            except BaseException as fault:  # a parser's panic is no Exception
                LOG.error("收件箱出错", exc_info=fault)
                self._pause("收件箱出错，详情已写入日志；之后自动重试")
            if self._stopping.wait(look_s):
                return

    def stop(self) -> None:
        """End `watch` before the next file."""
        self._stopping.set()

    def look(self) -> None:
        """Take in what has not changed since the last look."""
        try:
            ready = self._queue.see(self._find())
            self._publish()
            if time.monotonic() >= self._paused_until_s:
                self._take_all(ready)
                self._stopped_by = ""
        except StoreError as error:
            self._pause(str(error))
        self._publish()
        self._tell()

    def _find(self) -> list[Found]:
        unreadable: list[OSError] = []
        try:
            prepare_inbox(self.folder)
            found = list(find_files(self.folder, on_error=unreadable.append))
        except OSError as error:
            raise StoreError(
                f"收件箱 {self.folder} 用不了（{error.strerror}）：请检查目录权限和磁盘，之后自动重试"
            ) from error
        self._troubles.pop("文件夹", None)
        for error in unreadable:
            self._troubles["文件夹"] = (
                f"文件夹 {readable_name(str(error.filename))} 读不了（{error.strerror}）：请检查目录权限"
            )
        return found

    # ---- taking

    def _take_all(self, ready: Sequence[Found]) -> None:
        cycles = dict(self._store.rows("select cycle, status from cycle"))
        newest = max((cycle for cycle, status in cycles.items() if status == "open"), default=None)
        by_cycle: dict[int, list[Found]] = {}
        for file in ready:
            cycle = newest if file.cycle is None else file.cycle
            if receipts := self._queue.receipts(file):
                self._move(file, receipts)
            elif reason := _why_not(cycle, cycles):
                self._queue.hold(file, reason, for_s=0)
            else:
                by_cycle.setdefault(cycle, []).append(file)
        for cycle, files in by_cycle.items():
            self._take_batch(cycle, files)

    def _take_batch(self, cycle: int, files: Sequence[Found]) -> None:
        """One look's files of one cycle, and in the end one workbook of receipts, whatever stopped them."""
        at, receipts = datetime.now(), []
        try:
            for group in self._queue.groups(files):
                receipts += self._take(cycle, group)
                self._publish()
        finally:
            if receipts:
                self._write("回执", lambda: write_receipts(self.folder, receipts, at=at))

    def _take(self, cycle: int, group: Sequence[Found]) -> list[Receipt]:
        """Take in a group of files and move them."""
        opened = [(file, pairs) for file in group if (pairs := self._open(file))]
        if not opened:
            return []
        files = [file for file, _ in opened]
        pairs = self._until_stopped(chain.from_iterable(pairs for _, pairs in opened))
        try:
            receipts = take_in_many(self._store, pairs, cycle=cycle, received_at=self._queue.since(files[0]))
        except (StoreError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as fault:  # a parser's panic is no Exception
            if len(files) > 1:  # one of them is the culprit, and the others must not wait for it
                return [receipt for file in files for receipt in self._take(cycle, [file])]
            self._give_up(files[0], fault)
            return []
        if not files[0].is_zip:
            for file, receipt in zip(files, receipts, strict=False):  # it may have stopped before the last
                self._move(file, (receipt,))
        elif not self._stopping.is_set():
            self._move(files[0], tuple(receipts))
        return receipts

    def _open(self, file: Found) -> Iterable[Incoming] | None:
        """The workbooks in a file by their path below the inbox, or None where it cannot be read now."""
        if file.mark[0] > MAX_BYTES:
            size = f"{file.mark[0] / 1024 / 1024:.0f} MB"
            self._queue.hold(file, f"文件过大（{size}）：请拆成不超过 200 MB 的压缩包")
            return None
        pairs = open_file(file.path, file.shown)
        try:
            return chain([next(pairs)], pairs)
        except FileNotFoundError:
            return None
        except OSError as error:
            why = f"读不了（{error.strerror}）：请检查文件权限，关闭正在使用它的程序；之后自动重试"
            self._queue.hold(file, why, for_s=self._retry_s)
            return None
        except Exception as fault:
            self._give_up(file, fault)
            return None

    def _give_up(self, file: Found, fault: BaseException) -> None:
        LOG.error("收件箱中的 %s 出错", file.shown, exc_info=fault)
        self._queue.hold(file, FAULT)

    def _until_stopped(self, pairs: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
        for pair in pairs:
            if self._stopping.is_set():
                return
            yield pair

    def _move(self, file: Found, receipts: tuple[Receipt, ...]) -> None:
        """Out of the inbox with what was taken in, unless another file has its place by now."""
        if mark_of(file.path) != file.mark:
            return
        try:
            moved = move_taken(self.folder, file, receipts, at=datetime.now())
        except OSError as error:
            why = f"已处理，但移不走（{error.strerror}）：请检查收件箱的目录权限和磁盘；之后自动重试"
            self._queue.hold(file, why, for_s=self._retry_s, receipts=receipts)
            return
        self._queue.drop(file)
        self._write("标出问题的副本", lambda: write_marked(moved, file, receipts))

    def _write(self, what: str, write: Callable[[], None]) -> None:
        """Write what can be had from the page too: where that fails it is said, and nothing waits for it."""
        try:
            write()
            self._troubles.pop(what, None)
        except OSError as error:
            why = f"{what}写不进 {self.folder}（{error.strerror}）：请检查目录权限和磁盘；结果见收件记录"
            self._troubles[what] = why

    # ---- saying

    def _pause(self, reason: str) -> None:
        self._stopped_by, self._paused_until_s = reason, time.monotonic() + self._retry_s

    def _publish(self) -> None:
        self.state = InboxState(
            self.folder,
            waiting=self._queue.waiting,
            held=self._queue.held,
            error=self._stopped_by or "；".join(self._troubles.values()),
        )

    def _tell(self) -> None:
        """Each trouble once in the log, and again only after it was gone."""
        told = {held.reason: f"{_few(held.names)}：{held.reason}" for held in self.state.held}
        if self.state.error:
            told["error"] = self.state.error  # it may name figures that change
        for key in told.keys() - self._said:
            LOG.warning("收件箱 %s：%s", self.folder, told[key])
        self._said = set(told)


def start_inbox(store: Store, *, look_s: float = LOOK_S) -> Callable[[], None]:
    """Watch the store's inbox in a thread of its own; what is returned stops it, and waits until it has."""
    inbox = Inbox(store)
    thread = threading.Thread(target=inbox.watch, kwargs={"look_s": look_s}, name="inbox", daemon=True)
    _WATCHED[store.home] = inbox
    thread.start()

    def stop() -> None:
        inbox.stop()
        thread.join(STOP_S)
        _WATCHED.pop(store.home, None)

    return stop


def inbox_state(home: Path) -> InboxState:
    """How the inbox of a runtime folder stands; where this process does not watch it, only what lies there."""
    if inbox := _WATCHED.get(home):
        return inbox.state
    folder = home / INBOX
    return InboxState(
        folder, is_watched=False, waiting=tuple(f.shown for f in find_files(folder) if f.is_workbook)
    )


_WATCHED: dict[Path, Inbox] = {}


def _why_not(cycle: int | None, cycles: Mapping[int, str]) -> str:
    """Why files of a cycle cannot be taken; empty where they can."""
    if cycle is None:
        return "没有开放的考核年度：请先开设年度，之后自动接收"
    if cycle not in cycles:
        known = "、".join(map(str, sorted(cycles))) or "无"
        return f"没有开设 {cycle} 年度（已开设：{known}）：请移到正确的年度文件夹，或开设该年度，之后自动接收"
    if cycles[cycle] == "closed":
        return f"{cycle} 年度已关闭，不再收表：请移到正确的年度文件夹，或重新开放该年度，之后自动接收"
    return ""


def _few(names: Sequence[str]) -> str:
    """The first name, and how many more there are."""
    return names[0] if len(names) == 1 else f"{names[0]} 等 {len(names)} 个文件"
