"""The names that people use for places, options, chips, costs and limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from iso3166 import countries_by_alpha2

from models import REGISTER
from models.rows import Price
from planner.errors import is_harmless
from planner.formats import capital
from planner.schema.compute import MARKET
from planner.schema.glossary import CASH_COMPONENTS, COST_COMPONENTS

LONGEST_NAME = 30
MASS = {
    "array": "Solar array",
    "battery": "Battery",
    "radiator": "Radiator",
    "loop": "Cooling loop",
    "spreader": "Heat spreader",
    "it": "IT",
    "shielding": "Shielding",
    "communications": "Communications, propulsion",
    "structure": "Structure",
    "margin": "Margin",
}
AGAINST = {
    "electricity": "electricity on Earth",
    "electricity_mean": "electricity on Earth, mean of the regions",
    "electricity_dearest": "electricity on Earth, where it is dearest",
    "electricity_and_hall": "electricity and hall on Earth",
    "dark_chip": "what a dark chip would earn",
}


def component(name: str) -> str:
    """A component of the cost, with a capital."""
    return capital(CASH_COMPONENTS.get(name) or COST_COMPONENTS.get(name, name.replace("_", " ")))


class Names:
    """What the inputs call a place, an option, a chip, a class or a design; the id where they give no name."""

    TABLES = (
        ("regions", "region_id"),
        ("options", "option_id"),
        ("accelerators", "generation_id"),
        ("designs", "design_id"),
        ("owners", "owner_id"),
        ("classes", "class_id"),
        ("zones", "zone_id"),
        ("countries", "country_iso2"),
    )

    PROPER = (
        ("regions", "region_id"),
        ("zones", "zone_id"),
        ("countries", "country_iso2"),
        ("accelerators", "generation_id"),
        ("owners", "owner_id"),
    )
    """Of these the first letter stays as it is inside a sentence."""

    def __init__(self, inputs: Mapping[str, Any]) -> None:
        """``inputs``: tables by name, each with its columns by name."""
        self.full: dict[str, str] = {"orbit": "Orbit"}
        for table, key in self.TABLES:
            columns = inputs.get(table, {})
            if key in columns and "name" in columns:
                for each, name in zip(columns[key], columns["name"], strict=True):
                    if name:
                        self.full.setdefault(str(each), printable(str(name)))
        for table, _ in self.TABLES:
            for code in map(str, inputs.get(table, {}).get("country_iso2", ())):
                if code in countries_by_alpha2:
                    self.full.setdefault(code, countries_by_alpha2[code].apolitical_name)
        self.full.setdefault(MARKET, "the market")
        self.proper = {str(each) for table, key in self.PROPER for each in inputs.get(table, {}).get(key, ())}
        heads = Counter(name.split(",")[0] for name in self.full.values())
        self.heads = {head for head, many in heads.items() if many == 1}
        self.short = {
            key: name if len(name) <= LONGEST_NAME or (head := name.split(",")[0]) not in self.heads else head
            for key, name in self.full.items()
        }

    def __call__(self, key: str) -> str:
        """A name that fits beside a bar: the part before the comma where the whole is long."""
        return self.short.get(key, key or "everywhere")

    def brief(self, key: str) -> str:
        """The part before the comma, where no other name begins so: `Abilene`."""
        head = self.full.get(key, "").split(",")[0]
        return head if head in self.heads else self(key)

    def where(self, ids: str) -> str:
        """The parts of `us_ohio / grid` by name."""
        return " / ".join(self(part) for part in ids.split(" / "))

    def within(self, key: str) -> str:
        """A name inside a sentence: `gas engines on site`, but `NVIDIA H100`."""
        name = self(key)
        return name[:1].lower() + name[1:] if name[1:2].islower() and key not in self.proper else name


def printable(name: str) -> str:
    """A name without what would move the cursor of a terminal."""
    return "".join(letter if is_harmless(letter) else "?" for letter in name)


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
