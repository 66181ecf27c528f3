"""What comes in and what is kept: workbooks, checks, the register, DuckDB. The only room that opens files of units."""
