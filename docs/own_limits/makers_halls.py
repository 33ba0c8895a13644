"""Makers' halls: a generation that its maker keeps for itself stands only in the maker's own halls.

kw_per_unit[g] * installed[r,g,t] <= mw[r,g]
"""

import pyomo.environ as pyo

from models.index import parameter
from models.rows import Price, rows
from planner.schema.table_schema import TableSchema, amount, key

TABLES = (
    TableSchema(
        "makers_halls",
        "Halls in which a generation may stand; in regions without a row it may not",
        (
            key("generation_id", "generation", "accelerators"),
            key("region_id", "region of the hall", "regions"),
            amount("mw", "nameplate power that it holds", plausible=(0.1, 10000)),
        ),
    ),
)
needs = ("fleet",)


def prepare(tables, months):
    """[g, r]: MW of hall."""
    return {(g, r): mw for g, r, mw in tables["makers_halls"].select("generation_id", "region_id", "mw")}


def declare(m, d):
    """Every region in which such a generation could stand, with zero where its maker has no hall."""
    halls = d.own["makers_halls"]
    kept = {g for g, _ in halls}
    m.KEPT = pyo.Set(initialize=[(r, g) for r, g in m.HOUSED if g in kept], dimen=2)
    m.makers_mw = parameter({(r, g): halls.get((g, r), 0.0) for r, g in m.KEPT}, m.KEPT)


@rows(
    "KEPT",
    "MONTHS",
    kind="limit",
    account="the maker's hall",
    price=Price(
        "USD per MW-month",
        "one more MW of hall for {where} during {month}",
        "hall for {item}",
        "MW of hall for a month",
    ),
)
def limit_makers_halls(m, r, g, t):
    """kw_per_unit[g] * installed[r,g,t] <= makers_mw[r,g].

    A maker that does not sell its chips houses them itself.
    Dual: what one more MW of its halls is worth in the month, million USD per MW-month."""
    return m.kw_per_unit[g] * m.installed[r, g, t] <= m.makers_mw[r, g]
