"""Orbital designs, launch mass and launch price."""

from __future__ import annotations

from derivation.evidence import Evidence, Row, both
from derivation.months import MONTHS, YEARS, blend

DESIGN_FIELDS = {  # column of the plan's table: parameter in orbit_parameters.csv
    "bus_overhead": "bus_overhead",
    "array_efficiency_frac": "array_efficiency",
    "array_loss_frac_per_year": "array_loss",
    "array_specific_power_w_per_kg": "array_specific_power",
    "battery_specific_energy_wh_per_kg": "battery_specific_energy",
    "battery_depth_of_discharge_frac": "battery_depth_of_discharge",
    "ride_through_frac": "ride_through",
    "radiator_temperature_c": "radiator_temperature",
    "radiator_emissivity_frac": "radiator_emissivity",
    "radiator_fin_efficiency_frac": "radiator_fin_efficiency",
    "radiator_solar_absorptance_frac": "radiator_solar_absorptance",
    "radiator_kg_per_m2": "radiator_areal_density",
    "cooling_loop_kg_per_kw_heat": "cooling_loop",
    "it_kg_per_kw": "it_mass",
    "shielding_kg_per_kw": "shielding",
    "communications_kg_per_kw": "communications_avionics_propulsion",
    "structure_frac": "structure",
    "margin_frac": "margin",
    "build_usd_per_kg": "build_cost",
    "insurance_frac": "insurance_and_launch_loss",
    "loss_frac_per_year": "loss_without_repair",
    "life_years": "life",
    "rate_frac_per_year": "cost_of_capital",
    "maintenance_frac_per_year": "maintenance",
    "fixed_usd_per_kw_year": "fixed_operation",
    "commissioning_months": "commissioning_lag",
    "altitude_km": "altitude",
}


def designs(ev: Evidence, design: str) -> list[Row]:
    row: Row = {
        "design_id": design,
        "name": design.replace("_", " ").capitalize() + " design",
        "bloc": "US",
        "country_iso2": "US",
    }
    row |= {field: ev.number("orbit_parameters", design, parameter=name) for field, name in DESIGN_FIELDS.items()}
    row["availability_frac"] = ev.judge("availability_frac_orbit")
    return [{**row, **ev.trace()}]


CONDUCTION = {"cooling": "conduction", "source_w": "conduction_source_w", "radiator_temperature_c": "conduction_temperature_c"}
VARIANTS: dict[str, tuple[str, str, dict[str, str]]] = {
    # design: (column of orbit_parameters.csv, name, what differs from it: a text or the key of a judgement)
    "integrated": ("integrated", "Integrated design", {}),
    "central": ("central", "Central design", {}),
    "central_node_18": ("central", "Central design, node at 18 h", {"node_local_time_h": "node_local_time_h_evening"}),
    "first_generation": ("first_generation", "First generation design", {}),
    "ai1": (
        "integrated",
        "AI1 as announced",
        {
            "shielding_kg_per_kw": "shielding_kg_per_kw_ai1",
            "structure_frac": "structure_frac_ai1",
            "margin_frac": "margin_frac_ai1",
        },
    ),
    "shed": ("central", "Central design, all load shed in eclipse", {"ride_through_frac": "ride_through_frac_shed"}),
    "ride_through": ("central", "Central design, full load through eclipse", {"ride_through_frac": "ride_through_frac_full"}),
    "conduction_aluminium": (
        "central",
        "Central design, heat by conduction in aluminium",
        {**CONDUCTION, "spreader_material": "aluminium"},
    ),
    "conduction_graphite": (
        "central",
        "Central design, heat by conduction in graphite",
        {**CONDUCTION, "spreader_material": "graphite"},
    ),
    "first_generation_aluminium": (
        "first_generation",
        "First generation, heat by conduction in aluminium",
        {**CONDUCTION, "spreader_material": "aluminium"},
    ),
    "first_generation_graphite": (
        "first_generation",
        "First generation, heat by conduction in graphite",
        {**CONDUCTION, "spreader_material": "graphite"},
    ),
}


def designs_all(ev: Evidence) -> list[Row]:
    """Every design that a scenario may choose from: the three of the evidence and their variants."""
    rows = []
    for design, (column, name, differs) in VARIANTS.items():
        own = {field: ev.judge(said) if said in ev.judgements else said for field, said in differs.items()}
        (row,) = designs(ev, column)
        trace = both({key: row.pop(key) for key in ("source", "quality")}, ev.trace())
        usual = {"cooling": "loop", "spreader_material": "", "source_w": "", "node_local_time_h": ""}
        rows.append({**row, **usual, "design_id": design, "name": name, **own, **trace})
    return rows


def launch(ev: Evidence, design: str) -> list[Row]:
    """Tonnes a month on straight lines between months 1, 12 and 36."""
    names = {1: "launch_mass_start_month_1", 12: "launch_mass_month_12", 36: "launch_mass_month_36"}
    at = {t: ev.number("orbit_parameters", design, parameter=name) for t, name in names.items()}
    trace = ev.trace()
    rows = []
    for t, month in enumerate(MONTHS, start=1):
        left, right = (1, 12) if t <= 12 else (12, 36)
        tonnes = at[left] + (at[right] - at[left]) * (t - left) / (right - left)
        rows.append({"month": month, "tonnes": tonnes, **trace})
    return rows


def launch_price(ev: Evidence, design: str) -> list[Row]:
    """Yearly prices stand for mid-year; straight lines in between, level after the last."""
    months = blend({year: ev.number("orbit_parameters", design, parameter=f"launch_price_{year}") for year in YEARS})
    trace = ev.trace()
    return [{"design_id": design, "month": m, "usd_per_kg": usd, **trace} for m, usd in zip(MONTHS, months, strict=True)]


def launch_price_all(ev: Evidence) -> list[Row]:
    """Each design pays the price of the column that it is built from."""
    return [{**row, "design_id": design} for design, (column, _, _) in VARIANTS.items() for row in launch_price(ev, column)]
