"""The unit at the end of a name: `step_mw_per_month` is in MW per month."""

from __future__ import annotations

import re

_UNITS = {
    "mw": "MW",
    "mwh": "MWh",
    "gwh": "GWh",
    "kw": "kW",
    "kunit": "thousand units",
    "kh100e": "thousand H100e",
    "h100e": "H100e",
    "kh100e_h": "thousand H100e-hours",
    "h100e_h": "H100e-hour",
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
    "gbit/s": "Gbit/s",
    "usd": "USD",
    "musd": "million USD",
    "twh": "TWh",
    "years": "years",
    "year": "year",
    "months": "months",
    "month": "month",
    "runs": "runs",
    "unit": "unit",
    "units": "units",
    "heat": "of heat",
    "currency": "unit of the currency",
    "frac": "fraction",
}


LARGEST = 1e9

_LARGEST = {
    "MW": 1e7,
    "MW per month": 1e7,
    "MMBtu per MWh": 1e3,
    "kg per MWh": 1e5,
    "TWh per year": 1e6,
    "million t CO2 per year": 1e6,
    "million USD per year": 1e8,
    "Gbit/s": 1e8,
    "Gbit/s per thousand H100e": 1e5,
    "Gbit/s per MW": 1e5,
    "H100e per unit": 1e4,
    "kW per unit": 1e4,
    "thousand units": 1e7,
    "thousand H100e": 1e7,
    "ms": 1e6,
    "ms per km": 1e3,
    "km": 1e6,
    "months": 1e6,
    "t": 1e8,
    "USD per kW": 1e6,
    "USD per kW and year": 1e6,
    "USD per MWh": 1e6,
    "USD per MMBtu": 1e5,
    "USD per unit": 1e7,
    "USD per unit and month": 1e6,
    "USD per H100e-hour": 1e5,
    "USD per H100e": 1e5,
    "USD per kg": 1e7,
    "USD per t CO2": 1e6,
    "USD per Gbit/s and month": 1e7,
    "": 1e6,
    "build_usd_per_kg": 1e9,  # a platform, not a launch
}
"""The most that a number may be, by its unit or, before that, by its name.

Far beyond what could ever be meant, and still a plan that can be solved."""


def largest(name: str) -> float:
    """The largest number allowed under a name, where its field does not say."""
    return _LARGEST.get(name, _LARGEST.get(unit_of(name), LARGEST))


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
    words = part.replace("gbit_s", "gbit/s").split("_")
    return [_UNITS[word] for word in words if word in _UNITS] if all(word in _UNITS for word in words) else []
