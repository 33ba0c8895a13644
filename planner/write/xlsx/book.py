"""A workbook being written: its worksheets, formats and colours, and a date that never changes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError

from planner.schema.fields import MONTH
from planner.write.xlsx.cell_styles import CELL_STYLES, StylePackager, give_style
from planner.write.xlsx.worksheet import Worksheet

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""A date that never changes, so that the bytes do not."""
FONT = {"font_name": "Calibri", "font_size": 10}
MONTH_FORMAT = "mmm yyyy"
FIRST_MONTH = "1900-03"
"""The first whose date is the same in every spreadsheet program: Excel has a 29 February 1900."""
INK, PAPER, LINE = "#1F3A5F", "#EAF0F6", "#B8C4D0"
TAB_COLOURS = {"result": "#0072B2", "input": "#E69F00", "record": "#7F7F7F"}
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
"""Parts of the archive are made in memory: a killed command leaves no temporary files, which would have names of no command."""


class Book(xlsxwriter.Workbook):  # type: ignore[misc]
    """A new workbook, written to ``path`` when it is closed.

    It is written as a whole: an archive for which the disk had no room would raise again when it is collected."""

    def __init__(self, path: Path | BytesIO, title: str, from_1904: bool = False) -> None:
        """``from_1904``: days are counted as old Excel for the Macintosh counted them."""
        self._path, self._bytes = path, BytesIO() if isinstance(path, Path) else path
        self._known_formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._day_of_month: dict[str, float] = {}
        self._day_zero = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
        super().__init__(self._bytes, OPTIONS | {"date_1904": from_1904})
        self.cell_styles = {name: self.format(cell_style=name) for name in CELL_STYLES}
        for made in self.cell_styles.values():
            made._get_xf_index()
        self.set_size(2400, 1500)
        self.set_properties({"title": title, "created": CREATED})

    def format(self, **properties: Any) -> Any:
        """The format with these properties, a ``cell_style`` among them; the same properties give the same object."""
        key = tuple(sorted(properties.items()))
        if key not in self._known_formats:
            cell_style = properties.pop("cell_style", "")
            self._known_formats[key] = self.add_format(FONT | CELL_STYLES.get(cell_style, {}) | properties)
            if cell_style:
                give_style(self._known_formats[key], cell_style)
        return self._known_formats[key]

    def head(self, **properties: Any) -> Any:
        """The format of a header."""
        return self.format(bold=True, font_color="white", bg_color=INK, **properties)

    def day_of(self, month: str) -> float:
        """The first day of a month such as `2027-01` as a spreadsheet counts days; NaN for a text that is no such month."""
        if month not in self._day_of_month:
            known = MONTH.fullmatch(month) is not None and month >= FIRST_MONTH
            first = (date.fromisoformat(f"{month}-01") - self._day_zero).days if known else -1
            self._day_of_month[month] = float(first) if first >= 0 else float("nan")
        return self._day_of_month[month]

    def style(self, **properties: Any) -> int:
        """The number of that format in the file."""
        return int(self.format(**properties)._get_xf_index())

    def _get_packager(self) -> StylePackager:
        return StylePackager()

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
