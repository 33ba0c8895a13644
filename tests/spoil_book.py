"""A workbook, spoilt: values and attributes of its parts, and, by the thousand, what stands around its cells."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

from tests.spoil import spoil_bytes, word

VALUE = re.compile(rb"<v>[^<]*</v>|<t[^>]*>[^<]*</t>|<f>[^<]*</f>| [a-z]+=\"[^\"]*\"")


def spoil_part(part: bytes, rng: random.Random) -> bytes:
    found = list(VALUE.finditer(part))
    if not found or rng.random() < 0.2:
        return spoil_bytes(part, rng)
    for one in sorted(rng.sample(found, min(len(found), rng.choice([1, 1, 3]))), key=lambda m: -m.start()):
        text = word(rng).encode("utf-8", "ignore")
        text = text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b'"', b"&quot;")
        new = re.sub(rb">[^<]*<|\"[^\"]*\"", lambda m: m[0][:1] + text + m[0][-1:], one[0], count=1)  # noqa: B023
        part = part[: one.start()] + new + part[one.end() :]
    return part


COUNTS = (1, 1, 2, 50, 3_000, 60_000, 300_000)
REFERENCES = (
    "A1",
    "A1:B2",
    "B2:A1",
    "A1:XFD1048576",
    "A:A",
    "1:1",
    "C3:D4 E5",
    "A0",
    "XFE1",
    "ZZZZZ9",
    "A1048577",
    "$A$1",
    "#REF!",
    "",
)


def spoil_book(data: bytes, rng: random.Random) -> bytes:
    kind = rng.random()
    if kind < 0.1:
        return spoil_bytes(data, rng)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        names = before.namelist()
        chosen = rng.choice(names) if rng.random() < 0.3 else rng.choice([name for name in names if "sheet" in name])
        spoil: Callable[[bytes, random.Random], bytes] = spoil_part
        if kind < 0.5:
            spoil, chosen = rng.choice(STRUCTURES)
            if chosen == SHEET:
                chosen = f"{SHEET}{rng.randint(2, sum(name.startswith(SHEET) for name in names))}.xml"
        for name in names:
            part = before.read(name)
            if name == chosen:
                part = spoil(part, rng)
            after.writestr(name, part, zipfile.ZIP_DEFLATED if len(part) > 1_000_000 else zipfile.ZIP_STORED, 1)
    return out.getvalue()


def _many(one: Callable[[int], str], rng: random.Random) -> str:
    """So many of an element that differ, or of one and the same."""
    count = rng.choices(COUNTS, (4, 4, 4, 4, 2, 0.5, 0.2))[0]
    return "".join(map(one, range(count))) if rng.random() < 0.7 else one(0) * count


def _reference(number: int, rng: random.Random) -> str:
    if rng.random() < 0.3:
        return rng.choice(REFERENCES)
    row = 2 + number % 1_000_000
    return rng.choice((f"A{row}:C{row + 1}", f"B{row}", f"AA{row}:AZ{row}"))


def _around(part: bytes, elements: str, before: bytes) -> bytes:
    return part.replace(before, elements.encode() + before, 1)


def merges(part: bytes, rng: random.Random) -> bytes:
    cells = _many(lambda number: f'<mergeCell ref="{_reference(number, rng)}"/>', rng)
    return _around(part, f'<mergeCells count="{rng.randint(0, 9)}">{cells}</mergeCells>', b"<pageMargins")


def columns(part: bytes, rng: random.Random) -> bytes:
    def one(number: int) -> str:
        least, most = rng.choice(((number + 1, number + 1), (1, 16_384), (0, 0), (9, 3), (16_385, 99_999)))
        looks = f'width="{rng.choice((9, -1, 1e300))}" style="{rng.choice((0, 1, 10**9))}" hidden="1"'
        return f'<col min="{least}" max="{most}" {looks}/>'

    return re.sub(rb"<cols>.*?</cols>", lambda _: f"<cols>{_many(one, rng)}</cols>".encode(), part, count=1, flags=re.DOTALL)


def links(part: bytes, rng: random.Random) -> bytes:
    def one(number: int) -> str:
        aim = rng.choice(('r:id="rId1"', 'r:id="rId999"', 'location="plan!A1"', 'location="nowhere!A1"'))
        return f'<hyperlink ref="{_reference(number, rng)}" {aim}/>'

    return _around(part, f"<hyperlinks>{_many(one, rng)}</hyperlinks>", b"<pageMargins")


def rules(part: bytes, rng: random.Random) -> bytes:
    def one(number: int) -> str:
        rule = f'<cfRule type="cellIs" priority="{number}" operator="equal"><formula>{number}</formula></cfRule>'
        return f'<conditionalFormatting sqref="{_reference(number, rng)}">{rule}</conditionalFormatting>'

    return _around(part, _many(one, rng), b"<pageMargins")


def places(part: bytes, rng: random.Random) -> bytes:
    """Rows and cells that say that they stand elsewhere, and a size of the sheet that is not so."""
    found = list(re.finditer(rb' (?:r|s|t|ref|spans)="[^"]*"', part))
    for one in sorted(rng.sample(found, min(len(found), rng.choice((1, 3, 50)))), key=lambda m: -m.start()):
        value = rng.choice((*REFERENCES, "0", "-1", "1048577", "9999999999", "s", "str", "b", "e", "d", "inlineStr", "2"))
        name = one[0].split(b"=")[0]
        part = part[: one.start()] + name + f'="{value}"'.encode() + part[one.end() :]
    return part


def rows(part: bytes, rng: random.Random) -> bytes:
    """More rows and cells, with text of their own or without."""

    def one(number: int) -> str:
        row = rng.choice((number + 20, 1_048_576, 5))
        cell = rng.choice(('<c r="A{}"/>', '<c r="A{}" t="inlineStr"><is><t>x</t></is></c>', '<c r="XFD{}"><v>1</v></c>', ""))
        return f'<row r="{row}">{cell.format(row)}</row>'

    return _around(part, _many(one, rng), b"</sheetData>")


def styles(part: bytes, rng: random.Random) -> bytes:
    formats = _many(lambda number: f'<xf numFmtId="{rng.choice((0, 14, 164, 10**9))}" fontId="{number}" xfId="0"/>', rng)
    letters = rng.choice(("@", "0.00", "yyyy", "[Red]" * 50, "&quot;", "\\" * 99))
    numbers = _many(lambda number: f'<numFmt numFmtId="{165 + number}" formatCode="{letters}"/>', rng)
    return _around(_around(part, formats, b"</cellXfs>"), numbers, b"</numFmts>")


def defined_names(part: bytes, rng: random.Random) -> bytes:
    def one(number: int) -> str:
        aim = rng.choice(("#REF!", "plan!$A$1:$XFD$1048576", "nowhere!$A$1", "1+1", "", f"n{number + 1}"))
        local = rng.choice(("", ' localSheetId="1"', ' localSheetId="999"', ' hidden="1"'))
        return f'<definedName name="n{number}"{local}>{aim}</definedName>'

    return _around(part, _many(one, rng), b"</definedNames>")


def sheets(part: bytes, rng: random.Random) -> bytes:
    """Names of sheets that are another's, strange, long or none; sheets hidden, absent, or there twice."""
    found = list(re.finditer(rb"<sheet [^>]*/>", part))
    one = rng.choice(found)
    new = rng.choice((b"", one[0] * 2, rng.choice(found)[0], re.sub(rb'r:id="[^"]*"', b'r:id="rId999"', one[0])))
    if rng.random() < 0.5:
        name = rng.choice(("plan", "PLAN", "power ", "x" * 300, "a/b[c]:*?", "\u202epower", "'", "", "é", "data"))
        state = rng.choice(("", ' state="hidden"', ' state="veryHidden"', ' state="x"'))
        new = re.sub(rb'name="[^"]*"', lambda _: f'name="{name}"{state}'.encode(), one[0])
    return part[: one.start()] + new + part[one.end() :]


def texts(part: bytes, rng: random.Random) -> bytes:
    """Shared texts: more, none, with phonetic guides, in runs, of letters that XML escapes."""
    inside = rng.choice(
        ("<t>x</t>", "<r><t>x</t></r><r><t>y</t></r>", "<rPh><t>x</t></rPh>", "<t/>", "<t>&#55296;</t>", "<t>_x0000_</t>")
    )
    if rng.random() < 0.2:
        return re.sub(rb"<si>.*</si>", b"", part, flags=re.DOTALL)
    return part.replace(b"<si>", f"{_many(lambda _: f'<si>{inside}</si>', rng)}<si>".encode(), 1)


SHEET = "xl/worksheets/sheet"
STRUCTURES: list[tuple[Callable[[bytes, random.Random], bytes], str]] = [
    *((spoil, SHEET) for spoil in (merges, columns, links, rules, places, rows)),
    (styles, "xl/styles.xml"),
    (defined_names, "xl/workbook.xml"),
    (sheets, "xl/workbook.xml"),
    (texts, "xl/sharedStrings.xml"),
]
