"""Numbers of the plan file that state their unit: `doubling_months: 1 year`."""

from __future__ import annotations

from math import isfinite

from planner.read.files.yaml import Entry
from planner.schema.quantities import UnitError, in_unit_of


def with_numbers(entry: Entry, key: str = "") -> Entry:
    """The same with numbers where a number stands with a unit that fits; what does not fit stays a text, to be refused."""
    if isinstance(entry.value, dict):
        below = {name: with_numbers(one, f"{key}.{name}" if key else name) for name, one in entry.value.items()}
        return Entry(below, entry.place, entry.key_place, entry.text)
    if not isinstance(entry.value, str):
        return entry
    from planner.read.files.workbook_plan import kind_of

    if not kind_of(key).number:
        return entry
    try:
        number = in_unit_of(name_with_unit(key), entry.value)
    except UnitError:
        return entry
    if not isfinite(number):
        return entry
    return Entry(int(number) if number.is_integer() else number, entry.place, entry.key_place, entry.text)


def name_with_unit(key: str) -> str:
    """The part of a dotted key that states the unit; a calendar year below it does not."""
    parts = key.split(".")
    return next((part for part in reversed(parts) if not part.isdigit()), key)
