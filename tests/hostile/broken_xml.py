"""Mutations of the XML inside a valid file, drawn by Hypothesis: the zip is sound, the parts say strange things."""

from __future__ import annotations

import re
from functools import cache

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.hostile.material import (
    RELATIONS,
    SHEET,
    STRINGS,
    STYLES,
    TYPES,
    WORKBOOK,
    parts,
    rich,
    series,
    zipped,
)

COUNT = 160
_TAG = re.compile(rb"<[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_ELEMENT = re.compile(rb"<(\w+)(?: [^>]*)?(?:/>|>[^<]*</\1>)")

_VALUES = st.one_of(
    st.sampled_from(
        ["", "0", "-1", "1", "2147483648", "99999999999999999999", "1e308", "-1e308", "NaN", "INF", "s", "e", "b", "d",
         "str", "inlineStr", "A1", "XFD1048576", "A1:XFD1048576", "a1", "$A$1", "#REF!", "true", "veryHidden",
         "2026-02-30", "&#x10FFFF;", "\u202e", "=1+1", "../../x", "/x", "rId1", "xl/worksheets/sheet1.xml"]
    ),
    st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters='<>&"'), max_size=40),
    st.integers().map(str),
    st.floats().map(str),
)  # fmt: skip
_NAMES = st.sampled_from(
    ["c", "v", "f", "is", "t", "row", "mergeCell", "sheet", "xf", "si", "r", "x:c", "sst", "extLst"]
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A workbook in which one to six places of one or two parts were changed."""
    members = parts(rich()) if draw(st.booleans()) else parts()
    likely = [name for name in (SHEET, STRINGS, STYLES, WORKBOOK, RELATIONS, TYPES) if name in members]
    for _ in range(draw(st.integers(1, 2))):
        name = draw(st.sampled_from([*likely, *sorted(members)]))
        xml = members[name]
        for _ in range(draw(st.integers(1, 3))):
            xml = _change(draw, xml)
        members[name] = xml
    return zipped(members)


def _change(draw: st.DrawFn, xml: bytes) -> bytes:
    kind = draw(
        st.sampled_from(["attribute"] * 5 + ["text", "text", "drop", "repeat", "rename", "insert", "swap"])
    )
    pattern = {"attribute": _ATTRIBUTE, "rename": _TAG, "insert": _TAG, "text": _TAG}.get(kind, _ELEMENT)
    places = list(pattern.finditer(xml))
    if not places:
        return xml
    place = places[draw(st.integers(0, len(places) - 1))]
    before, after = xml[: place.start()], xml[place.end() :]
    match kind:
        case "attribute":
            return before + place[1] + b'="' + draw(_VALUES).encode() + b'"' + after
        case "text":
            value = draw(_VALUES).encode()
            return before + place[0] + value + after[after.find(b"<") :]
        case "drop":
            return before + after
        case "repeat":
            return before + place[0] * draw(st.sampled_from([2, 3, 100, 5000])) + after
        case "rename":
            return before + place[0].replace(b"<", b"<" + draw(_NAMES).encode(), 1) + after
        case "insert":
            name = draw(_NAMES).encode()
            return before + place[0] + b"<%s>" % name + draw(_VALUES).encode() + b"</%s>" % name + after
        case _:
            other = places[draw(st.integers(0, len(places) - 1))]
            return before + other[0] + after


@cache
def _drawn() -> list[bytes]:
    found: dict[bytes, None] = {}

    @seed(2026)
    @settings(max_examples=4 * COUNT, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(mutated())
    def collect(content: bytes) -> None:
        found[content] = None

    collect()
    return list(found)[-COUNT:]  # the first ones are the simplest, and much alike


CASES = series("xml", COUNT, lambda number: _drawn()[number])
