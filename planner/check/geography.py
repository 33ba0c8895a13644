"""Where places lie: in the country that they name, no nearer to each other than light allows, and by which clock they live."""

from __future__ import annotations

from collections.abc import Iterator

from iso3166 import countries_by_alpha2

from models.data import PlanData
from planner.check.ranges import doubtful, together
from planner.check.upper_bounds import UpperBounds
from planner.codes import Remark
from planner.findings import Notice
from planner.formats import some
from planner.plan.latency import Latency
from planner.plan.plan import Plan
from planner.plan.table import Table
from planner.plan.time_zones import Ahead, clock_of, country_at, time_zone

VACUUM_KM_PER_MS, FIBRE_KM_PER_MS = 299.792, 204.2
AS_GOOD_AS_THERE_DEG = 0.3
"""Coordinates are rounded and coasts are wide: within so many degrees of its country a place is in it."""
MOST_CLOCKS = 6
ROUNDED_KM = 30
"""What rounded coordinates may take off a distance."""
TERRITORIES = {
    "CN": "HK MO",
    "US": "PR GU VI AS MP",
    "FR": "RE GP MQ GF YT",
    "NO": "SJ",
    "FI": "AX",
    "GB": "JE GG IM GI",
    "RS": "XK",
}
COUNTRY_OF = {code: country for country, codes in TERRITORIES.items() for code in codes.split()}
"""Territories with a code of their own that a plan may count as their country."""


def check_geography(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Coordinates, delays and clocks."""
    for name in ("regions", "zones"):
        yield from _coordinates(plan.tables[name])
    yield from together(_delays(plan))
    yield from _clocks(plan, data)


def _coordinates(table: Table) -> Iterator[Notice]:
    """Places outside their country, with the slip that would explain it."""
    for position, (code, north, east) in enumerate(table.select("country_iso2", "latitude_deg", "longitude_deg")):
        if code not in countries_by_alpha2 or _lies_in(code, north, east):
            continue
        text = f" = {north:g} and longitude_deg = {east:g}: this is {_there(north, east)}, and country_iso2 is {code}"
        slips = {
            "latitude and longitude swapped?": (east, north),
            "sign of the longitude lost?": (north, -east),
            "sign of the latitude lost?": (-north, east),
            "both signs lost?": (-north, -east),
            "swapped, and the sign of the longitude lost?": (east, -north),
            "swapped, and the sign of the latitude lost?": (-east, north),
        }
        for slip, (latitude, longitude) in slips.items():
            if abs(latitude) <= 90 and _lies_in(code, latitude, longitude):
                text += f"; {slip} {latitude:g}, {longitude:g} is in {code}"
                break
        yield doubtful(Remark.W_COORDINATES, table, position, "latitude_deg", text)


def _lies_in(code: str, north: float, east: float) -> bool:
    around = (0.0, -AS_GOOD_AS_THERE_DEG, AS_GOOD_AS_THERE_DEG)
    points = ((max(-90.0, min(90.0, north + up)), (east + right + 180) % 360 - 180) for up in around for right in around)
    return any(COUNTRY_OF.get(found, found) == COUNTRY_OF.get(code, code) for found in (country_at(*at) for at in points))


def _there(north: float, east: float) -> str:
    code = country_at(north, east)
    return f"in {countries_by_alpha2[code].apolitical_name}" if code in countries_by_alpha2 else "at sea"


def _delays(plan: Plan) -> Iterator[Notice]:
    """Delays below that of light over the distance: no cable and no radio is as fast."""
    table, latency = plan.tables["latency"], Latency(plan.settings, plan.tables)
    altitude = plan.tables["designs"].mapping("design_id", "altitude_km")
    for position, (one, other, ms) in enumerate(table.select("from_id", "to_id", "one_way_ms")):
        if other in altitude:
            km = altitude[other]
        elif one in latency.asks and other in latency.answers:
            km = latency.km(one, other)
        else:
            continue
        fibre_ms, vacuum_ms = km / FIBRE_KM_PER_MS, km / VACUUM_KM_PER_MS
        if ms >= (vacuum_ms if other in altitude else (km - ROUNDED_KM) / FIBRE_KM_PER_MS):
            continue
        text = f" = {ms:g}: light takes {vacuum_ms:.3g} ms for these {km:,.0f} km in vacuum and {fibre_ms:.3g} ms in fibre"
        if fibre_ms <= 1000 * ms <= 20 * fibre_ms:
            text += f"; if it is in seconds, write {ms:g} s"
        yield doubtful(Remark.W_DELAY_TOO_SHORT, table, position, "one_way_ms", text)


def _clocks(plan: Plan, data: PlanData) -> Iterator[Notice]:
    """The clocks by which profiles were read, where a plan tells the hours of the day apart."""
    if len(data.slices) == len(set(data.day_of.values())):
        return
    year = int(plan.settings.start[:4])
    power, tables = plan.tables["power"], plan.tables
    hourly = {name for name, hour in tables["profiles"].select("profile_id", "from_h") if hour is not None}
    working = {w for w, name in tables["classes"].select("class_id", "profile_id") if name in hourly}
    following = {
        "regions": {r for r, *names in power.select("region_id", "profile_id", "availability_profile_id") if hourly & {*names}},
        "zones": {z for z, w in tables["demand"].select("zone_id", "class_id") if w in working},
    }
    parts: dict[str, list[Notice]] = {}
    called: dict[str, list[str]] = {}
    for name, places in following.items():
        table = tables[name]
        for position, (place,) in enumerate(table.keys):
            if place in places:
                stated, north, east = (table.column(c)[position] for c in ("utc_offset_h", "latitude_deg", "longitude_deg"))
                zone = "utc_offset_h" if stated is not None else time_zone(north, east)
                clock = f"{zone} ({_ahead(clock_of(table, place, year))})"
                called.setdefault(clock, []).append(place)
                at = table.place(position, "longitude_deg" if stated is None else "utc_offset_h")
                parts.setdefault(clock, []).append(Notice(Remark.N_CLOCKS, f"profiles at {place} follow {clock}", at))
    if parts:
        clocks = [f"{clock} at {some(places)}" for clock, places in called.items()]
        more = f"; {len(clocks) - MOST_CLOCKS} more clocks with --verbose" if len(clocks) > MOST_CLOCKS else ""
        each = tuple(part for of_clock in parts.values() for part in of_clock)
        yield Notice(Remark.N_CLOCKS, f"profiles follow {'; '.join(clocks[:MOST_CLOCKS])}{more}", each[0].place, each)


def _ahead(ahead_h: Ahead) -> str:
    """Offset from UTC, and in summer time where there is one."""

    def clock(hours: float) -> str:
        minutes = round(60 * abs(hours))
        return f"UTC{'-' if hours < 0 else '+'}{minutes // 60}" + (f":{minutes % 60:02d}" if minutes % 60 else "")

    return ", in summer ".join(clock(hours) for hours in sorted({*ahead_h}))
