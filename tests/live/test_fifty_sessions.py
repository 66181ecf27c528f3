"""Fifty visitors hand in at the same moment: everything in, nothing twice, nothing lost, to each the own receipt."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import AsyncExitStack

from data.intake import take_in
from data.journal import follow
from data.store import Store
from tests.browser.running import serve
from tests.live.session import Session, sign_in
from tests.uploads import CYCLE, Upload, assert_all_in_once, fifty_uploads, order_of, scores_of


def test_fifty_uploads_from_fifty_sessions_are_all_in_once(demo_home, demo_copy, demo_store, tmp_path):
    uploads = fifty_uploads(demo_store)
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
    for upload in order_of(store, uploads):
        take_in(alone, filename=upload.name, content=upload.content, cycle=CYCLE)
    assert scores_of(store) == scores_of(alone)
    store.close()
    alone.close()


async def _hand_in_at_once(url: str, uploads: list[Upload]) -> list[str]:
    """What stands on each visitor's screen after all have clicked 接收 together."""
    cookies = await sign_in(url)
    async with AsyncExitStack() as stack:
        sessions = [await stack.enter_async_context(Session.connect(url, cookies)) for _ in uploads]

        async def choose(session: Session, upload: Upload) -> None:
            await session.open("submit", cycle=CYCLE, step="upload")
            await session.upload("uploads_files_0", [(upload.name, upload.content)])

        await asyncio.gather(*map(choose, sessions, uploads))
        await asyncio.gather(*(session.click("take_in") for session in sessions))
        assert not [error for session in sessions for error in session.screen.errors()]
        return [session.screen.text() for session in sessions]
