"""The regulation's text as data: articles (条), paragraphs (款) and items (项), and what a scheme makes of each article.

A regulation is one TOML file (see ``regulations/``), named by the scheme's ``regulation``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from scoring.error_texts import describe_errors
from scoring.scheme import Finding, Indicator, Model, Place, Scheme, chinese_number

REGULATIONS = Path(__file__).parent / "regulations"


class RegulationError(ValueError):
    """A regulation file that cannot be used, or that does not exist; its text says why, in Chinese."""


class UnknownPlace(LookupError):
    """A place that the regulation does not have."""


class Paragraph(Model):
    """One 款: its own text and its 项, in order; item 1 is （一）."""

    text: Annotated[str, Field(min_length=1)]
    items: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The paragraph as printed: its text, then one line per item with its number."""
        numbered = (f"（{chinese_number(n)}）{item}" for n, item in enumerate(self.items, 1))
        return (self.text, *numbered)


class Article(Model):
    """One 条 with its paragraphs; `chapter` is the chapter's number."""

    number: Annotated[int, Field(ge=1)]
    chapter: Annotated[int, Field(ge=1)]
    paragraphs: Annotated[tuple[Paragraph, ...], Field(min_length=1)]

    @property
    def label(self) -> str:
        """第十九条."""
        return f"第{chinese_number(self.number)}条"

    @property
    def text(self) -> str:
        """The whole article, one line per paragraph and item, without its number."""
        return "\n".join(line for paragraph in self.paragraphs for line in paragraph.lines)


class Chapter(Model):
    """One 章."""

    number: Annotated[int, Field(ge=1)]
    name: str

    @property
    def label(self) -> str:
        """第四章 防范措施."""
        return f"第{chinese_number(self.number)}章 {self.name}"


class Regulation(Model):
    """A whole regulation; `adopted` and `effective` are its dates, `adopted_by` the body and session."""

    title: str
    adopted: date
    adopted_by: str
    effective: date
    chapters: tuple[Chapter, ...]
    articles: tuple[Article, ...]

    @cached_property
    def _by_number(self) -> dict[int, Article]:
        return {article.number: article for article in self.articles}

    def article(self, number: int) -> Article:
        """One article. Raises UnknownPlace."""
        try:
            return self._by_number[number]
        except KeyError:
            raise UnknownPlace(f"{self.title}没有第 {number} 条") from None

    def chapter_of(self, number: int) -> Chapter:
        """The chapter that an article stands in. Raises UnknownPlace."""
        wanted = self.article(number).chapter
        return next(chapter for chapter in self.chapters if chapter.number == wanted)

    def text_at(self, place: Place) -> str:
        """The text at a place: one item, a paragraph with its items, or the whole article.

        An item without a paragraph is looked up in the article's only paragraph that has items. Raises UnknownPlace.
        """
        article = self.article(place.article)
        if place.paragraph is None and place.item is None:
            return article.text
        paragraph = _paragraph(article, place)
        if place.item is None:
            return "\n".join(paragraph.lines)
        if place.item > len(paragraph.items):
            raise UnknownPlace(f"没有{place.label}")
        return paragraph.items[place.item - 1]

    def search(self, text: str) -> list[Article]:
        """Articles that hold every word of `text` (separated by spaces), in order; all of them for an empty text.

        第十九条, 十九条, 19 and 第19条 find Art. 19 by its number.
        """
        words = _plain(text).split()
        if len(words) == 1 and (number := _article_number(words[0])) in self._by_number:
            return [self._by_number[number]]
        return [a for a in self.articles if all(word in _plain(f"{a.label}\n{a.text}") for word in words)]

    @model_validator(mode="after")
    def _is_whole(self):
        numbers = [article.number for article in self.articles]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError("条文须从第 1 条起连续编号")
        chapters = [chapter.number for chapter in self.chapters]
        if chapters != list(range(1, len(chapters) + 1)):
            raise ValueError("章须从第 1 章起连续编号")
        unknown = sorted({article.chapter for article in self.articles} - set(chapters))
        if unknown:
            raise ValueError(f"没有第 {'、'.join(map(str, unknown))} 章")
        return self


@dataclass(frozen=True)
class ArticleStatus:
    """What a scheme makes of one article: its indicators and findings, or the reason why it has none."""

    article: Article
    indicators: tuple[Indicator, ...]
    findings: tuple[Finding, ...]
    reason: str

    @property
    def is_covered(self) -> bool:
        """Whether an indicator or a finding stands on the article."""
        return bool(self.indicators or self.findings)


@cache
def load_regulation(name: str) -> Regulation:
    """Read and check regulations/<name>.toml. Raises RegulationError."""
    path = REGULATIONS / f"{name}.toml"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        raise RegulationError(
            f"没有条例 {name}，现有：{'、'.join(p.stem for p in sorted(REGULATIONS.glob('*.toml')))}"
        )
    return parse_regulation(path.read_text("utf-8"), name=path.name)


def parse_regulation(text: str, *, name: str) -> Regulation:
    """Check a regulation given as TOML text; `name` is used in error messages. Raises RegulationError."""
    try:
        data = tomllib.loads(text)
        return Regulation.model_validate(data)
    except tomllib.TOMLDecodeError as error:
        raise RegulationError(f"{name}：不是有效的 TOML：{error}") from error
    except ValidationError as error:
        raise RegulationError(f"{name}：" + "；".join(describe_errors(error, data))) from error


def article_status(scheme: Scheme, regulation: Regulation) -> list[ArticleStatus]:
    """One row per article of the regulation, in order; `reason` is empty where the article is covered or unexplained."""
    reasons = {entry.article: entry.reason for entry in scheme.uncovered}
    return [
        ArticleStatus(
            article=article,
            indicators=tuple(i for i in scheme.indicators if i.place.article == article.number),
            findings=tuple(f for f in scheme.findings if f.place.article == article.number),
            reason=reasons.get(article.number, ""),
        )
        for article in regulation.articles
    ]


def check_places(scheme: Scheme, regulation: Regulation) -> list[str]:
    """Every place named by the scheme that the regulation does not have, as Chinese sentences; empty when sound."""
    entries = {
        **{f"指标 {i.id}": i.place for i in scheme.indicators},
        **{f"认定事项 {f.id}": f.place for f in scheme.findings},
        **{f"标签 {t.id}": t.place for t in scheme.tags},
        "从重情形": scheme.aggravation.place,
    }
    faults = []
    for who, place in entries.items():
        try:
            regulation.text_at(place)
        except UnknownPlace:
            faults.append(f"{who}：{regulation.title}没有{place.label}")
    articles = [(f"类别 {c.id}", n) for c in scheme.categories for n in c.articles]
    articles += [("uncovered", u.article) for u in scheme.uncovered]
    known = {article.number for article in regulation.articles}
    return faults + [f"{who}：{regulation.title}没有第 {n} 条" for who, n in articles if n not in known]


def _paragraph(article: Article, place: Place) -> Paragraph:
    if place.paragraph is None:
        with_items = [paragraph for paragraph in article.paragraphs if paragraph.items]
        if len(with_items) == 1:
            return with_items[0]
    elif place.paragraph <= len(article.paragraphs):
        return article.paragraphs[place.paragraph - 1]
    raise UnknownPlace(f"没有{place.label}")


def _plain(text: str) -> str:
    # people search with half-width brackets and commas, the text is printed with full-width ones
    return unicodedata.normalize("NFKC", text).lower()


def _article_number(word: str) -> int | None:
    match = re.fullmatch(r"第?(\d{1,3}|[一二三四五六七八九十百零]+)条?", word)
    if not match:
        return None
    if match[1].isdigit():
        return int(match[1])
    if not word.endswith("条"):
        return None
    return next((n for n in range(1, 1000) if chinese_number(n) == match[1]), None)
