"""The stacked bars of effective weights: every piece as long as its share, nothing drawn for what weighs nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from reporting.charts import draw_effective_weights
from reporting.palette import DARK, LIGHT, contrast

ROWS = [("机关", "组织", 0.5, 0.4), ("机关", "宣传", 0.48, 0.58), ("机关", "保密", 0.02, 0.02), ("学校", "组织", 0.0, 0.0), ("学校", "宣传", 1.0, None)]  # fmt: skip


@pytest.fixture(params=[LIGHT, DARK], ids=lambda look: look.name)
def figure(request):
    frame = pd.DataFrame(ROWS, columns=["category_name", "dimension_name", "share", "before"])
    return draw_effective_weights(frame, look=request.param)


def test_a_category_is_one_bar_of_its_shares(figure):
    drawn = {(trace.name, y): x for trace in figure.data for x, y in zip(trace.x, trace.y, strict=True)}
    assert drawn == {("组织", 0): 0.5, ("宣传", 0): 0.48, ("保密", 0): 0.02, ("宣传", 1): 1.0}


def test_a_narrow_piece_has_no_number(figure):
    assert {trace.name: list(trace.text) for trace in figure.data} == {
        "组织": ["50%"],
        "宣传": ["48%", "100%"],
        "保密": [""],
    }


def test_a_changed_share_tells_its_old_value(figure):
    hovers = [text for trace in figure.data for text in trace.hovertext]
    assert sum("原" in text for text in hovers) == 2
    assert any("原 40.00%" in text for text in hovers)


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
def test_neighbouring_pieces_differ_in_lightness(look):
    pairs = zip(look.series, look.series[1:], strict=False)
    assert all(contrast(one, other) >= 1.5 for one, other in pairs)
