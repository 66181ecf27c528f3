"""The runtime folder and the names of what lies in it."""

from __future__ import annotations

import os
from pathlib import Path

HOME_VARIABLE = "ASSESSMENT_HOME"
DATABASE = "assessment.duckdb"
DATABASE_LOG = f"{DATABASE}.wal"  # DuckDB's own, beside the database while it is open and after a crash
JOURNAL = "journal.jsonl"
WORKBOOKS = "workbooks"
BACKUPS = "backups"
INBOX = "inbox"
PUBLICATIONS = "publications"
SECRET = "secret"
TEMPLATES = "templates"  # an office's own, in place of those that material is made from


def default_home() -> Path:
    """The runtime folder: $ASSESSMENT_HOME, else ./var beside the program."""
    return Path(os.environ.get(HOME_VARIABLE) or Path(__file__).parent.parent / "var")
