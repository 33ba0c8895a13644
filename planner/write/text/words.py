"""Words for what the model names: limits by kind and place."""

from __future__ import annotations

from models import REGISTER
from models.rows import Price
from planner.formats import capital
from planner.write.names import Names


def price_of(constraint: str) -> Price:
    """The words for a limit; another version of the planner may have written a folder with one that is not known here."""
    name = constraint.replace("_", " ")
    known = REGISTER.get(constraint)
    return known.price if known and known.price else Price("USD", f"one more unit of {name}", name, "unit")


def title(constraint: str, item: str = "") -> str:
    """A kind of limit in words."""
    return price_of(constraint).title.format(item=item)


def named(constraint: str, where: str, names: Names) -> str:
    """One limit with its place: `Abilene: growth of gas engines on site`."""
    *places, item = where.split(" / ")
    if not price_of(constraint).of_item:
        places, item = [*places, item], ""
    words, place = title(constraint, names.within(item)), ", ".join(names.brief(part) for part in places if part)
    return f"{place}: {words}" if place else capital(words)
