"""The frontier of a plan: the least cost at each amount of carbon, or of served compute, and the price of a unit less of it.

`cost,carbon`   cost is the plan's whole cost, unserved compute at its value included, discounted: what `planner run` minimises
                in mode `value`, which it is solved in. Carbon is all emissions of all power, priced or not, undiscounted.
`cost,served`   cost is the plan's cost without the value of unserved compute, discounted. Served is compute served, each class
                by its weight: what mode `energy` makes most of.

Cost, carbon and served compute are those of all months that are decided, the look-ahead included: a plan that could emit in the
look-ahead what it saves in the horizon would be no better.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.data import Mode, PlanData
from planner.errors import UsageError, VerificationError
from planner.progress import Progress
from planner.solve.compile.form import Floats, Form
from planner.solve.frontier import Point, faults, trace
from planner.solve.solution import standard_form

HOURS_PER_MONTH = 730.5
FEWEST, MOST = 2, 1000


@dataclass(frozen=True)
class Axis:
    """What cost is traded against. ``less``: by column, the total that is brought down; ``shown``: what a table says of its
    value, given the plan."""

    words: str
    cost: str  # its column: as `--vary` names it
    unit: str
    price_unit: str
    mode: Mode
    less: Callable[[PlanData, Form], Floats]
    shown: Callable[[PlanData, float], float]
    price: float  # of `price_unit` in one million USD per unit of the total
    spacing: float  # 1: points at equal steps; more: at steps that grow


def _emitted(data: PlanData, form: Form) -> Floats:
    """Thousand tonnes of CO2 by column."""
    found = np.zeros(form.shape[1])
    for column, (name, index) in enumerate(form.columns):
        if name == "output":
            r, p, t, k = index
            found[column] = 1e-3 * data.hours_h[t, k] * data.carbon_t_per_mwh[r, p]
    return found


def _unserved(data: PlanData, form: Form) -> Floats:
    """Weighted thousand H100e-months by column."""
    if form.aim is None or not form.aim.any():
        raise UsageError("a frontier of served compute needs a plan that may leave some unserved: set unserved=allowed")
    return form.aim


def _asked(data: PlanData) -> float:
    return sum(data.weight[w] * amount for (_, w, _), amount in data.demand_kh100e.items())


AXES = {
    "carbon": Axis(
        words="carbon",
        cost="objective_musd",
        unit="tco2",
        price_unit="usd_per_tco2",
        mode="value",
        less=_emitted,
        shown=lambda _, total: 1e3 * total,
        price=1e3,
        spacing=3.0,  # what the first tonnes cost is what decides; the last cost more than anybody pays
    ),
    "served": Axis(
        words="served compute",
        cost="cost_musd",
        unit="kh100e_months",
        price_unit="usd_per_h100e_h",
        mode="energy",
        less=_unserved,
        shown=lambda data, total: _asked(data) - total,
        price=1e3 / HOURS_PER_MONTH,
        spacing=1.0,
    ),
}
"""By the word that stands after `cost,`."""


@dataclass(frozen=True)
class Frontier:
    """``points``: one row a point, from the least cost on. Columns: point, objective_musd (with unserved compute at its value)
    or cost_musd (without), then carbon_tco2 or served_kh100e_months, price (usd_per_tco2 or usd_per_h100e_h), served_frac (of
    all that is asked, as the headline), relative_gap, primal_residual,
    dual_residual (what proves the point, recomputed from the arrays). ``look_ahead_months``: how many of the months that the
    points count, at the end, are the look-ahead."""

    against: str
    points: pd.DataFrame
    checks: list[str]
    look_ahead_months: int = 0

    @property
    def total(self) -> str:
        """The column of what cost is traded against."""
        return f"{self.against}_{AXES[self.against].unit}"

    @property
    def cost(self) -> str:
        """The column of the cost."""
        return AXES[self.against].cost

    @property
    def price(self) -> str:
        """The column of the price of a unit of it."""
        return f"price_{AXES[self.against].price_unit}"

    def tables(self) -> dict[str, pd.DataFrame]:
        """The points, for CSV."""
        return {"frontier": self.points}


@dataclass(frozen=True)
class Program:
    """What a frontier is traced in: the plan in the axis's mode, its arrays, and the other total by column."""

    data: PlanData
    form: Form
    less: Floats


def program_of(data: PlanData, against: str, progress: Progress) -> Program:
    """The program of an axis. Raises UsageError where the plan has no such total."""
    axis = AXES[against]
    asked = dataclasses.replace(data, mode=axis.mode)
    _, form = standard_form(asked, progress)
    return Program(asked, dataclasses.replace(form, aim=None), axis.less(asked, form))


Trace = Callable[[Program, str, int, Progress], list[Point]]
"""Traces a frontier: a program, the axis, how many points."""


def in_two_threads(program: Program, against: str, points: int, progress: Progress) -> list[Point]:
    """Trace a frontier in this process."""
    return trace(program.form, program.less, points, program.data.months, progress, AXES[against].spacing)


def pareto(
    data: PlanData, totals: str, points: int, progress: Progress | None = None, traced: Trace = in_two_threads
) -> Frontier:
    """The frontier of ``data`` for `cost,carbon` or `cost,served`, its ``points`` as the axis spaces them.

    Raises UsageError for other words or another number, VerificationError where the points contradict each other, and as
    `planner.solve.frontier.trace` does."""
    cost, _, against = totals.partition(",")
    if cost != "cost" or against not in AXES:
        raise UsageError(f"--pareto {totals}: expected cost,{' or cost,'.join(AXES)}")
    if not FEWEST <= points <= MOST:
        raise UsageError(f"--points {points}: expected {FEWEST} to {MOST}")
    if data.undecided:
        names = ", ".join(each.project_id for each in data.undecided)
        raise UsageError(
            f"--pareto {totals}: a frontier has prices, and between one choice of whole projects ({names}) and the "
            'next nothing has a price; let them be taken in part (--set "projects.whole=no"), or state their choice as orders'
        )
    progress = progress or Progress()
    program = program_of(data, against, progress)
    found = traced(program, against, points, progress)
    wrong = faults(found)
    if wrong:
        raise VerificationError("the points of the frontier contradict each other:\n" + "\n".join(wrong))
    return Frontier(against, _table(program, against, found), _checks(found), data.look_ahead_months)


def _table(program: Program, against: str, found: list[Point]) -> pd.DataFrame:
    axis, asked = AXES[against], sum(program.data.demand_kh100e.values())
    short = np.array([float(name == "unserved") for name, _ in program.form.columns])
    rows = [
        {
            "point": number,
            axis.cost: point.cost,
            f"{against}_{axis.unit}": axis.shown(program.data, point.other),
            f"price_{axis.price_unit}": axis.price * point.price,
            "served_frac": max(0.0, 1.0 - float(short @ point.values) / asked) if asked else 1.0,
            "relative_gap": point.proof.gap,
            "primal_residual": point.proof.primal_residual,
            "dual_residual": point.proof.dual_residual,
        }
        for number, point in enumerate(found, start=1)
    ]
    return pd.DataFrame(rows)


def _checks(found: list[Point]) -> list[str]:
    """What was verified, in words."""
    worst = max(max(p.proof.gap, p.proof.primal_residual, p.proof.dual_residual) for p in found)
    shown = f"limits, prices and gap hold to {worst:.0e}, recomputed from the arrays of the linear program"
    if len(found) == 1:
        return [f"one plan is best in both; {shown}"]
    return [
        f"each of the {len(found)} points is optimal at the price next to it: {shown}",
        "no point is dominated; prices never fall",
    ]
