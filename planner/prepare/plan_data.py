"""From a plan to PlanData: what the files say, as the numbers that the model needs. Each part has its own module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from models.data import PlanData
from models.rows import name_of
from planner.errors import UsageError, blaming
from planner.plan.calendar import calendar_of, discount_factors, plan_years
from planner.plan.plan import Plan
from planner.plan.training_runs import runs_of
from planner.prepare.demand import Origin, classes_of, demand_of, origin_of, servable_of, value_of
from planner.prepare.fleet import (
    ages_of,
    arriving_of,
    charges_of,
    chip_moves_of,
    chips_of,
    deliveries_of,
    fleet_of,
    offers_of,
    placeable_of,
)
from planner.prepare.hours import Hours
from planner.prepare.network import links_of, network_prices, routes_of
from planner.prepare.orbit import Launch, orbit_of
from planner.prepare.orders import orders_of, published_of
from planner.prepare.owners import owners_of
from planner.prepare.policy import budget_of, carbon_of, envelopes_of, reservations_of, shares_of, targets_of
from planner.prepare.power import halls_of, power_of
from planner.prepare.projects import projects_of
from planner.prepare.purchasing import Purchasing, purchasing_of


@dataclass(frozen=True)
class Prepared:
    """What is made of a plan, once: the record that the model is built from, and what result tables need besides."""

    data: PlanData
    origin: Origin
    launches: Mapping[str, Launch]
    chip_usd_per_unit: Mapping[str, float]
    purchasing: Purchasing


_PREPARED: WeakKeyDictionary[Plan, Prepared] = WeakKeyDictionary()


def prepare(plan: Plan) -> PlanData:
    """The record that the model is built from. Raises UsageError for a plan whose own limits were not executed."""
    if plan.own_limits is None:
        files = ", ".join(each.file for each in plan.settings.own_limits)
        raise UsageError(f"the plan lists own limits ({files}): if you trust this Python code, execute it with --own-limits")
    return prepared(plan).data


def prepared(plan: Plan) -> Prepared:
    """All that is made of a plan. Whoever asks again gets the same: checks, model and tables of one plan agree."""
    if plan not in _PREPARED:
        _PREPARED[plan] = _prepare(plan)
    return _PREPARED[plan]


def _own_of(plan: Plan, months: tuple[str, ...]) -> dict[str, Any]:
    """The blocks of the user's own, and what each makes of its tables and the plan's."""
    own = {}
    for each in plan.own_limits or ():
        if hasattr(each.block, "prepare"):
            with blaming((each.block,)):
                own[name_of(each.block)] = each.block.prepare({**plan.tables, **each.tables}, months)
    return {"own_blocks": tuple(each.block for each in plan.own_limits or ()), "own": own}


def _prepare(plan: Plan) -> Prepared:
    settings, tables = plan.settings, plan.tables
    calendar = calendar_of(settings)
    months = calendar.months
    regions = tuple(tables["regions"].column("region_id"))
    designs = tuple(tables["designs"].column("design_id"))
    generations = tuple(tables["accelerators"].column("generation_id"))
    placeable = placeable_of(tables)
    hours = Hours(settings, tables)
    runs = list(runs_of(tables["training_runs"], calendar))
    demand = demand_of(settings, tables, calendar, runs)
    servable = servable_of(settings, tables, demand)
    orbit, launches = orbit_of(settings, tables, placeable)
    delivered, offers = deliveries_of(tables, calendar), offers_of(settings, tables, calendar)
    orders = orders_of(tables, calendar)
    data = PlanData(
        name=settings.name,
        boundary=settings.boundary,
        mode=settings.objective,
        unserved_allowed=settings.unserved == "allowed",
        months=months,
        look_ahead_months=calendar.look_ahead_months,
        discount=discount_factors(len(months), settings.discount_frac_per_year),
        plan_year=plan_years(len(months), calendar.past),
        regions=regions,
        designs=designs,
        generations=generations,
        placeable=placeable,
        delivered_kunit=delivered,
        demand_kh100e=demand,
        servable=servable,
        shape_frac=hours.demand_shape(demand, months),
        link_gbit_s=links_of(tables, calendar),
        routes=routes_of(tables, calendar),
        shares=shares_of(settings, tables, demand, months),
        targets=targets_of(tables, demand, calendar),
        reservations=reservations_of(tables, demand, calendar),
        **hours.time_of(months),
        **chips_of(tables),
        **fleet_of(tables, calendar),
        **ages_of(tables, calendar, offers["defer_usd_per_unit"]),
        arriving_kunit=arriving_of(tables["arrivals"], calendar),
        running_charge_usd=charges_of(tables["charges"], calendar),
        **offers,
        **chip_moves_of(tables["chip_moves"], calendar),
        **classes_of(tables),
        **value_of(tables, calendar),
        **power_of(settings, tables, calendar, hours, orders),
        **orders,
        published=published_of(settings, tables, calendar),
        **halls_of(settings, tables, calendar, orders),
        projects=projects_of(settings, tables, calendar),
        **envelopes_of(settings, tables, calendar),
        **orbit,
        **carbon_of(settings, calendar),
        **budget_of(settings, tables, calendar),
        **network_prices(settings, tables, calendar, servable),
        **owners_of(settings, tables, placeable, delivered),
        **_own_of(plan, months),
    )
    chip_usd_per_unit = tables["accelerators"].mapping("generation_id", "price_usd_per_unit")
    return Prepared(data, origin_of(settings, tables, calendar, runs), launches, chip_usd_per_unit, purchasing_of(tables))
