"""Moves a package's inline texts into the table of shared strings, as office programs themselves write them.

With all words of a workbook in one part, a unit's own words can be put in without touching the sheets.
"""

from __future__ import annotations

import re

STRINGS_PART = "xl/sharedStrings.xml"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_INLINE = re.compile(
    rb'(<c r="[A-Z]+\d+"(?: s="\d+")?) t="inlineStr"><is>(<t(?: xml:space="preserve")?>.*?</t>|<t ?/>)</is></c>',
    re.DOTALL,
)
_OVERRIDE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml" />'
)
_RELATION = (
    b'<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" '
    b'Target="sharedStrings.xml" Id="rIdStrings" />'
)


def share_strings(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The package with its inline texts shared, and an XML declaration on each part. For openpyxl's own output."""
    index: dict[bytes, int] = {}
    uses = 0

    def replace(match: re.Match[bytes]) -> bytes:
        nonlocal uses
        uses += 1
        text = match[2]
        if (b"\n" in text or b"> " in text or b" <" in text) and b"xml:space" not in text:
            text = text.replace(b"<t>", b'<t xml:space="preserve">', 1)
        return b'%s t="s"><v>%d</v></c>' % (match[1], index.setdefault(text, len(index)))

    shared = {}
    for name, data in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            data = _INLINE.sub(replace, data)
        elif name == "[Content_Types].xml":
            data = data.replace(b"</Types>", _OVERRIDE + b"</Types>")
        elif name == "xl/_rels/workbook.xml.rels":
            data = data.replace(b"</Relationships>", _RELATION + b"</Relationships>")
        shared[name] = data
    items = b"".join(b"<si>%s</si>" % text for text in index)
    shared[STRINGS_PART] = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="%d" uniqueCount="%d">%s</sst>'
        % (uses, len(index), items)
    )
    return {
        name: data
        if data.startswith(b"<?xml") or not name.endswith((".xml", ".rels"))
        else DECLARATION + data
        for name, data in shared.items()
    }
