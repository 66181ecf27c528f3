"""Every kind of problem that a file handed in can have; docs/problems.md is generated from this list.

``text`` says what was found, ``allowed`` what is allowed, ``fix`` how to mend it; ``{…}`` are filled in by
`data.problems.make_problem`. Codes are stable: receipts that were stored years ago still name them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]

FILE, IDENTITY, TABLE, ANSWER, REGISTER, ACCOUNT = (
    "文件本身",
    "方案、年度与单位",
    "自评表的表格",
    "填报内容",
    "单位名册",
    "账号",
)


@dataclass(frozen=True)
class ProblemKind:
    """One kind of problem: errors refuse the file, warnings and notes do not."""

    code: str
    severity: Severity
    group: str
    title: str
    text: str
    fix: str
    allowed: str = ""


def _error(code: str, group: str, title: str, text: str, fix: str, allowed: str = "") -> ProblemKind:
    return ProblemKind(code, "error", group, title, text, fix, allowed)


def _warning(code: str, group: str, title: str, text: str, fix: str, allowed: str = "") -> ProblemKind:
    return ProblemKind(code, "warning", group, title, text, fix, allowed)


AGAIN = "请从系统重新下载本单位的自评表，把内容填到新表中再上传"
SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后重新上传"

KINDS: tuple[ProblemKind, ...] = (
    # --- the file itself
    _error("empty-file", FILE, "空文件", "文件没有任何内容（0 字节）", "请重新保存或重新发送文件后上传"),
    _error(
        "file-too-large",
        FILE,
        "文件过大",
        "文件有 {found}",
        "请删除插入的图片、附件和多余的工作表；佐证材料只写名称和文号，不要粘贴进表",
        "应不超过 {limit}",
    ),
    _error(
        "not-a-workbook",
        FILE,
        "不是 Excel 工作簿",
        "文件不是 xlsx 工作簿（{found}），只改文件扩展名不会改变格式",
        "请上传从系统下载并填好的自评表；如在其他软件中填写，" + SAVE_AS.removeprefix("请"),
    ),
    _error("old-xls", FILE, "旧版 xls 格式", "文件内容是旧版 Excel 97-2003（xls）格式", SAVE_AS),
    _error("ods-workbook", FILE, "ods 格式", "文件是 OpenDocument 表格（ods）格式", SAVE_AS),
    _error(
        "encrypted-workbook",
        FILE,
        "加密的工作簿",
        "文件设置了打开密码，无法读取",
        "请在“文件→信息→保护工作簿”中取消打开密码，保存后重新上传",
    ),
    _error(
        "macro-workbook",
        FILE,
        "含宏的工作簿",
        "文件含有宏（{found}），为安全起见不予接收",
        SAVE_AS,
    ),
    _error(
        "damaged-workbook",
        FILE,
        "文件损坏",
        "文件已损坏，无法读取",
        "请在 Excel 或 WPS 中打开并另存为 xlsx 后重新上传；打不开的，" + AGAIN.removeprefix("请"),
    ),
    _error(
        "zip-bomb",
        FILE,
        "展开后过大",
        "文件展开后有 {found}，不像一份自评表",
        AGAIN,
        "应不超过 {limit}",
    ),
    _error(
        "sheet-too-large",
        FILE,
        "工作表过大",
        "工作表在 {found} 处还有内容",
        "请删除自评表下方和右侧的多余内容，保存后重新上传",
        "内容应在第 {rows} 行、第 {columns} 列以内",
    ),
    _error("cycle-closed", FILE, "年度已截止", "{found} 年度的填报已关闭", "如需补报，请联系考核主管部门"),
    _warning(
        "late-submission",
        FILE,
        "逾期提交",
        "提交时间 {found} 晚于截止时间",
        "文件已接收并记为逾期，今后请按时提交",
        "应在 {deadline} 前提交",
    ),
    _error(
        "late-refused",
        FILE,
        "逾期不收",
        "提交时间 {found} 晚于截止时间，本年度逾期的文件不予接收",
        "如需补报，请联系考核主管部门",
        "应在 {deadline} 前提交",
    ),
    ProblemKind(
        "already-received", "note", FILE, "已接收", "同一份文件此前已接收（{found}）", "无需处理，不重复计为提交"
    ),
    # --- scheme, year and unit
    _error(
        "identity-missing",
        IDENTITY,
        "不是系统发出的自评表",
        "找不到单位信息和方案标识",
        AGAIN,
        "应为从系统下载的自评表",
    ),
    _warning(
        "hidden-identity-missing",
        IDENTITY,
        "隐藏标识缺失",
        "隐藏的方案标识不见了，已按“单位信息”表识别",
        "请尽量在下载的原表上填写，不要复制到新文件",
    ),
    _error(
        "wrong-scheme",
        IDENTITY,
        "考核方案不符",
        "这份表属于考核方案“{found}”",
        AGAIN,
        "应为“{expected}”",
    ),
    _error(
        "wrong-template-version",
        IDENTITY,
        "方案版本不符",
        "这份表按方案第 {found} 版制作",
        AGAIN,
        "应为第 {expected} 版",
    ),
    _error("wrong-year", IDENTITY, "考核年度不符", "这份表属于 {found} 年度", AGAIN, "应为 {expected} 年度"),
    _error(
        "wrong-unit",
        IDENTITY,
        "不是本单位的自评表",
        "这份表属于 {found}",
        "请上传本单位的自评表；不要把别的单位的表改名使用",
        "应为 {expected}",
    ),
    _error(
        "identity-conflict",
        IDENTITY,
        "单位信息被改动",
        "“单位信息”表写的是 {found}，与表内标识不一致",
        "单位信息由系统填好，请勿改动；" + AGAIN,
        "应为 {expected}",
    ),
    _error(
        "invalid-unit-code",
        IDENTITY,
        "统一社会信用代码有误",
        "统一社会信用代码“{found}”不符合 GB 32100（{reason}）",
        "请对照登记证书核对代码；代码确有变更的，请联系考核主管部门更新名册",
        "应为 18 位且校验码正确",
    ),
    _error(
        "unit-not-registered",
        IDENTITY,
        "单位不在名册",
        "单位 {found} 不在本年度考核单位名册中",
        "请核对单位代码；确应参加考核的，请联系考核主管部门列入名册",
    ),
    _error(
        "unit-inactive",
        IDENTITY,
        "单位已停用",
        "单位 {found} 在名册中已停用，本年度不参加考核",
        "如有疑问，请联系考核主管部门",
    ),
    # --- the table
    _error(
        "answer-sheet-missing",
        TABLE,
        "找不到自评表",
        "没有一张工作表含有自评表的表头",
        "表头和工作表请勿删除；" + AGAIN,
        "应有含“指标编号”“填报值”等列的工作表",
    ),
    _error(
        "several-answer-sheets",
        TABLE,
        "自评表有多张",
        "有多张工作表都像自评表：{found}",
        "请只保留填好的一张，删除其余副本",
        "应只有一张",
    ),
    _error(
        "missing-column",
        TABLE,
        "缺少列",
        "表头缺少“{found}”列",
        "表头请勿改动或删除；" + AGAIN,
    ),
    _error(
        "duplicate-column",
        TABLE,
        "列重复",
        "表头有不止一个“{found}”列",
        "请删除多出的一列",
        "每列应只有一个",
    ),
    _error(
        "extra-column",
        TABLE,
        "多出的列",
        "模板没有“{found}”这一列",
        "请删除整列；本系统不收集模板以外的内容",
        "应只有模板原有的列",
    ),
    _error(
        "content-outside-columns",
        TABLE,
        "表格以外有内容",
        "表头以外的列填了“{found}”",
        "请清除；说明写在“备注”列",
        "表格以外应为空白",
    ),
    _warning(
        "extra-sheet",
        TABLE,
        "多出的工作表",
        "模板没有“{found}”这张工作表，其内容不读取",
        "请删除后再提交，本系统不收集模板以外的内容",
    ),
    _error(
        "missing-indicator",
        TABLE,
        "缺少指标",
        "缺少指标 {found} {title}",
        "指标行请勿删除；" + AGAIN,
    ),
    _error(
        "duplicate-indicator",
        TABLE,
        "指标重复",
        "指标 {found} 在第 {rows} 行重复出现",
        "请只保留填好的一行，删除其余",
        "每个指标应只占一行",
    ),
    _error(
        "unknown-indicator",
        TABLE,
        "没有这个指标",
        "考核方案中没有指标“{found}”",
        "指标编号请勿改动，改回原编号或删除此行",
    ),
    _error(
        "indicator-not-applicable",
        TABLE,
        "指标不适用于本单位",
        "指标 {found} 不适用于本单位的类别和职能",
        "单位类别或职能标签可能已变更；" + AGAIN,
        "应只有适用于本单位的指标",
    ),
    _error(
        "answer-without-indicator",
        TABLE,
        "填报内容没有对应的指标",
        "这一行填了“{found}”，但没有指标编号",
        "请恢复 A 列的指标编号，或清除此行",
    ),
    _error(
        "question-moved",
        TABLE,
        "编号与内容错位",
        "指标 {found} 旁边是 {other} 的考核内容，可能排序时只选了部分列",
        "请核对后重新填写；" + AGAIN,
    ),
    _warning(
        "question-changed",
        TABLE,
        "考核内容被改动",
        "指标 {found} 的考核内容与方案不同，按方案原文计",
        "考核内容请勿改动",
    ),
    _error(
        "merged-answer-cells",
        TABLE,
        "合并了填报单元格",
        "填报区的单元格 {found} 被合并，无法分清是哪一项的答案",
        "请取消合并，逐格填写",
        "每格应单独填写",
    ),
    # --- the answers
    _error("answer-missing", ANSWER, "未填", "{found} 未填写", "请填写", "应为{allowed}"),
    _error("not-yes-no", ANSWER, "不是“是”或“否”", "填了“{found}”", "请从下拉列表选择", "应为{allowed}"),
    _error("not-a-level", ANSWER, "不是所列档次", "填了“{found}”", "请从下拉列表选择", "应为{allowed}"),
    _error("not-a-number", ANSWER, "不是数字", "填了“{found}”", "请只填数字，说明写在“备注”列", "应为{allowed}"),
    _error("not-whole-number", ANSWER, "不是整数", "填了“{found}”", "请改为整数", "应为{allowed}"),
    _error("negative-number", ANSWER, "负数", "填了“{found}”", "请核对后改正", "应为{allowed}"),
    _error("number-too-large", ANSWER, "数字过大", "填了“{found}”", "请核对是否多输了位数", "应为{allowed}"),
    _error(
        "percent-out-of-range",
        ANSWER,
        "百分比超出范围",
        "填了“{found}”",
        "请核对后改正，如 85% 或 85",
        "应为{allowed}",
    ),
    _warning(
        "percent-ambiguous",
        ANSWER,
        "百分比有歧义",
        "填了“{found}”，按 100% 计",
        "如为 1%，请改填“1%”（带百分号）",
    ),
    _error(
        "not-a-date",
        ANSWER,
        "不是日期",
        "填了“{found}”",
        "请填一个具体日期，如 {year}-04-15；未开展的填“未开展”",
        "应为{allowed}",
    ),
    _error(
        "date-outside-year",
        ANSWER,
        "日期不在考核年度",
        "填了 {found}",
        "请填本年度开展的日期；本年度未开展的填“未开展”",
        "应为{allowed}",
    ),
    _warning(
        "date-outside-window",
        ANSWER,
        "日期不在规定时段",
        "填了 {found}，不在规定时段内，此项不得分",
        "请核对日期；属实的无需改动",
        "应为{allowed}",
    ),
    _warning(
        "date-without-year",
        ANSWER,
        "日期没有年份",
        "填了“{found}”，没有年份，按 {taken} 计",
        "请补上年份",
    ),
    _warning(
        "date-as-number",
        ANSWER,
        "日期存成了数字",
        "单元格存的是数字 {found}，按日期 {taken} 计",
        "请把单元格格式改为日期并核对",
    ),
    _warning(
        "zero-from-words",
        ANSWER,
        "“无”按 0 计",
        "填了“{found}”，按 0 计",
        "请改填数字 0；不适用的填“不适用”并写明理由",
    ),
    _error(
        "ambiguous-none",
        ANSWER,
        "“无”含义不明",
        "填了“{found}”，分不清是没有开展还是不适用",
        "{hint}",
        "应为{allowed}",
    ),
    _error(
        "numerator-above-denominator",
        ANSWER,
        "分子大于分母",
        "分子 {found} 大于分母 {denominator}",
        "请核对分子（{numerator_name}）和分母（{denominator_name}）",
        "分子应不大于分母",
    ),
    _error(
        "zero-denominator",
        ANSWER,
        "分母为 0 而分子不为 0",
        "分母为 0，分子却填了 {found}",
        "请核对；确无此类对象的，分子也填 0 并写明不适用理由",
        "分母为 0 时分子也应为 0",
    ),
    _error(
        "na-not-allowed",
        ANSWER,
        "不得填不适用",
        "填了“{found}”（不适用），但此项不得填不适用",
        "请如实填写；未做到的{hint}",
        "应为{allowed}",
    ),
    _error(
        "na-reason-missing",
        ANSWER,
        "缺少不适用理由",
        "{found} 按不适用计，但没有写理由",
        "请在“不适用理由”列写明理由；其实适用的，请改填实际情况",
        "应写明不适用理由",
    ),
    _warning(
        "na-reason-unused",
        ANSWER,
        "多出的不适用理由",
        "写了不适用理由，但填报值是“{found}”，按填报值计",
        "确实不适用的，请把填报值改为“不适用”；否则请删去理由",
    ),
    _error(
        "evidence-missing",
        ANSWER,
        "缺少佐证材料",
        "填报值为“{found}”，但没有写佐证材料",
        "请写明材料名称和文号：{wanted}",
        "应写明佐证材料",
    ),
    _error(
        "value-in-wrong-column",
        ANSWER,
        "填错了列",
        "在“{column}”列填了“{found}”",
        "请移到正确的列：{hint}",
        "此格应留空",
    ),
    _error(
        "text-too-long",
        ANSWER,
        "文字过长",
        "有 {found} 个字",
        "请精简，只写材料名称和文号，不要粘贴材料全文",
        "应不超过 {limit} 个字",
    ),
    _error("formula-error", ANSWER, "公式出错", "公式的结果是错误 {found}", "请改正公式，或直接填写数值"),
    _error(
        "formula-without-value",
        ANSWER,
        "公式没有保存结果",
        "公式 {found} 没有保存计算结果",
        "请用 Excel 或 WPS 打开文件保存一次再上传，或直接填写数值",
    ),
    _error(
        "personal-data-found",
        ANSWER,
        "含有个人信息",
        "疑似含有{found}（内容不予显示）",
        "请删除；本系统只评机构，不收集个人信息，填人数或材料名称即可",
    ),
    # --- the register
    _error("register-sheet-missing", REGISTER, "找不到名册表头", "没有一张工作表含有名册的表头", "请使用系统下载的名册模板", "应为{allowed}"),
    _error(
        "list-column-missing",
        REGISTER,
        "表头缺列",
        "表头缺少“{found}”列",
        "请使用系统下载的模板，表头请勿改动",
    ),
    _error("register-empty", REGISTER, "名册为空", "名册里没有一个单位", "请按模板每行填写一个单位"),
    _error("register-value-missing", REGISTER, "名册缺项", "{found} 未填写", "请补填"),
    _error(
        "register-duplicate-code",
        REGISTER,
        "单位代码重复",
        "单位代码 {found} 与第 {row} 行重复",
        "请核对，每个单位只占一行",
    ),
    _error(
        "unknown-region",
        REGISTER,
        "没有这个地区",
        "地区“{found}”不在行政区划名录中",
        "请填 6 位行政区划代码，或“市/县（市、区）”全称，如 哈尔滨市/道里区",
    ),
    _error(
        "ambiguous-region",
        REGISTER,
        "地区重名",
        "地区“{found}”有 {choices} 几处同名",
        "请连同上级一起填写，或填行政区划代码",
        "应写明是哪一处",
    ),
    _error(
        "unknown-category",
        REGISTER,
        "没有这个类别",
        "单位类别“{found}”不在方案中",
        "请从下拉列表选择",
        "应为{allowed}",
    ),
    _error(
        "unknown-tag",
        REGISTER,
        "没有这个职能标签",
        "职能标签“{found}”不在方案中",
        "请对照“可选值”表填写，多个标签用顿号“、”分隔",
    ),
    _warning(
        "tag-expected",
        REGISTER,
        "少了职能标签",
        "“{found}”没有填写所属的职能标签，会少考核一部分指标",
        "请在职能标签列补填",
        "一般应为{allowed}之一",
    ),
    # --- accounts, typed on the page or in a table of them
    _error(
        "account-sheet-missing",
        ACCOUNT,
        "找不到账号表头",
        "没有一张工作表含有账号表的表头",
        "请使用系统下载的账号表模板",
        "应为{allowed}",
    ),
    _error("account-sheet-empty", ACCOUNT, "账号表为空", "账号表里没有一个账号", "请按模板每行填写一个账号"),
    _error("account-value-missing", ACCOUNT, "账号缺项", "{found} 未填写", "请补填"),
    _error(
        "account-id-invalid",
        ACCOUNT,
        "账号不合规则",
        "账号“{found}”不能用",
        "请改写为机构或岗位的简称",
        "账号应为 3–32 位小写字母、数字、点、横线，以字母开头（如 hrb-kaohe），或单位的统一社会信用代码，且不得为系统保留的 {reserved}",
    ),
    _error(
        "account-duplicate",
        ACCOUNT,
        "账号重复",
        "账号 {found} 与第 {row} 行重复",
        "请核对，每个账号只占一行",
    ),
    _error(
        "account-exists",
        ACCOUNT,
        "账号已存在",
        "账号已存在（{found}）",
        "请换一个账号，或删除这一行；要更改已有账号的，请在账号列表中更改",
    ),
    _error(
        "account-title-missing",
        ACCOUNT,
        "没有写名称",
        "没有写名称（机构或岗位，如“道里区考核办”）",
        "请补填，不写姓名",
    ),
    _error(
        "account-personal-data",
        ACCOUNT,
        "账号含有个人信息",
        "账号和名称中不得有个人信息（{found}）",
        "请写机构或岗位，不写姓名、电话和证件号码",
    ),
    _error(
        "unknown-role",
        ACCOUNT,
        "没有这个角色",
        "没有角色“{found}”",
        "请从下拉列表选择",
        "应为 {allowed} 之一",
    ),
    _error(
        "account-region-unknown",
        ACCOUNT,
        "没有这个地区",
        "没有代码为 {found} 的地区",
        "请用 GB/T 2260 六位代码，如 230100",
    ),
    _error(
        "account-region-level",
        ACCOUNT,
        "地区与角色不符",
        "{role}的地区不能是{found}",
        "请改选地区或角色",
        "应为{allowed}",
    ),
    _error(
        "account-unit-missing",
        ACCOUNT,
        "没有写单位",
        "填报单位的账号没有写单位",
        "请补填",
        "应写单位的统一社会信用代码",
    ),
    _error(
        "account-unit-needless",
        ACCOUNT,
        "不应写单位",
        "{role}的账号写了单位 {found}",
        "请清除",
        "只有填报单位的账号才写统一社会信用代码",
    ),
    _error(
        "account-unit-unknown",
        ACCOUNT,
        "单位不在名册",
        "{region}的名册中没有单位 {found}",
        "请先登记单位，并核对代码和地区",
    ),
)  # fmt: skip
