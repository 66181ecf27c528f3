"""Fills the docx template of 整改通知书, in the layout of an official letter; an office may put its own in its place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from reporting import office_template
from reporting.docx_form import Form, check_form, filler
from reporting.notices import Item, Notice, context_of

NOTICE = "整改通知书.docx"
_EXAMPLE = Notice(2026, "示例", "示例", "示例", "", date(2026, 1, 1), (Item(*["示例"] * 8),))
# Without these a notice would not say what it has to; the others an office may leave out.
FORM = Form(
    NOTICE,
    context_of(_EXAMPLE),
    required=("单位", "日期", "任务清单"),
    each={"任务清单": ("任务", ("事项", "要求", "证明", "期限"))},
)


def template_of(home: Path) -> Path:
    """The office's own template of the notice where there is one, else the shipped one."""
    return office_template.template_of(home, NOTICE)


def check_template(template: Path) -> None:
    """Raises TemplateFault naming every placeholder that is missing or unknown, or saying why the file cannot be read."""
    check_form(template, FORM)


def write_notice(notice: Notice, *, template: Path) -> bytes:
    """One notice as docx. Raises TemplateFault."""
    return filler(template, FORM).fill(context_of(notice), title=_title(notice))


def zip_notices(
    notices: Sequence[Notice], *, template: Path, progress: Callable[[int], None] | None = None
) -> bytes:
    """Many notices as one zip; `progress` hears how many are made. Raises TemplateFault."""
    made = filler(template, FORM)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:  # a docx is compressed already
        for done, notice in enumerate(notices, start=1):
            archive.writestr(notice.file_name, made.fill(context_of(notice), title=_title(notice)))
            if progress:
                progress(done)
    return packed.getvalue()


def _title(notice: Notice) -> str:
    return f"整改通知书 {notice.unit}"
