"""Rules of names: a name in a list of places is unambiguous, and a code of a country is one of ISO 3166."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from iso3166 import countries as known_countries, countries_by_alpha2

from planner.codes import Code
from planner.read.rules.rule_context import RuleContext
from planner.schema.tables import pointers

Members = dict[str, set[str]]
LISTS = [
    (one.table, one.field.name) for one in pointers() if one.field.kind == "list" and len(dict(one.targets)) < len(one.targets)
]
"""Lists that may call a place by its own name and by that of a set to which it belongs."""

EXPORT_RULES = ("only_countries", "not_countries")
FREE = re.compile(r"AA|Q[M-Z]|X[A-Z]|ZZ")
"""Codes that ISO leaves to its users."""
BY_HABIT = {"uk": "GB", "el": "GR", "uae": "AE", "south korea": "KR", "north korea": "KP", "britain": "GB"}
GROUPS = frozenset("world wld owid_wrl global all eu eu27 eu28 europe asia africa apac emea oecd g7 g20 row".split())
EXPECTED = "the two letters of ISO 3166 for a country"


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
    countries = {"a country": _members(zones.select("zone_id", "country_iso2"))}
    for name, column in LISTS:
        kinds = places if column == "to" else askers | countries if name in ("targets", "reservations") else askers
        table = context.tables[name]
        for position, listed in enumerate(table.column(column)):
            for word in listed or ():
                meant = {kind: called[word] for kind, called in kinds.items() if word in called}
                if len({frozenset(members) for members in meant.values()}) > 1:
                    text = " and ".join(f"{kind} ({', '.join(sorted(members)[:5])})" for kind, members in meant.items())
                    expected = f"a name that means one thing: this is {text}"
                    context.refuse(Code.E_NAME_TAKEN, table, position, column, word, expected)


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
            context.refuse(Code.E_NAME_TAKEN, zones, position, "zone_id", zone, expected)


def codes_are_countries(name: str) -> Callable[[RuleContext], None]:
    """The rule for one table. A place may have a code of the user's own, an export rule only one that a place has."""

    def rule(context: RuleContext) -> None:
        table = context.tables[name]
        own = {code for code in _countries_of(context) if FREE.fullmatch(code)}
        for column in ("country_iso2", *EXPORT_RULES):
            for position, value in enumerate(table.columns.get(column, ())):
                for code in value if isinstance(value, tuple) else (value,):
                    if code not in countries_by_alpha2 and code not in own:
                        context.refuse(Code.E_COUNTRY_UNKNOWN, table, position, column, code, EXPECTED, _hint(context, code))

    return rule


def _countries_of(context: RuleContext) -> dict[str, str]:
    """The bloc of each country of the plan, as far as it could be read."""
    places = [context.tables[name].select("country_iso2", "bloc") for name in ("regions", "designs", "zones")]
    return {country: bloc for rows in places for country, bloc in rows if country and bloc}


def _hint(context: RuleContext, code: str) -> str:
    folded = code.casefold().replace("_", " ")
    inside = [country for country, bloc in _countries_of(context).items() if bloc.casefold() == folded]
    if inside and folded not in map(str.casefold, inside):
        return f"{code} is a bloc: name its countries, {';'.join(inside)}"
    if folded in GROUPS:
        return "a group of countries: name each of them"
    known = known_countries.get(BY_HABIT.get(folded, code), None)
    if known is None and len(code) > len("CHN"):
        begins = [one for one in known_countries if one.name.casefold().startswith(folded)]
        known = min(begins, key=lambda one: len(one.name), default=None)
    return f"did you mean {known.alpha2}?" if known is not None else ""
