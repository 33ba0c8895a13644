"""The competitors: each builds a plan, hands it to HiGHS, solves and reads back, in phases that are timed alike.

HiGHS gets the same options from all of them: one thread, HiPO without crossover. `pypsa-defaults` leaves them out."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.clock import Clock
from models.data import PlanData

OPTIONS = {"solver": "hipo", "hipo_system": "normaleq", "threads": 1, "run_crossover": "off"}
DONE = "Optimal"


@dataclass
class Answer:
    """What a competitor says of a plan. ``objective`` in million USD; None where it was not solved or not in time."""

    rows: int
    columns: int
    nonzeros: int
    status: str = "built"
    objective: float | None = None
    iterations: int = 0


def planner(d: PlanData, clock: Clock, limit_s: float | None) -> Answer:
    """models.build and planner.solve, as `planner run` calls them."""
    from models.build import build
    from planner.solve.compile.form import compile_form
    from planner.solve.highs import Solver, SolverOptions
    from planner.solve.solution import read_solution

    with clock.phase("build"):
        model = build(d)
    with clock.phase("hand over"):
        form = compile_form(model)
        solver = Solver(form, SolverOptions(time_limit_s=limit_s, crossover=False))
    answer = Answer(*form.shape, form.matrix.nnz)
    if limit_s is None:
        return answer
    with clock.phase("solve"):
        outcome = solver.minimise(form.cost, form.offset)
    answer.status, answer.iterations = (
        solver.highs.modelStatusToString(solver.highs.getModelStatus()),
        _iterations(solver.highs),
    )
    if answer.status == DONE:
        with clock.phase("read back"):
            solution = read_solution(d, model, form, outcome, None, solver.seconds)
        answer.objective = solution.proof.objective_musd
    return answer


def numpy_floor(d: PlanData, clock: Clock, limit_s: float | None) -> Answer:
    """The same linear program by index arithmetic, straight to highspy."""
    import highspy

    from benchmarks.floor import assemble

    with clock.phase("build"):
        lp = assemble(d)
    with clock.phase("hand over"):
        highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy has no types
        rows, columns = lp.matrix.shape
        said = [highs.setOptionValue(name, value) for name, value in {"output_flag": False, **OPTIONS}.items()]
        said.append(
            highs.passModel(
                columns,
                rows,
                lp.matrix.nnz,
                int(highspy.MatrixFormat.kColwise),
                int(highspy.ObjSense.kMinimize),
                lp.offset,
                lp.cost,
                np.zeros(columns),
                np.full(columns, np.inf),
                lp.row_lower,
                lp.row_upper,
                lp.matrix.indptr.astype(np.int32),
                lp.matrix.indices.astype(np.int32),
                lp.matrix.data,
                np.zeros(columns, dtype=np.int32),
            )
        )
        if highspy.HighsStatus.kError in said:
            raise RuntimeError("HiGHS refused the model or an option")
    answer = Answer(rows, columns, int(lp.matrix.nnz))
    if limit_s is None:
        return answer
    highs.setOptionValue("time_limit", limit_s)
    with clock.phase("solve"):
        highs.run()
    with clock.phase("read back"):
        solution = highs.getSolution()
        values, duals = np.asarray(solution.col_value), np.asarray(solution.row_dual)
    answer.status, answer.iterations = highs.modelStatusToString(highs.getModelStatus()), _iterations(highs)
    if answer.status == DONE and duals.size:
        answer.objective = float(lp.cost @ values) + lp.offset
    return answer


def linopy(d: PlanData, clock: Clock, limit_s: float | None) -> Answer:
    """Labelled arrays, handed to HiGHS in memory (`io_api="direct"`)."""
    _quiet()
    from linopy.solvers import Highs

    from benchmarks.in_linopy import declare

    with clock.phase("build"):
        model = declare(d)
    if limit_s is None:
        with clock.phase("hand over"):
            highs = Highs.from_model(model, io_api="direct").solver_model
        return Answer(highs.getNumRow(), highs.getNumCol(), highs.getNumNz())
    with clock.phase(
        "hand over"
    ):  # and solve and read back: linopy does them in one call; HiGHS's own clock takes its part out
        model.solve("highs", io_api="direct", output_flag=False, time_limit=limit_s, **OPTIONS)
    return _solved_by_linopy(model, clock)


def pypsa(d: PlanData, clock: Clock, limit_s: float | None) -> Answer:
    """A network with an investment period a month."""
    return _pypsa(d, clock, limit_s, OPTIONS)


def pypsa_defaults(d: PlanData, clock: Clock, limit_s: float | None) -> Answer:
    """The same network, HiGHS left at its defaults."""
    return _pypsa(d, clock, limit_s, {})


def _pypsa(d: PlanData, clock: Clock, limit_s: float | None, options: dict[str, Any]) -> Answer:
    _quiet()
    import pypsa as _  # noqa: F401  (loading a library is not building a model)
    from linopy.solvers import Highs

    from benchmarks.in_pypsa import declare

    with clock.phase("build"):
        network = declare(d)
        model = network.optimize.create_model(multi_investment_periods=True, include_objective_constant=False)
    if limit_s is None:
        with clock.phase("hand over"):
            highs = Highs.from_model(model, io_api="direct").solver_model
        return Answer(highs.getNumRow(), highs.getNumCol(), highs.getNumNz())
    with clock.phase("hand over"):
        chosen = {"output_flag": False, "time_limit": limit_s, **options}
        network.optimize.solve_model(solver_name="highs", solver_options=chosen, io_api="direct")
    return _solved_by_linopy(model, clock)


def _solved_by_linopy(model: Any, clock: Clock) -> Answer:
    """linopy keeps the Highs object: its clock says what of the one call was HiGHS's."""
    highs = model.solver_model
    clock.move("hand over", "solve", highs.getRunTime())
    answer = Answer(highs.getNumRow(), highs.getNumCol(), highs.getNumNz())
    answer.status, answer.iterations = highs.modelStatusToString(highs.getModelStatus()), _iterations(highs)
    if answer.status == DONE:
        answer.objective = float(highs.getInfo().objective_function_value)
    return answer


def _iterations(highs: Any) -> int:
    info = highs.getInfo()
    return int(max(info.ipm_iteration_count, 0) or max(info.simplex_iteration_count, 0))


def _quiet() -> None:
    """What the peers say of their own future is not what is measured."""
    import logging

    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)


COMPETITORS: dict[str, Callable[[PlanData, Clock, float | None], Answer]] = {
    "planner": planner,
    "numpy": numpy_floor,
    "linopy": linopy,
    "pypsa": pypsa,
    "pypsa-defaults": pypsa_defaults,
}
EXPRESSES = {name: ("subset",) if name.startswith("pypsa") else ("whole", "subset") for name in COMPETITORS}
