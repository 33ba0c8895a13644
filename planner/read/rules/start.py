"""The start of a plan: what exists then is what its tables say exists."""

from __future__ import annotations

from planner.codes import Code
from planner.plan.calendar import month_name, month_number
from planner.read.rules.rule_context import RuleContext
from planner.schema.start import RUNNING
from planner.schema.table_schema import BINDING, SITE


def what_exists_is_of_the_start(context: RuleContext) -> None:
    """A plan starts in the month that its tables of existing assets describe: they do not say what changes in between."""
    start, as_of = context.settings.start, context.settings.as_of
    if as_of is None or as_of == start:
        return
    expected = f"start: {as_of}"
    text = f"start = {start}: expected {as_of}, the month that the tables of existing assets describe (as_of)"
    if as_of < start:
        text += f"; to go on in {start}: planner roll RUN --to {start} --out DIR, where RUN is the result of the plan as it is"
    context.findings.add(Code.E_AS_OF, context.setting_place("start"), text, start, expected)


def vintages_were_launched(context: RuleContext) -> None:
    """What is in orbit at the start was launched before it, and its life has not ended by then."""
    table, start = context.tables["vintages"], context.settings.start
    designs = context.tables["designs"].select("design_id", "life_years", "commissioning_months")
    life = {o: max(1, round(12 * years)) + commissioning for o, years, commissioning in designs}
    for position, (o, launched) in enumerate(table.select("design_id", "launch_month")):
        first = month_name(month_number(start) - life[o] + 1) if o in life else launched
        if not first <= launched < start:
            expected = f"a month before the start of the plan, {start}, and not before {first}, for a satellite that lives then"
            context.refuse(Code.E_MONTHS_ORDER, table, position, "launch_month", launched, expected)


def charges_fit_their_component(context: RuleContext) -> None:
    """Each charge names a place and an item of the kind that its component has."""
    table = context.tables["charges"]
    for position, (component, *names) in enumerate(table.select("component", "place_id", "item_id")):
        for column, kind, name in zip(("place_id", "item_id"), RUNNING[component], names, strict=True):
            known = context.tables[kind].column(context.tables[kind].schema.keys[0].name) if kind in context.tables else (kind,)
            if name not in known:
                expected = f"a name of table {kind}" if kind in context.tables else kind
                context.refuse(Code.E_NAME_UNKNOWN, table, position, column, name, expected, of=component)


def arrivals_are_under_way(context: RuleContext) -> None:
    """Chips on their way were delivered before the start, are in service from a month of the plan on, alive, and not where a
    region has closed."""
    table, start = context.tables["arrivals"], context.settings.start
    orders = context.tables["commitments"].select("region_id", "option_id", "status", "month")
    closes = {r: month for r, p, status, month in orders if p == SITE and status in BINDING}
    chips = context.tables["accelerators"].select("generation_id", "life_years")
    life = {g: max(1, round(12 * years)) for g, years in chips}
    columns = ("region_id", "generation_id", "service_month", "delivered_month")
    for position, (r, g, service, delivered) in enumerate(table.select(*columns)):
        if delivered >= start:
            expected = f"a month before the start of the plan, {start}"
            context.refuse(Code.E_MONTHS_ORDER, table, position, "delivered_month", delivered, expected)
        elif service < start:
            expected = f"a month from the start of the plan, {start}, on: what is in service before is in table fleet"
            context.refuse(Code.E_MONTHS_ORDER, table, position, "service_month", service, expected)
        elif start <= closes.get(r, "") <= service:
            expected = f"a month before {closes[r]}, in which {r} closes"
            context.refuse(Code.E_MONTHS_ORDER, table, position, "service_month", service, expected)
        elif g in life and month_number(service) >= month_number(delivered) + life[g]:
            expected = f"a month before the end of their life, {month_name(month_number(delivered) + life[g])}"
            context.refuse(Code.E_MONTHS_ORDER, table, position, "service_month", service, expected)
