"""等次公布: grades with what changed them, publishing a cycle, and the Art. 18 result list."""

from pages.components.grades_view import show_grades
from pages.components.parts import show_parts
from pages.components.publication_view import show_publications

PARTS = {
    "grades": ("等次", "see_results", show_grades),
    "published": ("公布", "see_results", show_publications),
}

show_parts("等次公布", PARTS)
