"""A transaction as the body of a journal line, and its rows read back; answers are kept as digests of what was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from data.answer_digest import digest_of_answers
from data.model import Actor
from data.schema import is_journaled

if TYPE_CHECKING:
    import pyarrow as pa


def journal_body(
    written: Mapping[str, list[Mapping]],
    *,
    actor: Actor,
    at: datetime,
    digests: Mapping[int, str] | None = None,
) -> dict[str, Any] | None:
    """at, by, role, from, rows (table → columns and values), answers (submission → digest); None if nothing is kept.

    `digests`: those of submissions whose answers were digested where they were read.
    """
    rows = {table: _packed(entries) for table, entries in written.items() if is_journaled(table)}
    if not rows:
        return None
    body = {
        "at": at.isoformat(),
        "by": actor.account,
        "role": actor.role,
        "from": actor.origin,
        "rows": rows,
    }
    known = digests or {}
    rest = [answer for answer in written.get("answer", ()) if answer["submission"] not in known]
    answers = {str(submission): digest for submission, digest in known.items()} | answer_digests(rest)
    return {**body, "answers": answers} if answers else body


def unpack(table: Mapping[str, Any], schema: pa.Schema) -> list[dict[str, Any]]:
    """The rows of one table of a journal line, with the types that its columns have; new columns are empty."""
    columns = table["columns"]
    readers = [_reader(schema.field(name).type) for name in columns]
    empty = dict.fromkeys(schema.names)
    return [
        empty
        | {
            name: read(value) if read and isinstance(value, str) else value
            for name, read, value in zip(columns, readers, values, strict=True)
        }
        for values in table["values"]
    ]


def answer_digests(answers: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Submission → digest over its answers in their order (`digest_of_answers`)."""
    found: dict[str, list[dict[str, Any]]] = {}
    for answer in answers:
        plain = dict(answer)
        found.setdefault(str(plain.pop("submission")), []).append(plain)
    return {submission: digest_of_answers(each) for submission, each in found.items()}


def _packed(entries: list[Mapping]) -> dict[str, Any]:
    columns = list(entries[0])
    return {
        "columns": columns,
        "values": list(
            zip(*(_plain_column([entry[name] for entry in entries]) for name in columns), strict=True)
        ),
    }


def _plain_column(values: list[Any]) -> list[Any]:
    return list(map(_plain, values)) if any(isinstance(value, date) for value in values) else values


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value  # a moment is one too


def _reader(kind: pa.DataType) -> Callable[[str], date] | None:
    """What reads a column's text back; None where the text is what the column holds."""
    import pyarrow as pa  # not before something is read back: most commands need none of it

    if pa.types.is_timestamp(kind):
        return datetime.fromisoformat
    return date.fromisoformat if pa.types.is_date(kind) else None
