"""Who is checked and what falls short again, against a second implementation that goes unit by unit in plain loops."""

from __future__ import annotations

import hashlib
import json
import math
import random
import shutil
import unicodedata
from collections import Counter, defaultdict
from dataclasses import asdict, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from threading import Thread

import pandas as pd
import pytest

from data import queries
from data.course.recording import record_findings, record_reviews
from data.course.sampling import SamplePlan, candidates, draw_by_seed, draw_sample, scheme_plan
from data.examine import Examined
from data.intake import keep_examined
from data.model import Actor, Answer, FindingEvent, Review, Scope, Unit
from data.queries.repeats import refresh_years
from data.regions import is_within
from data.store import Store, StoreError
from scoring.scheme import parse_scheme
from tests.data.small import SCHEME_PATH

SOURCE = (
    SCHEME_PATH.read_text("utf-8")
    + """
[[findings]]
id = "F40-1"
kind = "deduction"
name = "示例责令改正事项"
place = { article = 40 }
points = 3

[[findings]]
id = "B37-1"
kind = "bonus"
name = "示例表彰"
place = { article = 37 }
points = 1
"""
)
SCHEME = parse_scheme(SOURCE, name="small")
CYCLE, BEFORE, PROVINCE = 2026, 2025, "230000"
TODAY = date(2026, 12, 1)
REGIONS = ("230102", "230103", "230202", "230100")
ROLES = {"230000": "province", "230100": "prefecture", "230102": "county"}
TEXTS = (
    "示例〔2026〕12号文件第三部分",
    "示例(2026)12号文件，第三部分",
    "示例〔２０２６〕12号 文件第三部分",
    "会议纪要①",
    "会议纪要1",
    "签到册",
)
PLAN = SamplePlan(
    random_share=0.2,
    top_share=0.1,
    jump=20.0,
    inflation=10.0,
    rare=0.3,
    unusual=2,
    copied=3,
    evidence_length=8,
)


def seen_as(store, region):
    role = ROLES[region]
    return store.seen_by(Scope(region), actor=Actor(f"post-{role}", role, "test"))


@pytest.fixture(scope="module")
def year_home(tmp_path_factory):
    """Two years of sixty units with everything that a rule looks at; not to be changed."""
    home = tmp_path_factory.mktemp("sampling") / "home"
    chance = random.Random(7)
    store = Store.open(home)
    scheme = home.parent / "scheme.toml"
    scheme.write_text(SOURCE, "utf-8")
    units = [
        Unit(f"U{n:03d}", f"示例单位{n}", REGIONS[n % 4], "school" if n % 9 == 0 else "organ")
        for n in range(60)
    ]
    for cycle in (BEFORE, CYCLE):
        store.open_cycle(
            cycle=cycle,
            scheme_path=scheme,
            opens_on=date(cycle, 3, 1),
            deadline=datetime(cycle, 11, 30, 18),
        )
        store.register_units(cycle=cycle, units=units)
        for unit in units:
            if chance.random() < 0.1:
                continue
            for time in range(1 + (chance.random() < 0.1)):
                _hand_in(store, cycle, unit, chance, time=time)
        submitted = dict(
            store.rows("select unit, submission from current_submission where cycle = $c", c=cycle)
        )
        reviews = [
            Review(unit, "T19-01", "county", "answered", "核", choice=chance.choice(["是", "否"]))
            for unit in submitted
            if chance.random() < 0.5
        ]
        record_reviews(store, cycle=cycle, reviews=reviews)
    _add_findings_and_tasks(store, units, chance)
    yield home, store
    store.close()


@pytest.fixture
def fresh(year_home, tmp_path):
    """A copy that a test may draw in."""
    home, _ = year_home
    store = Store.open(shutil.copytree(home, tmp_path / "home"))
    yield store
    store.close()


def _hand_in(store, cycle, unit, chance, *, time):
    good = chance.random()
    answers = []
    for row, indicator in enumerate(SCHEME.indicators_for(category=unit.category, tags=unit.tags), start=6):
        value = {
            "yes_no": lambda: {"choice": "是" if chance.random() < good else "否"},
            "level": lambda i=indicator: {"choice": chance.choice(list(i.choices))},
            "ratio": lambda: {"number": chance.choice([0.0, 0.5, 1.0])},
            "count": lambda: {"number": float(chance.choice([0, 0, 0, 1, 2, 9]))},
            "date": lambda: {"on_date": date(cycle, 4, chance.choice([1, 15]))},
        }[indicator.type]()
        answers.append(
            Answer(
                indicator.id, "answered", str(next(iter(value.values()))), "自评表", f"E{row}", **value,
                evidence=chance.choice(TEXTS) if chance.random() < 0.7 else f"{unit.code}自有材料{row}",
            )
        )  # fmt: skip
    key = f"{cycle} {unit.code} {time}"
    late = chance.random() < 0.1
    file = Examined(
        filename=f"{key}.xlsx",
        content=key.encode(),
        sha256=hashlib.sha256(key.encode()).hexdigest(),
        unit=unit.code,
        template_version="1",
        answers=tuple(answers),
        problems=(),
        received_at=datetime(cycle, 12, 5) if late else datetime(cycle, 9, 1),
    )
    keep_examined(store, cycle=cycle, examined=[file], as_of=store.context_version(cycle))


def _add_findings_and_tasks(store, units, chance):
    kinds = [SCHEME.findings[0], SCHEME.findings[0], SCHEME.findings[0], SCHEME.findings[1]]
    states = ("ordered", "corrected", "overdue", "corrected_late", "confirmed", "concluded", None)
    findings = [
        FindingEvent(
            key=f"f{n}", unit=unit.code, finding=kinds[n % len(kinds)].id, on_date=date(BEFORE, 6, 1), document="示例文号",
            is_overdue=n % 5 == 0, indicator=("T19-01", "T19-05", None)[n % 3], state=states[n % 7],
            deadline=(date(2026, 11, 30), date(2026, 12, 1), None)[n % 3 if n % 2 else 0],
        )
        for n, unit in enumerate(units) if chance.random() < 0.4
    ]  # fmt: skip
    record_findings(store, cycle=BEFORE, findings=findings)
    with store.write() as transaction:
        for n, unit in enumerate(units):
            if chance.random() < 0.4:
                seq = transaction.record("task", cycle=BEFORE, detail=unit.code)
                row = {
                    "seq": seq, "cycle": BEFORE, "task": f"t{n}", "unit": unit.code, "source": "loss",
                    "indicator": ("T19-03", "T24-01")[n % 2], "finding_key": None, "title": "示例任务", "required": "改",
                    "proof": "照片", "deadline": (date(2026, 11, 30), date(2026, 12, 1))[n % 2], "move": "x",
                    "state": ("issued", "answered", "done", "withdrawn")[n % 4],
                    "on_date": (date(2026, 11, 30), date(2026, 12, 2))[n % 3 == 0], "note": "",
                    "account": "x", "role": "province", "recorded_at": datetime(2026, 11, 1),
                }  # fmt: skip
                transaction.add("task_event", row)
        for unit in units[::11]:
            seq = transaction.record("return", cycle=CYCLE, detail=unit.code)
            row = {
                "seq": seq, "cycle": CYCLE, "unit": unit.code, "submission": 0, "stage": "county", "state": "returned",
                "message": "补", "account": "x", "role": "county", "recorded_at": transaction.at,
            }  # fmt: skip
            transaction.add("return_event", row)


# ---- the second implementation


def records(store, sql, **values):
    rows = store.query(sql, **values).to_dict("records")
    return [{k: None if v is None or v != v else v for k, v in row.items()} for row in rows]


def rounded(value):
    return float(Decimal(repr(round(value, 9))).quantize(Decimal("0.01"), ROUND_HALF_UP))


def plain(text):
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c)[0] != "P")


def naive_repeats(store):
    """(unit, indicator, kind) of what the year before had and falls short again; and those that were not in time."""
    now = {
        (r["unit"], r["indicator"]): r["x"]
        for r in records(store, "select * from result_counted_value where cycle = 2026")
    }
    had = []
    names = {finding.id: finding for finding in SCHEME.findings}
    for f in records(store, "select * from current_finding where cycle = 2025"):
        if names[f["finding"]].kind == "bonus":
            continue
        late = f["is_overdue"] or f["state"] in ("overdue", "corrected_late")
        if f["state"] in ("ordered", "confirmed"):
            late = late or f["deadline"] is None or f["deadline"].date() < TODAY
        had.append((f["unit"], f["indicator"], "finding", bool(late)))
    for t in records(store, "select * from current_task where cycle = 2025"):
        if t["state"] != "withdrawn":
            end = t["on_date"].date() if t["state"] == "done" else TODAY
            had.append((t["unit"], t["indicator"], "task", end > t["deadline"].date()))
    for v in records(store, "select * from result_counted_value where cycle = 2025"):
        if v["stage"] is not None and v["x"] is not None and v["x"] < 1:
            had.append((v["unit"], v["indicator"], "loss", False))

    def is_short(unit, indicator):
        x = now.get((unit, indicator))
        return x is not None and x < 1

    again = {(u, i, k) for u, i, k, _ in had if is_short(u, i)}
    sampled = {u for u, i, k, late in had if late or (k != "loss" and is_short(u, i))}
    return again, sampled


def naive_picks(store, region, plan):
    """Rule → the units it picks."""
    units = store.units(cycle=CYCLE)
    score = {
        (r["cycle"], r["unit"]): r
        for r in records(store, "select * from result_unit_score where basis = 'composite'")
        if r["submission"] is not None
    }
    submitted = {u for c, u in score if c == CYCLE}
    inside = {u for u in submitted if is_within(units[u].region, region)}
    picks = defaultdict(set)
    for category in SCHEME.categories:
        mine = {u: rounded(score[CYCLE, u]["self_base"]) for u in inside if units[u].category == category.id}
        most = math.floor(round(plan.top_share * len(mine), 9))
        if len(mine) >= SCHEME.rules.min_group and plan.top_share:
            most = max(most, 1)
        picks["top"] |= {u for u in mine if sum(s > mine[u] for s in mine.values()) < most}
    for u in inside:
        last = score.get((BEFORE, u))
        if last and round(rounded(score[CYCLE, u]["self_base"]) - last["score"], 9) >= plan.jump:
            picks["jump"].add(u)
        if last and rounded(last["self_base"] - last["base"]) >= plan.inflation:
            picks["inflation"].add(u)
        if score[CYCLE, u]["is_late"]:
            picks["late"].add(u)
    files = Counter(r["unit"] for r in records(store, "select unit from submission where cycle = 2026"))
    sent_back = {r["unit"] for r in records(store, "select unit from return_event where cycle = 2026")}
    picks["resent"] = {u for u in inside if files[u] > 1 or u in sent_back}
    claims = defaultdict(dict)
    for v in records(store, "select * from result_counted_value where cycle = 2026"):
        if v["self_x"] is not None:
            claims[units[v["unit"]].category, v["indicator"]][v["unit"]] = v["self_x"]
    odd = Counter()
    for xs in claims.values():
        for u, x in xs.items():
            reach = sum(other >= x for other in xs.values()) / len(xs)
            odd[u] += x > 0 and len(xs) >= SCHEME.rules.min_group and reach < plan.rare
    picks["unusual"] = {u for u in inside if odd[u] >= plan.unusual}
    texts = defaultdict(set)
    sql = "select unit, indicator, evidence from current_submission join answer using (submission) where cycle = 2026"
    evidence = [(r["unit"], r["indicator"], plain(r["evidence"])) for r in records(store, sql)]
    for u, indicator, text in evidence:
        texts[indicator, text].add(u)
    same = Counter(
        u for u, i, text in evidence if len(text) >= plan.evidence_length and len(texts[i, text]) > 1
    )
    picks["copied"] = {u for u in inside if same[u] >= plan.copied}
    picks["last_year"] = {u for u in naive_repeats(store)[1] if is_within(units[u].region, region)}
    return {rule: found for rule, found in picks.items() if found}, inside


def picked(frame):
    found = defaultdict(set)
    for row in frame.itertuples(index=False):
        found[row.rule].add(row.unit)
    return dict(found)


VARIATIONS = (
    {},
    {"jump": 0.0, "top_share": 0.0},
    {"unusual": 1, "rare": 0.5},
    {"copied": 1, "evidence_length": 5},
    {"copied": 2, "evidence_length": 16, "top_share": 0.5},
    {"inflation": 0.0, "unusual": 3},
)


@pytest.mark.parametrize("region", ["230000", "230100"])
@pytest.mark.parametrize("changes", VARIATIONS)
def test_every_rule_picks_what_going_unit_by_unit_picks(year_home, changes, region):
    store, plan = year_home[1], replace(PLAN, **changes)
    refresh_years(store, cycle=CYCLE)
    expected, inside = naive_picks(store, region, plan)
    for reader in (store, seen_as(store, region)):
        frame, submitted = candidates(reader, cycle=CYCLE, region=region, plan=plan, today=TODAY)
        assert picked(frame) == expected
        assert set(submitted) == inside
        assert (frame["why"].str.len() > 0).all()
        assert not frame.duplicated(["unit", "rule"]).any()


def test_each_rule_picks_somebody_in_the_register_tried(year_home):
    assert set(naive_picks(year_home[1], PROVINCE, replace(PLAN, jump=0.0, unusual=1))[0]) == {
        "top", "jump", "inflation", "unusual", "copied", "late", "resent", "last_year",
    }  # fmt: skip


@pytest.mark.parametrize("rule", ["jump", "inflation"])
def test_a_threshold_in_points_picks_who_just_reaches_it_and_not_who_just_misses_it(year_home, rule):
    store = year_home[1]
    column = {"jump": "rise", "inflation": "inflated_by"}[rule]
    given = {"cycle": CYCLE, "region": PROVINCE, "previous": BEFORE, "top_share": 0.0}
    given |= {"jump": 0.0, "inflation": 0.0}
    from data.queries.ask import query_text

    facts = store.query(query_text("sample_facts"), **given)
    row = facts[facts[column] > 0].iloc[0]
    for threshold, is_picked in ((row[column], True), (row[column] + 0.01, False)):
        plan = replace(PLAN, **{rule: float(threshold)})
        frame, _ = candidates(store, cycle=CYCLE, region=PROVINCE, plan=plan, today=TODAY)
        assert (row["unit"] in picked(frame).get(rule, set())) == is_picked


def test_what_falls_short_again_is_what_going_row_by_row_finds(year_home):
    store = year_home[1]
    frame = queries.region_repeats(store, cycle=CYCLE, today=TODAY)
    found = set(zip(frame["code"], frame["indicator"], frame["kind"], strict=True))
    again, _ = naive_repeats(store)
    assert found == again and {kind for _, _, kind in found} == {"finding", "task", "loss"}
    assert (frame["x"] < 1).all() and frame["is_repeat"].all()
    told_of = frame.drop_duplicates("kind")["code"].tolist()
    nothing = sorted(set(queries.units(store, cycle=CYCLE)["code"]) - set(frame["code"]))
    # one at least for each kind, and some of which no year tells anything
    for unit in [*told_of, *nothing[:3]]:
        mine = queries.unit_repeats(store, cycle=CYCLE, unit=unit, today=TODAY)
        expected = frame[frame["code"] == unit].reset_index(drop=True)
        # a column of nothing but missing values has no kind of its own
        pd.testing.assert_frame_equal(*(rows.astype(object).fillna("") for rows in (mine, expected)))
    assert frame["said"].str.contains("2025 年").all()
    told = queries.attention(store, cycle=CYCLE)["text"]
    formal = frame[frame["kind"] != "loss"].drop_duplicates(["code", "indicator"])
    assert told.str.contains(f"{len(formal)} 项上年认定").any()


def test_without_a_year_before_nothing_repeats_and_nobody_jumped(year_home):
    store = year_home[1]
    assert queries.region_repeats(store, cycle=BEFORE, today=TODAY).empty
    frame, _ = candidates(store, cycle=BEFORE, region=PROVINCE, plan=PLAN, today=TODAY)
    assert not {"jump", "inflation", "last_year"} & set(frame["rule"])


# ---- the drawing


def test_chance_is_the_same_everywhere_for_the_same_seed():
    codes = [f"U{n:03d}" for n in range(30)]
    assert draw_by_seed(codes, share=0.1, seed=42) == draw_by_seed(codes[::-1] + codes, share=0.1, seed=42)
    by_hash = sorted(codes, key=lambda c: hashlib.sha256(f"42:{c}".encode()).hexdigest())
    assert draw_by_seed(codes, share=0.1, seed=42) == sorted(by_hash[:3])
    assert draw_by_seed(codes, share=0.1, seed=42) != draw_by_seed(codes, share=0.1, seed=43)
    assert [len(draw_by_seed(codes, share=s, seed=1)) for s in (0, 0.1, 0.101, 1)] == [0, 3, 4, 30]


def test_a_drawing_is_kept_with_its_seed_plan_and_reasons(fresh):
    province = seen_as(fresh, PROVINCE)
    preview = queries.sample_preview(fresh, cycle=CYCLE, region=PROVINCE, plan=PLAN, today=TODAY)
    drawn = draw_sample(
        province, cycle=CYCLE, region=PROVINCE, seed=5, plan=PLAN, reason="年度抽查", today=TODAY
    )
    counts = dict(zip(preview["rules"]["rule"], preview["rules"]["units"], strict=True))
    assert drawn.by_rule == {rule: n for rule, n in counts.items() if n}
    assert drawn.units == preview["units"]
    kept = queries.sample_draws(province, cycle=CYCLE).iloc[0]
    assert (kept["seed"], json.loads(kept["plan"]), kept["reason"]) == (5, asdict(PLAN), "年度抽查")
    assert kept["units"] == drawn.units
    picks = queries.sample_picks(province, cycle=CYCLE)
    expected, inside = naive_picks(fresh, PROVINCE, PLAN)
    rest = inside - set().union(*expected.values())
    chosen = set(picks[picks["rule"] == "random"]["code"])
    assert chosen == set(draw_by_seed(rest, share=PLAN.random_share, seed=5))
    assert chosen
    assert picks[picks["rule"] == "random"]["why"].str.contains("随机数 5").all()


def test_a_second_drawing_adds_and_takes_nobody_twice(fresh):
    province = seen_as(fresh, PROVINCE)
    draw_sample(province, cycle=CYCLE, region=PROVINCE, seed=5, plan=PLAN, today=TODAY)
    first = queries.sample_picks(province, cycle=CYCLE)
    draw_sample(province, cycle=CYCLE, region=PROVINCE, seed=6, plan=PLAN, today=TODAY)
    both = queries.sample_picks(province, cycle=CYCLE)
    second = both[~both["seq"].isin(first["seq"])]
    assert set(second["rule"]) == {"random"}
    assert not set(second["code"]) & set(first["code"])
    assert not both.duplicated(["code", "rule"]).any()


def test_of_two_who_draw_at_once_nobody_is_picked_twice_for_the_same(fresh):
    def draw(seed):
        province = seen_as(fresh, PROVINCE)
        draw_sample(province, cycle=CYCLE, region=PROVINCE, seed=seed, plan=PLAN, today=TODAY)

    threads = [Thread(target=draw, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    picks = queries.sample_picks(fresh, cycle=CYCLE)
    assert picks["seq"].nunique() == 2
    assert not picks.duplicated(["code", "rule"]).any()


def test_when_nobody_is_left_the_drawing_is_refused(fresh):
    plan = replace(PLAN, random_share=1.0)
    draw_sample(fresh, cycle=CYCLE, region=PROVINCE, seed=1, plan=plan, today=TODAY)
    with pytest.raises(StoreError, match="没有新的单位"):
        draw_sample(fresh, cycle=CYCLE, region=PROVINCE, seed=2, plan=plan, today=TODAY)


@pytest.mark.parametrize(
    ("reader", "region", "changes", "says"),
    [
        ("230100", "230202", {}, "抽查由省级"),
        ("230100", "230000", {}, "抽查由省级"),
        ("230102", "230102", {}, "抽查由省级"),
        ("230000", "239999", {}, "没有地区 239999"),
        ("230000", "230000", {"plan": replace(PLAN, rare=1.5)}, "rare"),
        ("230000", "230000", {"plan": replace(PLAN, copied=0)}, "copied"),
        ("230000", "230000", {"seed": 0}, "随机数 0"),
        ("230000", "230000", {"reason": "电话 13904510000"}, "个人信息"),
        ("230000", "230000", {"reason": "长" * 501}, "最多 500"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_nothing_written(year_home, reader, region, changes, says):
    store = year_home[1]
    before = store.rows("select max(seq) from journal")
    given = {"seed": 1, "plan": PLAN} | changes
    with pytest.raises(StoreError, match=says):
        draw_sample(seen_as(store, reader), cycle=CYCLE, region=region, today=TODAY, **given)
    assert store.rows("select max(seq) from journal") == before
    assert store.rows("select count(*) from sample_draw") == [(0,)]


def test_a_prefecture_draws_its_own_and_is_told_no_name_beyond_a_units_region(fresh):
    city = seen_as(fresh, "230100")
    draw_sample(city, cycle=CYCLE, region="230100", seed=1, plan=PLAN, today=TODAY)
    units = fresh.units(cycle=CYCLE)
    picks = queries.sample_picks(fresh, cycle=CYCLE)
    assert {units[code].region for code in picks["code"]} <= {"230100", "230102", "230103"}
    copied = picks[picks["rule"] == "copied"]
    assert len(copied)
    for row in copied.itertuples(index=False):
        named = {code for code in units if f"（{code}）" in row.why}
        assert {units[code].region for code in named} <= {row.region}


def test_a_unit_never_learns_that_it_is_sampled(fresh):
    draw_sample(fresh, cycle=CYCLE, region=PROVINCE, seed=1, plan=PLAN, reason="年度", today=TODAY)
    picks = queries.sample_picks(fresh, cycle=CYCLE)
    code = picks["code"].iloc[0]
    region = fresh.unit(cycle=CYCLE, code=code).region
    unit = fresh.seen_by(Scope(region, unit=code), actor=Actor(code, "unit", "test"))
    assert queries.sample_picks(unit, cycle=CYCLE).empty
    assert queries.sample_draws(unit, cycle=CYCLE).empty
    for name in ("sample_pick", "sample_draw", "current_sample", "answer_reach", "copied_evidence"):
        assert unit.rows(f"select count(*) from {name}") == [(0,)]
    assert (
        not queries.unit_history(unit, cycle=CYCLE, unit=code)
        .astype(str)
        .apply(lambda column: column.str.contains("抽查"))
        .any(axis=None)
    )
    with pytest.raises(StoreError, match="抽查由省级"):
        draw_sample(unit, cycle=CYCLE, region=region, seed=1, plan=PLAN)


def test_the_thresholds_are_the_schemes_or_there_are_none(year_home, demo_store):
    assert scheme_plan(year_home[1], cycle=CYCLE) is None
    plan = scheme_plan(demo_store, cycle=CYCLE)
    assert asdict(plan) == demo_store.scheme(CYCLE).sampling.model_dump()
