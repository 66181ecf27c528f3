"""Numbers below nothing have the same minus sign in a table as in the figures, sentences and documents beside it."""

from __future__ import annotations

import re

import pytest

from tests.browser.running import settle

pytestmark = pytest.mark.browser

# what reaches the canvas in the end, noted below the product's own script, which comes later
NOTE_DRAWN = """
    window.drawn = new Set()
    const draw = CanvasRenderingContext2D.prototype.fillText
    CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
        window.drawn.add(text)
        return draw.call(this, text, ...where)
    }
"""


WRITTEN = {
    "-1.90": "−1.90", "-1,234.5": "−1,234.5", "-3.2%": "−3.2%", "-0.00": "0.00", "-0.0%": "0.0%",
    "-": "-", "2026-1": "2026-1", "-1至2": "-1至2", "1.90": "1.90",
}  # fmt: skip
DRAW_APART = """text => {
    drawn.clear()
    document.createElement('canvas').getContext('2d').fillText(text, 1, 1)
    return [...drawn]
}"""


def test_an_interactive_table_draws_the_true_minus_and_leaves_other_text_alone(page_of_its_own):
    page = page_of_its_own
    page.add_init_script(NOTE_DRAWN)
    page.goto("/comparison?region=230100&other=230400&cycle=2026")
    settle(page)
    page.wait_for_function("() => [...drawn].some(text => /^−[0-9]/.test(text))")
    assert not [text for text in page.evaluate("() => [...drawn]") if re.match(r"-\d|[-−]0\.0*$", text)]
    assert {said: page.evaluate(DRAW_APART, said) for said in WRITTEN} == {
        said: [drawn] for said, drawn in WRITTEN.items()
    }
