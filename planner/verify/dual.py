"""Optimality: the duals that a run wrote bound every plan, and the plan reaches the bound."""

from __future__ import annotations

import numpy as np

from planner.verify.collector import Bench
from planner.verify.demand import Demand
from planner.verify.dual_bound import Bound
from planner.verify.dual_demand import bound_demand
from planner.verify.dual_fleet import bound_fleet
from planner.verify.dual_power import bound_power
from planner.verify.dual_reach import Reach
from planner.verify.dual_rows import Duals
from planner.verify.dual_storage import bound_storage
from planner.verify.envelopes import carbon_caps, nations
from planner.verify.fleet import Fleet
from planner.verify.hours import Hours
from planner.verify.power import Power
from planner.verify.run import Run, dig
from planner.verify.shares import shares
from planner.verify.verdict import OPTIMAL, TOLERANCE, Check
from planner.verify.worth import check_worth


def check_optimal(bench: Bench, fleet: Fleet, power: Power, demand: Demand, hours: Hours) -> Duals | None:
    """The cost of the plan is that of the best one, within the tolerance or the gap that the manifest states.

    Gives the duals where they are prices: of an optimum, and of one aim."""
    run = bench.run
    unknown = _unknown(run)
    if unknown:
        bench.checks.append(Check(OPTIMAL, True, 0.0, 0.0, "", "", f"not proven optimal: {unknown}"))
        return None
    bound, duals = dual_bound(fleet, power, demand, hours)
    bench.checks += duals.findings
    _judge(bench, bound)
    check_worth(bench, duals)
    return None if dig(run.manifest, "solver.status") == "time_limit" else duals


def dual_bound(fleet: Fleet, power: Power, demand: Demand, hours: Hours) -> tuple[Bound, Duals]:
    """What the duals of a run prove, whatever they are: no plan that keeps the limits costs less."""
    run = fleet.run
    found, asked = nations(run), list(shares(run, demand))
    years, _, _ = carbon_caps(run)
    items = {"country": found.names, "year": years, "share": [share.name for share in asked], "day": hours.day_types}
    items["route"] = [route.name for route in demand.routes]
    y = Duals(run, hours.hours.shape[1], items)
    reach, bound = Reach(run, fleet, power, demand, hours), Bound()
    bound_fleet(bound, y, reach)
    bound_power(bound, y, reach, found)
    bound_storage(bound, y, reach)
    bound_demand(bound, y, reach, asked)
    return bound, y


def _unknown(run: Run) -> str:
    """What keeps the duals from being read as prices of this program; empty where nothing does."""
    if run.word("objective", "value", ("value", "energy")) == "energy":
        return "objective energy has two aims, one after the other, and no prices in money"
    if not (run.folder / "tables" / "duals.csv").is_file():
        return "the run has no tables/duals.csv"
    return ""


def _judge(bench: Bench, bound: Bound) -> None:
    costs = bench.run.table("costs")
    discounted = costs["discounted_musd"].to_numpy(dtype=float)
    total = float(discounted.sum())
    paid = discounted[(costs["component"] != "unserved").to_numpy(dtype=bool)]
    tolerance = TOLERANCE * max(1.0, float(np.abs(paid).sum())) + 1e-11 * abs(total)
    stated = dig(bench.run.manifest, "solver.relative_gap")
    unfinished = dig(bench.run.manifest, "solver.status") == "time_limit"
    allowed = tolerance
    if unfinished and isinstance(stated, (int, float)) and np.isfinite(stated):
        allowed += (abs(float(stated)) + TOLERANCE) * max(1.0, abs(total))
    _judge_reduced_costs(bench, bound, allowed)
    gap = total - bound.musd
    relative = gap / max(1.0, abs(total))
    what = "feasible" if unfinished else "optimal"
    words = f"{what}: dual bound {bound.musd:,.1f} M USD re-derived from the duals, gap {max(0.0, relative):.1g}"
    ok = bool(-tolerance <= gap <= allowed)
    if not ok:
        words = (
            f"a plan could cost as little as {bound.musd:,.6f} M USD for all that the duals prove, this one costs {total:,.6f}"
        )
        words += f" (tolerance {allowed:.2g})"
    bench.checks.append(Check(OPTIMAL, ok, abs(gap), allowed, "", "", words))


def _judge_reduced_costs(bench: Bench, bound: Bound, tolerance: float) -> None:
    _, name, axes, position = bound.worst
    place, month = bench.locate(axes)(position) if name else ("", "")
    ok = bool(bound.open_musd <= tolerance)
    law = "no variable costs less than the duals say it earns"
    words = f"{law}; all that do could save {bound.open_musd:.2g} M USD at most"
    if not ok:
        words = (
            f"{law}, but more of {name} would: up to {bound.open_musd:.6g} M USD with all others (tolerance {tolerance:.2g})"
        )
    bench.checks.append(Check("reduced_costs", ok, bound.open_musd, tolerance, place, month, words))
