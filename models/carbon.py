"""Carbon: a cap on emissions over any set of months. A price on carbon is a cost of the power that emits it (`power.py`)."""

from __future__ import annotations

import pyomo.core as pyo

from models.data import PlanData
from models.index import parameter
from models.rows import Price, rows

after = ("power",)


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Periods that have a cap."""
    m.CARBON_PERIODS = pyo.Set(initialize=list(d.carbon_cap_t))
    m.MONTHS_OF_PERIOD = pyo.Set(m.CARBON_PERIODS, initialize={c: d.carbon_periods[c] for c in d.carbon_cap_t})
    m.carbon_cap_t = parameter(d.carbon_cap_t, m.CARBON_PERIODS)
    m.carbon_t_per_mwh = parameter(d.carbon_t_per_mwh, m.OPTIONS)
    m.hours_h = parameter(d.hours_h, m.MONTHS, m.SLICES)


@rows(
    "CARBON_PERIODS",
    kind="limit",
    account="the cap on emissions",
    price=Price("USD per tCO2", "one more tonne of CO2 in {where}", "cap on emissions", "tonne of CO2", usd=1e3),
)
def limit_carbon(m, period):
    """sum over t in period of hours[t,k] * carbon_t_per_mwh[r,p] * output[r,p,t,k] <= carbon_cap_t[period] (in kt).

    What is emitted in the months of a period stays under its cap; of a calendar year, its months have their twelfths.
    Dual: the price of carbon that the cap implies, million USD per thousand tonnes."""
    return (
        sum(
            0.001 * m.hours_h[t, k] * m.carbon_t_per_mwh[r, p] * m.output[r, p, t, k]
            for t in m.MONTHS_OF_PERIOD[period]
            for r, p in m.OPTIONS
            for k in m.SLICES
        )
        <= 0.001 * m.carbon_cap_t[period]
    )
