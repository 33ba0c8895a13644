"""Numbers and months as people write them, where they have one meaning: `1 024.5`, `−5`, `$61.20`, `Jan-27`, `03/2027`."""

from __future__ import annotations

import re

_THIN = " \u00a0\u2007\u2009\u202f'\u2019"
_GROUPS = re.compile(rf"([-+]?[1-9]\d{{0,2}})((?:[{_THIN}]\d{{3}})+)(?!\d)(?![{_THIN}]\d)", re.ASCII)
_MINUS = "\u2212"
_DOLLARS = re.compile(r"([-+]?)(?:US ?\$|USD|\$)\s*(\d[\d.eE+]*)\s*(.*)", re.ASCII | re.DOTALL)

_NAMES = (
    ("jan", "january", "januar"),
    ("feb", "february", "februar"),
    ("mar", "march", "mär", "mrz", "märz"),
    ("apr", "april"),
    ("may", "mai"),
    ("jun", "june", "juni"),
    ("jul", "july", "juli"),
    ("aug", "august"),
    ("sep", "sept", "september"),
    ("oct", "october", "okt", "oktober"),
    ("nov", "november"),
    ("dec", "december", "dez", "dezember"),
)
_NUMBER_OF = {name: number for number, names in enumerate(_NAMES, 1) for name in names}
_MIDNIGHT = r"(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})(?:[-/]|[-/ ]?M)(?P<month>\d{1,2})",  # 2027-1, 2027/01, 2027M01
        r"(?P<year>\d{4})[. ]?(?P<month>\d{2})",  # 202701, but not 2027.1, which may be October
        r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})",  # 01/2027
        r"(?P<name>[^\W\d_]+)[-/. ]{0,2}(?P<year>\d{4})",  # Jan 2027, January-2027
        r"(?P<name>[^\W\d_]+)(?:[-/.]| ?['\u2019])(?P<year>\d{2})",  # Jan-27, but not Jan 27, which may be a day
        r"(?P<year>\d{4})[-/. ](?P<name>[^\W\d_]+)",  # 2027-Jan
        rf"(?P<year>\d{{4}})-(?P<month>\d{{2}})-01{_MIDNIGHT}",  # the first of a month
        rf"0?1\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}){_MIDNIGHT}",  # 01.03.2027: with dots the day comes first
        rf"0?1/(?P<month>0?1)/(?P<year>\d{{4}}){_MIDNIGHT}",  # 1/1/2027: the same either way
    )
)
QUARTER = re.compile(r"(?P<year>\d{4})[-/ ]?Q(?P<quarter>[1-4])|Q(?P<quarter2>[1-4])[-/ ](?P<year2>\d{4})", re.IGNORECASE)


def month_of(text: str) -> str:
    """The month that a text means, as YYYY-MM; empty for one that may mean two, or none."""
    for form in _FORMS if text[:1].isalnum() and len(text) <= 30 and text.isprintable() else ():
        found = form.fullmatch(text)
        if found is None:
            continue
        parts = found.groupdict()
        number = _NUMBER_OF.get(parts["name"].casefold(), 0) if "name" in parts else int(parts["month"])
        year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
        if 1 <= number <= 12 and 1900 <= year <= 2200:
            return f"{year:04d}-{number:02d}"
    return ""


def quarter_of(text: str) -> tuple[str, ...]:
    """The months of a quarter such as `2027-Q1`; empty for any other text."""
    found = QUARTER.fullmatch(text)
    if found is None:
        return ()
    year, quarter = found["year"] or found["year2"], int(found["quarter"] or found["quarter2"])
    return tuple(f"{year}-{3 * quarter - 2 + step:02d}" for step in range(3))


def digits_of(cell: str) -> str:
    """The same number without what separates its thousands and with the minus of a keyboard: spaces and apostrophes are never
    a decimal point. A comma or a point may be one, and stays."""
    if cell[:1] == _MINUS:
        cell = f"-{cell[1:].lstrip()}"
    if cell.isascii() and cell.isalnum():
        return cell
    return _GROUPS.sub(lambda found: found[1] + re.sub(r"\D", "", found[2]), cell, count=1) if _GROUPS.match(cell) else cell


def dollars_of(cell: str, unit: str) -> str:
    """A price with its sign in front as a number, or as one with its unit behind it; ``unit`` is that of the column. A bare
    amount is in the unit of a column of USD; where that is of millions, it may be either, and stays as it is."""
    found = _DOLLARS.fullmatch(cell)
    if found is None:
        return cell
    sign, number, behind = found.groups()
    if not behind:
        return f"{sign}{number}" if unit.startswith("USD") else cell
    return f"{sign}{number} USD{behind}" if behind.startswith(("/", "per ")) else f"{sign}{number} {behind} USD"
