"""One point of a sweep: a plan solved, and the record of it that a file holds and that travels between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyomo.common.gc_manager import PauseGC

from planner.errors import LostWorkersError, PlannerError
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.solve.highs import USUAL
from planner.solve.session import Session
from planner.studies.jobs import Files, Job, Kept
from planner.tables.result import summary_of, version_of

Record = dict[str, Any]

OPTIMAL, NOT_SOLVED, LOST = "optimal", "not_solved", "worker_lost"
SETTLED = (OPTIMAL, "infeasible", "unbounded")
"""What would be found again: a record of any other status is not taken from an earlier sweep."""

HEADLINES = {
    "cash_capital": "cash_capital_musd",
    "cash_running": "cash_running_musd",
    "cash_chips": "cash_chips_musd",
    "dark_price": "dark_price_musd",
    "cost": "cost_musd",
    "unserved_value": "unserved_value_musd",
    "energy_cost": "energy_cost_usd_per_mwh",
    "served_share": "served_frac",
    "served_share_end": "served_end_frac",
    "dark_end": "dark_end_mh100e",
    "dark_worst": "dark_worst_mh100e",
    "dark_power_end": "dark_power_end_mh100e",
    "dark_halls_end": "dark_halls_end_mh100e",
    "dark_late_end": "dark_late_end_mh100e",
    "dark_idle_end": "dark_idle_end_mh100e",
    "displaced_end": "displaced_end_mh100e",
    "power_firm_end": "power_firm_end_gw",
    "power_drawn_end": "power_drawn_end_gw",
    "power_end": "power_end_gw",
    "grid_at_limit": "grid_at_limit_frac",
    "firm_value": "firm_value_usd_per_mwh",
    "orbit_share": "orbit_frac",
    "orbit_gap": "orbit_gap_usd_per_kw",
    "optimality_gap": "relative_gap",
}
"""Lines of the summary that a run ends with, and their columns in a table of points."""


def made_with() -> Record:
    """What a record must say of its making to be taken again: versions, and the tolerance of the solver."""
    return {"planner": version_of("compute-planner"), "highspy": version_of("highspy"), "tolerance": USUAL}


@dataclass(frozen=True)
class Point(Job):
    """A plan to solve, warm-started from the last one that this process solved where it can be."""

    files: Files

    def run(self, kept: Kept, progress: Progress) -> Record:
        """The record of the plan. Raises what says nothing about the optimum."""
        plan, case = self.files.read(), self.files.case
        session = kept.get(Point, "session", lambda: Session(progress))
        record = {"hash": self.files.expected, **made_with(), "plan": plan.name, "set": list(case.words), "status": OPTIMAL}
        try:
            solution = session.solve(prepare(plan))
        except PlannerError as error:
            if not error.status:
                raise
            return {**record, "status": error.status, "message": str(error), "exit_code": error.exit_code}
        with PauseGC():  # the collector would look through the session's program again and again: a quarter of the time
            told = {line.key: line.value for line in summary_of(plan, solution)}
        numbers = {column: told[key] for key, column in HEADLINES.items() if key in told}
        return {**record, "warm": session.warm, "numbers": {"objective_musd": solution.proof.objective_musd, **numbers}}

    def lost(self, why: str) -> Record:
        """The record of a plan during which workers were lost: the others go on."""
        message, code = f"{self.files.case.path}: {why}", LostWorkersError.exit_code
        return {"hash": self.files.expected, **made_with(), "status": LOST, "message": message, "exit_code": code}


def is_settled(record: Mapping[str, Any], wanted: str) -> bool:
    """Whether a stored record is of this plan and these versions, and solving again would give the same."""
    stated = {"hash": wanted, **made_with()}
    whole = isinstance(record.get("numbers"), dict) if record.get("status") == OPTIMAL else "message" in record
    return whole and record.get("status") in SETTLED and all(record.get(key) == value for key, value in stated.items())
