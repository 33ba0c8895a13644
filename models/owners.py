"""Owners: a maker that keeps its accelerators for itself houses them with power of its own.

    pue * nameplate_frac * sum of its kw_per_unit * installed <= its right to firm power + bought

Each region's firm power is divided among owners: one share of what is there at the start, one of what is added. Generations
without an owner belong to the market, one owner among the others. Under `shared` there is no such limit: any chip stands on any
power, as if all had one owner. Under `own` nobody buys. Under `trade` what others leave is bought by the month, at a cost on
top of power and halls; `house_chips` sees to it that no more is bought than is left. Halls have no owner: they limit all
together (`halls.py`), since a hall without power houses nothing. Launches and demand are open to the chips of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyomo.core as pyo

from models.costs import Cost, Used, cost
from models.data import PlanData
from models.index import columns, fix_at, group, parameter
from models.rows import Price, rows

after = ("fleet",)
needs = ("power",)


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Owners that may have chips in a region whose firm power is not all theirs."""
    owned = group(((r, g) for r, g in m.HOUSED if g in d.owner), lambda rg: (rg[0], d.owner[rg[1]]), lambda rg: rg[1])
    partly = {rh for rh, frac in d.right_added_frac.items() if min(frac, d.right_start_frac[rh]) < 1.0}
    rights = [rh for rh in d.right_added_frac if rh in partly and rh in owned and d.owners_power != "shared"]
    m.RIGHTS = pyo.Set(initialize=rights, dimen=2)
    m.OWNED_IN = pyo.Set(m.RIGHTS, initialize={rh: owned[rh] for rh in rights})
    m.bought_mw = columns([(r, h, t) for r, h in rights for t in m.MONTHS])
    if d.owners_power == "own":
        fix_at(m.bought_mw, dict.fromkeys(m.bought_mw, 0.0))
    m.right_added_frac = parameter(d.right_added_frac, m.RIGHTS)
    m.more_of_start_mw = parameter(more_of_start_mw(d, rights), m.RIGHTS, m.MONTHS)


def more_of_start_mw(d: PlanData, rights: Iterable[tuple[str, str]]) -> dict[tuple[str, str, int], float]:
    """What each owner's right is above its share of added power, for the firm power of the start that is left in a month."""
    left = dict.fromkeys(((r, t) for r in d.regions for t in range(1, len(d.months) + 1)), 0.0)
    for r, p in d.options:
        closed = 0.0
        for t in range(1, min(len(d.months) + 1, d.closing_month.get(r, len(d.months) + 1))):
            closed += d.closed_mw.get((r, p, t), 0.0)
            left[r, t] += d.firm_frac[r, p] * max(0.0, d.start_mw[r, p] - closed)
    return {
        (r, h, t): (d.right_start_frac[r, h] - d.right_added_frac[r, h]) * left[r, t]
        for r, h in rights
        for t in range(1, len(d.months) + 1)
    }


def fixed_mw(d: PlanData, r: str, h: str, t: int) -> float:
    """A right has no fixed part: it is a share of capacity, as what `house_chips` limits."""
    return 0.0


@rows(
    "RIGHTS",
    "MONTHS",
    kind="limit",
    account="the right to power",
    price=Price(
        "USD per MW-month",
        "one more MW of right to power for {where} during {month}",
        "right to power of {item}",
        "MW of right to power for a month",
        repeats=True,
    ),
    side=fixed_mw,
)
def respect_right(m, r, h, t):
    """pue[r,t] * nameplate_frac[r] * sum of kw_per_unit[g] * installed[r,g,t] over the chips g of owner h <=
    more_of_start[r,h,t] + right_added_frac[r,h] * sum_p firm_frac[r,p] * capacity[r,p,t] + bought[r,h,t].

    Chips that are not sold stand only in their owner's halls, on its power.
    Dual: what one more MW of right is worth to the owner, firm power being the same, million USD per MW-month."""
    return m.pue[r, t] * m.nameplate_frac[r] * sum(m.kw_per_unit[g] * m.installed[r, g, t] for g in m.OWNED_IN[r, h]) <= (
        m.more_of_start_mw[r, h, t]
        + m.right_added_frac[r, h] * sum(m.firm_frac[r, p] * m.capacity[r, p, t] for p in m.OPTIONS_OF[r])
        + m.bought_mw[r, h, t]
    )


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """What trade costs on top of power and halls, by the MW bought for a month."""
    usd = {"power_trade": d.trade_usd_per_mw_month}
    for index in used("bought_mw"):
        r, h, t = index
        yield cost("bought_mw", index, r, h, (t,), usd, d.discount[t])
