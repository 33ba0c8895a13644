"""Alternatives: whether a plan costs at most the share more than the least-cost plan that it states, and serves no less."""

from __future__ import annotations

import numpy as np

from planner.verify.collector import Collector
from planner.verify.run import Run, dig
from planner.verify.verdict import MORE_COST, TOLERANCE

STATED = ("within_frac", "least_paid_musd", "least_unserved_musd", "least_unserved_kh100e")


def check_alternative(checks: Collector) -> None:
    """Cost and unserved compute of an alternative against those of the plan of least cost, which together are its bound.

    All months count, those of the look-ahead too."""
    run = checks.run
    if not run.alternative:
        return
    stated = [dig(run.manifest, f"solver.alternative.{key}") for key in (*STATED, "number")]
    stated.append(dig(run.manifest, "solver.dual_objective_musd"))
    if any(isinstance(each, bool) or not isinstance(each, (int, float)) or not np.isfinite(each) for each in stated):
        checks.fail("alternative", f"manifest: solver.alternative must state {', '.join(STATED)} and number as numbers")
        return
    within, least_paid, least_value, least_amount, _, bound = (float(each) for each in stated)
    costs = run.table("costs")
    discounted = costs["discounted_musd"].to_numpy(dtype=float)
    unserved = (costs["component"] == "unserved").to_numpy(dtype=bool)
    paid, value = float(discounted[~unserved].sum()), float(discounted[unserved].sum())
    tolerance = TOLERANCE * max(1.0, run.paid_musd) + 1e-11 * abs(bound)
    off = abs(least_paid + least_value - bound)
    law = "the plan of least cost, paid and unserved, costs what the dual bound says"
    checks.add("alternative.least", off <= tolerance, law, off, tolerance)
    more = (paid - least_paid) / max(abs(least_paid), TOLERANCE)
    law = f"costs {100 * more:.3g} % more than the plan of least cost, at most {100 * within:g} %"
    over = paid - least_paid - within * abs(least_paid)
    checks.add(MORE_COST, over <= tolerance, law, max(0.0, over), tolerance)
    over = value - least_value
    law = "leaves no more unserved, by value, than the plan of least cost"
    checks.add("alternative.unserved_value", over <= tolerance, law, max(0.0, over), tolerance)
    over, tolerance = _unserved_kh100e(run) - least_amount, TOLERANCE * max(1.0, least_amount)
    law = "leaves no more unserved, by amount, than the plan of least cost"
    checks.add("alternative.unserved", over <= tolerance, law, max(0.0, over), tolerance)


def _unserved_kh100e(run: Run) -> float:
    """What is asked and not served, all months added up."""
    demand = run.table("demand")
    return float((demand["demand_kh100e"] - demand["served_kh100e"]).sum())
