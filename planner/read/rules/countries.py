"""Rules of countries: a code has the two letters of ISO 3166, so that what a rule or an envelope names can be a place."""

from __future__ import annotations

import re
from collections.abc import Callable

from iso3166 import countries, countries_by_alpha2

from planner.read.rules.rule_context import RuleContext

EXPORT_RULES = ("only_countries", "not_countries")
FREE = re.compile(r"AA|Q[M-Z]|X[A-Z]|ZZ")
"""Codes that ISO leaves to its users."""
BY_HABIT = {"uk": "GB", "el": "GR", "uae": "AE", "south korea": "KR", "north korea": "KP", "britain": "GB"}
GROUPS = frozenset("world wld owid_wrl global all eu eu27 eu28 europe asia africa apac emea oecd g7 g20 row".split())
EXPECTED = "the two letters of ISO 3166 for a country"


def codes_are_countries(name: str) -> Callable[[RuleContext], None]:
    """The rule for one table. A place may have a code of the user's own, an export rule only one that a place has."""

    def rule(context: RuleContext) -> None:
        table = context.tables[name]
        own = {code for code in _countries_of(context) if FREE.fullmatch(code)}
        for column in ("country_iso2", *EXPORT_RULES):
            for position, value in enumerate(table.columns.get(column, ())):
                for code in value if isinstance(value, tuple) else (value,):
                    if code not in countries_by_alpha2 and code not in own:
                        context.findings.refuse(table.place(position, column), column, code, EXPECTED, _hint(context, code))

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
    known = countries.get(BY_HABIT.get(folded, code), None)
    if known is None and len(code) > len("CHN"):
        begins = [one for one in countries if one.name.casefold().startswith(folded)]
        known = min(begins, key=lambda one: len(one.name), default=None)
    return f"did you mean {known.alpha2}?" if known is not None else ""
