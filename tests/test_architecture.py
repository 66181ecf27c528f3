"""The rooms of the product and who may enter which; every library has one home (docs/decisions.md)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOP = (
    "app",
    "asgi",
    "asgi_recovery",
    "chinese_page",
    "figures_code",
    "library_files",
    "manage",
    "manage_as",
    "manage_course",
    "manage_cycle",
    "manage_demo",
    "manage_docs",
    "manage_export",
    "manage_finding",
    "manage_import",
    "manage_keep",
    "manage_mend",
    "manage_publish",
    "manage_register",
    "manage_sample",
    "manage_scheme",
    "manage_scores",
    "manage_serve",
    "manage_task",
    "manage_templates",
    "manage_user",
    "command_line",
)
ROOMS = ("pages", "meeting", "access", "reporting", "data", "procedure", "scoring")
OURS = {*TOP, *ROOMS}

# What a room, or a file at the top, may import of ours besides itself.
MAY_IMPORT = {
    "app": {"pages", "meeting", "access", "reporting", "data", "procedure", "scoring"},
    "asgi": {"chinese_page", "library_files", "pages", "meeting", "access", "reporting", "data", "scoring"},
    "asgi_recovery": set(),
    "chinese_page": {"access"},
    "figures_code": set(),
    "library_files": {"figures_code", "access"},
    "manage": {"command_line", "manage_as", "data", "scoring"},  # each command's module by its name
    "manage_as": {"command_line", "access", "data"},
    "manage_course": {"command_line", "manage_as", "access", "data"},
    "manage_cycle": {"command_line", "manage_as", "scoring"},
    "manage_demo": {"command_line", "manage_as", "data"},
    "manage_docs": {"command_line", "access", "data", "procedure"},
    "manage_export": {"command_line", "manage_as", "meeting", "data"},
    "manage_finding": {"command_line", "manage_as", "data"},
    "manage_import": {"command_line", "manage_as", "data"},
    "manage_keep": {"command_line", "manage_as", "data"},
    "manage_mend": {"asgi_recovery", "command_line", "manage_keep", "access", "data"},
    "manage_publish": {"command_line", "manage_as", "reporting", "data"},
    "manage_register": {"command_line", "manage_as", "data", "scoring"},
    "manage_sample": {"command_line", "manage_as", "data"},
    "manage_scheme": {"command_line", "manage_as", "data", "scoring"},
    "manage_scores": {"command_line", "manage_as", "data"},
    "manage_serve": {"command_line", "manage_as", "manage_mend", "access", "data"},
    "manage_task": {"command_line", "manage_as", "reporting", "data", "procedure"},
    "manage_templates": {"command_line", "manage_as", "data"},
    "manage_user": {"command_line", "manage_as", "access", "data"},
    "command_line": set(),
    "pages": {"meeting", "access", "reporting", "data", "procedure", "scoring"},
    "meeting": {"reporting", "data", "procedure", "scoring"},
    "access": {"data"},
    "reporting": {"scoring"},
    "data": {"procedure", "scoring"},
    "procedure": set(),
    "scoring": set(),
}
HOMES = {
    "streamlit": {"app", "chinese_page", "library_files", "asgi", "pages"},
    "starlette": {"asgi", "asgi_recovery", "chinese_page", "library_files", "access"},
    "uvicorn": {"asgi_recovery"},
    "anyio": {"access", "library_files"},
    "argon2": {"access"},
    "authlib": {"access"},
    "itsdangerous": {"access"},
    "jinja2": {"access", "reporting"},
    "plotly": {"reporting"},
    "docx": {"reporting"},
    "docxtpl": {"reporting"},
    "xlsxwriter": {"reporting"},
    "pptx": {"reporting"},
    "kaleido": {"reporting"},
    "duckdb": {"data"},
    "openpyxl": {"data"},
    "python_calamine": {"data"},
    "stdnum": {"data"},
    "typer": {
        "manage",
        "manage_course",
        "manage_cycle",
        "manage_demo",
        "manage_docs",
        "manage_export",
        "manage_finding",
        "manage_import",
        "manage_keep",
        "manage_mend",
        "manage_publish",
        "manage_register",
        "manage_sample",
        "manage_scheme",
        "manage_scores",
        "manage_serve",
        "manage_task",
        "manage_templates",
        "manage_user",
        "command_line",
    },
    "rich": {"command_line"},
    "pydantic": {"scoring"},
    "tomlkit": {"scoring"},
}
LONGEST_APP = 60  # lines: the router routes and does nothing else
# Words of a select statement; the pages' texts are Chinese, so that no sentence looks like one.
SQL = re.compile(r"\bselect\b.+\bfrom\b|\binsert\s+into\b|\bdelete\s+from\b|\bupdate\b.+\bset\b", re.I | re.S)


def _sources() -> list[Path]:
    inside = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [*(ROOT / f"{name}.py" for name in TOP), *inside]


def _place(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def _imports(path: Path) -> set[str]:
    """The top names that a file imports, wherever in it the import stands."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module.split(".")[0])
    return names


SOURCES = _sources()
SHOWN = [str(path.relative_to(ROOT)) for path in SOURCES]


@pytest.mark.parametrize("path", SOURCES, ids=SHOWN)
def test_rooms_import_only_what_lies_below_them(path):
    place = _place(path)
    assert (_imports(path) & OURS) - {place} <= MAY_IMPORT[place]


@pytest.mark.parametrize("path", SOURCES, ids=SHOWN)
def test_every_library_is_imported_in_its_home_only(path):
    strangers = {name for name in _imports(path) & set(HOMES) if _place(path) not in HOMES[name]}
    assert not strangers


def test_every_room_is_checked():
    assert {_place(path) for path in SOURCES} == OURS


def test_the_router_only_routes():
    assert len((ROOT / "app.py").read_text("utf-8").splitlines()) <= LONGEST_APP


@pytest.mark.parametrize("path", sorted((ROOT / "pages").rglob("*.py")), ids=lambda path: path.name)
def test_pages_hold_no_sql(path):
    texts = [
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert not [text for text in texts if SQL.search(text)]


@pytest.mark.parametrize("path", SOURCES, ids=SHOWN)
def test_session_state_is_touched_in_the_components_only(path):
    if path.parent != ROOT / "pages" / "components":
        names = {n.attr for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Attribute)}
        assert "session_state" not in names


@pytest.mark.parametrize("path", sorted((ROOT / "pages").rglob("*.py")), ids=lambda path: path.name)
def test_a_page_ends_early_only_with_its_address_written(path):
    if path.name != "state.py":
        assert "st.stop(" not in path.read_text("utf-8")


# What opens a stranger's file, and the files that may name it; everybody else goes through data/safe_reading.py.
OPENERS = {
    "read_workbook",
    "read_list",
    "read_register",
    "read_review_sheet",
    "read_answer_form",
    "read_scheme_sheet",
    "mark_workbook",
    "examine_file",
    "open_package",
    "load_workbook",
    "CalamineWorkbook",
}
# replay reads kept files only: each was read in the sandbox when it came, and still has the hash it had then
MAY_OPEN = {
    "data/account_sheet.py", "data/course/answer_form.py", "data/replay.py", "data/examine.py", "data/guards.py", "data/list_sheet.py", "data/mark.py", "data/plain_values.py", "data/register.py", "data/review_sheet.py", "data/safe_reading.py", "data/scheme_sheet.py", "data/workbook.py",
}  # fmt: skip


@pytest.mark.parametrize("path", SOURCES, ids=SHOWN)
def test_strangers_files_are_opened_in_the_sandbox_only(path):
    named = {
        alias.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert not named & OPENERS or path.relative_to(ROOT).as_posix() in MAY_OPEN


def test_sql_files_state_their_grain():
    """The first line of every view is a comment: `-- one row per …`."""
    silent = [
        path.relative_to(ROOT)
        for room in ("data", "scoring")
        for path in (ROOT / room / "sql").rglob("*.sql")
        if not path.read_text("utf-8").lstrip().startswith("--")
    ]
    assert not silent


def test_no_file_names_a_machine():
    """No path of somebody's home or working folder, and no package host, in anything that is shipped."""
    machine = re.compile(
        r"(?<![\w.])/(?:home|root|work|Users|tmp/[a-z])/?[\w-]*/|https?://[\w.-]*(?:mirror|index|proxy)"
    )
    kinds = {".py", ".sql", ".toml", ".md", ".txt", ".in", ".css", ".js", ""}
    named = []
    for folder in (*ROOMS, "tests", "benchmarks", "docs", ".ci", ".streamlit"):
        for path in (ROOT / folder).rglob("*"):
            if (
                path.is_file()
                and path.suffix in kinds
                and "__pycache__" not in path.parts
                and path != Path(__file__)
            ):
                named += [str(path.relative_to(ROOT))] if machine.search(path.read_text("utf-8")) else []
    for path in ROOT.iterdir():
        if path.is_file() and path.suffix in kinds:
            named += [path.name] if machine.search(path.read_text("utf-8", errors="replace")) else []
    assert not named
