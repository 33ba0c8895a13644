"""The three reference designs, as the tests know them, and a horizon of three years."""

from __future__ import annotations

import pytest

from planner.physics import OrbitalDesign

_VALUES: dict[str, tuple[float, float, float]] = {
    "bus_overhead": (1.05, 1.15, 1.25),
    "array_efficiency_frac": (0.24, 0.184, 0.16),
    "array_loss_frac_per_year": (0.01, 0.025, 0.04),
    "array_specific_power_w_per_kg": (165, 100, 60),
    "battery_specific_energy_wh_per_kg": (265, 200, 150),
    "battery_depth_of_discharge_frac": (0.6, 0.4, 0.3),
    "ride_through_frac": (0.1, 0.15, 0.3),
    "radiator_temperature_c": (75, 60, 45),
    "radiator_emissivity_frac": (0.9, 0.85, 0.82),
    "radiator_fin_efficiency_frac": (0.95, 0.9, 0.85),
    "radiator_solar_absorptance_frac": (0.15, 0.15, 0.15),
    "radiator_kg_per_m2": (2.5, 5, 8),
    "cooling_loop_kg_per_kw_heat": (1.5, 4, 9),
    "it_kg_per_kw": (2.5, 5, 9),
    "shielding_kg_per_kw": (0.5, 1, 2),
    "communications_kg_per_kw": (0.8, 1.5, 4),
    "structure_frac": (0.1, 0.15, 0.2),
    "margin_frac": (0.05, 0.1, 0.2),
    "build_usd_per_kg": (400, 1000, 3400),
    "insurance_frac": (0.01, 0.05, 0.12),
    "loss_frac_per_year": (0.037, 0.078, 0.184),
    "life_years": (7, 5, 4),
    "rate_frac_per_year": (0.08, 0.1, 0.15),
    "maintenance_frac_per_year": (0.01, 0.01, 0.02),
    "fixed_usd_per_kw_year": (100, 200, 400),
    "commissioning_months": (1, 3, 6),
    "altitude_km": (600, 600, 600),
}

DESIGNS: dict[str, OrbitalDesign] = {
    design_id: OrbitalDesign(design_id=design_id, **{field: row[column] for field, row in _VALUES.items()})  # type: ignore[arg-type]
    for column, design_id in enumerate(("integrated", "central", "first_generation"))
}

MONTHS: list[tuple[int, int]] = [(2026 + (9 + k) // 12, (9 + k) % 12 + 1) for k in range(36)]


@pytest.fixture(params=list(DESIGNS))
def design(request: pytest.FixtureRequest) -> OrbitalDesign:
    """Each of the three reference designs in turn."""
    return DESIGNS[request.param]


@pytest.fixture
def central() -> OrbitalDesign:
    """The central reference design."""
    return DESIGNS["central"]


@pytest.fixture
def months() -> list[tuple[int, int]]:
    """October 2026 to September 2029."""
    return list(MONTHS)
