"""The table of costs against inputs and decisions, its discounting, and the objective with its bound."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from planner.verify.collector import Collector
from planner.verify.linear import Cost
from planner.verify.program import Program
from planner.verify.run import NDArrayBool, dig, positions, records
from planner.verify.verdict import TOLERANCE, Array

WHOLE = ("", "halls", "satellites")
"""What an item may be called where a cost is for the place as a whole."""
STATUSES = ("optimal", "time_limit", "alternative")
COST_KEYS = ("component", "place_id", "item_id", "month")


def check_costs(checks: Collector, program: Program, own: Collection[str]) -> None:
    """Each row of `costs`, its discounting, and the objective with its bound; ``own`` components are taken as written."""
    run, frame = checks.run, checks.run.table("costs")
    component = frame["component"].astype(str)
    for each in program.costs.values():
        _compare(checks, program, each, frame[(component == each.name).to_numpy(dtype=bool)])
    strange = frame[~component.isin([*program.costs, *own]).to_numpy(dtype=bool)]
    if len(strange):
        checks.fail("costs.component", f"costs holds a component that no one knows: {strange['component'].iloc[0]!r}")
    month = positions(run.months, frame["month"])
    cost, discounted = frame["cost_musd"].to_numpy(dtype=float), frame["discounted_musd"].to_numpy(dtype=float)
    names = [" / ".join(filter(None, row)) for row in records(frame, COST_KEYS)]
    law = "discounted = cost x discount factor"
    checks.same("costs.discounted_musd", discounted, cost * run.discount[month], (names,), "million USD", law)
    if run.reported < run.month_count:
        beyond, stated = float(discounted[month >= run.reported].sum()), dig(run.manifest, "look_ahead.cost_musd")
        told = np.array([stated if isinstance(stated, (int, float)) else np.nan], dtype=float)
        law = "the manifest states the cost of the look-ahead"
        checks.same("look_ahead.cost_musd", told, np.array([beyond]), (("",),), "million USD", law)
    _check_objective(checks, discounted, (component == "unserved").to_numpy(dtype=bool))


def _compare(checks: Collector, program: Program, cost: Cost, rows: pd.DataFrame) -> None:
    """The rows of a component are what its coefficients make of the plan; a cost of the whole world has no place."""
    axes: dict[str, Sequence[str]] = {"place_id": ("",), "item_id": ("",)}
    axes |= {"place_id" if letter in "xro" else "item_id": program.names[letter] for letter in cost.over[:-1]}
    if axes["item_id"] == ("",):
        rows = rows.assign(item_id=rows["item_id"].mask(rows["item_id"].isin(WHOLE), ""))
    codes = [positions(names, rows[column]) for column, names in {**axes, "month": checks.run.months}.items()]
    inside = np.logical_and.reduce([code >= 0 for code in codes])
    written = np.zeros([*(len(names) for names in axes.values()), checks.run.month_count])
    written[tuple(code[inside] for code in codes)] = rows["cost_musd"].to_numpy(dtype=float)[inside]
    if not inside.all():
        place, item, month = (str(rows[~inside].iloc[0][column]) for column in ("place_id", "item_id", "month"))
        checks.fail(f"costs.{cost.name}", f"a cost of {cost.name} has no such place or item", f"{place} / {item}", month)
    derived = program.musd(cost).reshape(written.shape)
    law = f"{cost.name} follows from inputs and tables"
    checks.same(f"costs.{cost.name}", written, derived, (*axes.values(), "month"), "million USD", law)


def _check_objective(checks: Collector, discounted: Array, is_unserved: NDArrayBool) -> None:
    """Objective, sum of the costs and dual bound, compared on the scale of all costs but the unserved ones."""
    run = checks.run
    mode = "value" if run.by_value else "energy"
    if dig(run.manifest, "solver.mode") != mode:
        checks.fail("manifest.mode", f"manifest: solver.mode {dig(run.manifest, 'solver.mode')!r} is not the plan's {mode!r}")
    for key, stated in (("plan", dig(run.plan, "name")), ("boundary", "facility" if run.facility else "energy")):
        if run.manifest.get(key) != stated:
            checks.fail(f"manifest.{key}", f"manifest: {key} {run.manifest.get(key)!r} is not the plan's {stated!r}")
    told = {}
    for key in ("objective_musd", "dual_objective_musd", "primal_residual", "dual_residual"):
        value = dig(run.manifest, f"solver.{key}")
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value):
            checks.fail(f"manifest.{key}", f"manifest: solver.{key} must be a number, not {value!r}")
            return
        told[key] = float(value)
    unserved = float(discounted[is_unserved].sum())
    others = float(discounted[~is_unserved].sum())
    tolerance = TOLERANCE * max(1.0, run.paid_musd) + 1e-11 * abs(told["objective_musd"])
    suboptimal = _is_suboptimal(checks, told)
    for name, left, right, law in (
        ("objective", told["objective_musd"] - unserved, others, "objective = sum of discounted costs"),
        ("dual_bound", told["objective_musd"], told["dual_objective_musd"], LAW[suboptimal]),
    ):
        gap = max(0.0, right - left) if suboptimal and name == "dual_bound" else abs(left - right)
        but = f", but {left:.12g} differs from {right:.12g} million USD by {gap:.6g} (tolerance {tolerance:.2g})"
        checks.add(name, gap <= tolerance, law if gap <= tolerance else law + but, gap, tolerance)
    for key in ("primal_residual", "dual_residual"):
        gap = abs(told[key])
        words = f"{key.replace('_', ' ')} {gap:.2g}" + ("" if gap <= TOLERANCE else f" exceeds {TOLERANCE:g}")
        checks.add(key, gap <= TOLERANCE, words, gap, TOLERANCE)


LAW = {False: "objective = dual objective", True: "objective is not below the bound that no plan can undercut"}


def _is_suboptimal(checks: Collector, told: dict[str, float]) -> bool:
    """Whether the plan says of itself that it is not the best. Its gap must be stated, and as it is."""
    status, stated = dig(checks.run.manifest, "solver.status"), dig(checks.run.manifest, "solver.relative_gap")
    if status not in STATUSES:
        checks.fail("manifest.status", f"manifest: solver.status is {status!r}, not one of {', '.join(map(repr, STATUSES))}")
    gap = abs(told["objective_musd"] - told["dual_objective_musd"]) / max(1.0, abs(told["objective_musd"]))
    if isinstance(stated, bool) or not isinstance(stated, (int, float)) or not abs(stated - gap) <= TOLERANCE:
        checks.fail("manifest.relative_gap", f"manifest: solver.relative_gap {stated!r}, but it is {gap:.6g}")
    return checks.run.suboptimal
