"""The places of a plan: what a list may call them, where they are, and orbital designs as physics knows them."""

from __future__ import annotations

import dataclasses

from planner.physics.design import OrbitalDesign
from planner.plan.table import Table
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
