"""Many plans: every combination of some values, each solved to its own optimum.

A plan that differs from the one before in prices or limits alone is warm-started; any other is solved from scratch. The order
is that of the grid, the last key fastest, and does not matter for the results: each is an optimum of its own.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import PlannerError, UsageError
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.read.load import load
from planner.solve.session import Session
from planner.solve.solution import Solution

if TYPE_CHECKING:
    from planner.plan.plan import Plan
    from planner.result import SummaryLine

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
VARY = re.compile(
    rf"(?P<key>[^=]*[^=*\s])\s*(?P<scales>\*?)=\s*(?P<first>{NUMBER})\s*\.\.\s*(?P<last>{NUMBER})\s*:\s*(?P<steps>\d+)\s*"
)
GRAMMAR = "KEY=a..b:n, n numbers from a to b at equal steps, KEY as for --set; KEY*=a..b:n scales"
EXAMPLE = "such as demand.doubling_months=4..12:5 or launch_price.usd_per_kg*=0.1..1:10"
MOST = 10_000
NOT_SOLVED = "not_solved"
HEADLINES = {
    "cash_capital": "cash_capital_musd",
    "cash_running": "cash_running_musd",
    "cash_chips": "cash_chips_musd",
    "dark_price": "dark_price_musd",
    "cost": "cost_musd",
    "unserved_value": "unserved_value_musd",
    "energy_cost": "energy_cost_usd_per_mwh",
    "served_share": "served_frac",
    "served_share_end": "served_end_frac",
    "dark_end": "dark_end_mh100e",
    "dark_worst": "dark_worst_mh100e",
    "dark_power_end": "dark_power_end_mh100e",
    "dark_halls_end": "dark_halls_end_mh100e",
    "dark_late_end": "dark_late_end_mh100e",
    "dark_idle_end": "dark_idle_end_mh100e",
    "displaced_end": "displaced_end_mh100e",
    "power_firm_end": "power_firm_end_gw",
    "power_drawn_end": "power_drawn_end_gw",
    "power_end": "power_end_gw",
    "grid_at_limit": "grid_at_limit_frac",
    "firm_value": "firm_value_usd_per_mwh",
    "orbit_share": "orbit_frac",
    "optimality_gap": "relative_gap",
}
"""Lines of the summary that a run ends with, and their columns here."""


@dataclass(frozen=True)
class Axis:
    """One key and the values that it takes, as they are written on a command line."""

    key: str
    values: tuple[str, ...]

    @property
    def name(self) -> str:
        """The column of this key: a factor says so."""
        return self.key.removesuffix("*") + (" (factor)" if self.key.endswith("*") else "")


@dataclass(frozen=True)
class Sweep:
    """``points``: one row a point. Columns: point, one for each key, status (`optimal`, `infeasible`, `unbounded`,
    `numerical_trouble`, `not_solved` after Ctrl-C), objective_musd (what was minimised, the look-ahead included), and those of
    HEADLINES, which count the horizon; empty unless optimal.

    Where several plans cost the same, the headlines are those of one of them. ``failures``: by point, why it has no plan.
    ``warm``: how many were warm-started."""

    axes: tuple[Axis, ...]
    points: pd.DataFrame
    failures: dict[int, PlannerError]
    warm: int

    @property
    def solved(self) -> int:
        return int((self.points["status"] == "optimal").sum())

    @property
    def interrupted(self) -> bool:
        return bool((self.points["status"] == NOT_SOLVED).any())

    @property
    def keys(self) -> list[str]:
        """The columns of what was varied."""
        return [axis.name for axis in self.axes]

    def tables(self) -> dict[str, pd.DataFrame]:
        """The points, for CSV."""
        return {"sweep": self.points}


def read_axis(text: str) -> Axis:
    """`KEY=a..b:n`. Raises UsageError."""
    found = VARY.fullmatch(text)
    if found is None:
        raise UsageError(f"--vary {text}: expected {GRAMMAR}, {EXAMPLE}")
    steps = int(found["steps"])
    if not 2 <= steps <= MOST:
        raise UsageError(f"--vary {text}: {steps} values, expected 2 to {MOST:,}")
    first, last = float(found["first"]), float(found["last"])
    if not np.isfinite([first, last]).all() or first == last:
        raise UsageError(f"--vary {text}: expected two different numbers")
    values = tuple(f"{value:.12g}" for value in np.linspace(first, last, steps).tolist())
    return Axis(found["key"].strip() + found["scales"], values)


def sweep(
    plan: Plan,
    axes: Sequence[Axis],
    headlines: Callable[[Plan, Solution], Sequence[SummaryLine]],
    progress: Progress | None = None,
    keep: bool = False,
) -> Sweep:
    """Solve ``plan`` with every combination of the values of ``axes``; its file is read again for each.

    All are read before the first is solved: InputError names what is refused. None of them is kept: each is read again when its
    turn comes, so that many points take no more memory than one. ``keep``: at Ctrl-C the points that are done are
    returned, the others as `not_solved`. Raises UsageError for a key that stands twice, or too many points."""
    keys = [axis.key.removesuffix("*") for axis in axes]
    if not axes or len(set(keys)) < len(keys):
        raise UsageError("--vary: expected one or more keys, each once")
    for axis in axes:
        for text in plan.overrides:
            if not axis.key.endswith("*") and text.partition("=")[0].rstrip("* ") == axis.key:
                raise UsageError(
                    f"--set {text}: --vary gives {axis.key} other values; state one of the two, or vary {axis.key}*"
                )
    if (count := math.prod(len(axis.values) for axis in axes)) > MOST:
        raise UsageError(f"--vary: {count:,} points, expected at most {MOST:,}")
    grid = list(itertools.product(*(axis.values for axis in axes)))
    progress = progress or Progress()
    sets = [[f"{axis.key}={value}" for axis, value in zip(axes, values, strict=True)] for values in grid]

    def read(words: list[str]) -> Plan:
        return load(plan.path, [*plan.overrides, *words], bool(plan.own_limits))

    with progress.phase("read"):
        for words in sets:
            read(words)
    rows: list[dict[str, object]] = []
    failures: dict[int, PlannerError] = {}
    session, warm = Session(progress), 0
    try:
        with progress.phase("points"):
            for number, words in enumerate(sets, start=1):
                status = "optimal"
                numbers: dict[str, object] = {}
                point = read(words)
                try:
                    solution = session.solve(prepare(point))
                    warm += session.warm
                    numbers = {"objective_musd": solution.proof.objective_musd}
                    told = {line.key: line.value for line in headlines(point, solution)}
                    numbers |= {column: told[key] for key, column in HEADLINES.items() if key in told}
                except PlannerError as error:
                    if not error.status:
                        raise
                    status = error.status
                    failures[number] = error
                rows.append({"status": status, **numbers})
                progress.say(f"{number} of {len(grid)}: {', '.join(words)}: {status}")
                progress.count(number, len(grid), "points")
    except KeyboardInterrupt:
        if not keep:
            raise
    return Sweep(tuple(axes), _table(axes, grid, rows), failures, warm)


def _table(axes: Sequence[Axis], grid: list[tuple[str, ...]], rows: list[dict[str, object]]) -> pd.DataFrame:
    rows = rows + [{"status": NOT_SOLVED}] * (len(grid) - len(rows))
    columns: dict[str, object] = {"point": range(1, len(grid) + 1)}
    columns |= {axis.name: [float(values[n]) for values in grid] for n, axis in enumerate(axes)}
    columns["status"] = [row["status"] for row in rows]
    for name in ("objective_musd", *HEADLINES.values()):
        columns[name] = [row.get(name, 0.0 if name == "unserved_value_musd" and len(row) > 1 else np.nan) for row in rows]
    return pd.DataFrame(columns)
