"""The start of a plan: what exists then is what its tables say exists."""

from __future__ import annotations

from planner.codes import Code
from planner.plan.calendar import month_name, month_number
from planner.read.rules.rule_context import RuleContext


def what_exists_is_of_the_start(context: RuleContext) -> None:
    """A plan starts in the month of its tables of what exists: they say nothing about what comes and goes in between."""
    start, as_of = context.settings.start, context.settings.as_of
    if as_of is None or as_of == start:
        return
    expected = f"start: {as_of}"
    text = f"start = {start}: expected {as_of}, the month of which the tables of what exists are (as_of)"
    if as_of < start:
        text += f"; to go on in {start}: planner roll RUN --to {start} --out DIR, where RUN is the result of the plan as it is"
    context.findings.add(Code.E_AS_OF, context.setting_place("start"), text, start, expected)


def vintages_were_launched(context: RuleContext) -> None:
    """What is in orbit at the start was launched before it."""
    table, start = context.tables["vintages"], context.settings.start
    for position, launched in enumerate(table.column("launch_month")):
        if launched >= start:
            expected = f"a month before the start of the plan, {start}"
            context.refuse(Code.E_MONTHS_ORDER, table, position, "launch_month", launched, expected)


def arrivals_are_under_way(context: RuleContext) -> None:
    """Chips on their way were delivered before the start, are in service from a month of the plan on, and alive then."""
    table, start = context.tables["arrivals"], context.settings.start
    chips = context.tables["accelerators"].select("generation_id", "life_years")
    life = {g: max(1, round(12 * years)) for g, years in chips}
    for position, (g, service, delivered) in enumerate(table.select("generation_id", "service_month", "delivered_month")):
        if delivered >= start:
            expected = f"a month before the start of the plan, {start}"
            context.refuse(Code.E_MONTHS_ORDER, table, position, "delivered_month", delivered, expected)
        elif service < start:
            expected = f"a month from the start of the plan, {start}, on: what is in service before is in table fleet"
            context.refuse(Code.E_MONTHS_ORDER, table, position, "service_month", service, expected)
        elif g in life and month_number(service) >= month_number(delivered) + life[g]:
            expected = f"a month before the end of their life, {month_name(month_number(delivered) + life[g])}"
            context.refuse(Code.E_MONTHS_ORDER, table, position, "service_month", service, expected)
