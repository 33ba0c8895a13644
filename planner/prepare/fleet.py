"""Chips: their figures, where they may be installed, when they are delivered, fail and reach the end of life."""

from __future__ import annotations

from typing import Any

from planner.plan.calendar import Calendar, month_number
from planner.plan.table import Table

Tables = dict[str, Table]


def chips_of(tables: Tables) -> dict[str, Any]:
    """Figures of each generation, by the names that the files give them."""
    chips = tables["accelerators"]
    names = ("kw_per_unit", "h100e_per_unit", "draw_frac", "idle_frac", "install_usd_per_unit", "carry_usd_per_unit_month")
    return {name: chips.mapping("generation_id", name) for name in names}


def fleet_of(tables: Tables) -> dict[str, Any]:
    """Chips installed and dark at the start, and how they fare in each region."""
    regions, fleet, chips = tables["regions"], tables["fleet"], tables["accelerators"]
    survive = {g: (1 - loss) ** (1 / 12) for g, loss in chips.select("generation_id", "failure_frac_per_year")}
    return {
        "start_dark_kunit": tables["dark"].mapping("generation_id", "kunit"),
        "start_installed_kunit": {(r, g): kunit for r, g, kunit in fleet.select("region_id", "generation_id", "kunit")},
        "survive_frac": {(r, g): frac for r in regions.column("region_id") for g, frac in survive.items()},
        "commission_months": regions.mapping("region_id", "commission_months"),
        "nameplate_frac": regions.mapping("region_id", "nameplate_frac"),
        "availability_frac": regions.mapping("region_id", "availability_frac")
        | tables["designs"].mapping("design_id", "availability_frac"),
    }


def placeable_of(tables: Tables) -> tuple[tuple[str, str], ...]:
    """Pairs of place and generation that export rules allow."""
    places = [*tables["regions"].select("region_id", "country_iso2"), *tables["designs"].select("design_id", "country_iso2")]
    rules = list(tables["accelerators"].select("generation_id", "only_countries", "not_countries"))
    return tuple(
        (place, g)
        for place, country in places
        for g, only, never in rules
        if (not only or country in only) and country not in never
    )


def deliveries_of(tables: Tables, calendar: Calendar) -> dict[tuple[str, int], float]:
    """[g,t] thousand units delivered within the plan."""
    stated = tables["deliveries"].by_month("generation_id", "kunit")
    return {(g, t): kunit for g, by_month in stated.items() for t, kunit in calendar.held(by_month).items()}


def end_of_life_of(tables: Tables, calendar: Calendar) -> dict[tuple[str, int], float]:
    """[g,t] share of the chips of a generation that reach the end of their life in the month.

    A cohort is what was delivered in one month. It expires `life_years` later, or in the first month of the plan when that
    is past.
    The share is of all cohorts delivered by then and not expired before.
    """
    start = month_number(calendar.start)
    cohorts = _cohorts(tables, calendar)
    shares: dict[tuple[str, int], float] = {}
    for g, life_years in tables["accelerators"].select("generation_id", "life_years"):
        life = max(1, round(12 * life_years))
        delivered = cohorts.get(g, {})
        expires: dict[int, float] = {}
        for month, kunit in delivered.items():
            t = max(1, month + life - start + 1)
            expires[t] = expires.get(t, 0.0) + kunit
        alive = sum(kunit for month, kunit in delivered.items() if month < start)
        for t in calendar.number.values():
            alive += delivered.get(start + t - 1, 0.0)
            gone = expires.get(t, 0.0)
            if gone > 0 and alive > 0:
                shares[g, t] = min(1.0, gone / alive)
            alive -= gone
    return shares


def _cohorts(tables: Tables, calendar: Calendar) -> dict[str, dict[int, float]]:
    """[g][month number] thousand units: today's fleet spread evenly over its delivery, and the plan's deliveries."""
    cohorts: dict[str, dict[int, float]] = {}
    for g, kunit, first, last in tables["fleet"].select("generation_id", "kunit", "delivered_from", "delivered_to"):
        begin, end = month_number(first), month_number(last)
        for month in range(begin, end + 1):
            of_month = cohorts.setdefault(g, {})
            of_month[month] = of_month.get(month, 0.0) + kunit / (end - begin + 1)
    start = month_number(calendar.start)
    for (g, t), kunit in deliveries_of(tables, calendar).items():
        of_month = cohorts.setdefault(g, {})
        of_month[start + t - 1] = of_month.get(start + t - 1, 0.0) + kunit
    return cohorts
