"""Every screen on paper: A4 lying, nothing cut, no page empty, all rows of its tables, and on each page that it is a demo."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser.running import PAGES, settle

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed"
    ),
]

# what goes to a meeting on paper; the other screens are forms
PRINTED = [
    name for name in PAGES if name not in ("submit", "admin", "regulation", "rectification", "meeting")
]
A4_LYING = (842, 595)  # points
DRAWING_MS = 400  # without a change, and a screen is drawn
DEMO_MARK = "演示数据 · 不代表任何真实单位"
WORD = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>')
PAGE_SIZE = re.compile(r'<page width="(.+?)" height="(.+?)">')

# What a reader looks for on paper: the title, every heading, the last line of every table, every word of every figure.
LOOKED_FOR = """() => {
  const shown = each => each.checkVisibility();
  const texts = (where, of) => [...document.querySelectorAll(where)].filter(shown).map(of).filter(Boolean);
  const leaves = of => {
    const walk = document.createTreeWalker(of, NodeFilter.SHOW_TEXT), found = [];
    while (walk.nextNode()) found.push(walk.currentNode.textContent);
    return found;
  };
  const all = (where, inner) => [...document.querySelectorAll(where)].filter(shown)
    .flatMap(each => [...each.querySelectorAll(inner)].flatMap(leaves));
  return {
    title: document.querySelector('header.aq-header h1').innerText,
    headings: texts('.aq-section h2', each => each.innerText),
    lines: all('.aq-table', 'tbody tr:last-child td'),
    words: all('[data-testid=stPlotlyChart]', 'svg text'),
  };
}"""


@dataclass(frozen=True)
class Paper:
    """A printed screen: what a reader saw on it before, the text of each page, its words with their boxes in points, the pages' sizes."""

    shown: dict[str, list[str]]
    pages: list[str]
    boxes: list[tuple[float, float, float, float, str]]
    sizes: list[tuple[int, int]]

    @property
    def text(self) -> str:
        return bare("".join(self.pages))


def bare(text: str) -> str:
    """Text without the spaces that a printed line may or may not have."""
    return re.sub(r"[\s\u200b\u00a0]+", "", text)


def print_page(page, folder: Path) -> Paper:
    """What the browser prints of the screen as it stands, in the size that the style sheet asks for."""
    shown = _wait_until_drawn(page)
    pdf = folder / "page.pdf"
    page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    read = {"check": True, "capture_output": True, "text": True}
    pages = subprocess.run(["pdftotext", "-raw", pdf, "-"], **read).stdout.split("\f")[:-1]
    boxes = subprocess.run(["pdftotext", "-bbox", pdf, "-"], **read).stdout
    words = [(*map(float, each[:4]), each[4]) for each in WORD.findall(boxes)]
    sizes = [(round(float(w)), round(float(h))) for w, h in PAGE_SIZE.findall(boxes)]
    return Paper(shown, pages, words, sizes)


def _wait_until_drawn(page) -> dict[str, list[str]]:
    """Wait until nothing moves and the labels of figures stand too: they come a moment after the frame that `settle` waits for. LOOKED_FOR."""
    page.evaluate("async () => { await document.fonts.ready; }")
    page.wait_for_function("() => document.getAnimations().every(each => each.playState !== 'running')")
    drawn, before = page.evaluate(LOOKED_FOR), None
    while drawn != before:
        page.wait_for_timeout(DRAWING_MS)
        drawn, before = page.evaluate(LOOKED_FOR), drawn
    return drawn


def check_paper(page, paper: Paper) -> None:
    """Assert that the paper holds all of the screen."""
    page.emulate_media(media="print")
    wanted = page.evaluate(LOOKED_FOR)
    page.emulate_media(media="screen")
    # a figure of another width has other marks on its axes: what stands on it at both widths is what it says
    wanted["words"] = [word for word in wanted["words"] if word in set(paper.shown["words"])]
    assert set(paper.sizes) == {A4_LYING}
    assert bare(wanted["title"]) in bare(paper.pages[0])
    for kind in ("headings", "lines", "words"):
        absent = [text for text in wanted[kind] if bare(text) and bare(text) not in paper.text]
        assert not absent, kind
    wide, tall = A4_LYING
    outside = [
        word
        for left, top, right, low, word in paper.boxes
        if left < 0 or right > wide or top < 0 or low > tall
    ]
    assert not outside
    for number, text in enumerate(paper.pages, start=1):
        foot = [f"第{number}页，共{len(paper.pages)}页", bare(DEMO_MARK)]
        assert all(part in bare(text) for part in foot)
        assert len(bare(text)) > sum(map(len, foot)), f"page {number} is empty"


@pytest.mark.parametrize("name", PRINTED)
def test_a_screen_prints_whole(page, name, tmp_path):
    page.goto(f"/{name}?cycle=2026")
    settle(page)
    check_paper(page, print_page(page, tmp_path))


def test_a_unit_prints_whole(page, demo_store, tmp_path):
    unit = demo_store.rows("select unit from current_submission where cycle = 2026 limit 1")[0][0]
    page.goto(f"/unit?cycle=2026&unit={unit}")
    settle(page)
    check_paper(page, print_page(page, tmp_path))


def test_a_table_that_scrolls_on_the_screen_prints_all_its_rows(page, demo_store, tmp_path):
    page.goto("/unit?cycle=2026")
    settle(page)
    names = [row[0] for row in demo_store.rows("select name from unit where cycle = 2026")]
    assert page.locator(".aq-print").first.is_hidden()
    paper = print_page(page, tmp_path)
    assert not [name for name in names if bare(name) not in paper.text]


def test_a_figure_in_a_frame_that_scrolls_prints_down_to_its_end(page, tmp_path):
    page.goto("/ranking?cycle=2026&level=county")
    settle(page)
    check_paper(page, print_page(page, tmp_path))


def test_of_a_choice_what_was_chosen_is_printed(page, tmp_path):
    page.goto("/priorities?cycle=2025&region=230100")
    settle(page)
    paper = print_page(page, tmp_path)
    said = [word in paper.text for word in ("达到分数", "处数最少", "按每家单位提分", "达到名次", "指标最少")]
    assert said == [True, True, True, False, False], paper.pages


def test_a_figure_that_fits_a_page_is_not_cut_at_its_end(page, tmp_path):
    page.goto("/priorities?cycle=2026&region=230100")
    settle(page)
    print_page(page, tmp_path)
    names = page.evaluate(
        "() => [...[...document.querySelectorAll('[data-testid=stPlotlyChart]')].at(-1).querySelectorAll('.ytick text')]"
        ".map(each => each.textContent)"
    )
    pages = subprocess.run(
        ["pdftotext", "-raw", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout.split("\f")
    holds = [[bare(name) in bare(text) for name in names] for text in pages]
    assert len(names) > 5
    assert any(all(each) for each in holds)
