"""The shipped schemes: every duty is there, whom it concerns, and what it is worth."""

from collections import Counter
from datetime import date

import pytest

from scoring.regulation import article_status, check_places, load_regulation
from scoring.scheme import (
    Place,
    Window,
    chinese_number,
    load_scheme,
    shipped_schemes,
)

ART_19 = {"organ", "mass_org", "key_enterprise", "key_unit", "government"}
ART_20 = {"cii_operator", "other", "committee", "school", "party_school"}

# (article, paragraph, item) of every duty that must have an indicator, and how many at least
DUTIES = {
    (14, None, None): 1,
    (15, None, None): 1,
    (16, None, None): 1,
    (17, 1, None): 1,
    (17, 2, None): 1,
    (19, 1, 1): 5,  # organisation, both heads in it, standing office, staff, contact
    (19, 1, 2): 2,
    (19, 1, 3): 1,
    (19, 1, 4): 2,
    (19, 1, 5): 1,
    (19, 1, 6): 1,
    (19, 1, 7): 2,
    (19, 1, 8): 1,
    (19, 1, 9): 1,
    (19, 2, None): 5,  # education, commitments, head of delegation, person for safety, interviews
    (20, None, None): 2,
    (21, 1, None): 11,  # performance management, seven systems, expert/project/site plans
    (21, 2, None): 1,
    (22, None, None): 5,
    (23, 1, None): 2,
    (23, 2, None): 2,
    (24, None, None): 1,
    (26, None, None): 2,
    (27, None, None): 3,  # once a year, coverage, the four contents
    (28, 1, None): 2,
    (28, 2, None): 2,
    (28, 3, None): 1,
    (28, 4, None): 3,
    (28, 5, None): 1,
    (29, None, None): 1,
    (30, None, None): 2,
    (31, None, None): 1,
    (32, None, None): 1,
    (33, None, None): 2,
    (34, None, None): 2,
    (35, None, None): 1,
    (36, 1, None): 1,
}

# What the first year did not ask yet, and what it asked once more than the newest scheme does.
NOT_YET = {
    (19, 1, 9): 1,
    (19, 2, None): 2,
    (20, None, None): 1,
    (21, 1, None): 2,
    (23, 2, None): 1,
    (27, None, None): 1,
    (28, 1, None): 1,
    (36, 1, None): 1,
}
ONLY_THEN = {(24, None, None): 1}
FORMER = "heilongjiang-2025"
NEWEST = "heilongjiang-2026"

FINDINGS = {
    "deduction": {
        *((40, None, item) for item in range(1, 9)),
        (41, 1, 6),
        (42, None, None),
        (43, None, None),
    },
    "veto": {(41, 1, item) for item in range(1, 6)},
    "bonus": {(37, None, None), (38, None, None)},
}

PERSONAL_WORDS = ("姓名", "身份证", "护照", "手机", "住址", "出生", "籍贯", "家庭成员", "名单", "工号")


@pytest.fixture(scope="module", params=[FORMER, NEWEST])
def scheme(request):
    return load_scheme(shipped_schemes()[request.param])


@pytest.fixture(scope="module")
def regulation(scheme):
    return load_regulation(scheme.regulation)


def place_key(entry):
    return (entry.place.article, entry.place.paragraph, entry.place.item)


def test_a_shipped_file_is_named_after_its_id():
    assert {load_scheme(path).id for path in shipped_schemes().values()} == set(shipped_schemes())


def test_every_duty_of_the_regulation_has_its_indicators(scheme):
    found = Counter(place_key(i) for i in scheme.indicators)
    expected = Counter(DUTIES)
    if scheme.id == FORMER:
        expected = expected - Counter(NOT_YET) + Counter(ONLY_THEN)
    assert found == expected


def test_findings_are_those_of_articles_37_38_and_40_to_43(scheme):
    for kind, places in FINDINGS.items():
        assert {place_key(f) for f in scheme.findings if f.kind == kind} == places
    assert scheme.aggravation.place == Place(article=41, paragraph=2)


def test_all_44_articles_are_covered_or_explained_but_never_both(scheme, regulation):
    states = article_status(scheme, regulation)
    assert [s.article.number for s in states] == list(range(1, 45))
    assert [s.article.number for s in states if s.is_covered == bool(s.reason)] == []
    explained = [*range(1, 14), 18, 25, *([36] if scheme.id == FORMER else []), 39, 44]
    assert [s.article.number for s in states if s.reason] == explained


def test_every_place_exists_in_the_regulation(scheme, regulation):
    assert check_places(scheme, regulation) == []


def test_a_place_that_does_not_exist_is_named(scheme, regulation):
    indicator = scheme.by_id["T19-01"].model_copy(update={"place": Place(article=19, paragraph=1, item=10)})
    moved = scheme.model_copy(update={"indicators": (indicator,)})
    assert check_places(moved, regulation) == [
        "指标 T19-01：黑龙江省反间谍安全防范条例没有第十九条第一款第（十）项"
    ]


def test_indicators_follow_the_order_of_the_regulation(scheme):
    ids = [i.id for i in scheme.indicators]
    assert ids == sorted(ids)
    assert 60 <= len(ids) <= 75


@pytest.mark.parametrize(
    ("category", "newest", "former"),
    [
        ("organ", (28, 100), (25, 100)),
        ("mass_org", (27, 97), (25, 100)),
        ("key_enterprise", (27, 97), (25, 100)),
        ("key_unit", (41, 136), (36, 130)),
        ("cii_operator", (12, 53), (12, 52)),
        ("other", (9, 35), (9, 34)),
        ("committee", (9, 38), (10, 41)),
        ("government", (30, 112), (27, 112)),
        ("school", (9, 34), (9, 33)),
        ("party_school", (10, 40), (10, 39)),
    ],
)
def test_indicators_and_points_of_a_category(scheme, category, newest, former):
    own = scheme.indicators_for(category=category, tags=())
    expected = former if scheme.id == FORMER else newest
    assert (len(own), sum(i.points for i in own)) == expected


def test_an_id_keeps_its_meaning_from_year_to_year():
    former, newest = (load_scheme(shipped_schemes()[name]) for name in (FORMER, NEWEST))
    shared = set(former.by_id) & set(newest.by_id)
    assert len(shared) == 65
    for key in shared:
        one, other = former.by_id[key], newest.by_id[key]
        kept = ("title", "place", "dimension", "applies", "na")
        assert [getattr(one, name) for name in kept] == [getattr(other, name) for name in kept], key
    for entries in ("dimensions", "tags"):
        assert getattr(former, entries) == getattr(newest, entries)


def test_every_category_is_asked_enough_for_a_score_in_both_systems(scheme):
    for category in scheme.categories:
        own = scheme.indicators_for(category=category.id, tags=())
        assert len(own) >= 6
        for system in scheme.systems:
            assert sum(i.points * i.shares.get(system.id, 0) for i in own) > 0


def test_a_categorys_articles_are_those_it_is_asked_about(scheme):
    for category in scheme.categories:
        asked = {i.place.article for i in scheme.indicators_for(category=category.id, tags=())}
        assert set(category.articles) == asked, category.id


def test_an_organ_answers_every_type_of_question(scheme):
    own = scheme.indicators_for(category="organ", tags=())
    kinds = {(i.type, i.input) if i.type == "ratio" else i.type for i in own}
    assert kinds == {"yes_no", "level", ("ratio", "fraction"), ("ratio", "percent"), "count", "date"}


def test_article_19_and_article_20_share_the_units_between_them(scheme):
    for indicator in scheme.indicators:
        if indicator.place.article in (19, 35):
            assert set(indicator.applies.categories) == ART_19, indicator.id
    assert set(scheme.by_id["T20-01"].applies.categories) == ART_20
    assert {c.id for c in scheme.categories} == ART_19 | ART_20


def test_every_tag_brings_a_duty_of_its_own_article(scheme):
    for tag in scheme.tags:
        own = [i for i in scheme.indicators if tag.id in i.applies.tags]
        assert tag.place.article in {i.place.article for i in own}, tag.id


def test_a_tag_adds_to_a_category_and_counts_nothing_twice(scheme):
    school = scheme.indicators_for(category="school", tags=())
    university = scheme.indicators_for(category="school", tags=("university",))
    assert [i.id for i in university if i not in school] == ["T28-08"]
    assert len({i.id for i in university}) == len(university)


def test_core_duties_can_never_be_not_applicable(scheme):
    core = [
        i for i in scheme.indicators if place_key(i) in {(19, 1, 1), (19, 1, 2), (19, 1, 8), (24, None, None)}
    ]
    assert {i.na for i in core} == {"never"}


def test_journeys_abroad_may_rightly_have_nothing_to_report(scheme):
    journeys = [i for i in scheme.indicators if place_key(i) in {(19, 2, None), (28, 5, None)}]
    assert {i.na for i in journeys} == {"free"}
    assert "两年内再次出国（境）的，可以不重复开展行前教育" in scheme.by_id["T19-17"].criterion


def test_a_ratio_says_what_happens_when_its_denominator_is_0(scheme):
    for indicator in scheme.indicators:
        if indicator.type == "ratio" and indicator.na != "never":
            assert "分母为 0" in indicator.criterion, indicator.id


def test_no_text_asks_for_a_persons_data(scheme):
    fields = ("title", "question", "criterion", "evidence", "check", "numerator", "denominator")
    asked = [
        (i.id, field, word)
        for i in scheme.indicators
        for field in fields
        for word in PERSONAL_WORDS
        if word in getattr(i, field)
    ]
    assert asked == []


def test_texts_fit_a_workbook(scheme):
    for indicator in scheme.indicators:
        names = [level.name for level in indicator.levels]
        # a drop-down list written into the cell's rule may hold 255 characters, separated by ASCII commas
        assert len(",".join([*names, "不适用"])) <= 255, indicator.id
        assert not any("," in name for name in names), indicator.id
        assert not names or 3 <= len(names) <= 5, indicator.id
        assert [level.value for level in indicator.levels] == sorted(
            level.value for level in indicator.levels
        )
        assert indicator.question.endswith("？"), indicator.id
        assert indicator.measure or indicator.type != "count", indicator.id


def test_weights_are_labelled_as_examples(scheme):
    assert scheme.weights_note == "示例权重，须由考核主管部门核定"
    weights = (0.5, 0.5) if scheme.id == FORMER else (0.6, 0.4)
    assert [(s.id, s.weight) for s in scheme.systems] == [
        ("national_security", weights[0]),
        ("peaceful_province", weights[1]),
    ]


@pytest.mark.parametrize(
    ("place", "label"),
    [
        ({"article": 14}, "第十四条"),
        ({"article": 17, "paragraph": 2}, "第十七条第二款"),
        ({"article": 19, "paragraph": 1, "item": 1}, "第十九条第一款第（一）项"),
        ({"article": 40, "item": 8}, "第四十条第（八）项"),
        ({"article": 44}, "第四十四条"),
        ({"article": 101}, "第一百零一条"),
    ],
)
def test_a_place_is_labelled_as_lawyers_cite_it(place, label):
    assert Place(**place).label == label


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (20, "二十"), (44, "四十四"), (100, "一百"), (110, "一百一十")],
)
def test_chinese_numbers(number, text):
    assert chinese_number(number) == text


@pytest.mark.parametrize(
    ("year", "monday", "sunday"),
    [
        (2019, (4, 15), (4, 21)),  # 15 April is a Monday
        (2024, (4, 15), (4, 21)),  # a Monday again
        (2018, (4, 9), (4, 15)),  # a Sunday
        (2029, (4, 9), (4, 15)),  # a Sunday again
        (2025, (4, 14), (4, 20)),
        (2026, (4, 13), (4, 19)),
        (2027, (4, 12), (4, 18)),
        (2028, (4, 10), (4, 16)),  # a leap year
    ],
)
def test_the_education_week_runs_from_monday_to_sunday_around_15_april(scheme, year, monday, sunday):
    first, last = scheme.by_id["T24-01"].window.dates(year)
    assert (first, last) == (date(year, *monday), date(year, *sunday))
    assert (first.isoweekday(), last.isoweekday(), (last - first).days) == (1, 7, 6)
    assert first <= date(year, 4, 15) <= last


def test_the_yearly_training_counts_on_every_day_of_the_year_only(scheme):
    assert scheme.by_id["T27-01"].window.dates(2026) == (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(("month", "day"), [(2, 29), (2, 30), (4, 31)])
def test_a_window_on_a_day_that_not_every_year_has_is_refused(month, day):
    with pytest.raises(ValueError, match=f"不是每年都有 {month} 月 {day} 日"):
        Window(span="week", month=month, day=day)
