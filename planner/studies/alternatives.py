"""Alternatives to a finished run: whole plans that cost at most a share more, serve no less, and differ as much as they can.

Plans are compared by the totals of `ranges`: MW of IT by place and MW of power capacity by option, in the last month.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from planner.errors import UsageError
from planner.plan.plan import Plan
from planner.progress import Progress
from planner.result import Result
from planner.solve.alternatives import Alternative, Alternatives as Furthest, distance, solution_of
from planner.solve.choices import Choices
from planner.solve.compile.form import Floats
from planner.solve.near_optimal import UNSERVED
from planner.studies.explain.reopened import OpenRun, open_run
from planner.studies.ranges import NOTHING_MW, near_optimal, totals
from planner.tables.result import make_result

KINDS = ("region", "option")
MOST = 20
"""Alternatives that may be asked for."""
SAME_MW = 0.01
"""Distance up to which a plan is no other."""
ROWS = ["alternative", "folder", "paid_musd", "more_musd", "more_frac", "from_plan_mw", "nearest_mw", "within_frac", "programs"]
TOTALS = ["of", "id", "month"]


@dataclass(frozen=True)
class Alternatives:
    """``rows``: one row an alternative (ROWS): where it was written, what it pays, discounted, and more than the plan, by how
    many MW its totals differ from the plan's, all added up, and from the nearest of all plans before it.

    ``totals``: one row a total, its MW in the plan and in each alternative. ``asked``: how many were asked; there are
    fewer where no other plan differs, or after Ctrl-C (``interrupted``). ``page``: their comparison."""

    plan: str
    rows: pd.DataFrame
    totals: pd.DataFrame
    asked: int
    interrupted: bool
    page: Path
    inputs: dict[str, dict[str, list[Any]]]

    @property
    def missing(self) -> int:
        """How many of those asked for there are not."""
        return self.asked - len(self.rows)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The rows and the totals, for CSV."""
        return {"alternatives": self.rows, "totals": self.totals}


class Search:
    """The alternatives to a finished run, one after the other."""

    def __init__(self, folder: Path, within: float, progress: Progress, own_limits: bool = False) -> None:
        """Raises UsageError for a folder that is no whole result, a share out of bounds, and a plan of mode `energy`."""
        if not 0.0 < within <= 1.0:
            raise UsageError(f"--within {100 * within:g}%: expected more than 0% and at most 100% of the paid cost")
        self.run: OpenRun = open_run(folder, progress, own_limits)
        if self.run.data.mode == "energy":
            raise UsageError(f"{folder} serves the most compute first (objective: energy): alternatives compare plans by cost")
        self.progress, self.within = progress, within
        self.totals = list(totals(self.run.data, KINDS))
        with progress.phase("alternatives"):
            self.near = near_optimal(self.run, within, progress)
            self.furthest = Furthest(self.near, *self._matrix(), progress.update)
        self.found: list[Alternative] = []

    @property
    def plan(self) -> Plan:
        """The plan of the run, with what `--set` had changed in it."""
        stated = self.run.manifest.get("resolved_from", {}).get("set") or ()
        return replace(self.run.plan, overrides=tuple(map(str, stated)))

    def results(self, number: int) -> Iterator[Result]:
        """So many alternatives, each as a result; fewer where no further plan differs."""
        for count in range(1, number + 1):
            with self.progress.phase("alternatives"):
                found = self.furthest.furthest()
            if found.distance_mw <= SAME_MW:
                return
            self.found.append(found)
            yield self._result(found, count)

    def rows(self, folders: list[Path]) -> pd.DataFrame:
        """A row an alternative that was written."""
        least, plan_mw, rows = self._paid(self.near.values), self.furthest.known[0], []
        for number, (folder, found) in enumerate(zip(folders, self.found, strict=False), start=1):
            paid = self._paid(found.outcome.values[:-1])
            row = {"alternative": number, "folder": folder.name, "paid_musd": paid, "more_musd": paid - least}
            row |= {"more_frac": (paid - least) / abs(least) if least else 0.0, "within_frac": self.within}
            row |= {"from_plan_mw": distance(found.totals_mw, plan_mw), "programs": found.programs}
            row |= {"nearest_mw": found.distance_mw}
            rows.append(row)
        return pd.DataFrame(rows, columns=ROWS)

    def totals_table(self, number: int) -> pd.DataFrame:
        """The totals of the plan and of the first ``number`` alternatives."""
        names = ["plan_mw", *(f"{name_of(k)}_mw" for k in range(1, number + 1))]
        plans = dict(zip(names, self.furthest.known, strict=False))
        clean = {name: np.where(np.abs(mw) <= NOTHING_MW, 0.0, mw) for name, mw in plans.items()}
        named = {key: [getattr(total, key) for total in self.totals] for key in TOTALS}
        return pd.DataFrame({**named, **clean})

    def _matrix(self) -> tuple[csr_array, Floats]:
        """The totals as rows over the columns of the program, and what counts whatever is decided."""
        at = {key: number for number, key in enumerate(self.near.form.columns)}
        entries = [
            (row, at[key], mw) for row, total in enumerate(self.totals) for key, mw in total.weights.items() if key in at
        ]
        rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
        shape = (len(self.totals), self.near.form.shape[1])
        matrix = csr_array((np.array(values, dtype=float), (rows, columns)), shape=shape)
        return matrix, np.array([total.constant_mw for total in self.totals])

    def _paid(self, values: Floats) -> float:
        return float(self.near.paid @ values) + self.near.form.offset

    def _result(self, found: Alternative, number: int) -> Result:
        best, form = self.run.solution, self.near.form
        message = f"at most {100 * self.within:g} % more is paid, and no less is served"
        solution = solution_of(best, found, message)
        chosen = self.run.manifest.get("solver", {}).get("choices")
        if isinstance(chosen, dict):
            made = Choices(chosen["months"], float(chosen["bound_musd"]), True, int(chosen["nodes"]), float(chosen["seconds"]))
            solution = replace(solution, choices=made)
        with self.progress.phase("tables"):
            result = make_result(self.plan, solution)
        least = self._paid(self.near.values)
        unserved = np.array([name == UNSERVED[0] for name, _ in form.columns])
        result.record["solver"]["alternative"] = {
            "number": number,
            "within_frac": self.within,
            "least_paid_musd": least,
            "least_unserved_musd": best.proof.objective_musd - least,
            "least_unserved_kh100e": float(self.near.values[unserved].sum()),
        }
        result.record["timings"] = dict(self.progress.seconds)
        return result


def name_of(number: int) -> str:
    """The name of the folder of an alternative."""
    return f"alternative-{number}"
