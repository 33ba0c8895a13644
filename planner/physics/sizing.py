"""From a design to its size: what 1 kW of IT weighs and measures in orbit, whatever the months and the prices."""

from __future__ import annotations

from dataclasses import dataclass

from planner.physics import conduction, heat, light, mass, power
from planner.physics.design import OrbitalDesign
from planner.physics.errors import DesignError


@dataclass(frozen=True)
class Platform:
    """What a design weighs and measures, per kW of IT: independent of months and prices."""

    mass: mass.MassBudget
    worst_eclipse_frac: float
    longest_eclipse_h: float
    array_power_w_per_kw: float
    """Begin of life."""
    heat_w_per_kw: float
    """What the radiator rejects in sunlight: the bus and the losses of the battery."""
    array_area_m2_per_kw: float
    radiator_area_m2_per_kw: float
    net_flux_w_per_m2: float


def platform(design: OrbitalDesign) -> Platform:
    """Size a design for its worst month. Raises DesignError with every value that physics refuses."""
    problems = design.problems()
    if problems:
        raise DesignError(design.design_id, problems)
    orbit = (design.altitude_km, design.node_local_time_h, design.inclination_deg)
    dark = light.worst_month(*orbit)[1]
    longest_h = light.longest_eclipse_h(*orbit)
    storage = (design.bus_overhead, design.ride_through_frac, dark, design.storage_efficiency_frac)
    health = power.mean_health_frac(design.array_loss_frac_per_year, design.life_years)
    array_w = float(power.array_power_w_per_kw(*storage) / health)
    heat_w = 1000 * design.bus_overhead + float(power.storage_loss_w_per_kw(*storage))
    radiator_kg, loop_kg, radiator_m2 = _cooling(design, heat_w)
    budget = mass.roll_up(
        array_kg_per_kw=float(power.array_mass_kg(array_w, design.array_specific_power_w_per_kg)),
        battery_kg_per_kw=float(
            power.battery_mass_kg_per_kw(
                design.bus_overhead,
                design.ride_through_frac,
                longest_h,
                design.battery_depth_of_discharge_frac,
                design.battery_specific_energy_wh_per_kg,
            )
        ),
        radiator_kg_per_kw=radiator_kg,
        loop_kg_per_kw=loop_kg,
        it_kg_per_kw=design.it_kg_per_kw,
        shielding_kg_per_kw=design.shielding_kg_per_kw,
        communications_kg_per_kw=design.communications_kg_per_kw,
        structure_frac=design.structure_frac,
        margin_frac=design.margin_frac,
    )
    return Platform(
        mass=budget,
        worst_eclipse_frac=dark,
        longest_eclipse_h=longest_h,
        array_power_w_per_kw=array_w,
        heat_w_per_kw=heat_w,
        array_area_m2_per_kw=float(power.array_area_m2(array_w, design.array_efficiency_frac)),
        radiator_area_m2_per_kw=radiator_m2,
        net_flux_w_per_m2=heat_w / radiator_m2,
    )


def _cooling(design: OrbitalDesign, heat_w: float) -> tuple[float, float, float]:
    """(radiator kg, loop kg, radiator m2) per kW of IT, for either school of cooling."""
    if design.cooling == "conduction":
        spreader = conduction.lightest_spreader(
            design.source_w,
            conduction.spreader_material(design.spreader_material),
            base_c=design.radiator_temperature_c,
            sink_c=design.coldest_panel_c(),
            emissivity_frac=design.radiator_emissivity_frac,
            faces=design.radiator_faces,
        )
        return spreader.kg_per_kw * heat_w / 1000, 0.0, spreader.area_m2_per_kw * heat_w / 1000
    flux = heat.net_flux_w_per_m2(
        design.radiator_temperature_c,
        design.surroundings(),
        design.radiator_emissivity_frac,
        design.radiator_solar_absorptance_frac,
        design.radiator_fin_efficiency_frac,
        design.radiator_faces,
    )
    area_m2 = float(heat.radiator_area_m2(heat_w, flux))
    return area_m2 * design.radiator_kg_per_m2, design.cooling_loop_kg_per_kw_heat * heat_w / 1000, area_m2
