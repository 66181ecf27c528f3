"""Which duties of the regulation a finding is about: the places of Art. 40–43 beside those that they sanction."""

from __future__ import annotations

from data.model import Unit
from scoring.scheme import Finding, Indicator, Place, Scheme

# Article and item of the finding → articles, paragraphs and items of the duty; None stands for any.
SAME_DUTY: dict[tuple[int, int | None], tuple[tuple[int, int | None, int | None], ...]] = {
    (40, 1): ((19, 1, 1), (20, None, None), (22, None, None)),
    (40, 2): ((19, 1, 2),),
    (40, 3): ((21, 1, None),),
    (40, 4): ((19, 1, 7),),
    (40, 5): ((19, 1, 8),),
    (40, 6): ((19, 1, 4), (27, None, None), (28, None, None), (29, None, None), (30, None, None)),
    (40, 7): (
        (24, None, None),
        (26, None, None),
        (30, None, None),
        (31, None, None),
        (32, None, None),
        (33, None, None),
    ),
    (41, 1): ((14, None, None), (17, None, None), (20, None, None), (23, None, None)),
    (41, 2): ((16, None, None),),
    (41, 3): ((10, None, None), (11, None, None), (19, 1, 7)),
    (41, 4): ((14, None, None), (15, None, None), (17, 2, None), (19, 1, 5), (23, 1, None)),
    (42, None): ((14, None, None),),
    (43, None): ((17, None, None), (20, None, None)),
}


def indicators_of_duty(scheme: Scheme, finding: Finding, *, unit: Unit) -> tuple[Indicator, ...]:
    """The unit's indicators of the duty that a finding is about, in the scheme's order; empty for an open clause."""
    duties = SAME_DUTY.get((finding.place.article, finding.place.item), ())
    return tuple(
        indicator
        for indicator in scheme.indicators_for(category=unit.category, tags=unit.tags)
        if any(_is_at(indicator.place, duty) for duty in duties)
    )


def _is_at(place: Place, duty: tuple[int, int | None, int | None]) -> bool:
    at = (place.article, place.paragraph, place.item)
    return all(wanted is None or wanted == part for wanted, part in zip(duty, at, strict=True))
