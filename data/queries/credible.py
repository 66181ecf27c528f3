"""How far the self-assessments carry: self-inflation, answers unlikely together, shared evidence, uniform answering.

Signs for whoever checks (供核查参考), none of them a fault: nothing here changes a score. Thresholds are those of drawing
samples (`sampling` of the scheme), rules on unlikely answers its `unlikely`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.moment import Moment
from data.queries.all_units import as_if_alone, kept_frame, narrowed, of_all_units
from data.queries.ask import COMPOSITE, PROVINCE, ask
from data.queries.units import units
from data.store import Store
from scoring.rounding import round_half_up
from scoring.scheme import Sampling, Scheme

ALL_CATEGORIES = "all"
GROUP_COLUMNS = ["indicator", "text", "length", "units", "regions", "own", "evidence", "title"]
MEMBER_COLUMNS = ["code", "name", "region_name", "category_name", "evidence", "sheet", "cell"]
OVERSTATED_TEXTS = ["indicator", "title", "place", "dimension_name"]
LEAST_GRADED = 3  # fewer graded answers are alike too easily
SIGNS = {
    "inflation": "自评高于核定",
    "unlikely": "不易并存",
    "copied": "佐证相同",
    "uniform": "填报无变化",
    "identical": "整表相同",
    "unusual": "少见填报",
}


def inflation_by_region(
    store: Store,
    *,
    cycle: int,
    level: str | None = None,
    parent: str | None = None,
    region: str | None = None,
    basis: str = COMPOSITE,
) -> pd.DataFrame:
    """One row per region of a level, or the one region, and unit category, the total first: code, name, parent,
    parent_name, category ("all": together), category_name, submitted, verified (units of which anything was), inflation
    (mean of self base − base in points over the verified), low, median, high (quartiles), verified_share (mean share of
    their points that was verified).

    The figures are missing where fewer than the scheme's min_group were verified. By category only regions within the
    reader's own; of others that may be seen as a whole, the total.
    """
    rows = kept_frame(
        store,
        ("inflation by region", basis),
        lambda moment: ask(moment, "inflation_regions", cycle=cycle, basis=basis),
        cycle=cycle,
    )
    chosen = rows["row_level"] == level if region is None else rows["code"] == region
    if parent is not None:
        chosen = chosen & (rows["parent"] == parent)
    return as_if_alone(rows[chosen]).drop(columns=["row_level", "position"])


def overstated(
    store: Store,
    *,
    cycle: int,
    region: str | None = None,
    category: str | None = None,
    basis: str = COMPOSITE,
) -> pd.DataFrame:
    """One row per indicator that was ruled on for the reader's units of a region: indicator, title, article, place,
    dimension_name, rulings, lowered, raised, lowered_share, lowering (mean of attainment over the lowered), points (mean of
    the units' scores over the lowered). Most often lowered first; shares and means missing under min_group rulings."""
    rows = narrowed(
        of_all_units(store, "overstated", cycle=cycle, basis=basis), region=region, category=category
    )
    sums = rows.groupby("indicator")[["rulings", "lowered", "raised", "lowering", "points"]].sum()
    scheme = store.scheme(cycle)
    entries = [entry for entry in scheme.indicators if entry.id in sums.index]
    dimensions = {dimension.id: dimension.name for dimension in scheme.dimensions}
    sums = sums.loc[[entry.id for entry in entries]].reset_index()
    is_enough = sums["rulings"] >= scheme.rules.min_group
    means = sums[["lowering", "points"]].div(sums["lowered"].where(is_enough & (sums["lowered"] > 0)), axis=0)
    frame = pd.DataFrame(
        {
            "indicator": sums["indicator"],
            "title": [entry.title for entry in entries],
            "article": [entry.place.article for entry in entries],
            "place": [entry.place.label for entry in entries],
            "dimension_name": [dimensions[entry.dimension] for entry in entries],
            **{name: sums[name].astype(int) for name in ("rulings", "lowered", "raised")},
            "lowered_share": (sums["lowered"] / sums["rulings"]).where(is_enough),
            **means,
        }
    ).astype({**dict.fromkeys(OVERSTATED_TEXTS, "str"), "article": int})
    # a stable sort: those alike stay in the scheme's order
    return frame.sort_values(
        ["lowered", "lowered_share"], ascending=False, kind="stable", ignore_index=True, na_position="last"
    )


def unlikely_answers(
    store: Store, *, cycle: int, region: str | None = None, category: str | None = None
) -> pd.DataFrame:
    """One row per unit of the reader's in a region and rule of the scheme's `unlikely` that its own answers meet: code,
    name, region, region_name, category, category_name, rule, rule_name, why, and for first_ and second_: indicator, title,
    answer (as typed), sheet, cell. In the order of the rules."""
    frame = kept_frame(store, "unlikely answers", lambda moment: _unlikely(moment, cycle=cycle), cycle=cycle)
    return narrowed(frame, region=region, category=category)


def _unlikely(moment: Moment, *, cycle: int) -> pd.DataFrame:
    frame = ask(moment, "unlikely", cycle=cycle, region=PROVINCE).drop(columns="position")
    scheme = moment.scheme(cycle)
    rules = {rule.id: rule for rule in scheme.unlikely}
    return frame.assign(
        rule_name=[rules[rule].name for rule in frame["rule"].tolist()],
        why=[rules[rule].why for rule in frame["rule"].tolist()],
        first_title=[scheme.by_id[i].title for i in frame["first_indicator"].tolist()],
        second_title=[scheme.by_id[i].title for i in frame["second_indicator"].tolist()],
    )


def unlikely_counts(hits: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """unlikely_answers by rule of the scheme's `unlikely`, in its order: rule, rule_name, conditions (in words), why, units
    (that meet it, 0 too), regions (that these stand in)."""
    met = hits.groupby("rule").agg(units=("code", "nunique"), regions=("region", "nunique"))
    frame = pd.DataFrame(
        [
            {
                "rule": rule.id,
                "rule_name": rule.name,
                "conditions": "，且".join(c.describe(scheme.by_id[c.indicator]) for c in rule.conditions),
                "why": rule.why,
            }
            for rule in scheme.unlikely
        ],
        columns=["rule", "rule_name", "conditions", "why"],
    )
    frame = frame.merge(met, left_on="rule", right_index=True, how="left")
    return frame.fillna({"units": 0, "regions": 0}).astype({"units": int, "regions": int})


def copied_groups(
    store: Store, *, cycle: int, region: str | None = None, category: str | None = None
) -> pd.DataFrame:
    """One row per indicator and evidence text, of the scheme's evidence_length or more, that a unit of the reader's in the
    region shares: indicator, title, text (without blanks and punctuation, a key), evidence (as one of them typed it),
    length, units and regions (that have it, over the province), own (how many of them are the reader's in the region).
    The most shared first; empty without thresholds."""
    limits = thresholds(store, cycle=cycle)
    if limits is None:
        return pd.DataFrame(columns=GROUP_COLUMNS)
    rows = narrowed(_copied(store, cycle=cycle), region=region, category=category)
    rows = rows[rows["length"] >= limits.evidence_length].sort_values("code")
    groups = rows.groupby(["indicator", "text"], as_index=False).agg(
        title=("title", "first"),
        position=("position", "first"),
        evidence=("evidence", "first"),  # of the first of the units
        length=("length", "first"),
        units=("units", "first"),
        regions=("regions", "first"),
        own=("code", "size"),
    )
    order = ["units", "length", "position", "text"]
    groups = groups.sort_values(order, ascending=[False, False, True, True], ignore_index=True)
    return groups[GROUP_COLUMNS]


def copied_members(
    store: Store, *, cycle: int, indicator: str, text: str, region: str | None = None
) -> pd.DataFrame:
    """One row per unit of the reader's in a region that has this text (copied_groups' key) as evidence for the indicator:
    code, name, region_name, category_name, evidence (as typed), sheet, cell."""
    rows = _copied(store, cycle=cycle)
    same = rows[(rows["indicator"] == indicator) & (rows["text"] == text)]
    return narrowed(same, region=region)[MEMBER_COLUMNS]


def _copied(store: Store, *, cycle: int) -> pd.DataFrame:
    """One row per unit of the reader's and indicator whose evidence stands elsewhere in the province."""
    return of_all_units(store, "copied", cycle=cycle)


def answer_patterns(
    store: Store, *, cycle: int, region: str | None = None, category: str | None = None
) -> pd.DataFrame:
    """One row per unit of the reader's in a region that handed in, how its own answers look as a whole.

    Columns: code, name, region, region_name, category, category_name, answers, graded (yes_no and level), best (of full
    marks), best_share, longest_run (equal ones in a row, in the order of the sheet), is_uniform (all graded ones earn the
    same), peers (units of the category that handed in, province), uniform (those of them with uniform answers),
    uniform_share, median_best (of the category), twins (others of the category with the same sheet, answer by answer),
    twin_regions, alike (others that were asked the same), expected (how many of them would have the same sheet if every
    answer were drawn by itself with the category's frequencies), and, by the scheme's `sampling.rare`: is_uniform_rare
    (uniform, at least LEAST_GRADED graded, peers ≥ min_group, uniform_share under it), is_identical (twins, and expected
    under it). Both False without thresholds.
    """
    frame = kept_frame(store, "answer patterns", lambda moment: _patterns(moment, cycle=cycle), cycle=cycle)
    return narrowed(frame, region=region, category=category)


def _patterns(moment: Moment, *, cycle: int) -> pd.DataFrame:
    frame = ask(moment, "answer_patterns", cycle=cycle, region=PROVINCE)
    limits, least = thresholds(moment, cycle=cycle), moment.scheme(cycle).rules.min_group
    rare = limits.rare if limits else 0.0
    frame["uniform_share"] = frame["uniform"] / frame["peers"]
    frame["expected"] = frame["alike"] * frame["chance"]
    frame["is_uniform_rare"] = (
        frame["is_uniform"]
        & (frame["graded"] >= LEAST_GRADED)
        & (frame["peers"] >= least)
        & (frame["uniform_share"] < rare)
    )
    frame["is_identical"] = (frame["twins"] > 0) & (frame["expected"] < rare)
    return frame.drop(columns="chance")


def pattern_categories(patterns: pd.DataFrame) -> pd.DataFrame:
    """One row per category of answer_patterns, the most uniform units first: category, category_name, units, own_uniform and
    own_twins (of the reader's in the region: all, with uniform answers, with a same sheet), uniform_share and median_best
    (of the category, over the province)."""
    frame = (
        patterns.assign(has_twin=patterns["twins"] > 0)
        .groupby(["category", "category_name"], as_index=False, sort=False)
        .agg(
            units=("code", "size"),
            own_uniform=("is_uniform", "sum"),
            own_twins=("has_twin", "sum"),
            uniform_share=("uniform_share", "first"),
            median_best=("median_best", "first"),
        )
    )
    return frame.sort_values(["own_uniform", "category"], ascending=[False, True]).reset_index(drop=True)


def credibility_signs(
    store: Store,
    *,
    cycle: int,
    region: str | None = None,
    category: str | None = None,
    basis: str = COMPOSITE,
) -> pd.DataFrame:
    """One row per unit of the reader's in a region of which at least one sign speaks, most kinds first.

    Columns: code, name, region_name, category_name, signs (how many kinds), kinds (their names), verified_share,
    self_inflation (points; missing where nothing was verified), and one column per key of SIGNS: what it says in words,
    "" where it does not speak. Signs that rest on thresholds never speak where the scheme has none.
    """
    frame = kept_frame(
        store,
        ("credibility signs", basis),
        lambda moment: _signs(moment, cycle=cycle, basis=basis),
        cycle=cycle,
    )
    return narrowed(frame, region=region, category=category).drop(columns=["region", "category"])


def _signs(moment: Moment, *, cycle: int, basis: str) -> pd.DataFrame:
    """The rows of `credibility_signs` of all units, with their region and category."""
    said = {sign: {} for sign in SIGNS}
    limits = thresholds(moment, cycle=cycle)
    rows = units(moment, cycle=cycle, basis=basis)
    rows = rows[rows["submitted_at"].notna()]
    is_verified = rows["verified_share"] > 0
    rows = rows.assign(self_inflation=rows["self_inflation"].where(is_verified))
    hits = unlikely_answers(moment, cycle=cycle)
    said["unlikely"] = _met_rules(hits)
    if limits:
        said["inflation"] = _inflated(rows, limits, moment.scheme(cycle).rules.decimals)
        copied = _copied(moment, cycle=cycle)
        copied = copied[copied["length"] >= limits.evidence_length]
        copied = copied.groupby("code").agg(texts=("text", "size"), widest=("units", "max"))
        for row in copied[copied["texts"] >= limits.copied].itertuples():
            said["copied"][row.Index] = f"{row.texts} 处佐证与他单位逐字相同，最多 {row.widest} 家"
        unusual = of_all_units(
            moment, "sample_unusual", cycle=cycle, rare=limits.rare, unusual=limits.unusual
        )
        rarest = unusual.groupby("unit").agg(answers=("title", "size"), title=("title", "first"))
        for row in rarest.itertuples():
            said["unusual"][row.Index] = f"{row.answers} 项达到的水平在同类中少见，如“{row.title}”"
        _say_patterns(said, answer_patterns(moment, cycle=cycle))
    rows = rows[rows["code"].isin({code for words in said.values() for code in words})]
    codes = rows["code"].tolist()
    kinds = [[name for sign, name in SIGNS.items() if code in said[sign]] for code in codes]
    rows = rows.assign(
        **{sign: [words.get(code, "") for code in codes] for sign, words in said.items()},
        signs=np.array(list(map(len, kinds)), dtype=int),
        kinds=list(map("、".join, kinds)),
    )
    rows = rows.sort_values(["signs", "code"], ascending=[False, True])
    kept = [
        "code",
        "name",
        "region",
        "region_name",
        "category",
        "category_name",
        "signs",
        "kinds",
        "verified_share",
        "self_inflation",
    ]
    return rows[[*kept, *SIGNS]].reset_index(drop=True)


def thresholds(store: Store, *, cycle: int) -> Sampling | None:
    """From where on a sign speaks: the scheme's `sampling`; None where it has none."""
    return store.scheme(cycle).sampling


def _met_rules(hits: pd.DataFrame) -> dict[str, str]:
    met: dict[str, list[str]] = {}
    for code, rule in zip(hits["code"].tolist(), hits["rule_name"].tolist(), strict=True):
        met.setdefault(code, []).append(rule)
    return {code: "；".join(rules) for code, rules in met.items()}


def _inflated(rows: pd.DataFrame, limits: Sampling, decimals: int) -> dict[str, str]:
    known = rows.loc[rows["self_inflation"].notna(), ["code", "self_inflation", "verified_share"]]
    return {
        code: f"自评高于核定 {points:.{decimals}f} 分（已核分值 {verified_share:.0%}）"
        for code, inflation, verified_share in known.itertuples(index=False)
        if (points := round_half_up(inflation, decimals)) >= limits.inflation and points > 0
    }


def _say_patterns(said: dict[str, dict[str, str]], patterns: pd.DataFrame) -> None:
    for row in patterns[patterns["is_uniform_rare"]].itertuples():
        said["uniform"][row.code] = (
            f"{row.graded} 项分档、是否类填报得分率全部相同，同类单位中 {row.uniform_share:.1%} 如此"
        )
    for row in patterns[patterns["is_identical"]].itertuples():
        said["identical"][row.code] = (
            f"与另外 {row.twins} 家同类单位各项填报全部相同，按同类频率预计 {row.expected:.2g} 家"
        )
