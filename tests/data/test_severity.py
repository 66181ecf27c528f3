"""Differences between reviewers, against a second implementation that goes ruling by ruling in plain loops."""

from __future__ import annotations

import math
import shutil
from collections import defaultdict
from statistics import mean, stdev

import pytest

from data import queries
from data.course.acting import OutOfHandError, region_of_stage
from data.course.recording import add_review
from data.model import Actor, Answer, Review, Scope
from data.queries.severity import FEW_RULINGS
from data.regions import prefecture_of, regions_by_code
from data.store import Store
from tests.scoring.naive import attainment

CYCLE, PROVINCE = 2026, "230000"
STEPS = ("county", "prefecture", "province")


@pytest.fixture(scope="module")
def store(demo_home, tmp_path_factory):
    """The demo, with rulings of two more posts in each place on what stands there, and some an older program made."""
    opened = Store.open(shutil.copytree(demo_home, tmp_path_factory.mktemp("severity") / "home"))
    units = opened.units(cycle=CYCLE)
    scheme = opened.scheme(CYCLE)
    current = dict(opened.rows("select unit, submission from current_submission where cycle = 2026"))
    with opened.write() as transaction:
        for at, (unit, submission) in enumerate(sorted(current.items())):
            for n, indicator in enumerate(
                scheme.indicators_for(category=units[unit].category, tags=units[unit].tags)
            ):
                if (at + n) % 3 or indicator.type not in ("yes_no", "level"):
                    continue
                names = sorted(indicator.choices, key=indicator.choices.get)
                stage = STEPS[(at + n) % 2 + 1]
                transaction.actor = Actor(f"post-{(at * n) % 2}", stage, "test")
                ruling = Review(
                    unit, indicator.id, stage, "answered", "核对", choice=names[(at * n) % len(names)]
                )
                add_review(transaction, cycle=CYCLE, submission=submission, review=ruling)
    yield opened
    opened.close()


def naive_rulings(store) -> list[dict]:
    """Every ruling that stands, with what stood before it."""
    scheme, units = store.scheme(CYCLE), store.units(cycle=CYCLE)
    current = dict(store.rows("select unit, submission from current_submission where cycle = 2026"))
    answers = {}
    for row in store.query("select * from answer").to_dict("records"):
        answers[row["submission"], row["indicator"]] = row
    newest = {}
    for row in store.query("select * from review where cycle = 2026 order by seq").to_dict("records"):
        if current.get(row["unit"]) == row["submission"]:
            newest[row["unit"], row["indicator"], row["stage"]] = row
    rulings = []
    for (unit, indicator, stage), row in newest.items():
        claim = answers.get((current[unit], indicator))
        below = [newest.get((unit, indicator, s)) for s in STEPS[: STEPS.index(stage)]]
        before = next((b for b in reversed(below) if b is not None), claim)
        is_na = claim is not None and claim["state"] == "na"
        entry = scheme.by_id[indicator]
        rulings.append(
            {
                "stage": stage,
                "region": region_of_stage(units[unit].region, stage),
                "account": row["account"],
                "category": units[unit].category,
                "indicator": indicator,
                "is_na": is_na,
                "is_refused": row["state"] != "na",
                "is_changed": before is None or value(row) != value(before),
                "lowering": None if is_na else (x_of(entry, before) if before else 0.0) - x_of(entry, row),
            }
        )
    return rulings


def value(row) -> tuple:
    return tuple(
        None if row[name] is None or row[name] != row[name] else row[name]
        for name in ("choice", "number", "numerator", "denominator", "on_date")
    )


def x_of(indicator, row) -> float:
    choice, number, numerator, denominator, on_date = value(row)
    answer = Answer(
        indicator.id,
        row["state"],
        "",
        "",
        "",
        choice,
        number,
        numerator,
        denominator,
        on_date and on_date.date(),
    )
    return attainment(indicator, answer, CYCLE)


def circle_of(ruling, by: str) -> tuple:
    if by == "category":
        return ruling["stage"], ruling["category"]
    is_county = ruling["stage"] == "county"
    return ruling["stage"], prefecture_of(ruling["region"]) if is_county else PROVINCE


def naive_severity(store, by: str) -> dict:
    rulings = naive_rulings(store)
    usual, of_reviewer, of_circle, posts = (defaultdict(list) for _ in range(4))
    for r in rulings:
        if not r["is_na"]:
            usual[r["stage"], r["indicator"], r["category"]].append(r["lowering"])
    for r in rulings:
        if not r["is_na"]:
            r["beyond"] = r["lowering"] - mean(usual[r["stage"], r["indicator"], r["category"]])
            of_circle[circle_of(r, by)].append(r["beyond"])
            posts[circle_of(r, by)].append((r["region"], r["account"]))
        key = (r["stage"], r["region"], r["account"], r["category"] if by == "category" else None)
        of_reviewer[key].append(r)
    told = {}
    for key, mine in of_reviewer.items():
        judged = [r for r in mine if not r["is_na"]]
        claims = [r for r in mine if r["is_na"]]
        beyond = [r["beyond"] for r in judged]
        circle = circle_of(mine[0], by)
        reviewers = len(set(posts[circle]))
        told[key] = {
            "rulings": len(mine),
            "judged": len(judged),
            "changed_share": mean(r["is_changed"] for r in judged) if judged else None,
            "lowering": mean(r["lowering"] for r in judged) if judged else None,
            "beyond": mean(beyond) if judged else None,
            "standard_error": stdev(beyond) / math.sqrt(len(beyond)) if len(beyond) > 1 else None,
            "reviewers": reviewers,
            "difference": mean(beyond) - mean(of_circle[circle]) if judged and reviewers > 1 else None,
            "na_decided": len(claims),
            "na_refused_share": mean(r["is_refused"] for r in claims) if claims else None,
        }
    return told


@pytest.mark.parametrize("by", ["region", "category"])
def test_differences_are_those_of_going_ruling_by_ruling(store, by):
    frame = queries.severity(store, cycle=CYCLE, by=by)
    naive = naive_severity(store, by)
    assert len({key[0] for key in naive}) == 3
    found = {
        (row["stage"], row["region"], row["account"], row["category"] if by == "category" else None): row
        for row in frame.to_dict("records")
    }
    assert set(found) == set(naive)
    for key, expected in naive.items():
        for name, wanted in expected.items():
            got = found[key][name]
            assert (
                (got != got or got is None) if wanted is None else got == pytest.approx(wanted, abs=1e-12)
            ), (
                key,
                name,
            )


def test_what_is_few_is_never_called_apart(store):
    frame = queries.severity(store, cycle=CYCLE)
    assert (frame["is_few"] == (frame["judged"] < FEW_RULINGS)).all()
    assert not (frame["is_few"] & frame["is_apart"]).any()
    apart = frame[frame["is_apart"]]
    assert ((apart["low"] > 0) | (apart["high"] < 0)).all()


def test_with_nobody_to_compare_with_there_is_no_difference(store):
    frame = queries.severity(store, cycle=CYCLE)
    assert frame[frame["reviewers"] < 2]["difference"].isna().all()
    assert frame[frame["reviewers"] > 1]["difference"].notna().any()


def test_the_lowerings_beyond_the_usual_add_up_to_nothing_in_each_stage(store):
    frame = queries.severity(store, cycle=CYCLE, by="category")
    for _, rows in frame.groupby(["stage", "category"]):
        assert (rows["beyond"] * rows["judged"]).sum() == pytest.approx(0, abs=1e-9)


def test_only_who_sees_the_whole_province_is_told(store):
    assert len(queries.severity(store.seen_by(Scope(PROVINCE)), cycle=CYCLE))
    county = next(
        u.region for u in store.units(cycle=CYCLE).values() if regions_by_code()[u.region].level == "county"
    )
    for scope in (Scope("230100"), Scope(county), Scope(PROVINCE, unit="x")):
        with pytest.raises(OutOfHandError, match="只有省级"):
            queries.severity(store.seen_by(scope), cycle=CYCLE)
