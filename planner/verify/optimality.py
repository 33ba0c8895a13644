"""Optimality: the duals that a run wrote bound every plan, and the plan reaches the bound."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.verify.collector import Collector, locate
from planner.verify.duals import Duals
from planner.verify.own_limits import OwnLimits
from planner.verify.program import Bound, Program
from planner.verify.run import dig
from planner.verify.verdict import OPTIMAL, TOLERANCE


def check_optimal(checks: Collector, program: Program, own: OwnLimits) -> tuple[Duals | None, str]:
    """The cost of the plan is that of the best one, within the tolerance or the gap that the manifest states.

    Give the duals where the run has any; they are prices unless a time limit stopped the solver. Give also why nothing is
    proven, where the run cannot hold a proof that the verifier could follow; a proof that it must hold and does not is a
    finding."""
    run = checks.run
    if not (run.folder / "tables" / "duals.csv").is_file():
        if run.unfinished:
            return None, "the time limit left no duals, and its gap is the solver's word alone"
        checks.fail(OPTIMAL, "the plan is called optimal, but without tables/duals.csv nothing proves that no plan costs less")
        return None, ""
    duals = Duals(program, own.constraints)
    checks.found += duals.findings
    unproven = "; ".join(_unknown(duals, own))
    if not unproven:
        _compare(checks, program, program.dual_bound(duals, 0.0 if run.by_value else _held_musd(checks, program)))
    return duals, unproven


def _held_musd(checks: Collector, program: Program) -> float:
    """The price of serving as much as the plan does, in mode `energy`: stated, not negative, and of the amount that the plan
    serves. That no plan serves more is not proven."""
    stated = [
        dig(checks.run.manifest, f"solver.held.{name}") for name in ("most_unserved_kh100e_months", "musd_per_kh100e_month")
    ]
    if any(isinstance(each, bool) or not isinstance(each, (int, float)) or not np.isfinite(each) for each in stated):
        checks.fail("held", "manifest: solver.held must state the compute that mode energy keeps, and its price")
        return 0.0
    most, musd = map(float, stated)
    if musd < 0.0:
        checks.fail("held", f"manifest: solver.held has a price below zero, {musd:.6g}")
        return 0.0
    unserved = float((program.variables["unserved"].plan * program.weight[:, None]).sum())
    paid = musd * (most - unserved)
    tolerance = TOLERANCE * max(1.0, checks.run.paid_musd)
    worth = f"unserved {unserved:,.9g} weighted kH100e-months, at most {most:,.9g} with a price of {musd:.6g} M USD each"
    checks.add(
        "held", abs(paid) <= tolerance, f"the compute that mode energy keeps is kept, no more: {worth}", abs(paid), tolerance
    )
    return musd


def _unknown(duals: Duals, own: OwnLimits) -> Iterator[str]:
    """What own limits leave unproven. Those that have no price take nothing from the proof: the rows known suffice for it."""
    if duals.priced:
        some = "own limit has a price" if len(duals.priced) == 1 else "own limits have prices"
        yield f"{len(duals.priced)} {some}, of coefficients that the verifier does not know ({', '.join(duals.priced)})"
    if own.costs:
        yield f"own costs, which the verifier does not know ({', '.join(own.costs)})"


def _compare(checks: Collector, program: Program, bound: Bound) -> None:
    run = checks.run
    total = float(run.table("costs")["discounted_musd"].sum())
    tolerance = TOLERANCE * max(1.0, run.paid_musd) + 1e-11 * abs(total)
    stated = dig(run.manifest, "solver.relative_gap")
    allowed = tolerance
    if run.suboptimal and isinstance(stated, (int, float)) and np.isfinite(stated):
        allowed += (abs(float(stated)) + TOLERANCE) * max(1.0, abs(total))
    _compare_reduced_costs(checks, program, bound, allowed)
    gap = total - bound.musd
    relative = max(0.0, gap / max(1.0, abs(total)))
    what = "feasible" if run.unfinished else "an alternative" if run.alternative else "optimal"
    what += "" if run.by_value else " among plans that serve as much"
    words = f"{what}: dual bound {bound.musd:,.1f} M USD re-derived from the duals, gap {relative:.1g}"
    ok = bool(-tolerance <= gap <= allowed)
    if not ok:
        words = f"a plan could cost as little as {bound.musd:,.6f} M USD for all that the duals prove, "
        words += f"this one costs {total:,.6f} (tolerance {allowed:.2g})"
    checks.add(OPTIMAL, ok, words, abs(gap), allowed)


def _compare_reduced_costs(checks: Collector, program: Program, bound: Bound, tolerance: float) -> None:
    """Whatever variables could still save is within the tolerance; the one that could save most is named."""
    name, position = bound.worst
    variable = program.variables.get(name)
    where = locate(program.axes(variable), position, variable.over.index("t")) if variable else ("", "")
    ok = bool(bound.open_musd <= tolerance)
    words = "no variable costs less than the duals say it earns"
    if ok:
        words += f"; all that do could save {bound.open_musd:.2g} M USD at most"
    else:
        words += f", but more of {name} would: up to {bound.open_musd:.6g} M USD with all others (tolerance {tolerance:.2g})"
    checks.add("reduced_costs", ok, words, bound.open_musd, tolerance, *where)
