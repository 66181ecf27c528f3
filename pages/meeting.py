"""会议材料: decks, bulletins, tables, pictures and the units' result sheets, from live data or a publication."""

from pages.components.meeting_view import show_meeting

show_meeting()
