"""Choose the whole projects of a plan, each taken in one month or never, by the branch and bound of HiGHS.

What follows is a linear program again: the plan with the choices made (`decided`), which is solved, proven and priced as any
other. That no other choice is better, but for the gap, rests on the bound of HiGHS, which is not proven again.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np

from models import OWN_FILES
from models.data import PlanData
from planner.deadline import NEVER, Deadline
from planner.errors import InfeasibleError, NumericalError, TimeLimitError
from planner.solve.compile.form import Form, Key
from planner.solve.highs import set_option
from planner.solve.reduce.from_scratch import reduced
from planner.solve.worker import AbandonedError, Report, Worker

GAP = 1e-4
"""Share of the objective up to which HiGHS looks for better choices."""
SHARE = 0.6
"""Of a time limit, what the choices may take; the rest is for the plan with the choices made."""
INTEGER = ("take", "taken")
"""The variables that are 0 or 1. So far or not yet is a better question to branch on than in this month or in another; that a
project is too large for what is delivered in a month shows in the month alone."""
OPTIONS: Mapping[str, Any] = {
    "output_flag": True,
    "log_to_console": False,
    "threads": 1,
    # each change of a month moves much of the plan: one trial of a branch says enough, and eight take most of the time
    "mip_pscost_minreliable": 1,
    # what sub-problems find is not worth their time: the relaxation is close, and rounding it finds choices (docs/projects.md)
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
}


@dataclass(frozen=True)
class Choices:
    """``months``: [project_id] number of the month in which a whole project is taken, 0 for never.

    ``bound_musd``: no choices cost less, as HiGHS states. ``proven``: within `GAP` of it; False where the time limit came
    first."""

    months: Mapping[str, int]
    bound_musd: float
    proven: bool
    nodes: int
    seconds: float

    def gap(self, objective_musd: float) -> float:
        """How far a plan with these choices can be from the best at most, as a share of its objective."""
        return max(0.0, objective_musd - self.bound_musd) / max(1.0, abs(objective_musd))


def choose(
    data: PlanData,
    form: Form,
    deadline: Deadline = NEVER,
    report: Report | None = None,
    gap: float = GAP,
    must: Collection[str] = (),
) -> Choices:
    """The best choices of the whole projects that are not decided yet; ``form`` is the program of ``data``.

    ``gap``: share of the objective up to which better choices are looked for. ``must``: projects that are taken.

    Raises InfeasibleError, and TimeLimitError where no choices were found in time."""
    if data.mode == "energy":
        raise ValueError("mode `energy` is two problems in one: its projects are not whole")
    started, whole = time.perf_counter(), {each.project_id for each in data.undecided}
    small = _reduced(form)
    columns = [number for number, (name, index) in enumerate(small.columns) if name in INTEGER and index[0] in whole]
    highs = _mixed_integer(small, columns, gap)
    for number in columns:
        name, (j, t) = small.columns[number]
        if name == "taken" and j in must and t == len(data.months):
            highs.changeColBounds(number, 1.0, 1.0)
    seconds = SHARE * deadline.left
    if deadline.limited:
        set_option(highs, "time_limit", seconds)
    worker = Worker(report)
    worker.attend(highs)
    try:
        worker.run(highs.run, seconds)
    except AbandonedError as error:
        raise TimeLimitError(_no_choice(deadline)) from error
    worker.leave(highs)
    status, info = highs.getModelStatus(), highs.getInfo()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        raise InfeasibleError("no plan meets all limits", form=form)
    stopped = status == highspy.HighsModelStatus.kTimeLimit
    if not stopped and status != highspy.HighsModelStatus.kOptimal:
        raise NumericalError(f"HiGHS found no choice of the whole projects ({highs.modelStatusToString(status)})")
    bound, found = float(info.mip_dual_bound), info.primal_solution_status
    if found != highspy.SolutionStatus.kSolutionStatusFeasible or not np.isfinite(bound):
        raise TimeLimitError(_no_choice(deadline))
    values = np.asarray(highs.getSolution().col_value, dtype=np.float64)
    months = dict.fromkeys((each.project_id for each in data.undecided), 0)
    for number in columns:
        name, (j, t) = small.columns[number]
        if name == "take" and values[number] > 0.5:
            months[j] = t
    return Choices(months, bound, not stopped, max(0, int(info.mip_node_count)), time.perf_counter() - started)


def _no_choice(deadline: Deadline) -> str:
    return f"the time limit of {deadline.seconds:g} s ended before any choice of the whole projects was found; no plan is kept"


def decided(data: PlanData, months: Mapping[str, int]) -> PlanData:
    """The plan with these choices made."""
    return replace(data, chosen={**(data.chosen or {}), **months})


def _reduced(form: Form) -> Form:
    """The program with fewer columns and the same choices at the same cost: without guesses, as branching proves none wrong."""
    own = bool(OWN_FILES) and any(name in OWN_FILES for name, _ in form.rows)  # reductions know the planner's rows
    steps = [] if own else reduced(form, guess=False)
    forms = [form, *(step.form for step in steps)]
    return next(one for one in reversed(forms) if _chosen_by(one) == _chosen_by(form))  # a project like another stays


def _chosen_by(form: Form) -> list[Key]:
    return [key for key in form.columns if key[0] in INTEGER]


def _mixed_integer(form: Form, columns: list[int], gap: float) -> Any:
    """A HiGHS object that holds the program, in which these columns are 0 or 1."""
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy has no types
    for name, value in {**OPTIONS, "mip_rel_gap": gap}.items():
        set_option(highs, name, value)
    integer = np.zeros(form.shape[1], dtype=np.int32)
    integer[columns] = int(highspy.HighsVarType.kInteger)
    upper = form.upper.copy()
    upper[columns] = 1.0
    cost, lower, _, *rest = form.arrays
    rows, width = form.shape
    layout, sense = int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize)
    arrays = (cost, lower, upper, *rest)
    if (
        highs.passModel(width, rows, form.matrix.nnz, layout, sense, form.offset, *arrays, integer)
        == highspy.HighsStatus.kError
    ):
        raise NumericalError(f"HiGHS refused the numbers of the model: coefficient ranges {form.ranges()}")
    return highs
