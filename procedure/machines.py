"""The machines of a year: sheet and stage, ruling, objection, finding, rectification task, grade, publication.

Places are those of 《黑龙江省反间谍安全防范条例》; what it leaves open (who reviews first, how often one objects) follows
the levels of Art. 18's inspection.
"""

from __future__ import annotations

from procedure.machine import Machine, Move, State

EVALUATORS = ("evaluator",)

SHEET = Machine(
    "sheet",
    "自评表",
    "单位一年一份；新的一份计入后，以前的都保留。已有核定的自评表须由考核人员退回后才能再交。",
    (
        State("missing", "未提交"),
        State("submitted", "待审核", "按自评值计分，未核定"),
        State("reviewing", "审核中", "已核定的指标按核定值计分"),
        State("returned", "退回补正", "补正前，原来的一份仍然计分"),
    ),
    (
        Move("submit", "提交", ("missing", "submitted", "returned"), "submitted", ("unit", "evaluator")),
        Move("rule", "核定一项", ("submitted", "reviewing"), "reviewing", EVALUATORS),
        Move("return", "退回补正", ("submitted", "reviewing"), "returned", EVALUATORS, ("reason",)),
        Move("recall", "撤回退回", ("returned",), "reviewing", EVALUATORS, ("reason",)),
    ),
)

# A stage of one region: 初审 of a county, 复核 of a prefecture, 终评 of the province.
STAGE = Machine(
    "stage",
    "审核环节",
    "每个地区的每个环节各一个；关闭后该级不能再核定这个地区的单位，单位也不能自行再交。",
    (State("open", "进行中"), State("closed", "已关闭")),
    (
        Move("close", "关闭", ("open",), "closed", ("own", "above")),
        Move("reopen", "重新打开", ("closed",), "open", ("above",), ("reason",)),
    ),
)

RULING = Machine(
    "ruling",
    "单项核定",
    "一份自评表的一项指标；每一级的核定都保留，以最高一级的最新核定计分。上一级核定后，下一级不能再核定该项。",
    (
        State("claimed", "自评", "按自评值计分，未核定"),
        State("na_claimed", "不适用待核", "核定前计 0 分；自评得分不含该项"),
        State("confirmed", "属实"),
        State("changed", "已调整"),
        State("na_accepted", "同意不适用", "该项不再计分"),
        State("na_refused", "不同意不适用", "按核定值计分"),
    ),
    (
        Move("confirm", "确认", ("claimed", "confirmed", "changed"), "confirmed", EVALUATORS),
        Move(
            "change", "调整", ("claimed", "confirmed", "changed"), "changed", EVALUATORS, ("value", "reason")
        ),
        Move(
            "accept_na",
            "同意不适用",
            ("na_claimed", "na_accepted", "na_refused"),
            "na_accepted",
            EVALUATORS,
        ),
        Move(
            "refuse_na",
            "不同意不适用",
            ("na_claimed", "na_accepted", "na_refused"),
            "na_refused",
            EVALUATORS,
            ("value", "reason"),
        ),
    ),
)

OBJECTION = Machine(
    "objection",
    "异议",
    "单位对一项被调整的核定（或者未同意的不适用）提出一次；由作出核定的上一级决定，省级的由省级复议。"
    "该环节关闭前都可以提出，关闭（或者其后的核定）之日起按方案规定的天数截止；公布后不再受理。"
    "又有核定的，由其中最高一级的上一级决定，以最新的核定为准。",
    (
        State("filed", "已提出"),
        State("upheld", "维持原核定"),
        State("granted", "异议成立", "由决定的一级另作核定"),
        State("withdrawn", "已撤回", "不能再次提出"),
    ),
    (
        Move("file", "提出", (), "filed", ("unit",), ("reason",)),
        Move("withdraw", "撤回", ("filed",), "withdrawn", ("unit",)),
        Move("uphold", "维持", ("filed",), "upheld", ("above",), ("reason",)),
        Move("grant", "采纳", ("filed",), "granted", ("above",), ("value", "reason")),
    ),
)

RECTIFICATION = Machine(
    "rectification",
    "责令改正（第四十条）",
    "国家安全机关责令限期改正；逾期未改正的，约谈并通报上级主管部门，由有权机关给予通报批评、处分。",
    (
        State("ordered", "责令限期改正", "扣分"),
        State("corrected", "已改正", "扣分"),
        State("overdue", "逾期未改正", "扣分乘逾期倍数"),
        State("interviewed", "已约谈", "扣分乘逾期倍数"),
        State("criticised", "通报批评", "扣分乘逾期倍数"),
        State("sanctioned", "处分建议", "扣分乘逾期倍数"),
        State("corrected_late", "逾期后改正", "扣分乘逾期倍数"),
        State("revoked", "已撤销", "不扣分"),
    ),
    (
        Move(
            "order", "责令限期改正", (), "ordered", EVALUATORS, ("document", "date", "deadline"), "第四十条"
        ),
        Move("extend", "延长期限", ("ordered",), None, EVALUATORS, ("deadline", "reason")),
        Move("correct", "改正", ("ordered",), "corrected", EVALUATORS, ("date",), "第四十条"),
        Move("lapse", "认定逾期", ("ordered",), "overdue", EVALUATORS, ("date",), "第四十条"),
        Move("interview", "约谈", ("overdue",), "interviewed", EVALUATORS, ("date", "document"), "第四十条"),
        Move(
            "criticise",
            "通报批评",
            ("interviewed",),
            "criticised",
            EVALUATORS,
            ("date", "document"),
            "第四十条",
        ),
        Move(
            "sanction",
            "提出处分建议",
            ("interviewed", "criticised"),
            "sanctioned",
            EVALUATORS,
            ("date", "document"),
            "第四十条",
        ),
        Move(
            "correct_late",
            "逾期后改正",
            ("overdue", "interviewed", "criticised", "sanctioned"),
            "corrected_late",
            EVALUATORS,
            ("date",),
            "第四十条",
        ),
        Move(
            "revoke",
            "撤销",
            ("ordered", "corrected", "overdue", "interviewed", "criticised", "sanctioned", "corrected_late"),
            "revoked",
            EVALUATORS,
            ("date", "document", "reason"),
        ),
    ),
)


def _referral(id: str, name: str, about: str, *, step: str, done: str, place: str, note: str) -> Machine:
    return Machine(
        id,
        name,
        about,
        (
            State("confirmed", "已认定", note),
            State("referred", step, note),
            State("concluded", done, note),
            State("revoked", "已撤销", "不再影响得分"),
        ),
        (
            Move("confirm", "认定", (), "confirmed", EVALUATORS, ("document", "date"), place),
            Move("refer", step, ("confirmed",), "referred", EVALUATORS, ("date", "document"), place),
            Move(
                "conclude",
                done,
                ("confirmed", "referred"),
                "concluded",
                EVALUATORS,
                ("date", "document"),
                place,
            ),
            Move(
                "revoke",
                "撤销",
                ("confirmed", "referred", "concluded"),
                "revoked",
                EVALUATORS,
                ("date", "document", "reason"),
            ),
        ),
    )


ACCOUNTABILITY = _referral(
    "accountability",
    "责任追究（第四十一条）",
    "由有权机关对单位相关责任人员依纪依法追究责任；这里只记单位和文号，不记个人。",
    step="移送有权机关",
    done="追责办结",
    place="第四十一条",
    note="第（一）至（五）项一票否决，第（六）项扣分",
)
EDUCATION = _referral(
    "education",
    "批评教育（第四十二条）",
    "不及时、如实、全面提供相关信息的，由国家安全机关给予批评教育；泄密的可以依法给予行政处罚。",
    step="批评教育",
    done="办结",
    place="第四十二条",
    note="扣分",
)
PENALTY = _referral(
    "penalty",
    "行政处罚（第四十三条）",
    "故意阻碍执行任务的，国家安全机关可以依法给予行政处罚。",
    step="移送国家安全机关",
    done="处理办结",
    place="第四十三条",
    note="扣分",
)
COMMENDATION = Machine(
    "commendation",
    "表彰奖励（第三十七条、第三十八条）",
    "以县级以上人民政府、国家安全机关对单位的文件为准。",
    (State("commended", "已表彰奖励", "加分，不超过加分上限"), State("revoked", "已撤销", "不加分")),
    (
        Move(
            "commend", "表彰奖励", (), "commended", EVALUATORS, ("document", "date"), "第三十七条、第三十八条"
        ),
        Move("revoke", "撤销", ("commended",), "revoked", EVALUATORS, ("date", "document", "reason")),
    ),
)
# The course that a finding takes, by the word its scheme entry has for it.
FINDINGS: dict[str, Machine] = {
    machine.id: machine for machine in (RECTIFICATION, ACCOUNTABILITY, EDUCATION, PENALTY, COMMENDATION)
}

# Names of states over all courses that a finding may take; the same state has the same name wherever it stands.
FINDING_STATES: dict[str, str] = {
    state: name for machine in FINDINGS.values() for state, name in machine.state_names.items()
}

TASK = Machine(
    "task",
    "整改任务",
    "由核定的短板、检查发现的隐患或者认定事项而来，有期限和须报的证明材料；期限已过而未报送、未办结的为逾期。",
    (
        State("issued", "待整改"),
        State("answered", "待复查"),
        State("rejected", "复查未通过"),
        State("done", "已销号"),
        State("withdrawn", "已撤销"),
    ),
    (
        Move("issue", "下达", (), "issued", EVALUATORS, ("deadline", "proof"), "第十条、第十一条"),
        Move("extend", "延长期限", ("issued", "rejected"), None, EVALUATORS, ("deadline", "reason")),
        Move(
            "answer",
            "报送整改情况",
            ("issued", "rejected"),
            "answered",
            ("unit", "evaluator"),
            ("date", "proof"),
        ),
        Move("pass", "复查通过", ("answered",), "done", EVALUATORS, ("date",)),
        Move("reject", "复查不通过", ("answered",), "rejected", EVALUATORS, ("reason", "deadline")),
        Move("reopen", "重新整改", ("done",), "rejected", EVALUATORS, ("reason", "deadline")),
        Move("withdraw", "撤销", ("issued", "answered", "rejected"), "withdrawn", EVALUATORS, ("reason",)),
    ),
)

GRADE = Machine(
    "grade",
    "等次",
    "由得分和方案的等次标准、优秀比例上限得出；只有省级可以另定，一票否决的不能高于最低一等。"
    "另定一个单位或者地区的等次，其他的不因此改变，名额不顺延。",
    (State("by_rule", "按方案得出"), State("set", "省级另定")),
    (
        Move("set", "另定等次", ("by_rule", "set"), "set", ("province",), ("reason",)),
        Move("unset", "恢复按方案", ("set",), "by_rule", ("province",), ("reason",)),
    ),
)

PUBLICATION = Machine(
    "publication",
    "公布",
    "公布的结果不再改变；以后有变更的，另行公布，并列出变动和原因。",
    (State("published", "现行公布"), State("superseded", "已由后一次公布替代")),
    (
        Move("publish", "公布", (), "published", ("province",), ("reason",)),
        Move("supersede", "再次公布", ("published",), "superseded", ("province",), ("reason",)),
    ),
)

MACHINES: tuple[Machine, ...] = (
    SHEET,
    STAGE,
    RULING,
    OBJECTION,
    *FINDINGS.values(),
    TASK,
    GRADE,
    PUBLICATION,
)
