"""The router: page settings, the demonstration banner, and the list of screens."""

import streamlit as st

from pages.components.layout import apply_style, show_brand
from pages.components.links import PAGES

SECTIONS = {
    "考核结果": ("overview", "ranking", "gaps", "unit"),
    "填报": ("submit",),
    "依据": ("regulation",),
    "系统": ("admin",),
}
ICONS = {
    "overview": ":material/dashboard:",
    "ranking": ":material/leaderboard:",
    "gaps": ":material/grid_on:",
    "unit": ":material/apartment:",
    "submit": ":material/upload_file:",
    "regulation": ":material/gavel:",
    "admin": ":material/admin_panel_settings:",
}

st.set_page_config(page_title="反间谍安全防范责任考核", page_icon="🛡️", layout="wide")
apply_style()
page = st.navigation(
    {
        section: [
            st.Page(
                f"pages/{name}.py",
                title=PAGES[name],
                icon=ICONS[name],
                url_path=name,
                default=name == "overview",
            )
            for name in names
        ]
        for section, names in SECTIONS.items()
    }
)
show_brand()
page.run()
