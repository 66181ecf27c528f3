"""What was published, what has moved since, and the result list of Art. 18."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.course.acting import HAND_OF_ROLE
from data.course.publications import publication, publications
from data.model import Publication, Scope
from data.queries.ask import PROVINCE, ask
from data.queries.regions import region_scores
from data.queries.unit_rows import STATE_NAMES
from data.queries.units import units
from data.scoped import ScopedStore
from data.store import Store
from procedure.machines import FINDING_STATES

GRADE_REASONS = {"score": "按得分", "ceiling": "比例上限", "manual": "省级另定", "veto": "一票否决"}
COLUMNS = ("code", "name", "score", "grade_name", "rank")
MOST_SAID = 4  # changes of one unit that are put into words; the rest are counted


def published(store: Store, *, cycle: int | None = None) -> pd.DataFrame:
    """One row per publication, the newest first.

    Columns: those of `data.model.Publication`, and is_current, state_name (现行公布, 已被替代).
    """
    rows = [vars(each) for each in publications(store, cycle=cycle)]
    frame = pd.DataFrame(rows, columns=list(Publication.__dataclass_fields__))
    newest = frame.groupby("cycle")["seq"].transform("max") if len(frame) else frame["seq"]
    is_current = frame["seq"] == newest
    return frame.assign(
        is_current=is_current, state_name=is_current.map({True: "现行公布", False: "已被替代"})
    )


def publication_changes(
    store: Store, *, cycle: int, before: str, after: str | None = None, what: str = "unit"
) -> pd.DataFrame:
    """One row per unit (or region: `what` prefecture, county) whose score, grade or rank differs between two publications, or
    between one and what stands now (`after` None); the largest change of score first.

    Columns: code, name, score_before, score_after, change, grade_before, grade_after, rank_before, rank_after, why (in words:
    who by role did what when; for regions how many of its units changed).
    """
    seen = store if isinstance(store, ScopedStore) else store.seen_by(Scope(PROVINCE))
    old = publication(seen, cycle=cycle, number=before)
    new = publication(seen, cycle=cycle, number=after) if after else None
    sides = [seen.whole.seen_by(seen.scope, publication=each) for each in (old, new)]
    merged = _merged(*(_figures(side, cycle=cycle, what=what) for side in sides))
    after_version = new.data_version if new else sides[1].data_version(cycle)
    events = ask(sides[1], "changes_between", cycle=cycle, after=old.data_version, until=after_version)
    if what == "unit":
        said = {unit: _said(rows) for unit, rows in events.groupby("unit")}
        why = [said.get(code, "名次随其他单位变动") for code in merged["code"]]
    else:
        why = _why_of_regions(
            sides[1], merged, events, cycle=cycle, after=old.data_version, until=after_version
        )
    frame = merged.assign(change=merged["score_after"] - merged["score_before"], why=why)
    return frame.sort_values(
        "change", key=abs, ascending=False, na_position="first", kind="stable"
    ).reset_index(drop=True)


def result_list(store: Store, *, cycle: int, region: str | None = None) -> pd.DataFrame:
    """One row per registered unit, by region, category and rank, as the organisation department takes it over (Art. 18).

    Columns: code, name, region_path, category_name, state and state_name, score, rank, peers, grade_name, grade_reason and
    grade_reason_name (按得分, 比例上限, 省级另定, 一票否决), deductions, bonus, vetoes (places of the regulation), is_late.
    """
    frame = ask(store, "result_list", cycle=cycle, region=region or PROVINCE)
    return frame.assign(
        state_name=frame["state"].map(STATE_NAMES),
        grade_reason_name=frame["grade_reason"].map(GRADE_REASONS).fillna(""),
    )


def result_list_head(store: ScopedStore, *, cycle: int) -> dict[str, Any]:
    """What stands above the result list of the publication that the store reads: title, notes (lines), decimals."""
    made, scheme = store.publication, store.scheme(cycle)
    notes = [
        f"第 {made.number} 号公布，{made.published_at:%Y-%m-%d}；SHA-256 {made.sha256}",
        f"方案：{scheme.title}（{scheme.version}）。{scheme.weights_note}。依据《黑龙江省反间谍安全防范条例》第十八条",
    ]
    if store.is_demo():
        notes.insert(0, "演示数据，不代表任何真实单位")
    return {
        "title": f"{cycle}年度反间谍安全防范责任落实考核结果运用表",
        "notes": notes,
        "decimals": scheme.rules.decimals,
    }


def _figures(store: ScopedStore, *, cycle: int, what: str) -> pd.DataFrame:
    frame = units(store, cycle=cycle) if what == "unit" else region_scores(store, cycle=cycle, level=what)
    return frame[list(COLUMNS)]


def _merged(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    both = old.merge(new, on="code", how="outer", suffixes=("_before", "_after"))
    both["name"] = both["name_after"].fillna(both["name_before"])
    figures = [name for name in COLUMNS if name not in ("code", "name")]
    differs = pd.Series(False, index=both.index)
    for name in figures:
        left, right = both[f"{name}_before"], both[f"{name}_after"]
        differs |= ~((left == right).fillna(False) | (left.isna() & right.isna()))
    shown = [f"{name}_{side}" for name in figures for side in ("before", "after")]
    shown = [name.replace("grade_name_", "grade_") for name in shown]
    both = both.rename(columns={f"grade_name_{side}": f"grade_{side}" for side in ("before", "after")})
    return both.loc[differs, ["code", "name", *shown]].reset_index(drop=True)


def _said(rows: pd.DataFrame) -> str:
    words = [_words(row) for row in rows.tail(MOST_SAID).to_dict("records")]
    more = f"等 {len(rows)} 项" if len(rows) > MOST_SAID else ""
    return "；".join(words) + more


def _words(row: dict[str, Any]) -> str:
    day = f"{row['at']:%m-%d}"
    who = HAND_OF_ROLE.get(row["role"] or "", "")
    about = row["about"] if isinstance(row["about"], str) else ""
    text = row["text"] if isinstance(row["text"], str) else ""
    match row["kind"]:
        case "submission":
            return f"{day} 重新提交自评表"
        case "review":
            return f"{day} {who}核定“{about}”" + (f"：{text}" if text else "")
        case "finding":
            return f"{day} {about}" + (f"（{FINDING_STATES.get(text, text)}）" if text else "")
        case _:
            return f"{day} {who}另定等次：{text}"


def _why_of_regions(
    store: ScopedStore, merged: pd.DataFrame, events: pd.DataFrame, *, cycle: int, after: int, until: int
) -> list[str]:
    changed = set(events["unit"])
    members = store.rows(
        "select region_member.ancestor, count(*) from unit join region_member on region_member.region = unit.region "
        "where unit.cycle = $cycle and list_contains($units, unit.unit) group by all",
        cycle=cycle,
        units=sorted(changed),
    )
    counts = dict(members)
    graded = ask(store, "region_grade_changes", cycle=cycle, after=after, until=until)
    reasons = dict(zip(graded["region"], graded["text"], strict=True))
    said = []
    for code in merged["code"]:
        words = [f"{counts[code]} 家单位的结果有变更"] if code in counts else []
        words += [f"省级另定等次：{reasons[code]}"] if code in reasons else []
        said.append("；".join(words) or "名次随其他地区变动")
    return said
