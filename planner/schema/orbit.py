"""Tables of orbit: designs, whose columns physics owns, and what it takes to launch them."""

from __future__ import annotations

import dataclasses

from planner.physics.design import OrbitalDesign
from planner.schema.fields import ANYTHING, Field, Kind, Range
from planner.schema.table_schema import MONTH, amount, frac, key, name_of, optional

ORBIT = (
    optional("designs", "Orbital designs, per kW of IT", ()),
    optional(
        "launch",
        "Launch mass and satellites available to this plan",
        (
            MONTH,
            amount("tonnes", "largest mass to orbit in the month", plausible=(0.01, 100_000)),
            amount(
                "satellite_factory_mw",
                "satellites built in the month, IT power; empty for no limit",
                required=False,
                plausible=(0.001, 10_000),
            ),
        ),
    ),
    optional(
        "launch_price",
        "Price of a launch",
        (key("design_id", "design", "designs"), MONTH, amount("usd_per_kg", "to the design's orbit", plausible=(10, 100_000))),
    ),
)


DESIGN = {
    "bus_overhead": "bus power over IT power, the orbital counterpart of pue",
    "array_efficiency_frac": "electricity over sunlight",
    "array_loss_frac_per_year": "ageing of the array",
    "array_specific_power_w_per_kg": "at array level, begin of life",
    "battery_specific_energy_wh_per_kg": "at pack level",
    "battery_depth_of_discharge_frac": "share of the battery that an eclipse may use",
    "ride_through_frac": "share of the load carried through eclipse; the rest is shed",
    "radiator_temperature_c": "of the radiating surface; for cooling conduction, the limit under the source",
    "radiator_emissivity_frac": "in the infrared",
    "radiator_fin_efficiency_frac": "mean flux over the flux at the root",
    "radiator_solar_absorptance_frac": "of sunlight",
    "radiator_kg_per_m2": "of panel planform",
    "cooling_loop_kg_per_kw_heat": "pumps, pipes and fluid",
    "it_kg_per_kw": "chips and boards",
    "shielding_kg_per_kw": "against radiation",
    "communications_kg_per_kw": "with avionics and propulsion",
    "structure_frac": "of the mass before it",
    "margin_frac": "of the mass with structure",
    "build_usd_per_kg": "of the platform without IT",
    "insurance_frac": "insurance and launch losses, of capital",
    "loss_frac_per_year": "share of satellites lost in a year; nothing is repaired",
    "life_years": "from service to the end",
    "rate_frac_per_year": "cost of capital",
    "maintenance_frac_per_year": "of the platform's price",
    "fixed_usd_per_kw_year": "fixed operating cost",
    "commissioning_months": "from launch to service",
    "altitude_km": "of the circular orbit",
    "storage_efficiency_frac": "out over in of the battery with its converters",
    "radiator_faces": "faces of a panel that radiate: 1 or 2",
    "albedo_phase_frac": "mean over the orbit of the lit share of the albedo below",
    "sun_error_deg": "how far the panel's edge misses the sun",
    "cooling": "loop: pumped or two-phase; conduction: a solid spreader for each source",
    "spreader_material": "for cooling conduction",
    "source_w": "heat of one source, for cooling conduction",
    "node_local_time_h": "mean local time of the ascending node; 6 and 18 are dawn-dusk",
    "inclination_deg": "empty for sun-synchronous",
}
"""What physics means by its fields."""

PLAUSIBLE: dict[str, Range] = {
    "bus_overhead": (1, 2),
    "array_loss_frac_per_year": (0, 0.2),
    "array_specific_power_w_per_kg": (10, 1000),
    "battery_specific_energy_wh_per_kg": (40, 1000),
    "radiator_temperature_c": (-20, 150),
    "radiator_kg_per_m2": (0.3, 40),
    "cooling_loop_kg_per_kw_heat": (0.05, 60),
    "it_kg_per_kw": (0.3, 60),
    "shielding_kg_per_kw": (0.01, 60),
    "communications_kg_per_kw": (0.01, 60),
    "build_usd_per_kg": (10, 100_000),
    "loss_frac_per_year": (0, 0.5),
    "life_years": (1, 30),
    "rate_frac_per_year": (0, 0.3),
    "maintenance_frac_per_year": (0, 0.2),
    "fixed_usd_per_kw_year": (0.5, 20_000),
    "commissioning_months": (0, 24),
    "altitude_km": (200, 40_000),
    "source_w": (1, 20_000),
}
"""What is known of designs, widened (`Field.plausible`)."""


def _plausible(name: str) -> Range:
    return PLAUSIBLE.get(name, (0, 1) if name.endswith("_frac") else ANYTHING)


def design_fields() -> tuple[Field, ...]:
    """The columns of a design: its place, the fields of physics, and its downlink."""
    fields = [
        key("design_id", "name of the design in every other table"),
        Field("name", "text", "name to show"),
        name_of("bloc", "jurisdiction"),
        name_of("country_iso2", "country, for export rules"),
    ]
    kinds: dict[str, Kind] = {"float": "number", "int": "integer", "str": "name", "float | None": "number"}
    for known in dataclasses.fields(OrbitalDesign):
        if known.name not in ("design_id", "name"):
            required = known.default is dataclasses.MISSING
            default = None if required else known.default
            kind, doc, plausible = kinds[str(known.type)], DESIGN.get(known.name, ""), _plausible(known.name)
            fields.append(Field(known.name, kind, doc, required=required, default=default, plausible=plausible))
    fields.append(
        frac(
            "availability_frac",
            "share of time in which a chip that has power computes",
            above_zero=True,
            default=1.0,
            plausible=(0.02, 1),
        )
    )
    fields.append(
        amount(
            "downlink_gbit_s_per_mw",
            "traffic that a satellite can downlink; empty for no limit",
            required=False,
            plausible=(0.01, 100_000),
        )
    )
    return tuple(fields)
