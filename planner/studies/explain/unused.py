"""What the plan could use and does not: how far each is from entering, and what it would take.

An option of power that is never built in a region, and a generation of chips that is deployed nowhere, are priced with the
plan's own prices of what they would give and take. Orbit has a table of its own (`planner.tables.orbit_entry`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import highspy

from models.demand import place_compute
from models.fleet import house_chips
from models.halls import fit_shell
from models.index import from_month_on
from models.nations import limit_national_growth
from models.power import balance_power, limit_technology_supply
from planner.progress import Progress
from planner.solve.solution import NOISE
from planner.studies.explain.market import Market
from planner.studies.explain.reopened import OpenRun

CAPITAL = "USD per kW of capital"


@dataclass(frozen=True)
class Unused:
    """One thing that the plan leaves out, in its best month. Money in USD of that month, per ``unit``.

    ``own_usd``: what it costs by itself; ``shared_usd``: what it takes from others at the plan's prices (deliveries, the
    nation's growth, chips); ``worth_usd``: what it would give. ``gap_usd`` = own + shared - worth, zero or more but for ties.
    ``solved_usd``: what forcing one unit in does to the cost, solved again; None where that was not asked."""

    kind: str  # power | chips
    place: str
    item: str
    month: str
    unit: str
    own_usd: float
    priced_usd: float  # the part of own_usd that moves with the price below
    shared_usd: float
    worth_usd: float
    price_now: float | None  # its own price; None for chips: they are there, whatever they cost
    price_unit: str
    price_needed: float | None  # the price at which it enters; None: not even for nothing
    solved_usd: float | None = None

    @property
    def gap_usd(self) -> float:
        return self.own_usd + self.shared_usd - self.worth_usd

    @property
    def gap_frac(self) -> float:
        """The gap as a share of all that it costs."""
        cost = self.own_usd + self.shared_usd
        return self.gap_usd / cost if cost else 0.0


def unused_power(run: OpenRun) -> list[Unused]:
    """Options that may be built in a region and never are, the nearest to entering first."""
    d, market = run.data, Market(run.solution)
    if not run.solution.prices:
        return []
    built = {(r, p) for (r, p, t), mw in run.solution.values["build_mw"].items() if mw > NOISE and t <= len(d.horizon)}
    capex = _capex(run)
    found = []
    for r, p in d.options:
        months = [t for t in range(1, len(d.horizon) + 1) if d.step_mw.get((r, p, t), 0.0) > 0]
        if (r, p) in built or not months:
            continue
        best = min((power_in(market, r, p, t) for t in months), key=lambda own_shared_worth: _frac(*own_shared_worth[1:]))
        t, own, shared, worth = best
        capital = 1e-6 * from_month_on(d.discount)[t] * d.capital_usd_per_mw_month[r, p]
        costs, priced, takes, gives = (market.usd(t, each) for each in (own, capital, shared, worth))
        item = Unused("power", r, p, d.months[t - 1], "MW", costs, priced, takes, gives, capex[r, p], CAPITAL, None)
        found.append(replace(item, price_needed=_needed(item, item.gap_usd)))
    return sorted(found, key=lambda each: each.gap_frac)


def _needed(item: Unused, gap_usd: float) -> float | None:
    """The price at which a gap closes; None where not even for nothing."""
    if item.price_now is None or not 0.0 <= gap_usd <= item.priced_usd or not item.priced_usd:
        return None
    return item.price_now * (1.0 - gap_usd / item.priced_usd)


def power_in(market: Market, r: str, p: str, t: int) -> tuple[int, float, float, float]:
    """(month, own cost, shared cost, worth) of one MW built in month t and kept to the end, discounted million USD."""
    d = market.data
    own = 1e-6 * from_month_on(d.discount)[t] * (d.capital_usd_per_mw_month[r, p] + d.fixed_usd_per_mw_month[r, p])
    shared = market.musd(limit_technology_supply[p, t])
    if p in d.national_options:
        shared += market.musd(limit_national_growth[d.country[r], d.plan_year[t]])
    worth = sum(sum(market.capacity_musd_per_mw(r, p, s)) for s in range(t, len(d.months) + 1))
    return t, own, shared, worth


def _frac(own: float, shared: float, worth: float) -> float:
    return (own + shared - worth) / (own + shared) if own + shared > 0 else -worth


def _capex(run: OpenRun) -> dict[tuple[str, str], float]:
    general = run.plan.tables["options"].mapping("option_id", "capex_usd_per_kw")
    rows = run.plan.tables["power"].select("region_id", "option_id", "capex_usd_per_kw")
    return {(r, p): general[p] if own is None else own for r, p, own in rows}


def first_of_each(unused: Iterable[Unused]) -> list[Unused]:
    """Of each thing that is left out the place that comes nearest."""
    nearest: dict[tuple[str, str], Unused] = {}
    for item in unused:
        nearest.setdefault((item.kind, item.item), item)
    return list(nearest.values())


def unused_chips(run: OpenRun) -> list[Unused]:
    """Generations that are in stock and deployed nowhere, in the place and month where they come nearest."""
    d, solution, market = run.data, run.solution, Market(run.solution)
    if not solution.prices:
        return []
    deployed = {g for (_, g, t), kunit in solution.values["deploy"].items() if kunit > NOISE and t <= len(d.horizon)}
    found = []
    for g in dict.fromkeys(g for _, g in d.placeable):
        if g in deployed:
            continue
        offers = list(_offers(market, solution.values["dark"], g))
        if offers:
            r, t, own, shared, worth = min(offers, key=lambda offer: _frac(*offer[2:]))
            costs, takes, gives = (market.usd(t, each) / 1e3 for each in (own, shared, worth))
            found.append(Unused("chips", r, g, d.months[t - 1], "chip", costs, 0.0, takes, gives, None, "", None))
    return sorted(found, key=lambda each: each.gap_frac)


def _offers(market: Market, dark: Any, g: str) -> Iterator[tuple[str, int, float, float, float]]:
    """(place, month, own cost, shared cost, worth) of a thousand chips from stock, in every place and month."""
    d, last = market.data, len(market.data.months)
    for r, h in d.placeable:
        if h != g or r not in d.regions:
            continue
        lag = d.commission_months[r]
        for t in range(1, min(len(d.horizon), last - lag) + 1):
            if dark.get((g, t), 0.0) <= NOISE:
                continue
            own, shared, worth, alive = 1e-3 * d.discount[t] * d.install_usd_per_unit[g], 0.0, 0.0, 1.0
            for s in range(t + lag, last + 1):
                if s > t + lag:
                    alive *= d.survive_frac[r, g]
                kw = d.kw_per_unit[g]
                firm = market.musd(house_chips[r, s]) + (market.right_musd(r, d.owner[g], s) if d.owner else 0.0)
                shared += alive * kw * d.pue[r, s] * d.nameplate_frac[r] * firm
                shared += alive * kw * market.musd(fit_shell[r, s])
                for k in d.slices:
                    energy = d.pue[r, s] * kw * d.draw_frac[g] * market.musd(balance_power[r, s, k])
                    earned = d.availability_frac[r, s] * d.h100e_per_unit[g] * market.musd(place_compute[r, s, k])
                    worth += alive * max(0.0, earned - energy * (1.0 - d.idle_frac[g]))
                    own += alive * energy * d.idle_frac[g]
            worth += sum(1e-3 * d.discount[s] * d.carry_usd_per_unit_month[g] for s in range(t, last + 1))
            yield r, t, own, shared, worth


def forced_in(run: OpenRun, items: list[Unused], progress: Progress) -> list[Unused]:
    """The same options of power with what one MW of each, forced in, does to the cost of the plan."""
    if run.solver is None:
        return items
    form, solver = run.solver.form, run.solver
    number = {key: position for position, key in enumerate(form.columns)}
    objective, basis, found = run.solution.proof.objective_musd, solver.basis(), []
    with progress.phase("runners-up"):
        for item in items:
            t = run.data.months.index(item.month) + 1
            column = number.get(("build_mw", (item.place, item.item, t)))
            if column is None or item.kind != "power":
                found.append(item)
                continue
            solver.highs.changeColBounds(column, 1.0, highspy.kHighsInf)
            outcome = solver.minimise(form.cost, form.offset)
            solved = 1e6 * (outcome.objective - objective) / run.data.discount[t] if outcome.status == "optimal" else None
            solver.highs.changeColBounds(column, 0.0, highspy.kHighsInf)
            if basis is not None:
                solver.start_from(basis)
            gap = item.gap_usd if solved is None else solved
            found.append(replace(item, solved_usd=solved, price_needed=_needed(item, gap)))
    return found
