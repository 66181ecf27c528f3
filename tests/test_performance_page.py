"""docs/performance.md: its tables are those of what was measured."""

from __future__ import annotations

from benchmarks.report import PAGE, draw_costs, read_measured, with_tables

ROWS = [
    {"case": "scores-10k", "item": "register", "ours_ms": 40.0, "peer_ms": 400.0, "floor_ms": 9.5},
    {"case": "scores-1000k", "item": "register", "ours_ms": 4000.0, "peer_ms": 50_000.0, "floor_ms": None},
    {"case": "scores-100k", "item": "register", "ours_ms": 400.0, "peer_ms": 5000.0, "is_met": False},
    {"case": "templates", "item": "workbook", "ours_ms": 2.345, "note": "of two"},
]


def test_the_tables_of_the_page_are_those_that_were_measured():
    page = PAGE.read_text("utf-8")
    assert with_tables(page, read_measured()) == page


def test_a_table_is_put_between_its_marks():
    page = "before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n"
    made = with_tables(page, {"bench": {"rows": ROWS}})
    assert made.startswith("before\n<!-- bench -->\n| work | per |") and made.endswith(
        "<!-- /bench -->\nafter\n"
    )
    assert "| templates | workbook | 2.35 | – | – |" in made
    assert "| scores-1000k | register | 4,000 | 50,000 | – |" in made
    assert "| **no** |" in made and "- templates: of two" in made and "old" not in made


def test_the_curve_has_a_line_for_what_was_measured_at_several_sizes():
    lines = {line.name: (list(line.x), list(line.y)) for line in draw_costs(ROWS).data}
    sizes = [10_000, 100_000, 1_000_000]
    assert lines == {
        "scores": (sizes, [40, 400, 4000]),
        "scores, peer": (sizes, [400, 5000, 50_000]),
    }
