"""How far the truth may lie from a number of the plan, as the table of sources states it."""

from __future__ import annotations

from planner.formats import number, percent
from planner.plan.citations import cited
from planner.plan.plan import Plan
from planner.schema.units import unit_of


def estimates(plan: Plan, name: str) -> tuple[float, float] | None:
    """The ends of the estimate of an input, such as `regions.nameplate_frac`; None where none is stated."""
    rows = plan.tables["sources"].select("input", "low", "high")
    return next(((float(low), float(high)) for each, low, high in rows if each == name and low is not None), None)


VALUE_UNIT = "usd_per_h100e_h"


def value_of_compute(plan: Plan) -> tuple[float, float] | None:
    """The ends of the estimate of the mean value of compute: of the source in its unit that all classes name; else None."""
    named = [{each for _, each in cited(str(source)).kinds} for source in plan.tables["classes"].column("source")]
    shared = set.intersection(*named) if named else set()
    rows = plan.tables["sources"].select("source_id", "unit", "low", "high")
    return next(
        (
            (float(low), float(high))
            for name, unit, low, high in rows
            if name in shared and unit == VALUE_UNIT and low is not None
        ),
        None,
    )


def range_words(plan: Plan, name: str) -> str:
    """`, estimated at 75.0 to 100 %`; empty where no estimate is stated."""
    found = estimates(plan, name)
    if found is None:
        return ""
    unit = unit_of(name)
    low, high = (percent(end) if unit == "fraction" else f"{number(end)} {unit}" for end in found)
    return f", estimated at {low.removesuffix(f' {unit}').removesuffix(' %')} to {high}"
