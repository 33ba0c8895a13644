"""A name in a list of places is unambiguous: it is not a region and also a group of others."""

from __future__ import annotations

from collections.abc import Iterable

from planner.read.rules.rule_context import RuleContext

Members = dict[str, set[str]]
LISTS = (("shares", "to"), ("routes", "to"), ("routes", "from"), ("latency_targets", "to"), ("latency_targets", "from"))


def names_mean_one_thing(context: RuleContext) -> None:
    """Refuse a listed name that stands for different sets of places; an ambiguous name that no list uses is allowed."""
    regions, designs, zones = (context.tables[name] for name in ("regions", "designs", "zones"))
    homes = [*regions.select("region_id", "bloc"), *designs.select("design_id", "bloc")]
    places = {
        "a region": {r: {r} for r in regions.column("region_id")},
        "a design": {o: {o} for o in designs.column("design_id")},
        "a bloc": _members(homes),
        "a group": _members((r, group) for r, group in regions.select("region_id", "group") if group),
    }
    askers = {"a zone": {z: {z} for z in zones.column("zone_id")}, "a bloc": _members(zones.select("zone_id", "bloc"))}
    for name, column in LISTS:
        kinds = places if column == "to" else askers
        table = context.tables[name]
        for position, listed in enumerate(table.column(column)):
            for word in listed or ():
                meant = {kind: called[word] for kind, called in kinds.items() if word in called}
                if len({frozenset(members) for members in meant.values()}) > 1:
                    text = " and ".join(f"{kind} ({', '.join(sorted(members)[:5])})" for kind, members in meant.items())
                    expected = f"a name that means one thing: this is {text}"
                    context.findings.refuse(table.place(position, column), column, word, expected)


def _members(pairs: Iterable[tuple[str, str]]) -> Members:
    found: Members = {}
    for member, name in pairs:
        found.setdefault(name, set()).add(member)
    return found


def zones_are_no_other_bloc(context: RuleContext) -> None:
    """A zone has the name of no bloc but its own: demand comes from zones and from the pools of blocs."""
    zones = context.tables["zones"]
    blocs = set(zones.column("bloc"))
    for position, (zone, bloc) in enumerate(zones.select("zone_id", "bloc")):
        if zone != bloc and zone in blocs:
            expected = f"another name: {zone} is a bloc, and this zone is in {bloc}"
            context.findings.refuse(zones.place(position, "zone_id"), "zone_id", zone, expected)
