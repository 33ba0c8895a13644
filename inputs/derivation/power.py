"""Grid, plants, batteries and fuels: what power costs in each region, how fast it can be built, and what factories deliver."""

from __future__ import annotations

from derivation.evidence import Evidence, Row, both
from derivation.months import MONTHS

FUELLED = ("gas_reciprocating", "gas_ocgt", "gas_ccgt", "fuel_cell_sofc")
PLANTS = {
    "gas_reciprocating": "Gas engines",
    "gas_ocgt": "Open-cycle gas turbines",
    "gas_ccgt": "Combined-cycle gas turbines",
    "fuel_cell_sofc": "Solid-oxide fuel cells",
    "solar_utility": "Solar",
    "wind_onshore": "Wind on land",
    "nuclear_smr": "Small reactors",
}
STORES = {"battery_4h": ("Battery of four hours", 4)}
GJ_PER_MMBTU = 1.055056


def options(ev: Evidence) -> list[Row]:
    rows = []
    for option, name in (("grid", "Grid, existing queue"), ("grid_request", "Grid, requested on day one")):
        row = {
            "option_id": option,
            "name": name,
            "capex_usd_per_kw": ev.number("supplement", topic="connection_cost", item="us", metric="model_connection"),
            "fixed_usd_per_kw_year": 0,
            "variable_usd_per_mwh": 0,
            "heat_rate_mmbtu_per_mwh": 0,
            "fuel_id": "",
            "carbon_kg_per_mwh": "",
            "life_years": ev.judge("connection_life_years"),
            "firm_frac": ev.judge("firm_frac_grid"),
        }
        rows.append({**row, **ev.trace()})
    for option, name in PLANTS.items():
        row = {
            "option_id": option,
            "name": name,
            "capex_usd_per_kw": plant(ev, option, "capex", pick=0 if option == "solar_utility" else -1),
            "fixed_usd_per_kw_year": plant(ev, option, "fixed_om"),
            "variable_usd_per_mwh": plant(ev, option, "variable_om"),
            "heat_rate_mmbtu_per_mwh": plant(ev, option, "heat_rate") / GJ_PER_MMBTU,
            "fuel_id": "gas" if option in FUELLED else "",
            "carbon_kg_per_mwh": plant(ev, option, "direct_emissions"),
            "life_years": plant(ev, option, "stack_lifetime" if option == "fuel_cell_sofc" else "lifetime"),
            "firm_frac": ev.judge(f"firm_frac_{option}"),
        }
        rows.append({**row, **ev.trace()})
    return rows


def storage_options(ev: Evidence) -> list[Row]:
    """Batteries on site, for the plans whose days have hours: power at the price of its converter, energy at that of 2026."""
    rows = []
    for option, (name, hours) in STORES.items():
        row = {
            "option_id": option,
            "name": name,
            "capex_usd_per_kw": plant(ev, "battery_inverter", "capex") + hours * plant(ev, "battery_store", "capex"),
            "fixed_usd_per_kw_year": plant(ev, option, "fixed_om"),
            "variable_usd_per_mwh": 0,
            "heat_rate_mmbtu_per_mwh": 0,
            "fuel_id": "",
            "carbon_kg_per_mwh": 0,
            "life_years": plant(ev, option, "lifetime"),
            "firm_frac": ev.judge(f"firm_frac_{option}"),
            "storage_h": hours,
            "round_trip_frac": plant(ev, "battery_inverter", "efficiency_one_way") ** 2,
        }
        rows.append({**row, **ev.trace()})
    return rows


def storage_power(ev: Evidence, sites: list[Row]) -> list[Row]:
    """Batteries in every region: what the grid step connects a month, times a ratio."""
    rows = []
    for site in sites:
        for option in STORES:
            row = {
                "region_id": site["region_id"],
                "option_id": option,
                "start_mw": 0,
                "step_mw_per_month": site["step_mw"] * ev.judge(f"plant_step_{option}"),
                "step_growth_frac_per_year": site["step_growth"],
                "lead_months": plant(ev, option, "lead_time"),
                "availability_frac": ev.judge(f"availability_frac_{option}"),
                "energy_usd_per_mwh": 0,
                "energy_growth_frac_per_year": 0,
                "carbon_priced": "no",
            }
            rows.append({**row, **both(ev.trace(), site["trace"])})
    return rows


def plant(ev: Evidence, option: str, metric: str, pick: int = -1) -> float:
    """A figure of a plant: published, else estimated, else zero."""
    if ev.has("onsite_generation", technology=option, metric=metric):
        return ev.number("onsite_generation", "value", pick, technology=option, metric=metric)
    return ev.judge(f"{metric}_{option}") if f"{metric}_{option}" in ev.judgements else 0.0


def power(ev: Evidence, sites: list[Row]) -> list[Row]:
    rows = []
    for site in sites:
        rid = site["region_id"]
        country = next(row for row in ev.tables["countries"] if row["country_iso2"] == site["country_iso2"])
        for option in ("grid", "grid_request"):
            asked = option == "grid_request"
            row = {
                "region_id": rid,
                "option_id": option,
                "start_mw": 0 if asked else site["grid_mw"],
                "step_mw_per_month": site["step_mw"] * (ev.judge("grid_request_step_frac") if asked else 1),
                "step_growth_frac_per_year": site["step_growth"],
                "growth_frac_per_month": 0,
                "lead_months": ev.number("power_growth", region_id=rid, metric="model_interconnection_lead_time")
                if asked
                else 0,
                "availability_frac": 1,
                "energy_usd_per_mwh": ev.number("regions", "industrial_price_usd_per_mwh", region_id=rid),
                "energy_growth_frac_per_year": ev.judge("energy_price_growth_frac_per_year"),
                "carbon_kg_per_mwh": ev.number("regions", "carbon_intensity_gco2_per_kwh", region_id=rid),
                "carbon_priced": ev.look("countries", "co2_in_price", country_iso2=country["country_iso2"]),
                "capex_usd_per_kw": ev.number(
                    "supplement", topic="connection_cost", item=country["connection_item"], metric="model_connection"
                ),
            }
            rows.append({**row, **both(ev.trace(), site["trace"])})
        for option in PLANTS:
            barred = ev.has("exclusions", region_id=rid, option_id=option) or (option in FUELLED and not country["gas_item"])
            lead = plant(ev, option, "lead_time")
            if barred or lead >= ev.judge("longest_lead_months"):
                ev.trace()
                continue
            ratio = ev.judge(f"plant_step_{option}")
            if option in FUELLED and country["gas_pipeline"] == "no":
                ratio *= ev.judge("plant_step_without_pipeline_frac")
            row = {
                "region_id": rid,
                "option_id": option,
                "start_mw": start_mw(ev, rid, option),
                "step_mw_per_month": site["step_mw"] * ratio,
                "step_growth_frac_per_year": site["step_growth"],
                "growth_frac_per_month": 0,
                "lead_months": lead * (ev.judge("plant_lead_left_frac") if option in FUELLED else 1),
                "availability_frac": plant_availability(ev, rid, option),
                "energy_usd_per_mwh": 0,
                "energy_growth_frac_per_year": 0,
                "carbon_kg_per_mwh": "",
                "carbon_priced": "no",
                "capex_usd_per_kw": "",
            }
            if option == "solar_utility":
                first_or_last = {"high": 0, "low": -1}[country["solar_capex"]]
                row["capex_usd_per_kw"] = plant(ev, option, "capex", pick=first_or_last)
            rows.append({**row, **both(ev.trace(), site["trace"])})
    return rows


def start_mw(ev: Evidence, rid: str, option: str) -> float:
    """What stands on site on the first day."""
    where = {"region_id": rid, "option_id": option}
    return ev.number("onsite_start", **where) if ev.has("onsite_start", **where) else 0


def plant_availability(ev: Evidence, rid: str, option: str) -> float:
    kind = {"solar_utility": "solar", "wind_onshore": "wind"}.get(option)
    if kind is None:
        return ev.judge(f"availability_frac_{option}")
    metric = f"{kind}_new_plant" if ev.has("supplement", item=rid, metric=f"{kind}_new_plant") else f"{kind}_fleet"
    return ev.number("supplement", topic="capacity_factor", item=rid, metric=metric) / 100


def fuels(ev: Evidence, sites: list[Row]) -> list[Row]:
    rows = []
    for site in sites:
        item = ev.look("countries", "gas_item", country_iso2=site["country_iso2"])
        if item:
            hub = ev.number("supplement", topic="gas_price", item=item, metric="model_hub_price_2026_2029")
            adder = ev.number("supplement", topic="gas_price", item="all", metric="model_delivery_adder")
            rows.append({"region_id": site["region_id"], "fuel_id": "gas", "usd_per_mmbtu": hub + adder, **ev.trace()})
        ev.trace()
    return rows


def supply(ev: Evidence) -> list[Row]:
    """World deliveries of what is made in few factories, as far as they reach data centres for AI."""
    rows = []
    for option in FUELLED:
        item = "gas_turbine" if option in ("gas_ocgt", "gas_ccgt") else option
        metric = "model_world_prime_power_for_data_centres" if option == "gas_reciprocating" else "model_world_deliveries"
        for month in MONTHS:
            year = min(month[:4], "2028")
            gw = ev.number("supplement", topic="supply_limit", item=item, metric=metric, year=year)
            if month[:4] > year:
                gw *= ev.judge("supply_growth_after_2028")
            if item == "gas_turbine":
                simple = ev.judge("simple_cycle_share_of_gas_turbines")
                gw *= ev.judge("data_centre_share_of_gas_turbines") * ev.judge("on_site_share_of_data_centre_turbines")
                gw *= simple if option == "gas_ocgt" else 1 - simple
            if option == "fuel_cell_sofc":
                gw *= ev.judge("data_centre_share_of_fuel_cells")
            gw *= ev.judge("ai_share_of_onsite_power")
            rows.append({"option_id": option, "month": month, "mw": 1000 * gw / 12, **ev.trace()})
    return rows
