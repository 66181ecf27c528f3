"""docs/procedures.md says what the machines say."""

from pathlib import Path

from procedure.documentation import procedures_markdown

PAGE = Path(__file__).parent.parent.parent / "docs" / "procedures.md"


def test_the_page_is_what_the_machines_are():
    assert PAGE.read_text("utf-8") == procedures_markdown(), "请运行 python manage.py docs"
