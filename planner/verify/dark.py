"""Why chips are dark, once more: from deliveries, commissioning, and what firm power and halls are worth in each place."""

from __future__ import annotations

import numpy as np

from planner.verify.collector import Collector
from planner.verify.fleet import Fleet
from planner.verify.owners import Owners
from planner.verify.power import Power, firm_frac
from planner.verify.run import Run
from planner.verify.series import by_month
from planner.verify.verdict import Array

CLEARLY = 1e-6
"""Share by which halls have to be scarcer than power; less is rounding."""


def check_dark(checks: Collector, fleet: Fleet, power: Power, owners: Owners) -> None:
    """Each reason by generation and month; together they are all that is dark."""
    run, earth, months = checks.run, fleet.regions, checks.run.month_count
    allowed = fleet.may_stand[:earth]
    lag = np.where(allowed, fleet.lag[:, None], 10**6).min(axis=0, initial=10**6)
    lawful = np.asarray(allowed.any(axis=0), dtype=bool)
    lag = np.where(lawful, lag, 0)
    unready = np.where(run.elapsed[None, :] + lag[:, None] >= months, fleet.taken, 0.0)
    dark = run.cube("chips", "dark_kunit")
    late = np.minimum(dark, np.cumsum(unready, axis=1))
    by_power, by_halls = _scarcity(run, power, owners)
    free = np.logical_and(by_power == 0.0, by_halls == 0.0).astype(float) * (not run.table("limits").empty)
    idle = np.einsum("rg,rgt->gt", allowed, free) > 0
    idle |= ~lawful[:, None]
    housed = run.cube("halls", "housed_mw")
    total = np.einsum("rg,rt->gt", allowed, housed)
    weight = np.where((total > 0)[None], housed[:, None, :], 1.0) * allowed[:, :, None]
    scarcer = by_halls - by_power > CLEARLY * np.abs(by_power)
    part = np.einsum("rgt,rgt->gt", weight, scarcer.astype(float))
    share = np.divide(part, weight.sum(axis=0), out=np.zeros_like(part), where=weight.sum(axis=0) > 0)
    waiting = dark - late
    for column, value in {
        "power_kunit": np.where(idle, 0.0, waiting * (1.0 - share)),
        "halls_kunit": np.where(idle, 0.0, waiting * share),
        "late_kunit": late,
        "idle_kunit": np.where(idle, waiting, 0.0),
    }.items():
        checks.column(f"dark.{column}", value, "kunit", "the reason why chips are dark follows from prices and deliveries")


def _scarcity(run: Run, power: Power, owners: Owners) -> tuple[Array, Array]:
    """What a MW of IT pays for firm power, its owner's right included, and for halls, [r,g,t]; without prices, less room."""
    per_it = by_month(run, "inputs.regions", "pue") * run.vector("inputs.regions", "nameplate_frac")[:, None]
    if run.table("limits").empty:
        firm = np.einsum("rpt,p->rt", power.capacity, firm_frac(run))
        return (-firm / per_it)[:, None, :], -run.cube("halls", "shell_mw")[:, None, :]
    rights = np.einsum("rht,gh->rgt", run.worth("respect_right", "region_id", "owner_id"), owners.of_chip)
    of_power, of_halls = (run.worth(name, "region_id")[:, None, :] for name in ("house_chips", "fit_shell"))
    return (of_power + rights) * per_it[:, None, :], of_halls
