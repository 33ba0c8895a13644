"""Dual of power, halls and the envelopes above them: what a megawatt must at least be worth.

Primal rows (r region, p option, t month, k slice, y year, c country):

    balance_power          sum_p (output[k] - charge[k]) - pue sum_g kw draw (idle installed + (1 - idle) run[k]) = 0
    respect_capacity       output[k] - availability[k] capacity <= 0
    conserve_capacity      capacity[t] - capacity[t-1] - build[t] = -closed[t]
    limit_power_growth     build[t] - growth capacity[t-1] <= step[t]
    keep_commitment        build >= committed
    limit_technology_supply  sum_r build <= supply
    limit_national_growth  sum_rp of c (capacity[end of y] - capacity[start of y]) <= room
    limit_carbon           sum_{t in y, r, p, k} hours carbon output / 1000 <= cap / 1000
    conserve_shell         shell[t] - shell[t-1] - build_shell[t] = 0,     limit_shell_growth  build_shell <= step
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from planner.verify.dual_bound import Bound, after
from planner.verify.dual_reach import Reach
from planner.verify.dual_rows import Duals
from planner.verify.dual_storage import stored_capacity, stored_output
from planner.verify.envelopes import Nations, carbon_caps
from planner.verify.power import firm_frac, shell_limit
from planner.verify.prices import (
    capital_usd_per_mw_month,
    carbon_usd_per_mwh,
    fixed_usd_per_mw_month,
    fuel_usd_per_mwh,
    shell_usd_per_mw_month,
)
from planner.verify.verdict import Array

SPOT, SITE = ("region_id", "option_id", "month"), ("region_id", "month")


def bound_power(bound: Bound, y: Duals, reach: Reach, nations: Nations) -> None:
    """Right sides and reduced costs of options and halls."""
    _output(bound, y, reach)
    _capacity(bound, y, reach, nations)
    _build(bound, y, reach)
    _halls(bound, y, reach)


def _output(bound: Bound, y: Duals, reach: Reach) -> None:
    run, power, hours = reach.run, reach.power, reach.hours
    usd = fuel_usd_per_mwh(run) + run.vector("inputs.options", "variable_usd_per_mwh") + carbon_usd_per_mwh(run, power)
    mwh = run.discount[:, None] * hours.hours / 1e6
    _, caps, inside = carbon_caps(run)
    priced = y["limit_carbon"].sum(axis=1)  # a year has one row, in its last month
    emitted = power.carbon_t_per_mwh[:, :, None, None] * ((priced @ inside)[:, None] * hours.hours) / 1e3
    output = (hours.energy_price + usd[:, :, None, None]) * mwh + emitted
    output = output - y["balance_power"][:, None] + y["respect_capacity"] - stored_output(y, reach)
    slices = [f"slice {number}" for number in range(1, output.shape[-1] + 1)]
    bound.variable("output", (*SPOT[:2], run.months, slices), output, hours.availability * reach.capacity[..., None])
    bound.side(-priced, caps / 1e3)


def _capacity(bound: Bound, y: Duals, reach: Reach, nations: Nations) -> None:
    run, power = reach.run, reach.power
    kept, grown = y["conserve_capacity"], y["limit_power_growth"]
    growth = run.cube("inputs.power", "growth_frac_per_month")[:, :, None]
    envelope = np.einsum("crp,ct->rpt", nations.counted, y["limit_national_growth"])
    at_start = np.zeros_like(envelope)  # of the year whose envelope counts from this month's capacity
    ends = [-1, *np.flatnonzero(nations.ends).tolist()]
    for before, end in pairwise(ends[1:]):
        at_start[:, :, before] = envelope[:, :, end]
    capacity = after(kept, 2) - kept - growth * after(grown, 2) + envelope - at_start
    capacity -= firm_frac(run)[:, None] * y["house_chips"][:, None, :]
    capacity -= (reach.hours.availability * y["respect_capacity"]).sum(axis=-1)
    capacity -= stored_capacity(y, reach)
    bound.variable("capacity", SPOT, capacity, reach.capacity)
    bound.side(-kept, power.closed)
    first = kept[:, :, 0] - growth[:, :, 0] * grown[:, :, 0] - envelope[:, :, ends[1]]
    bound.side(first, power.start)
    bound.side(-y["limit_national_growth"], np.where(nations.ends, nations.room_mw[:, None], np.inf))


def _build(bound: Bound, y: Duals, reach: Reach) -> None:
    run, power = reach.run, reach.power
    to_end = np.cumsum(run.discount[::-1])[::-1]
    usd = capital_usd_per_mw_month(run) + fixed_usd_per_mw_month(run)
    build = usd[:, :, None] * to_end / 1e6 + y["conserve_capacity"] + y["limit_power_growth"] - y["keep_commitment"]
    build = build + y["limit_technology_supply"][None]
    signed = np.where(power.may_build, 0.0, reach.build)  # before the lead time what is signed comes, no more and no less
    bound.variable("build_mw", SPOT, build, reach.build, signed)
    bound.side(-y["limit_power_growth"], np.where(power.may_build, power.step, np.inf))
    bound.side(y["keep_commitment"], power.committed)
    bound.side(-y["limit_technology_supply"], run.cube("inputs.supply", "mw", np.inf))


def _halls(bound: Bound, y: Duals, reach: Reach) -> None:
    run, kept = reach.run, y["conserve_shell"]
    to_end = np.cumsum(run.discount[::-1])[::-1]
    bound.variable("shell", SITE, after(kept, 1) - kept - y["fit_shell"], reach.shell)
    build: Array = shell_usd_per_mw_month(run)[:, None] * to_end / 1e6 + kept + y["limit_shell_growth"]
    bound.variable("build_shell", SITE, build, shell_limit(run))
    bound.side(kept[:, 0], run.vector("inputs.regions", "shell_start_mw"))
    bound.side(-y["limit_shell_growth"], shell_limit(run))
