"""Policy: national envelopes, carbon, budgets, shares, targets and reservations, each only where a plan states it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from models.nations import HOURS_PER_MEAN_YEAR
from models.records import Reservation, Share, Target
from planner.plan.calendar import Calendar, parts_of_calendar_years, parts_of_plan_years
from planner.plan.places import names_of_places, pools_of
from planner.plan.series import by_month
from planner.plan.table import Table
from planner.schema.settings import Settings
from planner.schema.table_schema import project_option

Tables = dict[str, Table]


def envelopes_of(settings: Settings, tables: Tables, calendar: Calendar) -> dict[str, Any]:
    """Energy a year that grid power new in a plan year may use for AI, by country: of a part of a year, that part. A country
    without a row has no envelope."""
    present = set(tables["regions"].column("country_iso2"))
    columns = ("generation_growth_twh_per_year", "ai_share_frac", "load_frac", "added_mw")
    known = [row for row in tables["countries"].select("country_iso2", *columns) if row[0] in present]
    parts = parts_of_plan_years(len(calendar.months), calendar.past).items()
    added = {(c, 1): mw * HOURS_PER_MEAN_YEAR * load for c, _, _, load, mw in known if mw}
    growth = {(c, y): share * max(0.0, twh) * 1e6 * part for c, twh, share, *_ in known for y, part in parts}
    counted = settings.national.options
    contracts = (name for name, base in tables["commitments"].select("option_id", "contract_of") if base in counted)
    projects = (project_option(j, base) for j, base in tables["projects"].select("project_id", "option_id") if base in counted)
    return {
        "national_growth_mwh": growth | {key: max(0.0, growth[key] - mwh) for key, mwh in added.items()},
        "national_load_frac": {c: load for c, _, _, load, _ in known},
        "national_options": tuple(dict.fromkeys((*counted, *contracts, *projects))),
    }


def budget_of(settings: Settings, tables: Tables, calendar: Calendar) -> dict[str, Any]:
    """When capital is paid, and what may fall due by calendar year: of a year of which the plan has a part, that part."""
    payments: dict[str, list[tuple[int, float]]] = {}
    for asset, months_before, share in tables["payments"].select("asset_id", "months_before", "capital_frac"):
        payments.setdefault(asset, []).append((months_before, share))
    yearly, parts = held_years(settings.budget.capital_musd_per_year, calendar), parts_of_calendar_years(calendar.months)
    periods = months_of_years(yearly, calendar)
    counted = settings.budget.chips == "counted" and bool(periods)
    return {
        "budget_chip_usd_per_unit": tables["accelerators"].mapping("generation_id", "price_usd_per_unit") if counted else {},
        "payment_fracs": {asset: tuple(some) for asset, some in payments.items()},
        "budget_musd": _with_carried({year: yearly[year] * parts[year] for year in periods}, settings.budget.carried_over_musd),
        "budget_months": periods,
    }


def carbon_of(settings: Settings, calendar: Calendar) -> dict[str, Any]:
    """A price by month and a cap by calendar year: of a year of which the plan has a part, that part, by months."""
    price, months = settings.carbon.usd_per_tco2, calendar.months
    caps, parts = held_years(settings.carbon.cap_mtco2_per_year, calendar), parts_of_calendar_years(months)
    periods = months_of_years(caps, calendar)
    return {
        "carbon_usd_per_t": dict.fromkeys(range(1, len(months) + 1), price) if price else {},
        "carbon_cap_t": _with_carried(
            {year: caps[year] * parts[year] * 1e6 for year in periods},
            {year: mtco2 * 1e6 for year, mtco2 in settings.carbon.carried_over_mtco2.items()},
        ),
        "carbon_periods": periods,
    }


def _with_carried(limits: Mapping[str, float], carried: Mapping[str, float]) -> dict[str, float]:
    """By calendar year, what may be used with what earlier months have left of theirs, or taken from it."""
    return {year: max(0.0, limit + carried[year]) if year in carried else limit for year, limit in limits.items()}


def months_of_years(years: Iterable[str], calendar: Calendar) -> dict[str, tuple[int, ...]]:
    """The months of each calendar year that the plan has any of."""
    number = list(enumerate(calendar.months, start=1))
    found = {year: tuple(t for t, month in number if month[:4] == year) for year in years}
    return {year: months for year, months in found.items() if months}


def held_years(stated: Mapping[str, float], calendar: Calendar) -> dict[str, float]:
    """By calendar year, as stated; a year of the look-ahead that states none has that of the year before."""
    caps = dict(stated)
    first, last = (int(month[:4]) for month in (calendar.horizon[-1], calendar.months[-1]))
    for year in range(first + 1, last + 1):
        if str(year - 1) in caps:
            caps.setdefault(str(year), caps[str(year - 1)])
    return caps


def shares_of(
    settings: Settings, tables: Tables, demand: dict[tuple[str, str, int], float], months: tuple[str, ...]
) -> tuple[Share, ...]:
    """Rules with their names resolved to pools, places and months; a rule that applies to nothing is left out."""
    bloc_of = tables["zones"].mapping("zone_id", "bloc")
    names = names_of_places(tables)
    pools = list(dict.fromkeys((z, w) for z, w, _ in demand))
    columns = ("share_id", "class_id", "from_bloc", "to", "from_month", "to_month", "min_frac", "max_frac", "of")
    shares = []
    for share_id, of_class, asker, to, first, last, least, most, of in tables["shares"].select(*columns):
        named = set(to)
        asked = tuple((z, w) for z, w in pools if of_class in ("*", w) and (asker in ("*", z) or bloc_of.get(z) == asker))
        where = tuple(place for place, called in names.items() if called & named)
        when = tuple(t for t, month in enumerate(months, start=1) if (first or month) <= month <= (last or month))
        if asked and when:
            shares.append(Share(share_id, asked, where, when, least, most, of))
    return tuple(shares)


def targets_of(tables: Tables, demand: dict[tuple[str, str, int], float], calendar: Calendar) -> tuple[Target, ...]:
    """Targets with their names resolved to pools, and the months in which they hold; one of nothing is left out."""
    table, asked = tables["targets"], {(z, w) for z, w, _ in demand}
    targets = []
    rows = zip(
        table.select("target_id", "from", "class_id", "penalty_usd_per_h100e_h"),
        by_month(table, "min_served_frac", calendar),
        strict=True,
    )
    for (target_id, names, of_class, penalty), path in rows:
        pools = tuple(pool for pool in pools_of(tables, names, of_class)[0] if pool in asked)
        fracs = {t: frac for t, frac in enumerate(path, start=1) if frac > 0}
        if pools and fracs:
            targets.append(Target(target_id, pools, fracs, penalty))
    return tuple(targets)


def reservations_of(tables: Tables, demand: dict[tuple[str, str, int], float], calendar: Calendar) -> tuple[Reservation, ...]:
    """Reservations with their customers' own pools, and the months in which they hold; one of nothing is left out."""
    table, asked = tables["reservations"], {(z, w) for z, w, _ in demand}
    columns = ("reservation_id", "region_id", "from", "class_id", "penalty_usd_per_h100e_h")
    found = []
    for (name, region, names, of_class, penalty), path in zip(
        table.select(*columns), by_month(table, "kh100e", calendar), strict=True
    ):
        own = pools_of(tables, names, of_class)[0] if names else []
        held = {t: kh100e for t, kh100e in enumerate(path, start=1) if kh100e > 0}
        if held:
            found.append(Reservation(name, region, tuple(pool for pool in own if pool in asked), held, penalty))
    return tuple(found)
