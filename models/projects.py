"""Projects: additions that are decided on as such, whole or in part, each with its size, its months and its own capital.

    taken[j,t] = taken[j,t-1] + take[j,t] <= 1
    build[r,p,t] = mw[r,p] * take[j,t]        for each option p that a project has in a region

Where a project is whole, `take` is 0 or 1: the choice is made by branch and bound (`planner/solve/choices.py`), and the program
of this model is that of the plan with the choices made, whose duals are its prices. Other projects may be taken in part.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.core as pyo

from models.costs import Cost, Used, cost
from models.data import HALLS, PlanData
from models.index import columns, fix_at, from_month_on, parameter
from models.rows import rows

needs = ("power",)


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """What is taken in a month and so far; fixed where the month is outside the project's, or the choice is made."""
    last = len(d.months)
    m.PROJECTS = pyo.Set(initialize=[each.project_id for each in d.projects])
    groups = list(dict.fromkeys(each.group for each in d.projects if each.group))
    m.ALTERNATIVES = pyo.Set(initialize=groups)
    m.IN_ALTERNATIVES = pyo.Set(
        m.ALTERNATIVES, initialize={a: [each.project_id for each in d.projects if each.group == a] for a in groups}
    )
    m.take = columns([(each.project_id, t) for each in d.projects for t in m.MONTHS])
    m.taken = columns([(each.project_id, t) for each in d.projects for t in range(last + 1)])
    for each in d.projects:
        j, made = each.project_id, (d.chosen or {}).get(each.project_id)
        first = min(each.months, default=last + 1)
        if made is None:
            fix_at(m.take, {(j, t): 0.0 for t in m.MONTHS if t not in each.months})
            fix_at(m.taken, {(j, t): 0.0 for t in range(min(first, last + 1))})
        else:
            fix_at(m.take, {(j, t): float(t == made) for t in m.MONTHS})
            fix_at(m.taken, {(j, t): float(0 < made <= t) for t in range(last + 1)})
    open_to = [each for each in d.projects if each.months]  # the power of others has no column
    power = {(part.r, part.p): (each.project_id, part.mw) for each in open_to for part in each.parts if part.p != HALLS}
    m.PROJECT_POWER = pyo.Set(initialize=list(power), dimen=2)
    m.PROJECT_OF = pyo.Set(m.PROJECT_POWER, initialize={rp: [j] for rp, (j, _) in power.items()})
    m.project_mw = parameter({rp: mw for rp, (_, mw) in power.items()}, m.PROJECT_POWER)
    halls = {(each.project_id, part.r): part.mw for each in d.projects for part in each.parts if part.p == HALLS}
    m.PROJECT_HALLS = pyo.Set(m.REGIONS, initialize={r: [j for j, s in halls if s == r] for r in d.regions})
    m.project_hall_mw = parameter(halls, m.PROJECTS, m.REGIONS, default=0.0)


@rows("PROJECTS", "MONTHS", kind="stock", account="the project from then on")
def conserve_project(m, j, t):
    """taken[j,t] = taken[j,t-1] + take[j,t].

    What is taken stays.
    Dual: what the project in service from month t on is worth, million USD per project."""
    return m.taken[j, t] == m.taken[j, t - 1] + m.take[j, t]


@rows("PROJECTS", "MONTHS", kind="limit", account="the project, which exists once")
def limit_project(m, j, t):
    """taken[j,t] <= 1.

    A project can be taken once; the row has no variable where the choice is made.
    Dual: what the same project once more is worth, million USD per project."""
    return m.taken[j, t] <= 1.0


@rows("ALTERNATIVES", "MONTHS", kind="limit", account="the project's alternatives")
def choose_one(m, a, t):
    """sum of taken[j,t] over the projects of a group <= 1.

    Projects of a group exclude each other: variants of one hall, or uses of one site.
    Dual: what one more project of the group is worth, million USD per project."""
    return sum(m.taken[j, t] for j in m.IN_ALTERNATIVES[a]) <= 1.0


@rows("PROJECT_POWER", "MONTHS", kind="balance", account="the size of the project")
def build_project(m, r, p, t):
    """build[r,p,t] = mw[r,p] * take[j,t].

    The power of a project comes with it, in the month in which it is taken.
    Dual: what one more MW of the project in that month would cost, million USD per MW."""
    return m.build_mw[r, p, t] == sum(m.project_mw[r, p] * m.take[j, t] for j in m.PROJECT_OF[r, p])


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """Capital charge and running cost of each part, from the month in which the project is taken."""
    last, to_end = len(d.months), from_month_on(d.discount)
    parts = {each.project_id: each.parts for each in d.projects}
    for index in used("take"):
        j, t = index
        for part in parts[j]:
            names = ("halls", "hall_operation") if part.p == HALLS else ("capital", "fixed")
            usd = dict(zip(names, (part.capital_usd_per_month, part.fixed_usd_per_month), strict=True))
            yield cost("take", index, part.r, part.p, range(t, last + 1), usd, to_end[t])
