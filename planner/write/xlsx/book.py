"""A workbook being written: its worksheets, formats and colours, and a date that never changes."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError

from planner.write.xlsx.worksheet import Worksheet

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""A date that never changes, so that the bytes do not."""
FONT = {"font_name": "Calibri", "font_size": 10}
INK, PAPER, LINE = "#1F3A5F", "#EAF0F6", "#B8C4D0"
TAB_COLOURS = {"result": "#0072B2", "input": "#E69F00", "record": "#7F7F7F"}
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
"""Parts of the archive are made in memory: a killed command leaves no temporary files, which would have names of no command."""


class Book(xlsxwriter.Workbook):  # type: ignore[misc]
    """A new workbook, written to ``path`` when it is closed.

    It is written as a whole: an archive for which the disk had no room would raise again when it is collected."""

    def __init__(self, path: Path | BytesIO, title: str) -> None:
        self._path, self._bytes = path, BytesIO() if isinstance(path, Path) else path
        self._known_formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        super().__init__(self._bytes, OPTIONS)
        self.set_size(2400, 1500)
        self.set_properties({"title": title, "created": CREATED})

    def format(self, **properties: Any) -> Any:
        """The format with these properties; the same properties give the same object."""
        key = tuple(sorted(properties.items()))
        if key not in self._known_formats:
            self._known_formats[key] = self.add_format(FONT | properties)
        return self._known_formats[key]

    def head(self, **properties: Any) -> Any:
        """The format of a header."""
        return self.format(bold=True, font_color="white", bg_color=INK, **properties)

    def style(self, **properties: Any) -> int:
        """The number of that format in the file."""
        return int(self.format(**properties)._get_xf_index())

    def worksheet(self, name: str, colour: str | None = None) -> Worksheet:
        """A new worksheet."""
        worksheet: Worksheet = self.add_worksheet(name, worksheet_class=Worksheet)
        if colour:
            worksheet.set_tab_color(colour)
        return worksheet

    def close(self) -> None:
        """Write the file. Raises OSError when it cannot be written, with the system's own reason where there is one."""
        try:
            super().close()
        except XlsxFileError as error:
            cause = error.args[0] if error.args else None
            raise (cause if isinstance(cause, OSError) else OSError(str(error))) from error
        if isinstance(self._path, Path):
            self._path.write_bytes(self._bytes.getbuffer())
