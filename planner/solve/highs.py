"""HiGHS: options that are checked, progress, and an outcome that states what was found."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import threading
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from planner import memory
from planner.errors import NumericalError
from planner.solve.compile.form import Floats, Form, Key
from planner.solve.scaling import are_numbers, scaling_words
from planner.solve.worker import LATE, LATE_S, AbandonedError, Report, Worker

Statuses = npt.NDArray[np.uint8]

CROSSOVER_COLUMNS = 170_000  # up to here a vertex is worth its seconds: exact zeros, and a basis for warm starts
CROSSOVER_FROM = 1e-6  # residual from which crossover may start: short of HiGHS's 1e-8 HiPO stalls and leaves the rest to IPX

TOLERANCES = "primal_feasibility_tolerance", "dual_feasibility_tolerance"
USUAL, TIGHT = 1e-7, 1e-9  # HiGHS's default, and what makes a vertex a proof

BYTES_A_COLUMN = 2_000  # that HiPO takes at least (docs/speed.md)
NEARLY = 0.95  # share of the time limit after which an end without an answer counts as stopped by it


@dataclass(frozen=True)
class SolverOptions:
    """What the user may choose; everything else is HiGHS's own default."""

    time_limit_s: float | None = None
    algorithm: str = "hipo"  # hipo | ipx | simplex
    crossover: bool | None = None  # None: on up to CROSSOVER_COLUMNS
    plain: bool = False  # solve the program as it stands: no reductions, no guesses, HiGHS alone


@dataclass(frozen=True)
class Basis:
    """The status of each column and each row, as positions in BASIS_STATUS."""

    columns: Statuses
    rows: Statuses


@dataclass
class Outcome:
    """What HiGHS returned. ``status`` is optimal, infeasible, unbounded, time_limit or trouble.

    At a time limit ``values`` and ``duals`` are those of the last iterate of an interior point, or zero without one: neither a
    plan nor prices, but any duals bound the optimum."""

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
    reduced_to: tuple[int, int] | None = None  # rows and columns of the reduced program whose solution was postsolved
    plain: bool = False  # the options asked for no reduction


class Solver:
    """A linear program that HiGHS keeps, so that a changed number does not need a new model.

    ``stop`` lets another thread interrupt this one."""

    def __init__(
        self, form: Form, options: SolverOptions, report: Report | None = None, stop: threading.Event | None = None
    ) -> None:
        self.form = form
        self.options = options
        self.report = report
        self.stop = stop
        self._without_hipo = without_hipo() if options.algorithm == "hipo" else None
        self._algorithm = "ipx" if self._without_hipo else options.algorithm
        if self._algorithm == "hipo":
            memory.require(2 * memory.BLAS_BUFFER + BYTES_A_COLUMN * form.shape[1])
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy has no types
        self._worker = Worker(report, stop)
        self._set_so_far: dict[str, Any] = {}
        self.seconds = 0.0  # spent inside HiGHS so far
        self._abandoned = False  # a solve goes on that was to stop: HiGHS must not be touched
        self.set("output_flag", True)
        self.set("log_to_console", False)
        self.set("threads", 1)
        self._seconds_allowed = float("inf")
        if options.time_limit_s is not None:
            self.limit_seconds(float(options.time_limit_s))
        self.crossover = options.crossover if options.crossover is not None else form.shape[1] <= CROSSOVER_COLUMNS
        self._from_scratch()
        if self._algorithm == "hipo":
            self.set("hipo_system", "normaleq")  # what HiPO chooses for these programs, after a second on the other
        self.set("run_crossover", "on" if self.crossover else "off")
        self.set("start_crossover_tolerance", CROSSOVER_FROM)
        rows, columns = form.shape
        pass_model: Any = self.highs.passModel
        layout, sense = int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize)
        continuous = np.zeros(columns, dtype=np.int32)
        status = pass_model(columns, rows, form.matrix.nnz, layout, sense, form.offset, *form.arrays, continuous)
        if status == highspy.HighsStatus.kError or not are_numbers(form):
            words = "; ".join(scaling_words(form, ())) or f"coefficient ranges {form.ranges()}"
            raise NumericalError(f"HiGHS refused the numbers of the model: {words}")

    def write_mps(self, path: Path) -> None:
        """Write the program as a file whose name ends in .mps, with the names of variables and constraints."""
        for number, key in enumerate(self.form.columns):
            self.highs.passColName(number, _text_of(key))
        for number, key in enumerate(self.form.rows):
            self.highs.passRowName(number, _text_of(key))
        if self.highs.writeModel(str(path)) == highspy.HighsStatus.kError:
            raise OSError(f"HiGHS could not write {path}")

    def another(self, form: Form, crossover: bool) -> Solver:
        """A solver of a related program, with the same options and interrupted by the same event."""
        return Solver(form, dataclasses.replace(self.options, crossover=crossover), self.report, self.stop)

    def minimise(self, cost: Floats, offset: float) -> Outcome:
        """Minimise ``cost`` over the rows as they are; by IPX if HiPO breaks down, which the outcome then states."""
        outcome = self._minimise(cost, offset)
        if self._without_hipo and outcome.algorithm.startswith("interior point"):
            return dataclasses.replace(outcome, algorithm=f"{outcome.algorithm}; by IPX, since {self._without_hipo}")
        if outcome.status != "trouble" or self._set_so_far["solver"] != "hipo":
            return outcome
        self.highs.clearSolver()
        if self._seconds_allowed < float("inf"):
            self.limit_seconds(self._seconds_allowed - outcome.seconds)
        self.set("solver", "ipx")
        again = self._minimise(cost, offset)
        self.set("solver", "hipo")
        return dataclasses.replace(
            again,
            algorithm=f"{again.algorithm}; by IPX, since HiPO ended without an answer ({outcome.message})",
            seconds=outcome.seconds + again.seconds,
        )

    def _minimise(self, cost: Floats, offset: float) -> Outcome:
        columns = np.arange(len(cost), dtype=np.int32)
        self.highs.changeColsCost(len(cost), columns, cost)
        self.highs.changeObjectiveOffset(offset)
        started = time.perf_counter()
        if self._abandoned or self._seconds_allowed <= 0.0:
            return self._without_answer("there was no time", 0.0)
        try:
            ran, counted = self._run()
        except AbandonedError:
            self._abandoned = True
            return self._without_answer("it did not stop at its time limit", time.perf_counter() - started)
        seconds = time.perf_counter() - started
        self.seconds += seconds
        info, solution = counted.getInfo(), self.highs.getSolution()
        status = ran.getModelStatus()
        if status == highspy.HighsModelStatus.kMemoryLimit:
            raise MemoryError
        outcome = _STATUS.get(status, "trouble")
        if outcome == "trouble" and seconds >= NEARLY * self._seconds_allowed:
            outcome = "time_limit"  # stopped before it had an answer
        known = 1.0 if solution.value_valid or outcome != "time_limit" else 0.0
        values = known * np.asarray(solution.col_value, dtype=np.float64)
        return Outcome(
            status=outcome,
            message=ran.modelStatusToString(status),
            objective=float(cost @ values) + offset if len(values) == len(cost) else float("nan"),
            values=values,
            reduced_costs=known * np.asarray(solution.col_dual, dtype=np.float64),
            duals=known * np.asarray(solution.row_dual, dtype=np.float64),
            algorithm=_algorithm_that_ran(info),
            iterations={
                "interior_point": max(int(info.ipm_iteration_count), 0),
                "crossover": max(int(info.crossover_iteration_count), 0),
                "simplex": max(int(info.simplex_iteration_count), 0),
            },
            seconds=seconds,
            plain=self.options.plain,
        )

    def _without_answer(self, message: str, seconds: float) -> Outcome:
        """The outcome where the time limit leaves no iterate."""
        rows, columns = self.form.shape
        none = {"interior_point": 0, "crossover": 0, "simplex": 0}
        zeros, self.seconds = np.zeros(columns), self.seconds + seconds
        algorithm = "interior point" if self._set_so_far["solver"] != "simplex" else "simplex"
        return Outcome(
            "time_limit",
            message,
            self.form.offset,
            zeros,
            zeros,
            np.zeros(rows),
            algorithm,
            none,
            seconds,
            plain=self.options.plain,
        )

    def change(self, form: Form) -> None:
        """Take the bounds and right-hand sides of ``form``; the next solve is warm-started from the last basis."""
        rows, columns = form.shape
        limits = "row_lower", "row_upper", "lower", "upper"
        limits_moved = not all(np.array_equal(getattr(self.form, name), getattr(form, name)) for name in limits)
        prices_moved = not np.array_equal(self.form.cost, form.cost)
        self._by_simplex()
        self.set("simplex_strategy", 4 if prices_moved else 1)  # primal after a price moved, dual after limits alone did
        if limits_moved:
            self.highs.changeColsBounds(columns, np.arange(columns, dtype=np.int32), form.lower, form.upper)
            self.highs.changeRowsBounds(rows, np.arange(rows, dtype=np.int32), form.row_lower, form.row_upper)
        self.form = form

    def require_vertex(self) -> None:
        """Have every interior point end at a vertex from now on; the next solve starts from scratch."""
        self.crossover = True
        self.set("run_crossover", "on")
        self.forget()

    def forget(self) -> None:
        """Drop the last basis: the next solve starts from scratch, as the first did."""
        self.highs.clearSolver()
        self._from_scratch()

    def at_vertex(self) -> bool:
        """Whether the last solve ended at a vertex."""
        return bool(self.highs.getInfo().basis_validity == highspy.kBasisValidityValid)

    def basis(self) -> Basis | None:
        """The basis of the last solve; None for an interior point."""
        held = self.highs.getBasis()
        if not held.valid:
            return None
        columns, rows = ([_STATUS_NUMBER[one] for one in part] for part in (held.col_status, held.row_status))
        return Basis(np.array(columns, dtype=np.uint8), np.array(rows, dtype=np.uint8))

    def start_from(self, basis: Basis) -> None:
        """Warm-start the next solve from this basis, by simplex. Raises ValueError for a basis of another problem."""
        held = highspy.HighsBasis()
        held.col_status = [BASIS_STATUS[number] for number in basis.columns.tolist()]
        held.row_status = [BASIS_STATUS[number] for number in basis.rows.tolist()]
        held.valid = True
        self._by_simplex()
        if self.highs.setBasis(held) != highspy.HighsStatus.kOk:
            raise ValueError("the basis is not one of this problem")

    def tighten(self) -> Outcome:
        """Solve again from the last basis, to a hundredth of HiGHS's tolerances: what each of many columns may be off adds
        up."""
        form = self.form
        self._by_simplex()
        self.set("simplex_strategy", 4)
        try:
            for name in TOLERANCES:
                self.set(name, TIGHT)
            return self.minimise(form.cost, form.offset)
        finally:
            for name in TOLERANCES:
                self.set(name, USUAL)

    def _from_scratch(self) -> None:
        """Choose the algorithm of a start from scratch. Where crossover is imprecise, HiGHS cleans up by simplex: the primal,
        since the vertex is feasible and nearly optimal, where the dual takes thousands of pivots (docs/speed.md)."""
        if self._algorithm != "simplex":
            self._by_simplex()
            self.set("simplex_strategy", 4)
        self.set("solver", self._algorithm)

    def _by_simplex(self) -> None:
        """Choose simplex for a warm start: with an interior point chosen HiGHS drops the basis.

        Near an optimum Devex prices and unperturbed numbers need a fraction of the pivots of HiGHS's defaults, which are made
        for a start from scratch (docs/speed.md)."""
        self.set("solver", "simplex")
        self.set("simplex_dual_edge_weight_strategy", 1)
        self.set("dual_simplex_cost_perturbation_multiplier", 0.0)
        self.set("primal_simplex_bound_perturbation_multiplier", 0.0)

    def add_row(self, coefficients: Floats, upper: float) -> None:
        """Add coefficients x <= upper as the last row."""
        nonzero = np.flatnonzero(coefficients).astype(np.int32)
        self.highs.addRow(-np.inf, upper, len(nonzero), nonzero, coefficients[nonzero])

    def limit_seconds(self, seconds: float) -> None:
        """Limit the time of the next solve. One that was abandoned goes on, so that no other can follow."""
        self._seconds_allowed = 0.0 if self._abandoned else max(0.0, seconds)
        if self._abandoned:
            return
        self.set("time_limit", self.highs.getRunTime() + self._seconds_allowed)  # HiGHS counts all its solves together

    def set(self, name: str, value: Any) -> None:
        """Set an option. Raises ValueError for one that HiGHS does not know: it would only return a code and go on."""
        set_option(self.highs, name, value)
        self._set_so_far[name] = value

    def _run(self) -> tuple[Any, Any]:
        """Run HiGHS. Of the two objects returned one knows the status, the other the iterations.

        HiGHS returns no iterate of an interior point that a time limit stops if it ran presolve itself: with a limit the
        presolved problem is solved by another object."""
        asked, counted = [self.highs], [self.highs]
        presolve_apart = self.options.time_limit_s is not None and self._set_so_far["solver"] != "simplex"

        def work() -> None:
            if not presolve_apart:
                self.highs.run()
                return
            self.highs.presolve()
            if self.highs.getModelPresolveStatus() != highspy.HighsPresolveStatus.kReduced:
                self.highs.run()
                return
            inner = highspy.Highs()  # type: ignore[no-untyped-call]
            asked.append(inner)
            counted.append(inner)
            left = max(0.0, float(self._set_so_far["time_limit"]) - self.highs.getRunTime())
            for name, value in {**self._set_so_far, "presolve": "off", "time_limit": left}.items():
                set_option(inner, name, value)
            inner.passModel(self.highs.getPresolvedLp())
            self._worker.attend(inner)
            inner.run()
            self._worker.leave(inner)
            solution, basis = inner.getSolution(), inner.getBasis()
            if solution.value_valid:
                more = LATE_S + LATE * self._seconds_allowed  # a solution is not lost for the last pivots
                set_option(self.highs, "time_limit", self.highs.getRunTime() + more)
                self.highs.postsolve(solution, basis) if basis.valid else self.highs.postsolve(solution)
                set_option(self.highs, "time_limit", self._set_so_far["time_limit"])
            if inner.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                asked.append(self.highs)  # postsolve decides whether it is an optimum of the original

        self._worker.attend(self.highs)
        self._worker.run(work, self._seconds_allowed)
        self._worker.leave(self.highs)
        return asked[-1], counted[-1]


def set_option(highs: Any, name: str, value: Any) -> None:
    """Set an option of HiGHS. Raises ValueError for one that it does not know."""
    if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
        raise ValueError(f"HiGHS does not know option {name} = {value!r}")


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


@functools.cache
def without_hipo() -> str | None:
    """Why HiPO, the fastest interior point here, is missing; None if it is installed. It needs the package highspy-extras of
    the same version: without it HiGHS silently runs another algorithm, with another version it refuses."""
    have: dict[str, str | None] = dict.fromkeys(("highspy", "highspy-extras"))
    for package in have:
        with contextlib.suppress(PackageNotFoundError):
            have[package] = version(package)
    wanted, found = have.values()
    if wanted == found:
        return None
    return f"HiPO needs highspy-extras {wanted}" + (f", not {found}" if found else "")


def _algorithm_that_ran(info: Any) -> str:
    """Derived from the iterations, not from the option."""
    if info.ipm_iteration_count > 0:
        return "interior point, crossover" if info.crossover_iteration_count > 0 else "interior point"
    return "simplex" if info.simplex_iteration_count > 0 else "presolve"


def _text_of(key: Key) -> str:
    """`build[us_ohio,grid,3]`: months are numbered from 1."""
    name, index = key
    parts = index if isinstance(index, tuple) else () if index is None else (index,)
    return f"{name}[{','.join(map(str, parts))}]".replace(" ", "_") if parts else name
