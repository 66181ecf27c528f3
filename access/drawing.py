"""The sign-in screens as HTML: templates of screens/, in the colours of .streamlit/config.toml, without any script."""

from __future__ import annotations

import secrets
import tomllib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

TITLE = "反间谍安全防范责任落实考核"
FOLDER = Path(__file__).parent / "screens"
CONFIG = Path(__file__).parent.parent / ".streamlit" / "config.toml"

# Nothing may be loaded and nothing run: the style stands in the page, under a number that only this answer knows.
POLICY = (
    "default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)

_environment = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def draw(screen: str, *, heading: str, is_demo: bool, status: int = 200, **values: object) -> HTMLResponse:
    """One screen as an answer that no cache keeps; `values` are what its template names, escaped on the way."""
    nonce = secrets.token_urlsafe(16)
    page = _environment.get_template(f"{screen}.html").render(
        heading=heading, title=TITLE, is_demo=is_demo, nonce=nonce, style=_style(), **values
    )
    headers = {"cache-control": "no-store", "content-security-policy": POLICY.format(nonce=nonce)}
    return HTMLResponse(page, status_code=status, headers=headers)


@cache
def _style() -> Markup:
    theme = tomllib.loads(CONFIG.read_text("utf-8"))["theme"]
    plain = Environment(loader=FileSystemLoader(FOLDER), autoescape=False, undefined=StrictUndefined)
    style = plain.get_template("style.css").render(
        light=theme["light"], dark=theme["dark"], font=theme["font"], code_font=theme["codeFont"]
    )
    return Markup(style)
