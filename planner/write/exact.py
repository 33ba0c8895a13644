"""Numbers with all their digits: 17 where a number needs them, so that a workbook read again gives the same number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from xlsxwriter.worksheet import Worksheet


class ExactWorksheet(Worksheet):  # type: ignore[misc]
    """A sheet of XlsxWriter, which of itself writes 16 digits."""

    def _xml_number_element(self, number: float, attributes: Iterable[tuple[str, Any]] = ()) -> None:
        """One cell that holds a number; the attributes are a reference and the number of a style."""
        stated = "".join(f' {name}="{value}"' for name, value in attributes)
        self.fh.write(f"<c{stated}><v>{float(number)!r}</v></c>")
