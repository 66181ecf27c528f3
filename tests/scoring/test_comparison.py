"""What two schemes ask alike, what only one asks, and what is only worth something else."""

import pytest

from scoring.comparison import compare_schemes
from scoring.scheme import load_scheme, shipped_schemes


@pytest.fixture(scope="module")
def former():
    return load_scheme(shipped_schemes()["heilongjiang-2025"])


@pytest.fixture(scope="module")
def newest():
    return load_scheme(shipped_schemes()["heilongjiang-2026"])


@pytest.fixture(scope="module")
def comparison(former, newest):
    return compare_schemes(former, newest)


def test_a_scheme_is_the_same_as_itself(newest):
    own = compare_schemes(newest, newest)
    assert own.is_same
    assert own.rules == ()
    assert all(entry.is_comparable and not entry.weighed for entry in own.indicators)


def test_what_only_one_year_asks_is_named(comparison, former, newest):
    only = {p: {e.id for e in comparison.indicators if e.presence == p} for p in ("before", "now")}
    assert only["before"] == set(former.by_id) - set(newest.by_id) == {"T24-02"}
    assert only["now"] == set(newest.by_id) - set(former.by_id)
    assert comparison.article_presence(36) == "now"
    assert comparison.article_presence(24) == comparison.article_presence(19) == "both"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("T26-02", "题型由分档改为比率"),
        ("T19-09", "目标由 1 次改为 2 次"),
        ("T19-07", "档次不同：取消已明确并已部署 1，改设已明确部署一次 0.8、部署两次以上 1"),
    ],
)
def test_what_is_asked_otherwise_cannot_be_compared(comparison, key, words):
    entry = comparison.by_id[key]
    assert entry.asked == (words,)
    assert not entry.is_comparable
    assert not comparison.is_comparable(entry.article)


def test_what_is_only_worth_something_else_can_be_compared(comparison):
    assert comparison.by_id["T19-01"].weighed == ("分值由 6 改为 5",)
    assert comparison.by_id["T24-01"].weighed == ("在两个责任制间的分配不同",)
    assert comparison.by_id["T19-01"].is_comparable
    assert comparison.is_comparable(14)


def test_rules_that_differ_are_said(comparison):
    said = "；".join(comparison.rules)
    for words in (
        "50%、平安建设责任制 50%改为国家安全责任制 60%",
        "优秀 85",
        "加分上限由 3 改为 5",
        "最高等次的比例上限不同",
    ):
        assert words in said
    assert "一票否决" not in said


def test_every_changed_field_of_an_indicator_is_seen(newest):
    """Whichever field of an indicator changes what is asked or what it is worth, it is not passed over in silence."""
    old = newest.by_id["T19-14"]
    for update in (
        {"numerator": "另一口径"},
        {"na": "never"},
        {"points": old.points + 1},
        {"shares": {"national_security": 1.0}},
        {"dimension": "training"},
        {"applies": old.applies.model_copy(update={"categories": ("organ",)})},
    ):
        changed = newest.model_copy(
            update={
                "version": "x",
                "indicators": tuple(
                    i.model_copy(update=update) if i.id == old.id else i for i in newest.indicators
                ),
            }
        )
        vars(changed).pop("by_id", None)
        entry = compare_schemes(newest, changed).by_id[old.id]
        assert entry.asked or entry.weighed, update
