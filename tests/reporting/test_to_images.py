"""Pictures: true to size, text as text, one browser for everybody, and nothing asked of any other machine."""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reporting import to_images
from reporting.browsers import VARIABLE, NoBrowser, find_browser
from reporting.charts import draw_ranked_bars
from reporting.palette import LIGHT
from reporting.picture_frame import frame_figure, wrap
from reporting.to_images import Painter, new_kaleido
from tests.reporting import frames

WIDTH = 900
HOSTILE = '=HYPERLINK("http://x")<b>甲</b>&{{ x }}😀'
ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def _figure(title: str = "各市（地）得分", name: str = "第1市"):
    scores = frames.region_scores([95.0, 80.5, 61.0])
    scores.loc[0, "name"] = name
    bars = draw_ranked_bars(scores, look=LIGHT, decimals=2)
    return frame_figure(
        bars, title=title, says="第1市居首，相差 34.00 分", sign="2026 年度 · 全省", width=WIDTH
    )


@pytest.fixture(scope="module")
def painter():
    """A browser of its own for these tests."""
    try:
        made = Painter(find_browser())
    except NoBrowser as missing:
        pytest.skip(f"no browser draws pictures here: {missing}")
    yield made
    made.close()


def png_size(png: bytes) -> tuple[int, int]:
    """Width and height as the header says."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_a_png_has_the_size_of_its_scale_and_the_same_size_on_paper(painter, scale):
    figure = _figure()
    png = painter.paint(figure, scale=scale)
    assert png_size(png) == (WIDTH * scale, figure.layout.height * scale)
    at = png.index(b"pHYs")
    across, down, unit = struct.unpack(">IIB", png[at + 4 : at + 13])
    assert (across, down, unit) == (round(96 / 0.0254 * scale),) * 2 + (1,)


def test_an_svg_is_well_formed_and_its_text_is_text_in_fonts_with_others_to_fall_back_on(painter):
    svg = painter.paint(_figure(title=HOSTILE, name=HOSTILE), kind="svg").decode("utf-8")
    root = ElementTree.fromstring(svg)
    texts = ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert HOSTILE in "".join(texts)  # as it was typed, not as markup
    assert any("2026 年度 · 全省" in text for text in texts)
    assert any("80.50 良好" in text for text in texts)
    assert "Microsoft YaHei" in svg and "sans-serif" in svg
    assert not [each for each in root.iter() if each.tag.endswith("}image") or each.tag.endswith("}script")]


def test_sessions_share_one_browser(painter):
    painter.paint(_figure())
    process = painter.process
    with ThreadPoolExecutor(4) as sessions:
        made = list(sessions.map(lambda n: painter.paint(_figure(title=f"第 {n} 张"), kind="svg"), range(8)))
    assert [f"第 {n} 张" in svg.decode() for n, svg in enumerate(made)] == [True] * 8
    assert painter.process == process


@ON_LINUX
def test_only_root_goes_without_the_sandbox_and_no_proxy_is_there(painter):
    painter.paint(_figure())
    command = Path(f"/proc/{painter.process}/cmdline").read_bytes().split(b"\0")
    assert (b"--no-sandbox" in command) == (os.geteuid() == 0)
    assert b"--proxy-server=127.0.0.1:9" in command


@ON_LINUX
@pytest.mark.parametrize("harm", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hanging"])
def test_a_browser_that_died_or_hangs_is_replaced(painter, harm, monkeypatch):
    monkeypatch.setattr(to_images, "CLOSE_S", 2)
    painter.paint(_figure())
    first, group = painter.process, _group(painter.process)
    assert len(group) > 1
    monkeypatch.setattr(painter, "picture_s", 4 if harm == signal.SIGSTOP else 15)
    for process in group - {first}:
        os.kill(process, harm)
    begun = time.monotonic()
    assert png_size(painter.paint(_figure()))[0] == WIDTH
    assert painter.process != first
    assert time.monotonic() - begun < 60
    assert not _group(first)


def test_an_idle_browser_is_closed_and_started_again(painter):
    short = Painter(painter.browser, idle_s=0.2)
    short.paint(_figure())
    until = time.monotonic() + 20
    while short.process is not None and time.monotonic() < until:
        time.sleep(0.1)
    assert short.process is None
    assert png_size(short.paint(_figure()))[0] == WIDTH
    short.close()


def test_a_browser_that_is_none_is_said_to_be_so(tmp_path):
    program = tmp_path / "not-a-browser"
    program.write_text("#!/bin/sh\nexit 3\n", "utf-8")
    program.chmod(0o755)
    with pytest.raises(to_images.NoPicture, match=rf"not-a-browser.*{VARIABLE}"):
        Painter(str(program)).paint(_figure())


def test_pictures_ask_nothing_of_another_machine(painter, monkeypatch):
    """Whatever the browser wants from elsewhere goes to its proxy, where nobody listens; here somebody does.

    What arrives is Chromium's own (its start page, its updates); that it gets no further is what the proxy is for.
    """
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def listen() -> None:
            while True:
                try:
                    caller, _ = proxy.accept()
                except OSError:
                    return
                with caller:
                    asked.append(caller.recv(200).decode("latin-1").split("\r\n")[0])

        threading.Thread(target=listen, daemon=True).start()
        monkeypatch.setattr(to_images, "NOWHERE", f"127.0.0.1:{proxy.getsockname()[1]}")
        watched = Painter(painter.browser)
        watched.paint(_figure(title="$E=mc^2$"), kind="svg")  # which MathJax would be fetched for
        watched.close()
        proxy.shutdown(socket.SHUT_RDWR)
    assert not [line for line in asked if any(host in line for host in ("plot", "mathjax", "cdn", "font"))]


def test_the_page_reads_from_disk_only(painter):
    page = new_kaleido(painter.browser)._saved_page_arg.generate_index()
    sources = [part.split('"')[0] for part in page.split('src="')[1:]]
    assert len(sources) == 2 and all(source.startswith("file:///") for source in sources)
    assert to_images.PLOTLY_JS.as_uri() in sources
    assert "http:" not in page and "https:" not in page


def test_without_a_browser_it_is_said_which_are_looked_for_and_what_works_without():
    with pytest.raises(NoBrowser) as told:
        find_browser({"PATH": ""}, system="win32")
    for words in ("Chromium、Chrome 或 Edge", VARIABLE, "apt install chromium", "照常生成", "单独下载"):
        assert words in str(told.value)


def test_the_browser_named_in_the_environment_is_taken_or_refused(tmp_path):
    program = tmp_path / "my browser"
    with pytest.raises(NoBrowser, match=rf"{VARIABLE}.*my browser"):
        find_browser({VARIABLE: str(program), "PATH": os.environ["PATH"]})
    program.write_text("", "utf-8")
    program.chmod(0o755)
    assert find_browser({VARIABLE: f'"{program}"', "PATH": ""}) == str(program)


@pytest.mark.parametrize(
    ("variable", "file"),
    [
        ("PROGRAMFILES", "Google/Chrome/Application/chrome.exe"),
        ("PROGRAMFILES(X86)", "Microsoft/Edge/Application/msedge.exe"),
        ("LOCALAPPDATA", "Chromium/Application/chrome.exe"),
    ],
)
def test_windows_browsers_are_found_where_they_install_themselves(tmp_path, variable, file):
    program = tmp_path / file
    program.parent.mkdir(parents=True)
    program.write_text("", "utf-8")
    program.chmod(0o755)
    assert find_browser({"PATH": "", variable: str(tmp_path)}, system="win32") == str(program)


@pytest.mark.parametrize("name", ["chromium", "google-chrome", "microsoft-edge", "uos-browser-stable"])
def test_browsers_on_the_path_are_found_by_name(tmp_path, name):
    program = tmp_path / name
    program.write_text("", "utf-8")
    program.chmod(0o755)
    assert find_browser({"PATH": str(tmp_path)}) == str(program)


def test_lines_break_neither_in_a_number_nor_before_a_closing_mark():
    text = "优秀 80 家（13.3%），良好 296 家（49.3%），合格 159 家（26.5%）；变化（−12.75）。"
    for room in range(8, 40):
        lines = wrap(text, room)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        for number in ("80", "13.3%", "296", "49.3%", "26.5%", "−12.75"):
            assert any(number in line for line in lines)
        assert not [line for line in lines if line[0] in "，。）；%"]


def test_a_frame_says_what_it_shows_above_and_where_it_is_from_below():
    bars = draw_ranked_bars(frames.region_scores([95.0, 80.5]), look=LIGHT, decimals=2)
    framed = frame_figure(bars, title="甲" * 70, says="乙" * 120, sign="丙", width=WIDTH)
    lines = framed.layout.title.text.split("<br>")
    assert [sum(mark in line for line in lines) for mark in "甲乙"] == [2, 3]
    drawn = framed.layout.height - framed.layout.margin.t - framed.layout.margin.b
    assert drawn == bars.layout.height - bars.layout.margin.t - bars.layout.margin.b
    assert framed.layout.margin.t - bars.layout.margin.t >= 5 * 1.3 * 22  # the room that five lines need
    assert framed.layout.annotations[-1].text == "丙"
    assert bars.layout.title.text is None  # the screen's figure stays as it was


def _group(leader: int) -> set[int]:
    """The live processes of a process group."""
    found = set()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            state, _, group = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:3]
        except OSError:
            continue
        if int(group) == leader and state not in "ZX":
            found.add(int(folder.name))
    return found
