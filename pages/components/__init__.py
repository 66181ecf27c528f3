"""What the screens share: store access, filters in the address, headers, cards, tables, downloads, empty states.

Pages import from here only::

    from pages.components.access import ask, get_store
    from pages.components.filters import choose_basis, choose_cycle, choose_region, filter_bar
    from pages.components.layout import Kpi, article_link, kpi_cards, page_header, show_empty
    from pages.components.tables import Col, show_table          # to sort, search and choose from
    from pages.components.html_table import Cell, show_rows      # to read, project and print
    from pages.components.downloads import show_download
"""
