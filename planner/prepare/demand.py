"""Demand by zone or pool, the countries it comes from, and the places that may serve it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.plan.calendar import Calendar
from planner.plan.day import DAY
from planner.plan.latency import Latency
from planner.plan.series import doubling_months, held, keyed
from planner.plan.table import Table
from planner.schema.settings import Settings

Tables = dict[str, Table]
Demand = dict[tuple[str, str, int], float]
Flows = tuple[tuple[str, str, str], ...]
Runs = list[tuple[str, str, list[float]]]
"""Zone, class, and kH100e by month, of each row of training runs."""

Origin = Mapping[tuple[str, str, str], Mapping[str, float]]
"""[z,w,month] the share of a pooled demand that comes from each country; the shares of a pool add up to one."""


def classes_of(tables: Tables) -> dict[str, Any]:
    """Kinds of work, in the order of their table."""
    return {"classes": tuple(tables["classes"].column("class_id"))}


def value_of(tables: Tables, calendar: Calendar) -> dict[str, Any]:
    """Value, flexibility and traffic of each class; a core without a value of its own is worth as much as the rest."""
    names = ("flexible_frac", "core_frac", "weight", "gbit_s_per_kh100e")
    value = keyed(tables["classes"], "value_usd_per_h100e_h", calendar)
    of_core = keyed(tables["classes"], "core_value_usd_per_h100e_h", calendar)
    windows = tables["classes"].select("class_id", "flexible_window_h")
    falls = tables["classes"].select("class_id", "max_fall_frac_per_month")
    return {
        "flexible_window_h": {w: hours for w, hours in windows if hours is not None and hours < DAY},
        "max_fall_frac_per_month": {w: frac for w, frac in falls if frac is not None and frac < 1.0},
        "move_usd_per_h100e": {w: usd for w, usd in tables["classes"].select("class_id", "move_usd_per_h100e") if usd},
        "value_usd_per_h100e_h": value,
        "core_value_usd_per_h100e_h": {wt: usd if of_core[wt] is None else of_core[wt] for wt, usd in value.items()},
        **{name: tables["classes"].mapping("class_id", name) for name in names},
    }


def demand_paths(settings: Settings, tables: Tables, calendar: Calendar) -> list[list[float]]:
    """Of each row of demand, kH100e by month: what was stated last, doubling since."""
    doubling = doubling_months(settings, tables)
    paths = zip(tables["demand"].column("class_id"), held(tables["demand"], "start_kh100e", calendar), strict=True)
    return [[one.value * 2 ** (one.grown / doubling[w]) for one in path] for w, path in paths]


def demand_of(settings: Settings, tables: Tables, calendar: Calendar, runs: Runs) -> Demand:
    """[z,w,t]: by zone where a class has a latency limit, else pooled by bloc; with the training runs."""
    bloc = tables["zones"].mapping("zone_id", "bloc")
    latency = tables["classes"].mapping("class_id", "latency_ms")
    doubling = doubling_months(settings, tables)
    start: dict[tuple[str, str, int], dict[int, float]] = {}  # by the months for which it has grown
    for (zone, w), stated in zip(tables["demand"].keys, held(tables["demand"], "start_kh100e", calendar), strict=True):
        for t, one in enumerate(stated, start=1):
            of_pool = start.setdefault((zone if latency[w] is not None else bloc[zone], w, t), {})
            of_pool[one.grown] = of_pool.get(one.grown, 0.0) + one.value
    asked = {
        (z, w, t): sum(kh100e * 2 ** (grown / doubling[w]) for grown, kh100e in of.items()) for (z, w, t), of in start.items()
    }
    for zone, w, path in runs:
        for t, kh100e in enumerate(path, start=1):
            asked[zone if latency[w] is not None else bloc[zone], w, t] += kh100e
    return asked


def origin_of(settings: Settings, tables: Tables, calendar: Calendar, runs: Runs) -> Origin:
    """[z,w,month] from which countries demand comes: growing demand of their zones, and training runs of the month.

    A pool without demand is split evenly between the countries of its zones: nothing is served either way."""
    country, bloc = (tables["zones"].mapping("zone_id", column) for column in ("country_iso2", "bloc"))
    latency = tables["classes"].mapping("class_id", "latency_ms")
    paths = [(*key, path) for key, path in zip(tables["demand"].keys, demand_paths(settings, tables, calendar), strict=True)]
    asked: dict[tuple[str, str, str], dict[str, float]] = {}
    for zone, w, path in [*paths, *runs]:
        for month, kh100e in zip(calendar.months, path, strict=True):
            of_pool = asked.setdefault((zone if latency[w] is not None else bloc[zone], w, month), {})
            of_pool[country[zone]] = of_pool.get(country[zone], 0.0) + kh100e
    return {pool: _shares(of_pool) for pool, of_pool in asked.items()}


def _shares(asked: Mapping[str, float]) -> dict[str, float]:
    whole = sum(asked.values())
    return {country: kh100e / whole if whole else 1.0 / len(asked) for country, kh100e in asked.items()}


def servable_of(settings: Settings, tables: Tables, demand: Demand) -> Flows:
    """Who may serve whom: within the latency limit, where residency allows, and from orbit only what may be."""
    latency = Latency(settings, tables)
    bloc_of = tables["zones"].mapping("zone_id", "bloc")
    regions = list(tables["regions"].select("region_id", "bloc"))
    designs = list(tables["designs"].select("design_id", "bloc"))
    limit = tables["classes"].mapping("class_id", "latency_ms")
    flies = {w: orbit == "yes" for w, orbit in tables["classes"].select("class_id", "orbit")}
    allowed = {(w, bloc): set(blocs) for w, bloc, blocs in tables["residency"].select("class_id", "from_bloc", "to_blocs")}
    flows = []
    for z, w in dict.fromkeys((z, w) for z, w, _ in demand):
        may = allowed.get((w, z if limit[w] is None else bloc_of[z]))
        for place, place_bloc in (*regions, *(designs if flies[w] else ())):
            if (may is None or place_bloc in may) and latency.fast_enough(z, place, limit[w]):
                flows.append((z, w, place))
    return tuple(flows)
