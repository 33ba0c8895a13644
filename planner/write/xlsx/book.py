"""An open workbook: its sheets, its formats, its colours, and a date that never changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError

from planner.write.xlsx.page import Page

LONGEST_TEXT = 32_767
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""A date that never changes, so that the bytes do not."""
FONT = {"font_name": "Calibri", "font_size": 10}
INK, PAPER, LINE = "#1F3A5F", "#EAF0F6", "#B8C4D0"
TAB_COLOURS = {"result": "#0072B2", "input": "#E69F00", "record": "#7F7F7F"}
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass
class Book:
    """An open workbook and the formats in use."""

    book: Any
    made: BytesIO
    path: Path | None = None
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def format(self, **properties: Any) -> Any:
        """The format with these properties; the same properties give the same object."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(FONT | properties)
        return self.formats[key]

    def style(self, **properties: Any) -> int:
        """The number of that format in the file."""
        return int(self.format(**properties)._get_xf_index())

    def page(self, name: str, colour: str | None = None) -> Page:
        """A new sheet."""
        page: Page = self.book.add_worksheet(name, worksheet_class=Page)
        if colour:
            page.set_tab_color(colour)
        return page

    def close(self) -> None:
        """Write the file. Raises OSError when it cannot be written."""
        try:
            self.book.close()
        except XlsxFileError as error:
            raise cause(error) from error
        if self.path is not None:
            self.path.write_bytes(self.made.getbuffer())


def open_book(path: Path | BytesIO, title: str) -> Book:
    """A new workbook, to be written to ``path`` when it is closed: whole, as an archive that the disk has no room for would
    complain once more when it is forgotten."""
    made = BytesIO() if isinstance(path, Path) else path
    book = Book(xlsxwriter.Workbook(made, OPTIONS), made, path if isinstance(path, Path) else None)
    book.book.set_size(2400, 1500)
    book.book.set_properties({"title": title, "created": CREATED})
    return book


def cause(error: XlsxFileError) -> Exception:
    """The operating system's own error where there is one: it knows that the disk is full."""
    cause = error.args[0] if error.args else None
    return cause if isinstance(cause, OSError) else OSError(str(error))
