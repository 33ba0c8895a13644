"""Costs: every component as coefficients of variables, million US dollars of the month, in the order of the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from planner.verify.ages import survival
from planner.verify.case import Case
from planner.verify.fleet import Fleet
from planner.verify.linear import Cost, Side, term
from planner.verify.power import Power, charges_end
from planner.verify.run import Run, positions, records
from planner.verify.series import by_month, of_rows
from planner.verify.sites import hibernating
from planner.verify.verdict import Array


def cost_components(case: Case) -> Iterator[Cost]:
    """All components, each with what runs on of before the start; mode `energy` minimises without the unserved one."""
    frame = case.run.table("inputs.charges")
    for each in _decided(case):
        rows = frame[(frame["component"] == each.name).to_numpy(dtype=bool)]
        yield replace(each, terms=[*each.terms, _running(case, each.over, rows)]) if len(rows) else each


def _running(case: Case, over: str, rows: pd.DataFrame) -> Array:
    """Charges of before the start, over the letters of a component."""
    amount = np.zeros([len(case.names[letter]) for letter in over])
    columns = {"t": "month", **dict.fromkeys("xro", "place_id")}
    codes = tuple(positions(case.names[letter], rows[columns.get(letter, "item_id")]) for letter in over)
    inside = np.logical_and.reduce([code >= 0 for code in codes])
    np.add.at(amount, tuple(code[inside] for code in codes), rows["charge_musd"].to_numpy(dtype=float)[inside])
    return amount


def _decided(case: Case) -> Iterator[Cost]:
    """All components of what the plan decides."""
    yield from _power(case)
    yield from _fleet(case)
    yield from _orbit(case)
    paid = case.demand.usd_per_gbit_s_month / 1e6
    yield Cost("network", "xwt", [term("serve", "zwxt", w=case.demand.gbit_s, zxt=paid)])
    yield Cost("moves", "xwt", [term("left", "wxt", w=case.demand.move_usd / 1e3)])
    missed = term("missed", "nt", n=np.nan_to_num(case.targets.penalty) / 1e3, t=case.run.hours)
    yield Cost("target_penalty", "nt", [missed])
    each = case.reservations
    lacking = term("short", "ct", c=np.nan_to_num(each.penalty) / 1e3, cr=each.region, t=case.run.hours)
    yield Cost("reservation_penalty", "rct", [lacking])
    if case.run.by_value:
        value, premium = unserved_usd_per_h100e_h(case.run)
        hours = case.run.hours / 1e3
        short = [term("unserved", "zwt", wt=value, t=hours), term("unserved_core", "zwt", wt=premium, t=hours)]
        yield Cost("unserved", "wt", short)


def _power(case: Case) -> Iterator[Cost]:
    run, hours = case.run, case.hours.hours
    price = case.hours.energy_price * hours / 1e6
    bought = [term("output", "rptk", rptk=price), term("untaken", "rpt", rpt=price.sum(axis=-1))]
    yield Cost("energy", "rpt", bought)
    variable = run.vector("inputs.options", "variable_usd_per_mwh")
    yield Cost("fuel", "rpt", [term("output", "rptk", rpt=fuel_usd_per_mwh(run) / 1e6, tk=hours)])
    yield Cost("variable", "rpt", [term("output", "rptk", p=variable / 1e6, tk=hours)])
    yield Cost("carbon", "rpt", [term("output", "rptk", rp=carbon_usd_per_mwh(run, case.power) / 1e6, tk=hours)])
    projects, (charge, running) = case.power.projects, project_musd_per_month(run, case.power)
    of_power = [term("take", "qv", qrp=projects.by_power(each), vt=case.so_far) for each in (charge, running)]
    of_halls = [term("take", "qv", qr=projects.by_halls(each), vt=case.so_far) for each in (charge, running)]
    ended = np.cumsum(charges_end(run), axis=2) / 1e6  # [r,p,t] no longer in service, and no longer charged
    capital, fixed, hall = capital_usd_per_mw_month(run), fixed_usd_per_mw_month(run), shell_usd_per_mw_month(run)
    past = [-ended[:, :-1] * each[..., None] for each in (capital, fixed)]
    orders, options = case.power.orders, case.power.orders.is_of[:, :, :-1]
    gone = [-term("arrived", "ev", erp=options, rp=capital / 1e6, et=orders.ended)]
    yield Cost("capital", "rpt", [term("build", "rpv", rp=capital / 1e6, vt=case.so_far), past[0], of_power[0], *gone])
    gone = [-term("arrived", "ev", erp=options, p=fixed / 1e6, et=orders.ended)]
    yield Cost("fixed", "rpt", [term("build", "rpv", p=fixed / 1e6, vt=case.so_far), past[1], of_power[1], *gone])
    place = orders.is_of.sum(axis=2)
    yield Cost("slip", "ret", [term("late", "et", er=place, e=orders.slip_usd / 1e6)])
    yield Cost("deposit", "ret", [term("cancelled", "ev", er=place, e=orders.deposit_usd / 1e6, et=orders.lost)])
    if usd := case.changes.usd / 1e6:
        every = np.full(case.run.month_count, usd)
        for name, over, of in (("power_changes", "rpt", ""), ("hall_changes", "rt", "_shell")):
            yield Cost(name, over, [term(f"{each}{of}", over, t=every) for each in ("more", "less")])
    if case.owners.trade:
        paid = np.full(run.month_count, run.number("owners.trade_usd_per_mw_month", 0.0) / 1e6)
        yield Cost("power_trade", "rht", [term("bought", "rht", t=paid)])
    halls: Side = [term("build_shell", "rv", r=hall / 1e6, vt=case.so_far), -ended[:, -1] * hall[:, None], of_halls[0]]
    halls = [*halls, -term("arrived", "ev", er=orders.is_of[:, :, -1], r=hall / 1e6, et=orders.ended)]
    yield Cost("halls", "rt", halls)
    yield Cost("hibernation", "rt", [hibernating(run)[1] / 1e6])
    if projects.names or (run.table("inputs.charges")["component"] == "hall_operation").any():
        yield Cost("hall_operation", "rt", [of_halls[1]])


def _fleet(case: Case) -> Iterator[Cost]:
    install, carry = (
        case.run.vector("inputs.accelerators", column) / 1e3 for column in ("install_usd_per_unit", "carry_usd_per_unit_month")
    )
    yield Cost("install", "xgt", [term("deploy", "xgt", g=install)])
    moves = case.moves
    paid = term("move", "mgt", m=moves.usd_per_kw / 1e3, g=case.fleet.kw, mr=moves.leaves)
    yield Cost("chip_moves", "rgt", [paid, term("move", "mgv", g=carry, mr=moves.leaves, mvt=moves.on_the_way)])
    yield Cost("carry_dark", "gt", [term("dark", "gt", g=carry)])
    charges = _chip_charges(case.run) / 1e3
    yield Cost("chips_bought", "gt", [term("buy", "gv", gvt=charges), term("defer", "guv", gvt=charges)])
    fee, later = (
        case.run.held("inputs.deliveries", name) / 1e3 for name in ("decline_usd_per_unit", "defer_usd_per_unit_month")
    )
    months = np.maximum(0.0, case.run.elapsed[None, :] - case.run.elapsed[:, None])
    yield Cost("chips_declined", "gt", [term("decline", "gt", gt=fee), term("defer", "gvt", gv=later, vt=months)])
    yield Cost("carry_displaced", "gt", [term("retire", "rgv", g=carry, vt=case.so_far)])


def _orbit(case: Case) -> Iterator[Cost]:
    run, kw = case.run, case.fleet.kw / 1e3
    for name, column in (("orbit_capital", "charge_usd_per_kw"), ("orbit_upkeep", "upkeep_usd_per_kw")):
        yield Cost(name, "ot", [term("deploy", "ogv", g=kw, ovt=run.of_vintages(column))])
    lost = chip_loss_usd(run, case.fleet) / 1e3
    yield Cost("orbit_chip_loss", "ogt", [term("deploy", "ogv", ogv=lost, t=case.first[::-1])])


def _chip_charges(run: Run) -> Array:
    """Monthly charge for a chip that is bought in month v, from v on as long as it lives, USD per unit, [g,v,t]."""
    life, rate = run.vector("inputs.accelerators", "life_years"), run.number("discount_frac_per_year", 0.08)
    charge = run.vector("inputs.accelerators", "price_usd_per_unit") * recovery_per_month(np.full(life.shape, rate), life)
    age = run.elapsed[None, :] - run.elapsed[:, None]
    charged = np.logical_and(age >= 0, age < np.maximum(1, np.rint(12.0 * life))[:, None, None])
    return np.asarray(charge[:, None, None] * charged)


def chip_loss_usd(run: Run, fleet: Fleet) -> Array:
    """What a chip in orbit has lost at the end of the horizon beyond its sister on Earth, USD per unit, [o,g,v]."""
    age = (run.month_count - run.elapsed) / 12.0
    life = run.vector("inputs.accelerators", "life_years")[:, None]
    left = np.maximum(0.0, 1.0 - age[None, :] / life)
    on_earth = fleet.survive[:, None] ** (12.0 * age[None, :])
    in_orbit = survival(run, 12.0 * age)
    price = run.vector("inputs.accelerators", "price_usd_per_unit")[:, None]
    return np.asarray((price * left)[None] * np.maximum(0.0, on_earth[None] - in_orbit[:, None, :]))


def recovery_per_month(rate: Array, years: Array) -> Array:
    """The level charge at the start of each month of the life that repays one dollar with interest."""
    month = (1.0 + rate) ** (-1.0 / 12.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(rate >= 1e-9, (1.0 - month) / (1.0 - month ** (12.0 * years)), 1.0 / (12.0 * years)))


def fuel_usd_per_mwh(run: Run) -> Array:
    """Fuel burned for a megawatt-hour, [r,p,t]."""
    frame, free = run.table("inputs.fuels"), np.zeros(run.month_count)
    price = dict(zip(records(frame, ("region_id", "fuel_id")), of_rows(run, "inputs.fuels", "usd_per_mmbtu"), strict=True))
    heat = run.vector("inputs.options", "heat_rate_mmbtu_per_mwh")
    fuels = run.texts("inputs.options", "fuel_id")
    fuel = [[price.get((r, f), free) for f in fuels] for r in run.axes["region_id"]]
    return np.asarray(np.array(fuel, dtype=float).reshape(len(fuel), len(heat), run.month_count) * heat[:, None])


def carbon_usd_per_mwh(run: Run, power: Power) -> Array:
    """The carbon price on a megawatt-hour, nothing where the energy price holds it already, [r,p]."""
    includes = np.zeros(power.offered.shape, dtype=bool)
    rows = run.table("inputs.power")
    includes[tuple(run.positions(rows, ("region_id", "option_id")))] = (rows["carbon_priced"] == "yes").to_numpy(dtype=bool)
    return np.where(includes, 0.0, power.carbon_t_per_mwh) * run.number("carbon.usd_per_tco2", 0.0)


def capex_usd_per_kw(run: Run) -> Array:
    """Overnight capital of a plant or connection; a region's own comes before the option's, [r,p]."""
    own = run.cube("inputs.power", "capex_usd_per_kw", np.nan)
    return np.where(np.isnan(own), run.vector("inputs.options", "capex_usd_per_kw")[None, :], own)


def capital_usd_per_mw_month(run: Run) -> Array:
    """Capital charge of what the plan builds, [r,p]."""
    wacc, life = run.vector("inputs.regions", "wacc_frac_per_year"), run.vector("inputs.options", "life_years")
    return np.asarray(1000.0 * capex_usd_per_kw(run) * recovery_per_month(wacc[:, None], life[None, :]))


def fixed_usd_per_mw_month(run: Run) -> Array:
    """Fixed operation of what the plan builds, [p]."""
    return np.asarray(1000.0 * run.vector("inputs.options", "fixed_usd_per_kw_year") / 12.0)


def shell_usd_per_mw_month(run: Run) -> Array:
    """Capital charge of halls that the plan builds; halls cost nothing where the plan counts energy alone, [r]."""
    wacc = run.vector("inputs.regions", "wacc_frac_per_year")
    shell = 1000.0 * run.vector("inputs.regions", "shell_usd_per_kw")
    shell = shell * recovery_per_month(wacc, run.vector("inputs.regions", "shell_life_years"))
    return np.asarray(shell * run.facility)


def project_musd_per_month(run: Run, power: Power) -> tuple[Array, Array]:
    """Capital charge and running cost of each row of projects; halls cost nothing where the plan counts energy alone."""
    projects = power.projects
    life = np.append(run.vector("inputs.options", "life_years"), np.nan)[projects.base]
    life = np.where(projects.halls, run.vector("inputs.regions", "shell_life_years")[projects.r], life)
    charge = projects.capital_musd * recovery_per_month(run.vector("inputs.regions", "wacc_frac_per_year")[projects.r], life)
    usual = np.append(run.vector("inputs.options", "fixed_usd_per_kw_year"), np.nan)[projects.base] * projects.mw / 1e3
    stated = projects.rows["fixed_musd_per_year"].to_numpy(dtype=float)
    running = np.where(np.isnan(stated), np.where(projects.halls, 0.0, usual), stated) / 12.0
    counted = np.where(projects.halls, float(run.facility), 1.0)
    return charge * counted, running * counted


def unserved_usd_per_h100e_h(run: Run) -> tuple[Array, Array]:
    """What unserved compute is worth, and what its core is worth above that, both [w,t]."""
    value = by_month(run, "inputs.classes", "value_usd_per_h100e_h")
    of_core = by_month(run, "inputs.classes", "core_value_usd_per_h100e_h", fill=np.nan)
    return value, np.maximum(0.0, np.where(np.isnan(of_core), value, of_core) - value)
