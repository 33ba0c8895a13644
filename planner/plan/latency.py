"""Delays: as stated in a table, else through orbit, else by great circle. Stated one way, compared as round trips."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Literal

from planner.plan.places import located
from planner.plan.table import Table
from planner.schema.settings import Settings

Tables = dict[str, Table]
Origin = Literal["stated", "orbit", "metro", "rule"]
EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True)
class Delay:
    """How long a message takes, and where that number comes from: a row of `latency`, or a key under `network`."""

    round_trip_ms: float
    origin: Origin

    @property
    def one_way_ms(self) -> float:
        """Half of the round trip."""
        return self.round_trip_ms / 2


class Latency:
    """Delay between two of a plan's zones, regions and designs. Where a name is both, a zone asks and a region answers."""

    def __init__(self, settings: Settings, tables: Tables) -> None:
        self.network = settings.network
        self.designs = set(tables["designs"].column("design_id"))
        self.stated = {(a, b): 2 * ms for a, b, ms in tables["latency"].select("from_id", "to_id", "one_way_ms")}
        zones, regions = located(tables["zones"], "zone_id"), located(tables["regions"], "region_id")
        self.asks, self.answers = regions | zones, zones | regions

    def between(self, one: str, other: str) -> Delay:
        """The delay of a pair; a stated one counts in both directions."""
        stated = self.stated.get((one, other), self.stated.get((other, one)))
        if stated is not None:
            return Delay(stated, "stated")
        if one in self.designs or other in self.designs:
            assert self.network.orbit_rtt_ms is not None  # a rule: a plan with designs states it
            return Delay(self.network.orbit_rtt_ms, "orbit")
        if self.same_metro(one, other):
            return Delay(self.network.same_metro_ms, "metro")
        return Delay(self.network.rtt_intercept_ms + self.network.rtt_slope_ms_per_km * self.km(one, other), "rule")

    def fast_enough(self, zone: str, place: str, limit_ms: float | None) -> bool:
        """Whether work with that limit on its round trip (None: no limit) may be done there."""
        return limit_ms is None or self.between(zone, place).round_trip_ms <= limit_ms

    def same_metro(self, one: str, other: str) -> bool:
        """Whether two places are so close that traffic between them costs nothing."""
        return one in self.asks and other in self.answers and self.km(one, other) < self.network.same_metro_km

    def km(self, one: str, other: str) -> float:
        """Great-circle distance."""
        return distance_km(*self.asks[one], *self.answers[other])

    def pairs(self, origins: Iterable[str], ends: Iterable[str]) -> dict[tuple[str, str], Delay]:
        """Delay of every pair of different places, each pair once."""
        found: dict[tuple[str, str], Delay] = {}
        ends = list(ends)
        for one in origins:
            for other in ends:
                if one != other and (other, one) not in found:
                    found[one, other] = self.between(one, other)
        return found


def distance_km(lat_1: float, lon_1: float, lat_2: float, lon_2: float) -> float:
    """Great circle on a sphere of 6371 km (haversine)."""
    north, south = radians(lat_1), radians(lat_2)
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(radians(lon_2 - lon_1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))
