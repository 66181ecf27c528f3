"""A faulty scheme file is refused with a text that names every culprit.

Each fault is an edit of the shipped file, named for what it breaks, and the culprits its error must name.
"""

import pytest

from scoring.scheme import SchemeError, load_scheme, parse_scheme, shipped_schemes


@pytest.fixture(scope="module")
def path():
    return shipped_schemes()["heilongjiang-2026"]


FAULTS = {
    "unknown-key": (
        [("\npoints = 5\n", "\npoint = 5\n")],
        ["[T19-01].points：缺少此项", "[T19-01].point：没有这个键"],
    ),
    "unknown-top-level-key": (
        [('\nversion = "2026.3"', '\nverson = "x"\nversion = "2026.3"')],
        ["verson：没有这个键"],
    ),
    "unlikely-with-unknown-indicator": (
        [
            (
                'first = { indicator = "T27-01", says = "dated" }',
                'first = { indicator = "T27-09", says = "dated" }',
            )
        ],
        ["unlikely[U01].first.indicator：没有指标 T27-09"],
    ),
    "unlikely-not-fitting-the-type": (
        [
            (
                'first = { indicator = "T19-09", says = "some" }',
                'first = { indicator = "T19-09", says = "yes" }',
            )
        ],
        ['unlikely[U05].first：says = "yes" 不适合数量指标 T19-09，可用：zero、some、at_least、at_most、na'],
    ),
    "unlikely-with-unknown-level": (
        [('says = "at_least", level = "档案完整"', 'says = "at_least", level = "档案齐全"')],
        [
            "unlikely[U12].first：指标 T19-15 没有“档案齐全”一档，可用：未建立、有档案不完整、档案完整、完整且及时归档"
        ],
    ),
    "unlikely-without-its-bound": (
        [('says = "at_most", value = 0.5', 'says = "at_most", level = "一半"')],
        [
            'unlikely[U14].second：says = "at_most" 缺少 value',
            'unlikely[U14].second：level 与 says = "at_most"、比率指标 T19-14 不符',
        ],
    ),
    "unlikely-na-where-nobody-may-claim-it": (
        [('{ indicator = "T19-14", says = "na" }', '{ indicator = "T19-10", says = "na" }')],
        ['unlikely[U15].first：指标 T19-10 不得申报不适用，不能写 says = "na"'],
    ),
    "unlikely-of-one-indicator": (
        [
            (
                'second = { indicator = "T27-02", says = "zero" }',
                'second = { indicator = "T27-01", says = "dated" }',
            )
        ],
        ["unlikely[U01]：first 和 second 是同一项指标 T27-01，应为两项"],
    ),
    "unlikely-of-units-that-never-meet": (
        [
            (
                'second = { indicator = "T26-02", says = "zero" }',
                'second = { indicator = "T28-03", says = "zero" }',
            )
        ],
        ["unlikely[U25]：没有单位同时填报指标 T26-01和T28-03，这条规则不会生效"],
    ),
    "unlikely-with-unknown-word": (
        [
            (
                'first = { indicator = "T23-01", says = "zero" }',
                'first = { indicator = "T23-01", says = "never" }',
            )
        ],
        ["unlikely[U27].first.says：“never”不在允许的值之内"],
    ),
    "shares-not-summing-to-1": (
        [
            (
                "national_security = 0.5, peaceful_province = 0.5 ",
                "national_security = 0.5, peaceful_province = 0.4 ",
            )
        ],
        ["指标 T15-01：shares 之和应为 1，现为 0.9"],
    ),
    "negative-share": (
        [
            (
                "national_security = 0.5, peaceful_province = 0.5 ",
                "national_security = 1.5, peaceful_province = -0.5 ",
            )
        ],
        [
            "[T15-01].shares.national_security：1.5 应不大于 1",
            "[T15-01].shares.peaceful_province：-0.5 应不小于 0",
        ],
    ),
    "unknown-system": (
        [("{ national_security = 0.7, peaceful_province = 0.3 }", "{ secrecy = 1.0 }")],
        ["指标 T14-01：没有责任制 secrecy"],
    ),
    "system-weights-not-summing-to-1": (
        [("weight = 0.4\n", "weight = 0.5\n")],
        ["责任制权重之和应为 1，现为 1.1"],
    ),
    "unknown-dimension": (
        [('dimension = "support"', 'dimension = "suport"')],
        ["指标 T16-01：没有维度 suport"],
    ),
    "unknown-category": (
        [('categories = ["committee"]', 'categories = ["village"]')],
        ["指标 T23-01：没有类别 village"],
    ),
    "unknown-expected-tag": (
        [('expects_one_of = ["primary", "secondary"]', 'expects_one_of = ["primary", "kindergarten"]')],
        ["类别 school：没有标签 kindergarten"],
    ),
    "unknown-tag": ([('tags = ["liaison"]', 'tags = ["liason"]')], ["指标 T17-02：没有标签 liason"]),
    "nobody-concerned": (
        [('applies = { tags = ["liaison"] }', "applies = {}")],
        ["指标 T17-02：没有适用对象"],
    ),
    "duplicate-indicator": ([('id = "T19-03"', 'id = "T19-02"')], ["指标编号 T19-02 重复 2 次"]),
    "duplicate-finding": ([('id = "F40-2"', 'id = "F40-1"')], ["认定事项编号 F40-1 重复 2 次"]),
    "duplicate-category-name": ([('name = "人民团体"', 'name = "机关"')], ["类别名称 机关 重复 2 次"]),
    "missing-window": ([('window = { span = "year" }\n', "")], ["指标 T27-01：类型 date 缺少 window"]),
    "missing-target": ([("target = 1\n", "")], ["指标 T19-04：类型 count 缺少 target"]),
    "missing-denominator": (
        [('denominator = "本年度归国的人次"\n', "")],
        ["指标 T19-21：比率须写明 numerator 和 denominator"],
    ),
    "target-of-another-type": (
        [('id = "T19-05"\n', 'id = "T19-05"\ntarget = 3\n')],
        ["指标 T19-05：target 与类型 yes_no 不符"],
    ),
    "levels-not-reaching-1": (
        [('{ name = "已明确且积极配合", value = 1 }', '{ name = "已明确且积极配合", value = 0.9 }')],
        ["指标 T14-01：levels 须从 0 到 1"],
    ),
    "duplicate-level-name": (
        [('name = "已明确承办部门"', 'name = "未落实"')],
        ["指标 T14-01：levels 名称 未落实 重复 2 次"],
    ),
    "level-named-not-applicable": (
        [('name = "已明确承办部门"', 'name = "不适用"')],
        ["指标 T14-01：levels 名称不得为“不适用”"],
    ),
    "id-of-another-article": ([('id = "T20-02"', 'id = "T21-02"')], ["指标 T21-02：编号应以 T20- 开头"]),
    "finding-id-of-another-kind": (
        [('id = "V41-5"', 'id = "F41-5"')],
        ["认定事项 F41-5：编号应以 V41- 开头"],
    ),
    "malformed-id": ([('id = "T20-02"', 'id = "20-2"')], ["[20-2].id：“20-2”的写法不符合"]),
    "title-too-long": (
        [('title = "归国访谈"', f'title = "{"归" * 19}"')],
        ["[T19-21].title：文字过长，最多 18 字"],
    ),
    "unknown-type": ([('type = "date"', 'type = "day"')], ["[T24-01].type：“day”不在允许的值之内"]),
    "points-as-text": ([("\npoints = 6\n", '\npoints = "six"\n')], ["[T17-02].points：“six”应为数"]),
    "no-points": ([("\npoints = 6\n", "\npoints = 0\n")], ["[T17-02].points：0 应大于 0"]),
    "grades-out-of-order": ([("min_score = 75", "min_score = 95")], ["等次须从高到低排列"]),
    "article-covered-and-explained": (
        [("[[uncovered]]\narticle = 44", "[[uncovered]]\narticle = 14")],
        ["uncovered：第 14 条已有指标或者认定事项"],
    ),
    "article-explained-twice": ([("article = 44", "article = 39")], ["uncovered：第 39 条重复 2 次"]),
    "not-toml": ([("[rules]", "[rules")], ["不是有效的 TOML"]),
    "many-faults-at-once": (
        [
            ("\npoints = 5\n", "\npoint = 5\n"),
            ('dimension = "support"', 'dimension = "suport"'),
            ("target = 1\n", ""),
            ('id = "F40-2"', 'id = "F40-1"'),
            ("[[uncovered]]\narticle = 44", "[[uncovered]]\narticle = 14"),
        ],
        [
            "[T19-01].point：没有这个键",
            "指标 T16-01：没有维度 suport",
            "指标 T19-04：类型 count 缺少 target",
            "认定事项编号 F40-1 重复 2 次",
            "uncovered：第 14 条已有指标或者认定事项",
        ],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_scheme_is_refused_naming_every_culprit(path, fault):
    edits, culprits = FAULTS[fault]
    text = path.read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(SchemeError) as caught:
        parse_scheme(text, name=f"{fault}.toml")
    message = str(caught.value)
    assert message.startswith(f"{fault}.toml")
    assert [culprit for culprit in culprits if culprit not in message] == [], message


def test_an_error_has_no_english_sentence_of_the_library(path):
    text = path.read_text("utf-8").replace("points = ", "pointz = ").replace("weight = ", "weight = -")
    with pytest.raises(SchemeError) as caught:
        parse_scheme(text, name="faulty.toml")
    for sentence in ("Field required", "Extra inputs", "Input should", "Value error"):
        assert sentence not in str(caught.value)


def test_a_file_that_does_not_exist_is_the_programs_fault(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_scheme(tmp_path / "none.toml")


def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "gbk.toml"
    path.write_bytes('title = "方案"'.encode("gbk"))
    with pytest.raises(SchemeError, match="不是 UTF-8"):
        load_scheme(path)
