"""A docx template as a form: what it may say and has to, checked before anything is made; parsed once, filled many times.

Its placeholders are checked: a missing or unknown one is named. Jinja runs in its sandbox, so that a template can do nothing but fill itself.
Filling does what docxtpl's render does, without opening the template anew for every document.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, UndefinedError, meta
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from reporting.office_template import TemplateFault

BODY, TITLE = "AQ_BODY", "AQ_TITLE"  # stand in the parsed template where a document's own content goes
ZIP_DAY = (2026, 1, 1, 0, 0, 0)  # of the parts in a document: the same values make the same bytes
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")  # in no XML document
BROKEN_LISTING = re.compile("[\n\t]")


@dataclass(frozen=True, eq=False)
class Form:
    """What a kind of template may say: its file, an example with every placeholder, and what it cannot do without.

    `each`: of a list the name that the shipped template gives to one of it, and what every one has to say.
    """

    file: str
    example: Mapping[str, Any]
    required: tuple[str, ...]
    each: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)


def check_form(template: Path, form: Form) -> None:
    """Raises TemplateFault naming every placeholder that is missing or unknown, or saying why the file cannot be read."""
    filler(template, form)


def filler(template: Path, form: Form) -> Filler:
    """The checked template, ready to be filled. Raises TemplateFault as `check_form`."""
    return _checked(template, template.stat().st_mtime_ns if template.exists() else 0, form)


class Filler:
    """A template parsed once; `fill` makes one document of it. Raises TemplateFault."""

    def __init__(self, template: Path):
        self.template = template
        self._docx = DocxTemplate(str(template))
        self._docx.init_docx()
        environment = _environment()
        self.source = self._docx.patch_xml(self._docx.get_xml())
        self._body = environment.from_string(self.source)
        self._others = {}
        for part in self._headers_and_footers():
            source = self._docx.patch_xml(self._docx.get_part_xml(part))
            self.source += source
            self._others[part.partname.lstrip("/")] = environment.from_string(source)
        self.names = meta.find_undeclared_variables(environment.parse(self.source))
        self._base, self._changing = self._split()

    def fill(self, context: Mapping[str, Any], *, title: str) -> bytes:
        """The template filled with the context, as docx; `title` for its properties."""
        try:
            body = self._rendered(self._body, context)
            others = {name: self._rendered(part, context) for name, part in self._others.items()}
        except UndefinedError as error:
            name = re.search(r"'([^']+)'$", str(error.message or ""))
            unknown = name.group(1) if name else str(error.message)
            raise TemplateFault(
                f"模板 {self.template}：不认识的占位符“{unknown}”，请对照自带的模板改正"
            ) from error
        except TemplateError as error:
            raise TemplateFault(
                f"模板 {self.template} 的占位符写法有误（{error.message}），请对照自带的模板改正"
            ) from error
        tree = self._docx.fix_tables(body)
        self._docx.docx_ids_index = 1000
        self._docx.fix_docpr_ids(tree)
        stream = io.BytesIO(self._base)
        with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
            for name, text in self._changing.items():
                if name in others:
                    text = others[name]
                elif BODY in text:
                    text = text.replace(BODY, etree.tostring(tree, encoding="unicode"))
                else:
                    text = text.replace(TITLE, escape(_clean(title)))
                archive.writestr(_entry(name), text.encode("utf-8"))
        return stream.getvalue()

    def _rendered(self, template: Any, context: Mapping[str, Any]) -> str:
        xml = template.render(context)
        xml = xml.replace("{_{", "{{").replace("}_}", "}}").replace("{_%", "{%").replace("%_}", "%}")
        # A line break typed inside a text becomes one in the document; looking for them costs more than all the rest.
        return self._docx.resolve_listing(xml) if BROKEN_LISTING.search(xml) else xml

    def _headers_and_footers(self) -> Iterator[Any]:
        for uri in (self._docx.HEADER_URI, self._docx.FOOTER_URI):
            for _, part in self._docx.get_headers_footers(uri):
                yield part

    def _split(self) -> tuple[bytes, dict[str, str]]:
        """The parts that are the same in every document, packed, and those that change, as text with marks in it."""
        document = self._docx.docx
        document.core_properties.title = TITLE
        document.core_properties.author = document.core_properties.last_modified_by = ""
        root = document._element
        body = root.body
        mark = etree.Element("mark")
        mark.text = BODY
        root.replace(body, mark)
        whole = etree.tostring(root, encoding="unicode").replace(f"<mark>{BODY}</mark>", BODY)
        root.replace(mark, body)
        saved, base = io.BytesIO(), io.BytesIO()
        document.save(saved)
        changing = {}
        with zipfile.ZipFile(saved) as read, zipfile.ZipFile(base, "w", zipfile.ZIP_DEFLATED) as write:
            for name in read.namelist():
                if name == document.part.partname.lstrip("/"):
                    changing[name] = f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n{whole}"
                elif name in self._others or name == "docProps/core.xml":
                    changing[name] = read.read(name).decode("utf-8")
                else:
                    write.writestr(_entry(name), read.read(name))
        return base.getvalue(), changing


@lru_cache(maxsize=16)
def _checked(template: Path, _changed_at: int, form: Form) -> Filler:
    try:
        made = Filler(template)
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise TemplateFault(
            f"打不开模板 {template}：请用 Word 或 WPS 另存为 docx，或删去它以使用自带的模板"
        ) from error
    except TemplateError as error:
        raise TemplateFault(
            f"模板 {template} 的占位符写法有误（{error.message}）：请对照自带的模板改正，或删去它以使用自带的模板"
        ) from error
    faults = [f"不认识的占位符 {{{{ {name} }}}}" for name in sorted(made.names - set(form.example))]
    faults += [f"缺少占位符 {{{{ {name} }}}}" for name in form.required if name not in made.names]
    for several, (one, needed) in form.each.items():
        if several in made.names:
            faults += [
                f"{several}中缺少占位符 {{{{ {one}.{name} }}}}"
                for name in needed
                if not re.search(rf"\.{name}\b", made.source)
            ]
    if faults:
        raise TemplateFault(
            f"模板 {template}：{'；'.join(faults)}。可用的占位符：{'、'.join(_allowed(form))}"
        )
    made.fill(form.example, title=form.file)  # what stands deeper inside is only met when it is filled
    return made


def _allowed(form: Form) -> Iterator[str]:
    """Every placeholder, those of a list's members by the name that the shipped template gives them."""
    yield from form.example
    for name, value in form.example.items():
        yield from _inside(form.each[name][0] if name in form.each else name, value)


def _inside(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield f"{name}.{key}"
            if isinstance(inner, list):
                yield from _inside(key, inner)
    elif isinstance(value, list) and value:
        yield from _inside(name, value[0])


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, finalize=_clean)


def _clean(value: Any) -> Any:
    return FORBIDDEN.sub("", value) if isinstance(value, str) else value


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ZIP_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
