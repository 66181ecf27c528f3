"""Which screens there are, in which section, and which of them a visitor may open."""

from __future__ import annotations

from dataclasses import dataclass, replace

from access.person import Person
from access.roles import Action


@dataclass(frozen=True)
class Screen:
    """One screen: its title, icon, section, and the actions of which any one opens it."""

    title: str
    icon: str
    section: str
    opens: tuple[Action, ...]


SCREENS: dict[str, Screen] = {
    "home": Screen("本单位", ":material/home:", "填报", ()),
    "overview": Screen("总览", ":material/dashboard:", "考核结果", ("see_results",)),
    "ranking": Screen("地区排名", ":material/leaderboard:", "考核结果", ("see_results",)),
    "gaps": Screen("差距分析", ":material/grid_on:", "考核结果", ("see_results",)),
    "unit": Screen("单位详情", ":material/apartment:", "考核结果", ("see_units",)),
    "submit": Screen(
        "自评填报",
        ":material/upload_file:",
        "填报",
        ("take_templates", "upload", "see_receipts", "see_register"),
    ),
    "review": Screen(
        "审核复核", ":material/fact_check:", "办理", ("review", "decide_objections", "draw_sample")
    ),
    "rectification": Screen(
        "整改督办", ":material/assignment_turned_in:", "办理", ("rectify", "record_findings", "answer_tasks")
    ),
    "publication": Screen(
        "等次公布", ":material/verified:", "考核结果", ("see_results", "set_grades", "publish")
    ),
    "trend": Screen("年度趋势", ":material/trending_up:", "分析", ("see_results",)),
    "comparison": Screen("地区对比", ":material/compare_arrows:", "分析", ("see_results",)),
    "priorities": Screen("先补什么", ":material/low_priority:", "分析", ("see_results",)),
    "robustness": Screen("排名稳健性", ":material/stacked_bar_chart:", "分析", ("see_results",)),
    "credibility": Screen("自评可信度", ":material/troubleshoot:", "分析", ("see_results",)),
    "what_if": Screen("权重试算", ":material/tune:", "分析", ("see_results",)),
    "meeting": Screen("会议材料", ":material/slideshow:", "考核结果", ("see_results",)),
    "regulation": Screen("条例对照", ":material/gavel:", "依据", ("see_regulation",)),
    "scheme": Screen("方案与权重", ":material/balance:", "依据", ("see_scheme",)),
    "admin": Screen(
        "系统管理",
        ":material/settings:",
        "系统",
        ("manage_accounts", "manage_cycles", "see_audit", "back_up"),
    ),
}


def screens_for(person: Person) -> dict[str, Screen]:
    """The screens that this person may open, in their order; the first is where one starts."""
    return {
        name: screen
        for name, screen in SCREENS.items()
        if any(person.may(action) for action in screen.opens) or (name == "home" and person.unit)
    }


def screens_elsewhere(person: Person) -> dict[str, Screen]:
    """At a read-only server, the screens that this person may open at the writing service only; else none."""
    here = screens_for(person)
    return {
        name: screen
        for name, screen in screens_for(replace(person, only_reads=False)).items()
        if name not in here
    }
