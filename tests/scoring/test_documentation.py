"""docs/indicators.md says what the scheme says."""

import re
from pathlib import Path

import pytest

from scoring.documentation import describe_answer, describe_applies, indicators_markdown
from scoring.regulation import load_regulation
from scoring.scheme import load_scheme, shipped_schemes

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def scheme():
    return load_scheme(shipped_schemes()["heilongjiang-2026"])


@pytest.fixture(scope="module")
def text(scheme):
    return indicators_markdown(scheme, load_regulation(scheme.regulation))


def test_the_page_in_docs_is_not_stale(text):
    assert (DOCS / "indicators.md").read_text("utf-8") == text, "请运行 python manage.py docs"


def test_every_indicator_and_finding_has_one_row(text, scheme):
    for entry in (*scheme.indicators, *scheme.findings):
        assert len(re.findall(rf"^\| {entry.id} \|", text, re.MULTILINE)) == 1, entry.id


def test_all_44_articles_are_listed_once(text, scheme):
    listed = text.split("## 条文对照")[1]
    for article in load_regulation(scheme.regulation).articles:
        assert listed.count(f"| {article.label} |") == 1, article.label
    for entry in scheme.uncovered:
        assert f"| {entry.reason} |" in listed


def test_weights_are_labelled_as_examples_at_the_top_and_over_every_column(text, scheme):
    assert scheme.weights_note in "\n".join(text.splitlines()[:4])
    for heading in re.findall(r"^\| .*\|\n\| --- ", text, re.MULTILINE):
        for column in heading.splitlines()[0].strip("| ").split(" | "):
            if re.search("分值|权重|占比|取值", column):
                assert "示例权重" in column


def test_the_matrix_gives_indicators_and_points_of_each_category(text, scheme):
    for category in scheme.categories:
        own = scheme.indicators_for(category=category.id, tags=())
        row = f"| {category.name} | {category.weight:g} | {len(own)} | {sum(i.points for i in own):g} |"
        assert row in text


def test_every_row_of_a_table_has_as_many_cells_as_its_heading(text):
    for table in re.findall(r"(?:^\|.*\|\n?)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.strip().splitlines()}) == 1


@pytest.mark.parametrize(
    ("indicator", "answer"),
    [
        ("T19-01", "是否：是 1、否 0"),
        ("T19-02", "分档：均未参加 0、其中一方参加 0.5、双方均参加 1"),
        ("T19-09", "数量：目标 2 次"),
        ("T19-10", "百分比：本年度至少参加一次培训的人数 ÷ 填报时在岗人数"),
        ("T19-14", "比率：按期整改到位的隐患数 ÷ 本年度整改期限届满的隐患数"),
        ("T24-01", "日期：4月15日所在的周（星期一至星期日）"),
        ("T27-01", "日期：考核年度之内"),
    ],
)
def test_an_answer_is_described_by_its_type(scheme, indicator, answer):
    assert describe_answer(scheme.by_id[indicator]) == answer


@pytest.mark.parametrize(
    ("indicator", "applies"),
    [
        ("T14-01", "全部单位"),
        ("T17-02", "［联动机制部门］"),
        ("T28-05", "中小学、［高等院校］"),
    ],
)
def test_whom_an_indicator_concerns_is_named(scheme, indicator, applies):
    assert describe_applies(scheme, scheme.by_id[indicator]) == applies
