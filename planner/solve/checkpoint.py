"""Keep the optimum of a run with its tables, so that the same linear program can be reopened there.

A vertex is kept as its basis (a few kB); an interior point, which has no basis, as values and duals. The program itself is
built again from the resolved plan, and is the same one only if its fingerprint is.
"""

from __future__ import annotations

import dataclasses
import hashlib
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from models.data import PlanData
from planner.progress import Progress
from planner.solve.choices import decided
from planner.solve.compile.form import Form
from planner.solve.highs import Basis, Outcome, Solver, SolverOptions
from planner.solve.reduce.from_scratch import minimise_from_scratch
from planner.solve.solution import (
    ALTERNATIVE,
    Held,
    Solution,
    choices_of,
    read_solution,
    require_optimal,
    solve,
    standard_form,
    with_choices,
)

Arrays = dict[str, npt.NDArray[Any]]


def optimum_arrays(solution: Solution) -> Arrays:
    """The optimum as arrays by column and row of the linear program. Empty for a plan that a time limit left.

    ``column_status`` and ``row_status`` of a vertex; else ``values`` and ``duals``, and of mode `energy` ``held``: the most
    that goes unserved, and its price."""
    outcome = solution.outcome
    if outcome.status == ALTERNATIVE:
        return {"values": outcome.values}
    if outcome.status != "optimal":
        return {}
    if outcome.basis is not None:
        return {"column_status": outcome.basis.columns, "row_status": outcome.basis.rows}
    kept = {"values": outcome.values, "duals": outcome.duals}
    if solution.held is not None:
        kept["held"] = np.array([solution.held.most_unserved, solution.held.musd])
    return kept


def take_up(data: PlanData, kept: Arrays, print_of_it: str, progress: Progress) -> tuple[Solution, Solver | None] | None:
    """The solution again, and, for a vertex, a solver with its basis. None: it belongs to another program.

    ``kept`` is what `optimum_arrays` returned, ``print_of_it`` the fingerprint of the program that it belongs to."""
    model, form = standard_form(data, progress)
    if fingerprint(form) != print_of_it or not _fits(form, kept):
        return None
    with progress.phase("take up"):
        if "column_status" in kept:
            solver = Solver(form, SolverOptions(algorithm="simplex"), progress.update)
            solver.start_from(Basis(kept["column_status"], kept["row_status"]))
            outcome = solver.minimise(form.cost, form.offset)
            require_optimal(outcome, form, data.months)
            return read_solution(data, model, form, outcome, None, solver.seconds), solver
        duals = kept.get("duals", np.zeros(len(form.rows)))
        held, reduced_costs = None, form.cost - form.matrix.T @ duals
        if form.aim is not None and "held" in kept:
            most, musd = kept["held"].tolist()
            held, reduced_costs = Held(form.aim, most, musd), reduced_costs + musd * form.aim
            duals = np.append(duals, -musd)
        outcome = Outcome(
            status="optimal" if "duals" in kept else ALTERNATIVE,
            message="as kept",
            objective=float(form.cost @ kept["values"]) + form.offset,
            values=kept["values"],
            reduced_costs=reduced_costs,
            duals=duals,
            algorithm="as kept",
            iterations={},
            seconds=0.0,
        )
        solution = read_solution(data, model, form, outcome, held, 0.0)
    return (solution if "duals" in kept else dataclasses.replace(solution, prices={})), None


def solve_again(data: PlanData, progress: Progress) -> tuple[Solution, Solver | None]:
    """The optimum from scratch, as `take_up` returns it. Raises as `planner.solve.solution.solve` does."""
    if data.mode == "energy":
        return solve(data, progress=progress), None
    if data.undecided:
        made = choices_of(data, progress)
        found, solver = solve_again(decided(data, made.months), progress)
        return with_choices(found, made), solver
    model, form = standard_form(data, progress)
    solver = Solver(form, SolverOptions(), progress.update)
    with progress.phase("solve"):
        outcome = minimise_from_scratch(solver)
        require_optimal(outcome, form, data.months)
        basis = solver.basis()
        if basis is not None:
            solver.start_from(basis)
    return read_solution(data, model, form, outcome, None, solver.seconds), solver if basis is not None else None


def _fits(form: Form, kept: Arrays) -> bool:
    rows, columns = form.shape
    sizes = {"column_status": columns, "values": columns, "row_status": rows, "duals": rows, "held": 2}
    whole = {"column_status", "row_status"} <= kept.keys() or "values" in kept
    whole = whole and (form.aim is None or {"duals", "held"} <= kept.keys())  # of mode `energy`
    return whole and all(array.shape == (sizes[name],) for name, array in kept.items() if name in sizes)


def fingerprint(form: Form) -> str:
    """A hash of the linear program itself: equal if the mathematics is."""
    digest = hashlib.sha256()
    for array in form.arrays:
        digest.update(array.tobytes())
    blocks = [
        [(name, len(list(members))) for name, members in groupby(keys, itemgetter(0))] for keys in (form.columns, form.rows)
    ]
    digest.update(repr(blocks).encode())
    return digest.hexdigest()
