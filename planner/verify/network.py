"""Network: distances and delays between zones and places, and routes with what they carry and what their traffic costs."""

from __future__ import annotations

import numpy as np

from planner.verify.run import NDArrayBool, Run, indicator, listed
from planner.verify.series import of_rows
from planner.verify.verdict import Array

EARTH_RADIUS_KM = 6371.0


def distance_km(latitude: Array, longitude: Array, other_latitude: Array, other_longitude: Array) -> Array:
    """Great circle by the half-angle formula, every point of the first list to every point of the second."""
    a, b = np.radians(latitude)[:, None], np.radians(other_latitude)[None, :]
    half_a = np.sin((b - a) / 2.0) ** 2
    half_b = np.sin(np.radians(other_longitude[None, :] - longitude[:, None]) / 2.0) ** 2
    haversine = half_a + np.cos(a) * np.cos(b) * half_b
    return np.asarray(2.0 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(haversine, 0.0, 1.0))))


class Routes:
    """Which pools' traffic to which places each route carries, [n,z] and [n,x], and how much of it in each month, [n,t]."""

    def __init__(self, run: Run, pool_bloc: list[str], place_names: list[set[str]]) -> None:
        self.run = run
        self.names = run.texts("inputs.routes", "route_id")
        origins, ends = ([listed(text) for text in run.texts("inputs.routes", column)] for column in ("from", "to"))
        pools = list(zip(run.axes["pool_id"], pool_bloc, strict=True))
        self.asks = indicator(origins, pools, lambda named, pool: not named or not named.isdisjoint(pool))
        self.ends = indicator(ends, place_names, lambda named, called: not named.isdisjoint(called))
        growth = 1.0 + run.vector("inputs.routes", "growth_frac_per_month")[:, None]
        self.gbit_s = run.vector("inputs.routes", "gbit_s")[:, None] * growth**run.grown  # infinite: no limit

    @property
    def usd_per_gbit_s_month(self) -> Array:
        """Price of traffic from every pool to every place, [z,x,t]: of the last route that states one, else of the plan."""
        of_plan = self.run.number("network.usd_per_gbit_s_month", 6480.0)
        price = np.full((self.asks.shape[1], self.ends.shape[1], self.run.month_count), of_plan)
        stated = of_rows(self.run, "inputs.routes", "usd_per_gbit_s_month")
        for path, asks, ends in zip(stated, self.asks, self.ends, strict=True):
            if not np.isnan(path).all():
                price[np.ix_(asks > 0.0, ends > 0.0)] = np.where(np.isnan(path), of_plan, path)
        return price


def round_trip_ms(run: Run, distance: Array, same_metro: NDArrayBool) -> Array:
    """Round trip from every zone to every place, [z,x]; `distance` in km and `same_metro` from zones to regions."""
    number = run.number
    rtt = number("network.rtt_intercept_ms", 12.9) + number("network.rtt_slope_ms_per_km", 0.01479) * distance
    rtt = np.where(same_metro, number("network.same_metro_ms", 2.0), rtt)
    orbit = np.full((distance.shape[0], len(run.axes["design_id"])), number("network.orbit_rtt_ms", 35.0))
    rtt = np.concatenate([rtt, orbit], axis=1)
    zones = {name: code for code, name in enumerate(run.axes["zone_id"])}
    places = {name: code for code, name in enumerate(run.axes["place_id"])}
    stated = run.table("inputs.latency")
    for one, other, ms in zip(stated["from_id"], stated["to_id"], stated["one_way_ms"], strict=True):
        if str(one) in zones and str(other) in places:
            rtt[zones[str(one)], places[str(other)]] = 2.0 * float(ms)
    return np.asarray(rtt)
