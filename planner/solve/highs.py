"""HiGHS: options that are checked, progress, an outcome that says what was proven."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from planner.errors import NumericalError
from planner.solve.form import Floats, Form
from planner.solve.scaling import are_numbers, scaling_words

Report = Callable[[str], None]
Statuses = npt.NDArray[np.uint8]

STOPPING = (signal.SIGINT, signal.SIGTERM)
CROSSOVER_COLUMNS = 150_000  # up to here a vertex is worth its seconds: exact zeros, and a basis to start again from


@dataclass(frozen=True)
class SolverOptions:
    """What the user may choose; everything else is HiGHS's own default."""

    time_limit_s: float | None = None
    algorithm: str = "hipo"  # hipo | ipx | simplex
    crossover: bool | None = None  # None: on up to CROSSOVER_COLUMNS


@dataclass(frozen=True)
class Basis:
    """A vertex: the status of each column and each row, as positions in BASIS_STATUS."""

    columns: Statuses
    rows: Statuses


@dataclass
class Outcome:
    """What HiGHS returned. ``status`` is optimal, infeasible, unbounded, time_limit or trouble."""

    status: str
    message: str
    objective: float
    values: Floats
    reduced_costs: Floats
    duals: Floats
    algorithm: str
    iterations: dict[str, int]
    seconds: float
    basis: Basis | None = None  # only where it was asked for


class Solver:
    """One LP held by HiGHS, so that a changed number does not mean a new model."""

    def __init__(self, form: Form, options: SolverOptions, report: Report | None = None) -> None:
        self.form = form
        self.options = options
        self.report = report
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy has no types
        self._stopped_by: int | None = None  # the signal that asked to stop
        self.seconds = 0.0  # spent inside HiGHS so far
        self.set("output_flag", True)
        self.set("log_to_console", False)
        self.set("threads", 1)
        if options.time_limit_s is not None:
            self.set("time_limit", float(options.time_limit_s))
        crossover = options.crossover if options.crossover is not None else form.shape[1] <= CROSSOVER_COLUMNS
        self.set("solver", self._available(options.algorithm))
        self.set("run_crossover", "on" if crossover else "off")
        rows, columns = form.shape
        status = self.highs.passModel(
            columns,
            rows,
            len(form.values),
            int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize),
            form.offset,
            form.cost,
            form.lower,
            form.upper,
            form.row_lower,
            form.row_upper,
            form.starts,
            form.indices,
            form.values,
            np.zeros(columns, dtype=np.int32),
        )
        if status == highspy.HighsStatus.kError or not are_numbers(form):
            words = "; ".join(scaling_words(form, ())) or f"coefficient ranges {form.ranges()}"
            raise NumericalError(f"HiGHS refused the numbers of the model: {words}")

    def minimise(self, cost: Floats, offset: float) -> Outcome:
        """Minimise ``cost`` over the rows as they stand."""
        columns = np.arange(len(cost), dtype=np.int32)
        self.highs.changeColsCost(len(cost), columns, cost)
        self.highs.changeObjectiveOffset(offset)
        started = time.perf_counter()
        with self._interruptible():
            self.highs.run()
            if self.highs.getModelStatus() == highspy.HighsModelStatus.kSolveError and self.options.algorithm == "hipo":
                self.set("solver", "ipx")  # the older interior point gets through where factors of the newer break down
                self.highs.run()
        seconds = time.perf_counter() - started
        self.seconds += seconds
        info, solution = self.highs.getInfo(), self.highs.getSolution()
        status = self.highs.getModelStatus()
        return Outcome(
            status=_STATUS.get(status, "trouble"),
            message=self.highs.modelStatusToString(status),
            objective=float(info.objective_function_value),
            values=np.asarray(solution.col_value, dtype=np.float64),
            reduced_costs=np.asarray(solution.col_dual, dtype=np.float64),
            duals=np.asarray(solution.row_dual, dtype=np.float64),
            algorithm=_algorithm_that_ran(info),
            iterations={
                "interior_point": max(int(info.ipm_iteration_count), 0),
                "crossover": max(int(info.crossover_iteration_count), 0),
                "simplex": max(int(info.simplex_iteration_count), 0),
            },
            seconds=seconds,
        )

    def change(self, form: Form) -> None:
        """Take the bounds and right-hand sides of ``form``; the next solve starts from the last basis.

        Simplex is set first: with an interior point left set HiGHS throws the basis away."""
        rows, columns = form.shape
        limits_moved = not (
            np.array_equal(self.form.row_lower, form.row_lower)
            and np.array_equal(self.form.row_upper, form.row_upper)
            and np.array_equal(self.form.lower, form.lower)
            and np.array_equal(self.form.upper, form.upper)
        )
        prices_moved = not np.array_equal(self.form.cost, form.cost)
        self.set("solver", "simplex")
        self.set("simplex_strategy", 4 if prices_moved else 1)  # primal after a price moved, dual after limits alone did
        if limits_moved:
            self.highs.changeColsBounds(columns, np.arange(columns, dtype=np.int32), form.lower, form.upper)
            self.highs.changeRowsBounds(rows, np.arange(rows, dtype=np.int32), form.row_lower, form.row_upper)
        self.form = form

    def basis(self) -> Basis | None:
        """The vertex that was found; None for an interior point."""
        held = self.highs.getBasis()
        if not held.valid:
            return None
        columns, rows = ([_STATUS_NUMBER[one] for one in part] for part in (held.col_status, held.row_status))
        return Basis(np.array(columns, dtype=np.uint8), np.array(rows, dtype=np.uint8))

    def start_from(self, basis: Basis) -> None:
        """The next solve starts from this vertex, by simplex: with an interior point left set HiGHS throws it away.

        Raises ValueError for a vertex of another problem."""
        held = highspy.HighsBasis()
        held.col_status = [BASIS_STATUS[number] for number in basis.columns.tolist()]
        held.row_status = [BASIS_STATUS[number] for number in basis.rows.tolist()]
        held.valid = True
        self.set("solver", "simplex")
        if self.highs.setBasis(held) != highspy.HighsStatus.kOk:
            raise ValueError("the basis is not one of this problem")

    def add_row(self, coefficients: Floats, upper: float) -> None:
        """coefficients x <= upper, as the last row."""
        nonzero = np.flatnonzero(coefficients).astype(np.int32)
        self.highs.addRow(-np.inf, upper, len(nonzero), nonzero, coefficients[nonzero])

    def set(self, name: str, value: Any) -> None:
        """HiGHS answers a misspelt option with a code and goes on: do not."""
        if self.highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise ValueError(f"HiGHS does not know option {name} = {value!r}")

    def _available(self, algorithm: str) -> str:
        """HiPO needs the package highspy-extras; without it HiGHS silently runs something else."""
        if algorithm != "hipo":
            return algorithm
        try:
            import highspy_extras  # noqa: F401  (its presence is what is asked)
        except ImportError:
            return "ipx"
        return "hipo"

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Ctrl-C and SIGTERM set a flag that HiGHS asks for; its log feeds progress."""
        highs = self.highs

        def on_log(event: Any) -> None:
            if self.report is not None:
                self.report(event.message.strip())

        def on_question(event: Any) -> None:
            if self._stopped_by is not None:
                event.data_in.user_interrupt = True

        highs.cbLogging.subscribe(on_log)
        highs.cbIpmInterrupt.subscribe(on_question)
        highs.cbSimplexInterrupt.subscribe(on_question)
        in_main = threading.current_thread() is threading.main_thread()
        before = {each: signal.signal(each, self._stop) for each in STOPPING} if in_main else {}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
            highs.cbLogging.unsubscribe(on_log)
            highs.cbIpmInterrupt.unsubscribe(on_question)
            highs.cbSimplexInterrupt.unsubscribe(on_question)
        if self._stopped_by is not None:
            number, self._stopped_by = self._stopped_by, None
            handler = before.get(signal.Signals(number))
            if callable(handler):
                handler(number, None)  # as if the signal came now: Ctrl-C raises KeyboardInterrupt
            raise KeyboardInterrupt

    def _stop(self, number: int, _frame: object) -> None:
        self._stopped_by = number


BASIS_STATUS = (
    highspy.HighsBasisStatus.kLower,
    highspy.HighsBasisStatus.kBasic,
    highspy.HighsBasisStatus.kUpper,
    highspy.HighsBasisStatus.kZero,
    highspy.HighsBasisStatus.kNonbasic,
)
_STATUS_NUMBER = {status: number for number, status in enumerate(BASIS_STATUS)}
_STATUS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "unbounded",
    highspy.HighsModelStatus.kTimeLimit: "time_limit",
}


def _algorithm_that_ran(info: Any) -> str:
    """Told from what was counted, not from what was asked."""
    if info.ipm_iteration_count > 0:
        return "interior point, crossover" if info.crossover_iteration_count > 0 else "interior point"
    return "simplex" if info.simplex_iteration_count > 0 else "presolve"
