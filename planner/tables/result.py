"""From a solution to the result of a run: its tables, its headlines, and the record of how it came about."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pandas as pd

from models.costs import costs_of
from models.data import PlanData
from models.rows import rows_of
from planner.errors import UsageError
from planner.plan.plan import Plan
from planner.prepare.plan_data import Prepared, prepared
from planner.result import Result, SummaryLine, summary_table
from planner.schema.glossary import CASH_COMPONENTS
from planner.schema.results import RESULT_TABLES
from planner.solve.checkpoint import fingerprint, optimum_arrays
from planner.solve.rounding import Rounding
from planner.solve.solution import Solution
from planner.tables.assets import Assets
from planner.tables.cash import capital_table, cash_table, nominal_table
from planner.tables.costs import cost_table, league_table
from planner.tables.dark import dark_table
from planner.tables.decisions import headline_tables, other_tables
from planner.tables.duals import duals_table
from planner.tables.frames import Frames
from planner.tables.headlines import summarise
from planner.tables.limits import limits_table
from planner.tables.marginal import Marginal, marginal_cost
from planner.tables.nations import nations_table, trade_table
from planner.tables.orbit_break_even import break_even_table
from planner.tables.orbit_entry import entry_table
from planner.tables.purchases import purchases_of, purchases_table, rounding_of
from planner.tables.remedies import find_remedies, remedies_table
from planner.tables.reservations import reservations_table
from planner.tables.revisions import revisions_table
from planner.tables.targets import targets_table

ORDER = tuple(RESULT_TABLES)
PACKAGES = ("pyomo", "highspy", "highspy-extras", "numpy", "pandas", "scipy", "tzdata", "tzfpy", "compute-planner")


def make_result(plan: Plan, solution: Solution) -> Result:
    """The result of a solved plan."""
    told = _told(plan, solution)
    others, of_look_ahead = split(other_tables(Frames(solution)), solution.data)
    tables, beside = told.tables | others, told.beside
    if len(plan.tables["published"]):
        tables["revisions"] = revisions_table(plan, tables)
    tables["trade"] = trade_table(solution.data, tables["serve"], beside.origin)
    tables["nations"] = nations_table(solution, tables, beside.origin, told.marginal)
    proof, proof_ahead = split({"duals": duals_table(solution)} if solution.proving else {}, solution.data)
    remedies = remedies_table(find_remedies(Assets(solution, beside.purchasing)))
    tables |= {"limits": told.limits, "remedies": remedies, "entry": told.entry, **proof}
    tables["orbit_break_even"] = break_even_table(plan, beside, told.entry)
    look_ahead = told.look_ahead | of_look_ahead | proof_ahead
    summary = summarise(plan, solution, tables, told.rounding)
    tables["summary"] = summary_table(summary)
    parts = (_record(solution), _look_ahead(look_ahead, solution.data), _own_limits(plan, solution), _allowed(plan))
    record = {key: value for part in parts for key, value in part.items()} | {"stated_at": plan.stated_at()}
    ordered = {name: tables[name] for name in sorted(tables, key=ORDER.index)}
    return Result(plan, ordered, summary, record, optimum_arrays(solution), look_ahead)


def summary_of(plan: Plan, solution: Solution) -> list[SummaryLine]:
    """The headlines of a solved plan without those of remedies, and without the tables that none of the others is made of."""
    told = _told(plan, solution)
    tables = {**told.tables, "limits": told.limits, "remedies": remedies_table([]), "entry": told.entry}
    return summarise(plan, solution, tables, told.rounding)


@dataclass(frozen=True)
class _Told:
    """What headlines are made of."""

    tables: dict[str, pd.DataFrame]
    limits: pd.DataFrame
    entry: pd.DataFrame
    look_ahead: dict[str, pd.DataFrame]
    beside: Prepared
    marginal: Marginal | None
    rounding: Rounding | None


def _told(plan: Plan, solution: Solution) -> _Told:
    decided, limits = headline_tables(Frames(solution)), limits_table(solution)
    dark = dark_table(solution.data, {**decided, "limits": limits})
    agreed = {"targets": targets_table(solution, limits), "reservations": reservations_table(plan, solution, limits)}
    money = {"capital": capital_table(solution), "costs": cost_table(solution)}
    tables, look_ahead = split({**decided, **agreed, "dark": dark, **money}, solution.data)
    prices, of_look_ahead = split({"limits": limits}, solution.data)
    beside, marginal = prepared(plan), marginal_cost(solution)
    purchases = purchases_of(solution, beside.purchasing)
    tables["purchases"] = purchases_table(solution.data, purchases, beside.purchasing)
    tables["cash"] = cash_table(solution, tables["capital"], tables["costs"], beside.chip_usd_per_unit)
    tables["nominal"] = nominal_table(tables["cash"], plan.settings.money)
    tables["league"] = league_table(solution.data, tables, marginal)
    entry, rounding = entry_table(solution, beside.launches), rounding_of(solution, purchases)
    return _Told(tables, prices["limits"], entry, look_ahead | of_look_ahead, beside, marginal, rounding)


def split(tables: Mapping[str, pd.DataFrame], d: PlanData) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """The tables of the horizon, and those of the look-ahead: no table for a plan without one."""
    if not d.look_ahead_months:
        return dict(tables), {}
    inside = {name: frame["month"].isin(d.horizon) for name, frame in tables.items() if "month" in frame}
    reported = {name: frame[inside[name]] if name in inside else frame for name, frame in tables.items()}
    beyond = {name: tables[name][~here] for name, here in inside.items()}
    first, second = ({name: frame.reset_index(drop=True) for name, frame in part.items()} for part in (reported, beyond))
    return first, second


def _look_ahead(tables: Mapping[str, pd.DataFrame], d: PlanData) -> dict[str, Any]:
    """The months that were decided and are not reported, and what they add to the objective."""
    if not tables:
        return {}
    musd = float(tables["costs"]["discounted_musd"].sum())
    return {"look_ahead": {"months": d.look_ahead_months, "last_month": d.months[-1], "cost_musd": musd}}


def _own_limits(plan: Plan, solution: Solution) -> dict[str, Any]:
    """The user's own limits that shaped the plan: each file with its hash, constraints and components of cost."""
    found = []
    for each in plan.own_limits or ():
        paid = costs_of((each.block,), lambda name: solution.values[name], solution.data)
        costs = sorted({name for cost in paid for name in cost.components})
        taken = [name for name in costs if name in CASH_COMPONENTS]
        if taken:
            raise UsageError(f"{each.source.shown}: cost component {', '.join(taken)} is the planner's: choose another name")
        constraints = [row.name for row in rows_of(each.block)]
        entry = {"file": each.source.path.name, "sha256": each.source.sha256, "constraints": constraints, "costs": costs}
        found.append(entry)
    return {"own_limits": found} if found else {}


def _allowed(plan: Plan) -> dict[str, Any]:
    """The codes of warnings that whoever made the plan accepted."""
    return {"allowed": list(plan.settings.allow)} if plan.settings.allow else {}


def _record(solution: Solution) -> dict[str, Any]:
    """How the plan came about: enough to repeat it, and to see what it rests on."""
    form, proof, outcome = solution.form, solution.proof, solution.outcome
    rows, columns = form.shape
    return {
        "boundary": solution.data.boundary,
        "solver": {
            "mode": solution.data.mode,
            "status": outcome.status,
            "algorithm": outcome.algorithm,
            "iterations": outcome.iterations,
            "plain": outcome.plain,
            "reduced_to": dict(zip(("rows", "columns"), outcome.reduced_to, strict=True)) if outcome.reduced_to else None,
            "objective_musd": proof.objective_musd,
            "dual_objective_musd": proof.dual_objective_musd,
            **_choices(solution),
            **_held(solution),
            "relative_gap": proof.gap,
            "primal_residual": proof.primal_residual,
            "dual_residual": proof.dual_residual,
        },
        "model": {
            "rows": rows,
            "columns": columns,
            "nonzeros": form.matrix.nnz,
            "coefficient_ranges": form.ranges(),
            "fingerprint": fingerprint(form),
        },
        "versions": {"python": platform.python_version(), **{name: version_of(name) for name in PACKAGES}},
    }


def _held(solution: Solution) -> dict[str, Any]:
    """What mode `energy` keeps in its second pass, and the price of it."""
    held = solution.held
    if held is None:
        return {}
    return {"held": {"most_unserved_kh100e_months": held.most_unserved, "musd_per_kh100e_month": held.musd}}


def _choices(solution: Solution) -> dict[str, Any]:
    """How the whole projects were chosen; nothing for a plan without any."""
    made = solution.choices
    if made is None:
        return {}
    said: dict[str, Any] = {"whole_projects": len(made.months), "taken": sum(month > 0 for month in made.months.values())}
    said |= {"bound_musd": made.bound_musd, "relative_gap": made.gap(solution.proof.objective_musd)}
    return {"choices": {**said, "nodes": made.nodes, "seconds": made.seconds, "months": dict(made.months)}}


def version_of(package: str) -> str:
    """The installed version of a package; code that runs from a folder has none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
