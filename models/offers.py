"""Offers: deliveries of chips that may be bought at their price, at once or some months later, or declined at a fee.

    buy[g,t] + decline[g,t] + sum over months s in which it can come later of defer[g,t,s] = optional_kunit[g,t]

What is declined never comes into stock. What is bought is charged as all capital is: monthly from its delivery, over its life,
as far as that lies within the study. Firm deliveries are a fact of the plan and in no cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyomo.core as pyo

from models.costs import Cost, Used, cost
from models.data import PlanData
from models.index import columns, group, parameter
from models.rows import rows

after = ("ages", "fleet")


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Offers, and where each leaves stock when it is declined: its generation in its month, and its batch. What is deferred
    leaves there too, and comes into stock in its later month, in the batch of that month."""
    offered = [key for key, kunit in d.optional_kunit.items() if kunit > 0]
    m.OFFERS = pyo.Set(initialize=offered, dimen=2)
    m.buy, m.decline = columns(offered), columns(offered)
    later = [key for key in d.defer_usd_per_unit if d.optional_kunit.get(key[:2], 0.0) > 0]
    m.defer = columns(later)
    m.optional_kunit = parameter(d.optional_kunit, m.OFFERS)
    known = set(offered)
    declined = {(g, t): [(g, t)] if (g, t) in known else [] for g in m.STOCKED for t in m.MONTHS}
    m.DECLINED = pyo.Set(m.STOCKED, m.MONTHS, dimen=2, initialize=declined)
    month_of = {(g, b, t): (g, t) if b == d.months[t - 1] else None for g, b, t in m.DARK_BATCHES}
    of_batch = {key: [gt] if gt in known else [] for key, gt in month_of.items()}
    m.DECLINED_OF = pyo.Set(m.DARK_BATCHES, dimen=2, initialize=of_batch)
    from_month, to_month = (group(later, by, tuple) for by in (lambda gts: gts[:2], lambda gts: gts[::2]))
    m.DEFERRED = pyo.Set(m.STOCKED, m.MONTHS, dimen=3, initialize={gt: from_month.get(gt, []) for gt in declined})
    m.COMING = pyo.Set(m.STOCKED, m.MONTHS, dimen=3, initialize={gt: to_month.get(gt, []) for gt in declined})
    leaving, coming = ({key: found.get(gt, []) for key, gt in month_of.items()} for found in (from_month, to_month))
    m.DEFERRED_OF = pyo.Set(m.DARK_BATCHES, dimen=3, initialize=leaving)
    m.COMING_OF = pyo.Set(m.DARK_BATCHES, dimen=3, initialize=coming)


@rows("OFFERS", kind="balance", account="the offer")
def decide_offer(m, g, t):
    """buy[g,t] + decline[g,t] + sum_s defer[g,t,s] = optional_kunit[g,t].

    An offer is bought, deferred to a later month or declined, in parts if that pays.
    Dual: what one more chip on offer costs, or saves where it is below zero, million USD per thousand units."""
    return m.buy[g, t] + m.decline[g, t] + sum(m.defer[later] for later in m.DEFERRED[g, t]) == m.optional_kunit[g, t]


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """Charges of what is bought, over its life; the fee of what is declined, or deferred, which is paid on delivery. kunit x
    USD per unit = thousand USD."""
    for index in used("buy"):
        yield _charged("buy", index, index[0], index[1], d)
    for index in used("defer"):
        g, t, s = index
        bought, usd = _charged("defer", index, g, s, d), {"chips_declined": d.defer_usd_per_unit[index]}
        fee = cost("defer", index, "", g, (s,), usd, d.discount[s], 1e-3)
        yield Cost("defer", index, bought.musd + fee.musd, (*bought.payments, *fee.payments))
    for index in used("decline"):
        g, t = index
        usd = {"chips_declined": d.decline_usd_per_unit.get((g, t), 0.0)}
        yield cost("decline", index, "", g, (t,), usd, d.discount[t], 1e-3)


def _charged(variable: str, index: Any, g: str, t: int, d: PlanData) -> Cost:
    """The monthly charges of a chip that is bought and delivered in month t."""
    months = range(t, min(len(d.months), t + d.chip_life_months[g] - 1) + 1)
    usd, worth = {"chips_bought": d.chip_usd_per_unit_month[g]}, sum(d.discount[s] for s in months)
    return cost(variable, index, "", g, months, usd, worth, 1e-3)


def taken_kunit(d: PlanData, values: Mapping[str, Mapping[Any, float]]) -> dict[tuple[str, int], float]:
    """[g,t] thousand units that come into stock: what is delivered in any case, and what is bought. ``values``: by variable."""
    buy = values["buy"]
    found = {
        key: kunit if key not in d.optional_kunit else kunit - d.optional_kunit[key] + buy.get(key, 0.0)
        for key, kunit in d.delivered_kunit.items()
    }
    for (g, _, s), kunit in values["defer"].items():
        found[g, s] = found.get((g, s), 0.0) + kunit
    return found
