"""A scheme's numbers as tables that people edit, on the screen and in Excel alike, and edited cells as changes of its text.

What a table does not have (questions, articles, new entries) is changed in the scheme file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from scoring.scheme import ALL, Indicator, Scheme
from scoring.words import FINDING_KINDS, NA_RULES, number_text

Kind = Literal["text", "number", "choice", "bool", "names"]
Cells = Mapping[str, Mapping[str, Mapping[str, Any]]]  # table → row → field → value

CEILINGS = {"unit": "单位比例上限", "county": "县比例上限", "prefecture": "市比例上限"}
MISSING_RULES = {"zero": "按 0 分计入", "exclude": "不计入"}
EVERYBODY = "全部类别"
TAG = "标签："
RULES = {
    "rules.decimals": ("得分小数位", "0 至 6 的整数"),
    "rules.missing": ("未提交单位在地区得分中", "、".join(MISSING_RULES.values())),
    "rules.veto_cap": ("一票否决封顶分", "0 至 100"),
    "rules.bonus_cap": ("加分上限", "不小于 0"),
    "rules.overdue_factor": ("逾期未改正倍数", "不小于 1"),
    "aggravation.factor": ("从重倍数", "不小于 1"),
    "rules.na_floor": ("可比下限（适用分值比例）", "0 至 1"),
    "rules.min_group": ("排名最少单位数", "不小于 1 的整数"),
    "periods.county": ("初审期限（天）", "不小于 1 的整数"),
    "periods.prefecture": ("复核期限（天）", "不小于 1 的整数"),
    "periods.province": ("终评期限（天）", "不小于 1 的整数"),
    "periods.objection": ("提出异议期限（天）", "不小于 1 的整数"),
    "periods.rectification": ("整改期限（天）", "不小于 1 的整数"),
    "sampling.random_share": ("随机抽查比例", "0 至 1"),
    "sampling.top_share": ("高分抽查比例", "0 至 1"),
    "sampling.jump": ("自评较上年跃升（分）", "不小于 0"),
    "sampling.inflation": ("往年自评偏差（分）", "不小于 0"),
    "sampling.rare": ("少见答案比例", "0 至 1"),
    "sampling.unusual": ("少见答案个数", "不小于 1 的整数"),
    "sampling.copied": ("相同佐证处数", "不小于 1 的整数"),
    "sampling.evidence_length": ("相同佐证最少字数", "不小于 1 的整数"),
}
WORDS = ("rules.missing",)  # rules that are a word; all others are numbers


@dataclass(frozen=True)
class Column:
    """One column: the field of the entry, its header, what it holds, its options (value → text), and whether it may be edited."""

    field: str
    title: str
    kind: Kind = "number"
    options: Mapping[str, str] = field(default_factory=dict)
    is_fixed: bool = False
    help: str = ""


@dataclass(frozen=True)
class Table:
    """One table: row key → field → value, in the scheme's order."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: Mapping[str, Mapping[str, Any]]
    keys: tuple[str, ...] = ("id",)

    @property
    def lookup(self) -> dict[tuple[str, ...], str]:
        """What stands in the key columns of a row → the row's key."""
        return {tuple(str(row[name]) for name in self.keys): key for key, row in self.rows.items()}


def scheme_tables(scheme: Scheme) -> dict[str, Table]:
    """The tables by id, in the order in which people go through them."""
    made = (
        _entries(
            scheme, "systems", "责任制", _id(), _name(), Column("weight", "权重", help="各责任制合计为 1")
        ),
        _entries(scheme, "categories", "单位类别", _id(), _name(), Column("weight", "权重", help="大于 0")),
        _entries(scheme, "dimensions", "维度", _id(), _name()),
        _indicators(scheme),
        _levels(scheme),
        _entries(scheme, "findings", "认定事项", _id(), *_finding_columns()),
        _grades(scheme),
        _rules(scheme),
    )
    return {table.id: table for table in made}


def _id() -> Column:
    return Column("id", "编号", "text", is_fixed=True)


def _name() -> Column:
    return Column("name", "名称", "text")


def _finding_columns() -> tuple[Column, ...]:
    return (
        Column("kind", "类型", "choice", FINDING_KINDS, is_fixed=True),
        Column("name", "事项", "text", is_fixed=True),
        Column("points", "分值", help="一票否决不用分值"),
    )


def _entries(scheme: Scheme, table: str, title: str, *columns: Column) -> Table:
    rows = {entry.id: {c.field: getattr(entry, c.field) for c in columns} for entry in getattr(scheme, table)}
    return Table(table, title, columns, rows)


def _indicators(scheme: Scheme) -> Table:
    shares = [Column(f"share:{s.id}", f"{s.name}份额", help="各责任制合计为 1") for s in scheme.systems]
    columns = (
        _id(),
        Column("title", "指标", "text", help="最多 18 字"),
        Column("dimension", "维度", "choice", {d.id: d.name for d in scheme.dimensions}),
        Column("points", "分值", help="大于 0"),
        *shares,
        Column("target", "目标值", help="只用于次数类指标"),
        Column("na", "不适用", "choice", NA_RULES),
        Column("applies", "适用对象", "names", {name: name for name in applies_names(scheme)}),
        Column("evidence_required", "须附佐证", "bool"),
    )
    rows = {i.id: _indicator_row(i, scheme) for i in scheme.indicators}
    return Table("indicators", "指标", columns, rows)


def _indicator_row(indicator: Indicator, scheme: Scheme) -> dict[str, Any]:
    plain = ("id", "title", "dimension", "points", "target", "na", "evidence_required")
    return (
        {key: getattr(indicator, key) for key in plain}
        | {f"share:{s.id}": indicator.shares.get(s.id, 0.0) for s in scheme.systems}
        | {"applies": applies_words(indicator, scheme)}
    )


def _levels(scheme: Scheme) -> Table:
    columns = (
        Column("id", "编号", "text", is_fixed=True),
        Column("title", "指标", "text", is_fixed=True),
        Column("step", "序号", is_fixed=True),
        Column("name", "档次", "text"),
        Column("value", "得分率", help="0 至 1；一项指标的各档须含 0 和 1"),
    )
    rows = {
        f"{i.id}/{at}": {
            "id": i.id,
            "title": i.title,
            "step": at + 1,
            "name": level.name,
            "value": level.value,
        }
        for i in scheme.indicators
        for at, level in enumerate(i.levels)
    }
    return Table("levels", "分级", columns, rows, ("id", "step"))


def _grades(scheme: Scheme) -> Table:
    columns = (
        _id(),
        _name(),
        Column("min_score", "得分下限", help="从高到低，最低一等为 0"),
        *(Column(f"ceiling:{key}", title, help="0 至 1，只用于最高一等") for key, title in CEILINGS.items()),
    )
    rows = {
        g.id: {"id": g.id, "name": g.name, "min_score": g.min_score}
        | {f"ceiling:{key}": g.ceilings.get(key) for key in CEILINGS}
        for g in scheme.grades
    }
    return Table("grades", "等次", columns, rows)


def _rules(scheme: Scheme) -> Table:
    columns = (
        Column("name", "规则", "text", is_fixed=True),
        Column("value", "值", "text"),
        Column("allowed", "可填", "text", is_fixed=True),
    )
    rows = {
        key: {"name": name, "value": _rule_text(scheme, key), "allowed": allowed}
        for key, (name, allowed) in RULES.items()
        if getattr(scheme, key.split(".")[0]) is not None
    }
    return Table("rules", "规则", columns, rows, ("name",))


def _rule_text(scheme: Scheme, key: str) -> str:
    part, name = key.split(".")
    value = getattr(getattr(scheme, part), name)
    return MISSING_RULES[value] if key in WORDS else number_text(value)


def applies_names(scheme: Scheme) -> tuple[str, ...]:
    """What may stand under 适用对象: everybody, each category, each function tag."""
    return (EVERYBODY, *(c.name for c in scheme.categories), *(TAG + t.name for t in scheme.tags))


def applies_words(indicator: Indicator, scheme: Scheme) -> list[str]:
    """Whom an indicator concerns, as it stands under 适用对象."""
    categories = {ALL: EVERYBODY} | {c.id: c.name for c in scheme.categories}
    tags = {t.id: TAG + t.name for t in scheme.tags}
    applies = indicator.applies
    return [categories[key] for key in applies.categories] + [tags[key] for key in applies.tags]


def changes_of(scheme: Scheme, cells: Cells) -> dict[str, dict[str, Any]]:
    """Edited cells as `scheme_edit.edited` takes them: part → entry → field → new value, or part → field → value.

    A value that cannot be what its field holds goes in as it is: checking the text then names it.
    """
    changes: dict[str, dict[str, Any]] = {}
    for table in ("systems", "categories", "dimensions", "findings"):
        for key, values in cells.get(table, {}).items():
            changes.setdefault(table, {})[key] = dict(values)
    for key, values in cells.get("indicators", {}).items():
        changes.setdefault("indicators", {})[key] = _indicator_changes(scheme, key, values)
    for key, values in cells.get("grades", {}).items():
        grade = next(g for g in scheme.grades if g.id == key)
        plain, ceilings = _split(values, "ceiling:")
        if ceilings:
            merged = {**grade.ceilings, **ceilings}
            plain["ceilings"] = {k: v for k, v in merged.items() if v is not None} or None
        changes.setdefault("grades", {})[key] = plain
    _add_levels(scheme, cells.get("levels", {}), changes)
    for key, values in cells.get("rules", {}).items():
        part, name = key.split(".")
        changes.setdefault(part, {})[name] = _rule_value(key, values["value"])
    return changes


def _indicator_changes(scheme: Scheme, key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    plain, shares = _split(values, "share:")
    if shares:
        merged = {**scheme.by_id[key].shares, **shares}
        plain["shares"] = {k: v for k, v in merged.items() if v}  # an empty cell is no share
    if "applies" in plain:
        plain["applies"] = _applies(scheme, plain["applies"] or ())
    return plain


def _split(values: Mapping[str, Any], prefix: str) -> tuple[dict[str, Any], dict[str, Any]]:
    plain = {k: v for k, v in values.items() if not k.startswith(prefix)}
    return plain, {k.removeprefix(prefix): v for k, v in values.items() if k.startswith(prefix)}


def _applies(scheme: Scheme, names: Iterable[str]) -> dict[str, list[str]]:
    names = list(names)
    categories = {EVERYBODY: ALL} | {c.name: c.id for c in scheme.categories}
    tags = {TAG + t.name: t.id for t in scheme.tags}
    found = {
        "categories": [categories.get(name, name) for name in names if not name.startswith(TAG)],
        "tags": [tags.get(name, name) for name in names if name.startswith(TAG)],
    }
    return {key: values for key, values in found.items() if values}


def _add_levels(scheme: Scheme, cells: Mapping[str, Mapping[str, Any]], changes: dict) -> None:
    for indicator in dict.fromkeys(key.split("/")[0] for key in cells):
        steps = [
            {"name": level.name, "value": level.value} | dict(cells.get(f"{indicator}/{at}", {}))
            for at, level in enumerate(scheme.by_id[indicator].levels)
        ]
        # A cleared cell leaves its key out, and checking the text says that it is missing.
        steps = [{key: value for key, value in step.items() if value is not None} for step in steps]
        changes.setdefault("indicators", {}).setdefault(indicator, {})["levels"] = steps


def _rule_value(key: str, value: Any) -> Any:
    if value is None or not str(value).strip():
        return None
    text = str(value).strip()
    if key in WORDS:
        return next((rule for rule, word in MISSING_RULES.items() if word == text), text)
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number
