"""What Excel itself checks and says while a unit fills in its answers: lists, bounds, prompts.

The reader accepts more spellings than these rules do, for not everybody fills in the workbook with Excel.
"""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data.layout import BY_KEY, choice_names, is_percent, open_keys
from data.sheet_style import put
from data.values import LARGEST_NUMBER
from scoring.scheme import NO, NOT_APPLICABLE, NOT_HELD, YES, Indicator

# Excel's limits; a longer text makes it offer to repair the file.
PROMPT_LENGTH, PROMPT_TITLE_LENGTH, ERROR_LENGTH, LIST_LENGTH = 255, 32, 225, 255


class AnswerRules:
    """Adds the rules to a sheet, one validation per distinct rule and prompt.

    Lists too long for a validation go to the hidden sheet `choices`, one per column.
    """

    def __init__(self, sheet: Worksheet, choices: Worksheet, *, cycle: int):
        self.sheet, self.choices, self.cycle = sheet, choices, cycle
        self.validations: dict[tuple, DataValidation] = {}
        self.n_lists = 0

    def add(self, row: int, indicator: Indicator) -> None:
        place = f"{indicator.id} {indicator.place.label}"
        for key in open_keys(indicator):
            cell = f"{BY_KEY[key].letter}{row}"
            rule, error = self._rule(key, cell, indicator)
            prompt = _prompt(key, indicator, self.cycle)
            identity = (tuple(sorted(rule.items())), place, prompt)
            validation = self.validations.get(identity)
            if validation is None:
                validation = DataValidation(
                    **rule,
                    allow_blank=True,
                    showInputMessage=True,
                    promptTitle=clip(place, PROMPT_TITLE_LENGTH),
                    prompt=clip(prompt, PROMPT_LENGTH),
                )
                if rule:
                    validation.showErrorMessage = True
                    validation.errorTitle, validation.error = "填写有误", clip(error, ERROR_LENGTH)
                self.validations[identity] = validation
                self.sheet.add_data_validation(validation)
            validation.add(cell)

    def _rule(self, key: str, cell: str, indicator: Indicator) -> tuple[dict[str, str], str]:
        """The validation's rule and its error text; no rule for free text."""
        if key in ("numerator", "denominator"):
            return _whole(), "请填不小于 0 的整数，不写单位。"
        if key != "value":
            return {}, ""
        may_be_na = indicator.na != "never"
        if names := choice_names(indicator):
            return {"type": "list", "formula1": self._list(names)}, "请从下拉列表选择。"
        words = [f'{cell}="{NOT_APPLICABLE}"'] if may_be_na else []
        also = "或填“不适用”" if may_be_na else ""
        if indicator.type == "date":
            first, last = f"DATE({self.cycle},1,1)", f"DATE({self.cycle},12,31)"
            inside = f"AND(ISNUMBER({cell}),{cell}>={first},{cell}<={last})"
            rule = f"OR({','.join([f'{cell}=' + chr(34) + NOT_HELD + chr(34), *words, inside])})"
            error = f"请填 {self.cycle} 年内的日期，如 {self.cycle}-04-15；未开展的填“未开展”{also and '，' + also}。"
            return {"type": "custom", "formula1": rule}, error
        if is_percent(indicator):
            if not may_be_na:
                return {"type": "decimal", "operator": "between", "formula1": "0", "formula2": "100"}, (
                    "请填百分比，如 85%。"
                )
            rule = f"OR({','.join([*words, f'AND(ISNUMBER({cell}),{cell}>=0,{cell}<=100)'])})"
            return {"type": "custom", "formula1": rule}, f"请填百分比，如 85%，{also}。"
        if not may_be_na:
            return _whole(), "请填不小于 0 的整数，不写单位。"
        inside = f"AND(ISNUMBER({cell}),{cell}>=0,{cell}=INT({cell}),{cell}<={LARGEST_NUMBER})"
        rule = f"OR({','.join([*words, inside])})"
        return {"type": "custom", "formula1": rule}, f"请填不小于 0 的整数，不写单位；{also}。"

    def _list(self, names: Sequence[str]) -> str:
        text = f'"{",".join(names)}"'
        if len(text) <= LIST_LENGTH and not any(c in name for name in names for c in ',"'):
            return text
        self.n_lists += 1
        for row, name in enumerate(names, start=1):
            put(self.choices, row, self.n_lists, name)
        column = self.choices.cell(row=1, column=self.n_lists).column_letter
        return f"{self.choices.title}!${column}$1:${column}${len(names)}"


def clip(text: str, length: int) -> str:
    """Text within a limit that Excel counts in UTF-16 units."""
    if len(text.encode("utf-16-le")) // 2 <= length:
        return text
    while len(text.encode("utf-16-le")) // 2 > length - 1:
        text = text[:-1]
    return text + "…"


def _whole() -> dict[str, str]:
    return {"type": "whole", "operator": "between", "formula1": "0", "formula2": str(LARGEST_NUMBER)}


def _prompt(key: str, indicator: Indicator, cycle: int) -> str:
    if key == "numerator":
        return f"填分子：{indicator.numerator}\n{indicator.criterion}"
    if key == "denominator":
        return f"填分母：{indicator.denominator}\n确无此类对象的，分子、分母都填 0，并写明不适用理由。"
    if key == "na_reason":
        return "不适用的，写明理由；适用的留空。"
    if key == "evidence":
        return f"写材料名称和文号，不粘贴全文，不写个人信息。\n{indicator.evidence}"
    if key == "note":
        return "可写补充说明；不写个人信息和国家秘密。"
    how = {
        "yes_no": f"从列表选择“{YES}”或“{NO}”",
        "level": "从列表选择一档",
        "count": f"填整数{f'（{indicator.measure}）' if indicator.measure else ''}",
        "date": f"填 {cycle} 年内的日期，未开展的填“{NOT_HELD}”",
        "ratio": "填百分比，如 85%",
    }[indicator.type]
    if indicator.na != "never":
        how += f"；不适用的填“{NOT_APPLICABLE}”并写理由"
    return f"{how}。\n{indicator.criterion}"
