"""Ways out of an infeasibility: the least change of one number, or of a few, as an override that can be pasted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Any

from planner.errors import PlannerError
from planner.plan.plan import Plan
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.read.load import load
from planner.solve.compile.form import Form
from planner.solve.conflict import Elastic, is_feasible
from planner.solve.solution import solve, standard_form
from planner.studies.infeasible.diagnosis import Change, WayOut
from planner.studies.infeasible.levers import Lever

MOST_TRIED = 30
DIGITS = 4  # of a change: what a person types
MARGIN = 1e-6  # above what the solver found, so that its tolerance decides nothing
CHIPS = ("deliveries", "fleet", "dark")  # what reaches the end of its life depends on them: what was found must be confirmed


def single_ways(
    plan: Plan, elastic: Elastic, found: Sequence[Lever], form: Form, ends: float
) -> tuple[list[WayOut], list[str]]:
    """The least change of each lever that resolves the plan alone; and the words of those for which time was up."""
    ways, left = [], []
    for lever in by_reach(elastic, found)[:MOST_TRIED]:
        remaining = ends - time.perf_counter()
        if remaining <= 0:
            left.append(lever.words)
            continue
        amounts = elastic.needed([lever.move], remaining)
        if amounts is None:
            if time.perf_counter() >= ends:
                left.append(lever.words)
            continue
        change, amount = changed(lever, amounts[0])
        if lever.table in CHIPS and not confirmed(plan, [change.override], ends - time.perf_counter()):
            continue
        ways.append(WayOut((change,), relative(lever, amount), lever.kind, own_cost_musd=own_cost(lever, amount, form)))
    return ways, left


def smallest_combination(plan: Plan, elastic: Elastic, found: Sequence[Lever], form: Form, ends: float) -> WayOut | None:
    """The changes of least sum, relative to what stands there, that resolve the plan together: of limits if they can, else of
    limits and requirements."""
    limits = [lever for lever in found if lever.kind == "limit"]
    stated = [lever for lever in found if lever.kind != "fact"]
    without_chips = [lever for lever in stated if lever.table not in CHIPS]
    for chosen in (limits, stated, without_chips, list(found)):
        amounts = elastic.needed([one.move for one in chosen], max(1.0, ends - time.perf_counter())) if chosen else None
        if amounts is None:
            continue
        pairs = [(one, amount) for one, amount in zip(chosen, amounts, strict=True) if amount * one.move.weight > 1e-9]
        moved = [(one, *changed(one, amount)) for one, amount in pairs]
        known = [cost for one, _, amount in moved if (cost := own_cost(one, amount, form)) is not None]
        total = sum(known) if known else None
        changes, share = tuple(change for _, change, _ in moved), sum(relative(one, amount) for one, _, amount in moved)
        if any(one.table in CHIPS for one, _ in pairs) and not confirmed(plan, [one.override for one in changes], 30.0):
            continue
        return WayOut(changes, share, "limit" if chosen is limits else "requirement", own_cost_musd=total)
    return None


def by_reach(elastic: Elastic, found: Sequence[Lever]) -> list[Lever]:
    """Levers that weaken the proof, those that may need least first."""

    def least(lever: Lever) -> float:
        return elastic.shortfall / elastic.gain(lever.move) * lever.move.weight

    return sorted((one for one in found if elastic.helps(one.move)), key=least)


def changed(lever: Lever, amount: float) -> tuple[Change, float]:
    """The change in words and as an override, rounded away from what stands there; and the amount after rounding."""
    amount = min(rounded_up(amount * (1 + MARGIN)), lever.move.most)
    now = 1.0 if lever.now is None else lever.now
    then = float(f"{max(0.0, now + lever.sign * amount):.12g}")
    sign = "*=" if lever.scales else "="
    shown = None if lever.scales else lever.now
    override = f"{lever.target}{sign}{written(then)}"
    return Change(lever.words, override, lever.column, shown, then, lever.unit, lever.scales), amount


def relative(lever: Lever, amount: float) -> float:
    if lever.scales:
        return amount
    return amount / lever.now if lever.now else float("inf")


def rounded_up(amount: float) -> float:
    if amount <= 0:
        return 0.0
    exact = Decimal(amount)
    return float(exact.quantize(Decimal(1).scaleb(exact.adjusted() - DIGITS + 1), rounding=ROUND_CEILING))


def written(value: float) -> str:
    """A number as `--set` reads it: never with an exponent."""
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def own_cost(lever: Lever, amount: float, form: Form) -> float | None:
    """Discounted cost of the capacity that a larger step adds, all of it built; None for what has no cost of its own."""
    variable = {"step_mw_per_month": "build_mw", "shell_step_mw_per_month": "build_shell"}.get(lever.column)
    if variable is None:
        return None
    months = {form.rows[row][1]: per_unit for row, per_unit in lever.move.rows.items()}
    return sum(
        float(cost) * amount * months[index]
        for (name, index), cost in zip(form.columns, form.cost, strict=True)
        if name == variable and index in months
    )


def confirmed(plan: Plan, overrides: Sequence[str], seconds: float) -> bool:
    """Whether the plan, read again with these overrides, has a solution."""
    if seconds <= 0:
        return False
    try:
        data = prepare(reread(plan, overrides))
        return is_feasible(standard_form(data, Progress())[1], seconds) is True
    except PlannerError:
        return False


def best_cost(plan: Plan, overrides: Sequence[str]) -> float | None:
    """Cost of the best plan with these overrides, million USD; None if there is no plan."""
    try:
        return solve(prepare(reread(plan, overrides))).proof.objective_musd
    except PlannerError:
        return None


def reread(plan: Plan, overrides: Sequence[str]) -> Plan:
    return load(plan.path, [*plan.overrides, *overrides], bool(plan.own_limits))


def cell(value: Any) -> str:
    return f"[{', '.join(value)}]" if isinstance(value, tuple) else written(float(value))
