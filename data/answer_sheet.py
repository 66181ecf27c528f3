"""Draws the self-assessment sheet: one row per indicator under its dimension, open cells coloured, the rest locked."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.formatting.rule import FormulaRule
from openpyxl.worksheet.worksheet import Worksheet

from data.answer_rules import AnswerRules
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
from scoring.scheme import NOT_APPLICABLE, YES, Indicator, Scheme

TEXT_FORMAT, DATE_FORMAT, PERCENT_FORMAT, NUMBER_FORMAT = "@", 'yyyy"年"m"月"d"日"', "0.00%", "0"
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
    """Draws indicator rows."""

    def __init__(self, sheet: Worksheet, choices: Worksheet, *, cycle: int):
        self.sheet = sheet
        self.rules = AnswerRules(sheet, choices, cycle=cycle)

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
        self.rules.add(row, indicator)
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
