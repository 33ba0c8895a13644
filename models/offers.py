"""Offers: deliveries of chips that may be bought at their price or declined at a fee, month by month.

    buy[g,t] + decline[g,t] = optional_kunit[g,t]

What is declined never comes into stock. What is bought is charged as all capital is: monthly from its delivery, over its life,
as far as that lies within the study. Firm deliveries are a fact of the plan and in no cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyomo.core as pyo

from models.costs import Cost, Used, cost
from models.data import PlanData
from models.index import columns, parameter
from models.rows import rows

after = ("ages", "fleet")


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Offers, and where each leaves stock when it is declined: its generation in its month, and its batch."""
    offered = [key for key, kunit in d.optional_kunit.items() if kunit > 0]
    m.OFFERS = pyo.Set(initialize=offered, dimen=2)
    m.buy, m.decline = columns(offered), columns(offered)
    m.optional_kunit = parameter(d.optional_kunit, m.OFFERS)
    known = set(offered)
    declined = {(g, t): [(g, t)] if (g, t) in known else [] for g in m.STOCKED for t in m.MONTHS}
    m.DECLINED = pyo.Set(m.STOCKED, m.MONTHS, dimen=2, initialize=declined)
    of_batch = {(g, b, t): [(g, t)] if b == d.months[t - 1] and (g, t) in known else [] for g, b, t in m.DARK_BATCHES}
    m.DECLINED_OF = pyo.Set(m.DARK_BATCHES, dimen=2, initialize=of_batch)


@rows("OFFERS", kind="balance", account="the offer")
def decide_offer(m, g, t):
    """buy[g,t] + decline[g,t] = optional_kunit[g,t].

    An offer is bought or declined, in parts if that pays.
    Dual: what one more chip on offer costs, or saves where it is below zero, million USD per thousand units."""
    return m.buy[g, t] + m.decline[g, t] == m.optional_kunit[g, t]


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """Charges of what is bought, over its life; the fee of what is declined. kunit x USD per unit = thousand USD."""
    last = len(d.months)
    for index in used("buy"):
        g, t = index
        months = range(t, min(last, t + d.chip_life_months[g] - 1) + 1)
        usd, worth = {"chips_bought": d.chip_usd_per_unit_month[g]}, sum(d.discount[s] for s in months)
        yield cost("buy", index, "", g, months, usd, worth, 1e-3)
    for index in used("decline"):
        g, t = index
        usd = {"chips_declined": d.decline_usd_per_unit.get((g, t), 0.0)}
        yield cost("decline", index, "", g, (t,), usd, d.discount[t], 1e-3)


def taken_kunit(d: PlanData, buy: Mapping[tuple[str, int], float]) -> dict[tuple[str, int], float]:
    """[g,t] thousand units that come into stock: what is delivered in any case, and what is bought."""
    return {
        key: kunit if key not in d.optional_kunit else kunit - d.optional_kunit[key] + buy.get(key, 0.0)
        for key, kunit in d.delivered_kunit.items()
    }
