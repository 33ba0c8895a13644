"""Power: what feeds the chips, and how fast it can grow.

    build[r,p,t] <= step[r,p,t] + growth[r,p] * capacity[r,p,t-1]

This is the constraint that the planner exists for. For the grid the step is what the existing queue energises in that month;
`grid_request` is for megawatts beyond the queue, after the interconnection lead time; a plant is zero before its lead time.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.core as pyo

from models.costs import Cost, Used, cost
from models.data import PlanData
from models.index import columns, fix_at, from_month_on, group, parameter
from models.rows import Price, rows

after = ("projects",)
needs = ("fleet", "storage")


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Options that have or can get capacity within the horizon; the rest has no column."""
    last = len(d.months)
    buildable = {key for key, step in d.step_mw.items() if step > 0 or d.growth_frac_per_month[key[0], key[1]] > 0}
    # what is signed before the lead time comes as signed, no more and no less
    signed = {key: mw for key, mw in d.committed_mw.items() if mw > 0 and key not in d.step_mw}
    buildable |= {key for key, mw in d.committed_mw.items() if mw > 0 and key in d.step_mw}
    projects = d.project_options
    starts = {(*rp, t) for rp, (_, months) in projects.items() for t in months}
    dated = [(a.place, a.item, t) for a in d.orders if a.item for t in a.arrivals]
    buildable |= {key for key in dated if key in d.step_mw}
    usable = {(r, p) for r, p, _ in (*buildable, *signed, *starts)} | {rp for rp in d.options if d.start_mw[rp] > 0}
    options = [rp for rp in d.options if rp in usable]
    m.OPTIONS = pyo.Set(initialize=options, dimen=2)
    m.OPTIONS_OF = pyo.Set(m.REGIONS, initialize={r: [p for s, p in options if s == r] for r in d.regions})
    m.BUILDABLE = pyo.Set(initialize=[k for k in d.step_mw if k in buildable], dimen=3)
    m.COMMITTED = pyo.Set(initialize=[k for k, mw in d.committed_mw.items() if mw > 0 and k in d.step_mw], dimen=3)

    m.build_mw = columns([(r, p, t) for r, p in options for t in m.MONTHS])
    m.capacity = columns([(r, p, t) for r, p in options for t in range(last + 1)])
    m.output = columns([(r, p, t, k) for r, p in options for t in m.MONTHS for k in d.slices])
    fix_at(m.build_mw, {key: signed.get(key, 0.0) for key in m.build_mw if key not in buildable and key not in starts})
    first_build = {
        rp: min(months) for rp, months in group((*buildable, *signed, *starts), lambda k: (k[0], k[1]), lambda k: k[2]).items()
    }
    first = {rp: 1 if d.start_mw[rp] > 0 else first_build[rp] for rp in options}
    fix_at(m.capacity, {(r, p, t): d.start_mw[r, p] for r, p, t in m.capacity if t < first[r, p]})
    fix_at(m.output, {(r, p, t, k): 0.0 for r, p, t, k in m.output if t < first[r, p]})
    shut = {r: d.closing_month.get(r, last + 1) for r in d.regions}
    fix_at(m.capacity, {(r, p, t): 0.0 for r, p, t in m.capacity if t >= shut[r]})
    fix_at(m.output, {(r, p, t, k): 0.0 for r, p, t, k in m.output if t >= shut[r]})
    ends = {(a.place, a.item or "", a.end) for a in d.orders if a.end}
    ending = {(r, t) for r, _, t in ends} | {(r, t) for r, t in d.closing_month.items()}
    m.SHUT_AT = pyo.Set(m.REGIONS, m.MONTHS, initialize={(r, t): [t] * ((r, t) in ending) for r in d.regions for t in m.MONTHS})
    m.shut_mw = columns([(r, p, t) for r, p in options for s, t in sorted(ending) if s == r])
    fix_at(m.shut_mw, {(r, p, t): 0.0 for r, p, t in m.shut_mw if t != shut[r] and (r, p, t) not in ends})
    above = {(a.place, a.item, t) for a in d.orders if a.item and a.on_top for t in a.arrivals}
    risen = {(r, t) for r, _, t in above}
    m.ABOVE_AT = pyo.Set(m.REGIONS, m.MONTHS, initialize={(r, t): [t] * ((r, t) in risen) for r in d.regions for t in m.MONTHS})
    m.above_mw = columns([(r, p, t) for r, p in options for s, t in sorted(risen) if s == r])
    fix_at(m.above_mw, {key: 0.0 for key in m.above_mw if key not in above})

    m.ended_mw = columns(d.charged_mw)
    fix_at(m.ended_mw, d.charged_mw)

    m.pue = parameter(d.pue, m.REGIONS, m.MONTHS)
    m.firm_frac = parameter(d.firm_frac, m.OPTIONS)
    m.growth_frac = parameter(d.growth_frac_per_month, m.OPTIONS)
    m.step_mw = parameter(d.step_mw, m.BUILDABLE)
    m.committed_mw = parameter(d.committed_mw, m.COMMITTED)
    m.closed_mw = parameter(d.closed_mw, m.OPTIONS, m.MONTHS, default=0.0)
    m.power_availability = parameter(d.power_availability_frac, m.OPTIONS, m.MONTHS, m.SLICES)
    contracts = [rp for rp in options if rp in d.minimum_take_frac]
    m.CONTRACTS = pyo.Set(initialize=contracts, dimen=2)
    m.untaken_mw = columns([(r, p, t) for r, p in contracts for t in m.MONTHS])
    m.minimum_take_frac = parameter(d.minimum_take_frac, m.CONTRACTS)
    m.part_of_month = parameter(parts_of_months(d), m.MONTHS, m.SLICES)
    draw = {g: d.kw_per_unit[g] * d.draw_frac[g] for g in d.generations}
    m.busy_mw = parameter({g: draw[g] * (1.0 - d.idle_frac[g]) for g in d.generations}, m.GENERATIONS)
    m.idle_mw = parameter({g: draw[g] * d.idle_frac[g] for g in d.generations}, m.GENERATIONS)
    supplied = {p for p, _ in d.supply_mw}
    of_projects: dict[tuple[str, str], float] = {}
    for each in d.projects:
        for part in each.parts:
            if part.base in supplied:
                key = each.project_id, part.base
                of_projects[key] = of_projects.get(key, 0.0) + part.mw
    takers = {p: [j for j, q in of_projects if q == p] for p in sorted(supplied)}
    m.SUPPLIED = pyo.Set(
        initialize=[(p, t) for p, t in d.supply_mw if takers[p] or any((r, p) in usable for r in d.regions)], dimen=2
    )
    m.SUPPLIED_REGIONS = pyo.Set(
        sorted({p for p, _ in m.SUPPLIED}), initialize=lambda _, p: [r for r in d.regions if (r, p) in usable]
    )
    m.SUPPLIED_PROJECTS = pyo.Set(sorted({p for p, _ in m.SUPPLIED}), initialize=lambda _, p: takers[p])
    m.supplied_mw = parameter(of_projects, m.PROJECTS, sorted(supplied), default=0.0)
    m.supply_mw = parameter(d.supply_mw, m.SUPPLIED)


@rows("REGIONS", "MONTHS", "SLICES", kind="balance", account="energy")
def balance_power(m, r, t, k):
    """sum_p output[r,p,t,k] = sum_p charge[r,p,t,k] + pue[r,t] * sum_g kw * draw * (run + idle * (installed - run)).

    Housing uses nameplate, energy uses the measured draw; an idle chip still draws, and so does storage that charges.
    Dual: the marginal price of a megawatt in the slice, million USD per MW."""
    return sum(m.output[r, p, t, k] for p in m.OPTIONS_OF[r]) == sum(m.charge[r, p, t, k] for p in m.STORES_OF[r]) + m.pue[
        r, t
    ] * sum(m.busy_mw[g] * m.run[r, g, t, k] + m.idle_mw[g] * m.installed[r, g, t] for g in m.FLEET_OF[r])


@rows(
    "OPTIONS",
    "MONTHS",
    "SLICES",
    kind="limit",
    account="capacity in the slice",
    price=Price(
        "USD per MW-month", "one more MW of {where} during {month}", "output of {item}", "MW for a month", repeats=True
    ),
)
def respect_capacity(m, r, p, t, k):
    """output[r,p,t,k] <= availability[r,p,t,k] * capacity[r,p,t].

    No option gives more than what is in service and available in the slice.
    Dual: the scarcity value of a megawatt of this option in the slice, million USD per MW."""
    return m.output[r, p, t, k] <= m.power_availability[r, p, t, k] * m.capacity[r, p, t]


@rows("CONTRACTS", "MONTHS", kind="balance", account="the minimum of the contract")
def take_minimum(m, r, p, t):
    """sum_k hours[t,k] / hours[t] * output[r,p,t,k] + untaken[r,p,t] >= minimum_take_frac[r,p] * capacity[r,p,t].

    A contract with a minimum take is paid for up to it, drawn or not.
    Dual: what a megawatt less of the minimum saves in the month, million USD per MW."""
    drawn = sum(m.part_of_month[t, k] * m.output[r, p, t, k] for k in m.SLICES)
    return drawn + m.untaken_mw[r, p, t] >= m.minimum_take_frac[r, p] * m.capacity[r, p, t]


@rows("OPTIONS", "MONTHS", kind="stock", account="capacity in service from then on")
def conserve_capacity(m, r, p, t):
    """capacity[r,p,t] = capacity[r,p,t-1] + build[r,p,t] - closed[r,p,t] - what goes out of service as the region closes.

    What is built stays until it is planned to close.
    Dual: what one more MW connected in month t is worth until the horizon, million USD per MW."""
    return m.capacity[r, p, t] == m.capacity[r, p, t - 1] + m.build_mw[r, p, t] - m.closed_mw[r, p, t] - sum(
        m.shut_mw[r, p, u] for u in m.SHUT_AT[r, t]
    )


@rows(
    "BUILDABLE",
    kind="limit",
    account="the growth limit",
    price=Price("USD per MW", "one more MW of {where} connected in {month}", "growth of {item}", "MW connected"),
    lets=lambda d, r, p, t: [(("build_mw", (r, p, t)), 1.0)],
    speed_up="power.speed_up_usd_per_mw",
)
def limit_power_growth(m, r, p, t):
    """build[r,p,t] <= step[r,p,t] + growth[r,p] * capacity[r,p,t-1] + above[r,p,t].

    Grids, factories and permits grow at their own pace.
    Dual: what one more MW of growth in month t is worth until the horizon, million USD per MW."""
    return m.build_mw[r, p, t] <= m.step_mw[r, p, t] + m.growth_frac[r, p] * m.capacity[r, p, t - 1] + sum(
        m.above_mw[r, p, u] for u in m.ABOVE_AT[r, t]
    )


@rows(
    "COMMITTED",
    kind="requirement",
    account="the commitment",
    price=Price("USD per MW", "one MW less committed to {where} in {month}", "commitment to {item}", "MW less committed"),
    must="{place}, {option} is committed to build",
    stated=("committed_mw", "commitments.build_mw"),
)
def keep_commitment(m, r, p, t):
    """build[r,p,t] >= committed[r,p,t].

    What is signed is built; what exceeds the step of its month comes on top of it.
    Dual: what the commitment costs, million USD per MW."""
    return m.build_mw[r, p, t] >= m.committed_mw[r, p, t]


@rows(
    "SUPPLIED",
    kind="limit",
    account="its deliveries",
    price=Price("USD per MW", "one more MW of {where} delivered in {month}", "deliveries of {item}", "MW delivered"),
    stated=("supply_mw", "supply.mw"),
    lets=lambda d, p, t: [(("build_mw", (r, p, t)), 1.0) for r in d.regions],
    speed_up="supply.speed_up_usd_per_mw",
)
def limit_technology_supply(m, p, t):
    """sum_r build[r,p,t] + sum_j mw of project j * take[j,t] <= supply[p,t].

    Turbines, engines and cells come from the same few factories for all regions.
    Dual: what one more MW delivered in month t is worth, million USD per MW."""
    by_project = sum(m.supplied_mw[j, p] * m.take[j, t] for j in m.SUPPLIED_PROJECTS[p])
    return sum(m.build_mw[r, p, t] for r in m.SUPPLIED_REGIONS[p]) + by_project <= m.supply_mw[p, t]


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """Energy, fuel, variable operation and carbon by output; energy not taken; capital and fixed operation of what is built."""
    for index in used("output"):
        r, p, t, k = index
        yield cost("output", index, r, p, (t,), usd_per_mwh(d, r, p, t, k), d.discount[t], times=d.hours_h[t, k])
    for index in used("untaken_mw"):
        r, p, t = index
        usd = {"energy": sum(d.hours_h[t, k] * d.energy_usd_per_mwh[r, p, t, k] for k in d.slices)}
        yield cost("untaken_mw", index, r, p, (t,), usd, d.discount[t])
    last, to_end = len(d.months), from_month_on(d.discount)
    for index in used("build_mw"):  # what is signed is paid for too
        r, p, t = index
        usd = {"capital": d.capital_usd_per_mw_month[r, p], "fixed": d.fixed_usd_per_mw_month[r, p]}
        yield cost("build_mw", index, r, p, range(t, last + 1), usd, to_end[t])
    for index in used("ended_mw"):  # and no longer than it is in service
        r, p, t = index
        usd = {"capital": -d.capital_usd_per_mw_month[r, p], "fixed": -d.fixed_usd_per_mw_month[r, p]}
        yield cost("ended_mw", index, r, p, range(t, last + 1), usd, to_end[t])


def usd_per_mwh(d: PlanData, r: str, p: str, t: int, k: int) -> dict[str, float]:
    """What a megawatt-hour of an option costs in a slice, by component."""
    carbon = d.carbon_usd_per_t.get(t, 0.0) * d.carbon_t_per_mwh[r, p] * d.carbon_priced_frac[r, p]
    energy, fuel = d.energy_usd_per_mwh[r, p, t, k], d.fuel_usd_per_mwh[r, p, t]
    return {"energy": energy, "fuel": fuel, "variable": d.variable_usd_per_mwh[r, p], "carbon": carbon}


def parts_of_months(d: PlanData) -> dict[tuple[int, int], float]:
    """[t,k] share of the hours of month t."""
    hours = {t: sum(d.hours_h[t, k] for k in d.slices) for t in d.discount}
    return {(t, k): d.hours_h[t, k] / hours[t] for t in hours for k in d.slices}
