"""Backtest a plan: each month decide with the forecast, carry out the month in the truth, and plan again from what exists then.

The result is what the months cost beside what they would have cost with perfect foresight, and how far each plan moves from
the one before it, for each way to keep plans calm.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from planner.errors import InfeasibleError, UsageError
from planner.plan.calendar import calendar_of
from planner.plan.plan import Plan
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.solve.solution import solve
from planner.studies.backtest.lived import Accounts, Bill, Lived
from planner.studies.backtest.truth import Truth
from planner.studies.explain.reopened import OpenRun
from planner.studies.points import OPTIMAL
from planner.studies.roll.actuals import Planned
from planner.studies.roll.rolled import Past, Rolled, roll_past

Carry = Callable[[Rolled], Plan]
"""Writes the plan of a later month and reads it again, as `planner roll` and `planner run` do."""

FORESIGHT = "perfect foresight"

SMALLEST_MW = 1e-3
"""Less than a kilowatt is no change of a plan."""

COLUMNS = [
    *("variant", "freeze_months", "change_usd_per_mw", "status", "objective_musd", "paid_musd", "unserved_musd"),
    *("more_musd", "more_frac", "more_paid_frac", "churn_mw", "churn_mw_per_month", "note"),
]
MONTH_COLUMNS = ["variant", "month", "churn_mw", "built_mw", "forecast_kh100e", "demand_kh100e", "undelivered_kunit"]


@dataclass(frozen=True)
class Backtest:
    """``rows``: perfect foresight, then one row a variant (COLUMNS). Costs are those of the truth over all its months, in money
    of its start; ``more``: than with perfect foresight. Churn: MW of power and halls by which each plan differs from the one
    before, in all months that both have. ``months``: one row for each month of each variant that was lived (MONTH_COLUMNS)."""

    plan: str
    truth: str
    lived_months: int
    step: int
    rows: pd.DataFrame
    months: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """The rows and the months, for CSV."""
        return {"backtest": self.rows, "backtest_months": self.months}


def backtest(
    plan: Plan,
    truth: Plan,
    carry: Carry,
    step: int = 1,
    months: int | None = None,
    freeze: Sequence[int] = (),
    change: Sequence[float] = (),
    progress: Progress | None = None,
) -> Backtest:
    """Roll a plan through ``months`` (its horizon), ``step`` at a time, once for each pair of ``freeze`` and ``change``: values
    of `freeze_months` and `change_usd_per_mw` (what the plan states, and none).

    Raises UsageError for a truth of other months, names or limits, and for a plan that cannot be backtested, InputError where
    a plan cannot be rolled, and what `solve` raises for the truth."""
    progress = progress or Progress()
    horizon = plan.settings.months
    lived = horizon if months is None else months
    if not 1 <= lived <= horizon:
        raise UsageError(f"--months {lived}: expected 1 to {horizon}, the months of {plan.name}")
    _require_continuous(plan)
    world = Truth(truth, plan)
    accounts = Accounts(world.data, progress)
    rows, by_month = [_row(FORESIGHT, {}, accounts.foresight, accounts.foresight)], list[dict[str, Any]]()
    months_frozen = dict.fromkeys(freeze or (0, plan.settings.freeze_months))
    variants = [*itertools.product(months_frozen, dict.fromkeys(change or (0.0, plan.settings.change_usd_per_mw)))]
    for done, (frozen, usd) in enumerate(variants):
        name, calm = _name(frozen, usd), {"freeze_months": frozen, "change_usd_per_mw": usd}
        began = dataclasses.replace(plan, settings=plan.settings.model_copy(update=calm))
        walk = _Walk(began, world, carry, step, lived, progress, done * lived, len(variants) * lived)
        try:
            with progress.phase("months"):
                walk.run()
                bill = accounts.of(walk.lived)
        except InfeasibleError as error:
            rows.append({"variant": name, **calm, "status": error.status, "note": walk.at(error)})
        else:
            rows.append(_row(name, calm, bill, accounts.foresight, sum(walk.churn), len(walk.churn)))
        by_month += [{"variant": name, **month} for month in walk.months]
    frames = pd.DataFrame(rows, columns=COLUMNS), pd.DataFrame(by_month, columns=MONTH_COLUMNS)
    return Backtest(plan.name, truth.name, lived, step, *frames)


def _require_continuous(plan: Plan) -> None:
    data = prepare(plan)
    if data.mode == "energy":
        raise UsageError(f"{plan.name} minimises unserved compute, then cost: a backtest compares costs (objective: value)")
    if data.undecided:
        text = f"{plan.name} has whole projects ({data.undecided[0].project_id}), which a backtest does not decide"
        raise UsageError(f"{text}: leave them out with --set tables.projects=")


class _Walk:
    """One way through the months."""

    def __init__(
        self, plan: Plan, truth: Truth, carry: Carry, step: int, last: int, progress: Progress, done: int, total: int
    ) -> None:
        self.plan, self.truth, self.carry, self.step, self.last = plan, truth, carry, step, last
        self.progress, self.done, self.total = progress, done, total
        self.lived, self.churn, self.months = Lived(), list[float](), list[dict[str, Any]]()

    def run(self) -> None:
        """Live all months."""
        before: Mapping[tuple[str, str, str], float] | None = None
        while True:
            solution, calendar = solve(prepare(self.plan)), calendar_of(self.plan.settings)
            planned = Planned(self.plan, solution, calendar, _NOT_WRITTEN)
            started = _started(planned)
            moved = 0.0 if before is None else _moved(before, started, set(calendar.horizon))
            self.churn += [] if before is None else [moved]
            before, past = started, self.lived.months
            steps = min(self.step, self.last - past)
            stated = self.truth.actuals(planned, past, steps)
            self.lived.add(solution, steps, stated)
            self.months += _told(planned, steps, moved, stated)
            self.progress.count(self.done + self.lived.months, self.total, "months")
            if self.lived.months >= self.last:
                return
            run = OpenRun(Path(self.plan.settings.start), self.plan, solution.data, {}, solution, None)
            self.plan = self.carry(roll_past(Past(run, calendar, steps, planned), stated))

    def at(self, error: InfeasibleError) -> str:
        """When no plan met all limits, in a line."""
        return f"{self.plan.settings.start}: {str(error).splitlines()[0]}"


_NOT_WRITTEN: dict[str, pd.DataFrame] = {
    "demand": pd.DataFrame(columns=["pool_id", "class_id", "month", "served_kh100e"]),
    "power": pd.DataFrame(columns=["region_id", "option_id", "month", "energy_mwh"]),
    "costs": pd.DataFrame(columns=["component", "month", "discounted_musd"]),
}
"""Result tables of a plan that is not reported."""


def _started(planned: Planned) -> dict[tuple[str, str, str], float]:
    """MW of power and halls by place, item and month."""
    months = enumerate(planned.calendar.horizon, start=1)
    pairs = planned.pairs["started"]
    return {(*pair, month): mw for t, month in months for pair in pairs if (mw := planned("started", *pair, t))}


def _moved(before: Mapping[tuple[str, str, str], float], now: Mapping[tuple[str, str, str], float], months: set[str]) -> float:
    """MW by which two plans differ; less than SMALLEST_MW in all is what the tolerances of solves leave."""
    moved = sum(abs(now.get(key, 0.0) - before.get(key, 0.0)) for key in {**before, **now} if key[-1] in months)
    return moved if moved >= SMALLEST_MW else 0.0


def _told(planned: Planned, steps: int, moved: float, stated: Sequence[Any]) -> list[dict[str, Any]]:
    """A row for each month that was lived with this plan."""
    rows = []
    for t, month in enumerate(planned.calendar.months[:steps], start=1):
        asked = sum(planned("demand", z, w, t) for z, w in planned.pairs["demand"])
        more, short = (
            sum(each.more for each in stated if each.t == t and each.kind == kind) for kind in ("demand", "delivered")
        )
        built = sum(planned("started", *pair, t) for pair in planned.pairs["started"])
        row = {"month": month, "churn_mw": moved if t == 1 else 0.0, "built_mw": built}
        rows.append(row | {"forecast_kh100e": asked, "demand_kh100e": asked + more, "undelivered_kunit": 0.0 - short})
    return rows


def _name(frozen: int, usd: float) -> str:
    """A variant in words."""
    words = [f"freeze {frozen}"] if frozen else []
    return ", ".join([*words, *([f"{usd:,.6g} USD per MW"] if usd else [])]) or "free to change"


def _row(name: str, calm: Mapping[str, float], bill: Bill, best: Bill, churn: float = 0.0, plans: int = 0) -> dict[str, Any]:
    more = bill.objective_musd - best.objective_musd
    return {
        "variant": name,
        **calm,
        "status": OPTIMAL,
        "objective_musd": bill.objective_musd,
        "paid_musd": bill.paid_musd,
        "unserved_musd": bill.objective_musd - bill.paid_musd,
        "more_musd": more,
        "more_frac": _share(more, best.objective_musd),
        "more_paid_frac": _share(bill.paid_musd - best.paid_musd, best.paid_musd),
        "churn_mw": churn,
        "churn_mw_per_month": churn / plans if plans else 0.0,
    }


def _share(more_musd: float, of_musd: float) -> float:
    """As a fraction; what costs more than nothing costs infinitely much more."""
    return more_musd / of_musd if of_musd else 0.0 if more_musd == 0.0 else float("inf")
