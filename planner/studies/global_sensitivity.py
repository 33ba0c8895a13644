"""Which assumptions decide when all of them change at once, by the samples and indices of SALib.

`morris`   elementary effects: N trajectories, on each of which one assumption after another moves. mu_star: how much a headline
           changes over the whole range of an assumption, on average, whatever the others are; sigma: how much that depends on
           where it and the others are (Campolongo, Cariboni and Saltelli, Environmental Modelling & Software 22, 2007).
`sobol`    shares of the variance of a headline: first order, by an assumption alone, and in total, with all its interactions
           (Saltelli et al., Computer Physics Communications 181, 2010).

Each assumption is uniform between its ends, and independent of the others. Every sampled plan is solved to its own optimum.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.errors import UsageError
from planner.progress import Progress
from planner.schema.results import AS_PLANNED
from planner.solve.compile.form import Floats
from planner.studies.assumptions import STATED, Assumption
from planner.studies.cases import MOST
from planner.studies.jobs import Start, in_turn
from planner.studies.sensitivity import BY, METRICS, STEADY, asked_of, case_of, solved
from planner.studies.sweep import Shelf

if TYPE_CHECKING:
    from planner.plan.plan import Plan

try:
    _sampled: Any = [importlib.import_module(f"SALib.sample.{name}") for name in ("morris", "sobol")]
    _analysed: Any = [importlib.import_module(f"SALib.analyze.{name}") for name in ("morris", "sobol")]
except ImportError:
    _sampled = _analysed = None

INSTALL = "--morris and --sobol need the package SALib: pip install 'compute-planner[sensitivity]'"
METHODS = MORRIS, SOBOL = "morris", "sobol"
LEVELS = 4
"""Of Morris: values that each assumption takes between its ends, both included."""

INDICES = {
    MORRIS: {"mu": "mu", "mu_star": "mu_star", "mu_star_conf95": "mu_star_conf", "sigma": "sigma"},
    SOBOL: {"first_order": "S1", "first_order_conf95": "S1_conf", "total_order": "ST", "total_order_conf95": "ST_conf"},
}
"""By method: columns, and what SALib calls them."""
BY_SIZE = {MORRIS: "mu_star", SOBOL: "total_order"}
"""By method: the column that ranks."""


@dataclass(frozen=True)
class GlobalSensitivity:
    """``rows``: for each headline that moves, an assumption a row, the first in rank first: headline, assumption, kind, low,
    high, the columns of INDICES, groups (of the sample, that count). ``samples``: each plan, with the value of each assumption,
    status and headlines. A group, a trajectory of Morris or a block of Sobol, counts only if all of its plans are optimal."""

    plan: str
    method: str
    rows: pd.DataFrame
    samples: pd.DataFrame
    groups: int
    kept: int

    def tables(self) -> dict[str, pd.DataFrame]:
        """Indices and samples, for CSV."""
        return {"global_sensitivity": self.rows, "samples": self.samples}

    @property
    def by_size(self) -> str:
        """The column that ranks."""
        return BY_SIZE[self.method]


def global_sensitivity(
    plan: Plan,
    method: str,
    number: int,
    by: float = BY,
    kinds: Sequence[str] = STATED,
    progress: Progress | None = None,
    shelf: Shelf | None = None,
    start: Start = in_turn,
    seed: int = 0,
) -> GlobalSensitivity:
    """Solve a sample of ``number`` groups of plans, as many plans each as there are assumptions and one (Morris) or two (Sobol)
    more; the same ``seed`` gives the same sample.

    Raises UsageError where SALib is missing, for an unknown method, a number of groups that the method does not take, or more
    plans than a sweep, and as `sensitivity` does."""
    if _sampled is None:
        raise UsageError(INSTALL)
    if method not in METHODS:
        raise UsageError(f"{method}: expected {' or '.join(METHODS)}")
    if number < 2 or (method == SOBOL and number & (number - 1)):
        raise UsageError(f"--{method} {number}: expected {'a power of two' if method == SOBOL else 'a whole number'} from 2 on")
    asked, progress = asked_of(plan, by, kinds), progress or Progress()
    size = len(asked) + (1 if method == MORRIS else 2)
    if number * size > MOST:
        plans = f"{number * size:,} plans for {len(asked)} assumptions"
        raise UsageError(f"--{method} {number}: {plans}, expected at most {MOST:,}")
    problem = {"num_vars": len(asked), "names": [each.name for each in asked], "bounds": [[0.0, 1.0]] * len(asked)}
    drawn = _sample(problem, method, number, seed)
    samples, kept = _solved(plan, asked, drawn, progress, shelf, start)
    rows, most = [], 0
    for metric in METRICS:
        found, groups = _indices(problem, method, drawn, samples[metric].to_numpy(dtype=float), size, seed)
        most = max(most, groups)
        ranked = np.argsort(-np.abs(found[BY_SIZE[method]]), kind="stable").tolist() if found else []
        rows += [_row(metric, asked[place], found, place, groups) for place in ranked]
    columns = ["headline", "assumption", "kind", "low", "high", *INDICES[method], "groups"]
    return GlobalSensitivity(plan.name, method, pd.DataFrame(rows, columns=columns), samples, most, kept)


def _sample(problem: Mapping[str, Any], method: str, number: int, seed: int) -> Floats:
    """Shares of the way from the low to the high end: a row a plan, a column an assumption."""
    morris, sobol = _sampled
    if method == MORRIS:
        drawn: Floats = morris.sample(dict(problem), number, num_levels=LEVELS, seed=seed)
    else:
        drawn = sobol.sample(dict(problem), number, calc_second_order=False, seed=seed)
    return drawn


def _solved(
    plan: Plan, asked: Sequence[Assumption], drawn: Floats, progress: Progress, shelf: Shelf | None, start: Start
) -> tuple[pd.DataFrame, int]:
    """The plans of a sample, solved; the readers may refuse some."""
    values = [[each.between(share) for each, share in zip(asked, row, strict=True)] for row in drawn.tolist()]
    cases = [
        case_of(plan, f"sample {number}", [word for each, value in zip(asked, row, strict=True) for word in each.words(value)])
        for number, row in enumerate(values, start=1)
    ]
    (_, *points), kept = solved("sample", [case_of(plan, AS_PLANNED, ())], cases, progress, shelf, start)
    rows = []
    for row, point in zip(values, points, strict=True):
        told = {each.name: value for each, value in zip(asked, row, strict=True)}
        rows.append(told | {name: point.get(name, float("nan")) for name in ("status", *METRICS, "note")})
    return pd.DataFrame(rows), kept


def _indices(
    problem: Mapping[str, Any], method: str, drawn: Floats, values: Floats, size: int, seed: int
) -> tuple[dict[str, Floats], int]:
    """What SALib makes of a headline, and of how many groups; nothing where fewer than two are whole, or nothing moves it."""
    whole = np.isfinite(values.reshape(-1, size)).all(axis=1)
    used = np.repeat(whole, size)
    kept, groups = values[used], int(whole.sum())
    if groups < 2 or np.ptp(kept) <= STEADY * max(1.0, float(np.abs(kept).max())):
        return {}, groups
    morris, sobol = _analysed
    if method == MORRIS:
        found = morris.analyze(dict(problem), drawn[used], kept, num_levels=LEVELS, seed=seed)
    else:
        found = sobol.analyze(dict(problem), kept, calc_second_order=False, seed=seed)
    return {column: _without_noise(np.asarray(found[name], dtype=float)) for column, name in INDICES[method].items()}, groups


def _without_noise(values: Floats) -> Floats:
    """Indices, those of nothing but rounding as zero."""
    return np.where(np.abs(values) <= STEADY * np.abs(values).max(), 0.0, values)


def _row(metric: str, each: Assumption, found: Mapping[str, Floats], place: int, groups: int) -> dict[str, Any]:
    told = {"headline": metric, "assumption": each.name, "kind": each.kind, "low": each.low, "high": each.high}
    return {**told, **{column: float(values[place]) for column, values in found.items()}, "groups": groups}
