"""Optimality: the duals that a run wrote bound every plan, and the plan reaches the bound."""

from __future__ import annotations

import numpy as np

from planner.verify.collector import Collector, locate
from planner.verify.duals import Duals
from planner.verify.own_limits import OwnLimits
from planner.verify.program import Bound, Program
from planner.verify.run import Run, dig
from planner.verify.verdict import OPTIMAL, TOLERANCE, Check


def check_optimal(checks: Collector, program: Program, own: OwnLimits) -> Duals | None:
    """The cost of the plan is that of the best one, within the tolerance or the gap that the manifest states.

    Give the duals where the run has any; they are prices unless a time limit stopped the solver."""
    unknown = _unknown(checks.run)
    duals = None if unknown else Duals(program, own.constraints)
    if duals is not None:
        checks.found += duals.findings
        unknown = _own(duals, own)
    if unknown:
        checks.found.append(Check(OPTIMAL, True, 0.0, 0.0, "", "", f"not proven optimal: {unknown}"))
    elif duals is not None:
        _compare(checks, program, program.dual_bound(duals))
    return duals


def _unknown(run: Run) -> str:
    """What keeps the duals from being read as prices of this program; empty where nothing does."""
    if run.word("objective", "value", ("value", "energy")) == "energy":
        return "objective energy has two aims, one after the other, and no prices in money"
    if not (run.folder / "tables" / "duals.csv").is_file():
        return "the run has no tables/duals.csv"
    return ""


def _own(duals: Duals, own: OwnLimits) -> str:
    """What own limits leave unproven: the coefficients of those that have a price, and what they add to the costs."""
    words = []
    if duals.priced:
        some = "own limit has a price" if len(duals.priced) == 1 else "own limits have a price"
        words.append(
            f"{len(duals.priced)} {some} ({', '.join(duals.priced)}), and their coefficients are not known to the verifier"
        )
    if own.costs:
        words.append(f"own costs are not known to the verifier ({', '.join(own.costs)})")
    return "; ".join(words)


def _compare(checks: Collector, program: Program, bound: Bound) -> None:
    costs = checks.run.table("costs")
    discounted = costs["discounted_musd"].to_numpy(dtype=float)
    total = float(discounted.sum())
    paid = discounted[(costs["component"] != "unserved").to_numpy(dtype=bool)]
    tolerance = TOLERANCE * max(1.0, float(np.abs(paid).sum())) + 1e-11 * abs(total)
    stated = dig(checks.run.manifest, "solver.relative_gap")
    unfinished = dig(checks.run.manifest, "solver.status") == "time_limit"
    allowed = tolerance
    if unfinished and isinstance(stated, (int, float)) and np.isfinite(stated):
        allowed += (abs(float(stated)) + TOLERANCE) * max(1.0, abs(total))
    _compare_reduced_costs(checks, program, bound, allowed)
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
    checks.found.append(Check(OPTIMAL, ok, abs(gap), allowed, "", "", words))


def _compare_reduced_costs(checks: Collector, program: Program, bound: Bound, tolerance: float) -> None:
    name, position = bound.worst
    over = program.variables[name].over if name else ""
    axes = [[f"slice {number}" for number in program.names["k"]] if letter == "k" else program.names[letter] for letter in over]
    place, month = locate(axes, position, over.index("t")) if name else ("", "")
    ok = bool(bound.open_musd <= tolerance)
    law = "no variable costs less than the duals say it earns"
    words = f"{law}; all that do could save {bound.open_musd:.2g} M USD at most"
    if not ok:
        words = (
            f"{law}, but more of {name} would: up to {bound.open_musd:.6g} M USD with all others (tolerance {tolerance:.2g})"
        )
    checks.found.append(Check("reduced_costs", ok, bound.open_musd, tolerance, place, month, words))
