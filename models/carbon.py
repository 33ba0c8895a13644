"""Carbon: a cap on emissions over any set of months. A price on carbon is a cost of the power that emits it (`power.py`)."""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.environ as pyo

from models.data import PlanData
from models.index import at, rows


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Periods that have a cap."""
    m.CARBON_PERIODS = pyo.Set(initialize=list(d.carbon_cap_t))
    m.MONTHS_OF_PERIOD = pyo.Set(m.CARBON_PERIODS, initialize={c: d.carbon_periods[c] for c in d.carbon_cap_t})
    m.carbon_cap_t = pyo.Param(m.CARBON_PERIODS, initialize=at(d.carbon_cap_t))
    m.carbon_t_per_mwh = pyo.Param(m.OPTIONS, initialize=at(d.carbon_t_per_mwh))
    m.hours_h = pyo.Param(m.MONTHS, m.SLICES, initialize=at(d.hours_h))


def constrain(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Emissions stay under their cap."""

    @rows(m, m.CARBON_PERIODS)
    def limit_carbon(m, c):
        """sum over months of c of hours[t,k] * carbon_t_per_mwh[r,p] * output[r,p,t,k] <= carbon_cap_t[c] (in thousand tonnes).

        A promise to emit no more.
        Dual: the price of carbon that the cap implies, million USD per thousand tonnes."""
        return (
            sum(
                0.001 * m.hours_h[t, k] * m.carbon_t_per_mwh[r, p] * m.output[r, p, t, k]
                for t in m.MONTHS_OF_PERIOD[c]
                for r, p in m.OPTIONS
                for k in m.SLICES
            )
            <= 0.001 * m.carbon_cap_t[c]
        )


def cost_terms(m: pyo.ConcreteModel, d: PlanData) -> Iterator[pyo.Expression]:
    """A cap costs nothing by itself."""
    return iter(())
