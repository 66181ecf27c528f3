import data  # noqa: F401  before anything imports openpyxl, which it tells how to write
