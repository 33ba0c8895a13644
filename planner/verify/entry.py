"""How far orbit is from entering: everything in that table but the value of its service, which prices alone can tell."""

from __future__ import annotations

import numpy as np

from planner.verify.collector import Collector
from planner.verify.costs import chip_loss_usd
from planner.verify.fleet import Fleet
from planner.verify.orbit import kg_per_kw
from planner.verify.run import Indices, ratio, records
from planner.verify.verdict import Array


def check_entry(checks: Collector, fleet: Fleet, priced: bool) -> None:
    """Cost of one kW launched, its gap to what it is worth, and where launch price or value would close the gap.

    ``priced``: the run has prices, and so a row for every launch that could be."""
    run, frame = checks.run, checks.run.table("entry")
    design, chip, month = run.positions(frame, ("design_id", "generation_id", "month"))
    if (chip < 0).any():
        strange = frame["generation_id"].iloc[int(np.argmin(chip))]
        checks.fail("entry.generation_id", f"entry names a generation that is not known: {strange!r}")
        return
    if priced:
        _check_rows(checks, fleet, design, month)
    rows = ([" / ".join(row) for row in records(frame, ("design_id", "month"))],)

    def written(column: str) -> Array:
        return np.asarray(frame[column].to_numpy(dtype=float), dtype=float)

    def same(column: str, stated: Array, derived: Array, unit: str) -> None:
        law = f"{column} follows from cost, worth and launch price"
        checks.same(f"entry.{column}", stated, derived, rows, unit, law)

    charge, upkeep, service = (run.of_vintages(column) for column in ("charge_usd_per_kw", "upkeep_usd_per_kw", "service_frac"))
    now = run.discount[month]
    paid = (charge @ run.discount)[design, month] / now
    units = 1.0 / fleet.kw[chip]
    loss = chip_loss_usd(run, fleet)[design, chip, month] * run.discount[-1] / now
    install = run.vector("inputs.accelerators", "install_usd_per_unit")[chip]
    cost = paid + (upkeep @ run.discount)[design, month] / now + units * (loss + install)
    law = "cost = capital, upkeep, installation and lost chips inside the horizon"
    checks.same("entry.cost_usd_per_kw", written("cost_usd_per_kw"), cost, rows, "USD/kW", law)
    worth, gap = written("worth_usd_per_kw"), written("cost_usd_per_kw") - written("worth_usd_per_kw")
    checks.same("entry.gap_usd_per_kw", written("gap_usd_per_kw"), gap, rows, "USD/kW", "gap = cost - worth")
    price = run.cube("inputs.launch_price", "usd_per_kg")[design, month]
    checks.same("entry.launch_usd_per_kg", written("launch_usd_per_kg"), price, rows, "USD/kg", "launch price as in the inputs")

    mass, build = kg_per_kw(run)[design, month], run.vector("inputs.designs", "build_usd_per_kg")[design]
    platform = build * (mass - run.vector("inputs.designs", "it_kg_per_kw")[design])
    capital = platform + price * mass  # insurance is on both and cancels
    slope = np.divide(mass * paid, capital, out=np.zeros_like(capital), where=capital > 0)
    too_dear = ratio(gap, slope)
    scale = price + 2.0 * np.nan_to_num(np.abs(too_dear))  # a small difference of large numbers is no more exact than these
    stated = written("break_even_launch_usd_per_kg") + scale
    same("break_even_launch_usd_per_kg", stated, price - too_dear + scale, "USD/kg")
    factor = ratio(cost, worth)
    same("flip_value_factor", written("flip_value_factor"), factor, "")
    computes = run.vector("inputs.designs", "availability_frac")[design]
    served = computes * (service @ (run.discount * run.hours))[design, month] / now * fleet.h100e[chip] * units
    per_hour = ratio(cost, served)
    same("cost_usd_per_h100e_h", written("cost_usd_per_h100e_h"), per_hour, "USD per H100e-hour")

    boundary = "facility" if run.facility else "energy"
    strange = [str(word) for word in frame["boundary"] if str(word) != boundary]
    if strange:
        checks.fail("entry.boundary", f"entry names the boundary {strange[0]!r}, the plan {boundary!r}")


def _check_rows(checks: Collector, fleet: Fleet, design: Indices, month: Indices) -> None:
    """A row for each design and month of launch for which some chip is in stock."""
    run = checks.run
    stock = (np.cumsum(fleet.delivered, axis=1) + fleet.dark[:, None])[:, : run.reported] > 0.0
    launches = np.einsum("og,gv->ov", fleet.may_stand[fleet.regions :], stock) > 0
    stated = np.zeros_like(launches)
    stated[design, month] = True
    for o, v in np.argwhere(launches != stated):
        words = "no" if launches[o, v] else "a strange"
        checks.fail("entry.rows", f"entry has {words} row {run.axes['design_id'][o]} / {run.months[v]}")
