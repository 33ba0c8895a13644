"""Remedies confirmed: each of the first solved again with the relief in place, from the basis of the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

import numpy as np
import pandas as pd

from planner.prepare.plan_data import prepared
from planner.progress import Progress
from planner.schema.results import RESULT_TABLES
from planner.solve.compile.form import Floats
from planner.solve.highs import Solver
from planner.solve.near_optimal import UNSERVED
from planner.solve.ties import settled
from planner.studies.explain.reopened import OpenRun
from planner.tables.assets import Added, Assets
from planner.tables.remedies import Relief, Remedy, find_remedies, ranked, remedies_table, remedy_row

CONFIRMED = 10
"""How many remedies are solved again, the first in their order."""


@dataclass(frozen=True)
class Confirmed:
    """A remedy, and what it costs and gives once solved again; ``solved`` None where that was not done.

    ``unserved_musd``: how much less the compute is worth that then goes unserved, discounted; the rest of what the relief
    changes is cash."""

    remedy: Remedy
    solved: Relief | None = None
    unserved_musd: float | None = None

    @property
    def relief(self) -> Relief:
        """The best that is known."""
        return self.solved or self.remedy.relief

    def record(self) -> dict[str, Any]:
        """As JSON: the columns of the table of remedies, to first order and, under `solved`, from solving again."""
        first, solved = (None if relief is None else _row(self.remedy, relief) for relief in (self.remedy.relief, self.solved))
        assert first is not None
        if solved is None:
            return {**first, "solved": None}
        return {**first, "solved": {name: solved[name] for name in MEASURED} | {"unserved_musd": self.unserved_musd}}


MEASURED = (
    *("saves_musd", "cost_musd", "own_musd", "speed_up_musd", "net_musd", "capital_musd"),
    *("powered_kh100e", "powered_frac", "h100e_years_per_musd"),
)
"""Columns of the table of remedies that solving again measures."""


def remedies_of(run: OpenRun, count: int, progress: Progress) -> list[Confirmed]:
    """The remedies of a run: the first ``count`` solved again and ranked by what that found, then the others."""
    assets = Assets(run.solution, prepared(run.plan).purchasing)
    found = find_remedies(assets)
    if run.solver is None or not count:
        return [Confirmed(each) for each in found]
    confirmed = []
    with progress.phase("remedies"):
        for each in found[:count]:
            confirmed.append(solve_again(run, run.solver, assets, each))
            progress.count(len(confirmed), min(count, len(found)), "remedies")
    confirmed = ranked(confirmed, lambda each: each.relief)
    return [*confirmed, *(Confirmed(each) for each in found[count:])]


def solve_again(run: OpenRun, solver: Solver, assets: Assets, remedy: Remedy) -> Confirmed:
    """What a remedy costs and gives with its limit moved in each of its months; nothing new where HiGHS ends without an
    optimum."""
    form, basis = solver.form, solver.basis()
    numbers = [assets.row[remedy.constraint, index] for index in remedy.rows]
    sides = [(float(form.row_lower[number]), float(form.row_upper[number])) for number in numbers]
    for number, (low, high) in zip(numbers, sides, strict=True):
        moved = (low, high + remedy.amount) if high < inf else (low - remedy.amount, high)
        solver.highs.changeRowBounds(number, *moved)
    outcome = solver.minimise(form.cost, form.offset)
    for number, bounds in zip(numbers, sides, strict=True):
        solver.highs.changeRowBounds(number, *bounds)
    if basis is not None:
        solver.start_from(basis)
    if outcome.status != "optimal":
        return Confirmed(remedy)
    outcome = settled(run.solution.data, form, outcome)  # as the plan was, or ties would count as what the limit gives
    less, more = run.solution.proof.objective_musd - outcome.objective, outcome.values - run.solution.outcome.values
    unserved = [number for number, (name, _) in enumerate(form.columns) if name in UNSERVED]
    served_musd = -float(form.cost[unserved] @ more[unserved])
    return Confirmed(remedy, _measured(assets, remedy, less, outcome.values, more), served_musd)


def _measured(assets: Assets, remedy: Remedy, less_musd: float, values: Floats, more: Floats) -> Relief:
    """``less_musd``: how much the objective fell; ``more``: how much each column rose."""
    first = assets.data.months.index(remedy.first) + 1
    powered = powered_kh100e(assets, more, first)
    if remedy.relief.own_musd is None:
        return replace(remedy.relief, saves_musd=less_musd, powered_kh100e=powered)
    rows = assets.rows_of(remedy.constraint, remedy.where)
    keys = dict.fromkeys(key for index in rows for key, _ in assets.users(remedy.constraint, index))
    added = [Added(key, float(more[assets.column[key]])) for key in keys]
    own = sum(each.units * assets.own_musd(each.key) for each in added)
    beyond = [
        (usd, _beyond(assets, remedy.constraint, index, values))
        for index in remedy.rows
        if (usd := assets.speed_up_musd(remedy.constraint, index)) is not None
    ]
    stated = remedy.relief.speed_up_musd is not None
    speed_up = sum(usd * units for usd, units in beyond) if stated else None
    capital = sum(assets.capital_musd(each) for each in added)
    return replace(
        remedy.relief,
        saves_musd=less_musd + own,
        own_musd=own,
        speed_up_musd=speed_up,
        capital_musd=capital,
        powered_kh100e=powered,
    )


def _beyond(assets: Assets, constraint: str, index: Any, values: Floats) -> float:
    """How much of a limit is used beyond what there was."""
    form, number = assets.form, assets.row[constraint, index]
    row = form.by_rows
    part = slice(row.indptr[number], row.indptr[number + 1])
    used = float(row.data[part] @ values[row.indices[part]])
    return max(0.0, used - float(form.row_upper[number]))


def powered_kh100e(assets: Assets, more: Floats, first: int) -> float:
    """How many more chips are installed on Earth or alive in orbit, mean from a month to the end of the horizon."""
    d, found = assets.data, 0.0
    months = range(first, len(d.horizon) + 1)
    for number in np.flatnonzero(more).tolist():
        name, index = assets.form.columns[number]
        if name == "installed" and index[2] in months:
            found += float(more[number]) * d.h100e_per_unit[index[1]]
        elif name == "deploy" and index[0] in d.designs:
            o, g, v = index
            alive = sum(d.orbit_alive_frac.get((o, v, t), 0.0) for t in months)
            found += float(more[number]) * d.h100e_per_unit[g] * alive
    return found / len(months)


def _row(remedy: Remedy, relief: Relief) -> dict[str, Any]:
    return dict(zip(RESULT_TABLES["remedies"].names, remedy_row(remedy, relief), strict=True))


def confirmed_table(found: Sequence[Confirmed]) -> pd.DataFrame:
    """One row a remedy: to first order, and with `solved_` before the name what solving again found."""
    frame = remedies_table([each.remedy for each in found])
    for name in MEASURED:
        frame[f"solved_{name}"] = [None if each.solved is None else _row(each.remedy, each.solved)[name] for each in found]
    frame["solved_unserved_musd"] = [each.unserved_musd for each in found]
    return frame
