"""Commands as other programs call them: to their end, with what stood on stdout and stderr and the exit code."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

import manage as program
from command_line import run
from data.places import HOME_VARIABLE
from manage_as import run_as

ROOT = Path(__file__).parent.parent
WIDE = {"COLUMNS": "200"}

Ended = subprocess.CompletedProcess


def manage_alone(*arguments, home=None, env=None) -> Ended:
    """Run a command in a process of its own, where its imports, its encoding and all it prints are its own; `home` goes
    before the verb."""
    environment = os.environ | {"PYTHONWARNINGS": "error"} | WIDE | (env or {})
    command = [sys.executable, *_line(arguments, home)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def manage(*arguments, home=None) -> Ended:
    """Run a command within this process, which takes a tenth of the time; `home` goes before the verb."""
    line, out, err = _line(arguments, home), io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(ROOT)
        patch.setattr(sys, "argv", line)
        patch.setenv(
            HOME_VARIABLE, os.environ.get(HOME_VARIABLE, "")
        )  # the command sets it; then it is as before
        for name, value in WIDE.items():
            patch.setenv(name, value)
        try:
            run(program.app, user_errors=program.USER_ERRORS)
        except SystemExit as end:
            return Ended(line, end.code, out.getvalue(), err.getvalue())
        finally:
            run_as(None)
    raise AssertionError("a command ends with an exit code")


def _line(arguments, home) -> list[str]:
    return ["manage.py", *(["--home", str(home)] if home else []), *map(str, arguments)]
