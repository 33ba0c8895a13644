"""Numbers as people write them, where they have one meaning: `1 024.5`, `−5`, `$61.20`; what to write for one that has none."""

from __future__ import annotations

import re
from unicodedata import decimal

NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
OTHER_MONEY = frozenset("EUR GBP CNY RMB JPY CHF INR KRW CAD AUD SEK NOK DKK AED SAR BRL SGD TWD HKD € £ ¥ ₹ ₩".split())
FOREIGN_MONEY = re.compile(rf"[€£¥₹₩]|\b(?:{'|'.join(sorted(filter(str.isalpha, OTHER_MONEY)))})\b")
NO_RATES = "no exchange rates, state it in USD"
_REMARK = r"(?:\(\d{4}\)|\[\w{1,3}\]|[*\u2020\u2021\u00a7]+|\(?est\.?\)?)"
"""What stands behind a number in print: its year, the mark of a footnote."""
_COORDINATE = re.compile(
    r"(?P<before>[NSEW]?)\s*(?P<degrees>\d+(?:\.\d+)?)\s*\u00b0?\s*(?:(?P<minutes>\d+(?:\.\d+)?)\s*['\u2032\u2019]\s*)?"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)\s*(?:\"|''|\u2033|\u201d)\s*)?(?P<behind>[NSEW]?)",
    re.IGNORECASE | re.ASCII,
)
_THIN = " \u00a0\u2007\u2009\u202f'\u2019"
_GROUPS = re.compile(rf"([-+]?[1-9]\d{{0,2}})((?:[{_THIN}]\d{{3}})+)(?!\d)(?![{_THIN}]\d)", re.ASCII)
_MINUSES = ("\u2212", "\u2013", "\uff0d")
_UNSEEN = re.compile("[\u200b\u200e\u200f\u2060\ufeff]")
_DOLLARS = re.compile(r"([-+]?)(?:US ?\$|USD|\$)\s*(\d[\d.eE+]*)\s*(.*)", re.ASCII | re.DOTALL)
_BARE = re.compile(r"([-+]?\d[\d.eE+]*)\s*(?:US ?\$|USD|\$)", re.ASCII)


def digits_of(cell: str) -> str:
    """The same number without what separates its thousands and with the minus of a keyboard: spaces and apostrophes are never
    a decimal point. A comma or a point may be one, and stays."""
    if cell.isascii() and cell.isalnum():
        return cell
    cell = cell if cell.isascii() else _UNSEEN.sub("", cell).strip()
    if cell.startswith(("-", *_MINUSES)):
        cell = f"-{cell[1:].lstrip()}"
    return _GROUPS.sub(lambda found: found[1] + re.sub(r"\D", "", found[2]), cell, count=1) if _GROUPS.match(cell) else cell


def dollars_of(cell: str, unit: str) -> str:
    """A price with its sign in front as a number, or as one with its unit behind it; ``unit`` is that of the column. A bare
    amount is in the unit of a column of USD; where that is of millions, it may be either, and stays as it is."""
    found = _DOLLARS.fullmatch(cell)
    if found is None:
        bare = _BARE.fullmatch(cell) if unit.startswith("USD") else None
        return bare[1] if bare is not None else cell
    sign, number, behind = found.groups()
    if not behind:
        return f"{sign}{number}" if unit.startswith("USD") else cell
    scale, _, below = re.sub(r"^per |\s*/\s*| per ", "/", behind).partition("/")
    money = f"{scale}USD" if scale in ("k", "M") else f"{scale} USD"
    return f"{sign}{number} {money}{'/' if below else ''}{below}"


def number_hint(cell: str, unit: str = "") -> str:
    """How to write a number that was written for people, in a column or key of ``unit``."""
    if remark := re.fullmatch(rf"(.*[^\s(])\s*{_REMARK}", cell):
        return f"write {remark[1]}"
    if about := re.fullmatch(rf"(?:~|≈|ca\.?|circa|about|approx\.?)\s*({NUMBER.pattern})", cell, re.IGNORECASE):
        return f"write {about[1]}"
    if below := re.fullmatch(rf"\(({NUMBER.pattern})\)|({NUMBER.pattern})-", cell):
        return f"write -{below[1] or below[2]}"
    if re.fullmatch(r"[-+]?[\d.,]+\s*(?:-|\u2013|\.\.+|to|bis)\s*[\d.,]+.*", cell):
        return "a range: write one number, and the others in note"
    if (money := FOREIGN_MONEY.search(cell)) and re.search(r"\d", cell):
        return f"{money[0]}: {NO_RATES}, or a rate in a map"
    if not unit and cell.endswith("%") and NUMBER.fullmatch(cell[:-1].strip()):
        return f"write {float(cell[:-1]) / 100:.15g}"
    if unit == "degrees" and (degrees := _degrees(cell)):
        return f"write {degrees}"
    if cents := re.fullmatch(rf"({NUMBER.pattern})\s*c(/.+)", cell):
        return f"write {cents[1]} ct{cents[2]}, if c is a hundredth of a USD"
    if cell.startswith("="):
        return "a formula: write its value"
    if not cell.isascii() and NUMBER.fullmatch(ascii_digits := _ascii_digits(cell)):
        return f"write {ascii_digits}"
    digits = re.sub(r"(?<=[\d.,])\s*(?![eE][-+]?\d)[^\W\d_].*|\s*%", "", cell)  # without a unit
    behind = cell[len(digits) :]
    if re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", digits, re.ASCII):
        return f"{digits.replace(',', '')}{behind}, or {digits.replace(',', '.')}{behind} with a decimal point"
    if re.fullmatch(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?", digits) and NUMBER.fullmatch(digits.replace(",", ".")):
        return f"a decimal point, no comma: {digits.replace(',', '.')}{behind}"
    if re.fullmatch(r"[-+]?\d{1,3}([.\s_']\d{3})+,\d+", digits, re.ASCII):
        plain_digits = "".join(letter for letter in digits if letter in "+-,0123456789").replace(",", ".")
        return f"digits without separators, and a decimal point: {plain_digits}{behind}"
    if NUMBER.fullmatch(re.sub(r"[\s_',]", "", digits)) and not NUMBER.fullmatch(digits):
        return "digits without separators"
    return ""


def _degrees(cell: str) -> str:
    """A coordinate such as `32\u00b027'N` in degrees, west and south below zero; empty for another text."""
    found = _COORDINATE.fullmatch(cell)
    if found is None or not (found["before"] or found["behind"]):
        return ""
    size = sum(float(found[part] or 0) / of for part, of in (("degrees", 1), ("minutes", 60), ("seconds", 3600)))
    return f"{'-' if (found['before'] or found['behind']).upper() in 'SW' else ''}{size:.6g}"


def _ascii_digits(text: str) -> str:
    return "".join(str(decimal(letter)) if letter.isdecimal() else letter for letter in text)
