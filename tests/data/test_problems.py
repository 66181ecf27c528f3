"""The catalogue of problems is whole, its messages read as sentences, and its page in docs/ is up to date."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.problem_kinds import KINDS
from data.problems import (
    CATALOGUE,
    column_letters,
    column_number,
    make_problem,
    problems_markdown,
    shorten,
    sort_problems,
)

DOCS = Path(__file__).parents[2] / "docs"


def places(kind) -> dict[str, str]:
    """A value for each place that a kind's words leave open."""
    words = kind.text + kind.allowed + kind.fix
    return {name: f"〔{name}〕" for _, name, _, _ in Formatter().parse(words) if name and name != "found"}


def test_codes_are_kebab_case_and_unique():
    assert len(CATALOGUE) == len(KINDS)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) for code in CATALOGUE)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_gives_a_whole_sentence_with_a_mend(kind):
    problem = make_problem(kind.code, sheet="自评表", cell="E6", found="甲", **places(kind))
    assert problem.fix and problem.text and problem.title
    assert problem.message.startswith("自评表!E6：")
    assert not re.search(r"[{}]|，，|。，|：，", problem.message)
    assert problem.to_dict()["message"] == problem.message
    assert problem.severity in ("error", "warning", "note")


def test_long_values_are_shortened_and_kept_to_one_line():
    assert shorten("很" * 50) == "很" * 29 + "…"
    assert shorten("两行\n文字\x07") == "两行 文字"
    assert shorten(85.0) == "85"


@given(st.integers(1, 16384))
def test_letters_of_columns(number):
    assert column_number(column_letters(number)) == number


def test_problems_are_sorted_by_sheet_row_and_column():
    cells = ["AA3", "E10", "E9", "F9", ""]
    problems = [
        make_problem("negative-number", sheet=s, cell=c, found=1, allowed="") for s in "乙甲" for c in cells
    ]
    ordered = sort_problems([*problems, make_problem("empty-file")], ["甲", "乙"])
    assert [p.place for p in ordered] == [
        "", *[f"{s}!{c}" if c else s for s in "甲乙" for c in ("", "AA3", "E9", "F9", "E10")],
    ]  # fmt: skip


def test_the_page_of_problems_is_up_to_date():
    assert (DOCS / "problems.md").read_text("utf-8") == problems_markdown(), "run `make docs`"


def test_the_page_names_every_kind():
    page = problems_markdown()
    assert all(f"| `{code}` |" in page for code in CATALOGUE)
