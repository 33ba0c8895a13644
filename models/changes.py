"""Changes: where a plan is rolled from another, each MW that it builds more or less than that one published may cost something.

    more[r,p,t] - less[r,p,t] = build[r,p,t] - published[r,p,t]

Vendors, builders and utilities have been told what comes when. Between places and months of nearly equal cost a plan should
not jump from one month to the next for a gain that is smaller than the trouble. What cannot be decided any more, because it is
ordered or its lead time has begun, is no change; projects are decided apart. Only plans that state such a cost have these rows.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.core as pyo

from models.costs import Cost, Used, cost
from models.data import HALLS, PlanData
from models.index import columns, parameter
from models.records import Published
from models.rows import rows

after = ("halls", "orders", "power")
needs = ("projects",)


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """What may differ in the months that both plans have."""
    published = d.published or Published(0.0, 0, {}, {})
    m.REVISED = pyo.Set(initialize=[(r, p, t) for r, p, t in m.BUILDABLE if t <= published.months], dimen=3)
    step, signed = d.shell_step_mw, d.committed_shell_mw
    open_halls = [key for key in m.SHELL_BUILDABLE if step[key] > signed.get(key, 0.0) or key in m.ARRIVING_HALLS]
    m.REVISED_HALLS = pyo.Set(initialize=[(r, t) for r, t in open_halls if t <= published.months], dimen=2)
    m.more_mw, m.less_mw = columns(m.REVISED), columns(m.REVISED)
    m.more_shell, m.less_shell = columns(m.REVISED_HALLS), columns(m.REVISED_HALLS)
    m.published_mw = parameter(published.mw, m.REVISED, default=0.0)
    m.published_shell_mw = parameter(published.shell_mw, m.REVISED_HALLS, default=0.0)


@rows("REVISED", kind="balance", account="what the plan before has published")
def count_changes(m, r, p, t):
    """more[r,p,t] - less[r,p,t] = build[r,p,t] - published[r,p,t].

    What is built in a month is what the plan before has published, more, or less.
    Dual: what one more MW published there would cost, million USD per MW."""
    return m.more_mw[r, p, t] - m.less_mw[r, p, t] == m.build_mw[r, p, t] - m.published_mw[r, p, t]


@rows("REVISED_HALLS", kind="balance", account="the halls that the plan before has published")
def count_hall_changes(m, r, t):
    """more_shell[r,t] - less_shell[r,t] = build_shell[r,t] + halls of projects taken in t - published_shell[r,t].

    Halls that are built in a month are those that the plan before has published, more, or less.
    Dual: what one more MW of halls published there would cost, million USD per MW."""
    opened = sum(m.project_hall_mw[j, r] * m.take[j, t] for j in m.PROJECT_HALLS[r])
    return m.more_shell[r, t] - m.less_shell[r, t] == m.build_shell[r, t] + opened - m.published_shell_mw[r, t]


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """Each MW more or less, in its month."""
    usd = d.published.change_usd_per_mw if d.published else 0.0
    for variable in ("more_mw", "less_mw"):
        for index in used(variable):
            r, p, t = index
            yield cost(variable, index, r, p, (t,), {"power_changes": usd}, d.discount[t])
    for variable in ("more_shell", "less_shell"):
        for index in used(variable):
            r, t = index
            yield cost(variable, index, r, HALLS, (t,), {"hall_changes": usd}, d.discount[t])
