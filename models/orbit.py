"""Orbit: a satellite is power plant, radiator and hall in one, launched by the tonne and never brought back.

    launched_mw[o,t] = sum_g kw_per_unit[g] * deploy[o,g,t]
    run[o,g,t,k] <= sum_v service[o,v,t] * deploy[o,g,v]

`service` is light (with what the battery rides through) times array health times survival, zero before commissioning. There is
no tariff: a vintage is charged in proportion to the service that it gives, so the month of launch does not move the cost.
Coefficients come from physics (`planner.physics`); nothing here knows about heat or shadow.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.core as pyo

from models.costs import Cost, Payment, Used
from models.data import PlanData
from models.index import columns, fix_at, parameter
from models.rows import Price, rows

after = ("fleet",)


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Which vintages serve in which month; what cannot be launched is fixed at zero."""
    in_orbit = list(
        dict.fromkeys([(o, g) for o, g in m.PLACED if o in d.designs] + [(o, g) for o, g, _ in d.start_alive_kunit])
    )
    vintages: dict[tuple[str, int], list[int]] = {(o, t): [] for o in d.designs for t in m.MONTHS}
    for (o, v, t), frac in d.orbit_service_frac.items():
        if o in d.designs and frac > 0 and d.launch_t.get(v, 0.0) > 0:
            vintages[o, t].append(v)
    m.IN_ORBIT = pyo.Set(initialize=in_orbit, dimen=2)
    m.ORBIT_FLEET_OF = pyo.Set(m.DESIGNS, initialize={o: [g for p, g in in_orbit if p == o] for o in d.designs})
    m.VINTAGES = pyo.Set(m.DESIGNS, m.MONTHS, initialize=vintages)
    m.ALIVE_VINTAGES = pyo.Set(m.MONTHS, initialize={t: [v for v in m.MONTHS if v <= t] for t in m.MONTHS})
    m.kg_per_kw = parameter(d.kg_per_kw, m.DESIGNS)
    m.launch_t = parameter(d.launch_t, m.MONTHS, default=0.0)
    m.service = parameter(d.orbit_service_frac, m.DESIGNS, m.MONTHS, m.MONTHS, default=0.0)
    m.orbit_run = columns([(o, g, t, k) for o, g in in_orbit for t in m.MONTHS for k in d.slices])
    m.in_service = parameter(d.start_service_kunit, m.IN_ORBIT, m.MONTHS, default=0.0)
    idle = (i for i in m.orbit_run if not vintages[i[0], i[2]] and not d.start_service_kunit.get(i[:3]))
    fix_at(m.orbit_run, dict.fromkeys(idle, 0.0))
    fix_at(m.deploy, {(o, g, t): 0.0 for o, g in in_orbit for t in m.MONTHS if d.launch_t.get(t, 0.0) <= 0})
    ordered = [(o, t) for (o, t), mw in d.committed_launch_mw.items() if mw > 0]
    m.LAUNCH_ORDERED = pyo.Set(initialize=ordered, dimen=2)
    m.committed_launch_mw = parameter(d.committed_launch_mw, m.LAUNCH_ORDERED)
    m.BUILT_MONTHS = pyo.Set(initialize=sorted(d.satellite_factory_mw))
    m.satellite_factory_mw = parameter(d.satellite_factory_mw, m.BUILT_MONTHS)


@rows("IN_ORBIT", "MONTHS", "SLICES", kind="limit", account="a chip running in orbit")
def run_in_orbit(m, o, g, t, k):
    """run[o,g,t,k] <= sum over vintages v <= t - lag of service[o,v,t] * deploy[o,g,v] + in_service[o,g,t] of before the start.

    Light, ageing arrays and losses without repair decide what a launched chip can do.
    Dual: what one more running chip in orbit is worth in the slice, million USD per thousand units."""
    launched = sum(m.service[o, v, t] * m.deploy[o, g, v] for v in m.VINTAGES[o, t])
    return m.orbit_run[o, g, t, k] <= launched + m.in_service[o, g, t]


@rows(
    "MONTHS",
    kind="limit",
    account="tonnes to orbit",
    price=Price("USD per tonne", "one more tonne to orbit in {month}", "tonnes to orbit", "tonne"),
    stated=("launch_t", "launch.tonnes"),
    lets=lambda d, t: [(("deploy", (o, g, t)), d.kg_per_kw[o] * d.kw_per_unit[g]) for o, g in d.placeable if o in d.designs],
)
def limit_launch_mass(m, t):
    """sum_o kg_per_kw[o] * launched_mw[o,t] <= launch_t[t].

    The orbital counterpart of power growth: tonnes to orbit that this plan can buy in the month.
    Dual: what one more tonne is worth, million USD per tonne."""
    return sum(m.kg_per_kw[o] * m.kw_per_unit[g] * m.deploy[o, g, t] for o, g in m.IN_ORBIT) <= m.launch_t[t]


@rows(
    "BUILT_MONTHS",
    kind="limit",
    account="the satellite factory",
    price=Price("USD per MW", "one more MW of satellites built in {month}", "satellite factory", "MW of satellites"),
    stated=("satellite_factory_mw", "launch.satellite_factory_mw"),
    lets=lambda d, t: [(("deploy", (o, g, t)), d.kw_per_unit[g]) for o, g in d.placeable if o in d.designs],
)
def limit_satellite_factory(m, t):
    """sum_o launched_mw[o,t] <= satellite_factory_mw[t].

    Satellites must be built before they fly.
    Dual: what one more megawatt of satellites a month is worth, million USD per MW."""
    return sum(m.kw_per_unit[g] * m.deploy[o, g, t] for o, g in m.IN_ORBIT) <= m.satellite_factory_mw[t]


@rows(
    "LAUNCH_ORDERED",
    kind="requirement",
    account="the order of a launch",
    price=Price("USD per MW", "one MW less launched of {where} in {month}", "order of a launch", "MW less ordered"),
    must="{place} has launches ordered",
    stated=("committed_launch_mw", "commitments.build_mw"),
)
def keep_launch_order(m, o, t):
    """sum_g kw_per_unit[g] * deploy[o,g,t] >= committed_launch[o,t].

    A launch that is booked flies, within the tonnes and the satellites of its month.
    Dual: what the order costs, million USD per MW."""
    return sum(m.kw_per_unit[g] * m.deploy[o, g, t] for g in m.ORBIT_FLEET_OF[o]) >= m.committed_launch_mw[o, t]


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """Capital in proportion to service, upkeep, and the chips lost beyond what Earth would lose. USD/kW x MW = thousand USD."""
    charges: dict[tuple[str, int], list[tuple[int, dict[str, float]]]] = {}  # of a vintage: month, USD per kW by component
    worth: dict[tuple[str, int], float] = {}  # of all of them, discounted
    for component, usd_per_kw in (("orbit_capital", d.orbit_charge_usd_per_kw), ("orbit_upkeep", d.orbit_upkeep_usd_per_kw)):
        for (o, v, t), usd in usd_per_kw.items():
            charges.setdefault((o, v), []).append((t, {component: usd}))
            worth[o, v] = worth.get((o, v), 0.0) + d.discount[t] * usd
    last = len(d.months)
    for index in used("deploy"):
        o, g, v = index
        if o in d.kg_per_kw:
            kw, loss = d.kw_per_unit[g], d.orbit_chip_loss_usd_per_unit.get(index, 0.0)
            payments: list[Payment] = [(o, "satellites", (t,), 1e-3 * kw, usd) for t, usd in charges.get((o, v), ())]
            payments.append((o, g, (last,), 1e-3, {"orbit_chip_loss": loss}))
            musd = 1e-3 * (kw * worth.get((o, v), 0.0) + d.discount[last] * loss)
            yield Cost("deploy", index, musd, payments)
