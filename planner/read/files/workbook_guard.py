"""What has to hold before a workbook is handed to a reader of XML: a whole zip of modest size, without tricks."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass

from planner.codes import Code
from planner.findings import Findings, Place, SourceFile

LARGEST_CONTENT_BYTES = 250_000_000
MOST_PARTS = 2_000
CHUNK = 1_000_000
SUFFIX = ".xlsx"

OLD_FORMAT = bytes.fromhex("d0cf11e0a1b11ae1")  # OLE: .xls, and every workbook with a password
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
CONTENT_TYPES = "[Content_Types].xml"
MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
OTHERS = (
    (b"macroEnabled", "a workbook with macros"),
    (b"ms-excel.sheet.binary", "a binary workbook (.xlsb)"),
    (b"spreadsheetml.template", "a template (.xltx)"),
    (b"wordprocessingml", "a text document"),
    (b"presentationml", "a presentation"),
)
"""Marks in the content types of other files that are packed like a workbook."""

IN_NUMBERS = b"c|v|row|f|is|t|si|r|rPr|rPh|phoneticPr|b|i|u|sz|color|rFont|family|scheme|charset|vertAlign"
OTHER_MARKS = re.compile(rb"<(?!(?:\w+:)?(?:" + IN_NUMBERS + rb")[\s/>])\w")
"""Elements of what is not the content of cells: ranges that are merged, formats, names, links, rules. Excel writes up to 65,490
formats, and few of the rest."""
MOST_MARKS, LONGEST_RUN = 200_000, 400_000
"""Of such elements, in a part; bytes without one: a cell holds 32,767 letters."""
READ_WHOLE = ("xl/worksheets/", "xl/styles.xml", "xl/workbook.xml", "xl/sharedStrings.xml")

Problem = tuple[str, str]
"""What was found, and what to do."""

DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    LookupError,
)
"""What reading a zip that is broken, on purpose or not, may raise."""

STRICT = b"http://purl.oclc.org/ooxml/"
SAVE_AS = "save it as an Excel workbook (.xlsx)"


def open_zip(source: SourceFile, findings: Findings) -> zipfile.ZipFile | None:
    """The parts of a workbook, each read once to its end; None after a finding.

    Names of parts are never paths on disk. A size that is stated too small ends in a wrong checksum, a document type
    (where entities are declared) has no place in a workbook, so that neither can grow while it is read."""

    try:
        parts = None if (problem := _not_a_zip(source.data)) else zipfile.ZipFile(io.BytesIO(source.data))
        if parts is not None:
            problem = _oversized(parts) or _foreign(parts) or _spoilt(parts)
    except DAMAGE as error:
        problem = ("damaged or truncated", f"expected a whole .xlsx file ({_reason(error)})")
    if problem is None:
        return parts
    findings.add(Code.E_WORKBOOK_DAMAGED, Place(source), ": ".join(problem), problem[0], "an .xlsx workbook")
    return None


def _not_a_zip(data: bytes) -> Problem | None:
    if not data:
        return "the file is empty", "expected an .xlsx workbook"
    if data.startswith(OLD_FORMAT):
        return ("protected by a password", "save it without one") if ENCRYPTED in data else ("an old workbook (.xls)", SAVE_AS)
    return None if data.startswith(b"PK") else ("not a workbook", "expected the content of an .xlsx file")


def _oversized(parts: zipfile.ZipFile) -> Problem | None:
    names = parts.namelist()
    if len(names) > MOST_PARTS:
        return f"{len(names)} parts", f"expected a workbook of at most {MOST_PARTS}"
    if len(set(names)) < len(names):
        return "a duplicate part", "expected each part of the workbook once"
    size = sum(part.file_size for part in parts.infolist())
    if size > LARGEST_CONTENT_BYTES:
        return f"{size // 1_000_000} MB when unpacked", f"expected at most {LARGEST_CONTENT_BYTES // 1_000_000} MB"
    if any(part.flag_bits & 1 for part in parts.infolist()):
        return "protected by a password", "save it without one"
    return None


def _foreign(parts: zipfile.ZipFile) -> Problem | None:
    """A file of another kind that is packed as a zip."""
    names = set(parts.namelist())
    if "mimetype" in names and b"opendocument" in parts.read("mimetype"):
        return "an OpenDocument file (.ods)", SAVE_AS
    if CONTENT_TYPES not in names:
        return "not a workbook", "expected the content of an .xlsx file"
    types = parts.read(CONTENT_TYPES)
    if MAIN not in types:
        found = next((name for mark, name in OTHERS if mark in types), "not a workbook")
        return found, SAVE_AS
    return None


def _spoilt(parts: zipfile.ZipFile) -> Problem | None:
    for name in parts.namelist():
        if not name.endswith((".xml", ".rels")):
            continue
        tail, weight = b"", _Weight(name)
        with parts.open(name) as part:
            while chunk := part.read(CHUNK):
                piece = tail + chunk
                if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
                    return "a document type inside", "no spreadsheet program writes one"
                if b"\0" in piece:
                    return "text in another encoding than UTF-8 inside", SAVE_AS
                if STRICT in piece and name.endswith("workbook.xml"):
                    return "a workbook in the format Strict Open XML", SAVE_AS
                if name.startswith(READ_WHOLE) and (problem := weight.problem(chunk)):
                    return problem
                tail = piece[-64:]
    return None


@dataclass
class _Weight:
    """How much of a part, read in chunks, is not the content of cells, and how long a text in it is."""

    name: str
    marks: int = 0
    run: int = 0  # bytes since the last element

    def problem(self, chunk: bytes) -> Problem | None:
        self.marks += sum(1 for _ in OTHER_MARKS.finditer(chunk))
        pieces = [len(piece) for piece in chunk.split(b"<")]
        longest = max(self.run + pieces[0], *pieces)
        self.run = pieces[-1] if len(pieces) > 1 else longest
        if self.marks > MOST_MARKS:
            return f"more than {MOST_MARKS} elements beside cells in {self.name}", "remove formats, names and merged ranges"
        if longest > LONGEST_RUN:
            return f"a text of more than {LONGEST_RUN} bytes in {self.name}", "expected cells of at most 32,767 letters"
        return None


def _reason(error: Exception) -> str:
    return str(error).rstrip(".").casefold() or type(error).__name__
