"""条例对照: all 44 articles, found by word or number, each with its result or the reason why it has none."""

from __future__ import annotations

import re

from tests.pages.conftest import html_of


def _articles(html: str) -> int:
    return len(re.findall(r'class="aq-art"', html))


def test_all_44_articles_stand_there_with_their_chapter(open_page):
    html = html_of(open_page("regulation"))
    assert _articles(html) == 44
    assert "第四章 防范措施" in html
    assert "立法目的和依据" in html


def test_words_are_found_and_marked(open_page):
    html = html_of(open_page("regulation", q="12339"))
    assert _articles(html) == 1
    assert "<mark>12339</mark>" in html


def test_nothing_found_says_what_to_do(open_page):
    assert "请换一个词" in html_of(open_page("regulation", q="没有这样的词"))


def test_an_article_opens_with_its_indicators(open_page):
    html = html_of(open_page("regulation", article=19))
    assert "第十九条" in html
    assert "人民防线组织" in html
    assert "T19-01" in html


def test_an_article_without_indicator_says_why(open_page):
    assert "为何没有指标" in html_of(open_page("regulation", article=1))


def test_an_article_that_does_not_exist_shows_the_whole_text(open_page):
    assert _articles(html_of(open_page("regulation", article=99))) == 44


def test_what_is_searched_for_is_never_markup(open_page):
    html = html_of(open_page("regulation", q="<b>第一条</b>"))
    assert "<b>第一条" not in html


def test_before_any_result_an_article_still_opens(open_page):
    assert "人民防线组织" in html_of(open_page("regulation", article=19, region="232700"))
