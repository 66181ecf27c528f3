"""Figures and sentences for ranks under other weights: what they show is what the queries answered."""

from __future__ import annotations

import pandas as pd
import pytest

from data import queries
from reporting import charts
from reporting.palette import LOOKS
from reporting.rank_marks import say_places, say_share
from reporting.robustness_headlines import (
    say_change,
    say_first_change,
    say_pairs,
    say_robustness,
    say_what_if,
)
from scoring.trial_input import Trial

CYCLE = 2026
ALL_LOOKS = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)


def asked(store, query, **values):
    return query(store, cycle=CYCLE, level="prefecture", **values)


def moved(store) -> pd.DataFrame:
    scheme = store.scheme(CYCLE)
    trial = Trial(systems={scheme.systems[0].id: 0.9, scheme.systems[1].id: 0.1}, factors={"foreign": 3.0})
    return asked(store, queries.what_if, weights=trial.weights(scheme))


def drawn(ranks: list[tuple[int, int, int, float]]) -> pd.DataFrame:
    """Regions of (rank, low, high, keeps)."""
    return pd.DataFrame(
        [
            {"code": f"{n}", "name": f"第{n}市", "parent_name": "省", "score": 90.0 - n, "rank": rank,
             "rank_median": rank, "rank_low": low, "rank_high": high, "keeps": keeps}
            for n, (rank, low, high, keeps) in enumerate(ranks, 1)
        ]
    )  # fmt: skip


@ALL_LOOKS
def test_intervals_run_from_the_low_to_the_high_rank(demo_store, look):
    rows = asked(demo_store, queries.redrawn)
    bars, medians, dots, texts = charts.draw_rank_intervals(rows, look=look, decimals=2).data
    middle = [base + length / 2 for base, length in zip(bars.base, bars.x, strict=True)]
    assert middle == pytest.approx(((rows["rank_low"] + rows["rank_high"]) / 2).tolist())
    assert list(medians.x) == rows["rank_median"].tolist()
    assert list(dots.x) == rows["rank"].tolist()
    assert list(dots.customdata) == rows["code"].tolist()
    for row, text in zip(rows.itertuples(), texts.text, strict=True):
        assert f"<b>{say_places(row)}</b>" in text


def test_pairs_show_the_least_certain_first(demo_store):
    look = LOOKS["light"]
    pairs = asked(demo_store, queries.redrawn_pairs)
    bars = charts.draw_undecided_pairs(pairs, look=look).data[1]
    assert list(bars.x) == sorted(pairs["holds"])[:20]


def test_a_weight_has_a_triangle_where_two_regions_change_places(demo_store):
    frame = asked(demo_store, queries.first_changes).head(20)
    fig = charts.draw_first_changes(frame, look=LOOKS["light"])
    low, high = fig.layout.xaxis.range
    for end in ("down", "up"):
        marks = next(trace for trace in fig.data if trace.name == end)
        changes = (frame[end].astype(float) - 1).dropna()
        assert list(marks.x) == pytest.approx([c for c in changes if low <= c <= high])
    assert any(len(trace.x) for trace in fig.data if trace.name in ("down", "up"))


def test_ranks_before_and_after_stand_side_by_side(demo_store):
    rows = moved(demo_store)
    fig = charts.draw_rank_moves(rows, look=LOOKS["light"], decimals=2)
    lines = {trace.customdata[0]: trace for trace in fig.data if trace.mode == "lines+markers+text"}
    ranked = rows[rows["rank_before"].notna() & rows["rank_after"].notna()]
    assert len(ranked) > 5
    assert set(lines) == set(ranked["code"])
    for row in ranked.itertuples():
        assert list(lines[row.code].text) == [str(row.rank_before), str(row.rank_after)]


def test_of_many_regions_the_largest_moves_are_drawn():
    count = 60
    rows = pd.DataFrame(
        {
            "code": [f"{n}" for n in range(count)],
            "name": [f"第{n}县" for n in range(count)],
            "score_before": 80.0,
            "score_after": 81.0,
            "rank_before": range(1, count + 1),
            "rank_after": range(count, 0, -1),
        }
    )
    before, after = charts.draw_rank_moves(rows, look=LOOKS["dark"], decimals=2).data
    assert list(zip(before.x, after.x, strict=True))[:4] == [(1, 60), (60, 1), (2, 59), (59, 2)]
    assert len(before.x) == 25


def test_causes_are_drawn_so_that_they_add_up_to_the_whole_change():
    changes = [(-1) ** n * (20 - n) / 8 for n in range(20)]
    frame = pd.DataFrame(
        {
            "label": [f"指标{n}" for n in range(20)],
            "change": changes,
            "printed": [round(c, 2) for c in changes],
        }
    )
    bar = charts.draw_causes(frame, look=LOOKS["light"], decimals=2).data[0]
    assert sum(bar.x) == pytest.approx(sum(changes))
    assert len(bar.x) == 16


def test_the_ranking_has_the_interval_beside_each_bar(demo_store):
    scores = asked(demo_store, queries.region_scores)
    drawn_rows = asked(demo_store, queries.redrawn)[["code", "rank_low", "rank_high"]]
    rows = scores.merge(drawn_rows, on="code", how="left")
    options = {"look": LOOKS["light"], "decimals": 2}
    fig = charts.draw_ranked_bars(rows, with_intervals=True, **options)
    marks = [trace for trace in fig.data if trace.xaxis == "x2"]
    lines = [trace for trace in marks if trace.mode == "lines"]
    known = rows[rows["rank_low"].notna()]
    assert [(round(t.x[0] + 0.35), round(t.x[1] - 0.35)) for t in lines] == [
        (int(row.rank_low), int(row.rank_high)) for row in known.itertuples()
    ]
    assert [text.strip() for text in marks[-1].text] == [say_places(row) for row in rows.itertuples()]
    assert not [t for t in charts.draw_ranked_bars(scores, **options).data if t.xaxis == "x2"]


@pytest.mark.parametrize(
    ("ranks", "said"),
    [
        ([(1, 1, 1, 1.0), (2, 2, 2, 1.0)], "2 个市的名次在 90% 的重抽中都不变；第 1 名第1市在 100%的重抽中保持"),
        ([(1, 1, 2, 0.92), (2, 1, 2, 0.92), (3, 3, 3, 0.999)], "3 个市中 2 个名次不稳：第1市、第2市；第 1 名第1市在 92%的重抽中保持"),
        ([(1, 1, 2, 0.4), (1, 1, 2, 0.4)], "2 个市的名次都不稳；并列第 1 名的有第1市、第2市"),
        ([(1, 1, 1, 1.0)], ""),
    ],
)  # fmt: skip
def test_the_headline_counts_the_ranks_that_move(ranks, said):
    assert say_robustness(drawn(ranks), level="市") == said


@pytest.mark.parametrize(
    ("share", "said"), [(1, "100%"), (0.999, "99% 以上"), (0.5, "50%"), (0.001, "不到 1%"), (0, "0%")]
)
def test_a_share_is_called_all_or_none_only_where_it_is(share, said):
    assert say_share(share) == said


def test_the_headlines_say_what_the_frames_hold(demo_store):
    pairs = asked(demo_store, queries.redrawn_pairs)
    open_pairs = pairs[~pairs["is_decided"]]
    assert f"{len(pairs)} 对相邻地区中 {len(open_pairs)} 对" in say_pairs(pairs)
    assert open_pairs.sort_values("holds")["above_name"].iloc[0] in say_pairs(pairs)
    assert "都成立" in say_pairs(pairs.assign(is_decided=True))
    first = asked(demo_store, queries.first_changes)
    assert (
        f"“{first['title'].iloc[0]}”：单独变动 {say_change(first['change'].iloc[0])} 时"
        in say_first_change(first)
    )
    assert "都不变" in say_first_change(first.assign(change=None))
    rows = moved(demo_store)
    count = int((rows["rank_change"].fillna(0) != 0).sum())
    assert count > 0
    assert f"{count} 个位次改变" in say_what_if(rows, level="市（地）")
    assert "名次都不变" in say_what_if(rows.assign(rank_change=0), level="市（地）")


def test_a_change_of_weight_has_its_sign():
    assert [say_change(each) for each in (0.0312, -0.46, None)] == ["+3.1%", "−46%", "—"]


def test_of_many_regions_the_interval_is_drawn_from_the_own_rank():
    rows = drawn([(n, max(n - 3, 1), n + 5, 0.5) for n in range(1, 41)]).assign(
        grade="good", grade_name="良好"
    )
    fig = charts.draw_ranked_bars(rows, with_intervals=True, look=LOOKS["light"], decimals=2)
    lines = [trace for trace in fig.data if trace.xaxis == "x2" and trace.mode == "lines"]
    assert [round(x) for x in lines[9].x] == [-3, 5]
    assert [round(x) for x in lines[0].x] == [0, 5]
