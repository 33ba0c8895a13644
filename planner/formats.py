"""Numbers, money, shares and months as people read them: in the terminal, the report, the pictures and the headlines."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MONTHS = "January February March April May June July August September October November December".split()


def number(value: float, digits: int = 3) -> str:
    """``digits`` of them, or the whole part where that is longer; nothing for what is no number."""
    if value != value:
        return ""
    size = abs(value)
    if 0 < size < 0.0995:
        return f"{value:.{digits - 1}g}"
    decimals = digits - 1
    while decimals > 0 and size >= 10.0 ** (digits - decimals) * (1 - 0.5 * 10.0**-digits):
        decimals -= 1
    text = f"{value:,.{decimals}f}"
    return "0" if not text.strip("-0.") else text


def apart(values: Sequence[float], noise: float = 1e-6) -> list[str]:
    """Numbers beside each other, with as many digits as tell apart those that differ by more than noise."""
    far = [(a, b) for a in values for b in values if abs(a - b) > noise * max(abs(a), abs(b))]
    digits = next((d for d in range(3, 10) if all(number(a, d) != number(b, d) for a, b in far)), 10)
    return [number(value, digits) for value in values]


@dataclass(frozen=True)
class Currency:
    """A currency in which amounts are shown beside USD, and what one of it is worth in USD."""

    name: str
    usd: float

    def amount(self, usd: float) -> float:
        """An amount of USD in this currency."""
        return usd / self.usd

    def words(self, usd: float, digits: int = 3) -> str:
        """The same in words: `14.4 million EUR`."""
        return f"{_scaled(self.amount(usd), digits)} {self.name}"


def usd(amount: float, digits: int = 3, beside: Currency | None = None) -> str:
    """US dollars in the unit that fits their size, and another currency beside them: `15.5 million USD (14.4 million EUR)`."""
    other = f" ({beside.words(amount, digits)})" if beside is not None else ""
    return f"{_scaled(amount, digits)} USD{other}"


def short_usd(amount: float, signed: bool = False) -> str:
    """US dollars for a column of a table whose head names the currency: `15.5 M`."""
    text = _scaled(amount, 3)
    for word, letter in (("trillion", "tn"), ("billion", "bn"), ("million", "M")):
        text = text.replace(word, letter)
    return f"+{text}" if signed and amount > 0 else text


def usd_range(low: float, high: float) -> str:
    """Two amounts in one unit: `1.13 to 12.9 million USD`."""
    first, last = usd(low), usd(high)
    if first == last:
        return last
    unit = _unit(max(abs(low), abs(high)))
    return f"{number(low / unit[0])} to {last}" if unit[1] else f"{number(low)} to {last}"


def _scaled(amount: float, digits: int) -> str:
    factor, word = _unit(abs(amount))
    return f"{number(amount / factor, digits)} {word}".rstrip()


def _unit(size: float) -> tuple[float, str]:
    for factor, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if size >= 0.9995 * factor:
            return factor, word
    return 1.0, ""


def watts(mw: float) -> str:
    """MW, or GW from a thousand on."""
    return f"{number(mw / 1e3)} GW" if abs(mw) >= 999.5 else f"{number(mw)} MW"


def compute(kh100e: float) -> str:
    """Thousand H100-equivalents in the unit that fits."""
    return f"{number(kh100e / 1e3)} million H100e" if abs(kh100e) >= 999.5 else f"{number(kh100e)} thousand H100e"


def percent(frac: float) -> str:
    """A share: one decimal below a hundred."""
    size = abs(100 * frac)
    return f"{100 * frac:.0f} %" if size >= 99.95 or size == 0 else f"{100 * frac:.1f} %"


def fine_percent(frac: float) -> str:
    """A share far below a hundredth, such as a gap: one digit that counts."""
    return f"{100 * frac:.1g} %"


def month_name(month: str) -> str:
    """`2028-01` as `January 2028`; anything else as it is."""
    year, _, number_of = month.partition("-")
    known = number_of.isdecimal() and 1 <= int(number_of) <= 12
    return f"{MONTHS[int(number_of) - 1]} {year}" if known else month


def day_name(day: str) -> str:
    """`2028-01-31` as `31 January 2028`."""
    month, _, number_of = day.rpartition("-")
    return f"{int(number_of)} {month_name(month)}"


def short_month(month: str) -> str:
    """`2028-01` as `Jan 2028`; anything else as it is."""
    name, _, year = month_name(month).partition(" ")
    return f"{name[:3]} {year}" if year else month


def several(one_more: str, amount: str, where: str, first: str, last: str) -> str:
    """So many units in each month from ``first`` to ``last``, from the words for one: `one more ... in {month}`."""
    head, month, _ = one_more.partition("{month}")
    text = f"{amount} {head.format(where=where).removeprefix('one ')}"
    text = text if amount == "1" else text.replace(" more tonne ", " more tonnes ", 1)
    if not month or first == last:
        return text + (month and last)
    yearly = " in the plan year that ends in "
    if text.endswith(yearly):
        return f"{text.removesuffix(yearly)} in each plan year from that which ends in {first} to {last}"
    return f"{text.removesuffix(' in ').removesuffix(' during ')} each month from {first} to {last}"


def span(months: Sequence[str]) -> str:
    """The first and the last of some months, as they stand in tables."""
    return months[0] if months[0] == months[-1] else f"{months[0]} to {months[-1]}"


def count(many: int, noun: str) -> str:
    """`1 month`, `36 months`."""
    return f"{many:,} {noun}{'' if many == 1 else 's'}"


def some(names: Iterable[str], most: int = 5) -> str:
    """The first of them with commas between, and how many more there are."""
    names = list(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return capital(text) + ("" if not text or text.endswith((".", "!", "?")) else ".")


def facts_html(title: str, facts: Mapping[str, str]) -> str:
    """A heading and a fact a row, for a notebook."""
    rows = "".join(f"<tr><th>{html.escape(name)}</th><td>{html.escape(text)}</td></tr>" for name, text in facts.items())
    return f"<h4>{html.escape(title)}</h4><table>{rows}</table>"


def capital(text: str) -> str:
    """With a capital."""
    return text[:1].upper() + text[1:]
