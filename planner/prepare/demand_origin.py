"""Who stands behind a pool: the countries whose zones ask for its work, read again from the tables of demand."""

from __future__ import annotations

from collections.abc import Mapping

from planner.plan.calendar import month_names
from planner.plan.plan import Plan
from planner.plan.training_runs import runs_of

Askers = Mapping[tuple[str, str, str], Mapping[str, float]]
"""[z,w,month] the share of the demand of a pool that each country asks for; the shares of a pool add up to one."""


def askers(plan: Plan) -> Askers:
    """Shares of every pool, month by month: what `demand` states, grown, and the training runs of the month.

    A pool that asks for nothing is split evenly between the countries of its zones: nothing is served either way."""
    settings, tables = plan.settings, plan.tables
    months = month_names(settings.start, settings.months)
    country, bloc = (tables["zones"].mapping("zone_id", column) for column in ("country_iso2", "bloc"))
    latency, own = (tables["classes"].mapping("class_id", column) for column in ("latency_ms", "doubling_months"))
    paths = [
        (zone, w, [kh100e * 2 ** (step / (own[w] or settings.demand.doubling_months)) for step in range(len(months))])
        for zone, w, kh100e in tables["demand"].select("zone_id", "class_id", "start_kh100e")
    ]
    asked: dict[tuple[str, str, str], dict[str, float]] = {}
    for zone, w, path in [*paths, *runs_of(tables["training_runs"], settings.start, settings.months)]:
        for month, kh100e in zip(months, path, strict=True):
            of_pool = asked.setdefault((zone if latency[w] is not None else bloc[zone], w, month), {})
            of_pool[country[zone]] = of_pool.get(country[zone], 0.0) + kh100e
    return {pool: _shares(of_pool) for pool, of_pool in asked.items()}


def _shares(asked: Mapping[str, float]) -> dict[str, float]:
    whole = sum(asked.values())
    return {country: kh100e / whole if whole else 1.0 / len(asked) for country, kh100e in asked.items()}
