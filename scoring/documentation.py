"""Writes docs/indicators.md from the scheme and the regulation, so that the paper can never say other than the data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from scoring.regulation import Regulation, article_status
from scoring.scheme import ALL, Finding, Indicator, Scheme

NA_NAMES = {"never": "不得申报", "review": "可申报，须核定", "free": "可申报"}
KIND_NAMES = {"deduction": "扣分", "veto": "一票否决", "bonus": "加分"}
MISSING_NAMES = {"zero": "按 0 分计入地区", "exclude": "不计入地区"}
EXAMPLE = "（示例权重）"  # stands in the heading of every column that shows a weight, target or threshold


def indicators_markdown(scheme: Scheme, regulation: Regulation) -> str:
    """The whole document as Markdown: rules, whom what concerns, indicators, findings, all articles."""
    parts = [
        _head(scheme, regulation),
        _rules(scheme),
        _matrix(scheme),
        *_dimensions(scheme),
        _findings(scheme),
        *_unlikely(scheme),
        _articles(scheme, regulation),
    ]
    return "\n\n".join(parts) + "\n"


def describe_answer(indicator: Indicator) -> str:
    """What is answered and what earns full marks, in one line: 数量：目标 2 次."""
    if indicator.type == "level":
        return "分档：" + "、".join(f"{level.name} {level.value:g}" for level in indicator.levels)
    if indicator.type == "ratio":
        kind = "百分比" if indicator.input == "percent" else "比率"
        return f"{kind}：{indicator.numerator} ÷ {indicator.denominator}" if indicator.numerator else kind
    if indicator.type == "count":
        return f"数量：目标 {indicator.target:g} {indicator.measure}".rstrip()
    if indicator.type == "date":
        window = indicator.window
        if window.span == "year":
            return "日期：考核年度之内"
        return f"日期：{window.month}月{window.day}日所在的周（星期一至星期日）"
    return "是否：是 1、否 0"


def describe_applies(scheme: Scheme, indicator: Indicator) -> str:
    """Names of the categories and tags that an indicator concerns, e.g. 中小学、［高等院校］; tags in brackets."""
    if ALL in indicator.applies.categories:
        return "全部单位"
    names = [scheme.category(key).name for key in indicator.applies.categories]
    return "、".join([*names, *(f"［{scheme.tag(key).name}］" for key in indicator.applies.tags)])


def _head(scheme: Scheme, regulation: Regulation) -> str:
    return "\n".join(
        [
            "# 考核指标说明",
            "",
            f"> **{scheme.weights_note}。** 本页所有分值、占比、目标、分数线和扣分加分均为示例权重。",
            "",
            f"本页由考核方案自动生成，请勿手工修改（`python manage.py docs`）。方案：{scheme.title}，编号 `{scheme.id}`，"
            f"版本 {scheme.version}；依据《{regulation.title}》（{_day(regulation.adopted)}{regulation.adopted_by}，"
            f"自{_day(regulation.effective)}起施行）。",
            "",
            f"共 {len(scheme.indicators)} 项指标、{len(scheme.findings)} 项认定事项、{len(scheme.dimensions)} 个维度、"
            f"{len(scheme.categories)} 个单位类别、{len(scheme.tags)} 个职能标签。只考核单位，不考核个人："
            "每项指标填数量、日期或者选项即可，不得填写个人信息和涉密内容。",
        ]
    )


def _rules(scheme: Scheme) -> str:
    rules = scheme.rules
    lines = [
        ["综合得分中各责任制的权重", "、".join(f"{s.name} {s.weight:.0%}" for s in scheme.systems)],
        ["等次", "、".join(f"{g.name} ≥ {g.min_score:g}" for g in scheme.grades)],
        ["得分小数位", f"{rules.decimals} 位，四舍五入"],
        ["逾期未提交的单位", MISSING_NAMES[rules.missing]],
        ["一票否决后的最高得分", f"{rules.veto_cap:g}"],
        ["加分上限", f"{rules.bonus_cap:g}"],
        ["逾期未改正的扣分倍数", f"{rules.overdue_factor:g}"],
        ["从重处理的扣分倍数", f"{scheme.aggravation.factor:g}"],
        ["可比的最低适用分值比例", f"{rules.na_floor:.0%}"],
        ["同类单位排名的最少数量", f"{rules.min_group}"],
    ]
    return "## 计分规则\n\n" + _table(["规则", f"取值{EXAMPLE}"], lines)


def _matrix(scheme: Scheme) -> str:
    rows = []
    for category in scheme.categories:
        own = scheme.indicators_for(category=category.id, tags=())
        per_dimension = [sum(i.dimension == d.id for i in own) or "" for d in scheme.dimensions]
        rows.append([category.name, f"{category.weight:g}", len(own), _points(own), *per_dimension])
    heading = [
        "单位类别",
        f"类别权重{EXAMPLE}",
        "指标数",
        f"分值合计{EXAMPLE}",
        *(d.name for d in scheme.dimensions),
    ]
    extra = []
    for tag in scheme.tags:
        own = [i for i in scheme.indicators if tag.id in i.applies.tags]
        extra.append([tag.name, tag.place.label, len(own), _points(own), "、".join(i.id for i in own)])
    return "\n\n".join(
        [
            "## 适用对象",
            "一个单位属于一个类别，可以另有若干职能标签；标签带来的指标在类别之外增加，同一指标只计一次。"
            "分值合计是相对权重之和，得分总是折算为百分制。",
            _table(heading, rows),
            _table(["职能标签", "依据", "增加的指标数", f"分值合计{EXAMPLE}", "指标"], extra),
        ]
    )


def _dimensions(scheme: Scheme) -> Iterable[str]:
    heading = [
        "编号",
        "指标",
        "依据",
        "适用对象",
        "填报和评分标准",
        f"分值{EXAMPLE}",
        f"{'／'.join(s.name for s in scheme.systems)}占比{EXAMPLE}",
        "不适用",
        "证明材料",
        "核查方法",
    ]
    for dimension in scheme.dimensions:
        own = [i for i in scheme.indicators if i.dimension == dimension.id]
        rows = [
            [
                i.id,
                f"**{i.title}**\n{i.question}",
                i.place.label,
                describe_applies(scheme, i),
                f"{describe_answer(i)}\n{i.criterion}",
                f"{i.points:g}",
                "／".join(f"{i.shares.get(s.id, 0):.0%}" for s in scheme.systems),
                NA_NAMES[i.na],
                i.evidence + ("" if i.evidence_required else "（可不填）"),
                i.check,
            ]
            for i in own
        ]
        yield f"## 维度：{dimension.name}（{len(own)} 项，{_points(own)} 分{EXAMPLE}）\n\n" + _table(
            heading, rows
        )


def _findings(scheme: Scheme) -> str:
    rows = [
        [f.id, KIND_NAMES[f.kind], f.name, f.place.label, _finding_points(scheme, f), f.consequence]
        for f in scheme.findings
    ]
    return "\n\n".join(
        [
            "## 认定事项：扣分、一票否决、加分",
            "认定事项以有权机关的文件为准，单位自评不填；同一事实只按较重的一项认定一次。",
            _table(["编号", "类型", "情形", "依据", f"分值{EXAMPLE}", "条例规定的后果"], rows),
            f"**从重**（{scheme.aggravation.place.label}）：{scheme.aggravation.name}的，"
            f"扣分乘以 {scheme.aggravation.factor:g}{EXAMPLE}。",
        ]
    )


def _finding_points(scheme: Scheme, finding: Finding) -> str:
    if finding.kind == "veto":
        return f"得分不超过 {scheme.rules.veto_cap:g}，等次{scheme.grades[-1].name}"
    return f"{'−' if finding.kind == 'deduction' else '+'}{finding.points:g}"


def _unlikely(scheme: Scheme) -> Iterable[str]:
    if not scheme.unlikely:
        return
    rows = [
        [rule.id, rule.name, *(c.describe(scheme.by_id[c.indicator]) for c in rule.conditions), rule.why]
        for rule in scheme.unlikely
    ]
    yield "\n\n".join(
        [
            "## 不易并存的填报",
            "同一单位的自评填报同时符合一条规则的两个条件时，列入“自评可信度”供核查参考，不等于填报有误，不影响得分。"
            "规则是方案中的数据（`[[unlikely]]`），可以增减。",
            _table(["编号", "名称", "条件一", "条件二", "说明"], rows),
        ]
    )


def _articles(scheme: Scheme, regulation: Regulation) -> str:
    states = article_status(scheme, regulation)
    rows = [
        [
            s.article.label,
            regulation.chapter_of(s.article.number).name,
            "、".join(i.id for i in s.indicators),
            "、".join(f.id for f in s.findings),
            s.reason,
        ]
        for s in states
    ]
    covered = sum(s.is_covered for s in states)
    explained = sum(bool(s.reason) for s in states)
    return "\n\n".join(
        [
            f"## 条文对照（全部 {len(states)} 条）",
            f"{covered} 条有指标或者认定事项，{explained} 条没有并说明原因。",
            _table(["条文", "章", "指标", "认定事项", "没有指标的原因"], rows),
        ]
    )


def _points(indicators: Iterable[Indicator]) -> str:
    return f"{sum(i.points for i in indicators):g}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", "<br>")
