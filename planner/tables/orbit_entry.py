"""How far orbit is from entering: one MW of each design, priced against the plan without the tonnage limit.

The value of a launched chip is what its service earns at the plan's own prices of demand (what serving one more unit there
would save), less what the chip is worth where it would otherwise go. The cost is capital and upkeep inside the horizon,
installation, and chips lost beyond what Earth would lose. Everything is discounted to the month of launch.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from models.demand import serve_demand
from models.fleet import conserve_chips
from models.reach import first_month_in_stock
from planner.prepare.orbit import Launch
from planner.solve.solution import Solution
from planner.tables.frames import table


def entry_table(solution: Solution, launches: Mapping[str, Launch]) -> pd.DataFrame:
    """One row a design and month of launch, for the chip that orbit would suit best.

    ``gap_usd_per_kw`` > 0: orbit is that much too dear. ``flip_value_factor``: by how much all values of compute would have to
    be multiplied for the gap to close, if every price scaled with them (an estimate: the plan must be solved again to be sure).
    ``cost_usd_per_h100e_h``: what orbit costs per H100e-hour served: a chip dark anyway earns it back above it."""
    d = solution.data
    price = compute_price(solution)
    rows: list[tuple[object, ...]] = []
    if not solution.prices or solution.held is not None:  # mode `energy` launches whatever adds compute, at any cost
        return table("entry", rows)
    for o in d.designs:
        for v in range(1, len(d.horizon) + 1):
            best = _best_chip(solution, price, o, v)
            if best is None:
                continue
            g, worth, cost, served = best
            launch = launches[o]
            paid = sum(d.discount[t] * d.orbit_charge_usd_per_kw.get((o, v, t), 0.0) for t in range(v, len(d.months) + 1))
            slope = launch.usd_per_kw_per_usd_per_kg * paid / d.discount[v] / launch.capital_usd_per_kw[v - 1]
            now = launch.usd_per_kg[v - 1]
            rows.append(
                (
                    *(o, d.months[v - 1], g, worth, cost, cost - worth),
                    *(now, now - (cost - worth) / slope if slope > 0 else None),
                    cost / worth if worth > 0 else None,
                    cost / served if served > 0 else None,
                    d.boundary,
                )
            )
    return table("entry", rows)


def compute_price(solution: Solution) -> dict[tuple[str, int], float]:
    """[o,t] what one more kH100e-month of compute in orbit would save: thousand USD discounted x 1000 = million USD."""
    d = solution.data
    prices = solution.prices.get(serve_demand.name, {})
    eligible: dict[str, list[tuple[str, str]]] = {o: [] for o in d.designs}
    for z, w, x in d.servable:
        if x in eligible:
            eligible[x].append((z, w))
    out = {}
    for o, pairs in eligible.items():
        for t in range(1, len(d.months) + 1):
            net = (prices.get((z, w, t), 0.0) - 1e-6 * d.discount[t] * d.network_usd(z, w, o, t) for z, w in pairs)
            out[o, t] = max(net, default=0.0)
    return out


def _best_chip(
    solution: Solution, price: Mapping[tuple[str, int], float], o: str, v: int
) -> tuple[str, float, float, float] | None:
    """(generation, worth, cost, H100e-hours served), USD per kW in money of month v, of the chip with the smallest gap."""
    d, last = solution.data, len(solution.data.months)
    computes = d.availability_frac[o, v]  # of a design it is the same in every month
    chip_worth = solution.prices.get(conserve_chips.name, {})
    first = first_month_in_stock(d)
    best = None
    for x, g in d.placeable:
        if x != o or v < first.get(g, last + 1):
            continue
        units = 1.0 / d.kw_per_unit[g]  # per kW
        months = range(v, last + 1)
        service = {t: d.orbit_service_frac.get((o, v, t), 0.0) for t in months}
        earned = computes * sum(service[t] * price[o, t] for t in months) * d.h100e_per_unit[g]  # million USD per thousand
        elsewhere = -chip_worth[g, v]
        charges = sum(
            d.discount[t] * (d.orbit_charge_usd_per_kw.get((o, v, t), 0.0) + d.orbit_upkeep_usd_per_kw.get((o, v, t), 0.0))
            for t in months
        )
        loss = d.discount[last] * d.orbit_chip_loss_usd_per_unit.get((o, g, v), 0.0)
        install = d.discount[v] * d.install_usd_per_unit[g]
        # million USD per thousand units = thousand USD a unit
        worth = 1e3 * units * (earned - elsewhere) / d.discount[v]
        cost = (charges + units * (loss + install)) / d.discount[v]
        hours = {t: sum(d.hours_h[t, k] for k in d.slices) for t in months}
        served = computes * sum(d.discount[t] * hours[t] * service[t] for t in months) * d.h100e_per_unit[g]
        served *= units / d.discount[v]
        if best is None or cost - worth < best[2] - best[1]:
            best = (g, worth, cost, served)
    return best
