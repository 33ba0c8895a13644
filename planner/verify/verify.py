"""Examine the plan in a run folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from planner.verify.alternative import check_alternative
from planner.verify.break_even import check_break_even
from planner.verify.case import Case
from planner.verify.cash import check_capital, check_cash, check_nominal
from planner.verify.collector import Collector
from planner.verify.dark import check_dark
from planner.verify.demand import check_demand
from planner.verify.entry import check_entry
from planner.verify.files import read_run
from planner.verify.fleet import check_fleet
from planner.verify.hashes import check_hashes
from planner.verify.hours import check_slices
from planner.verify.limits import check_limits, check_worth
from planner.verify.nations import check_nations
from planner.verify.objective import check_costs
from planner.verify.optimality import check_optimal
from planner.verify.orbit import check_orbit
from planner.verify.orders import check_orders
from planner.verify.own_limits import own_limits
from planner.verify.owners import check_owners
from planner.verify.power import check_power
from planner.verify.program import Program
from planner.verify.projects import check_choices, check_projects
from planner.verify.purchases import check_purchases
from planner.verify.ranges import check_ranges
from planner.verify.remedies import check_remedies
from planner.verify.reservations import check_reservations
from planner.verify.revisions import check_revisions
from planner.verify.run import Run, UnreadableError
from planner.verify.summary import check_league, check_summary
from planner.verify.targets import check_targets
from planner.verify.verdict import Verdict


def verify(folder: Path, *, hashes: bool = True, report: bool = True) -> Verdict:
    """Examine the plan in a run folder. Without `hashes`, the numbers alone decide; without `report`, its report is left out.

    What cannot be read is a finding in the verdict, never an exception."""
    folder = Path(folder)
    try:
        run = read_run(folder)
        with np.errstate(all="ignore"):  # an absurd input makes infinities, and those fail their checks
            found = _examine(run)
    except UnreadableError as refusal:
        return Verdict(refusal.findings)
    return replace(found, checks=found.checks + (tuple(check_hashes(folder, run.manifest, report)) if hashes else ()))


def _examine(run: Run) -> Verdict:
    checks, case = Collector(run), Case(run)
    program = Program(case)
    own = own_limits(checks, {*program.rows, *program.costs})
    check_slices(checks, case.hours)
    for row in program.rows.values():
        if row.checked:
            checks.row(row, program.axes(row), *program.sides(row))
    check_fleet(checks, case.fleet)
    check_power(checks, case.power)
    check_projects(checks, case.power.projects)
    check_orders(checks, case.power.orders)
    check_owners(checks, case.owners)
    check_demand(checks, case.demand)
    check_targets(checks, case.shares, case.targets)
    check_reservations(checks, case.reservations)
    check_orbit(checks, case.fleet)
    check_costs(checks, program, own.costs)
    check_dark(checks, case.fleet, case.power, case.owners)
    check_capital(checks, program)
    check_cash(checks, program, own.costs)
    check_nominal(checks)
    check_limits(checks, program, own.constraints)
    duals, unproven = check_optimal(checks, program, own)
    check_alternative(checks)
    check_choices(checks, case.power.projects)
    if duals is not None:
        check_worth(checks, program, duals, own.constraints)
    check_entry(checks, case.fleet, duals is not None and run.by_value and not run.suboptimal)
    check_break_even(checks, case.fleet)
    horizon = Collector(run.horizon, checks.found)
    told = case if run.horizon is run else Case(run.horizon)
    check_league(horizon, told.fleet)
    check_nations(horizon, told, None if run.suboptimal else duals)
    repeated = [row.name for row in program.rows.values() if row.repeats]
    check_purchases(horizon, told.power.projects)
    check_remedies(checks, program, duals, own.constraints)
    check_summary(horizon, told, repeated)
    check_ranges(horizon)
    check_revisions(horizon)
    return Verdict(tuple(checks.found), (*own.constraints, *own.costs), unproven, run.unfinished, run.alternative)
