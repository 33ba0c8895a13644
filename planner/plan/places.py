"""The places of a plan: what a list may call them, where they are, and orbital designs as physics knows them."""

from __future__ import annotations

import dataclasses

from planner.physics.design import OrbitalDesign
from planner.plan.table import Table
from planner.schema.fields import ANY
from planner.schema.table_schema import ORBIT

Tables = dict[str, Table]


def names_of_places(tables: Tables) -> dict[str, set[str]]:
    """Every region and design, with the names by which a list may call it: its own, its bloc, its group, or orbit."""
    regions = tables["regions"].select("region_id", "bloc", "group")
    return {r: {r, bloc, group or r} for r, bloc, group in regions} | {
        o: {o, bloc, ORBIT} for o, bloc in tables["designs"].select("design_id", "bloc")
    }


def joined(tables: Tables, origins: tuple[str, ...], ends: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Pools (zones, and blocs for classes without a latency limit) and places that a route joins."""
    pools = {z: {z, bloc} for z, bloc in tables["zones"].select("zone_id", "bloc")}
    pools |= {bloc: {bloc} for bloc in tables["zones"].column("bloc")}
    places = names_of_places(tables)
    return (
        tuple(z for z, called in pools.items() if not origins or called.intersection(origins)),
        tuple(x for x, called in places.items() if called.intersection(ends)),
    )


def zones_of(tables: Tables, names: tuple[str, ...]) -> set[str]:
    """Zones that a list names by their own name, bloc or country; all of them for an empty list."""
    called = {z: {z, *others} for z, *others in tables["zones"].select("zone_id", "bloc", "country_iso2")}
    return {z for z, words in called.items() if not names or words.intersection(names)}


def pools_of(tables: Tables, names: tuple[str, ...], of_class: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Pools and classes in which zones of a list ask: those that are theirs alone, and those that they share with others."""
    named, bloc_of = zones_of(tables, names), tables["zones"].mapping("zone_id", "bloc")
    pooled = {w for w, limit_ms in tables["classes"].select("class_id", "latency_ms") if limit_ms is None}
    asking: dict[tuple[str, str], set[str]] = {}
    for z, w in tables["demand"].keys:
        if of_class in (ANY, w) and z in bloc_of:
            asking.setdefault((bloc_of[z] if w in pooled else z, w), set()).add(z)
    whole = [pool for pool, zones in asking.items() if zones <= named]
    return whole, [pool for pool, zones in asking.items() if zones & named and not zones <= named]


def endpoints(tables: Tables, names: tuple[str, ...]) -> list[str]:
    """Zones, regions and designs that a list names, by their own name, bloc, group, or orbit, in the order of the tables."""
    zones = {z: {z, bloc} for z, bloc in tables["zones"].select("zone_id", "bloc")}
    places = zones | {x: called | zones.get(x, set()) for x, called in names_of_places(tables).items()}
    return [place for place, called in places.items() if called.intersection(names)]


def located(table: Table, key: str) -> dict[str, tuple[float, float]]:
    """Latitude and longitude by name, degrees."""
    return {name: (lat, lon) for name, lat, lon in table.select(key, "latitude_deg", "longitude_deg")}


def orbital_designs(designs: Table) -> list[OrbitalDesign]:
    """The rows of the table as physics knows them."""
    names = [one.name for one in dataclasses.fields(OrbitalDesign)]
    return [OrbitalDesign(**dict(zip(names, row, strict=True))) for row in designs.select(*names)]
