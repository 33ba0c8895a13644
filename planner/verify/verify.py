"""Judge the plan in a run folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from planner.verify.collector import Bench
from planner.verify.costs import check_costs
from planner.verify.demand import Demand, check_demand
from planner.verify.dual import check_optimal
from planner.verify.entry import check_entry
from planner.verify.envelopes import check_envelopes
from planner.verify.files import read_run
from planner.verify.fleet import Fleet, check_fleet
from planner.verify.hashes import check_hashes
from planner.verify.hours import Hours, check_slices
from planner.verify.nations import check_nations
from planner.verify.orbit import check_orbit
from planner.verify.power import Power, check_power
from planner.verify.run import Run, UnreadableError
from planner.verify.shares import check_shares
from planner.verify.summaries import check_league, check_limits
from planner.verify.summary import check_summary
from planner.verify.verdict import Verdict


def verify(folder: Path, *, hashes: bool = True) -> Verdict:
    """Judge the plan in a run folder. Without `hashes`, the numbers alone decide.

    What can not be read is a finding in the verdict, never an exception."""
    folder = Path(folder)
    try:
        run = read_run(folder)
        with np.errstate(all="ignore"):  # an absurd input makes infinities, and those fail their checks
            bench = _examine(run)
    except UnreadableError as refusal:
        return Verdict(refusal.findings)
    return Verdict(tuple(bench.checks + (check_hashes(folder, run.manifest) if hashes else [])))


def _examine(run: Run) -> Bench:
    bench = Bench(run)
    hours = Hours(run)
    fleet, power, demand = Fleet(run, hours), Power(run, hours), Demand(run)
    check_slices(bench, hours)
    check_fleet(bench, fleet)
    check_power(bench, fleet, power)
    check_envelopes(bench, power)
    check_demand(bench, fleet, demand)
    check_shares(bench, demand)
    check_orbit(bench, fleet)
    check_costs(bench, fleet, power, demand)
    check_league(bench, fleet)
    check_limits(bench)
    prices = check_optimal(bench, fleet, power, demand, hours)
    check_nations(bench, fleet, power, demand, prices)
    check_entry(bench, fleet)
    check_summary(bench, fleet, power)
    return bench
