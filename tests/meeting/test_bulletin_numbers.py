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
            "—" if pd.isna(row.rank) else ("并列" if row.name in tied else "") + f"{row.rank:.0f}",
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


def test_places_said_in_sentences_are_those_of_the_ranking(material, bulletin):
    rows, d = rows_of(material), material.decimals
    ranked = rows[rows["rank"].notna()]
    if len(ranked) <= 6:
        said, listed = sentence_with(bulletin, "得分由高到低："), ranked
    else:
        said = sentence_with(bulletin, "居前的是：")
        listed = ranked[
            (ranked["rank"] <= ranked["rank"].iloc[2]) | (ranked["rank"] >= ranked["rank"].iloc[-3])
        ]
        apart = round_half_up(ranked["score"].max() - ranked["score"].min(), d)
        assert f"得分最高与最低相差{number(apart, d)}分" in said
    places = [(int(rank), score) for rank, score in re.findall(r"第(\d+)位（([\d.]+)分）", said)]
    expected = listed.groupby("rank")["score"].first()
    assert places == [(int(rank), number(score, d)) for rank, score in expected.items()]
    for rank, same in listed.groupby("rank"):
        tie = "并列" if len(same) > 1 else ""
        names = "、".join(same["name"].head(5)) + (f"等{len(same)}地" if len(same) > 5 else "")
        assert f"{names}{tie}第{rank:.0f}位" in said
    score = asked(material, queries.region_summary, region=material.region)["score"]
    known = rows.loc[rows["code"] != material.region, "score"].dropna()
    if len(known) > 1:
        same = (known == score).sum()
        above = sentence_with(bulletin, f"得分高于{material.name}（")
        assert f"的{(known > score).sum()}个，低于的{(known < score).sum()}个" in above
        assert ("持平" in above) == (same > 0)
    own = asked(material, queries.region_summary, region=material.region)
    if material.region:
        assert f"列第{own['rank']}位" in sentence_with(
            bulletin, f"{material.name}得分{number(score, d)}分，等次为"
        )


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
    known = moves[moves["moved"].notna()].sort_values(["moved", "code"], ascending=[False, True])
    listed = known if len(known) <= 20 else pd.concat([known.head(10), known.tail(10)])
    assert table_with(bulletin, "变化") == [
        [
            row.name,
            number(row.score_before, d),
            number(row.score_now, d),
            signed(row.moved, d),
            number(row.rank_before, 0),
            number(row.rank_now, 0),
        ]
        for row in listed.itertuples()
    ]
    for way, rows in (
        ("上升", known[known["moved"] > 0].nlargest(3, "moved")),
        ("下降", known[known["moved"] < 0].nsmallest(3, "moved")),
    ):
        if rows.empty:
            assert f"{way}较多的：" not in whole_text(bulletin)
            continue
        said = sentence_with(bulletin, f"{way}较多的：")
        for row in rows.itertuples():
            places = f"第{row.rank_before:.0f}位到第{row.rank_now:.0f}位"
            if row.rank_before == row.rank_now:
                places = f"均为第{row.rank_now:.0f}位"
            assert (
                f"{row.name}由{material.before}年度的{number(row.score_before, d)}分{way}到{number(row.score_now, d)}分（{places}）"
            ) in said
            assert row.causes in said


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
        assert (
            f"{row.label}（{row.place}）失{number(round_half_up(row.gap, d), d)}分，有此项义务的{row.units:.0f}家已提交单位中"
            f"{row.units_short:.0f}家未得满分"
        ) in said
    common = gaps.assign(share=gaps["units_short"] / gaps["units"])
    common = common.sort_values(["share", "units_short", "key"], ascending=[False, False, True]).head(3)
    said = sentence_with(bulletin, "未得满分的单位所占比例最高的指标：")
    for row in common.itertuples():
        assert (
            f"{row.label}（{row.place}）{row.units:.0f}家中{row.units_short:.0f}家，占{percent(row.share)}"
            in said
        )
    dimensions = asked(material, queries.region_dimensions, region=material.region).dropna(
        subset="attainment"
    )
    best, worst = (
        dimensions.loc[getattr(dimensions["attainment"], which)()] for which in ("idxmax", "idxmin")
    )
    said = sentence_with(bulletin, "从考核维度看")
    assert numbers(said) == [percent(best["attainment"]), percent(worst["attainment"])]
    assert best["dimension_name"] in said and worst["dimension_name"] in said


def test_self_assessment_findings_and_tasks_are_counted_as_on_their_screens(material, bulletin):
    summary, d = asked(material, queries.region_summary, region=material.region), material.decimals
    assert f"自评偏差{signed(summary['self_inflation'], d)}分" in sentence_with(
        bulletin, f"{material.name}自评得分{number(summary['self_score'], d)}分"
    )
    rows = rows_of(material).dropna(subset="self_inflation")
    rows = rows.sort_values(["self_inflation", "code"], ascending=[False, True]).head(20)
    assert table_with(bulletin, "核定比例") == [
        [row.name, number(row.self_score, d), signed(row.self_inflation, d), percent(row.verified_share, 0)]
        for row in rows.itertuples()
    ]
    findings = asked(material, queries.findings, region=material.region, today=material.today)
    findings = findings[findings["is_standing"]]
    groups = {
        (rows["kind_name"].iloc[0], rows["finding_name"].iloc[0], rows["place"].iloc[0]): (
            str(len(rows)),
            str(rows["unit"].nunique()),
            "—" if kind == "veto" else number(round_half_up(rows["applied"].sum(), 1), 1),
        )
        for (kind, _), rows in findings.groupby(["kind", "finding"])
    }
    shown = table_with(bulletin, "件数") or []
    assert {(row[0], row[1], row[2]): tuple(row[3:]) for row in shown} == groups and len(shown) == len(groups)
    vetoed = findings[findings["kind"] == "veto"]
    text = whole_text(bulletin)
    assert all(
        f"{row.unit_name}（" in text and chinese_day(row.on_date) in text for row in vetoed.itertuples()
    )
    tasks = asked(material, queries.task_summary, region=material.region, today=material.today)
    if tasks["given_out"]:
        said = numbers(sentence_with(bulletin, f"{material.name}下达整改任务"))
        assert said[:3] == [str(tasks["given_out"]), str(tasks["done"]), percent(tasks["closing_rate"])]
        assert {str(tasks[state]) for state in ("answered", "waiting")} <= set(said)
        rates = named(
            material,
            asked(
                material,
                queries.task_rates,
                level=material.level,
                parent=material.parent,
                today=material.today,
            ),
        )
        rates = rates[rates["given_out"] > 0]
        if len(rates) > 20:
            rates = rates.sort_values(["overdue", "waiting", "code"], ascending=[False, False, True]).head(20)
        columns = ("given_out", "done", "closing_rate", "answered", "waiting", "overdue")
        assert table_with(bulletin, "销号率") == [
            [row["name"], *(percent(row[c]) if c == "closing_rate" else str(row[c]) for c in columns)]
            for row in rates.to_dict("records")
        ]
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
    assert not re.search(r"第\d+位|，等次为|居首", text)
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
