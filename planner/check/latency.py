"""Checks of delay: demand that nothing reaches in time, and targets that pairs of places meet or miss."""

from __future__ import annotations

from collections.abc import Iterator

from models.data import PlanData
from planner.check.upper_bounds import UpperBounds
from planner.codes import Remark
from planner.findings import Notice
from planner.formats import some
from planner.plan.latency import Latency
from planner.plan.places import endpoints
from planner.plan.plan import Plan


def check_latency(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Demand that no place may serve, with the nearest region and its delay, and how much goes unserved."""
    months = range(1, len(data.months) + 1)
    holds = {x for x in (*data.regions, *data.designs) if any(bounds.it_mw(x, t) > 0 for t in months)}
    served = {(z, w) for z, w, x in data.servable if x in holds}
    empty: dict[tuple[str, str], list[str]] = {}
    for z, w, x in data.servable:
        empty.setdefault((z, w), []).append(x)
    asked = dict.fromkeys((z, w) for (z, w, _), kh100e in data.demand_kh100e.items() if kh100e > 0)
    latency = Latency(plan.settings, plan.tables)
    bloc_of = plan.tables["zones"].mapping("zone_id", "bloc")
    regions = list(plan.tables["regions"].select("region_id", "bloc"))
    limit = plan.tables["classes"].mapping("class_id", "latency_ms")
    residency = plan.tables["residency"]
    allowed = {(w, bloc): blocs for w, bloc, blocs in residency.select("class_id", "from_bloc", "to_blocs")}
    demand = plan.tables["demand"]
    for z, w in asked:
        if (z, w) in served:
            continue
        hollow = f"{some(empty[z, w])} may serve it, but cannot hold a chip in any month" if (z, w) in empty else ""
        bloc = z if limit[w] is None else bloc_of[z]
        blocs = allowed.get((w, bloc))
        legal = [r for r, place_bloc in regions if blocs is None or place_bloc in blocs]
        if limit[w] is None:
            row = residency.index.get((w, bloc))
            at = None if row is None else residency.place(row, "to_blocs")
            why = hollow or f"no place in {', '.join(blocs or ())}"
            yield Notice(Remark.W_DEMAND_UNREACHABLE, f"{w} demand of {bloc} cannot be served anywhere: {why}", at)
            continue
        text = f"{w} demand of {z} cannot be served anywhere"
        if legal:
            delay, nearest = min(((latency.between(z, r), r) for r in legal), key=lambda one: one[0].round_trip_ms)
            how = "" if delay.origin == "rule" else f" ({delay.origin})"
            text += f": the nearest region, {nearest}, is {latency.km(z, nearest):,.0f} km and {delay.round_trip_ms:.1f} ms"
            text += f" away{how}, the limit is {limit[w]:g} ms"
        else:
            text += f": no region in {', '.join(blocs or ())}"
        text += f"; {hollow}" if hollow else ""
        last = len(data.horizon)
        first, most = data.demand_kh100e[z, w, 1], data.demand_kh100e[z, w, last]
        text += f"; {first:,.1f} kH100e go unserved in {data.months[0]} and {most:,.1f} in {data.horizon[-1]}"
        yield Notice(Remark.W_DEMAND_UNREACHABLE, text, demand.place(demand.index[z, w]) if (z, w) in demand.index else None)


def check_targets(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Which pairs of places meet a target for their delay, and which miss it by most."""
    table = plan.tables["latency_targets"]
    latency = Latency(plan.settings, plan.tables)
    for position, (target, origins, ends, most) in enumerate(table.select("target_id", "from", "to", "one_way_ms")):
        pairs = latency.pairs(endpoints(plan.tables, origins), endpoints(plan.tables, ends))
        if not pairs:
            yield Notice(Remark.W_TARGET_MISSED, f"target {target} names no pair of places", table.place(position))
            continue
        slowest_first = sorted(pairs.items(), key=lambda one: -one[1].one_way_ms)
        missed = [(pair, delay) for pair, delay in slowest_first if delay.one_way_ms > most]
        pair, worst = slowest_first[0]
        text = f"target {target}, {most:g} ms one way: met by {len(pairs) - len(missed)} of {len(pairs)} pairs"
        text += f", the slowest is {pair[0]} to {pair[1]} with {worst.one_way_ms:.1f} ms ({worst.origin})"
        if missed:
            text += "; missed by " + some(f"{one} to {other} ({delay.one_way_ms:.1f} ms)" for (one, other), delay in missed)
        yield Notice(Remark.W_TARGET_MISSED if missed else Remark.N_TARGET_MET, text, table.place(position, "one_way_ms"))
