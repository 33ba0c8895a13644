"""Halls: powered hall space, counted in megawatts of IT, that is built at a pace of its own and never shrinks.

    sum_g kw_per_unit[g] * installed[r,g,t] <= shell[r,t]

Under the boundary `facility` what the plan builds is charged month by month; under `energy` halls limit but cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.environ as pyo

from models.data import PlanData
from models.index import at, columns, fix_at, from_month_on, rows


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Hall space from today's, month 0, on."""
    last = len(d.months)
    m.build_shell = columns([(r, t) for r in d.regions for t in m.MONTHS])
    m.shell = columns([(r, t) for r in d.regions for t in range(last + 1)])
    m.SHELL_BUILDABLE = pyo.Set(initialize=[key for key, step in d.shell_step_mw.items() if step > 0], dimen=2)
    fix_at(m.build_shell, {key: 0.0 for key in m.build_shell if key not in m.SHELL_BUILDABLE})
    fix_at(m.shell, {(r, 0): d.start_shell_mw[r] for r in d.regions})
    m.shell_step_mw = pyo.Param(m.SHELL_BUILDABLE, initialize=at(d.shell_step_mw))


def constrain(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Chips stand in halls, and halls take time."""

    @rows(m, m.REGIONS, m.MONTHS)
    def fit_shell(m, r, t):
        """sum_g kw_per_unit[g] * installed[r,g,t] <= shell[r,t].

        Nameplate power of what is installed fits the powered halls.
        Dual: rent of a megawatt of hall in that month, million USD per MW-month."""
        return sum(m.kw_per_unit[g] * m.installed[r, g, t] for g in m.FLEET_OF[r]) <= m.shell[r, t]

    @rows(m, m.REGIONS, m.MONTHS)
    def conserve_shell(m, r, t):
        """shell[r,t] = shell[r,t-1] + build_shell[r,t].

        Halls never fall.
        Dual: what one more MW of hall from month t on is worth, million USD per MW."""
        return m.shell[r, t] == m.shell[r, t - 1] + m.build_shell[r, t]

    @rows(m, m.SHELL_BUILDABLE)
    def limit_shell_growth(m, r, t):
        """build_shell[r,t] <= shell_step[r,t].

        Builders, transformers and chillers set the pace.
        Dual: what one more MW of hall finished in month t is worth, million USD per MW."""
        return m.build_shell[r, t] <= m.shell_step_mw[r, t]


def cost_terms(m: pyo.ConcreteModel, d: PlanData) -> Iterator[pyo.Expression]:
    """Monthly capital charge of halls that the plan builds (zero under the boundary `energy`)."""
    months_left = from_month_on(d.discount)
    for (r, t), var in m.build_shell.items():
        if not var.fixed and d.shell_usd_per_mw_month[r]:
            yield 1e-6 * months_left[t] * d.shell_usd_per_mw_month[r] * var
