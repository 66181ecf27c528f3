"""One short script per screen: choose, query, empty state, show, download."""
