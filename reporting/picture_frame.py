"""What a figure needs to stand alone in somebody else's document: a size, its title, what it says, and where it is from."""

from __future__ import annotations

import re
import unicodedata

from reporting.figure import Figure
from reporting.palette import LIGHT, Look
from reporting.theme import FONT, plain, sign_figure

TITLE_PX, SAYS_PX = 22, 15
SIDE_PX, TOP_PX = 12, 16
ASCENT = 0.9  # of a line above its foot, in font sizes
LINE = 1.3 * TITLE_PX  # height of every line of a title, whatever the size of its text
BELOW_PX = 14  # between the words and the figure
NARROW = 0.58  # width of a Latin character or digit, of a Chinese one
# What stays on one line: numbers and Latin words whole, an opening mark with what follows, a closing one with what precedes.
PIECE = re.compile(r"[（《「『“‘]*(?:[\w.,:/%+−–-]+|.)[，。、；：！？）》」』”’%]*", re.ASCII)


def frame_figure(
    figure: Figure, *, title: str, says: str, sign: str, width: int, look: Look = LIGHT
) -> Figure:
    """A copy of the figure, so many pixels wide, with its title and a sentence above it and its source below.

    The figure itself keeps its height; room is added above and below. Texts are shown as they are, without markup.
    """
    framed = sign_figure(figure, sign)
    room = width - 2 * SIDE_PX
    title_lines = wrap(title, room / TITLE_PX)
    says_lines = wrap(says, room / SAYS_PX) if says else []
    head = TOP_PX + round(LINE * (len(title_lines) + len(says_lines))) + BELOW_PX
    above = framed.laid_out("margin", "t") or 0
    text = "<br>".join(f"<b>{plain(line)}</b>" for line in title_lines)
    for line in says_lines:
        text += f'<br><span style="font-size:{SAYS_PX}px;color:{look.muted}">{plain(line)}</span>'
    height = framed.laid_out("height") + head
    framed.update_layout(
        width=width,
        height=height,
        margin={
            "t": above + head,
            "l": (framed.laid_out("margin", "l") or 0) + SIDE_PX,
            "r": (framed.laid_out("margin", "r") or 0) + SIDE_PX,
        },
        title={
            "text": text,
            "font": {"family": FONT, "size": TITLE_PX, "color": look.ink},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1 - (TOP_PX + ASCENT * TITLE_PX) / height,
            "yref": "container",
            "yanchor": "bottom",
            "pad": {"l": SIDE_PX},
        },
    )
    return framed


def wrap(text: str, room: float) -> list[str]:
    """The text in lines of at most so many Chinese characters' width; no number is broken, no closing mark begins a line."""
    lines, line = [], ""
    for piece in PIECE.findall(" ".join(text.split())):
        if line and _width(line + piece) > room:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line] if line else lines


def _width(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(each) in "WF" else NARROW for each in text)
