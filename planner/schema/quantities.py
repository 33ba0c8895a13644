"""A number with its unit, `6.5 ct/kWh`, in the unit that the name of its column or key states.

Units are those of the field, no others: a prefix or a currency that is not listed is unknown. Energy is not power times
time, heat is not electricity and hours of a chip are not hours: what could be mixed up cannot be converted. A month is
a twelfth of a year, a year 8766 h. Growth per month is no twelfth of growth per year: the period of a rate must be its own.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from typing import Any

from planner.schema.units import unit_of

DEFINITIONS = """
W = [power]; kW = 1000 * W; MW = 1000 * kW; GW = 1000 * MW; TW = 1000 * GW
Wh = [energy]; kWh = 1000 * Wh; MWh = 1000 * kWh; GWh = 1000 * MWh; TWh = 1000 * GWh
GJ = [heat]; MMBtu = 1.05505585262 * GJ
h = [time]; s = h / 3600; ms = s / 1000; min = 60 * s; day = 24 * h; year = 8766 * h; month = year / 12
kg = [mass]; g = kg / 1000; t = 1000 * kg; kt = 1000 * t; Mt = 1000 * kt
km = [length]; m = km / 1000
USD = [money]; ct = USD / 100; kUSD = 1000 * USD; MUSD = 1000 * kUSD
H100e = [compute]; kH100e = 1000 * H100e; MH100e = 1000 * kH100e
unit = [device]; kunit = 1000 * unit; run = [training]
Gbit_s = [bandwidth]; Mbit_s = Gbit_s / 1000; Tbit_s = 1000 * Gbit_s
deg = [angle]; degC = [temperature]
percent = 1 / 100
"""
"""Temperature has one unit, so that nothing needs an offset; bits have no unit but by the second."""

NAMES = {
    "million t": "Mt",
    "t": "t",
    "thousand units": "kunit",
    "thousand H100e": "kH100e",
    "degrees": "deg",
    "degrees Celsius": "degC",
    "years": "year",
    "months": "month",
    "units": "unit",
    "runs": "run",
    "hour": "h",
    "hours": "h",
    "days": "day",
    "tonne": "t",
    "tonnes": "t",
    "°": "deg",
    "°C": "degC",
    "%": "percent",
    "m²": "m2",
}
"""What a unit is also called, by the planner or by people."""

OTHER_MONEY = frozenset("EUR GBP CNY RMB JPY CHF INR KRW CAD AUD SEK NOK DKK AED SAR BRL SGD TWD HKD € £ ¥ ₹ ₩ $".split())
QUANTITY = re.compile(r"([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)\s*([^\d\s.,+\-_'].*)", re.ASCII | re.DOTALL)
TOKEN = re.compile(r"\s*(?:([^\W\d_][\w%°²]*|[%°]C?|[€£¥₹₩$])|([/·*()-]))")
BELOW = {"per": "/", "and": "·"}
LONGEST = 60


class UnitError(ValueError):
    """A text that is no number in the unit meant; the message is a hint, empty when the text is no quantity at all."""


def in_unit_of(name: str, text: str) -> float:
    """The number that ``text`` states, in the unit of the column or key ``name``. Raises UnitError."""
    found = QUANTITY.fullmatch(text.strip())
    if found is None or len(found[2]) > LONGEST:
        raise UnitError("")
    wanted = unit_of(name)
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


@cache
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(None, non_int_type=Fraction)
    for definition in re.split(r"[;\n]", DEFINITIONS.strip()):
        registry.define(definition.strip())
    return registry


@cache
def _factor(stated: tuple[tuple[str, int], ...], meant: tuple[tuple[str, int], ...]) -> Fraction | None:
    """How many of the unit meant one of the unit stated is, exactly; None for another dimension."""
    import pint

    registry = _registry()
    one = registry.Quantity(Fraction(1), registry.UnitsContainer(dict(stated)))
    try:
        return Fraction(one.to(registry.UnitsContainer(dict(meant))).magnitude)
    except pint.DimensionalityError:
        return None


@cache
def _known() -> dict[str, tuple[str, int]]:
    """Every unit by how it is written, with its power."""
    units = [part.partition("=")[0].strip() for part in re.split(r"[;\n]", DEFINITIONS.strip())]
    known = {unit: (unit, 1) for unit in units if not unit.endswith("_s")}
    known |= {unit.replace("_s", "ps"): (unit, 1) for unit in units if unit.endswith("_s")}
    known["m2"] = ("m", 2)
    return known | {name: known[unit] for name, unit in NAMES.items() if unit in known}


@cache
def _meant(wanted: str) -> dict[str, int]:
    """The unit that `unit_of` puts in words."""
    text = re.sub(r" of heat$| CO2", "", wanted.removeprefix("fraction").strip())
    for words, unit in NAMES.items():
        text = re.sub(rf"(?<!\w){words}(?!\w)", unit, text) if " " in words else text
    return _parse(text)


def _parse(text: str) -> dict[str, int]:
    """Units by power. All that is joined to a unit below the line is below it too: USD/kW-year."""
    text = re.sub(r"\b([MGT])bit/s\b", r"\1bitps", text)
    text = re.sub(r"\b(g|kg|t|kt|Mt) ?CO2e?\b", r"\1", text)
    powers: dict[str, int] = {}
    below, at, expects = False, 0, True
    while at < len(text):
        token = TOKEN.match(text, at)
        if token is None:
            raise UnitError(f"{text[at:].strip()[:LONGEST]} is no unit" if text[at:].strip() else "")
        at = token.end()
        sign = token[2] or BELOW.get(token[1] or "")
        if sign in ("(", ")"):
            continue
        if sign:
            if expects and not (sign == "/" and not powers):
                raise UnitError(f"{text} is no unit")
            below, expects = below or sign == "/", True
            continue
        if not expects:
            raise UnitError(f"{text} is no unit")
        unit, power = _unit(token[1])
        powers[unit] = powers.get(unit, 0) + (-power if below else power)
        expects = False
    if expects and text:
        raise UnitError(f"{text} is no unit")
    return {unit: power for unit, power in powers.items() if power}


def _unit(name: str) -> tuple[str, int]:
    known = _known()
    if name in known:
        return known[name]
    if name.upper() in OTHER_MONEY:
        raise UnitError("write USD" if name == "$" else f"{name}: no exchange rates, state it in USD")
    near = [one for one in known if one.casefold() == name.casefold()]
    raise UnitError(f"unknown unit {name}" + (f", did you mean {' or '.join(near)}?" if near else ""))
