"""The router: page settings, who is here, the demonstration banner, and the list of screens that person may open."""

import streamlit as st

from pages.components import state
from pages.components.access import use_publication, who
from pages.components.layout import apply_style, show_brand, show_elsewhere, show_visitor
from pages.components.screen_pages import page_of
from pages.components.screens import screens_for
from pages.components.turns import in_turn

with in_turn(), state.one_address():
    st.set_page_config(page_title="反间谍安全防范责任考核", page_icon="🛡️", layout="wide")
    apply_style()
    person = who()
    use_publication(0, None)  # a screen that offers publications says which; the others show what stands now
    state.belong_to(person.session)
    screens = screens_for(person)
    sections: dict[str, list] = {}
    for name, screen in screens.items():
        sections.setdefault(screen.section, []).append(page_of(name, is_first=name == next(iter(screens))))
    page = st.navigation(sections, expanded=True)
    show_brand()
    show_elsewhere(person)
    show_visitor(person)
    page.run()
