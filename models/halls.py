"""Halls: powered hall space, counted in megawatts of IT, that is built at a pace of its own and closes only as planned.

    sum_g kw_per_unit[g] * installed[r,g,t] <= shell[r,t] - hibernated[r,t]

From the month in which a region closes it has none. Hibernated halls are out of service for some months, at an upkeep. In cost
scope `facility` what the plan builds is charged month by month; in `energy` halls limit but cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.core as pyo

from models.costs import Cost, Used, cost
from models.data import PlanData
from models.index import columns, fix_at, from_month_on, parameter
from models.rows import Price, rows

needs = ("fleet", "power", "projects")


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Hall space from today's, month 0, on."""
    last = len(d.months)
    m.build_shell = columns([(r, t) for r in d.regions for t in m.MONTHS])
    m.shell = columns([(r, t) for r in d.regions for t in range(last + 1)])
    ordered = {(a.place, t) for a in d.orders if a.item is None for t in a.arrivals}
    buildable = [key for key, step in d.shell_step_mw.items() if step > 0 or key in ordered]
    m.SHELL_BUILDABLE = pyo.Set(initialize=buildable, dimen=2)
    fix_at(m.build_shell, {key: 0.0 for key in m.build_shell if key not in m.SHELL_BUILDABLE})
    fix_at(m.shell, {(r, 0): d.start_shell_mw[r] for r in d.regions})
    fix_at(m.shell, {(r, t): 0.0 for r, t in m.shell if t >= d.closing_month.get(r, last + 1)})
    ends = {(a.place, a.end) for a in d.orders if a.end}
    m.shut_shell = columns([*d.closing_month.items(), *sorted(ends)])
    of_halls = {(a.place, a.end) for a in d.orders if a.end and a.item is None} | set(d.closing_month.items())
    fix_at(m.shut_shell, {key: 0.0 for key in m.shut_shell if key not in of_halls})
    above = {(a.place, t) for a in d.orders if a.item is None and a.on_top for t in a.arrivals}
    m.above_shell = columns(sorted(above))
    risen = {(r, t): [t] * ((r, t) in above) for r in d.regions for t in m.MONTHS}
    m.SHELL_ABOVE_AT = pyo.Set(m.REGIONS, m.MONTHS, initialize=risen)
    m.hibernated_shell = columns(d.hibernated_shell_mw)
    fix_at(m.hibernated_shell, d.hibernated_shell_mw)
    dated = {(r, t): [t] * ((r, t) in d.hibernated_shell_mw) for r in d.regions for t in m.MONTHS}
    m.HIBERNATED_AT = pyo.Set(m.REGIONS, m.MONTHS, initialize=dated)
    m.ended_shell = columns(d.charged_shell_mw)
    fix_at(m.ended_shell, d.charged_shell_mw)
    m.SHELL_COMMITTED = pyo.Set(initialize=[key for key, mw in d.committed_shell_mw.items() if mw > 0], dimen=2)
    m.shell_step_mw = parameter(d.shell_step_mw, m.SHELL_BUILDABLE)
    m.committed_shell_mw = parameter(d.committed_shell_mw, m.SHELL_COMMITTED)
    m.closed_shell_mw = parameter(d.closed_shell_mw, m.REGIONS, m.MONTHS, default=0.0)


@rows(
    "REGIONS",
    "MONTHS",
    kind="limit",
    account="hall space",
    price=Price(
        "USD per MW-month",
        "one more MW of hall in {where} during {month}",
        "space in halls",
        "MW of hall for a month",
        repeats=True,
    ),
)
def fit_shell(m, r, t):
    """sum_g kw_per_unit[g] * installed[r,g,t] <= shell[r,t] - hibernated[r,t].

    Nameplate power of what is installed fits the powered halls.
    Dual: the scarcity value of a megawatt of hall in that month, million USD per MW-month."""
    return sum(m.kw_per_unit[g] * m.installed[r, g, t] for g in m.FLEET_OF[r]) <= m.shell[r, t] - sum(
        m.hibernated_shell[r, u] for u in m.HIBERNATED_AT[r, t]
    )


@rows("REGIONS", "MONTHS", kind="stock", account="hall space from then on")
def conserve_shell(m, r, t):
    """shell[r,t] = shell[r,t-1] + build_shell[r,t] + halls of projects taken in t - closed_shell[r,t]
    - what goes out of service as the region closes.

    What is built stays until it is planned to close.
    Dual: what one more MW of hall from month t on is worth, million USD per MW."""
    opened = sum(m.project_hall_mw[j, r] * m.take[j, t] for j in m.PROJECT_HALLS[r])
    shut = sum(m.shut_shell[r, u] for u in m.SHUT_AT[r, t])
    return m.shell[r, t] == m.shell[r, t - 1] + m.build_shell[r, t] + opened - m.closed_shell_mw[r, t] - shut


@rows(
    "SHELL_BUILDABLE",
    kind="limit",
    account="the pace of building halls",
    price=Price("USD per MW", "one more MW of halls in {where} finished in {month}", "new halls", "MW of hall"),
    lets=lambda d, r, t: [(("build_shell", (r, t)), 1.0)],
    speed_up="regions.shell_speed_up_usd_per_mw",
)
def limit_shell_growth(m, r, t):
    """build_shell[r,t] <= shell_step[r,t] + above_shell[r,t].

    Builders, transformers and chillers set the pace.
    Dual: what one more MW of hall finished in month t is worth, million USD per MW."""
    return m.build_shell[r, t] <= m.shell_step_mw[r, t] + sum(m.above_shell[r, u] for u in m.SHELL_ABOVE_AT[r, t])


@rows(
    "SHELL_COMMITTED",
    kind="requirement",
    account="the order of halls",
    price=Price("USD per MW", "one MW of halls less ordered in {where} for {month}", "order of halls", "MW less ordered"),
    must="{place} has ordered halls",
    stated=("committed_shell_mw", "commitments.build_mw"),
)
def keep_hall_order(m, r, t):
    """build_shell[r,t] >= committed_shell[r,t].

    What is ordered is built; what exceeds the step of its month comes on top of it.
    Dual: what the order costs, million USD per MW."""
    return m.build_shell[r, t] >= m.committed_shell_mw[r, t]


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """Monthly capital charge of halls that the plan builds (zero in cost scope `energy`), and upkeep of hibernated ones."""
    last, to_end = len(d.months), from_month_on(d.discount)
    for index in used("build_shell"):
        r, t = index
        yield cost("build_shell", index, r, "halls", range(t, last + 1), {"halls": d.shell_usd_per_mw_month[r]}, to_end[t])
    for index in used("ended_shell"):  # an order that ends is charged until then
        r, t = index
        yield cost("ended_shell", index, r, "halls", range(t, last + 1), {"halls": -d.shell_usd_per_mw_month[r]}, to_end[t])
    for r, t in used("hibernated_shell"):
        usd = {"hibernation": d.hibernation_usd.get((r, t), 0.0) / d.hibernated_shell_mw[r, t]}
        yield cost("hibernated_shell", (r, t), r, "halls", (t,), usd, d.discount[t])
