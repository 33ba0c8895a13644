"""Openings: how many sites a country can open in a plan year, as a continuous stand-in for yes or no.

sum over t in y of build_shell[r,t] <= mw_per_opening[c] * opened[r,y]
    sum over r in c of opened[r,y] <= openings_per_year[c]
"""

import pyomo.environ as pyo

from models.costs import cost
from models.index import columns, group
from models.rows import Price, rows
from planner.schema.fields import Field
from planner.schema.table_schema import TableSchema, key, positive

TABLES = (
    TableSchema(
        "openings",
        "How many sites a country can open",
        (
            key("country_iso2", "country", "regions.country_iso2"),
            positive("mw_per_opening", "hall that one opening brings in a plan year", plausible=(1, 2000)),
            positive("openings_per_year", "most openings in a plan year", plausible=(0.1, 100)),
            Field(
                "usd_per_opening", "number", "permits and roads, paid as the year begins", ge=0, le=1e9, plausible=(1e4, 1e8)
            ),
        ),
    ),
)
needs = ("halls",)


def prepare(tables, months):
    """By country: MW of hall for an opening, openings a year and their price; and the country of each region."""
    columns = ("country_iso2", "mw_per_opening", "openings_per_year", "usd_per_opening")
    stated = {c: rest for c, *rest in tables["openings"].select(*columns)}
    country = {r: c for r, c in tables["regions"].select("region_id", "country_iso2") if c in stated}
    return {"stated": stated, "country": country}


def declare(m, d):
    """A variable of the block's own: how far a site is opened in a plan year."""
    own, months = d.own["openings"], group(d.plan_year, d.plan_year.get, lambda t: t)
    m.OPENING = pyo.Set(initialize=[(r, y) for r in own["country"] for y in months], dimen=2)
    m.OPENING_COUNTRIES = pyo.Set(initialize=[(c, y) for c in own["stated"] for y in months], dimen=2)
    m.OPENING_MONTHS = pyo.Set(list(months), initialize=months)
    m.OPENING_REGIONS = pyo.Set(list(own["stated"]), initialize=group(own["country"], own["country"].get, lambda r: r))
    m.opened = columns(m.OPENING)
    m.opening_mw = pyo.Param(
        m.OPENING, initialize={(r, y): own["stated"][c][0] for r, c in own["country"].items() for y in months}
    )
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


def cost_terms(used, d):
    """What an opening costs, in the first month of its plan year."""
    own, first = d.own["openings"], {y: min(months) for y, months in group(d.plan_year, d.plan_year.get, lambda t: t).items()}
    for r, y in used("opened"):
        usd = own["stated"][own["country"][r]][2]
        yield cost("opened", (r, y), r, "openings", [first[y]], {"openings": usd}, d.discount[first[y]])
