"""A finished run in the formats of other programs: Parquet, SQLite, a data package with Table Schema, the program as MPS."""
