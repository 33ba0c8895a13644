"""Limits that a requirement can conflict with, and what is there today: power, halls, nations, network, chips, and others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from models import REGISTER
from models.budget import limit_budget
from models.data import PlanData
from models.fleet import conserve_chips, conserve_fleet
from models.halls import conserve_shell, limit_shell_growth
from models.nations import HOURS_PER_MEAN_YEAR, limit_national_growth
from models.network import limit_network, limit_route
from models.offers import decide_offer
from models.power import conserve_capacity, limit_power_growth
from models.rows import Key
from planner.plan.calendar import calendar_of, parts_of_calendar_years, parts_of_plan_years
from planner.plan.series import leverage
from planner.schema.fields import ANY
from planner.studies.infeasible.levers import Lever, Rows, lever, of_years, per_unit, yearly

if TYPE_CHECKING:
    from planner.plan.plan import Plan


def limits(plan: Plan, data: PlanData, rows: Rows) -> Iterator[Lever]:
    """Everything that may be at most so much, and everything that is there at the start."""
    for part in (_budget, _power, _halls, _nations, _links, _stated, _chips):
        yield from part(plan, data, rows)


def _power(plan: Plan, data: PlanData, rows: Rows) -> Iterator[Lever]:
    calendar = calendar_of(plan.settings)
    power = plan.tables["power"]
    steps = leverage(power, "step_mw_per_month", calendar, "step_growth_frac_per_year")
    for (r, p), factors in zip(power.keys, steps, strict=True):
        signed = {t for (s, q, t), mw in data.committed_mw.items() if (s, q) == (r, p) and mw and (r, p, t) not in data.step_mw}
        moved = rows.some(
            (limit_power_growth[r, p, t], factor)
            for t, factor in enumerate(factors, start=1)
            if (r, p, t) in data.step_mw and t not in signed
        )
        yield lever(plan, "power", (r, p), "step_mw_per_month", f"power step of {r}, {p}", moved)
        row = conserve_capacity[r, p, 1]
        moved = rows.some(
            [
                (row, rows.sign(row, ("capacity", (r, p, 1)))),
                (limit_power_growth[r, p, 1], data.growth_frac_per_month[r, p]),
                (limit_national_growth[data.country[r], 1], float(p in data.national_options)),
            ]
        )
        if data.start_mw[r, p] > 0:
            yield lever(plan, "power", (r, p), "start_mw", f"what stands of {r}, {p} at the start", moved, kind="fact")


def _budget(plan: Plan, data: PlanData, rows: Rows) -> Iterator[Lever]:
    stated = plan.settings.budget.capital_musd_per_year
    for year, moved in of_years(stated, data.budget_musd, parts_of_calendar_years(data.months)).items():
        key = f"budget.capital_musd_per_year.{year}"
        found = rows.some((limit_budget[y], part) for y, part in moved.items())
        yield yearly(plan, key, stated[year], f"capital budget of {year}", found)


def _halls(plan: Plan, data: PlanData, rows: Rows) -> Iterator[Lever]:
    regions = plan.tables["regions"]
    steps = leverage(regions, "shell_step_mw_per_month", calendar_of(plan.settings), "shell_step_growth_frac_per_year")
    for (r,), lead, factors in zip(regions.keys, regions.column("shell_lead_months"), steps, strict=True):
        moved = rows.some((limit_shell_growth[r, t], factor) for t, factor in enumerate(factors, start=1) if t > lead)
        yield lever(plan, "regions", (r,), "shell_step_mw_per_month", f"hall step of {r}", moved)
        row = conserve_shell[r, 1]
        moved = rows.some([(row, rows.sign(row, ("shell", (r, 1))))])
        yield lever(plan, "regions", (r,), "shell_start_mw", f"halls of {r} at the start", moved, kind="fact")


def _nations(plan: Plan, data: PlanData, rows: Rows) -> Iterator[Lever]:
    table = plan.tables["countries"]
    for c, twh, share, load in table.select("country_iso2", "generation_growth_twh_per_year", "ai_share_frac", "load_frac"):
        parts = {(c, y): part for y, part in parts_of_plan_years(len(data.months), calendar_of(plan.settings).past).items()}
        mw_per_twh = 1e6 / (HOURS_PER_MEAN_YEAR * load)
        for column, mw, most in (
            ("ai_share_frac", max(0.0, twh) * mw_per_twh, 1.0 - share),
            ("generation_growth_twh_per_year", share * mw_per_twh if twh >= 0 else 0.0, float("inf")),
        ):
            moved = rows.some((limit_national_growth[index], mw * part) for index, part in parts.items())
            if moved:
                yield lever(plan, "countries", (c,), column, f"national growth of {c}", moved, most=most)


def _links(plan: Plan, data: PlanData, rows: Rows) -> Iterator[Lever]:
    links = plan.tables["links"]
    capacity = leverage(links, "gbit_s", calendar_of(plan.settings), "growth_frac_per_year")
    for (r,), factors in zip(links.keys, capacity, strict=True):
        moved = rows.some((limit_network[r, t], factor) for t, factor in enumerate(factors, start=1))
        yield lever(plan, "links", (r,), "gbit_s", f"network of {r}", moved)
    elapsed = calendar_of(plan.settings).elapsed()
    rates = plan.tables["routes"].mapping("route_id", "growth_frac_per_month")
    for route in data.routes:
        grown = (((1.0 + rates[route.route_id]) ** elapsed[t - 1], t) for t in route.gbit_s)
        moved = rows.some((limit_route[route.route_id, t], factor) for factor, t in grown)
        yield lever(plan, "routes", (route.route_id,), "gbit_s", f"route {route.route_id}", moved)


def _stated(plan: Plan, data: PlanData, rows: Rows) -> Iterator[Lever]:
    """Limits that a column of the input states as they are: scaled together over months, or set alike where all are zero."""
    for row in REGISTER.values():
        if row.kind != "limit" or row.stated is None or row.price is None:
            continue
        field, (table, _, column) = row.stated[0], row.stated[1].partition(".")
        limits_of: dict[str, dict[Key, float]] = {}
        for index, limit in getattr(data, field).items():
            limits_of.setdefault(row.where(index), {})[row[index]] = limit * row.price.usd / 1e6  # in the unit of the row
        for where, mine in limits_of.items():
            names = iter(where.split(" / "))
            key = tuple(ANY if one.kind == "month" else next(names) for one in plan.tables[table].schema.keys)
            words = row.price.title.format(item=where.split(" / ")[-1])
            yield _column(plan, (table, key, column), words, rows, mine)


def _column(plan: Plan, target: tuple[str, tuple[Any, ...], str], words: str, rows: Rows, values: Mapping[Key, float]) -> Lever:
    """Limits by month that stand in one column: scaled together, or set alike where all are zero."""
    one = lever(plan, *target, words, {})
    if not any(values.values()):
        values = dict.fromkeys(values, 1.0)
    elif one.now:
        values = {row: value / one.now for row, value in values.items()}
    return replace(one, move=replace(one.move, rows=rows.some(values.items())))


def _chips(plan: Plan, data: PlanData, rows: Rows) -> Iterator[Lever]:
    for g in data.generations:
        mine = {t: kunit for (h, t), kunit in data.delivered_kunit.items() if h == g and kunit}
        signs = {t: rows.sign(conserve_chips[g, t], ("dark", (g, t))) for t in (*mine, 1)}
        if mine:
            moved = rows.some((conserve_chips[g, t], signs[t] * kunit) for t, kunit in mine.items())
            moved |= rows.some((decide_offer[g, t], data.optional_kunit.get((g, t), 0.0)) for t in mine)
            one = lever(plan, "deliveries", (g, ANY), "kunit", f"deliveries of {g}", moved)
            yield per_unit(one)
        if data.start_dark_kunit.get(g):
            moved = rows.some([(conserve_chips[g, 1], signs[1] * data.start_dark_kunit[g])])
            yield per_unit(lever(plan, "dark", (g, ANY), "kunit", f"{g} dark at the start", moved, kind="fact"))
    for (r, g), kunit in data.start_installed_kunit.items():
        if kunit:
            row = conserve_fleet[r, g, 1]
            moved = rows.some([(row, kunit * data.survive_frac[r, g] * rows.sign(row, ("installed", (r, g, 1))))])
            yield per_unit(lever(plan, "fleet", (r, g, ANY), "kunit", f"{g} installed in {r} at the start", moved, kind="fact"))
