"""Fifty visitors hand in at the same moment: everything in, nothing twice, nothing lost, to each the own receipt."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import AsyncExitStack
from pathlib import Path

from access.accounts import Account, Accounts
from benchmarks.visitor import Session, sign_in
from data.intake import take_in
from data.journal import follow
from data.store import Store
from tests.browser.running import serve
from tests.uploads import CYCLE, Upload, assert_all_in_once, fifty_uploads, order_of, scores_of, send_all_back

ACCOUNTS = ("post-1", "post-2", "post-3")  # an account has at most 20 sessions
PASSWORD = "Chang-baishan88"


def test_fifty_uploads_from_fifty_sessions_are_all_in_once(demo_home, demo_copy, demo_store, tmp_path):
    uploads = fifty_uploads(demo_store)
    _add_accounts(demo_copy)
    with serve(demo_copy, log=tmp_path / "server.log") as url:
        screens = asyncio.run(_hand_in_at_once(url, uploads))

    for upload, text in zip(uploads, screens, strict=True):
        assert upload.name in text and "收到文件 1 份" in " ".join(text.split())
        assert not [other.name for other in uploads if other.name in text and other is not upload]
        assert "已接收" in text and "退回 0 份" in " ".join(text.split())
    assert sum("此前已收" in text for text in screens) == 3  # the same file from two at once

    store = Store.open(demo_copy)
    assert_all_in_once(store, uploads)
    assert len(list(follow(store.journal.path))) == store.journal.head.n
    alone = Store.open(shutil.copytree(demo_home, tmp_path / "alone"))
    send_all_back(alone)
    for upload in order_of(store, uploads):
        take_in(alone, filename=upload.name, content=upload.content, cycle=CYCLE)
    assert scores_of(store) == scores_of(alone)
    store.close()
    alone.close()


def _add_accounts(home: Path) -> None:
    """Evaluators of the province, who may hand in for every unit, with passwords of their own."""
    store = Store.open(home)
    send_all_back(store)
    accounts = Accounts(store)
    initial = accounts.add_many([Account(name, "示例岗位", "province", "230000") for name in ACCOUNTS])
    for name, password in zip(ACCOUNTS, initial, strict=True):
        assert accounts.set_password(name, old=password, new=PASSWORD, origin="") == []
    store.close()


async def _hand_in_at_once(url: str, uploads: list[Upload]) -> list[str]:
    """What stands on each visitor's screen after all have clicked 接收 together."""
    async with AsyncExitStack() as stack:
        sessions = []
        for number, _ in enumerate(uploads):
            cookies = await sign_in(url, account=ACCOUNTS[number % len(ACCOUNTS)], password=PASSWORD)
            sessions.append(await stack.enter_async_context(Session.connect(url, cookies)))

        async def choose(session: Session, upload: Upload) -> None:
            await session.open("submit", cycle=CYCLE, step="upload")
            await session.upload("uploads_files_0", [(upload.name, upload.content)])

        await asyncio.gather(*map(choose, sessions, uploads))
        await asyncio.gather(*(session.click("take_in") for session in sessions))
        assert not [error for session in sessions for error in session.screen.errors()]
        return [session.screen.text() for session in sessions]
