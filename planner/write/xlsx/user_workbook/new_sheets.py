"""The `plan_*` sheets as XlsxWriter writes them, taken apart: cells, widths and table of each, formats of all."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from planner.schema.results import PREFIX
from planner.write.xlsx.book import Book
from planner.write.xlsx.layout import Sheet
from planner.write.xlsx.table_sheet import fill_table
from planner.write.xlsx.user_workbook.package import MAIN, parse, tag

_STYLE = re.compile(rb'(<(?:c|row) [^>]*?\bs=")(\d+)(")')
_TEXT = re.compile(rb'<c r="([A-Z]+\d+)"( s="\d+")? t="s"><v>(\d+)</v></c>')
_COLUMN_STYLE = re.compile(rb'(<col [^>]*?\bstyle=")(\d+)(")')
_CELLS = re.compile(rb"<sheetData xmlns=.*</sheetData>", re.DOTALL)


@dataclass(frozen=True)
class NewSheet:
    """One sheet: ``part`` is a whole worksheet with its texts inside; ``table`` is the root of its table."""

    name: str
    part: bytes
    table: Any

    @property
    def cells(self) -> bytes:
        """The element that holds all rows."""
        found = _CELLS.search(self.part)
        assert found is not None
        return found.group()

    @property
    def rest(self) -> Any:
        """The root of the worksheet without its rows."""
        return parse(_CELLS.sub(b"<sheetData/>", self.part))


def new_sheets(sheets: Sequence[Sheet], styles_of: Callable[[Any], list[int]], from_1904: bool) -> list[NewSheet]:
    """Each sheet under its name in the user's workbook. ``styles_of`` takes our formats and returns their numbers there;
    ``from_1904``: how the workbook counts days."""
    file = io.BytesIO()
    book = Book(file, "", from_1904)
    for sheet in sheets:
        fill_table(book, book.worksheet(PREFIX + sheet.name), sheet)
    book.close()
    with zipfile.ZipFile(file) as zipped:
        styles = styles_of(parse(zipped.read("xl/styles.xml")))
        texts = _texts(parse(zipped.read("xl/sharedStrings.xml")))
        return [
            NewSheet(
                PREFIX + sheet.name,
                _settled(zipped.read(f"xl/worksheets/sheet{number}.xml"), styles, texts),
                parse(zipped.read(f"xl/tables/table{number}.xml")),
            )
            for number, sheet in enumerate(sheets, start=1)
        ]


def _settled(part: bytes, styles: Sequence[int], texts: Sequence[bytes]) -> bytes:
    """The sheet with the user's numbers of formats, and each text in its cell instead of the list of shared texts."""

    def style(found: re.Match[bytes]) -> bytes:
        return found[1] + str(styles[int(found[2])]).encode() + found[3]

    def text(found: re.Match[bytes]) -> bytes:
        return b'<c r="%b"%b t="inlineStr"><is>%b</is></c>' % (found[1], found[2] or b"", texts[int(found[3])])

    part = part.replace(b"<sheetData>", f'<sheetData xmlns="{MAIN}">'.encode(), 1)  # whatever prefix the sheet around it has
    part = _STYLE.sub(style, _COLUMN_STYLE.sub(style, part))
    return _TEXT.sub(text, part).replace(b' tabSelected="1"', b"")


def _texts(root: Any) -> list[bytes]:
    found = []
    for item in root.iterchildren(tag("si")):
        inner = b"".join(etree.tostring(each, with_tail=False) for each in item)
        found.append(inner.replace(f' xmlns="{MAIN}"'.encode(), b""))
    return found
