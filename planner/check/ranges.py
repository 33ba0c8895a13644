"""Numbers outside what is known of their column or key, with the unit that would mend them.

They refuse nothing: a plan may ask what nobody has seen yet. Ranges belong to the schema (`Field.plausible`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from models.data import PlanData
from planner.check.upper_bounds import UpperBounds
from planner.codes import Remark
from planner.findings import Notice
from planner.formats import some
from planner.plan.plan import Plan
from planner.plan.table import Table
from planner.schema.fields import ANYTHING, Field, Range, cell_text
from planner.schema.quantities import UnitError, in_unit_of
from planner.schema.settings import PLAUSIBLE, PLAUSIBLE_START
from planner.schema.units import unit_of

OTHER_UNITS = (
    "% kW MW GW MWh kWh GWh TWh s ms min h day month year H100e kH100e unit kg t kt Mt km m Gbit/s Mbit/s Tbit/s W/unit MW/unit"
    " kW/month GW/month W/H100e USD/kWh ct/kWh USD/W USD/MW USD/t kUSD/unit t/MWh g/MWh GWh/year MWh/year USD/GJ GJ/MWh t/year"
    " kg/W kg/MW USD/W-year USD/MW-year kW/kg USD/year kUSD/year GUSD/year"
).split()


APART, FAR, FEWEST = 30, 100, 3
"""So many times the next value and the middle one of at least so many: alone in its column."""


def check_ranges(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Values outside the plausible range of their column or key, and values that are far from all others of their column."""
    for table in plan.tables.values():
        for field in table.fields:
            if field.plausible != ANYTHING:
                yield from _apart(table, field)
                values = enumerate(table.column(field.name))
                outside = [position for position, value in values if value and not _inside(value, field.plausible)]
                yield from together(
                    doubtful(
                        Remark.W_VALUE_IMPLAUSIBLE,
                        table,
                        position,
                        field.name,
                        f" = {_shown(field.name, value)}: {_expected(field.name, value, field.plausible)}",
                    )
                    for position in outside
                    for value in (table.column(field.name)[position],)
                )
    for key, value in _numbers(plan):
        name = key.split(".")[1 if key.startswith(("carbon.cap", "budget.")) else -1]
        allowed = PLAUSIBLE[key if key in PLAUSIBLE else key.rpartition(".")[0]]
        if value and not _inside(value, allowed):
            text = f"{key} = {_shown(name, value)}: {_expected(name, value, allowed)}"
            yield Notice(Remark.W_VALUE_IMPLAUSIBLE, text, plan.setting_place(key), doubt=key)
    first, last = PLAUSIBLE_START
    if not first <= plan.settings.start <= last:
        text = f"start = {plan.settings.start}: expected a month from {first} to {last}, the years of such plans"
        yield Notice(Remark.W_VALUE_IMPLAUSIBLE, text, plan.setting_place("start"), doubt="start")


def _apart(table: Table, field: Field) -> Iterator[Notice]:
    """The one value of a column that is many times all others, or, where the key has no month, a small part of them."""
    values = sorted((value, position) for position, value in enumerate(table.column(field.name)) if value and value > 0)
    if len(values) < FEWEST or field.unit.startswith("fraction") or not field.unit:
        return
    middle = values[len(values) // 2][0]
    (least, at_least), (next_least, _) = values[:2]
    (next_most, _), (most, at_most) = values[-2:]
    dated = any(key.kind == "month" for key in table.schema.keys)
    if most > APART * next_most and most > FAR * middle and _inside(most, field.plausible):
        text = f" = {_shown(field.name, most)}: {most / next_most:,.0f} times the next largest of its column"
        yield doubtful(
            Remark.W_VALUE_APART, table, at_most, field.name, text + _in_other_unit(field.name, most, (least, next_most))
        )
    elif not dated and least * APART < next_least and least * FAR < middle and _inside(least, field.plausible):
        text = f" = {_shown(field.name, least)}: {next_least / least:,.0f} times less than the next smallest of its column"
        yield doubtful(
            Remark.W_VALUE_APART, table, at_least, field.name, text + _in_other_unit(field.name, least, (next_least, most))
        )


def doubtful(code: Remark, table: Table, position: int, column: str, text: str) -> Notice:
    """A warning of one cell: its row and column, then ``text``."""
    named = table.named(position)
    where = f"{named}: {column}" if named else column
    return Notice(code, f"{where}{text}", table.place(position, column), doubt=f"{column} of {named or table.schema.name}")


def together(found: Iterator[Notice] | Sequence[Notice]) -> Iterator[Notice]:
    """Warnings of one kind as one line, each by itself in its parts."""
    parts = tuple(found)
    if len(parts) > 1:
        first, *others = parts
        text = f"{first.text}; likewise {some(dict.fromkeys(one.doubt.partition(' of ')[2] for one in others))}"
        yield Notice(first.code, text, first.place, parts, first.doubt)
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
    return f"plausible is {low} to {high}{unit}{_in_other_unit(name, value, allowed)}"


def _in_other_unit(name: str, value: float, allowed: Range) -> str:
    """How to write a number that would fit in another unit; empty when it would in none."""
    for other in OTHER_UNITS:
        try:
            meant = in_unit_of(name, f"{value!r} {other}")
        except UnitError:
            continue
        if meant != value and _inside(meant, allowed):
            return f"; if it is in {other}, write {cell_text(value)} {other}"
    return ""


def _shown(name: str, value: float) -> str:
    """A number as people read it: shares in percent."""
    if name.partition("_per_")[0].endswith("frac"):
        return f"{100 * value:,.4g} %"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.6g}"
