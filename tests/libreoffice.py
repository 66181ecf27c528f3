"""Drives LibreOffice without a window: saves a workbook in another flavour, or types into its cells as a person does.

There is no need for LibreOffice's own Python: a macro in a profile made for the purpose does the typing.
"""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
TIMEOUT_S = 180  # the first start with a new profile takes some ten seconds, more on a busy machine

XLSX, OOXML, XLS, ODS = "Calc MS Excel 2007 XML", "Calc Office Open XML", "MS Excel 97", "calc8"

_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Typing"/></library:library>"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Typing" script:language="StarBasic"
>{code}</script:module>"""
_CODE = """
Sub Run
  Dim document, frame, helper
  Dim none()
  document = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, none())
  frame = document.CurrentController.Frame
  helper = createUnoService("com.sun.star.frame.DispatchHelper")
{typing}
  document.calculateAll()
{saving}
  document.close(True)
  StarDesktop.terminate()
End Sub

Sub TypeIn(frame, helper, cell As String, text As String)
  Dim there(0) As New com.sun.star.beans.PropertyValue
  Dim typed(0) As New com.sun.star.beans.PropertyValue
  there(0).Name = "ToPoint"
  there(0).Value = cell
  helper.executeDispatch(frame, ".uno:GoToCell", "", 0, there())
  typed(0).Name = "StringName"
  typed(0).Value = text
  helper.executeDispatch(frame, ".uno:EnterString", "", 0, typed())
End Sub
"""


def type_in(
    source: Path,
    cells: Mapping[str, str],
    out: Path,
    *,
    sheet: str = "自评表",
    flavour: str = XLSX,
    password: str = "",
) -> None:
    """Open a workbook, type text into cells of one sheet (as at the keyboard: 85% becomes a percentage), save it.

    Raises subprocess.CalledProcessError or TimeoutExpired when LibreOffice fails.
    """
    lines = (
        [f'  document.CurrentController.setActiveSheet(document.Sheets.getByName("{sheet}"))']
        if cells
        else []
    )
    lines += [f"  TypeIn(frame, helper, {_quote(cell)}, {_quote(text)})" for cell, text in cells.items()]
    saving = [
        "  Dim how(1) As New com.sun.star.beans.PropertyValue",
        '  how(0).Name = "FilterName"',
        f"  how(0).Value = {_quote(flavour)}",
    ]
    if password:
        saving += [
            "  Dim secret(1) As New com.sun.star.beans.NamedValue",
            '  secret(0).Name = "OOXPassword"',
            f"  secret(0).Value = {_quote(password)}",
            '  secret(1).Name = "CryptoType"',
            '  secret(1).Value = "Standard"',
            '  how(1).Name = "EncryptionData"',
            "  how(1).Value = secret()",
        ]
    saving.append(f'  document.storeToURL("{out.resolve().as_uri()}", how())')
    code = _CODE.format(source=source.resolve().as_uri(), typing="\n".join(lines), saving="\n".join(saving))
    with _profile() as profile:
        _write_macro(profile, code)
        _run(profile, "macro:///Standard.Typing.Run")
    if not out.exists():
        raise RuntimeError(f"LibreOffice wrote no {out.name}")


def save_as(source: Path, out: Path, flavour: str = XLSX, *, password: str = "") -> None:
    """Open a workbook and save it in a flavour of LibreOffice's, named as its filters are."""
    type_in(source, {}, out, flavour=flavour, password=password)


def to_pdf(source: Path, folder: Path) -> Path:
    """The workbook as LibreOffice prints it."""
    with _profile() as profile:
        _run(profile, "--convert-to", "pdf", "--outdir", str(folder), str(source))
    return folder / f"{source.stem}.pdf"


@contextmanager
def _profile() -> Iterator[Path]:
    """A profile of its own: a copy of one that has been started before, since the first start takes longest."""
    with tempfile.TemporaryDirectory(prefix="libreoffice-") as folder:
        yield Path(shutil.copytree(_started_profile(), Path(folder) / "profile"))


@cache
def _started_profile() -> Path:
    """A new profile that got LibreOffice's own library; it is made once in a process, and gone when that ends."""
    folder = tempfile.TemporaryDirectory(prefix="libreoffice-")
    atexit.register(folder.cleanup)
    profile = Path(folder.name) / "profile"
    _run(profile, "--terminate_after_init")
    return profile


def _write_macro(profile: Path, code: str) -> None:
    library = profile / "user" / "basic" / "Standard"
    (library / "script.xlb").write_text(_LIBRARY, "utf-8")
    (library / "Typing.xba").write_text(_MODULE.format(code=escape(code)), "utf-8")


def _run(profile: Path, *arguments: str) -> None:
    if not SOFFICE:
        raise RuntimeError("LibreOffice is not installed")
    command = [SOFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", *arguments]
    subprocess.run(command, check=True, timeout=TIMEOUT_S, capture_output=True)


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
