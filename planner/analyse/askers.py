"""Who stands behind a pool: the countries whose zones ask for its work, read again from the tables of demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.read.plan import Plan

Askers = Mapping[tuple[str, str], Mapping[str, float]]
"""[z,w] the share of the demand of a pool that each country asks for; the shares of a pool add up to one."""


def askers(plan: Plan) -> Askers:
    """Shares of every pool. They hold in all months, since the demand of a class grows alike everywhere.

    A pool that asks for nothing is split evenly between the countries of its zones: nothing is served either way."""
    zones = plan.tables["zones"]
    country, bloc = zones.mapping("zone_id", "country_iso2"), zones.mapping("zone_id", "bloc")
    latency = plan.tables["classes"].mapping("class_id", "latency_ms")
    start: dict[tuple[str, str], dict[str, float]] = {}
    for zone, w, kh100e in plan.tables["demand"].select("zone_id", "class_id", "start_kh100e"):
        of_pool = start.setdefault((zone if latency[w] is not None else bloc[zone], w), {})
        of_pool[country[zone]] = of_pool.get(country[zone], 0.0) + kh100e
    found = {}
    for pool, asked in start.items():
        whole = sum(asked.values())
        found[pool] = {c: kh100e / whole if whole else 1.0 / len(asked) for c, kh100e in asked.items()}
    return found
