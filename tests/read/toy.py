"""The smallest plan that uses everything: two regions, an orbit, two chips, two zones, two classes, grid and one plant.

`write_plan(folder)` writes it as files and returns the path of the plan; each table can be changed on the way:

    write_plan(tmp_path, months=6, orbit=False, demand=lambda rows: rows[:1], fuels=None, plan={"objective": "energy"})

A change is a list of rows that replaces the table, a function from rows to rows, a text that becomes the file as it is,
or None: no such table.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

Row = dict[str, Any]
Rows = list[Row]
Change = Rows | Callable[[Rows], Rows] | str | None

START = "2028-01"  # a leap year: February has 696 hours


def month_names(months: int, start: str = START) -> list[str]:
    year, month = (int(part) for part in start.split("-"))
    return [f"{year + (month - 1 + t) // 12:04d}-{(month - 1 + t) % 12 + 1:02d}" for t in range(months)]


def toy_tables(months: int = 4, orbit: bool = True) -> dict[str, Rows]:
    """Every table as a list of rows. Fleet 78 MW on 145 MW of grid; deliveries of 23 MW a month outrun 14 MW of new grid."""
    names = month_names(months)
    tables: dict[str, Rows] = {
        "regions": [
            {
                "region_id": "ohio",
                "name": "Ohio",
                "country_iso2": "US",
                "bloc": "us",
                "latitude_deg": 40.0,
                "longitude_deg": -83.0,
                "pue": 1.2,
                "wacc_frac_per_year": 0.08,
                "availability_frac": 0.95,
                "nameplate_frac": 1,
                "commission_months": 1,
                "shell_start_mw": 70,
                "shell_step_mw_per_month": 10,
                "shell_step_growth_frac_per_year": 0.1,
                "shell_lead_months": 0,
                "shell_usd_per_kw": 11000,
                "shell_life_years": 20,
            },
            {
                "region_id": "bavaria",
                "name": "Bayern (München)",
                "country_iso2": "DE",
                "bloc": "europe",
                "latitude_deg": 48.1,
                "longitude_deg": 11.6,
                "pue": 1.25,
                "wacc_frac_per_year": 0.07,
                "availability_frac": 0.95,
                "nameplate_frac": 1,
                "commission_months": 0,
                "shell_start_mw": 40,
                "shell_step_mw_per_month": 5,
                "shell_step_growth_frac_per_year": 0,
                "shell_lead_months": 1,
                "shell_usd_per_kw": 12000,
                "shell_life_years": 20,
            },
        ],
        "options": [
            {
                "option_id": "grid",
                "name": "Grid connection",
                "capex_usd_per_kw": 250,
                "fixed_usd_per_kw_year": 0,
                "variable_usd_per_mwh": 0,
                "heat_rate_mmbtu_per_mwh": 0,
                "fuel_id": "",
                "carbon_kg_per_mwh": "",
                "life_years": 30,
                "firm_frac": 1,
            },
            {
                "option_id": "gas_engine",
                "name": "Gas engine",
                "capex_usd_per_kw": 1500,
                "fixed_usd_per_kw_year": 20,
                "variable_usd_per_mwh": 5,
                "heat_rate_mmbtu_per_mwh": 8,
                "fuel_id": "gas",
                "carbon_kg_per_mwh": 450,
                "life_years": 20,
                "firm_frac": 0.9,
            },
        ],
        "power": [
            _power("ohio", "grid", start_mw=100, step=10, growth=0.1, energy=65, carbon=380),
            _power("ohio", "gas_engine", start_mw=0, step=6, lead=2, priced="no"),
            _power("bavaria", "grid", start_mw=45, step=4, energy=110, carbon=330, priced="yes"),
        ],
        "fuels": [{"region_id": "ohio", "fuel_id": "gas", "usd_per_mmbtu": 4}],
        "supply": [{"option_id": "gas_engine", "month": month, "mw": 5} for month in names],
        "commitments": [
            {"region_id": "ohio", "option_id": "grid", "month": names[min(1, months - 1)], "build_mw": 3, "close_mw": 0}
        ],
        "accelerators": [
            {
                "generation_id": "alpha",
                "name": "Alpha",
                "h100e_per_unit": 1,
                "kw_per_unit": 1.3,
                "draw_frac": 0.8,
                "idle_frac": 0.2,
                "price_usd_per_unit": 30000,
                "life_years": 5,
                "failure_frac_per_year": 0.05,
                "install_usd_per_unit": 500,
                "carry_usd_per_unit_month": 20,
                "only_countries": "",
                "not_countries": "",
            },
            {
                "generation_id": "beta",
                "name": "Beta",
                "h100e_per_unit": 2.5,
                "kw_per_unit": 1.9,
                "draw_frac": 0.8,
                "idle_frac": 0.2,
                "price_usd_per_unit": 45000,
                "life_years": 5,
                "failure_frac_per_year": 0.05,
                "install_usd_per_unit": 600,
                "carry_usd_per_unit_month": 30,
                "only_countries": "",
                "not_countries": "CN;RU",
            },
        ],
        "deliveries": [
            {"generation_id": generation, "month": month, "kunit": kunit}
            for generation, kunit in (("alpha", 3), ("beta", 10))
            for month in names
        ],
        "fleet": [
            {
                "region_id": "ohio",
                "generation_id": "alpha",
                "kunit": 40,
                "delivered_from": "2023-01",
                "delivered_to": "2026-04",
            },
            {
                "region_id": "bavaria",
                "generation_id": "alpha",
                "kunit": 20,
                "delivered_from": "2025-01",
                "delivered_to": "2026-08",
            },
        ],
        "dark": [{"generation_id": "alpha", "kunit": 2}],
        "zones": [
            {
                "zone_id": "new_york",
                "name": "New York",
                "country_iso2": "US",
                "bloc": "us",
                "latitude_deg": 40.7,
                "longitude_deg": -74.0,
            },
            {
                "zone_id": "munich",
                "name": "München",
                "country_iso2": "DE",
                "bloc": "europe",
                "latitude_deg": 48.14,
                "longitude_deg": 11.58,
            },
        ],
        "classes": [
            {
                "class_id": "chat",
                "name": "Interactive inference",
                "latency_ms": 100,
                "value_usd_per_h100e_h": 2,
                "weight": 1,
                "orbit": "yes",
                "gbit_s_per_kh100e": 0.5,
                "doubling_months": "",
            },
            {
                "class_id": "batch",
                "name": "Batch",
                "latency_ms": "",
                "value_usd_per_h100e_h": 1,
                "weight": 1,
                "orbit": "yes",
                "gbit_s_per_kh100e": 0.1,
                "doubling_months": 12,
            },
        ],
        "demand": [
            {"zone_id": "new_york", "class_id": "chat", "start_kh100e": 25},
            {"zone_id": "new_york", "class_id": "batch", "start_kh100e": 15},
            {"zone_id": "munich", "class_id": "chat", "start_kh100e": 12},
            {"zone_id": "munich", "class_id": "batch", "start_kh100e": 8},
        ],
        "residency": [{"class_id": "batch", "from_bloc": "europe", "to_blocs": "europe"}],
        "countries": [
            {
                "country_iso2": "US",
                "name": "United States",
                "generation_growth_twh_per_year": 40,
                "ai_share_frac": 0.3,
                "load_frac": 0.8,
            }
        ],
        "links": [{"region_id": "bavaria", "gbit_s": 500, "growth_frac_per_year": 0.2}],
    }
    if orbit:
        tables["designs"] = [toy_design()]
        tables["launch"] = [{"month": month, "tonnes": 40, "satellite_factory_mw": 2} for month in names]
        tables["launch_price"] = [{"design_id": "dawn", "month": month, "usd_per_kg": 900} for month in names]
    for rows in tables.values():
        for row in rows:
            row.update(source="toy", quality="estimate")
    return tables


def toy_design() -> Row:
    """The central design of the table of orbital parameters, in service in the month of its launch's next."""
    return {
        "design_id": "dawn",
        "name": "Dawn-dusk",
        "bloc": "us",
        "country_iso2": "US",
        "bus_overhead": 1.15,
        "array_efficiency_frac": 0.184,
        "array_loss_frac_per_year": 0.025,
        "array_specific_power_w_per_kg": 100,
        "battery_specific_energy_wh_per_kg": 200,
        "battery_depth_of_discharge_frac": 0.4,
        "ride_through_frac": 0.15,
        "radiator_temperature_c": 60,
        "radiator_emissivity_frac": 0.85,
        "radiator_fin_efficiency_frac": 0.9,
        "radiator_solar_absorptance_frac": 0.15,
        "radiator_kg_per_m2": 5,
        "cooling_loop_kg_per_kw_heat": 4,
        "it_kg_per_kw": 5,
        "shielding_kg_per_kw": 1,
        "communications_kg_per_kw": 1.5,
        "structure_frac": 0.15,
        "margin_frac": 0.1,
        "build_usd_per_kg": 1000,
        "insurance_frac": 0.05,
        "loss_frac_per_year": 0.078,
        "life_years": 5,
        "rate_frac_per_year": 0.1,
        "maintenance_frac_per_year": 0.01,
        "fixed_usd_per_kw_year": 200,
        "commissioning_months": 1,
        "altitude_km": 600,
        "downlink_gbit_s_per_mw": 6.5,
    }


def toy_plan(months: int = 4) -> Row:
    """The plan file without its tables."""
    return {
        "name": "toy",
        "start": START,
        "months": months,
        "boundary": "facility",
        "objective": "value",
        "unserved": "allowed",
        "discount_frac_per_year": 0.08,
        "demand": {"doubling_months": 6},
        "network": {
            "rtt_intercept_ms": 12.9,
            "rtt_slope_ms_per_km": 0.01479,
            "same_metro_km": 50,
            "same_metro_ms": 2,
            "orbit_rtt_ms": 35,
            "usd_per_gbit_s_month": 6480,
        },
        "carbon": {"usd_per_tco2": 0},
        "national": {"options": ["grid"]},
    }


def write_plan(folder: Path, months: int = 4, orbit: bool = True, plan: Row | None = None, **changes: Change) -> Path:
    """Writes the toy into `folder` (plan.yaml and tables/*.csv) and returns the path of the plan."""
    tables: dict[str, Rows | str] = dict(toy_tables(months, orbit))
    for name, change in changes.items():
        if change is None:
            tables.pop(name, None)
        elif callable(change):
            rows = tables[name]
            assert not isinstance(rows, str)
            tables[name] = change(rows)
        else:
            tables[name] = change
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for name, content in tables.items():
        text = content if isinstance(content, str) else csv_text(content)
        (folder / "tables" / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    document = {**toy_plan(months), "tables": {name: f"tables/{name}.csv" for name in tables}, **(plan or {})}
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def csv_text(rows: Rows, columns: list[str] | None = None) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns or list(dict.fromkeys(key for row in rows for key in row)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def edit(where: Row, **cells: Any) -> Callable[[Rows], Rows]:
    """A change for `write_plan`: set cells in the rows that match `where`."""

    def change(rows: Rows) -> Rows:
        return [{**row, **cells} if all(row[key] == value for key, value in where.items()) else row for row in rows]

    return change


def _power(
    region: str,
    option: str,
    start_mw: float,
    step: float,
    growth: float = 0,
    lead: int = 0,
    energy: float = 0,
    carbon: float | str = "",
    priced: str = "no",
) -> Row:
    return {
        "region_id": region,
        "option_id": option,
        "start_mw": start_mw,
        "step_mw_per_month": step,
        "step_growth_frac_per_year": growth,
        "growth_frac_per_month": 0,
        "lead_months": lead,
        "availability_frac": 1,
        "energy_usd_per_mwh": energy,
        "energy_growth_frac_per_year": 0.02 if energy else 0,
        "carbon_kg_per_mwh": carbon,
        "carbon_priced": priced,
        "capex_usd_per_kw": "",
    }
