"""The unit at the end of a name: `step_mw_per_month` is in MW per month."""

from __future__ import annotations

import re

_UNITS = {
    "mw": "MW",
    "mwh": "MWh",
    "kw": "kW",
    "kunit": "thousand units",
    "kh100e": "thousand H100e",
    "h100e": "H100e",
    "h": "h",
    "ms": "ms",
    "km": "km",
    "deg": "degrees",
    "c": "degrees Celsius",
    "w": "W",
    "wh": "Wh",
    "kg": "kg",
    "t": "t",
    "tonnes": "t",
    "tco2": "t CO2",
    "mtco2": "million t CO2",
    "m2": "m2",
    "mmbtu": "MMBtu",
    "gbit_s": "Gbit/s",
    "usd": "USD",
    "twh": "TWh",
    "years": "years",
    "year": "year",
    "months": "months",
    "month": "month",
    "unit": "unit",
    "units": "units",
    "heat": "of heat",
    "frac": "fraction",
}


def unit_of(name: str) -> str:
    """The unit in a name: `usd_per_kw_year` is USD per kW and year; empty when the name states none."""
    name = re.sub(r"^(.*?_)?(?=(usd|mw|kg|gbit_s|h100e|kw|w|wh|mmbtu|twh|frac|kunit)_per_)", "", name)
    parts = name.split("_per_")
    if len(parts) == 1:
        return next((unit for end, unit in _UNITS.items() if name == end or name.endswith(f"_{end}")), "")
    first = unit_of(parts[0])
    below = [" and ".join(_words(part)).replace(" and of ", " of ") for part in parts[1:]]
    return " per ".join([first, *below]) if first and all(below) else ""


def _words(part: str) -> list[str]:
    if part in _UNITS:
        return [_UNITS[part]]
    words = part.split("_")
    return [_UNITS[word] for word in words if word in _UNITS] if all(word in _UNITS for word in words) else []
