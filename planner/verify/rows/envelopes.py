"""Rows above the regions: what grids may add for AI in each nation, and what may be emitted or spent in a year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from planner.verify.capital import capital_terms
from planner.verify.case import Case
from planner.verify.linear import Limit, Row, Side, contract, term
from planner.verify.run import Run, UnreadableError, dig, indicator
from planner.verify.verdict import Array, finding

HOURS_PER_MEAN_YEAR = 8766.0


def national_options(run: Run) -> Array:
    """1 where the capacity of an option counts in its nation's envelope, [p]."""
    chosen = dig(run.plan, "national.options")
    named = {str(name) for name in (chosen if isinstance(chosen, list) else ())}
    orders = run.table("inputs.commitments")
    named |= {str(name) for name in orders["option_id"][orders["contract_of"].isin(list(named))]}
    projects = run.table("inputs.projects")
    projects = projects[projects["option_id"].isin(list(named))]
    named |= {str(name) for name in projects["project_id"] + "_" + projects["option_id"]}
    return np.array([name in named for name in run.axes["option_id"]], dtype=float)


def national_room_mw(run: Run) -> Array:
    """What the grids of a country may add in each plan year, by its months; infinite where its data are not stated, [i,y]."""
    twh, share, load = (
        run.vector("inputs.countries", column) for column in ("generation_growth_twh_per_year", "ai_share_frac", "load_frac")
    )
    room = share * 1e6 * np.maximum(0.0, twh)
    per_mw = HOURS_PER_MEAN_YEAR * np.nan_to_num(load, nan=1.0)
    a_year = np.where(np.isnan(room) | (per_mw <= 0), np.inf, room / np.where(per_mw > 0, per_mw, 1.0))
    months = np.bincount(np.arange(run.decided_count + run.past) // 12)[: len(run.axes["plan_year"])]
    room = a_year[:, None] * months / 12.0
    room[:, 0] = np.maximum(0.0, room[:, 0] - run.vector("inputs.countries", "added_mw"))
    return np.asarray(room)


def national_rows(case: Case) -> Iterator[Row]:
    """Grids of a nation grow no faster in a plan year than its generation gives to AI."""
    run, power = case.run, case.power
    names = run.texts("inputs.countries", "country_iso2")
    here = indicator(names, run.texts("inputs.regions", "country_iso2"), str.__eq__)
    counted = here[:, :, None] * national_options(run)
    last = {year: month for month, year in enumerate(run.plan_year.tolist())}
    grown = np.zeros((run.month_count, run.month_count))  # [v,t] 1 at the end of a year, -1 at the end of the year before
    limit = np.full((len(names), run.month_count), np.inf)
    start, room = np.zeros(limit.shape), national_room_mw(run)
    for year, end in last.items():
        grown[end, end], limit[:, end] = 1.0, room[:, year]
        if year:
            grown[last[year - 1], end] = -1.0
        else:
            start[:, end] = contract([("irp", counted), ("rp", power.start)], "i")
    law = "grid growth of a nation in a plan year <= AI share of its generation growth in that many months"
    left: Side = [term("capacity", "rpv", irp=counted, vt=grown), -start]
    yield Limit("limit_national_growth", "it", left, [limit], "MW", law, items=names, price="USD per MW")


def carbon_rows(case: Case) -> Iterator[Row]:
    """Emissions of a year stay under its cap, of part of a year under that part of it; the row is that of its last month, in
    thousand tonnes in the model."""
    years, inside, ends, cap = _by_year(case.run, "carbon", "cap_mtco2_per_year", "carried_over_mtco2", "limit_carbon", 1e6)
    emitted = term("output", "rpvk", rp=case.power.carbon_t_per_mwh, vk=case.hours.hours, iv=inside, it=ends)
    law = "emissions of a year <= cap, of part of a year <= that part of it"
    yield Limit("limit_carbon", "it", [emitted], [cap], "tCO2", law, items=years, price="USD per tCO2", scale=1e3)


def counted_chips_usd(run: Run) -> Array:
    """[g] what a chip takes from the budget of the year in which it is delivered."""
    return run.vector("inputs.accelerators", "price_usd_per_unit") * float(dig(run.plan, "budget.chips") == "counted")


def budget_rows(case: Case) -> Iterator[Row]:
    """Capital that falls due in a year stays within its budget, of part of a year within that part of it."""
    years, inside, ends, budget = _by_year(
        case.run, "budget", "capital_musd_per_year", "carried_over_musd", "limit_budget", 1.0
    )
    price = counted_chips_usd(case.run) / 1e3
    capital = (replace(each, factors=(*each.factors, ("it", ends))) for each in capital_terms(case, inside))
    chips = (term(name, index, g=price, iv=inside, it=ends) for name, index in (("buy", "gv"), ("defer", "guv")))
    spent: Side = [*capital, *chips]
    firm = contract([("g", price), ("gv", case.fleet.delivered - case.fleet.offered), ("iv", inside), ("it", ends)], "it")
    law = "capital that falls due in a year <= budget, of part of a year <= that part of it"
    yield Limit("limit_budget", "it", spent, [budget - firm], "million USD", law, items=years, price="USD per million USD")


def _by_year(run: Run, part: str, limit: str, carried: str, name: str, unit: float) -> tuple[list[str], Array, Array, Array]:
    """A limit that the plan states by calendar year: its years, their months [i,t], the last of each, and its amount there,
    with what earlier months of a year have left.

    What a year of the look-ahead does not state, it has from the year before."""
    key = f"{part}.{limit}"
    stated = dig(run.plan, key) or {}
    law = f"{key} must map years to amounts, zero or more"
    if not isinstance(stated, dict) or not all(
        isinstance(each, (int, float)) and not isinstance(each, bool) and each >= 0 for each in stated.values()
    ):
        raise UnreadableError([finding(name, f"plan.yaml: {law}")])
    amounts = {str(year): float(each) for year, each in stated.items()}
    for month in run.months[run.reported :]:
        before = str(int(month[:4]) - 1)
        if before in amounts and before >= run.months[run.reported - 1][:4]:
            amounts.setdefault(month[:4], amounts[before])
    years = list(amounts)
    inside = indicator(years, run.months, lambda year, month: month[:4] == year)
    ends = inside * (np.cumsum(inside[:, ::-1], axis=1)[:, ::-1] == 1.0)  # 1 in the last month of the year
    part_of_year = inside.sum(axis=1) / 12.0
    left = np.array([run.number(f"{part}.{carried}.{year}", 0.0) for year in years], dtype=float)
    amount = np.maximum(0.0, unit * (np.array(list(amounts.values()), dtype=float) * part_of_year + left))
    most = np.where(ends > 0.0, amount[:, None], np.inf)
    return years, inside, ends, most
