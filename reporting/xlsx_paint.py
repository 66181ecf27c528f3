"""What colours a table: shades of attainment and loss, bars in scores, grades and signs, in the colours of the screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from reporting.palette import LIGHT, text_on
from reporting.xlsx_spec import Column

BAR = "#b9d3ea"
# The ramp's darkest steps would swallow the black figures on them.
LOST_MOST, LOST_SOME, LOST_NOTHING = LIGHT.ramp[3], LIGHT.ramp[1], LIGHT.ramp[0]


class Paints:
    """Conditional formats of one workbook; `grades`: name of a grade → colour."""

    def __init__(self, book, *, grades: Mapping[str, str]):
        self._grades = {
            name: book.add_format({"bg_color": colour, "font_color": text_on(colour)})
            for name, colour in grades.items()
        }
        self._signs = {
            ">": book.add_format({"font_color": LIGHT.gain}),
            "<": book.add_format({"font_color": LIGHT.loss}),
        }

    def paint(self, sheet, columns: Sequence[Column], *, first: int, last: int) -> None:
        """Paint the rows of a table; neighbours painted alike share one scale."""
        for paint, group in groupby(enumerate(columns), key=lambda each: each[1].paint):
            places = [at for at, _ in group]
            if paint is not None:
                for rule in self._rules(paint):
                    sheet.conditional_format(first, places[0], last, places[-1], rule)

    def _rules(self, paint: str) -> list[dict]:
        match paint:
            case "attainment":
                return [_scale(LOST_MOST, LOST_SOME, LOST_NOTHING)]
            case "loss":
                return [_scale(LOST_NOTHING, LOST_SOME, LOST_MOST)]
            case "bars":
                return [
                    {
                        "type": "data_bar",
                        "bar_color": BAR,
                        "min_type": "num",
                        "max_type": "num",
                        "min_value": 0,
                        "max_value": 100,
                    }
                ]
            case "grades":
                return [
                    {"type": "cell", "criteria": "==", "value": f'"{name}"', "format": form}
                    for name, form in self._grades.items()
                ]
            case _:
                return [
                    {"type": "cell", "criteria": sign, "value": 0, "format": form}
                    for sign, form in self._signs.items()
                ]


def _scale(low: str, middle: str, high: str) -> dict:
    return {"type": "3_color_scale", "min_color": low, "mid_color": middle, "max_color": high}
