"""Months as people write them, where they have one meaning: `2027-1`, `Jan-27`, `03/2027`, `mars 2027`; what to write for one
that has two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

LONGEST = 30
_NAMES = (
    "jan january januar jän jänner janvier janv enero ene gennaio gen janeiro januari",
    "feb february februar feber février févr fév febrero febbraio fevereiro fev februari",
    "mar march mär mrz märz mars marzo março maart mrt",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august août agosto ago augustus",
    "sep sept september septembre septiembre settembre set setembro",
    "oct october okt oktober octobre octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec december dez dezember décembre déc diciembre dic dicembre dezembro",
)
"""As English, German, French, Spanish, Italian, Portuguese and Dutch write them; no name stands for two months."""
_NUMBER_OF = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_MIDNIGHT = r"(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})(?:[-/_]|[-/ ]?M)(?P<month>\d{1,2})",  # 2027-1, 2027/01, 2027M01
        r"(?P<year>\d{4}) ?[年년] ?(?P<month>\d{1,2}) ?[月월]",
        r"(?P<year>\d{4})[. ]?(?P<month>\d{2})",  # 202701, but not 2027.1, which may be October
        r"M?(?P<month>\d{1,2})[-/. _](?P<year>\d{4})",  # 01/2027
        r"(?P<name>[^\W\d_]+)[-/. ]{0,2}(?P<year>\d{4})",  # Jan 2027, January-2027
        r"(?P<name>[^\W\d_]+)(?:\.?[-/]|\.| ?['\u2019])(?P<year>\d{2})",  # Jan-27, févr.-27, but not Jan 27, which may be a day
        r"(?P<year>\d{4})[-/. ](?P<name>[^\W\d_]+)",  # 2027-Jan
        rf"(?P<year>\d{{4}})-(?P<month>\d{{2}})-01{_MIDNIGHT}",  # the first of a month
        rf"0?1\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}){_MIDNIGHT}",  # 01.03.2027: with dots the day comes first
        rf"0?1/(?P<month>0?1)/(?P<year>\d{{4}}){_MIDNIGHT}",  # 1/1/2027: the same either way
    )
)
_SHORT_FORM = re.compile(r"(?P<name>[^\W\d_]+)\.? {1,2}(?P<year>[2-9]\d)")
"""`Jan 27`, which may be a day, but not in a row of titles that follow each other as months do."""
_FEWEST, _LONGEST_GAP = 3, 11
"""How many such titles leave no doubt, and how many months may lie between two of them."""
_QUARTERS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})[-/ ]?Q(?P<quarter>[1-4])",
        r"Q(?P<quarter>[1-4])[-/ '\u2019]{1,2}(?P<year>\d{4}|\d{2})",
        r"(?P<quarter>[1-4])Q[-/ '\u2019]{0,2}(?P<year>\d{4}|\d{2})",
    )
)
_UNCLEAR = "write the year with four digits and the month with two"
_OF_TIMES = ("m", "t", "z", "utc")
"""Letters of a date and time that are no name."""
_DAYS_OF_SPREADSHEETS = range(36526, 73051)
"""2000 to 2099, in days since the end of 1899."""


def month_of(text: str) -> str:
    """The month that a text means, as YYYY-MM; empty for one that may mean two, or none."""
    text = text if text.isascii() else _DASHES.sub("-", text)
    for form in _FORMS if text[:1].isalnum() and len(text) <= LONGEST and text.isprintable() else ():
        found = form.fullmatch(text)
        if found is None:
            continue
        parts = found.groupdict()
        number = _NUMBER_OF.get(parts["name"].casefold(), 0) if "name" in parts else int(parts["month"])
        year = _year(parts["year"])
        if 1 <= number <= 12 and 1900 <= year <= 2200:
            return _named(year, number)
    return ""


def in_full(titles: Sequence[str]) -> list[str]:
    """The titles of a row, with YYYY-MM in place of `Jan 27` where all months of the row follow each other if 27 is a year."""
    short = {at: month for at, title in enumerate(titles) if (month := _short(title.strip()))}
    if len(short) < _FEWEST:
        return list(titles)
    months = [month for at, title in enumerate(titles) if (month := short.get(at) or month_of(title.strip()))]
    numbers = [12 * int(month[:4]) + int(month[5:]) for month in months]
    if not all(0 < after - before <= _LONGEST_GAP for before, after in pairwise(numbers)):
        return list(titles)
    return [short.get(at, title) for at, title in enumerate(titles)]


def _short(title: str) -> str:
    found = _SHORT_FORM.fullmatch(title) if len(title) <= LONGEST else None
    number = _NUMBER_OF.get(found["name"].casefold(), 0) if found is not None else 0
    return _named(_year(found["year"]), number) if found is not None and number else ""


def quarter_of(text: str) -> tuple[str, ...]:
    """The months of a quarter such as `2027-Q1`; empty for any other text."""
    found = next((found for form in _QUARTERS if (found := form.fullmatch(text))), None)
    if found is None:
        return ()
    return tuple(_named(_year(found["year"]), 3 * int(found["quarter"]) - 2 + step) for step in range(3))


def month_hint(text: str) -> str:
    """What to write in place of a text that is no month; empty where it is unlike one."""
    if len(text) > LONGEST:
        return ""
    if quarter_of(text):
        return "a quarter: a map says whether its months share the number or each has it"
    numbers, words = re.findall(r"\d+", text), re.findall(r"[^\W\d_]+", text)
    names = [number for word in words if (number := _NUMBER_OF.get(word.casefold()))]
    if re.fullmatch(r"(?:19|20|21)\d\d", text):
        return f"a year: write one of its months, such as {text}-01"
    if len(names) == 1:
        years = [one for one in numbers if len(one) == 4]
        if len(years) == 1:
            return f"write {_named(_year(years[0]), names[0])}"
        two_digits = [len(one) for one in numbers] == [2]
        return f"write {_named(_year(numbers[0]), names[0])}, if {numbers[0]} is the year" if two_digits else _UNCLEAR
    if names or not all(word.casefold() in _OF_TIMES for word in words):
        return ""
    found = _of_numbers(text, numbers)
    if found:
        return f"write {' or '.join(dict.fromkeys(found))}"
    return _UNCLEAR if len(numbers) > 1 and max(map(len, numbers)) < 3 else ""


def _of_numbers(text: str, numbers: list[str]) -> list[str]:
    """Months that the numbers of a date may mean."""
    if len(numbers) == 1 and len(text) == 5 and int(numbers[0]) in _DAYS_OF_SPREADSHEETS:
        day = date(1899, 12, 30) + timedelta(days=int(numbers[0]))
        return [_named(day.year, day.month)]
    if len(numbers) == 1 and len(text) == 8:
        numbers = [text[:4], text[4:6], text[6:]]
    if len(numbers) < 2:
        return []
    first, second = numbers[:2]
    if len(first) == 4:
        pairs = [(first, second), *([(first, "10")] if (second, text) == ("1", f"{first}.1") else [])]
    elif len(numbers) > 2 and len(numbers[2]) == 4:
        pairs = [(numbers[2], second), *([] if "." in text else [(numbers[2], first)])]
    elif len(numbers) == 2 and max(int(first), int(second)) > 12:
        pairs = [(second, first), (first, second)]
    else:
        return []
    return [_named(_year(year), int(month)) for year, month in pairs if 1 <= int(month) <= 12]


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _named(year: int, month: int) -> str:
    return f"{year:04d}-{month:02d}"
