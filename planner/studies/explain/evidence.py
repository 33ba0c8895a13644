"""Which rows of the input stand behind a value of the plan, and where each was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from planner.schema.fields import ANY
from planner.studies.explain.question import Question
from planner.studies.explain.reopened import OpenRun

SETTINGS = {
    "power": ("discount_frac_per_year", "national.options"),
    "fleet": ("discount_frac_per_year",),
    "serve": ("network.rtt_intercept_ms", "network.rtt_slope_ms_per_km", "network.usd_per_gbit_s_month"),
    "demand": ("demand.doubling_months",),
}


@dataclass(frozen=True)
class Evidence:
    """A row of an input table, or a setting: where it was written, what was changed, and how far to trust it."""

    name: str  # power[us_ohio, grid] or demand.doubling_months
    at: str  # file:line
    changed: str
    quality: str
    source: str
    values: dict[str, Any]


def behind(run: OpenRun, question: Question) -> list[Evidence]:
    """The inputs of one value, or of all that stands in a place in a month, nearest first."""
    rows = list(dict.fromkeys(_rows(run, question)))
    found = [evidence(run, table, position) for table, position in rows]
    tables = (question.table,) if question.table else ("fleet",) if question.place in run.data.designs else ("power", "fleet")
    keys = dict.fromkeys(key for table in tables for key in SETTINGS.get(table, ()))
    return found + [setting(run, key) for key in keys]


def evidence(run: OpenRun, table: str, position: int) -> Evidence:
    """One row of an input table."""
    held, origin = run.plan.tables[table], run.origin(table, position)
    key = ", ".join(str(part) for part in held.keys[position])
    values = {
        one.name: held.columns[one.name][position]
        for one in held.schema.fields
        if not one.key and one.name != "name" and held.columns[one.name][position] not in (None, "", ())
    }
    at = f"{origin.file}:{origin.line}" if origin.line else origin.file
    quality, source = (held.columns[name][position] for name in ("quality", "source"))
    return Evidence(f"{table}[{key}]", at, origin.changed, str(quality), str(source), values)


def setting(run: OpenRun, key: str) -> Evidence:
    """One key of the plan."""
    value: Any = run.plan.settings
    for part in key.split("."):
        value = getattr(value, part)
    return Evidence(key, run.stated_at(key), "", "setting", "", {key.split(".")[-1]: value})


def _rows(run: OpenRun, q: Question) -> Iterator[tuple[str, int]]:
    """(table, position) of the rows behind a question."""
    d = run.data
    in_orbit = q.place in d.designs
    if q.table in ("", "power") and q.place and not in_orbit:
        options = [p for r, p in d.options if r == q.place and q.option in ("", p)]
        for p in options:
            yield from _match(run, "power", region_id=q.place, option_id=p)
            yield from _match(run, "commitments", region_id=q.place, option_id=p, month=q.month)
            yield from _match(run, "supply", option_id=p, month=q.month)
        if q.table:
            yield from _match(run, "options", option_id=q.option)
            fuel = run.plan.tables["options"].value("fuel_id", q.option)
            if fuel:
                yield from _match(run, "fuels", region_id=q.place, fuel_id=fuel)
        if any(p in d.national_options for p in options):
            yield from _match(run, "countries", country_iso2=d.country[q.place])
    if q.table in ("fleet", "chips"):
        yield from _match(run, "accelerators", generation_id=q.generation)
        yield from _match(run, "deliveries", generation_id=q.generation, month=q.month)
        yield from _match(run, "dark", generation_id=q.generation)
    if q.table == "fleet" and not in_orbit:
        yield from _match(run, "fleet", region_id=q.place, generation_id=q.generation)
    if q.place and not in_orbit:
        yield from _match(run, "regions", region_id=q.place)
    if in_orbit or q.table == "launch":
        yield from _match(run, "designs", design_id=q.place) if in_orbit else ()
        yield from _match(run, "launch", month=q.month)
        yield from _match(run, "launch_price", month=q.month, **({"design_id": q.place} if in_orbit else {}))
    if q.table in ("serve", "demand"):
        zones = run.plan.tables["zones"]
        asked = [z for z, bloc in zones.select("zone_id", "bloc") if q.pool in (z, bloc)]
        yield from _match(run, "classes", class_id=q.class_id)
        for zone in asked:
            yield from _match(run, "demand", zone_id=zone, class_id=q.class_id)
        blocs = dict.fromkeys(bloc for z, bloc in zones.select("zone_id", "bloc") if z in asked)
        for bloc in blocs if q.table == "serve" else ():
            yield from _match(run, "residency", class_id=q.class_id, from_bloc=bloc)


def _match(run: OpenRun, table: str, **wanted: str) -> Iterator[tuple[str, int]]:
    """Rows of a table that hold these values, in the columns that it has."""
    held = run.plan.tables[table]
    names = [name for name in wanted if name in held.columns]
    for position, row in enumerate(held.select(*names)):
        if all(value in (wanted[name], ANY) for name, value in zip(names, row, strict=True)):
            yield table, position
