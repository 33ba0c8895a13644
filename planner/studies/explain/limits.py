"""The limits that bind, grouped over their months, and what one unit more or less of each does, found by solving again.

At an optimum with ties a dual is one of many. Solving again with one unit more and one unit less gives what a unit is worth
on either side: where the two differ, the price is that range and not the number between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from models import PRICES, REGISTER
from planner.progress import Progress
from planner.solve.highs import Solver
from planner.studies.explain.reopened import OpenRun
from planner.tables.limits import limits_table

SAME = 1e-3  # two prices nearer than this, relative, are one


@dataclass(frozen=True)
class Binding:
    """A limit of one place. Prices in USD per unit of the limit, in money of their month; rent in million USD, discounted.

    ``more_usd``: what one more unit saves in ``month``, where the limit is worth most; ``less_usd``: what one unit less costs.
    Both from solving again; None where the run has no vertex, or where there is no plan with one unit less."""

    constraint: str
    where: str
    unit: str
    first: str
    last: str
    months: int
    low_usd: float
    high_usd: float
    rent_musd: float
    month: str
    limit: float
    worth_usd: float
    more_usd: float | None = None
    less_usd: float | None = None

    @property
    def repeats(self) -> bool:
        """Whether its price is the month's part of what limits on growth are worth until the end."""
        return PRICES[self.constraint].repeats

    @property
    def is_growth(self) -> bool:
        """Whether it is a limit on what may be added in a place."""
        row = REGISTER[self.constraint]
        return row.kind == "limit" and row.has("place") and not self.repeats

    @property
    def item(self) -> str:
        """What it is a limit on, in a place or in the world; empty for a limit on the place."""
        return self.where.split(" / ")[-1] if PRICES[self.constraint].of_item else ""

    @property
    def is_range(self) -> bool:
        """Whether one unit more and one unit less are not worth the same."""
        if self.more_usd is None or self.less_usd is None:
            return False
        return self.less_usd - self.more_usd > SAME * max(abs(self.less_usd), 1.0)


def binding_limits(limits: pd.DataFrame) -> list[Binding]:
    """Every limit that binds, those with the greatest rent first; ``limits`` as `limits_table` gives them."""
    found = []
    for (name, where), rows in limits.groupby(["constraint", "where"], sort=False):
        worth = rows["worth_usd"].to_numpy(dtype=float)
        months = [str(month) for month in rows["month"]]
        top = int(np.abs(worth).argmax())
        found.append(
            Binding(
                constraint=str(name),
                where=str(where),
                unit=str(rows["unit"].iloc[0]),
                first=min(months),
                last=max(months),
                months=len(months),
                low_usd=float(worth.min()),
                high_usd=float(worth.max()),
                rent_musd=float(rows["rent_musd"].sum()),
                month=months[top],
                limit=float(rows["limit"].iloc[top]),
                worth_usd=float(worth[top]),
            )
        )
    return sorted(found, key=lambda each: -abs(each.rent_musd))


def bracketed(run: OpenRun, limits: list[Binding], progress: Progress) -> list[Binding]:
    """The same limits with what one unit more and one unit less do; as they are where the run has no vertex."""
    if run.solver is None:
        return limits
    d, found = run.data, []
    numbers = row_numbers(run)
    with progress.phase("one unit"):
        for limit in limits:
            row = numbers[limit.constraint, limit.where, limit.month]
            more, less = one_unit(run.solver, row, run.solution.proof.objective_musd)
            usd = PRICES[limit.constraint].usd / d.discount[d.months.index(limit.month) + 1]
            more_usd, less_usd = (None if musd is None else musd * usd for musd in (more, less))
            found.append(Binding(**{**vars(limit), "more_usd": more_usd, "less_usd": less_usd}))
            progress.count(len(found), len(limits), "limits")
    return found


def row_numbers(run: OpenRun) -> dict[tuple[str, str, str], int]:
    """The row of the linear program behind each (constraint, where, month) of the table of limits."""
    d = run.data
    found = {}
    for number, (name, index) in enumerate(run.solution.form.rows):
        if name in PRICES:
            row = REGISTER[name]
            found[name, row.where(index), d.months[row.last_month(index, d) - 1]] = number
    return found


def one_unit(solver: Solver, row: int, objective: float) -> tuple[float | None, float | None]:
    """What one more unit of a row's limit saves and one unit less costs, million USD (discounted), by solving again.

    Of a limit below one unit only what there is is taken away. None: no such plan."""
    form, basis = solver.form, solver.basis()
    low, high = float(form.row_lower[row]), float(form.row_upper[row])
    side, loosen = (high, 1.0) if np.isfinite(high) else (low, -1.0)
    found: list[float | None] = []
    for step in (1.0, -abs(side) if loosen > 0 and 0.0 < abs(side) < 1.0 else -1.0):
        moved = side + loosen * step
        solver.highs.changeRowBounds(row, *((low, moved) if loosen > 0 else (moved, high)))
        outcome = solver.minimise(form.cost, form.offset)
        found.append((objective - outcome.objective) / step if outcome.status == "optimal" else None)
        solver.highs.changeRowBounds(row, low, high)
        if basis is not None:
            solver.start_from(basis)
    return found[0], found[1]


def never_binding(run: OpenRun, limits: list[Binding]) -> list[str]:
    """Limits that the plan has and that bind nowhere."""
    binds = {limit.constraint for limit in limits}
    return [name for name in PRICES if name not in binds and any(name == row for row, _ in run.solution.form.rows)]


def limits_of(run: OpenRun) -> pd.DataFrame:
    """The table of limits of the run's horizon, from the optimum itself."""
    limits = limits_table(run.solution)
    return limits[limits["month"].isin(run.data.horizon)].reset_index(drop=True)


def as_record(limit: Binding) -> dict[str, Any]:
    """A limit as JSON."""
    return {**vars(limit), "is_range": limit.is_range}
