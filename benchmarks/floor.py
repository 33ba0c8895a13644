"""The floor: the rows and columns of the planner as index arithmetic over whole arrays, without a modelling language.

Same signs, same rows, same columns as `models/`; nothing here is meant to be read twice."""

from __future__ import annotations

import numpy as np

from benchmarks.assemble import Arrays, Assembler, Block
from benchmarks.gather import Array, Figures, at_start
from models.data import PlanData

INF = np.inf


def assemble(d: PlanData) -> Arrays:
    """The linear program of a plan as arrays."""
    f, a = Figures(d), Assembler()
    deploy, installed, run = fleet(f, a)
    place, place_orbit = demand(f, a)
    chips_of = f.generations.find(g for _, g in f.housed.names)
    region_of = f.regions.find(r for r, _ in f.housed.names)
    usable = f.generations.vector(d.h100e_per_unit)[chips_of] * f.regions.vector(at_start(d.availability_frac))[region_of]
    a.add(place[region_of], run, -usable[:, None])
    halls(f, a, installed, region_of, chips_of)
    power(f, a, installed, run, region_of, chips_of)
    if len(f.designs):
        orbit(f, a, deploy, place_orbit)
    return a.finish()


def fleet(f: Figures, a: Assembler) -> tuple[Block, Block, Block]:
    """Deploy (places on Earth first, then orbit), installed and run, from month 0 or 1 on; the rows of `models/fleet.py`."""
    d, t, pairs = f.data, f.t, [*f.housed.names, *f.in_orbit.names]
    g = f.generations.find(g for _, g in pairs)
    e = len(f.housed)
    start = np.concatenate([f.first, [0]])[g][:, None]
    can = t >= start
    launch = np.array([d.launch_t.get(v, 0.0) for v in t]) > 0
    can[e:] &= launch
    install = 1e-3 * f.generations.vector(d.install_usd_per_unit)[g][:, None] * f.discount
    deploy = a.variable(can, cost=install + orbit_cost(f, pairs[e:], e))
    months0 = np.arange(f.months + 1)
    began = months0 >= f.birth[:, None]
    known = np.where(months0 == 0, f.start_installed[:, None], 0.0)
    installed = a.variable(began, known)
    run = a.variable(began[:, 1:])
    carry = 1e-3 * f.generations.vector(d.carry_usd_per_unit_month)
    retire = a.variable(t >= (f.birth + ~f.starts)[:, None], cost=carry[g[:e]][:, None] * f.to_end)
    row = a.constraint((e, f.months), 0.0, 0.0)  # conserve_fleet
    a.add(row, installed[:, 1:])
    a.add(row, installed[:, :-1], -f.keep)
    a.add(row, retire)
    for lag in np.unique(f.lag):
        who = np.flatnonzero(f.lag == lag)
        a.add(row[who, lag:], deploy[who, : f.months - lag], -1.0)
    row = a.constraint((e, f.months), -INF, 0.0)  # run_installed
    a.add(row, run)
    a.add(row, installed[:, 1:], -1.0)
    stocked = np.flatnonzero(f.stocked)
    dark = a.variable(
        months0 >= f.first[stocked][:, None],
        np.where(months0 == 0, f.start_dark[stocked][:, None], 0.0),
        np.where(months0 > 0, carry[stocked][:, None] * np.concatenate([[0.0], f.discount]), 0.0),
    )
    row = a.constraint((len(f.generations), f.months), f.delivered, f.delivered)  # conserve_chips
    a.add(row[stocked], dark[:, 1:])
    a.add(row[stocked], dark[:, :-1], -1.0)
    placed = np.array([i for i, pair in enumerate(pairs) if pair in f.placed], dtype=np.int64)
    a.add(row[g[placed]], deploy[placed])
    here = np.unique(g[:e])
    displaced = a.variable(np.broadcast_to(months0 > 0, (len(here), f.months + 1)))
    row = a.constraint((len(f.generations), f.months), 0.0, 0.0)  # conserve_displaced
    a.add(row[here], displaced[:, 1:])
    a.add(row[here], displaced[:, :-1], -1.0)
    a.add(row[g[:e]], retire, -1.0)
    cheap = np.array(
        [d.install_usd_per_unit[c] <= f.lag[i] * d.carry_usd_per_unit_month[c] for i, (_, c) in enumerate(pairs[:e])]
    )
    row = a.constraint((int(cheap.sum()), f.months), -INF, 0.0)  # limit_retirement
    a.add(row, retire[cheap])
    a.add(row, installed[cheap, :-1], -f.keep[cheap])
    return deploy, installed, run


def orbit_cost(f: Figures, pairs: list[tuple[str, str]], before: int) -> Array:
    """[pair, v] million USD per thousand units launched; zero for the ``before`` pairs on Earth."""
    d = f.data
    cost = np.zeros((before + len(pairs), f.months))
    per_kw = np.zeros((len(f.designs), f.months))
    for charges in (d.orbit_charge_usd_per_kw, d.orbit_upkeep_usd_per_kw):
        for (o, v, t), usd in charges.items():
            if o in f.designs.position:
                per_kw[f.designs.position[o], v - 1] += f.discount[t - 1] * usd
    for i, (o, g) in enumerate(pairs, start=before):
        lost = np.array([d.orbit_chip_loss_usd_per_unit.get((o, g, v), 0.0) for v in f.t])
        cost[i] = 1e-3 * (d.kw_per_unit[g] * per_kw[f.designs.position[o]] + f.discount[-1] * lost)
    return cost


def demand(f: Figures, a: Assembler) -> tuple[Array, Array]:
    """Serve, unserved and core; returns the rows of compute on Earth and in orbit, [place, t]."""
    d = f.data
    flying = np.zeros((len(f.designs), f.months), dtype=bool)
    for (o, v, t), frac in d.orbit_service_frac.items():
        if o in f.designs.position and frac > 0 and d.launch_t.get(v, 0.0) > 0:
            flying[f.designs.position[o], t - 1] = True
    e, place_of = len(f.regions), f.places.find(x for _, _, x in f.flows.names)
    free = np.ones((len(f.flows), f.months), dtype=bool)
    free[place_of >= e] = flying[place_of[place_of >= e] - e]
    usd = np.array([d.network_usd_per_kh100e_month[flow] for flow in f.flows.names])
    serve = a.variable(free, cost=1e-6 * usd[:, None] * f.discount)
    who = f.demands.names
    value, core_value = (f.by_class(at_start(usd), who) for usd in (d.value_usd_per_h100e_h, d.core_value_usd_per_h100e_h))
    each = np.ones(f.demand.shape, dtype=bool)
    per_usd = 1e-3 * f.discount * f.hours
    unserved = a.variable(each, cost=value[:, None] * per_usd)
    core_frac = f.by_class(d.core_frac, who)
    has = (core_frac > 0) & (core_value > value)
    core = a.variable(each[has], cost=(core_value - value)[has, None] * per_usd)
    row = a.constraint(f.demand.shape, f.demand, f.demand)  # serve_demand
    a.add(row[f.demands.find((z, w) for z, w, _ in f.flows.names)], serve)
    a.add(row, unserved)
    row = a.constraint(core.column.shape, -INF, (1 - core_frac)[has, None] * f.demand[has])  # count_unserved_core
    a.add(row, unserved[has])
    a.add(row, core, -1.0)
    row = a.constraint((len(f.places), f.months), -INF, 0.0)  # place_compute, on Earth and in orbit
    shape = np.array([d.shape_frac[z, w, 1, 1] for z, w, _ in f.flows.names])
    a.add(row[place_of], serve, shape[:, None])
    return row[:e], row[e:]


def halls(f: Figures, a: Assembler, installed: Block, region_of: Array, chips_of: Array) -> None:
    """The rows of `models/halls.py`."""
    d, regions = f.data, len(f.regions)
    step = np.zeros((regions, f.months))
    for (r, t), mw in d.shell_step_mw.items():
        step[f.regions.position[r], t - 1] = mw
    usd = f.regions.vector(d.shell_usd_per_mw_month)
    build = a.variable(step > 0, cost=1e-6 * usd[:, None] * f.to_end)
    start = np.zeros((regions, f.months + 1))
    start[:, 0] = f.regions.vector(d.start_shell_mw)
    shell = a.variable(np.broadcast_to(np.arange(f.months + 1) > 0, start.shape), start)
    row = a.constraint((regions, f.months), -INF, 0.0)  # fit_shell
    a.add(row[region_of], installed[:, 1:], f.generations.vector(d.kw_per_unit)[chips_of, None])
    a.add(row, shell[:, 1:], -1.0)
    row = a.constraint((regions, f.months), 0.0, 0.0)  # conserve_shell
    a.add(row, shell[:, 1:])
    a.add(row, shell[:, :-1], -1.0)
    a.add(row, build, -1.0)
    row = a.constraint((regions, f.months), -INF, step)  # limit_shell_growth
    a.add(row, build)


def power(f: Figures, a: Assembler, installed: Block, run: Block, region_of: Array, chips_of: Array) -> None:
    """The rows of `models/power.py` and `models/nations.py`, and house_chips."""
    d, shape = f.data, (len(f.options), f.months)
    at = f.regions.find(r for r, _ in f.options.names)
    months0 = np.arange(f.months + 1)
    build = a.variable(f.buildable, cost=1e-6 * f.usd_per_mw_month[:, None] * f.to_end)
    capacity = a.variable(months0 >= f.first_mw[:, None], f.start_mw[:, None])
    output = a.variable(f.t >= f.first_mw[:, None], cost=1e-6 * f.usd_per_mwh * f.discount * f.hours)
    pue = f.regions.vector(at_start(d.pue))[region_of]
    kw, draw, idle = (f.generations.vector(v)[chips_of] for v in (d.kw_per_unit, d.draw_frac, d.idle_frac))
    row = a.constraint((len(f.regions), f.months), 0.0, 0.0)  # balance_power
    a.add(row[at], output)
    a.add(row[region_of], run, -(pue * kw * draw * (1 - idle))[:, None])
    a.add(row[region_of], installed[:, 1:], -(pue * kw * draw * idle)[:, None])
    row = a.constraint(shape, -INF, 0.0)  # respect_capacity
    a.add(row, output)
    a.add(row, capacity[:, 1:], -f.available)
    row = a.constraint(shape, -f.closed, -f.closed)  # conserve_capacity
    a.add(row, capacity[:, 1:])
    a.add(row, capacity[:, :-1], -1.0)
    a.add(row, build, -1.0)
    row = a.constraint(shape, -INF, f.step)  # limit_power_growth
    a.add(row, build)
    growth = f.options.vector(d.growth_frac_per_month)[:, None]
    a.add(row, capacity[:, :-1], np.where(f.buildable, -growth, 0.0))
    row = a.constraint((len(f.regions), f.months), -INF, 0.0)  # house_chips
    need = pue * f.regions.vector(d.nameplate_frac)[region_of] * kw
    a.add(row[region_of], installed[:, 1:], need[:, None])
    a.add(row[at], capacity[:, 1:], -f.options.vector(d.firm_frac)[:, None])
    supplied = sorted({p for p, _ in d.supply_mw} & {p for _, p in f.options.names})
    limit = np.array([[d.supply_mw.get((p, t), INF) for t in f.t] for p in supplied]).reshape(-1, f.months)
    row = a.constraint(limit.shape, -INF, limit)  # limit_technology_supply
    for i, p in enumerate(supplied):
        of = [j for j, (_, q) in enumerate(f.options.names) if q == p]
        a.add(row[i][None, :], build[of], np.isfinite(limit[i]).astype(float))
    nations(f, a, capacity)


def nations(f: Figures, a: Assembler, capacity: Block) -> None:
    """limit_national_growth: capacity at the end of each year less that at its start."""
    d = f.data
    of: dict[str, list[int]] = {}
    for j, (r, p) in enumerate(f.options.names):
        if p in d.national_options:
            of.setdefault(d.country[r], []).append(j)
    for (c, y), mwh in d.national_growth_mwh.items():
        months = [t for t in f.t if d.plan_year[t] == y]
        if c in of and months:
            row = a.constraint((1,), -INF, mwh / (8766.0 * d.national_load_frac[c]))
            a.add(row, capacity[of[c], max(months)])
            a.add(row, capacity[of[c], min(months) - 1], -1.0)


def orbit(f: Figures, a: Assembler, deploy: Block, place: Array) -> None:
    """The rows of `models/orbit.py`."""
    d, e = f.data, len(f.housed)
    pairs = f.in_orbit.names
    design_of = f.designs.find(o for o, _ in pairs)
    service = np.zeros((len(f.designs), f.months, f.months))
    for (o, v, t), frac in d.orbit_service_frac.items():
        if o in f.designs.position and d.launch_t.get(v, 0.0) > 0:
            service[f.designs.position[o], v - 1, t - 1] = frac
    run = a.variable((service > 0).any(axis=1)[design_of])
    row = a.constraint((len(pairs), f.months), -INF, 0.0)  # run_in_orbit
    a.add(row, run)
    a.add(row[:, None, :], Block(deploy.column[e:, :, None], deploy.value[e:, :, None]), -service[design_of])
    made = np.array([d.h100e_per_unit[g] for _, g in pairs])
    a.add(place[design_of], run, -made[:, None])
    kw = np.array([d.kw_per_unit[g] for _, g in pairs])
    tonnes = np.array([d.launch_t.get(t, 0.0) for t in f.t])
    row = a.constraint((f.months,), -INF, tonnes)  # limit_launch_mass
    a.add(row[None, :], deploy[e:], (kw * np.array([d.kg_per_kw[o] for o, _ in pairs]))[:, None])
    factory = np.array([d.satellite_factory_mw.get(t, INF) for t in f.t])
    if np.isfinite(factory).any():
        row = a.constraint((f.months,), -INF, factory)  # limit_satellite_factory
        a.add(row[None, :], deploy[e:], kw[:, None] * np.isfinite(factory))
