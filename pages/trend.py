"""年度趋势: regions and units over the years."""

from pages.components.layout import page_header

page_header("年度趋势")
