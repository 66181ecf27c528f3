"""The colours of every figure, in a light and a dark look, and the arithmetic of contrast.

Grade colours differ in lightness as well as in hue, so that people who cannot tell red from green, or blue from
yellow, still tell neighbours apart (tests/reporting/test_palette.py simulates them). pages/components/style.css has
the same grade colours for cards and badges; the test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

LookName = Literal["light", "dark"]
NO_GRADE = "not_submitted"
DARK_INK, LIGHT_INK = "#10202e", "#ffffff"
COLOURS = 4_096  # kept: a ramp has some hundreds, and a map asks for one of them in every cell


@dataclass(frozen=True)
class Look:
    """One look: `paper` behind the figure, `ink` and `muted` text, `line` rules, `tint` quiet areas.

    `grades`: grade id → colour. `ramp`: nothing lost → most lost, one hue, lightness monotone. `loss`, `gain`: points
    taken and given. `better_first`, `better_second`: who stands better under the first or the second system.
    `series`: parts of a whole side by side; neighbours differ in lightness, not in hue alone.
    """

    name: LookName
    paper: str
    ink: str
    muted: str
    line: str
    tint: str
    accent: str
    quiet: str
    loss: str
    loss_quiet: str
    gain: str
    better_first: str
    better_second: str
    ramp: tuple[str, ...]
    grades: dict[str, str]
    series: tuple[str, ...]

    def grade(self, grade: object) -> str:
        """The colour of a grade id; unknown and missing ones are grey, as 未提交 is."""
        return self.grades.get(grade if isinstance(grade, str) else NO_GRADE, self.grades[NO_GRADE])


LIGHT = Look(
    name="light",
    paper="#ffffff",
    ink="#1b2733",
    muted="#5a6b7b",
    line="#d9e0e7",
    tint="#f2f5f8",
    accent="#1f5f99",
    quiet="#b4c0cb",
    loss="#c2651a",
    loss_quiet="#e9c7a3",
    gain="#2a9d8f",
    better_first="#1f5f99",
    better_second="#c2651a",
    ramp=("#f6f8fa", "#fbe9cf", "#f3c88d", "#e19a4b", "#c2651a", "#8a3a0c"),
    grades={
        "excellent": "#0b4f8a",
        "good": "#2a9d8f",
        "pass": "#e5a52e",
        "fail": "#a9201a",
        NO_GRADE: "#c6ced6",
    },
    series=(
        "#1f5f99",
        "#9cc3e6",
        "#2a7f74",
        "#a8dcd2",
        "#b3541e",
        "#f2c48c",
        "#6a4c93",
        "#cdb8e0",
        "#5a6b7b",
        "#c6ced6",
    ),
)
DARK = Look(
    name="dark",
    paper="#111a23",
    ink="#e6edf3",
    muted="#9fb0bf",
    line="#2d3d4c",
    tint="#1a2632",
    accent="#6fb1e8",
    quiet="#566879",
    loss="#e58a3c",
    loss_quiet="#6b4a2a",
    gain="#4fc3b3",
    better_first="#6fb1e8",
    better_second="#eda35c",
    ramp=("#1a2632", "#3c3226", "#6d4a22", "#a8671f", "#e08f3b", "#ffcf95"),
    grades={
        "excellent": "#3a8ddb",
        "good": "#7fdccb",
        "pass": "#eeb03c",
        "fail": "#d94f46",
        NO_GRADE: "#566472",
    },
    series=(
        "#6fb1e8",
        "#2c5d8a",
        "#7fdccb",
        "#2a7f74",
        "#eda35c",
        "#8a4a1c",
        "#bfa3de",
        "#674a91",
        "#b4c0cb",
        "#566472",
    ),
)
LOOKS: dict[str, Look] = {look.name: look for look in (LIGHT, DARK)}


def look_of(name: str | None) -> Look:
    """The look of a theme type; light where it is unknown."""
    return LOOKS.get(name or "", LIGHT)


def ramp_colour(look: Look, share: float) -> str:
    """The ramp's colour at 0 (nothing lost) to 1 (most lost), interpolated in sRGB."""
    place = min(max(share, 0.0), 1.0) * (len(look.ramp) - 1)
    low = min(int(place), len(look.ramp) - 2)
    part = place - low
    return blend(look.ramp[low], look.ramp[low + 1], part)


def blend(one: str, other: str, share: float) -> str:
    """The colour between two, interpolated in sRGB: the one at 0, the other at 1."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02x}" for a, b in pairs)


def series_colour(look: Look, place: int) -> str:
    """The colour of the part at this place (from 0); past the last colour it begins again."""
    return look.series[place % len(look.series)]


@lru_cache(maxsize=COLOURS)
def text_on(colour: str) -> str:
    """Dark or light ink, whichever reads better on the colour."""
    return max((DARK_INK, LIGHT_INK), key=lambda ink: contrast(ink, colour))


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(maxsize=COLOURS)
def channels(colour: str) -> tuple[float, float, float]:
    """#rrggbb → red, green, blue from 0 to 1."""
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def linear(colour: str) -> tuple[float, float, float]:
    """Linear-light red, green, blue from 0 to 1 (the sRGB curve undone)."""
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour))
