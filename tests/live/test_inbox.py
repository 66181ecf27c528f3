"""While the service runs, `import` says who holds the file and where to put files instead; there they are taken in."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from benchmarks.visitor import Session, sign_in
from data import queries
from data.store import Store
from tests.browser.running import ROOT, fresh_link, serve
from tests.uploads import CYCLE, Upload, fifty_uploads, send_all_back

WITHIN_S = 60


def test_import_sends_files_to_the_inbox_where_the_service_takes_them(demo_copy, demo_store, tmp_path):
    upload = fifty_uploads(demo_store)[0]
    path = tmp_path / upload.name
    path.write_bytes(upload.content)
    before = queries.unit_summary(demo_store, cycle=CYCLE, unit=upload.unit)["score"]

    with closing(Store.open(demo_copy)) as quiet:
        send_all_back(quiet)
    with serve(demo_copy, log=tmp_path / "server.log") as url:
        told = _import(demo_copy, path)
        inbox = Path(re.search(r"把文件放进 (.+?)，", told)[1])
        assert "正被另一个程序使用" in told and inbox == demo_copy / "inbox"
        path.rename(inbox / upload.name)
        listed, unit_page = asyncio.run(_follow(url, fresh_link(demo_copy, url), upload))
        assert not (inbox / upload.name).exists()

    assert listed["source_name"] == "收件箱"
    assert listed["status_name"].startswith("已接收")
    store = Store.open(demo_copy)
    after = queries.unit_summary(store, cycle=CYCLE, unit=upload.unit)["score"]
    store.close()
    assert after != before
    assert f"{after:.2f}" in unit_page
    assert len(list((inbox / "已接收").rglob(upload.name))) == 1


def _import(home: Path, path: Path) -> str:
    """What `manage.py import` tells whoever calls it while the service runs."""
    command = ["manage.py", "--home", str(home), "import", str(path), "--cycle", str(CYCLE), "--json"]
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 2
    return json.loads(done.stdout)["error"]


async def _follow(url: str, link: str, upload: Upload) -> tuple[dict, str]:
    """The file's row in 收件记录, as soon as that shows it by itself, and its unit's page."""
    async with Session.connect(url, await sign_in(url, link=link)) as session:
        await session.open("submit", cycle=CYCLE)
        await session.change("widget:step", "收件记录")
        until = time.monotonic() + WITHIN_S
        while not (rows := _rows_of(session, upload)):
            assert time.monotonic() < until, session.screen.text()
            await asyncio.sleep(0.2)
            if session.screen.auto_reruns:  # a file waits: from here on the page follows by itself
                await session.tick()
            else:
                await session.rerun()
        assert "1 份，接收 1，退回 0" in session.screen.text()
        assert not session.screen.auto_reruns and not session.screen.errors()
        await session.open("unit", cycle=CYCLE, unit=upload.unit)
        return rows[0], session.screen.text()


def _rows_of(session: Session, upload: Upload) -> list[dict]:
    listed = [row for table in session.screen.tables() for row in table.to_pylist()]
    return [row for row in listed if row.get("filename") == upload.name]
