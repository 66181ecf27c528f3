"""A figure drawn as plain data is the one that Plotly would have made of the same calls."""

from __future__ import annotations

import json

import pandas as pd
import plotly.graph_objects as go
import pytest

from reporting.figure import Figure

LAYOUT = {"height": 300, "xaxis": {"visible": False}, "yaxis": {"tickfont": {"size": 9}}}


def draw(fig) -> None:
    fig.add_bar(x=[1.0, 2.5], y=["甲", "乙"], marker={"color": "#123456"}, name="数")
    fig.add_scatter(x=[1, 2], y=[0.5, 1], mode="lines")
    fig.update_layout(margin={"l": 3}, legend={"font": {"size": 11}})
    fig.update_layout(margin={"r": 4})
    fig.update_xaxes(range=[0, 1])
    fig.update_yaxes(tickfont={"color": "#000000"})
    fig.add_shape(type="line", x0=0, x1=1, y0=0, y1=1)
    fig.add_annotation(x=0, y=0, text="字", showarrow=False)
    fig.add_vline(x=2, line={"width": 1})


def plain(value):
    if isinstance(value, dict):
        return {name: plain(each) for name, each in sorted(value.items())}
    return [plain(each) for each in value] if isinstance(value, list) else value


def test_it_is_what_plotly_makes_of_the_same_calls():
    ours, theirs = Figure(LAYOUT), go.Figure(layout=LAYOUT)
    draw(ours)
    draw(theirs)
    checked = json.loads(ours.checked().to_json())
    expected = json.loads(theirs.to_json())
    expected["layout"].pop("template", None)
    checked["layout"].pop("template", None)
    assert plain(checked) == plain(expected)
    sent = json.loads(ours.to_plotly().to_json())["layout"]
    sent.pop("template", None)
    assert plain(sent) == plain(checked["layout"])


def test_columns_are_sent_as_lists_with_nothing_where_a_value_is_missing():
    figure = Figure(LAYOUT)
    figure.add_bar(x=pd.Series([1.0, None]), customdata=pd.Series(["a", "b"]))
    (sent,) = json.loads(figure.to_plotly().to_json())["data"]
    assert (sent["x"], sent["customdata"]) == ([1.0, None], ["a", "b"])


def test_what_is_sent_is_what_plotly_would_send():
    figure = Figure(LAYOUT | {"template": {}})
    draw(figure)
    figure.add_scatter(x=[1], y=[2], fill=None, line={"color": "#000000", "dash": None})
    figure.update_layout(title={"text": None}, width=None)
    theirs = go.Figure({"data": figure._traces, "layout": figure._layout}, _validate=False)
    assert json.loads(figure.to_plotly().to_json()) == json.loads(theirs.to_json())


def test_a_copy_changes_nothing_of_the_first():
    first = Figure(LAYOUT)
    draw(first)
    before = first.checked().to_json()
    second = first.copy()
    second.update_layout(height=1, margin={"l": 9})
    second.add_annotation(text="又")
    assert first.checked().to_json() == before


def test_what_plotly_does_not_know_is_found_where_a_figure_is_read():
    wrong = Figure(LAYOUT)
    wrong.add_bar(colour="#123456")
    with pytest.raises(ValueError, match="colour"):
        _ = wrong.data
