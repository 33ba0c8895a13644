"""Rules over several tables: names that exist nowhere, rows without their partner, months outside the plan."""

from __future__ import annotations

from planner.codes import Remark
from planner.findings import Notice
from planner.read.rules.demand import (
    cores_are_worth_more,
    customers_are_told_apart,
    demand_stays_a_number,
    runs_are_asked,
    runs_stay_a_number,
    shares_make_sense,
    start_is_delivered,
    what_is_paid_has_a_price,
    zones_ask,
)
from planner.read.rules.hours import days_leave_typical_ones, light_is_enough, profiles_are_whole, profiles_exist
from planner.read.rules.money import a_currency_has_a_rate, inflation_has_a_year, payments_are_whole
from planner.read.rules.names import codes_are_countries, names_mean_one_thing, zones_are_no_other_bloc
from planner.read.rules.network import latencies_join_pairs, routes_make_sense
from planner.read.rules.orbit import designs_can_be_launched, designs_can_fly, places_are_apart
from planner.read.rules.orders import (
    chip_moves_make_sense,
    closings_make_sense,
    commitments_have_power,
    open_orders_make_sense,
)
from planner.read.rules.owners import market_is_no_owner, rights_fit, trade_has_a_price
from planner.read.rules.power import (
    fuels_are_priced,
    grids_have_carbon,
    minimum_takes_are_bought,
    national_options_exist,
    projects_are_one,
    storage_is_whole,
    stored_power_emits_nothing,
    supply_has_every_month,
)
from planner.read.rules.rule_context import RuleContext, span
from planner.read.rules.sources import estimates_have_a_range
from planner.read.rules.start import (
    arrivals_are_under_way,
    charges_fit_their_component,
    vintages_were_launched,
    what_exists_is_of_the_start,
)
from planner.schema.table_schema import MONTH
from planner.schema.tables import tables as table_schemas

DATED = tuple(name for name, schema in table_schemas().items() if MONTH in schema.keys)
"""Tables that state something month by month."""


def check_references(context: RuleContext, broken: set[str]) -> None:
    """Apply every rule whose tables were read without a finding; adds to the findings and notices of the context."""
    for needed, rule in RULES:
        if not broken.intersection(needed):
            rule(context)


def months_are_inside(context: RuleContext) -> None:
    """Rows of other months are ignored, with one warning for all tables."""
    inside = set(context.calendar.months)
    parts: list[Notice] = []
    stated = {name: context.tables[name].column("month") for name in DATED}
    outside = {name: [at for at, month in enumerate(months) if month not in inside] for name, months in stated.items()}
    orders = list(context.tables["commitments"].select("status", "until_month"))
    kept = {at for at, (status, until) in enumerate(orders) if status in ("done", "cancelled") or until in inside}
    outside["commitments"] = [at for at in outside["commitments"] if at not in kept]
    most_first = sorted((name for name in DATED if outside[name]), key=lambda name: -len(outside[name]))
    for name in most_first:
        rows, are = ("1 row", "is") if len(outside[name]) == 1 else (f"{len(outside[name])} rows", "are")
        text = f"{rows} of {name} {are} outside the plan and ignored ({span(stated[name][at] for at in outside[name])})"
        parts.append(Notice(Remark.W_ROWS_IGNORED, text, context.tables[name].place(outside[name][0], "month")))
    if len(parts) > 1:
        named = ", ".join(f"{len(outside[name])} of {name}" for name in most_first)
        months = [stated[name][at] for name in most_first for at in outside[name]]
        text = f"{len(months)} rows are outside the plan and ignored ({named}; {span(months)})"
        parts = [Notice(Remark.W_ROWS_IGNORED, text, parts[0].place, tuple(parts))]
    context.notices.extend(parts)


def deliveries_last(context: RuleContext) -> None:
    """Deliveries need no row in every month; a warning says when they start late or end early."""
    table = context.tables["deliveries"]
    stated = table.column("month")
    if not stated or (max(stated) >= context.months[-1] and min(stated) <= context.months[0]):
        return
    text = f"deliveries: {context.file('deliveries')} has {span(stated)}, the plan {context.months[0]} to {context.months[-1]}:"
    text += " no chips arrive in the other months; add rows, or move start"
    last = max(range(len(stated)), key=lambda position: stated[position])
    context.notices.append(Notice(Remark.W_DELIVERIES_END, text, table.place(last, "month")))


RULES = (
    # tables needed, rule
    *(((name,), codes_are_countries(name)) for name in ("regions", "designs", "zones", "countries", "accelerators")),
    (("regions", "designs"), places_are_apart),
    (("power", "commitments", "regions", "designs", "options"), commitments_have_power),
    (("commitments",), closings_make_sense),
    (("commitments", "power"), open_orders_make_sense),
    (("chip_moves", "regions"), chip_moves_make_sense),
    (("projects",), projects_are_one),
    (("power", "options", "fuels"), fuels_are_priced),
    (("power", "options"), grids_have_carbon),
    (("options",), storage_is_whole),
    (("power", "options"), stored_power_emits_nothing),
    (("power",), minimum_takes_are_bought),
    (("payments",), payments_are_whole),
    (("supply",), supply_has_every_month),
    (("fleet", "accelerators", "regions"), start_is_delivered("fleet")),
    (("dark", "accelerators"), start_is_delivered("dark")),
    (("zones", "demand"), zones_ask),
    (("zones",), zones_are_no_other_bloc),
    (("classes",), cores_are_worth_more),
    (("classes", "demand"), demand_stays_a_number),
    (("shares",), shares_make_sense),
    *(((name, "demand", "zones", "classes"), customers_are_told_apart(name)) for name in ("targets", "reservations")),
    (("reservations",), what_is_paid_has_a_price),
    (("training_runs", "demand", "zones", "classes"), runs_are_asked),
    (("training_runs",), runs_stay_a_number),
    (("latency",), latencies_join_pairs),
    (("routes", "zones", "regions", "designs"), routes_make_sense),
    (("shares", "targets", "reservations", "routes", "latency_targets", "zones", "regions", "designs"), names_mean_one_thing),
    (("designs", "launch", "launch_price"), designs_can_be_launched),
    (("designs",), designs_can_fly),
    (("options", "countries"), national_options_exist),
    (DATED, months_are_inside),
    (("deliveries",), deliveries_last),
    (("sources",), estimates_have_a_range),
    (("owners",), market_is_no_owner),
    (("owners", "power_rights"), rights_fit),
    ((), what_exists_is_of_the_start),
    (("arrivals", "accelerators", "commitments"), arrivals_are_under_way),
    (("vintages", "designs"), vintages_were_launched),
    (("charges", "regions", "designs", "options", "accelerators"), charges_fit_their_component),
    ((), trade_has_a_price),
    ((), inflation_has_a_year),
    ((), a_currency_has_a_rate),
    ((), days_leave_typical_ones),
    (("profiles",), profiles_are_whole),
    (("profiles", "power", "classes"), profiles_exist),
    (("power", "regions"), light_is_enough),
)
