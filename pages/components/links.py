"""Links between the screens: every one carries its filters in the address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote, urlencode

import streamlit as st

from pages.components.access import who
from pages.components.screens import screens_for
from scoring.scheme import chinese_number

MARKDOWN = re.compile(r"([\\`*_\[\]<>!:$~|#&])")


def plain(text: str) -> str:
    """Text that Streamlit reads as Markdown, so escaped that it stands there as it is: no link, no picture."""
    return MARKDOWN.sub(r"\\\1", text)


def article_name(article: int) -> str:
    """19 → 第十九条."""
    return f"第{chinese_number(int(article))}条"


@lru_cache(maxsize=256)
def article_url(article: int) -> str:
    """The address of an article's text as a table of Streamlit's takes it: `with_texts`."""
    return with_texts([page_url("regulation", article=int(article))], [article_name(article)])[0]


def page_url(page: str, **params: object) -> str:
    """The address of a screen with its filters; None values are left out."""
    return f"/{page}?{urlencode({k: str(v) for k, v in params.items() if v is not None})}"


def page_urls(page: str, values: Iterable[str], *, last: str, **params: object) -> list[str]:
    """The address of a screen for every value of the parameter `last`, the other filters being the same."""
    begin = page_url(page, **{k: v for k, v in params.items() if k != last}, **{last: ""})
    return [f"{begin}{quote_plus(value)}" for value in values]


def with_texts(urls: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Addresses as a table of Streamlit's takes them, with the texts that it shows as links."""
    return [f"{url}#{quote(text)}" for url, text in zip(urls, texts, strict=True)]


def text_of(url: str) -> str:
    """The text that a table shows for such an address."""
    return unquote(url.partition("#")[2])


def article_link(article: int, label: str | None = None) -> None:
    """A link, in this tab, to the article's text in 条例对照."""
    page_link("regulation", label or article_name(article), article=article)


def can_open(page: str) -> bool:
    """Whether the visitor may open a screen; a link to another would lead nowhere."""
    return page in screens_for(who())


def page_link(page: str, label: str, *, icon: str | None = None, **params: object) -> None:
    """A link, in this tab, to another screen (a key of SCREENS) with the given filters; None values are left out.

    Nothing where the visitor may not open that screen.
    """
    if not can_open(page):
        return
    query = {name: str(value) for name, value in params.items() if value is not None}
    st.page_link(f"pages/{page}.py", label=plain(label), icon=icon, query_params=query)


def open_page(page: str, **params: object) -> None:
    """Go to another screen at once, as after choosing a row; ends this run. Does nothing where it may not be opened."""
    if not can_open(page):
        return
    query = {name: str(value) for name, value in params.items() if value is not None}
    st.switch_page(f"pages/{page}.py", query_params=query)
