"""Chips: their figures, where they may be installed, when they are delivered, fail and reach the end of life."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from models.data import STOCK as IN_STOCK, ChipMove
from planner.plan.calendar import Calendar, month_name, month_number
from planner.plan.series import keyed
from planner.plan.table import Table
from planner.prepare.power import capital_charge_frac_per_month
from planner.schema.fields import ANY
from planner.schema.settings import Settings
from planner.schema.table_schema import STOCK

Tables = dict[str, Table]


def chips_of(tables: Tables) -> dict[str, Any]:
    """Figures of each generation, by the names that the files give them."""
    chips = tables["accelerators"]
    names = ("kw_per_unit", "h100e_per_unit", "draw_frac", "idle_frac", "install_usd_per_unit", "carry_usd_per_unit_month")
    return {name: chips.mapping("generation_id", name) for name in names}


def fleet_of(tables: Tables, calendar: Calendar) -> dict[str, Any]:
    """Chips installed and dark at the start, and how they fare in each region."""
    regions, fleet, chips = tables["regions"], tables["fleet"], tables["accelerators"]
    survive = {g: (1 - loss) ** (1 / 12) for g, loss in chips.select("generation_id", "failure_frac_per_year")}
    return {
        "start_dark_kunit": sums_of(tables["dark"], "generation_id"),
        "start_installed_kunit": sums_of(fleet, "region_id", "generation_id"),
        "survive_frac": {(r, g): frac for r in regions.column("region_id") for g, frac in survive.items()},
        "commission_months": regions.mapping("region_id", "commission_months"),
        "nameplate_frac": regions.mapping("region_id", "nameplate_frac"),
        "availability_frac": keyed(regions, "availability_frac", calendar)
        | keyed(tables["designs"], "availability_frac", calendar),
    }


def sums_of(table: Table, *keys: str) -> dict[Any, float]:
    """Thousand units by key, all dates of delivery together."""
    sums: dict[Any, float] = {}
    for *key, kunit in table.select(*keys, "kunit"):
        name = tuple(key) if len(key) > 1 else key[0]
        sums[name] = sums.get(name, 0.0) + kunit
    return sums


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


def deliveries_of(tables: Tables, calendar: Calendar, column: str = "kunit") -> dict[tuple[str, int], float]:
    """[g,t] thousand units delivered within the plan, or another column of deliveries."""
    stated = tables["deliveries"].by_month("generation_id", column)
    return {(g, t): one for g, by_month in stated.items() for t, one in calendar.held(by_month).items()}


def offers_of(settings: Settings, tables: Tables, calendar: Calendar) -> dict[str, Any]:
    """What of deliveries is on offer, and what buying, deferring and declining it costs: a field of PlanData each.

    What is bought is charged at the plan's discount rate, over its life."""
    columns = ("kunit", "optional_frac", "decline_usd_per_unit", "defer_months", "defer_usd_per_unit_month")
    found = {column: deliveries_of(tables, calendar, column) for column in columns}
    offered = {key: kunit * found["optional_frac"][key] for key, kunit in found["kunit"].items()}
    offered = {key: kunit for key, kunit in offered.items() if kunit > 0}
    rate = settings.discount_frac_per_year
    prices = tables["accelerators"].select("generation_id", "price_usd_per_unit", "life_years")
    return {
        "optional_kunit": offered,
        "decline_usd_per_unit": {key: found["decline_usd_per_unit"][key] for key in offered},
        "defer_usd_per_unit": {
            (*key, later): (later - key[1]) * found["defer_usd_per_unit_month"][key]
            for key in offered
            for later in _later(key[1], found["defer_months"][key], calendar)
        },
        "chip_usd_per_unit_month": {g: usd * capital_charge_frac_per_month(rate, years) for g, usd, years in prices},
        "chip_life_months": lives_of(tables),
    }


def _later(t: int, months: float, calendar: Calendar) -> range:
    """The months of the plan in which an offer of month t can come instead."""
    return range(t + 1, min(t + int(months), len(calendar.months)) + 1)


def ages_of(tables: Tables, calendar: Calendar, deferrals: Collection[tuple[str, int, int]]) -> dict[str, Any]:
    """What reaches the end of its life within the plan: where it is installed at the start, and by batch where it is in stock.

    A chip delivered in a month ends so many months later as it lives, or in the first month of the plan when that is past.
    ``deferrals``: generation, month of the offer, and month in which it may come instead."""
    start, life = month_number(calendar.start), lives_of(tables)

    def end_of(g: str, month: int) -> int:
        return max(1, month + life[g] - start + 1)

    ending: dict[tuple[str, str, int], float] = {}
    ends: dict[tuple[str, str], int] = {}
    standing: dict[tuple[str, str, str], float] = {}
    may_leave = set(tables["chip_moves"].column("from_id"))
    for r, (g, parts) in zip(tables["fleet"].column("region_id"), delivered_before(tables["fleet"], start), strict=True):
        for month, kunit in parts.items():
            key, batch = (r, g, end_of(g, month)), (g, month_name(month))
            if r not in may_leave:
                ending[key] = ending.get(key, 0.0) + kunit
            elif kunit > 0 and key[-1] <= len(calendar.months):
                ends[batch] = key[-1]
                standing[r, *batch] = standing.get((r, *batch), 0.0) + kunit
    supply: dict[tuple[str, str, int], float] = {}

    def add(g: str, month: int, t: int, kunit: float) -> None:
        batch = month_name(month)
        if kunit > 0 and end_of(g, month) <= len(calendar.months):
            ends[g, batch] = end_of(g, month)
            supply[g, batch, t] = supply.get((g, batch, t), 0.0) + kunit

    for g, parts in delivered_before(tables["dark"], start):
        for month, kunit in parts.items():
            add(g, month, 0, kunit)
    for (g, t), kunit in deliveries_of(tables, calendar).items():
        add(g, start + t - 1, t, kunit)
    for g, _, t in deferrals:
        if (end := end_of(g, start + t - 1)) <= len(calendar.months):
            later = month_name(start + t - 1)
            ends[g, later] = end
            supply.setdefault((g, later, t), 0.0)
    arriving: dict[tuple[str, str, str, int], float] = {}
    for (r, g, t, month), kunit in _arrivals(tables["arrivals"], calendar):
        if end_of(g, month) <= len(calendar.months):
            of = month_name(month)
            ends[g, of] = end_of(g, month)
            arriving[r, g, of, t] = arriving.get((r, g, of, t), 0.0) + kunit
    within = {key: kunit for key, kunit in ending.items() if kunit > 0 and key[-1] <= len(calendar.months)}
    return {
        "start_ending_kunit": within,
        "batch_end": ends,
        "batch_supply_kunit": supply,
        "start_batch_kunit": standing,
        "arriving_batch_kunit": arriving,
    }


def arriving_of(arrivals: Table, calendar: Calendar) -> dict[tuple[str, str, int], float]:
    """[r,g,t] chips that are on their way at the start, in service from t on."""
    found: dict[tuple[str, str, int], float] = {}
    for (r, g, t, _), kunit in _arrivals(arrivals, calendar):
        found[r, g, t] = found.get((r, g, t), 0.0) + kunit
    return found


def _arrivals(arrivals: Table, calendar: Calendar) -> Iterator[tuple[tuple[str, str, int, int], float]]:
    """Region, generation, month of service from 1, and month of delivery, each with thousand units."""
    for r, g, service, delivered, kunit in arrivals.select(
        "region_id", "generation_id", "service_month", "delivered_month", "kunit"
    ):
        if service in calendar.number and kunit > 0:
            yield (r, g, calendar.number[service], month_number(delivered)), kunit


def charges_of(charges: Table, calendar: Calendar) -> dict[tuple[str, str, str, int], float]:
    """[component, place, item, t] USD of what was decided before the start."""
    columns = ("component", "place_id", "item_id", "month", "charge_musd")
    return {
        (component, "" if place == ANY else place, item, calendar.number[month]): 1e6 * musd
        for component, place, item, month, musd in charges.select(*columns)
        if month in calendar.number and musd
    }


def chip_moves_of(chip_moves: Table, calendar: Calendar) -> dict[str, Any]:
    """The ways on which chips may be moved, in the months in which they may."""
    ways: list[ChipMove] = []
    most: dict[tuple[str, int], float] = {}
    columns = ("from_id", "to_id", "usd_per_kw", "downtime_months", "mw_per_month", "from_month", "to_month")
    for from_id, to_id, usd, downtime, mw, first, last in chip_moves.select(*columns):
        way = ChipMove(f"{from_id} / {to_id}", from_id, IN_STOCK if to_id == STOCK else to_id, usd, downtime)
        ways.append(way)
        for month, t in calendar.number.items():
            if not (first or month) <= month <= (last or month):
                most[way.name, t] = 0.0
            elif mw is not None:
                most[way.name, t] = mw
    return {"chip_moves": tuple(ways), "chip_move_mw": most}


def lives_of(tables: Tables) -> dict[str, int]:
    """Months from delivery to the end of life, by generation."""
    return {g: max(1, round(12 * years)) for g, years in tables["accelerators"].select("generation_id", "life_years")}


def delivered_before(table: Table, start: int) -> Iterator[tuple[str, dict[int, float]]]:
    """Generation and thousand units by month of delivery, for each row of what is there at the start.

    Spread evenly over its dates; without dates, delivered in the month before the start."""
    for g, kunit, first, last in table.select("generation_id", "kunit", "delivered_from", "delivered_to"):
        end = month_number(last) if last else start - 1
        begin = month_number(first) if first else end
        yield g, dict.fromkeys(range(begin, end + 1), kunit / (end - begin + 1))
