"""Words for what the model names: limits by kind, amounts of money."""

from __future__ import annotations

from models import REGISTER
from models.rows import Price


def price_of(constraint: str) -> Price:
    """The words for a limit; another version of the planner may have written a folder with one that is not known here."""
    name = constraint.replace("_", " ")
    known = REGISTER.get(constraint)
    return known.price if known and known.price else Price("USD", f"one more unit of {name}", name, "unit")


def usd(amount: float) -> str:
    """USD in words that fit their size."""
    size = abs(amount)
    if size >= 1e9:
        return f"{amount / 1e9:,.1f} billion"
    if size >= 1e6:
        return f"{amount / 1e6:,.2f} million" if size < 1e8 else f"{amount / 1e6:,.0f} million"
    return f"{amount:,.0f}" if size >= 100 or amount == 0 else f"{amount:,.3g}"


def short(amount: float) -> str:
    """USD for a column of a table."""
    return usd(amount).replace(" billion", " bn").replace(" million", " M")


def between(low: float, high: float) -> str:
    """Two amounts as one range; the unit once."""
    first, last = usd(low), usd(high)
    if first == last:
        return first
    number, _, word = first.partition(" ")
    return f"{number} to {last}" if word and last.endswith(word) else f"{first} to {last}"


def title(constraint: str, item: str = "") -> str:
    """A limit in words."""
    return price_of(constraint).title.format(item=item)


def named(constraint: str, where: str) -> str:
    """One limit with its place."""
    *places, item = where.split(" / ")
    if not price_of(constraint).of_item:
        places, item = [*places, item], ""
    return ", ".join(part for part in (title(constraint, item), *places) if part)
