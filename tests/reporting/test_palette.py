"""Grade colours stay apart for colour-blind people, on both looks, and text on them can be read."""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path

import pytest

from reporting.palette import (
    LIGHT,
    LOOKS,
    NO_GRADE,
    channels,
    contrast,
    linear,
    look_of,
    luminance,
    ramp_colour,
    text_on,
)

STYLE = Path(__file__).parent.parent.parent / "pages" / "components" / "style.css"
LEAST_DISTANCE = 20  # CIE Lab; about ten times what the eye just tells apart side by side
LEAST_TEXT_CONTRAST = 4.0  # WCAG asks 3 of large text and 4.5 of small; figures' text is 12 to 24 px

# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear red, green, blue.
SEEN_BY = {
    "everybody": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
LOOK_NAMES = sorted(LOOKS)


def _seen(colour: str, by: str) -> tuple[float, float, float]:
    """The colour as that person sees it, in CIE Lab (D65)."""
    rgb = [
        min(max(sum(m * c for m, c in zip(row, linear(colour), strict=True)), 0), 1) for row in SEEN_BY[by]
    ]
    red, green, blue = rgb
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _distance(one: str, other: str, by: str) -> float:
    return math.dist(_seen(one, by), _seen(other, by))


def test_the_simulation_knows_what_colour_blind_people_confuse():
    red, green = "#c03030", "#5a7a10"
    assert _distance(red, green, "everybody") > 60
    assert _distance(red, green, "deuteranopia") < 30


@pytest.mark.parametrize("by", SEEN_BY)
@pytest.mark.parametrize("look", LOOK_NAMES)
def test_any_two_grades_are_told_apart_by(look, by):
    near = {
        (one, other): _distance(LOOKS[look].grades[one], LOOKS[look].grades[other], by)
        for one, other in itertools.combinations(LOOKS[look].grades, 2)
    }
    assert min(near.values()) >= LEAST_DISTANCE, min(near, key=near.get)


@pytest.mark.parametrize("by", SEEN_BY)
@pytest.mark.parametrize("look", LOOK_NAMES)
def test_who_moves_up_and_who_moves_down_are_told_apart_by(look, by):
    assert _distance(LOOKS[look].better_first, LOOKS[look].better_second, by) >= LEAST_DISTANCE


@pytest.mark.parametrize("look", LOOK_NAMES)
def test_text_on_every_fill_can_be_read(look):
    fills = [*LOOKS[look].grades.values(), *(ramp_colour(LOOKS[look], n / 50) for n in range(51))]
    assert min(contrast(text_on(fill), fill) for fill in fills) >= LEAST_TEXT_CONTRAST


@pytest.mark.parametrize("look", LOOK_NAMES)
def test_text_on_the_paper_can_be_read(look):
    paper = LOOKS[look].paper
    assert contrast(LOOKS[look].ink, paper) > 7
    assert contrast(LOOKS[look].muted, paper) > 4.5


@pytest.mark.parametrize("look", LOOK_NAMES)
def test_more_lost_is_always_further_from_the_paper(look):
    away = [
        contrast(ramp_colour(LOOKS[look], share), LOOKS[look].paper) for share in (0, 0.2, 0.4, 0.6, 0.8, 1)
    ]
    assert away == sorted(away)


def test_the_ramp_ends_where_it_says():
    assert ramp_colour(LIGHT, 0) == LIGHT.ramp[0]
    assert ramp_colour(LIGHT, 1) == LIGHT.ramp[-1]
    assert ramp_colour(LIGHT, 7) == LIGHT.ramp[-1]


def test_an_unknown_grade_is_grey_and_an_unknown_theme_light():
    assert LIGHT.grade(None) == LIGHT.grade("no_such_grade") == LIGHT.grades[NO_GRADE]
    assert look_of(None) is LIGHT


def test_black_and_white_are_what_they_are():
    assert luminance("#000000") == 0
    assert luminance("#ffffff") == pytest.approx(1)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert channels("#ff0080") == pytest.approx((1, 0, 128 / 255))


def test_cards_and_badges_have_the_colours_of_the_figures():
    style = STYLE.read_text("utf-8")
    for grade, variable in [*((g, g) for g in LIGHT.grades if g != NO_GRADE), (NO_GRADE, "none")]:
        pair = re.search(rf"--aq-{variable}: light-dark\((#\w+), (#\w+)\)", style)
        assert pair, variable
        assert pair.groups() == (LOOKS["light"].grades[grade], LOOKS["dark"].grades[grade]), grade
