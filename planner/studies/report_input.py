"""A finished run as its report reads it: the written files, what the verifier says of them, and what physics says of orbit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from planner.plan.plan import Plan
from planner.read.load import load
from planner.result import Since
from planner.runs.read import Written, read_written
from planner.runs.since import since
from planner.studies.orbit_design import OrbitReport, orbit_report
from planner.studies.questions import Facts, facts
from planner.tables.limits import most_valuable
from planner.verify.verdict import Verdict
from planner.verify.verify import verify

UNREAD = ("duals", "orbit_coefficients", "fleet_by_slice", "work_by_slice")
"""Long tables that the report shows nothing of."""

RANKED = 10


@dataclass(frozen=True)
class ValuableLimit:
    """A binding limit: one more unit would save ``worth_usd`` in ``month``, at its highest price; ``rent_musd`` is its total
    scarcity value, discounted."""

    constraint: str
    where: str
    month: str
    worth_usd: float
    rent_musd: float


@dataclass(frozen=True)
class Finished:
    """``orbit``: nothing for a plan without an orbital design; ``limits``: the tightest, by total scarcity value.
    ``facts``: what plain questions are answered from, and what studies found where they were asked.
    ``since``: what has changed since the plan that it is rolled from."""

    written: Written
    verdict: Verdict
    orbit: OrbitReport | None
    limits: tuple[ValuableLimit, ...]
    facts: Facts
    since: Since | None = None


def finished(folder: Path, verdict: Verdict | None = None, plan: Plan | None = None) -> Finished:
    """Open a run for its report: with the verdict and the plan where they are at hand, else verified and read from the folder.

    Raises UsageError for a folder that is no whole result, InputError for inputs in it that were changed badly."""
    written = read_written(folder, without=UNREAD)
    plan = plan or load(folder / "inputs" / "plan.yaml")
    orbit = orbit_report(plan) if len(plan.tables["designs"]) else None
    limits = tuple(ValuableLimit(*each) for each in most_valuable(written.tables["limits"], RANKED))
    changed = since(written.inputs, written.tables)
    return Finished(written, verdict or verify(folder, report=False), orbit, limits, facts(written, plan), changed)
