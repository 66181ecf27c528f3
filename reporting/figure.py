"""A Plotly figure as the plain data it is sent as; Plotly's own objects check every value of it, which takes longer than
all the rest of a screen.

Tests and pictures read `data` and `layout`, which are checked: what Plotly does not know is found there.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import partialmethod
from typing import Any

import plotly.graph_objects as go


class Figure:
    """Traces and a layout under Plotly's names, whole (`margin={"b": 8}`, never `margin_b=8`)."""

    def __init__(self, layout: Mapping[str, Any], traces: tuple[dict[str, Any], ...] = ()):
        self._traces, self._layout = [*traces], dict(layout)

    # ---- drawing

    def _add_trace(self, kind: str, /, **props: Any) -> None:
        self._traces.append({"type": kind, **_plain(props)})

    add_bar = partialmethod(_add_trace, "bar")
    add_scatter = partialmethod(_add_trace, "scatter")
    add_scatterpolar = partialmethod(_add_trace, "scatterpolar")

    def add_annotation(self, **props: Any) -> None:
        """One text or arrow more."""
        self._layout["annotations"] = [*self._layout.get("annotations", ()), _plain(props)]

    def add_shape(self, **props: Any) -> None:
        """One line or area more."""
        self._layout["shapes"] = [*self._layout.get("shapes", ()), _plain(props)]

    def add_vline(self, *, x: Any, **props: Any) -> None:
        """A vertical line over the whole height."""
        self.add_shape(type="line", x0=x, x1=x, xref="x", y0=0, y1=1, yref="y domain", **props)

    def update_layout(self, **props: Any) -> None:
        """Change what is named of the layout, at any depth; the rest stays."""
        self._layout = _merged(self._layout, _plain(props))

    def replace(self, **props: Any) -> None:
        """Put what is named of the layout in the place of what was there."""
        self._layout |= _plain(props)

    def update_xaxes(self, **props: Any) -> None:
        """Change what is named of every horizontal axis."""
        self._update_axes("xaxis", props)

    def update_yaxes(self, **props: Any) -> None:
        """Change what is named of every vertical axis."""
        self._update_axes("yaxis", props)

    def _update_axes(self, beginning: str, props: Mapping[str, Any]) -> None:
        self.update_layout(**{name: props for name in self._layout if name.startswith(beginning)})

    # ---- reading

    def copy(self) -> Figure:
        """Another figure with the same content."""
        return Figure(self._layout, tuple(self._traces))

    def laid_out(self, *path: str) -> Any:
        """What the layout says under these names, one inside the other; None where it says nothing."""
        found: Any = self._layout
        for name in path:
            found = (found or {}).get(name)
        return found

    def to_plotly(self) -> go.Figure:
        """As Streamlit takes it, unchecked."""
        return _Sent({"data": [*map(_said, self._traces)], "layout": _said(self._layout)})

    def checked(self) -> go.Figure:
        """As Plotly's own figure. Raises ValueError where it does not know a name or a value."""
        return go.Figure({"data": deepcopy(self._traces), "layout": deepcopy(self._layout)})

    @property
    def data(self) -> tuple[Any, ...]:
        """The traces, checked."""
        return self.checked().data

    @property
    def layout(self) -> go.Layout:
        """The layout, checked."""
        return self.checked().layout


class _Sent(go.Figure):
    """A figure that is only asked for its content, and gives what it got: Plotly's own would copy all of it three times."""

    def __init__(self, content: dict[str, Any]):
        self._content = content

    def to_dict(self) -> dict[str, Any]:
        """Traces and layout."""
        return self._content


def _plain(value: Any) -> Any:
    """Columns and arrays as lists, at any depth of names."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return value.tolist() if hasattr(value, "tolist") else value


def _said(props: Mapping[str, Any]) -> dict[str, Any]:
    """What is named, without what was named to say nothing, as Plotly does."""
    return {name: value for name, value in props.items() if value is not None}


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for name, value in new.items():
        before = merged.get(name)
        is_deeper = isinstance(value, Mapping) and isinstance(before, Mapping)
        merged[name] = _merged(before, value) if is_deeper else value
    return merged
