"""Numbers outside what is known of their column or key, with the unit that would mend them.

They refuse nothing: a plan may ask what nobody has seen yet. Ranges belong to the schema (`Field.plausible`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from models.data import PlanData
from planner.check.upper_bounds import UpperBounds
from planner.findings import Notice
from planner.plan.plan import Plan
from planner.plan.table import Table
from planner.read.rules.rule_context import some
from planner.schema.fields import ANYTHING, Range, cell_text
from planner.schema.quantities import UnitError, in_unit_of
from planner.schema.settings import PLAUSIBLE, PLAUSIBLE_START
from planner.schema.units import unit_of

OTHER_UNITS = (
    "% kW MW GW MWh kWh GWh TWh s ms min h day month year H100e kH100e unit kg t kt Mt km m Gbit/s Mbit/s Tbit/s W/unit MW/unit"
    " kW/month GW/month W/H100e USD/kWh ct/kWh USD/W USD/MW USD/t kUSD/unit t/MWh g/MWh GWh/year MWh/year USD/GJ GJ/MWh t/year"
    " kg/W kg/MW USD/W-year USD/MW-year kW/kg"
).split()


def check_ranges(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Every column and key whose plausible range is known, one line for each."""
    for table in plan.tables.values():
        for field in table.schema.fields:
            if field.plausible != ANYTHING:
                values = enumerate(table.column(field.name))
                outside = [position for position, value in values if value and not _inside(value, field.plausible)]
                yield from together(
                    doubtful(
                        table,
                        position,
                        field.name,
                        f" = {_shown(field.name, value)}: {_expected(field.name, value, field.plausible)}",
                    )
                    for position in outside
                    for value in (table.column(field.name)[position],)
                )
    for key, value in _numbers(plan):
        name = key.split(".")[1 if key.startswith("carbon.cap") else -1]
        allowed = PLAUSIBLE[key if key in PLAUSIBLE else key.rpartition(".")[0]]
        if value and not _inside(value, allowed):
            text = f"{key} = {_shown(name, value)}: {_expected(name, value, allowed)}"
            yield Notice("warning", text, plan.setting_place(key), doubt=key)
    first, last = PLAUSIBLE_START
    if not first <= plan.settings.start <= last:
        text = f"start = {plan.settings.start}: expected a month from {first} to {last}, the years of such plans"
        yield Notice("warning", text, plan.setting_place("start"), doubt="start")


def doubtful(table: Table, position: int, column: str, text: str) -> Notice:
    """A warning of one cell: its row and column, then ``text``."""
    named = table.named(position)
    where = f"{named}: {column}" if named else column
    return Notice("warning", f"{where}{text}", table.place(position, column), doubt=f"{column} of {named or table.schema.name}")


def together(found: Iterator[Notice] | Sequence[Notice]) -> Iterator[Notice]:
    """Warnings of one kind as one line, each by itself in its parts."""
    parts = tuple(found)
    if len(parts) > 1:
        first, *others = parts
        text = f"{first.text}; likewise {some(dict.fromkeys(one.doubt.partition(' of ')[2] for one in others))}"
        yield Notice("warning", text, first.place, parts, first.doubt)
    yield from parts if len(parts) == 1 else ()


def _numbers(plan: Plan) -> Iterator[tuple[str, float]]:
    """The numbers of the plan file whose range is known, by dotted key."""
    stated = plan.settings.model_dump()
    for key in PLAUSIBLE:
        value: Any = stated
        for part in key.split("."):
            value = value[part]
        yield from ((f"{key}.{year}", cap) for year, cap in value.items()) if isinstance(value, dict) else ((key, value),)


def _inside(value: float, allowed: Range) -> bool:
    return allowed[0] <= value <= allowed[1]


def _expected(name: str, value: float, allowed: Range) -> str:
    """What is plausible, and the unit in which the number would be."""
    low, high = (_shown(name, bound) for bound in allowed)
    unit = "" if name.partition("_per_")[0].endswith("frac") else f" {unit_of(name)}".rstrip()
    text = f"plausible is {low} to {high}{unit}"
    for other in OTHER_UNITS:
        try:
            meant = in_unit_of(name, f"{value!r} {other}")
        except UnitError:
            continue
        if meant != value and _inside(meant, allowed):
            return f"{text}; if it is in {other}, write {cell_text(value)} {other}"
    return text


def _shown(name: str, value: float) -> str:
    """A number as people read it: shares in percent."""
    return (
        f"{100 * value:,.4g} %"
        if name.partition("_per_")[0].endswith("frac")
        else f"{value:,.0f}"
        if abs(value) >= 1000
        else f"{value:.6g}"
    )
