"""How a CSV file is written: its encoding, what separates its columns, and where its header stands. What leaves no doubt is
read and said; what leaves doubt is refused once, with what to do."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from planner.codes import Code, Remark
from planner.findings import Findings, Notice, Place, SourceFile, shown
from planner.read.files.source import decode
from planner.schema.months import month_of
from planner.schema.written import NUMBER

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MARKS = (
    *((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32")),
    *((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")),
)
WESTERN = "cp1252"
WORDS = {WESTERN: "Windows-1252 (Western European)", "utf-16-le": "UTF-16 without a mark", "utf-16-be": "UTF-16 without a mark"}
LONGEST_RUN = 2
"""Letters beyond ASCII in a row in a Western European word: a word of another script has more."""
BEYOND = re.compile(r"[^\x00-\x7f]+")
LOOKED_AT = 50
"""Rows in which the header is looked for."""
LONGEST_LINE = 200_000
"""Letters of a line in which titles are looked for: those of 500 columns, and no more of a line that is no header."""
SIGNATURES = {
    b"PK\x03\x04": "the content of a workbook or an archive: a workbook's name ends in .xlsx",
    b"PAR1": "the content of a Parquet file, whose name ends in .parquet",
    b"\x1f\x8b": "compressed content",
    b"%PDF": "the content of a PDF file",
    b"<!DOCTYPE": "a web page",
    b"<html": "a web page",
}
"""How files begin that are no CSV, and what they are."""
YEAR = re.compile(r"(?:19|20|21)\d\d")
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


@dataclass
class Form:
    """What a map states of a text file (empty: it is found), and what was found and is worth saying."""

    encoding: str = ""
    separator: str = ""
    decimal: str = ""
    header: int = 0
    said: list[str] = field(default_factory=list)


def text_of(source: SourceFile, form: Form, findings: Findings) -> str | None:
    """The text of a file: UTF-8, UTF-16 with a byte order mark or unmistakable without, Windows-1252 where each letter beyond
    ASCII is one of a Western European word. None after a finding."""
    other = next((what for start, what in SIGNATURES.items() if source.data.startswith(start)), "")
    if other:
        findings.add(Code.E_FILE_KIND, Place(source), f"{other}: expected a CSV text", "", "a CSV text")
        return None
    if form.encoding:
        return decode(source, findings, form.encoding)
    marked = next((name for mark, name in MARKS if source.data.startswith(mark)), "")
    if marked:
        return decode(source, findings, marked)
    if wide := _wide(source.data):
        form.said.append(f"text in {WORDS[wide]}")
        return decode(source, findings, wide)
    try:
        return source.data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _western(source.data)
        if text is not None:
            beyond = BEYOND.findall(text)
            form.said.append(f"text in {WORDS[WESTERN]}, such as {shown(beyond[0])}")
            return text
        byte, line = f"byte 0x{source.data[error.start]:02x}", source.data.count(b"\n", 0, error.start) + 1
        text = f"{byte}: expected text in UTF-8: save it as UTF-8, or state its encoding in a map"
        findings.add(Code.E_TEXT_ENCODING, Place(source, line), text, byte, "text in UTF-8")
        return None


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: every other byte of a table in it is zero."""
    start = data[:2000]
    zeros = [start[first::2].count(0) * 2 / max(len(start), 1) for first in (0, 1)]
    if len(data) % 2 or len(start) < 20 or min(zeros) > 0.02 or max(zeros) < 0.7:
        return ""
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"


def _western(data: bytes) -> str | None:
    try:
        text = data.decode(WESTERN)
    except UnicodeDecodeError:
        return None
    runs = BEYOND.findall(text)
    plain = all(len(run) <= LONGEST_RUN and (run.isprintable() or run.isspace()) for run in runs)
    return text if plain and not re.search(r"[\x00-\x08\x0e-\x1f]", text) else None


def find_layout(text: str, form: Form, column_of: Callable[[str], str], known: Collection[str]) -> int:
    """Settle the separator of a file, and return how many filled rows stand above its header."""
    start = "".join(islice(lines_of(text), LOOKED_AT + max(form.header, 0)))
    found = {mark: _rows(start, mark) for mark in ([form.separator] if form.separator else SEPARATORS)}
    titled = {mark: [_titles(row, column_of, known) for _, row in rows] for mark, rows in found.items()}
    if not form.separator:
        form.separator = max(found, key=lambda mark: _fit(found[mark], titled[mark]))
        if form.separator != ",":
            form.said.append(f"columns separated by {SEPARATORS[form.separator]}")
    rows, titles = found[form.separator], titled[form.separator]
    if form.header:
        above = next((number for number, (line, _) in enumerate(rows) if line == form.header), None)
        return -1 if above is None else above
    if not titles or not known or (titles[0] and len(_filled(rows[0][1])) > 1):
        return 0
    above = next((number for number, many in enumerate(titles) if many > 1), None)
    if above is None:
        above = header_among([row for _, row in rows])
    if above:
        form.said.append(f"the header in line {rows[above][0]}, and nothing above it")
    return above


def note_form(form: Form, source: SourceFile, notices: list[Notice]) -> None:
    """Note how a file was read that is not written as the planner writes one."""
    if form.said:
        notices.append(Notice(Remark.N_FILE_FORM, f"read with {'; '.join(form.said)}", Place(source)))


def lines_of(text: str) -> Iterator[str]:
    """The lines of a file with their ends, of Unix, Windows or old Macs."""
    return (match.group() for match in LINE.finditer(text))


def _rows(text: str, mark: str) -> list[tuple[int, list[str]]]:
    """The filled rows at the start of a file with their lines; what is no CSV ends them."""
    reader, rows, line = csv.reader((line[:LONGEST_LINE] for line in lines_of(text)), delimiter=mark), [], 1
    try:
        for row in reader:
            if _filled(row):
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error:
        pass
    return rows


def _titles(row: list[str], column_of: Callable[[str], str], known: Collection[str]) -> int:
    return sum(column_of(cell.strip()) in known for cell in row)


def _fit(rows: Sequence[tuple[int, list[str]]], titles: Sequence[int]) -> tuple[int, int, int, int]:
    """How well a mark cuts a file: by the titles that are known, where there are several, or else by how many rows have the
    width of the header. Of marks that fit alike the first is taken, a comma."""
    most = max(titles, default=0)
    widths = [len(row) for _, row in rows]
    top = header_among([row for _, row in rows])
    width = widths[top] if widths else 0
    return most if most > 1 else 0, widths[top:].count(width) if width > 1 else 0, most, width


def header_among(rows: Sequence[Sequence[str]]) -> int:
    """The header of a file of which no titles are known: the first row below the remarks, which have one filled cell, or fewer
    cells than the table below them."""
    counts = Counter(map(len, rows))
    width = max(counts, key=lambda one: (counts[one], one), default=0)
    for number, row in enumerate(rows):
        filled = _filled(row)
        is_corner = len(row) == 2 and not row[0].strip()
        if len(row) >= width and (len(filled) > 1 or is_corner):
            return 0 if any(_is_number(cell) for cell in filled) else number
    return 0


def _filled(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row if cell.strip()]


def _is_number(cell: str) -> bool:
    """Whether a cell is a number, and no month or year over a column."""
    return NUMBER.fullmatch(cell.replace(",", ".")) is not None and not month_of(cell) and YEAR.fullmatch(cell) is None
