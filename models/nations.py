"""Nations: what grids may add for AI in a year is a share of how fast the nation's generation grows.

    (grid capacity at the end of plan year y - at its start) * 8766 h * load_frac
        <= ai_share * yearly growth of generation * months of y / 12

On-site generation is exempt. A country without data has no row.
"""

from __future__ import annotations

import pyomo.core as pyo

from models.data import PlanData
from models.index import group, parameter
from models.rows import Price, rows

after = ("power",)

HOURS_PER_MEAN_YEAR = 8766.0


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Countries with an envelope, and the grid options in each."""
    connections = [(r, p) for r, p in m.OPTIONS if p in d.national_options]
    in_country = group(connections, lambda rp: d.country[rp[0]], lambda rp: rp)
    envelopes = [(c, y) for c, y in d.national_growth_mwh if c in in_country and y in d.plan_year.values()]
    m.ENVELOPES = pyo.Set(initialize=envelopes, dimen=2)
    countries = list(dict.fromkeys(c for c, _ in envelopes))
    m.CONNECTIONS_OF = pyo.Set(countries, dimen=2, initialize={c: in_country[c] for c in countries})
    ends: dict[int, int] = {}
    for t in m.MONTHS:
        ends[d.plan_year[t]] = t
    m.year_end = parameter(ends, sorted(ends))
    m.year_start = parameter({y: min(t for t in m.MONTHS if d.plan_year[t] == y) - 1 for y in ends}, sorted(ends))
    m.envelope_mw = parameter({(c, y): envelope_mw(d, c, y) for c, y in envelopes}, m.ENVELOPES)


def envelope_mw(d: PlanData, c: str, y: int) -> float:
    """What a nation's grids may add for AI in a plan year."""
    return d.national_growth_mwh[c, y] / (HOURS_PER_MEAN_YEAR * d.national_load_frac[c])


@rows(
    "ENVELOPES",
    kind="limit",
    account="the nation's growth",
    price=Price(
        "USD per MW",
        "one more MW of grid for AI in {where} in the plan year that ends in {month}",
        "growth of generation",
        "MW of grid in a plan year",
    ),
    lasts=True,
    side=lambda solved, c, y: envelope_mw(solved.data, c, y),
    lets=lambda d, c, y: [
        (("build_mw", (r, p, t)), 1.0)
        for r, p in d.options
        if d.country[r] == c and p in d.national_options
        for t, year in d.plan_year.items()
        if year == y
    ],
)
def limit_national_growth(m, c, y):
    """sum_rp (capacity[r,p,end of y] - capacity[r,p,start of y]) * 8766 * load_frac[c] <= national_growth_mwh[c,y] (in MW).

    New load cannot outrun the nation's generation for long.
    Dual: what one more MW of envelope in year y is worth, million USD per MW."""
    return (
        sum(m.capacity[r, p, m.year_end[y]] - m.capacity[r, p, m.year_start[y]] for r, p in m.CONNECTIONS_OF[c])
        <= m.envelope_mw[c, y]
    )
