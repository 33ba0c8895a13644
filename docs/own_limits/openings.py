"""Openings: how many sites a country can open in a plan year, as a continuous stand-in for yes or no.

sum over t in y of build_shell[r,t] <= mw_per_opening[c] * opened[r,y]
    sum over r in c of opened[r,y] <= openings_per_year[c]
"""

import pyomo.environ as pyo

from models.index import columns, group
from models.rows import Price, rows
from planner.schema.table_schema import TableSchema, key, positive

TABLES = (
    TableSchema(
        "openings",
        "How many sites a country can open",
        (
            key("country_iso2", "country", "regions.country_iso2"),
            positive("mw_per_opening", "hall that one opening brings in a plan year", plausible=(1, 2000)),
            positive("openings_per_year", "most openings in a plan year", plausible=(0.1, 100)),
        ),
    ),
)
needs = ("halls",)


def prepare(tables, months):
    """By country: MW of hall for an opening, and openings a year; and the regions of each."""
    stated = {c: two for c, *two in tables["openings"].select("country_iso2", "mw_per_opening", "openings_per_year")}
    regions = [(r, c) for r, c in tables["regions"].select("region_id", "country_iso2") if c in stated]
    return {"stated": stated, "regions": regions}


def declare(m, d):
    """A variable of the block's own: how far a site is opened in a plan year."""
    own, months = d.own["openings"], group(d.plan_year, d.plan_year.get, lambda t: t)
    m.OPENING = pyo.Set(initialize=[(r, y) for r, _ in own["regions"] for y in months], dimen=2)
    m.OPENING_COUNTRIES = pyo.Set(initialize=[(c, y) for c in own["stated"] for y in months], dimen=2)
    m.OPENING_MONTHS = pyo.Set(list(months), initialize=months)
    m.OPENING_REGIONS = pyo.Set(list(own["stated"]), initialize=group(own["regions"], lambda rc: rc[1], lambda rc: rc[0]))
    m.opened = columns(m.OPENING)
    m.opening_mw = pyo.Param(m.OPENING, initialize={(r, y): own["stated"][c][0] for r, c in own["regions"] for y in months})
    part = {y: len(times) / 12 for y, times in months.items()}  # part of a year, part of its openings
    most = {(c, y): own["stated"][c][1] * part[y] for c, y in m.OPENING_COUNTRIES}
    m.most_openings = pyo.Param(m.OPENING_COUNTRIES, initialize=most)


@rows("OPENING", kind="balance", account="its opening")
def open_site(m, r, y):
    """sum over t in y of build_shell[r,t] <= opening_mw[r,y] * opened[r,y].

    Halls come with the opening of a site.
    Dual: what one more MW of hall with the same opening is worth, million USD per MW."""
    return sum(m.build_shell[r, t] for t in m.OPENING_MONTHS[y]) <= m.opening_mw[r, y] * m.opened[r, y]


@rows(
    "OPENING_COUNTRIES",
    kind="limit",
    account="the country's openings",
    price=Price("USD per opening", "one more opening in {where} in plan year {month}", "openings", "opening"),
)
def limit_openings(m, c, y):
    """sum over r in c of opened[r,y] <= openings_per_year[c].

    Permits and builders allow so many new sites a year.
    Dual: what one more opening in year y is worth, million USD per opening."""
    return sum(m.opened[r, y] for r in m.OPENING_REGIONS[c]) <= m.most_openings[c, y]
