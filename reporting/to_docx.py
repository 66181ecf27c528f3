"""Fills a docx template: 整改通知书 in the layout of an official letter; an office may put its own template in its place.

The office's own stands as <runtime folder>/templates/整改通知书.docx. Its placeholders are checked before anything is
made: a missing or unknown one is named. Jinja runs in its sandbox, so that a template can do nothing but fill itself.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, UndefinedError, meta
from jinja2.sandbox import SandboxedEnvironment

from reporting.notices import Item, Notice, context_of

NOTICE = "整改通知书.docx"
SHIPPED = Path(__file__).parent / "templates"
OWN = "templates"  # in the runtime folder
# Without these a notice would not say what it has to; the others an office may leave out.
REQUIRED = ("单位", "日期", "任务清单")
REQUIRED_OF_TASK = ("事项", "要求", "证明", "期限")
_EXAMPLE = Notice(2026, "示例", "示例", "示例", "", date(2026, 1, 1), (Item(*["示例"] * 8),))


class TemplateFault(ValueError):
    """A template that cannot be filled; in Chinese, with what is wrong and how to mend it."""


def template_of(home: Path, name: str = NOTICE) -> Path:
    """The office's own template where there is one, else the shipped one."""
    own = home / OWN / name
    return own if own.exists() else SHIPPED / name


def check_template(template: Path) -> None:
    """Raises TemplateFault naming every placeholder that is missing or unknown, or saying why the file cannot be read."""
    _checked(template, template.stat().st_mtime_ns if template.exists() else 0)


def write_notice(notice: Notice, *, template: Path) -> bytes:
    """One notice as docx. Raises TemplateFault."""
    check_template(template)
    return _filled(notice, template)


def zip_notices(
    notices: Sequence[Notice], *, template: Path, progress: Callable[[int], None] | None = None
) -> bytes:
    """Many notices as one zip; `progress` hears how many are made. Raises TemplateFault."""
    check_template(template)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:  # a docx is compressed already
        for done, notice in enumerate(notices, start=1):
            archive.writestr(notice.file_name, _filled(notice, template))
            if progress:
                progress(done)
    return packed.getvalue()


@lru_cache(maxsize=8)
def _checked(template: Path, _changed_at: int) -> None:
    known = context_of(_EXAMPLE)
    try:
        document = DocxTemplate(str(template))
        document.init_docx()
        source = document.patch_xml(document.get_xml())
        for uri in (document.HEADER_URI, document.FOOTER_URI):
            source += "".join(
                document.patch_xml(document.get_part_xml(part))
                for _, part in document.get_headers_footers(uri)
            )
        names = meta.find_undeclared_variables(_environment().parse(source))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise TemplateFault(
            f"打不开模板 {template}：请用 Word 或 WPS 另存为 docx，或删去它以使用自带的模板"
        ) from error
    except TemplateError as error:
        raise TemplateFault(
            f"模板 {template} 的占位符写法有误（{error.message}）：请对照自带的模板改正，或删去它以使用自带的模板"
        ) from error
    faults = [f"不认识的占位符 {{{{ {name} }}}}" for name in sorted(names - set(known))]
    faults += [f"缺少占位符 {{{{ {name} }}}}" for name in REQUIRED if name not in names]
    if "任务清单" in names:
        faults += [
            f"任务清单中缺少占位符 {{{{ 任务.{name} }}}}"
            for name in REQUIRED_OF_TASK
            if not re.search(rf"\.{name}\b", source)
        ]
    if faults:
        allowed = "、".join([*known, *(f"任务.{name}" for name in known["任务清单"][0])])
        raise TemplateFault(f"模板 {template}：{'；'.join(faults)}。可用的占位符：{allowed}")
    _filled(_EXAMPLE, template)


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def _filled(notice: Notice, template: Path) -> bytes:
    document = DocxTemplate(str(template))
    try:
        document.render(context_of(notice), jinja_env=_environment(), autoescape=True)
    except UndefinedError as error:
        name = re.search(r"'([^']+)'$", str(error.message or ""))
        unknown = name.group(1) if name else str(error.message)
        raise TemplateFault(f"模板 {template}：不认识的占位符“{unknown}”，请对照自带的模板改正") from error
    except TemplateError as error:
        raise TemplateFault(
            f"模板 {template} 的占位符写法有误（{error.message}），请对照自带的模板改正"
        ) from error
    document.docx.core_properties.title = f"整改通知书 {notice.unit}"
    document.docx.core_properties.author = ""
    document.docx.core_properties.last_modified_by = ""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
