"""Remedies: what relief of each tight limit costs, what it is worth, and how many chips it powers, without solving again.

A remedy is so much more of one limit in each month from the first to the last in which it has a price. To first order it
saves, above what its assets cost by themselves, the price of the limit times the amount. It powers as many of the chips that
are dark or were retired early as they hold, times the limit's share in the prices of all that those chips lack: more hall space
powers little where power is short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import floor, inf, log10
from typing import Any, TypeVar

import pandas as pd

from models import PRICES, REGISTER
from models.power import limit_power_growth
from planner.tables.assets import Added, Assets
from planner.tables.frames import table
from planner.tables.limits import SMALLEST_MUSD

SHARE = 0.1
"""A remedy is about a tenth of the largest limit of a month."""

Item = TypeVar("Item")


@dataclass(frozen=True)
class Relief:
    """What a remedy costs and gives, in million USD, discounted, until the last month decided.

    ``own_musd``: what its assets cost by themselves, None where the inputs state no price; ``speed_up_musd``: the stated price
    of what exceeds the pace, None where none is stated; ``saves_musd``: what the plan saves before both. ``capital_musd``: the
    assets in full, in money of their month. ``powered_kh100e``: chips powered, mean of the ``months`` from the first one to
    the end of the horizon; None: not known. ``waiting_kh100e``: chips that are dark or retired early, in the same mean."""

    saves_musd: float
    own_musd: float | None
    speed_up_musd: float | None
    capital_musd: float | None
    powered_kh100e: float | None
    months: int
    waiting_kh100e: float = 0.0

    @property
    def cost_musd(self) -> float | None:
        """The price of the assets, and of speeding up where it is stated."""
        return None if self.own_musd is None else self.own_musd + (self.speed_up_musd or 0.0)

    @property
    def net_musd(self) -> float:
        """What it saves above what it costs."""
        return self.saves_musd - (self.cost_musd or 0.0)

    @property
    def h100e_years(self) -> float | None:
        """Chips powered times the years in which they are."""
        return None if self.powered_kh100e is None else 1e3 * self.powered_kh100e * self.months / 12

    @property
    def h100e_years_per_musd(self) -> float | None:
        """Chips powered for a year per million USD of cost; infinite where what powers them costs nothing."""
        cost, years = self.cost_musd, self.h100e_years
        if cost is None or years is None:
            return None
        return years / cost if cost > 0 else inf if years > 0 else 0.0

    @property
    def powered_frac(self) -> float | None:
        """Chips powered as a share of those that wait; None where that is not known, or none waits."""
        if self.powered_kh100e is None or not self.waiting_kh100e:
            return None
        return self.powered_kh100e / self.waiting_kh100e


@dataclass(frozen=True)
class Remedy:
    """So much more of a limit in each month (year, period) from ``first`` to ``last``; ``amount`` in the unit of its rows.

    ``rows``: the indices of its constraint that are relieved. ``most_musd``: the most that speeding up may cost, where its
    price is not stated; see `_with_most`."""

    constraint: str
    where: str
    first: str
    last: str
    amount: float
    rows: tuple[Any, ...]
    relief: Relief
    most_musd: float | None = None

    @property
    def shown_amount(self) -> float:
        """The amount in the unit of its price."""
        return self.amount * 1e6 / PRICES[self.constraint].usd


def find_remedies(assets: Assets) -> list[Remedy]:
    """A remedy for each limit with a price, what saves most above its cost first; none without prices, and none for the pace
    of what comes with an order alone. None in mode `energy`: at the price of the dearest compute, which holds for its first
    units alone, each would save many times the cost of the plan."""
    if assets.solution.held is not None:
        return []
    d = assets.data
    priced: dict[tuple[str, str], list[Any]] = {}
    for name, of in PRICES.items():
        row = REGISTER[name]
        if row.kind != "limit" or of.repeats:
            continue
        for index, price in assets.solution.prices.get(name, {}).items():
            ordered = name == limit_power_growth.name and assets.side(name, index) == 0
            if price >= SMALLEST_MUSD and row.last_month(index, d) <= len(d.horizon) and not ordered:
                priced.setdefault((name, row.where(index)), []).append(index)
    found = [_remedy(assets, name, where, rows) for (name, where), rows in priced.items()]
    return _with_most(ranked(found, lambda each: each.relief))


def ranked(found: Iterable[Item], relief: Callable[[Item], Relief]) -> list[Item]:
    """Remedies in their order: those whose cost is known first, and what saves most above its cost."""
    return sorted(found, key=lambda each: (relief(each).cost_musd is None, -relief(each).net_musd))


def _remedy(assets: Assets, name: str, where: str, priced: Sequence[Any]) -> Remedy:
    d, row = assets.data, REGISTER[name]
    months = [row.last_month(index, d) for index in priced]
    first, last = min(months), max(months)
    within = tuple(index for index in assets.rows_of(name, where) if first <= row.last_month(index, d) <= last)
    amount = one_digit(SHARE * max(abs(assets.side(name, index)) for index in priced))
    worth, remaining = amount * sum(assets.price((name, index)) for index in priced), len(d.horizon) - first + 1
    users = [user for index in priced if (user := assets.marginal(name, index)) is not None]
    added = [Added(key, amount / units) for key, units in users]
    relief = Relief(worth, None, None, None, None, remaining, waiting_kh100e(assets, first))
    if len(users) == len(priced):
        own = sum(each.units * assets.own_musd(each.key) for each in added)
        speed_up = total([assets.speed_up_musd(name, index) for index in priced])
        relief = replace(
            relief,
            saves_musd=worth + own,
            own_musd=own,
            speed_up_musd=None if speed_up is None else amount * speed_up,
            capital_musd=sum(assets.capital_musd(each) for each in added),
            powered_kh100e=powered_kh100e(
                assets,
                [each.only(assets.share((name, index), user)) for each, index, user in zip(added, priced, users, strict=True)],
                first,
            ),
        )
    return Remedy(name, where, d.months[first - 1], d.months[last - 1], amount, within, relief)


def one_digit(size: float) -> float:
    """The largest of 1, 2, 5, 10, ... that is at most that large; one where there is nothing to go by."""
    if size <= 0:
        return 1.0
    power = 10.0 ** floor(log10(size) + 1e-9)
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= size * (1 + 1e-9))


def total(parts: Sequence[float | None]) -> float | None:
    """The sum; None where a part is not known."""
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def powered_kh100e(assets: Assets, added: Sequence[Added], first: int) -> float:
    """Chips that additions would power, to first order: mean from a month to the end of the horizon.

    In each month as many of the chips that are dark or were retired early as what was added until then powers, those with the
    most compute per kW first."""
    d, powered = assets.data, 0.0
    dark, retired = (assets.solution.values[name] for name in ("dark", "displaced"))
    densest = sorted(d.generations, key=lambda g: -d.h100e_per_unit[g] / d.kw_per_unit[g])
    allowed = set(d.placeable)
    months = range(first, len(d.horizon) + 1)
    for t in months:
        room: dict[str, float] = {}  # MW of IT by place
        for each in added:
            x, *_, start = each.key[1]
            if start <= t:
                room[x] = room.get(x, 0.0) + each.units * assets.powered_mw(each.key, t)
        waiting = {g: dark.get((g, t), 0.0) + retired.get((g, t), 0.0) for g in densest}
        for x, mw in room.items():
            for g in densest:
                kunit = min(waiting[g], mw / d.kw_per_unit[g]) if (x, g) in allowed else 0.0
                waiting[g] -= kunit
                mw -= kunit * d.kw_per_unit[g]
                powered += kunit * d.h100e_per_unit[g]
    return powered / len(months)


def waiting_kh100e(assets: Assets, first: int) -> float:
    """Chips that are dark or retired early: mean from a month to the end of the horizon."""
    d = assets.data
    months = range(first, len(d.horizon) + 1)
    values = (assets.solution.values[name] for name in ("dark", "displaced"))
    total = sum(d.h100e_per_unit[g] * kunit for of in values for (g, t), kunit in of.items() if t in months)
    return total / len(months)


def _with_most(found: Sequence[Remedy]) -> list[Remedy]:
    """The same remedies, each without a stated price of speeding up with the most that it may cost.

    That is what it saves above its own price; or less, where another remedy whose price is stated powers the same chips for
    less: the next best."""
    stated = [one.relief for one in found if one.relief.speed_up_musd is not None and one.relief.net_musd > 0]
    best = max((each.h100e_years_per_musd or 0.0 for each in stated), default=0.0)
    return [_most(one, best) if one.relief.speed_up_musd is None else one for one in found]


def _most(one: Remedy, best: float) -> Remedy:
    relief, most = one.relief, one.relief.net_musd
    if 0.0 < best < inf and relief.h100e_years is not None and relief.own_musd is not None:
        most = min(most, relief.h100e_years / best - relief.own_musd)
    return replace(one, most_musd=max(0.0, most))


def remedies_table(found: Sequence[Remedy]) -> pd.DataFrame:
    """One row a remedy, in the order given."""
    return table("remedies", [remedy_row(each, each.relief) for each in found])


def remedy_row(one: Remedy, relief: Relief) -> tuple[object, ...]:
    """A remedy with what it costs and gives, as its table has it."""
    rate = relief.h100e_years_per_musd
    return (
        *(one.constraint, one.where, one.first, one.last, one.shown_amount, PRICES[one.constraint].one_more),
        *(relief.saves_musd, relief.cost_musd, relief.own_musd, relief.speed_up_musd, relief.net_musd, one.most_musd),
        *(relief.capital_musd, relief.powered_kh100e, relief.powered_frac, None if rate == inf else rate),
    )
