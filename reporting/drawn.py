"""Figures are drawn once for what they show: whoever asks for the same again gets what was drawn."""

from __future__ import annotations

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

from reporting.figure import Figure

MOST = 400  # of some 20 kB each

Asked = ParamSpec("Asked")
Drawing = TypeVar("Drawing", Figure, Figure | None)
_figures: OrderedDict[bytes, Figure | None] = OrderedDict()
_lock = Lock()


def drawn_once(draw: Callable[Asked, Drawing]) -> Callable[Asked, Drawing]:
    """A function whose figure follows from what it is given, frames included, and from nothing else; each caller gets a copy.

    What is given is told apart by its content, so that nothing need be said about where it comes from; that takes a tenth of
    drawing it.
    """

    @wraps(draw)
    def drawn(*args: Asked.args, **kwargs: Asked.kwargs) -> Drawing:
        given = pickle.dumps((draw.__module__, draw.__name__, args, kwargs), protocol=pickle.HIGHEST_PROTOCOL)
        question = hashlib.blake2b(given, digest_size=20).digest()
        with _lock:
            is_drawn = question in _figures
            if is_drawn:
                _figures.move_to_end(question)
                figure = _figures[question]
        if not is_drawn:
            figure = draw(*args, **kwargs)
            with _lock:
                _figures[question] = figure
                while len(_figures) > MOST:
                    _figures.popitem(last=False)
        return figure and figure.copy()  # some draw nothing where there is nothing to show

    return drawn
