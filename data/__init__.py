"""What comes in and what is kept: workbooks, checks, the register, DuckDB. The only room that opens files of units."""

import os

# Templates are the same bytes on every machine: openpyxl writes otherwise where lxml is installed (documents bring it).
os.environ.setdefault("OPENPYXL_LXML", "False")
# Products of matrices are made on one core: most are too small to share, and the others belong to whoever else asks.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
