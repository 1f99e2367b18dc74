"""The score store: published runs, read through DuckDB by household, list and area."""
