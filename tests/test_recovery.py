"""A database that does not open: the page says so, the link rebuilds it, and the service goes on by itself."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from asgi_recovery import Recovery, recovery_app
from tests.browser.running import ROOT
from tests.commands import manage, manage_alone
from tests.test_manage import document

COMMAND = "python manage.py --home /srv/<kaohe> rebuild"


def recovery(rebuild=lambda advance: ["数据库已重建"]) -> Recovery:
    return Recovery(reason="数据库打不开（…）", command=COMMAND, rebuild=rebuild)


class Client:
    """A browser of the page, without a server in between."""

    def __init__(self, recovery: Recovery):
        self._app = recovery_app(recovery)

    def get(self, path: str, **more) -> httpx.Response:
        return self._ask("GET", path, **more)

    def post(self, path: str, **more) -> httpx.Response:
        return self._ask("POST", path, **more)

    def _ask(self, method: str, path: str, **more) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.request(method, path, **{"follow_redirects": True, **more})

        return asyncio.run(ask())


def wait_for(recovery: Recovery, *states: str) -> None:
    until = time.monotonic() + 10
    while recovery.state not in states and time.monotonic() < until:
        time.sleep(0.01)
    assert recovery.state in states


@pytest.mark.parametrize("path", ["/", "/ranking?cycle=2026", "/login", "/anything/else"])
def test_every_address_says_what_happened_and_the_exact_command(path):
    answer = Client(recovery()).get(path)
    assert answer.status_code == 503
    for words in ("数据库打不开", "没有丢失", "/srv/&lt;kaohe&gt; rebuild"):
        assert words in answer.text
    assert "<form" not in answer.text and "<script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_the_health_route_does_not_say_that_all_is_well():
    answer = Client(recovery()).get("/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "damaged"})


def test_only_the_link_brings_the_button_and_only_its_holder_can_rebuild():
    broken = recovery()
    client = Client(broken)
    for guess in ("", "x", broken.token[:-1], broken.token + "x", "口令"):
        assert "<form" not in client.get("/", params={"t": guess}).text
        assert client.post("/rebuild", data={"t": guess}).status_code == 403
    client.get("/rebuild")  # a link that is followed changes nothing
    assert broken.state == "waiting"
    assert "<form" in client.get("/", params={"t": broken.token}).text
    assert client.post("/rebuild", data={"t": broken.token}, follow_redirects=False).status_code == 303
    wait_for(broken, "done")


def test_progress_is_shown_and_a_second_click_starts_nothing_more():
    going_on, begun, runs = threading.Event(), threading.Event(), []

    def rebuild(advance):
        runs.append(1)
        advance(3, 8)
        begun.set()
        going_on.wait(10)
        return ["数据库已重建：台账 8 行", "<b>单位</b>"]

    broken = recovery(rebuild)
    client = Client(broken)
    client.post("/rebuild", data={"t": broken.token})
    assert begun.wait(10)
    page = client.post("/rebuild", data={"t": broken.token}).text
    assert '<progress value="3" max="8">' in page and "http-equiv" in page
    going_on.set()
    wait_for(broken, "done")
    mine, others = client.get("/", params={"t": broken.token}).text, client.get("/").text
    assert "台账 8 行" in mine and "&lt;b&gt;单位" in mine
    assert "台账 8 行" not in others and "正在启动" in others
    assert runs == [1]


def test_a_rebuild_that_fails_says_why_and_may_be_tried_again():
    reasons = ["3 份已接收的自评表不在", ""]

    def rebuild(advance):
        if reason := reasons.pop(0):
            raise RuntimeError(reason)
        return ["数据库已重建"]

    broken = recovery(rebuild)
    client = Client(broken)
    client.post("/rebuild", data={"t": broken.token})
    wait_for(broken, "failed")
    page = client.get("/", params={"t": broken.token}).text
    assert "3 份已接收的自评表不在" in page and "<form" in page
    client.post("/rebuild", data={"t": broken.token})
    wait_for(broken, "done")


def damage(home: Path) -> None:
    os.truncate(home / "assessment.duckdb", 5000)


@contextmanager
def serving(home: Path, log: Path, port: int):
    """`manage.py serve` without a terminal; ended at the end."""
    command = [sys.executable, "manage.py", "--home", str(home), "serve", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def until_true(what, seconds: float = 60):
    """The first answer that is true, or the last one."""
    until = time.monotonic() + seconds
    while not (answer := what()) and time.monotonic() < until:
        time.sleep(0.2)
    return answer


def test_the_service_offers_the_rebuild_at_its_address_and_then_starts(demo_copy, tmp_path, unused_port):
    before = manage("scores", "--cycle", 2026, "--level", "unit", "--json", home=demo_copy).stdout
    damage(demo_copy)
    log, url = tmp_path / "log", f"http://127.0.0.1:{unused_port}"

    def health():
        try:
            return httpx.get(f"{url}/health", trust_env=False).json()["status"]
        except (httpx.HTTPError, ValueError):
            return None

    with serving(demo_copy, log, unused_port) as process:
        assert until_true(health) == "damaged", log.read_text("utf-8")
        said = log.read_text("utf-8")
        assert "rebuild" in said and "没有丢失" in said
        token = re.search(r"/\?t=(\S+)", said)[1]
        assert httpx.post(f"{url}/rebuild", data={"t": token}, trust_env=False).status_code == 303
        assert until_true(lambda: health() == "ok"), log.read_text("utf-8")
        assert process.poll() is None
    after = manage("scores", "--cycle", 2026, "--level", "unit", "--json", home=demo_copy).stdout
    assert after == before
    assert list(demo_copy.glob("assessment.damaged-*.duckdb"))


@pytest.mark.skipif(sys.platform == "win32", reason="no terminal to pretend to be")
@pytest.mark.parametrize(("typed", "is_rebuilt"), [(b"n\n", False), (b"y\n", True)])
def test_at_a_terminal_it_asks(demo_copy, unused_port, typed, is_rebuilt):
    import pty

    damage(demo_copy)
    ours, theirs = pty.openpty()
    command = [sys.executable, "manage.py", "--home", str(demo_copy), "serve", "--port", str(unused_port)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    try:
        said = b""
        while "现在重建吗".encode() not in said:
            said += os.read(ours, 10_000)
        assert "打不开".encode() in said
        os.write(ours, typed)
        awaited = "看板已就绪" if is_rebuilt else "错误："
        until = time.monotonic() + 60
        while awaited.encode() not in said and time.monotonic() < until:
            try:
                said += os.read(ours, 10_000)
            except OSError:  # the other side is closed
                break
        assert awaited.encode() in said, said.decode("utf-8", "replace")
    finally:
        process.terminate()
        process.wait(30)
        os.close(ours)
    assert bool(list(demo_copy.glob("assessment.damaged-*.duckdb"))) is is_rebuilt


class TestCommands:
    """The sentences and exit codes; what they do is tried in tests/data."""

    def test_verify_is_0_when_sound_1_when_not_and_names_what(self, demo_copy):
        sound = manage_alone("verify", "--json", home=demo_copy)
        assert (sound.returncode, document(sound)["sound"]) == (0, True)
        head = document(sound)["head"]
        assert manage("verify", "--head", head["hash"], home=demo_copy).returncode == 0
        journal = demo_copy / "journal.jsonl"
        journal.write_bytes(journal.read_bytes().replace(b"local", b"LOCAL", 1))
        changed = manage("verify", home=demo_copy)
        assert changed.returncode == 1 and "第 1 行被改动过" in changed.stdout

    def test_backup_and_restore_say_where_and_how_much(self, demo_copy, tmp_path):
        made = manage_alone("backup", "--out", tmp_path / "a.zip", home=demo_copy)
        assert made.returncode == 0, made.stderr
        assert "已备份到" in made.stdout and "链头" in made.stdout
        done = manage_alone("restore", tmp_path / "a.zip", home=tmp_path / "new")
        assert done.returncode == 0 and "已恢复到" in done.stdout
        again = manage("restore", tmp_path / "a.zip", home=tmp_path / "new")
        assert again.returncode == 2 and "--replace" in again.stderr
        scores = [
            manage("scores", "--cycle", 2026, "--level", "unit", "--json", home=home).stdout
            for home in (demo_copy, tmp_path / "new")
        ]
        assert scores[0] == scores[1]

    def test_rebuild_is_1_when_workbooks_had_to_be_left_out_and_2_when_nothing_was_done(self, demo_copy):
        lost = next((demo_copy / "workbooks").glob("*/*.xlsx"))
        lost.unlink()
        refused = manage_alone("rebuild", home=demo_copy)
        assert refused.returncode == 2 and str(lost) in refused.stderr
        done = manage("rebuild", "--without-missing", home=demo_copy)
        assert done.returncode == 1 and "须重新提交" in done.stdout


@pytest.fixture
def unused_port() -> int:
    """A port that nobody uses."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
