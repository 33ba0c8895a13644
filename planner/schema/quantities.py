"""A number with its unit, `6.5 ct/kWh`, in the unit that the name of its column or key states.

Units are those of the field, no others: a prefix or a currency that is not listed is unknown. Energy is not power times
time, heat is not electricity and hours of a chip are not hours: what could be mixed up cannot be converted. A month is
a twelfth of a year, a year 8766 h. Growth per month is no twelfth of growth per year: the period of a rate must be its own.
"""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from functools import cache

from planner.schema.units import unit_of
from planner.schema.written import NO_RATES, NUMBER, OTHER_MONEY, digits_of, dollars_of

HOURS_PER_MEAN_YEAR = 8766
"""365.25 days."""

# Not by pint, which would need this same table, the same reading of texts (USD/kW-year, t CO2, Gbit/s) and the same hints, and
# takes 0.2 s to import.
K, M = 10**3, 10**6
UNITS: dict[str, dict[str, int | Fraction]] = {
    "power": {"W": 1, "kW": K, "MW": M, "GW": K * M, "TW": M * M},
    "energy": {"Wh": 1, "kWh": K, "MWh": M, "GWh": K * M, "TWh": M * M},
    "heat": {"GJ": 1, "MMBtu": Fraction("1.05505585262")},
    "time": {
        **{"ms": Fraction(1, 3600 * K), "s": Fraction(1, 3600), "min": Fraction(1, 60), "h": 1, "day": 24},
        **{"month": Fraction(HOURS_PER_MEAN_YEAR, 12), "year": HOURS_PER_MEAN_YEAR},
    },
    "mass": {"kg": 1, "g": Fraction(1, K), "t": K, "kt": M, "Mt": K * M, "lb": Fraction("0.45359237")},
    "length": {"km": 1, "m": Fraction(1, K)},
    "money": {"USD": 1, "ct": Fraction(1, 100), "kUSD": K, "MUSD": M, "GUSD": K * M},
    "compute": {"H100e": 1, "kH100e": K, "MH100e": M},
    "device": {"unit": 1, "kunit": K},
    "training": {"run": 1},
    "bandwidth": {"Gbitps": 1, "Mbitps": Fraction(1, K), "Tbitps": K},
    "angle": {"deg": 1},
    "temperature": {"degC": 1},
    "share": {"percent": Fraction(1, 100)},
}
"""Each unit in the first of its dimension. Temperature has one unit, so that nothing needs an offset; bits have no unit but by
the second. A share has no dimension of its own."""

SIZES = {unit: (dimension, Fraction(size)) for dimension, units in UNITS.items() for unit, size in units.items()}

NAMES = {
    "million t": "Mt",
    "million USD": "MUSD",
    "t": "t",
    "thousand units": "kunit",
    "thousand H100e": "kH100e",
    "degrees": "deg",
    "degrees Celsius": "degC",
    "years": "year",
    "yr": "year",
    "yrs": "year",
    "months": "month",
    "mo": "month",
    "units": "unit",
    "runs": "run",
    "pcs": "unit",
    "pieces": "unit",
    "Stück": "unit",
    "hour": "h",
    "hours": "h",
    "hr": "h",
    "hrs": "h",
    "days": "day",
    "tonne": "t",
    "tonnes": "t",
    "grams": "g",
    "°": "deg",
    "°C": "degC",
    "%": "percent",
    "m²": "m2",
    "$": "USD",
    "¢": "ct",
    "cent": "ct",
    "cents": "ct",
    "cts": "ct",
    "lbs": "lb",
}
"""What a unit is also called, by the planner or by people."""

KNOWN = {unit: (unit, 1) for unit in SIZES} | {"m2": ("m", 2)}
"""Every unit by how it is written, with its power."""
KNOWN |= {name: KNOWN[unit] for name, unit in NAMES.items()}

CENT, SCALES = "c", ("k", "M", "thousand", "million", "billion", "mn", "bn")
QUANTITY = re.compile(rf"({NUMBER.pattern})\s*([^\d\s.,+\-_'].*)", re.ASCII | re.DOTALL)
TOKEN = re.compile(r"\s*(?:([^\W\d_][\w%°²]*|[%°]C?|[€£¥₹₩$¢])|([/·*()-]))")
BELOW = {"per": "/", "and": "·"}
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
SPELLINGS = tuple(
    (re.compile(form), text)
    for form, text in (
        (r"\b([MGT])bit/s\b", r"\1bitps"),
        (r"\b(g|kg|t|kt|Mt|lbs?|grams|tonnes?) ?(?i:CO2(?:[- ]?eq?(?:uivalents?)?\.?)?)(?!\w)", r"\1"),
        (r"\b([kMGT]?Wh?)_?el?(?!\w)", r"\1"),  # MWe, kWh_el
        (r"\b([kMGT]?W)(?:hr|Hr|HR)s?(?!\w)", r"\1h"),
        (r"[·*\s]([^\W\d_]+)\^?(?:-1|⁻¹)(?!\w)", r"/\1"),
        (r"US ?\$", "USD"),
        (r"\b([kM])(?:\$|USD)|(?:\$|USD) ?([kM])(?!\w)", r"\1\2USD"),
        (r"\b(?:million|mn) (?:USD|\$)", "MUSD"),
        (r"\b(?:billion|bn) (?:USD|\$)", "GUSD"),
        *((rf"(?<!\w){words}(?!\w)", unit) for words, unit in NAMES.items() if " " in words),
    )
)
"""What people write for a unit, and the unit in the spelling of those above."""
LONGEST = 60


class UnitError(ValueError):
    """A text that is no number in the unit meant; the message is a hint, empty when the text is no quantity at all."""


def in_unit_of(name: str, text: str) -> float:
    """The number that ``text`` states, in the unit of the column or key ``name``. Raises UnitError."""
    wanted = unit_of(name)
    bare = text.strip()
    text = dollars_of(digits_of(bare), wanted)
    if text != bare and NUMBER.fullmatch(text):  # a number alone is no quantity
        return float(text)
    found = QUANTITY.fullmatch(text)
    if found is None or len(found[2]) > LONGEST:
        raise UnitError("")
    if not wanted:
        raise UnitError("" if "%" in found[2] else "this number has no unit")
    stated, meant = _parse(found[2]), _meant(wanted)
    if wanted.startswith("fraction"):
        period = {unit: power for unit, power in stated.items() if unit != "percent"}
        if period not in ({}, meant) or stated.get("percent", 1) != 1:
            raise UnitError(f"a rate {wanted.removeprefix('fraction ')}, or in %" if meant else f"{found[2]} is no fraction")
        stated = {unit: power for unit, power in stated.items() if unit == "percent"}
        meant = {}
    factor = _factor(tuple(stated.items()), tuple(meant.items()))
    if factor is None:
        raise UnitError(f"{found[2]} cannot be converted to {wanted}")
    number = float(found[1])
    if number in (0.0, float("inf"), float("-inf")):  # exact fractions of these would be huge
        return number
    try:
        return float(Fraction(found[1]) * factor)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def is_unit(text: str) -> bool:
    """Whether a text is a unit, of whatever dimension."""
    try:
        return bool(_parse(text))
    except UnitError:
        return False


@cache
def _factor(stated: tuple[tuple[str, int], ...], meant: tuple[tuple[str, int], ...]) -> Fraction | None:
    """How many of the unit meant one of the unit stated is, exactly; None for another dimension."""
    factor, dimensions = Fraction(1), Counter[str]()
    for unit, power in (*stated, *((unit, -power) for unit, power in meant)):
        dimension, size = SIZES[unit]
        factor *= size**power
        dimensions[dimension] += power
    return None if any(power for dimension, power in dimensions.items() if dimension != "share") else factor


@cache
def _meant(wanted: str) -> dict[str, int]:
    """The unit that `unit_of` puts in words."""
    text = re.sub(r" of heat$| CO2", "", wanted.removeprefix("fraction").strip())
    return _parse(text)


def _parse(text: str) -> dict[str, int]:
    """Units with their powers. What is joined to a unit below the line is below it too: USD/kW-year."""
    stated = text
    text = text.translate(SUBSCRIPTS)
    for form, unit in SPELLINGS:
        text = form.sub(unit, text)
    powers: dict[str, int] = {}
    below, at, expects = False, 0, True
    while at < len(text):
        token = TOKEN.match(text, at)
        if token is None:
            raise UnitError(f"{stated.strip()} is no unit" if text[at:].strip() else "")
        at = token.end()
        sign = token[2] or BELOW.get(token[1] or "")
        if sign in ("(", ")"):
            continue
        if sign:
            if expects and not (sign == "/" and not powers):
                raise UnitError(f"{stated} is no unit")
            below, expects = below or sign == "/", True
            continue
        if not expects:
            raise UnitError(f"{stated} is no unit")
        unit, power = _unit(token[1])
        powers[unit] = powers.get(unit, 0) + (-power if below else power)
        expects = False
    if expects and text:
        raise UnitError(f"{stated} is no unit")
    return {unit: power for unit, power in powers.items() if power}


def _unit(name: str) -> tuple[str, int]:
    if name in KNOWN:
        return KNOWN[name]
    if name.upper() in OTHER_MONEY:
        raise UnitError(f"{name}: {NO_RATES}")
    if name == CENT:
        raise UnitError("unknown unit c, did you mean ct, a hundredth of a USD?")
    if name in SCALES:
        raise UnitError(f"{name} of what? Write the unit behind it")
    near = [one for one in KNOWN if one.casefold() == name.casefold()]
    raise UnitError(f"unknown unit {name}" + (f", did you mean {' or '.join(near)}?" if near else ""))
