"""Water: what cooling a region's chips may take in a plan year.

sum over t in y, k of m3_per_mwh[r] * hours[t,k] * pue * IT power <= m3_per_year[r]
"""

import pyomo.environ as pyo

from models.index import group, parameter
from models.rows import Price, rows
from planner.schema.fields import Field
from planner.schema.table_schema import TableSchema, amount, key

TABLES = (
    TableSchema(
        "water",
        "Water that regions may take for cooling",
        (
            key("region_id", "region", "regions"),
            amount("m3_per_mwh", "water for a megawatt-hour at the facility", plausible=(0.05, 20)),
            Field("m3_per_year", "number", "most in a plan year", ge=0, le=1e12, plausible=(1e3, 1e9)),
        ),
    ),
)
needs = ("power",)


def prepare(tables, months):
    """By region: water for a megawatt-hour, and for a year."""
    return {r: two for r, *two in tables["water"].select("region_id", "m3_per_mwh", "m3_per_year")}


def declare(m, d):
    water, months = d.own["water"], group(d.plan_year, d.plan_year.get, lambda t: t)
    m.WATER_YEARS = pyo.Set(initialize=[(r, y) for r in water for y in months], dimen=2)
    m.MONTHS_OF = pyo.Set(list(months), initialize=months)
    m.water_m3_per_mwh = parameter({r: per_mwh for r, (per_mwh, _) in water.items()}, list(water))
    of_year = {(r, y): water[r][1] * len(months[y]) / 12 for r, y in m.WATER_YEARS}  # part of a year, part of the water
    m.water_m3 = parameter(of_year, m.WATER_YEARS)
    m.water_hours = parameter(d.hours_h, m.MONTHS, m.SLICES)


@rows(
    "WATER_YEARS",
    kind="limit",
    account="its water",
    price=Price("USD per m3", "one more m3 of water in {where} in plan year {month}", "water", "m3 of water"),
)
def limit_water(m, r, y):
    """sum_tk m3_per_mwh[r] * hours[t,k] * sum_p output[r,p,t,k] <= m3_per_year[r].

    Cooling takes water, and a basin gives so much a year.
    Dual: what one more cubic metre in year y is worth, million USD per m3."""
    return (
        sum(
            m.water_m3_per_mwh[r] * m.water_hours[t, k] * m.output[r, p, t, k]
            for t in m.MONTHS_OF[y]
            for k in m.SLICES
            for p in m.OPTIONS_OF[r]
        )
        <= m.water_m3[r, y]
    )
