"""How far the truth may lie from a number of the plan, as the table of sources states it."""

from __future__ import annotations

from planner.formats import number, percent
from planner.plan.plan import Plan
from planner.schema.units import unit_of


def estimates(plan: Plan, name: str) -> tuple[float, float] | None:
    """The ends of the estimate of an input, such as `regions.nameplate_frac`; None where none is stated."""
    rows = plan.tables["sources"].select("input", "low", "high")
    return next(((float(low), float(high)) for each, low, high in rows if each == name and low is not None), None)


def range_words(plan: Plan, name: str) -> str:
    """`, estimated at 75.0 to 100 %`; empty where no estimate is stated."""
    found = estimates(plan, name)
    if found is None:
        return ""
    unit = unit_of(name)
    low, high = (percent(end) if unit == "fraction" else f"{number(end)} {unit}" for end in found)
    return f", estimated at {low.removesuffix(f' {unit}').removesuffix(' %')} to {high}"
