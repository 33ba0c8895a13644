"""Projects, each with the choice turned: what the plan then costs, and the capital at which the choice turns by itself.

The plan is solved again with one whole project taken that it leaves out, in the best of its months, or without one that it
takes. The other whole projects stay as the plan has them, but for alternatives of one that is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from models.data import PlanData, Project
from models.index import from_month_on
from planner.errors import InfeasibleError
from planner.progress import Progress
from planner.solve.choices import choose, decided
from planner.solve.session import Session
from planner.solve.solution import Solution, standard_form
from planner.studies.explain.reopened import OpenRun

ROUNDS = 4
"""How often the month of the start may change on the way to the break-even."""
SAME = 1e-7
"""Share of the objective up to which two plans cost the same."""
FINE = 1e-7
"""Gap of the choice of the month, as a share of the objective."""


@dataclass(frozen=True)
class Turned:
    """One whole project. ``month``: when the plan takes it, empty: never; ``other_month``: when it is taken with the choice
    turned. ``costs_musd``: what that costs more, discounted, None where no plan does it. ``break_even_musd``: the capital at
    which the choice turns, above it for a project that is taken and below it for one that is not; None where no capital is
    charged or none would do. ``left_out``: alternatives that go when it is taken."""

    project_id: str
    month: str
    capital_musd: float
    other_month: str
    costs_musd: float | None
    break_even_musd: float | None
    left_out: tuple[str, ...] = ()


def turned_projects(run: OpenRun, most: int, progress: Progress) -> list[Turned]:
    """The first ``most`` whole projects of the plan, in the order of the table. Mode `energy` has none."""
    d, session, found = run.data, Session(), []
    whole = [each for each in d.projects if each.whole][:most] if run.solution.prices else []
    with progress.phase("projects"):
        for number, each in enumerate(whole, start=1):
            found.append(_turned(d, run.solution, session, each))
            progress.count(number, len(whole), "projects")
    return found


def _turned(d: PlanData, plan: Solution, session: Session, each: Project) -> Turned:
    j, chosen = each.project_id, dict(d.chosen or {})
    made, capital = chosen[j], sum(part.capital_musd for part in each.parts)
    rivals = {one.project_id for one in d.projects if each.group and one.group == each.group} - {j}
    others = set() if made else {one for one in rivals if chosen.get(one)}
    try:
        if made:
            without = session.solve(replace(d, chosen={**chosen, j: 0})).proof.objective_musd
            first = plan
        else:
            without = plan.proof.objective_musd
            first = _taken(d, session, each, others, 1.0)
    except InfeasibleError:
        return Turned(j, d.months[made - 1] if made else "", capital, "", None, None, tuple(sorted(others)))
    factor = _break_even(d, session, each, others, first, without)
    started = "" if made else d.months[_start(first, j) - 1]
    costs = (without - first.proof.objective_musd) * (1.0 if made else -1.0)
    return Turned(
        j,
        d.months[made - 1] if made else "",
        capital,
        started,
        costs,
        None if factor is None else factor * capital,
        tuple(sorted(others)),
    )


def _break_even(
    d: PlanData, session: Session, each: Project, others: set[str], first: Solution, without: float
) -> float | None:
    """The factor on the capital at which the plan with the project costs what it costs without; None where none does.

    The cost with it is concave in that factor, and the charge of the month of the start is its slope: Newton's method ends in
    a few steps, each solved."""
    factor, with_it = 1.0, first
    for left in reversed(range(ROUNDS)):
        month = _start(with_it, each.project_id)
        charge = sum(part.capital_usd_per_month for part in each.parts) * 1e-6 * from_month_on(d.discount)[month]
        if charge <= 0:
            return None
        step = (without - with_it.proof.objective_musd) / charge
        factor += step
        if factor < 0:
            return None
        if not left or abs(step * charge) <= SAME * max(1.0, abs(without)):
            break
        with_it = _taken(d, session, each, others, factor)
    return factor


def _taken(d: PlanData, session: Session, each: Project, others: set[str], factor: float) -> Solution:
    """The plan with the project taken, in the best month, at ``factor`` times its capital."""
    scaled = tuple(_scaled(one, factor) if one is each else one for one in d.projects)
    chosen = {**(d.chosen or {}), **dict.fromkeys(others, 0)}
    del chosen[each.project_id]
    free = replace(d, projects=scaled, chosen=chosen)
    _, form = standard_form(free, Progress())
    made = choose(free, form, gap=FINE, must=(each.project_id,))
    return session.solve(decided(free, made.months))


def _scaled(each: Project, factor: float) -> Project:
    parts = tuple(replace(part, capital_usd_per_month=factor * part.capital_usd_per_month) for part in each.parts)
    return replace(each, parts=parts)


def _start(found: Solution, j: str) -> int:
    return (found.data.chosen or {})[j]


def as_record(each: Turned) -> dict[str, Any]:
    """A project as JSON."""
    return {**vars(each), "left_out": "; ".join(each.left_out)}
