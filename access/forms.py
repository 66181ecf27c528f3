"""Reading our own forms: small, urlencoded, and with the token that only our page could have put into them."""

from __future__ import annotations

import hmac
from urllib.parse import parse_qsl

from starlette.requests import Request

LARGEST_BYTES = 16 * 1024


class FormTooLarge(Exception):
    """More than any form of ours can hold."""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form; of a field that comes twice the last counts. Raises FormTooLarge."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BYTES:
            raise FormTooLarge
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def is_token(given: str | None, expected: str) -> bool:
    """Whether a form's token is the one that was put into it; takes as long either way."""
    return hmac.compare_digest((given or "").encode(), expected.encode())
