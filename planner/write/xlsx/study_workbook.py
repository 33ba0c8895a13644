"""The workbook of a study: one sheet a table, with filters and frozen panes, ready for a pivot table."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import pandas as pd

from planner.write.xlsx.book import Book
from planner.write.xlsx.layout import Sheet
from planner.write.xlsx.table_sheet import write_table


def study_workbook(title: str, tables: Mapping[str, pd.DataFrame]) -> bytes:
    """The tables as a workbook. Equal tables give equal bytes."""
    written = BytesIO()
    book = Book(written, title)
    for name, frame in tables.items():
        write_table(book, Sheet(name, "", frame), title)
    book.close()
    return written.getvalue()
