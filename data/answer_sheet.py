"""Draws the self-assessment sheet: one row per indicator under its dimension, open cells coloured, the rest locked."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.formatting.rule import FormulaRule
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data.guide import sheet_title
from data.layout import (
    BY_KEY,
    COLUMNS,
    COUNT_ROW,
    FIRST_ROW,
    HEADER_ROW,
    HINT_ROW,
    RATIO_HINT,
    TITLE_ROW,
    by_dimension,
    choice_names,
    is_fraction,
    is_percent,
    open_keys,
)
from data.sheet_style import (
    CENTRED,
    GREY_INK,
    GROUP,
    HEADER,
    LABEL,
    NOTE,
    SOLID,
    TITLE,
    UNLOCKED,
    VALUE,
    Style,
    n_lines,
    protect,
    put,
    row_height,
)
from scoring.scheme import NO, NOT_APPLICABLE, NOT_HELD, YES, Indicator, Scheme

# Excel's limits; a longer text makes it offer to repair the file.
PROMPT_LENGTH, PROMPT_TITLE_LENGTH, ERROR_LENGTH, LIST_LENGTH = 255, 32, 225, 255
LARGEST_NUMBER = 100_000_000  # more persons or times than the province has: a slip of the keyboard
TEXT_FORMAT, DATE_FORMAT, PERCENT_FORMAT, NUMBER_FORMAT = "@", 'yyyy"年"m"月"d"日"', "0.##%", "0"
CLOSED = Style(size=9, colour=GREY_INK, fill="closed", boxed=True, horizontal="center")
SPARE_ROWS = 20  # the count looks a little further than the last row, for rows that were moved down

_A, _E, _F, _G, _H, _I = (
    BY_KEY[key].letter for key in ("indicator", "value", "numerator", "denominator", "na_reason", "evidence")
)


def count_text(n_open: int) -> str:
    """What the count of open answers says."""
    return f"尚有 {n_open} 项未填" if n_open else "已全部填写"


def open_count_formula(last_row: int) -> str:
    """Counts rows with an indicator id whose answer is open: 填报值 empty, or for ratios either part empty."""
    end = last_row + SPARE_ROWS

    def span(letter: str) -> str:
        return f"${letter}${FIRST_ROW}:${letter}${end}"

    is_row = f'(LEFT({span(_A)},1)="T")*(LEN({span(_A)})=6)'
    is_ratio = f'({span(_E)}="{RATIO_HINT}")'
    parts_open = f"((LEN(TRIM({span(_F)}))=0)+(LEN(TRIM({span(_G)}))=0)>0)"
    value_open = f"(LEN(TRIM({span(_E)}))=0)"
    count = f"SUMPRODUCT({is_row}*({is_ratio}*{parts_open}+{value_open}))"
    return f'=IF({count}=0,"{count_text(0)}","尚有 "&{count}&" 项未填")'


def draw_answer_sheet(
    sheet: Worksheet,
    choices: Worksheet,
    scheme: Scheme,
    indicators: Sequence[Indicator],
    *,
    cycle: int,
    name: str,
) -> None:
    """Fill the sheet; lists too long for a validation go to the hidden sheet `choices`, one per column."""
    for column in COLUMNS:
        sheet.column_dimensions[column.letter].width = column.width
    _draw_head(sheet, scheme, cycle=cycle, name=name)
    drawer = _Rows(sheet, choices, cycle=cycle)
    row = FIRST_ROW
    for dimension, members in by_dimension(scheme, indicators):
        for at in range(1, len(COLUMNS) + 1):
            put(sheet, row, at, dimension if at == 1 else None, GROUP, wrap=False)
        sheet.row_dimensions[row].height = 22
        row += 1
        for indicator in members:
            drawer.draw(row, indicator)
            row += 1
    drawer.finish(last_row=row - 1)
    cell = put(sheet, COUNT_ROW, 1, None, LABEL, wrap=False)
    cell.value = open_count_formula(row - 1)
    _set_up_page(sheet, last_row=row - 1)


def _draw_head(sheet: Worksheet, scheme: Scheme, *, cycle: int, name: str) -> None:
    title = sheet_title(scheme)
    if str(cycle) not in title:
        title += f"（{cycle} 年度）"
    put(sheet, TITLE_ROW, 1, f"{title}　{name}", TITLE, wrap=False)
    hint = "黄色格填写，灰色格不填；选中单元格看提示。不得填写个人信息和国家秘密。填写规则见“填报说明”。"
    put(sheet, HINT_ROW, 1, hint, NOTE, wrap=False)
    for row, height in ((TITLE_ROW, 28), (COUNT_ROW, 20), (HINT_ROW, 18), (HEADER_ROW, 24)):
        sheet.row_dimensions[row].height = height
    for at, column in enumerate(COLUMNS, start=1):
        put(sheet, HEADER_ROW, at, column.title, HEADER)


def _set_up_page(sheet: Worksheet, *, last_row: int) -> None:
    sheet.freeze_panes = f"B{FIRST_ROW}"
    sheet.auto_filter.ref = f"{COLUMNS[0].letter}{HEADER_ROW}:{COLUMNS[-1].letter}{last_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{TITLE_ROW}:{HEADER_ROW}"
    sheet.print_area = f"{COLUMNS[0].letter}1:{COLUMNS[-1].letter}{last_row}"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.6, 0.3
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 100
    protect(sheet)


class _Rows:
    """Draws indicator rows; keeps one validation per distinct rule and prompt."""

    def __init__(self, sheet: Worksheet, choices: Worksheet, *, cycle: int):
        self.sheet, self.choices, self.cycle = sheet, choices, cycle
        self.validations: dict[tuple, DataValidation] = {}
        self.n_lists = 0

    def draw(self, row: int, indicator: Indicator) -> None:
        texts = {
            "indicator": indicator.id,
            "place": indicator.place.label,
            "question": indicator.question,
            "criterion": criterion_text(indicator),
        }
        fillable = open_keys(indicator)
        for at, column in enumerate(COLUMNS, start=1):
            centred = column.key in ("indicator", "value", "numerator", "denominator")
            style = CENTRED if centred else VALUE
            if column.key in texts:
                put(self.sheet, row, at, texts[column.key], style)
            elif column.key in fillable:
                cell = put(self.sheet, row, at, None, style, fill="open")
                cell.protection = UNLOCKED
                cell.number_format = _number_format(indicator, column.key)
            else:
                hint = RATIO_HINT if column.key == "value" else None
                put(self.sheet, row, at, hint, CLOSED)
        lines = max(n_lines(text, BY_KEY[key].width) for key, text in texts.items())
        self.sheet.row_dimensions[row].height = row_height(max(lines, 2))
        self._validate(row, indicator)
        self._flag(row, indicator)

    def finish(self, *, last_row: int) -> None:
        """Colour what is filled, and a claimed 不适用 without a reason."""
        rules = self.sheet.conditional_formatting
        cells, reasons = f"{_E}{FIRST_ROW}:{_G}{last_row}", f"{_H}{FIRST_ROW}:{_H}{last_row}"
        claimed = f'OR(TRIM(${_E}{FIRST_ROW})="{NOT_APPLICABLE}",TRIM(${_G}{FIRST_ROW})="0")'
        is_row = f'LEFT(${_A}{FIRST_ROW},1)="T"'
        missing = f"AND({is_row},{claimed},LEN(TRIM(${_H}{FIRST_ROW}))=0)"
        rules.add(reasons, FormulaRule([missing], fill=SOLID["alert"]))
        filled = f'AND({is_row},LEN(TRIM({_E}{FIRST_ROW}))>0,{_E}{FIRST_ROW}<>"{RATIO_HINT}")'
        rules.add(cells, FormulaRule([filled], fill=SOLID["filled"]))

    def _flag(self, row: int, indicator: Indicator) -> None:
        """Colour missing evidence as soon as something positive is claimed."""
        if not indicator.evidence_required:
            return
        value = f"${_F}{row}" if is_fraction(indicator) else f"${_E}{row}"
        if indicator.type == "yes_no":
            positive = [f'{value}="{YES}"']
        elif indicator.type == "level":
            zeros = [name for name, worth in indicator.choices.items() if worth == 0]
            quoted = [name.replace('"', '""') for name in (*zeros, NOT_APPLICABLE)]
            positive = [f"LEN(TRIM({value}))>0", *(f'{value}<>"{name}"' for name in quoted)]
        else:
            positive = [f"ISNUMBER({value})", f"{value}>0"]
        rule = f"AND({','.join(positive)},LEN(TRIM(${_I}{row}))=0)"
        self.sheet.conditional_formatting.add(f"{_I}{row}", FormulaRule([rule], fill=SOLID["alert"]))

    def _validate(self, row: int, indicator: Indicator) -> None:
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


def criterion_text(indicator: Indicator) -> str:
    """What stands under 评分标准: the criterion, what is counted, and the evidence asked for."""
    lines = [indicator.criterion]
    if is_fraction(indicator):
        lines += [f"分子：{indicator.numerator}", f"分母：{indicator.denominator}"]
    if indicator.measure and indicator.type == "count":
        lines.append(f"计量：{indicator.measure}")
    if indicator.evidence:
        lines.append(f"佐证：{indicator.evidence}")
    return "\n".join(lines)


def clip(text: str, length: int) -> str:
    """Text within a limit that Excel counts in UTF-16 units."""
    if len(text.encode("utf-16-le")) // 2 <= length:
        return text
    while len(text.encode("utf-16-le")) // 2 > length - 1:
        text = text[:-1]
    return text + "…"


def _whole() -> dict[str, str]:
    return {"type": "whole", "operator": "between", "formula1": "0", "formula2": str(LARGEST_NUMBER)}


def _number_format(indicator: Indicator, key: str) -> str:
    if key in ("numerator", "denominator"):
        return NUMBER_FORMAT
    if key != "value":
        return TEXT_FORMAT
    if indicator.type == "date":
        return DATE_FORMAT
    if is_percent(indicator):
        return PERCENT_FORMAT
    return NUMBER_FORMAT if indicator.type == "count" else "General"


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
