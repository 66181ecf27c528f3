"""Reading a docx back as its reader sees it: paragraphs, tables by their heading, and the text of everything."""

from __future__ import annotations

import io
import re

import docx

Table = list[list[str]]


def opened(content: bytes):
    """The document."""
    return docx.Document(io.BytesIO(content))


def paragraphs(content: bytes) -> list[str]:
    """The paragraphs outside of tables that hold anything."""
    return [paragraph.text for paragraph in opened(content).paragraphs if paragraph.text.strip()]


def tables(content: bytes) -> list[Table]:
    """Every table as rows of texts, its heading first."""
    return [
        [["\n".join(p.text for p in cell.p_lst) for cell in row.tc_lst] for row in table._tbl.tr_lst]
        for table in opened(content).tables
    ]


def table_with(content: bytes, heading: str) -> Table | None:
    """The first table that has a column so named, without its heading row; None where there is none."""
    found = next((table for table in tables(content) if heading in table[0]), None)
    return found and found[1:]


def whole_text(content: bytes) -> str:
    """Paragraphs, tables and feet in one text."""
    document = opened(content)
    feet = [p.text for s in document.sections for f in (s.footer, s.even_page_footer) for p in f.paragraphs]
    cells = [cell for table in tables(content) for row in table for cell in row]
    return "\n".join([*(p.text for p in document.paragraphs), *cells, *feet])


def numbers(text: str) -> list[str]:
    """Every number in a text as printed, per cent signs with it; days, document numbers and years left out."""
    text = re.sub(
        r"\d+年\d+月\d+日(\d+时\d+分)?|\d{4}-\d\d-\d\d( \d\d:\d\d)?|\d{4} ?年度?|〔\d+〕\s*\d+号", " ", text
    )
    return re.findall(r"\d+(?:\.\d+)?%?", text)
