"""Power and halls: capacity, growth, prices and carbon of every option in every region."""

from __future__ import annotations

from typing import Any

from planner.plan.calendar import Calendar, discount_factor
from planner.plan.series import by_month, keyed
from planner.plan.table import Table
from planner.prepare.hours import Hours
from planner.prepare.orders import hall_paces, power_paces, with_orders
from planner.schema.settings import Settings
from planner.schema.table_schema import project_option

Tables = dict[str, Table]


def capital_charge_frac_per_month(frac_per_year: float, life_years: float) -> float:
    """Level payment at the start of each month of the life that repays one dollar with interest.

    p = (1 - q) / (1 - q^(12 N)) with q = (1 + w)^(-1/12): the monthly form of crf(w, N), the same that orbit is charged by.
    crf / 12 paid monthly would repay a few per cent too much."""
    if frac_per_year < 1e-9:  # floating point does not tell it from none
        return 1 / (12 * life_years)
    month = discount_factor(1, frac_per_year)
    return float((1 - month) / (1 - month ** (12 * life_years)))


def power_of(settings: Settings, tables: Tables, calendar: Calendar, hours: Hours, orders: dict[str, Any]) -> dict[str, Any]:
    """Every field of PlanData about power on Earth. ``orders``: what `orders_of` found."""
    power, options = tables["power"], tables["options"]
    months = calendar.months
    pairs = list(power.select("region_id", "option_id"))
    projects = tables["projects"].select("region_id", "project_id", "option_id")
    own = {(r, project_option(j, base)) for r, j, base in projects}  # they come with their projects, at no pace
    option = {row[0]: row[1:] for row in options.select("option_id", "variable_usd_per_mwh", "carbon_kg_per_mwh")}
    firm = firm_of(settings, tables)
    steps = power_paces(power, calendar)
    carbon = zip(pairs, power.column("carbon_kg_per_mwh"), strict=True)
    return {
        "options": tuple(pairs),
        "start_mw": _by_pair(power, "start_mw"),
        "step_mw": with_orders(
            {key: mw for key, mw in steps.items() if key[:2] not in own}, orders["committed_mw"], orders, halls=False
        ),
        "growth_frac_per_month": _by_pair(power, "growth_frac_per_month"),
        "firm_frac": {pair: firm[pair[1]] for pair in pairs},
        "variable_usd_per_mwh": {pair: option[pair[1]][0] for pair in pairs},
        "carbon_t_per_mwh": {pair: (option[pair[1]][1] if kg is None else kg) / 1000 for pair, kg in carbon},
        "carbon_priced_frac": {
            pair: 0.0 if priced == "yes" else 1.0 for pair, priced in zip(pairs, power.column("carbon_priced"), strict=True)
        },
        "power_availability_frac": hours.power_availability(pairs, calendar),
        "energy_usd_per_mwh": hours.energy_price(
            keyed(power, "energy_usd_per_mwh", calendar, "energy_growth_frac_per_year"), months
        ),
        "storage_h": {p: hours for p, hours in options.select("option_id", "storage_h") if hours},
        "round_trip_frac": {p: frac for p, frac in options.select("option_id", "round_trip_frac") if frac},
        "minimum_take_frac": {pair: frac for pair, frac in _by_pair(power, "minimum_take_frac").items() if frac > 0},
        "supply_mw": {
            (p, t): mw
            for p, by_month in tables["supply"].by_month("option_id", "mw").items()
            for t, mw in calendar.held(by_month).items()
        },
        **_charges(tables, calendar),
    }


def firm_of(settings: Settings, tables: Tables) -> dict[str, float]:
    """[p] share of capacity that counts as firm; of storage, at most the part of the longest outage that it can last."""
    outage_h = settings.longest_outage_h
    return {
        p: frac * (min(1.0, storage_h / outage_h) if storage_h and outage_h else 1.0)
        for p, frac, storage_h in tables["options"].select("option_id", "firm_frac", "storage_h")
    }


def halls_of(settings: Settings, tables: Tables, calendar: Calendar, orders: dict[str, Any]) -> dict[str, Any]:
    """Every field of PlanData about halls, with PUE and country of each site."""
    regions = tables["regions"]
    steps = hall_paces(regions, calendar)
    committed = orders["committed_shell_mw"]
    charged = settings.boundary == "facility"
    return {
        "pue": keyed(regions, "pue", calendar),
        "country": regions.mapping("region_id", "country_iso2"),
        "start_shell_mw": regions.mapping("region_id", "shell_start_mw"),
        "hall_usd_per_kw": regions.mapping("region_id", "shell_usd_per_kw") if charged else {},
        "shell_step_mw": with_orders(steps, committed, orders, halls=True)
        | {key: mw for key, mw in committed.items() if key not in steps},
        "shell_usd_per_mw_month": {
            r: 1000 * usd * capital_charge_frac_per_month(wacc, life) if charged else 0.0
            for r, usd, wacc, life in regions.select("region_id", "shell_usd_per_kw", "wacc_frac_per_year", "shell_life_years")
        },
    }


def _charges(tables: Tables, calendar: Calendar) -> dict[str, Any]:
    """Fuel by month; capital and fixed operation of new capacity, per MW and month."""
    options = tables["options"]
    wacc = tables["regions"].mapping("region_id", "wacc_frac_per_year")
    fuels = tables["fuels"]
    price = dict(zip(fuels.keys, by_month(fuels, "usd_per_mmbtu", calendar), strict=True))
    free = [0.0] * len(calendar.months)
    columns = ("option_id", "life_years", "fixed_usd_per_kw_year", "heat_rate_mmbtu_per_mwh", "fuel_id")
    option = {row[0]: row[1:] for row in options.select(*columns)}
    fuel: dict[tuple[str, str, int], float] = {}
    capital: dict[tuple[str, str], float] = {}
    fixed: dict[tuple[str, str], float] = {}
    usd_per_kw_of = power_capital_of(tables)
    for (r, p), usd_per_kw in usd_per_kw_of.items():
        life, fixed_usd, heat_rate, fuel_id = option[p]
        capital[r, p] = 1000 * usd_per_kw * capital_charge_frac_per_month(wacc[r], life)
        fixed[r, p] = 1000 * fixed_usd / 12
        for t, usd_per_mmbtu in enumerate(price[r, fuel_id] if fuel_id else free, start=1):
            fuel[r, p, t] = heat_rate * usd_per_mmbtu
    return {
        "fuel_usd_per_mwh": fuel,
        "capital_usd_per_mw_month": capital,
        "fixed_usd_per_mw_month": fixed,
        "power_usd_per_kw": usd_per_kw_of,
    }


def power_capital_of(tables: Tables) -> dict[tuple[str, str], float]:
    """[r,p] USD per kW of a plant or grid connection; a region's own price comes before the option's."""
    option = tables["options"].mapping("option_id", "capex_usd_per_kw")
    rows = tables["power"].select("region_id", "option_id", "capex_usd_per_kw")
    return {(r, p): option[p] if own is None else own for r, p, own in rows}


def _by_pair(power: Table, column: str) -> dict[tuple[str, str], float]:
    return {(r, p): value for r, p, value in power.select("region_id", "option_id", column)}
