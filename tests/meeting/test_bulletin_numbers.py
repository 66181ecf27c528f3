"""The 通报 read back: every row of its tables and every number of its sentences is what the screens' queries answer."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from data import queries
from meeting.bulletin import KIND, PARTS
from meeting.material import gather
from reporting.notices import chinese_day
from reporting.theme import number, percent, signed
from scoring.rounding import round_half_up
from tests.meeting.conftest import LIVE, NOW
from tests.meeting.documents import numbers, paragraphs, table_with, whole_text


@pytest.fixture
def bulletin(material, tmp_path) -> bytes:
    return KIND.build(material, parts=PARTS, home=tmp_path)


def asked(material, query, **values):
    """A query of the screens for the material's cycle, asked anew."""
    return query(material.reading, cycle=material.cycle, **values)


def rows_of(material):
    """The compared regions in rank order, with the names that the paper gives them."""
    rows = asked(material, queries.region_scores, level=material.level, parent=material.parent)
    return named(material, rows[rows["registered"] > 0])


def named(material, rows):
    """Counties of the whole province stand with their prefecture."""
    is_spread = material.level == "county" and material.parent is None
    return rows.assign(name=rows["parent_name"] + rows["name"]) if is_spread else rows


def sentence_with(content: bytes, words: str) -> str:
    """The one paragraph that holds the words."""
    found = [text for text in paragraphs(content) if words in text]
    assert len(found) == 1, (words, found)
    return found[0]


def test_the_ranking_is_that_of_the_screen(material, bulletin):
    rows = rows_of(material)
    counts = rows["rank"].value_counts()
    tied = {row.name for row in rows.itertuples() if pd.notna(row.rank) and counts[row.rank] > 1}
    systems = {
        system.id: asked(material, queries.region_scores, level=material.level, parent=material.parent, basis=system.id)
        .set_index("code")["score"]
        for system in material.scheme.systems
    }  # fmt: skip
    d = material.decimals
    expected = [
        [
            "—" if pd.isna(row.rank) else f"{row.rank:.0f}" + ("（并列）" if row.name in tied else ""),
            row.name,
            str(row.registered),
            percent(row.submission_rate),
            number(row.score, d),
            " / ".join(number(scores[row.code], d) for scores in systems.values()),
            "—" if pd.isna(row.grade_name) else row.grade_name,
        ]
        for row in rows.itertuples()
    ]
    shown = table_with(bulletin, "名次")
    columns = [0, 1, 2, 3, 4, 5, 6]
    assert [[row[at] for at in columns] for row in shown] == expected


def test_scores_submissions_and_grades_are_said_as_they_are(material, bulletin):
    summary = asked(material, queries.region_summary, region=material.region)
    d, name = material.decimals, material.name
    handed_in = sentence_with(bulletin, f"{name}登记单位")
    missing = summary["registered"] - summary["submitted"]
    assert numbers(handed_in) == [
        str(summary["registered"]),
        str(summary["submitted"]),
        percent(summary["submission_rate"]),
        str(summary["on_time"]),
        percent(summary["on_time_rate"]),
        str(summary["submitted"] - summary["on_time"]),
        str(missing),
    ]
    result = sentence_with(
        bulletin, f"{name}得分{number(summary['score'], d)}分，等次为{summary['grade_name']}"
    )
    for system in material.scheme.systems:
        alone = asked(material, queries.region_summary, region=material.region, basis=system.id)
        assert f"{system.name}（权重{percent(system.weight, 0)}）{number(alone['score'], d)}分" in result
    counts = asked(material, queries.grade_counts, region=material.region)
    shares = table_with(bulletin, "单位（家）")
    assert [row[:2] for row in shares] == [[row.grade_name, str(row.units)] for row in counts.itertuples()]
    grades = sentence_with(bulletin, "家登记单位中，")
    assert numbers(grades.split("详见")[0]) == [
        str(counts["units"].sum()),
        *(text for row in counts.itertuples() for text in (str(row.units), percent(row.share))),
    ]


def test_the_year_before_is_compared(material, bulletin):
    if material.before is None:
        assert "与上年" not in whole_text(bulletin) and table_with(bulletin, "变化") is None
        return
    summary, d = asked(material, queries.region_summary, region=material.region), material.decimals
    before = queries.region_summary(material.reading, cycle=material.before, region=material.region)
    change = round_half_up(summary["score"] - before["score"], d)
    said = sentence_with(bulletin, "按责任制分别计算")
    if change:
        how = f"比{material.before}年度{'提高' if change > 0 else '下降'}{number(abs(change), d)}分"
    else:
        how = f"与{material.before}年度持平"
    assert how in said
    moves = named(
        material,
        asked(
            material,
            queries.region_moves,
            before=material.before,
            level=material.level,
            parent=material.parent,
        ),
    )
    known = moves[moves["moved"].notna()].set_index("name")
    for name, then, now, moved, *_ranks in table_with(bulletin, "变化"):
        row = known.loc[name]
        assert [then, now, moved] == [
            number(row["score_before"], d),
            number(row["score_now"], d),
            signed(row["moved"], d),
        ]
    risen = known[known["moved"] > 0].nlargest(3, "moved")
    if len(risen):
        said = sentence_with(bulletin, "上升较多的：")
        for name, row in risen.iterrows():
            assert (
                f"{name}由{material.before}年度的{number(row['score_before'], d)}分上升到{number(row['score_now'], d)}分"
                in said
            )
            assert row["causes"] in said


def test_gaps_are_the_costliest_with_their_articles(material, bulletin):
    gaps = asked(material, queries.region_gaps, region=material.region)
    gaps = gaps[gaps["gap"] > 0]
    d = material.decimals
    assert [row[1:] for row in table_with(bulletin, "占比")] == [
        [
            row.label,
            row.place,
            number(round_half_up(row.gap, d), d),
            percent(row.attainment),
            f"{row.units_short:.0f}/{row.units:.0f}",
            percent(row.units_short / row.units),
        ]
        for row in gaps.head(10).itertuples()
    ]
    said = sentence_with(bulletin, f"使{material.name}失分最多的指标：")
    for row in gaps.head(3).itertuples():
        assert f"{row.label}（{row.place}）失{number(round_half_up(row.gap, d), d)}分" in said


def test_self_assessment_findings_and_tasks_are_counted_as_on_their_screens(material, bulletin):
    summary, d = asked(material, queries.region_summary, region=material.region), material.decimals
    inflation = sentence_with(bulletin, f"{material.name}自评得分")
    assert numbers(inflation)[:2] == [
        number(summary["self_score"], d),
        number(abs(summary["self_inflation"]), d),
    ]
    rows = rows_of(material).set_index("name")
    for name, score, off, share in table_with(bulletin, "核定比例"):
        row = rows.loc[name]
        assert [score, off, share] == [
            number(row["self_score"], d), signed(row["self_inflation"], d), percent(row["verified_share"], 0)
        ]  # fmt: skip
    findings = asked(material, queries.findings, region=material.region, today=material.today)
    findings = findings[findings["is_standing"]]
    shown = table_with(bulletin, "件数") or []
    assert sum(int(row[3]) for row in shown) == len(findings)
    for kind, _, _, count, units, points in shown:
        assert int(count) >= int(units) > 0 and (points == "—") == (kind == "一票否决")
    vetoed = findings[findings["kind"] == "veto"]
    text = whole_text(bulletin)
    assert all(
        f"{row.unit_name}（" in text and chinese_day(row.on_date) in text for row in vetoed.itertuples()
    )
    tasks = asked(material, queries.task_summary, region=material.region, today=material.today)
    if tasks["given_out"]:
        said = sentence_with(bulletin, f"{material.name}下达整改任务")
        assert numbers(said)[:2] == [str(tasks["given_out"]), str(tasks["done"])]
        rates = named(
            material,
            asked(
                material,
                queries.task_rates,
                level=material.level,
                parent=material.parent,
                today=material.today,
            ),
        ).set_index("name")
        for name, given_out, done, rate, answered, waiting, overdue in table_with(bulletin, "销号率"):
            row = rates.loc[name]
            assert [given_out, done, rate, answered, waiting, overdue] == [
                str(row["given_out"]), str(row["done"]), percent(row["closing_rate"]), str(row["answered"]),
                str(row["waiting"]), str(row["overdue"]),
            ]  # fmt: skip
    else:
        assert table_with(bulletin, "销号率") is None


def test_every_number_of_the_text_is_one_that_a_query_gives(material, bulletin):
    """Nothing in the sentences is made up: each number is a cell of some frame, printed, or a count or difference of them."""
    known = _printed(material)
    strangers = {}
    for text in paragraphs(bulletin):
        text = re.sub(r"第[\d（）一二三四五六七八九十、条款项]+", " ", text)  # articles; ranks are held above
        text = re.sub(r"^（?\d+[.）]|附件\d*\.?|表\d+|^\s*\d+\. ", " ", text)
        unknown = [each for each in numbers(text) if each not in known]
        if unknown and not text.startswith(
            ("考核方案", "公布数据", "得分：", "地区得分", "等次：", "名次：", "数据：", "最近一份")
        ):
            strangers[text] = unknown
    assert not strangers


def _printed(material) -> set[str]:
    """Every number of the frames as it may be printed, and counts of rows that a sentence may give."""
    m, d = material, material.decimals
    where = {"level": m.level, "parent": m.parent}
    frames = [
        rows_of(m),
        asked(m, queries.grade_counts, region=m.region),
        asked(m, queries.region_gaps, region=m.region),
        asked(m, queries.region_dimensions, region=m.region),
        asked(m, queries.waterfall, region=m.region),
        asked(m, queries.system_ranks, **where),
        asked(m, queries.task_rates, today=m.today, **where),
        pd.DataFrame([asked(m, queries.region_summary, region=m.region)]),
        pd.DataFrame([asked(m, queries.region_summary)]),
        pd.DataFrame([asked(m, queries.task_summary, region=m.region, today=m.today)]),
        pd.DataFrame(
            [asked(m, queries.region_summary, region=m.region, basis=s.id) for s in m.scheme.systems]
        ),
    ]
    if m.before is not None:
        frames += [
            asked(m, queries.region_moves, before=m.before, **where),
            asked(m, queries.bridge, before=m.before, region=m.region),
            pd.DataFrame([queries.region_summary(m.reading, cycle=m.before, region=m.region)]),
        ]
    known = {str(n) for n in range(max(len(frames[0]), 31) + 1)} | {
        str(len(asked(m, queries.units, region=m.region)))
    }
    for frame in frames:
        for column in frame:
            for value in frame[column].dropna():
                if isinstance(value, str):
                    known |= set(numbers(value))
                elif isinstance(value, int | float) or hasattr(value, "item"):
                    known |= _ways(float(value), d)
    scores = [float(score) for frame in frames[:1] for score in frame["score"].dropna()]
    known |= _ways(max(scores) - min(scores), d) if scores else set()
    known |= _sums(m, d)
    return known


def _ways(value: float, decimals: int) -> set[str]:
    """A number as points, as a count and as per cent, without its sign."""
    value = abs(value)
    ways = {number(round_half_up(value, places), places) for places in (0, 1, decimals)} | {
        number(value, decimals)
    }
    return ways | {percent(value), percent(value, 0)} if value <= 1 else ways


def _sums(m, d: int) -> set[str]:
    """What sentences add up: missing and late ones, what the first five indicators cost together, findings and their points."""
    summary = asked(m, queries.region_summary, region=m.region)
    gaps = asked(m, queries.region_gaps, region=m.region)
    findings = asked(m, queries.findings, region=m.region, today=m.today)
    findings = findings[findings["is_standing"]]
    units = asked(m, queries.units, region=m.region)
    off = (
        units.loc[units["score"].notna(), "self_inflation"]
        .dropna()
        .map(lambda value: round_half_up(value, d))
    )
    before = queries.region_summary(m.reading, cycle=m.before, region=m.region) if m.before else {}
    tasks = asked(m, queries.tasks, region=m.region, today=m.today)
    values = [
        summary["registered"] - summary["submitted"],
        summary["submitted"] - summary["on_time"],
        100 - summary["score"],
        summary["score"] - before.get("score", summary["score"]),
        gaps["gap"].head(5).sum(),
        gaps["gap"].head(5).sum() / gaps["gap"].sum(),
        *(gaps["units_short"] / gaps["units"]),
        len(findings), findings["unit"].nunique(), len(off), (off > 0).sum(), (off < 0).sum(), (off == 0).sum(), off.max(),
        *findings.groupby("kind").size(), *findings.groupby("kind")["applied"].sum(), *findings.groupby("kind")["unit"].nunique(),
        *findings.groupby("state").size(), findings["is_overdue"].sum(),
        *tasks.groupby("state").size(), *tasks.groupby("deadline").size(), *tasks.groupby("deadline")["unit"].nunique(),
    ]  # fmt: skip
    known = set().union(*(_ways(float(value), d) for value in values if pd.notna(value)))
    schemes = queries.comparability(m.reading, cycle=m.cycle, before=m.before) if m.before else None
    if schemes is not None:
        kinds = pd.Series([each.presence for each in schemes.indicators])
        known |= {str(count) for count in kinds.value_counts()}
        alike = [each for each in schemes.indicators if each.presence == "both"]
        known |= {str(sum(not each.asked for each in alike)), str(sum(bool(each.asked) for each in alike))}
    periods = m.scheme.periods
    known |= {percent(system.weight, 0) for system in m.scheme.systems}
    return known | ({str(value) for value in periods.model_dump().values()} if periods else set())


def test_before_the_deadline_nothing_is_ranked(meeting_store, tmp_path):
    early = meeting_store.cycle(LIVE).deadline.replace(day=1)
    with gather(meeting_store, cycle=LIVE, now=early) as material:
        content = KIND.build(material, parts=PARTS, home=tmp_path)
        text = whole_text(content)
        rows = material.regions
    assert "不排名次" in text and "填报进展" in text
    assert table_with(content, "名次") is None and table_with(content, "变化") is None
    assert not re.search(r"(列|居)第\d+位|，等次为", text)
    assert [row[1] for row in table_with(content, "已提交（家）")] == list(rows["name"])


def test_demands_name_the_open_tasks_days(meeting_store, tmp_path):
    with gather(meeting_store, cycle=2025, now=NOW) as material:
        content = KIND.build(material, parts=["demands"], home=tmp_path)
        tasks = queries.tasks(material.reading, cycle=2025, today=material.today)
    overdue = tasks[tasks["is_overdue"].astype(bool)]
    if len(overdue):
        assert f"{len(overdue)}项" in sentence_with(content, "整改逾期任务")
    waiting = tasks[tasks["state"].isin(["issued", "rejected"]) & ~tasks["is_overdue"].astype(bool)]
    for day in sorted(set(waiting["deadline"]))[:1]:
        assert chinese_day(day) in whole_text(content)
