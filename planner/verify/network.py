"""Network: delays between zones and places, and routes with what they carry and what their traffic costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planner.verify.fleet import listed
from planner.verify.run import NDArrayBool, Run
from planner.verify.verdict import Array


@dataclass(frozen=True)
class Route:
    """Which pools' traffic to which places a route carries, how much of it in each month, and at what price."""

    name: str
    asks: NDArrayBool  # [z]
    ends: NDArrayBool  # [x]
    gbit_s: Array  # [t], infinite: no limit
    usd_per_gbit_s_month: float  # NaN: the plan's price


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


def routes(run: Run, pool_bloc: list[str], place_names: list[set[str]]) -> Iterator[Route]:
    """The routes of the inputs, in their order."""
    frame = run.table("inputs.routes")
    for route in frame.to_dict("records"):
        origins, ends = listed(str(route["from"])), listed(str(route["to"]))
        pools = zip(run.axes["pool_id"], pool_bloc, strict=True)
        asks = np.array([not origins or pool in origins or bloc in origins for pool, bloc in pools], dtype=bool)
        reaches = np.array([not called.isdisjoint(ends) for called in place_names], dtype=bool)
        gbit_s = route["gbit_s"] * (1.0 + route["growth_frac_per_month"]) ** run.elapsed
        yield Route(str(route["route_id"]), asks, reaches, np.asarray(gbit_s), float(route["usd_per_gbit_s_month"]))


def usd_per_gbit_s_month(run: Run, same_metro: NDArrayBool, found: list[Route]) -> Array:
    """Price of traffic from every pool to every place, [z,x]; `same_metro` [z,x]: nothing is charged there."""
    price = np.full(same_metro.shape, run.number("network.usd_per_gbit_s_month", 6480.0))
    for route in found:
        if not np.isnan(route.usd_per_gbit_s_month):
            price[np.ix_(route.asks, route.ends)] = route.usd_per_gbit_s_month
    return np.asarray(np.where(same_metro, 0.0, price))
