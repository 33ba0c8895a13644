"""Plans that cost a little more than the optimum and differ from it, and from each other, as much as they can.

Modelling to generate alternatives (Brill, Chang and Hopkins, "Modeling to generate alternatives: the HSJ approach and an
illustration using a problem in land use planning", Management Science 28, 1982): plans are compared by totals, MW by place and
by option, and the distance of two plans is the sum of what their totals differ by. Wanted is the plan whose distance to the
nearest of the plans so far is largest. Candidates are the plans at both ends of each total, and the one that uses least of what
the plans so far use, the more the more they use it (Lombardi, Pickering, Colombo and Pfenninger, "Policy decision support for
renewables deployment through spatially explicit practically optimal alternatives", Joule 4, 2020). From the best of them linear
programs raise the distance:

    maximise z
    z <= sum over totals of sign (total - total of plan k)      for each plan k so far

with the sign that each difference has now. No such sum exceeds the distance itself, and at the plan now both are equal, so that
the distance to the nearest plan never falls. Where it no longer grows, the plan is the furthest in its neighbourhood, though
not always of all: the furthest of all is not the answer of a linear program. Of the plans at that distance, with these signs,
one of least cost is taken.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
from scipy.sparse import csc_array, csr_array, hstack, vstack

from planner.solve.compile.form import Floats, Form
from planner.solve.highs import Basis, Outcome, Solver
from planner.solve.near_optimal import NearOptimal, proven_outcome
from planner.solve.reduce.from_scratch import BASIC
from planner.solve.solution import Solution, suboptimal
from planner.solve.ties import settled
from planner.solve.worker import Report

STARTS = 3
"""Candidates from which the distance is raised."""
STEPS = 20
"""Programs after which a plan counts as far enough."""
GROWS = 1e-4
"""Share by which the distance grows, or no further program is solved."""
HELD = 1e-6
"""Share of the distance that the search for the least cost may lose."""
USED_MW = 1e-6
LOWER = 0


@dataclasses.dataclass(frozen=True)
class Alternative:
    """``form``: the program of the plan with the rows that held the distance; ``outcome``: its optimum, the plan of least cost;
    ``totals_mw``: what the plan is compared by; ``distance_mw``: to the nearest plan so far; ``programs``: how many were
    solved."""

    form: Form
    outcome: Outcome
    totals_mw: Floats
    distance_mw: float
    programs: int


class Alternatives:
    """The alternatives to a plan, each further from all before it than any of its neighbours."""

    def __init__(self, near: NearOptimal, weights: csr_array, constants_mw: Floats, report: Report = lambda _: None) -> None:
        """Totals are ``weights`` x + ``constants_mw``. ``report``: hears what is being solved."""
        self.near, self.weights, self.constants_mw, self.report = near, weights, constants_mw, report
        self.known = [self._totals(near.values)]
        self._ends = list(self._both_ends())

    def furthest(self) -> Alternative:
        """The next one. Raises NumericalError where the arrays do not prove an answer."""
        used = np.sum(self.known, axis=0)
        least_used = self.near.least(np.asarray(self.weights.T @ (used / max(float(used.sum()), USED_MW)))).values
        starts = sorted([*self._ends, self._totals(least_used)], key=self._nearest, reverse=True)[:STARTS]
        form, solver, best_mw, programs = max((self._raised(start) for start in starts), key=lambda found: found[2])
        held = dataclasses.replace(form, lower=np.append(self.near.form.lower, best_mw * (1.0 - HELD)))
        outcome, _ = proven_outcome(solver, held, "the least cost of an alternative")
        totals = self._totals(outcome.values[:-1])
        found = Alternative(held, outcome, totals, self._nearest(totals), programs + 1)
        self.known.append(totals)
        return found

    def _totals(self, values: Floats) -> Floats:
        return np.asarray(self.weights @ values + self.constants_mw)

    def _nearest(self, totals_mw: Floats) -> float:
        """The distance to the nearest plan so far."""
        return min(distance(totals_mw, each) for each in self.known)

    def _both_ends(self) -> Iterator[Floats]:
        """The totals of the plans in which one total is least or most."""
        count = self.weights.shape[0]
        for number in range(count):
            self.report(f"ends of total {number + 1} of {count}")
            total = self.weights[[number]].toarray()[0]
            if total.any():
                yield self._totals(self.near.most(total).values)
                yield self._totals(self.near.least(total).values)

    def _raised(self, totals_mw: Floats) -> tuple[Form, Solver, float, int]:
        """The program in which the distance no longer grows from these totals, its solver, the distance, and how many were
        solved."""
        best_mw = 0.0
        for step in range(1, STEPS + 1):
            self.report(f"program {step}, {best_mw:,.0f} MW")
            form, solver = self._program(totals_mw)
            aim = dataclasses.replace(form, cost=np.append(np.zeros(self.near.form.shape[1]), -1.0), offset=0.0)
            far, _ = proven_outcome(solver, aim, "an alternative")
            totals_mw, before_mw, best_mw = self._totals(far.values[:-1]), best_mw, -far.objective
            if best_mw <= before_mw * (1.0 + GROWS) + USED_MW:
                break
        return form, solver, best_mw, step

    def _program(self, now_mw: Floats) -> tuple[Form, Solver]:
        """The program with the rows that bound the distance from the totals now, at the basis of the optimum."""
        near, known = self.near, self.known
        signs = np.array([np.where(now_mw - each > USED_MW, 1.0, np.where(each > USED_MW, -1.0, 1.0)) for each in known])
        sides = np.array([float(sign @ (self.constants_mw - each)) for sign, each in zip(signs, known, strict=True)])
        more = hstack([csr_array(-(self.weights.T @ signs.T).T), np.ones((len(known), 1))])
        nothing = csc_array((near.form.shape[0], 1))
        matrix = csc_array(vstack([hstack([near.form.matrix, nothing]), more]))
        names = [("alternative", (number,)) for number in range(1, len(known) + 1)]
        form = near.form.extended(matrix, [("distance", ())], names, sides=(-np.inf, sides))
        solver = near.solver.another(form, crossover=True)
        rows = np.append(near.basis.rows, np.full(len(known), BASIC, dtype=np.uint8))
        solver.start_from(Basis(np.append(near.basis.columns, np.uint8(LOWER)), rows))
        return form, solver


def solution_of(best: Solution, found: Alternative, message: str) -> Solution:
    """An alternative as a plan of its own, its ties broken as in the optimum; the duals of the ``best`` bound its cost."""
    outcome = settled(best.data, found.form, found.outcome)
    values = outcome.values[: best.form.shape[1]]
    algorithm = f"primal simplex from the optimum, {found.programs} programs"
    return suboptimal(best, dataclasses.replace(outcome, message=message, algorithm=algorithm, values=values))


def distance(one: Floats, other: Floats) -> float:
    """By how many MW two plans differ, all totals added up."""
    return float(np.abs(one - other).sum())
