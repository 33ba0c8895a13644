"""The tables that the verifier reads: their keys, their numbers, and what an empty cell means.

Written here a second time on purpose: the verifier trusts neither the reader nor the writer of the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NAN = float("nan")
INF = float("inf")


@dataclass(frozen=True)
class Table:
    """What a table must hold. `numbers` maps a column to the value of an empty cell; None refuses an empty cell."""

    keys: tuple[str, ...]
    numbers: Mapping[str, float | None]
    text: tuple[str, ...] = ()
    optional_text: tuple[str, ...] = ()
    required: bool = True
    signed: tuple[str, ...] = ()  # columns that may be negative
    loose: tuple[str, ...] = field(default=())  # keys that need not be known to the plan


def _need(*columns: str) -> dict[str, float | None]:
    return dict.fromkeys(columns)


INPUTS: Mapping[str, Table] = {
    "regions": Table(
        ("region_id",),
        _need("latitude_deg", "longitude_deg", "pue", "wacc_frac_per_year", "shell_usd_per_kw", "shell_life_years")
        | {
            "availability_frac": 1.0,
            "nameplate_frac": 1.0,
            "commission_months": 0.0,
            "shell_start_mw": 0.0,
            "utc_offset_h": NAN,
        }
        | {"shell_step_mw_per_month": 0.0, "shell_step_growth_frac_per_year": 0.0, "shell_lead_months": 0.0},
        text=("country_iso2", "bloc"),
        optional_text=("group",),
        signed=("latitude_deg", "longitude_deg", "utc_offset_h", "shell_step_growth_frac_per_year"),
    ),
    "options": Table(
        ("option_id",),
        {"capex_usd_per_kw": 0.0, "fixed_usd_per_kw_year": 0.0, "variable_usd_per_mwh": 0.0, "heat_rate_mmbtu_per_mwh": 0.0}
        | {"carbon_kg_per_mwh": NAN, "firm_frac": 1.0, "life_years": None, "storage_h": NAN, "round_trip_frac": NAN},
        optional_text=("fuel_id",),
    ),
    "power": Table(
        ("region_id", "option_id"),
        {"start_mw": 0.0, "step_mw_per_month": 0.0, "step_growth_frac_per_year": 0.0, "growth_frac_per_month": 0.0}
        | {"lead_months": 0.0, "availability_frac": 1.0, "energy_usd_per_mwh": 0.0, "energy_growth_frac_per_year": 0.0}
        | {"carbon_kg_per_mwh": NAN, "capex_usd_per_kw": NAN, "minimum_take_frac": 0.0},
        optional_text=("carbon_priced", "profile_id", "availability_profile_id"),
        signed=("step_growth_frac_per_year", "energy_growth_frac_per_year", "energy_usd_per_mwh"),
    ),
    "fuels": Table(("region_id", "fuel_id"), _need("usd_per_mmbtu"), required=False, loose=("fuel_id",)),
    "supply": Table(("option_id", "month"), _need("mw"), required=False),
    "commitments": Table(("region_id", "option_id", "month"), {"build_mw": 0.0, "close_mw": 0.0}, required=False),
    "accelerators": Table(
        ("generation_id",),
        _need("h100e_per_unit", "kw_per_unit", "draw_frac", "price_usd_per_unit", "life_years")
        | {"idle_frac": 0.0, "failure_frac_per_year": 0.0, "install_usd_per_unit": 0.0, "carry_usd_per_unit_month": 0.0},
        optional_text=("only_countries", "not_countries"),
    ),
    "deliveries": Table(("generation_id", "month"), _need("kunit")),
    "fleet": Table(("region_id", "generation_id"), _need("kunit"), text=("delivered_from", "delivered_to")),
    "dark": Table(("generation_id",), _need("kunit"), required=False),
    "zones": Table(
        ("zone_id",),
        _need("latitude_deg", "longitude_deg") | {"utc_offset_h": NAN},
        text=("country_iso2", "bloc"),
        signed=("latitude_deg", "longitude_deg", "utc_offset_h"),
    ),
    "classes": Table(
        ("class_id",),
        {"latency_ms": NAN, "value_usd_per_h100e_h": None, "weight": 1.0, "gbit_s_per_kh100e": 0.0, "doubling_months": NAN}
        | {"flexible_frac": 0.0, "flexible_window_h": NAN, "core_frac": 0.0, "core_value_usd_per_h100e_h": NAN},
        optional_text=("orbit", "profile_id"),
    ),
    "profiles": Table(
        ("profile_id", "day_type", "calendar_month", "from_h"),
        {"calendar_month": NAN, "from_h": NAN, "value": None},
        text=("kind",),
        required=False,
        signed=("value",),
        loose=("profile_id", "day_type", "calendar_month", "from_h"),
    ),
    "demand": Table(("zone_id", "class_id"), _need("start_kh100e")),
    "training_runs": Table(
        ("run_id",),
        {**_need("energy_gwh", "kw_per_h100e", "duration_months", "runs_per_year"), "growth_frac_per_year": 0.0},
        text=("zone_id", "class_id"),
        optional_text=("from_month",),
        required=False,
        signed=("growth_frac_per_year",),
        loose=("run_id",),
    ),
    "residency": Table(("class_id", "from_bloc"), {}, text=("to_blocs",), required=False, loose=("from_bloc",)),
    "designs": Table(
        ("design_id",),
        {"downlink_gbit_s_per_mw": INF, "it_kg_per_kw": NAN, "build_usd_per_kg": NAN}
        | {"loss_frac_per_year": 0.0, "life_years": INF, "commissioning_months": 0.0},
        text=("bloc",),
        optional_text=("country_iso2",),
        required=False,
    ),
    "launch": Table(("month",), {"tonnes": 0.0, "satellite_factory_mw": INF}, required=False),
    "launch_price": Table(("design_id", "month"), _need("usd_per_kg"), required=False),
    "countries": Table(
        ("country_iso2",),
        {"generation_growth_twh_per_year": NAN, "ai_share_frac": NAN, "load_frac": NAN},
        required=False,
        signed=("generation_growth_twh_per_year",),
        loose=("country_iso2",),
    ),
    "links": Table(
        ("region_id",),
        {"gbit_s": None, "growth_frac_per_year": 0.0},
        required=False,
        signed=("growth_frac_per_year",),
    ),
    "latency": Table(("from_id", "to_id"), _need("one_way_ms"), required=False, loose=("from_id", "to_id")),
    "routes": Table(
        ("route_id",),
        {"gbit_s": INF, "growth_frac_per_month": 0.0, "usd_per_gbit_s_month": NAN},
        text=("from", "to"),
        required=False,
        signed=("growth_frac_per_month",),
        loose=("route_id",),
    ),
    "shares": Table(
        ("share_id",),
        {"min_frac": NAN, "max_frac": NAN},
        text=("class_id", "from_bloc", "to"),
        optional_text=("from_month", "to_month"),
        required=False,
        loose=("share_id",),
    ),
}

RESULTS: Mapping[str, Table] = {
    "chips": Table(
        ("generation_id", "month"),
        _need("delivered_kunit", "deployed_kunit", "dark_kunit", "retired_kunit", "displaced_kunit", "housed_kunit")
        | _need("orbit_kunit", "commissioning_kunit", "failed_kunit", "end_of_life_kunit", "dark_kh100e", "dark_mw"),
    ),
    "fleet": Table(
        ("place_id", "generation_id", "month"),
        _need("deploy_kunit", "retire_kunit", "failed_kunit", "end_of_life_kunit", "installed_kunit", "run_kunit")
        | _need("it_nameplate_mw", "it_draw_mw", "compute_kh100e"),
    ),
    "power": Table(
        ("region_id", "option_id", "month"),
        _need("build_mw", "growth_limit_mw", "capacity_mw", "output_mw", "energy_mwh", "carbon_tco2"),
    ),
    "halls": Table(("region_id", "month"), _need("build_shell_mw", "shell_mw", "housed_mw")),
    "serve": Table(("pool_id", "class_id", "place_id", "month"), _need("serve_kh100e", "network_gbit_s")),
    "demand": Table(("pool_id", "class_id", "month"), _need("demand_kh100e", "served_kh100e", "unserved_kh100e")),
    "orbit": Table(("design_id", "month"), _need("launched_mw", "launched_t", "alive_mw", "service_mw"), required=False),
    "orbit_coefficients": Table(
        ("design_id", "launch_month", "month"),
        _need("service_frac", "alive_frac", "charge_usd_per_kw", "upkeep_usd_per_kw", "kg_per_kw"),
        required=False,
    ),
    "launch": Table(("month",), _need("launched_t", "limit_t"), required=False),
    "slices": Table(("slice_id",), _need("utc_hour", "length_h"), text=("day_type",), required=False, loose=("slice_id",)),
    "power_by_slice": Table(
        ("region_id", "option_id", "month", "slice_id"),
        _need("output_mw", "charge_mw", "stored_mwh", "availability_frac", "energy_usd_per_mwh"),
        required=False,
    ),
    "work_by_slice": Table(("class_id", "place_id", "month", "slice_id"), _need("shift_kh100e"), required=False),
    "fleet_by_slice": Table(("place_id", "generation_id", "month", "slice_id"), _need("run_kunit"), required=False),
    "costs": Table(
        ("place_id", "item_id", "month", "component"),
        _need("cost_musd", "discounted_musd"),
        signed=("cost_musd", "discounted_musd"),
        loose=("place_id", "item_id", "component"),
    ),
    "league": Table(
        ("place_id",),
        _need("it_mwh", "compute_kh100e_h", "energy_cost_musd", "facility_cost_musd")
        | {"usd_per_mwh": NAN, "usd_per_mwh_facility": NAN, "usd_per_kh100e_h": NAN, "carbon_kg_per_kh100e_h": NAN}
        | {"marginal_usd_per_mwh": NAN},
        signed=(
            *("energy_cost_musd", "facility_cost_musd", "usd_per_mwh", "usd_per_mwh_facility", "usd_per_kh100e_h"),
            "marginal_usd_per_mwh",
        ),
    ),
    "trade": Table(("pool_id", "class_id", "asked_in", "served_in", "month"), _need("serve_kh100e"), text=("split",)),
    "nations": Table(
        ("country_iso2", "plan_year"),
        _need("it_mwh", "compute_kh100e_h", "energy_cost_musd", "carbon_tco2", "grid_growth_mw", "demand_kh100e")
        | _need("served_kh100e", "home_kh100e", "exports_kh100e", "imports_kh100e")
        | {"usd_per_mwh": NAN, "marginal_usd_per_mwh": NAN, "energy_usd_per_kh100e_h": NAN}
        | {"marginal_usd_per_kh100e_h": NAN, "carbon_kg_per_mwh": NAN, "carbon_kg_per_kh100e_h": NAN, "home_frac": NAN}
        | {"envelope_mw": NAN, "headroom_mw": NAN, "envelope_usd_per_mw": NAN},
        signed=(
            *("energy_cost_musd", "usd_per_mwh", "marginal_usd_per_mwh", "energy_usd_per_kh100e_h"),
            *("marginal_usd_per_kh100e_h", "grid_growth_mw"),
        ),
    ),
    "limits": Table(
        ("constraint", "where", "month"),
        _need("worth_usd", "limit", "rent_musd"),
        text=("unit",),
        signed=("worth_usd", "limit", "rent_musd"),
        loose=("constraint", "where", "month"),
    ),
    "duals": Table(
        ("constraint", "place_id", "option_id", "generation_id", "pool_id", "class_id", "item_id", "month", "slice"),
        _need("dual_musd"),
        required=False,
        signed=("dual_musd",),
        loose=("constraint", "place_id", "option_id", "generation_id", "pool_id", "class_id", "item_id", "month", "slice"),
    ),
    "entry": Table(
        ("design_id", "month"),
        _need("worth_usd_per_kw", "cost_usd_per_kw", "gap_usd_per_kw", "launch_usd_per_kg")
        | {"break_even_launch_usd_per_kg": NAN, "flip_value_factor": NAN, "cost_usd_per_h100e_h": NAN},
        text=("generation_id", "boundary"),
        required=False,
        signed=("worth_usd_per_kw", "gap_usd_per_kw", "break_even_launch_usd_per_kg"),
    ),
    "summary": Table(
        ("key",), {"value": NAN}, optional_text=("unit", "text"), required=False, signed=("value",), loose=("key",)
    ),
}

ORBIT_TABLES = ("orbit", "orbit_coefficients", "launch", "entry")
"""Result tables that a plan with an orbital design must have."""
