"""An orbital design: one value for each thing that physics and price need, and what physics refuses.

The fields are those of the table of orbital parameters, with the unit in the name; those with a default here are own
assumptions that the table does not hold. Launch prices and launch mass are paths over time and belong to the plan.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from planner.physics import conduction, heat, light
from planner.physics.errors import PhysicsError, Problem


@dataclass(frozen=True, kw_only=True)
class OrbitalDesign:
    """One way to build and fly 1 kW of IT. Nothing is checked on construction: `problems()` lists what is impossible."""

    design_id: str
    name: str = ""
    bus_overhead: float
    array_efficiency_frac: float
    array_loss_frac_per_year: float
    array_specific_power_w_per_kg: float
    battery_specific_energy_wh_per_kg: float
    battery_depth_of_discharge_frac: float
    ride_through_frac: float
    radiator_temperature_c: float
    radiator_emissivity_frac: float
    radiator_fin_efficiency_frac: float
    radiator_solar_absorptance_frac: float
    radiator_kg_per_m2: float
    cooling_loop_kg_per_kw_heat: float
    it_kg_per_kw: float
    shielding_kg_per_kw: float
    communications_kg_per_kw: float
    structure_frac: float
    margin_frac: float
    build_usd_per_kg: float
    insurance_frac: float
    loss_frac_per_year: float
    life_years: float
    rate_frac_per_year: float
    maintenance_frac_per_year: float
    fixed_usd_per_kw_year: float
    commissioning_months: int
    altitude_km: float
    storage_efficiency_frac: float = 0.9
    """Out over in of the battery with its converters."""
    radiator_faces: int = 2
    albedo_phase_frac: float = 0.2
    """Mean over the orbit of the lit share of the albedo below: cos(beta) / pi, 0.17 where a dawn-dusk orbit is darkest."""
    sun_error_deg: float = 1.0
    """The panel is steered about one axis to stand edge-on to the sun; fixed to the body it would miss by up to 31 degrees."""
    cooling: str = "loop"
    """`loop`: a pumped or two-phase loop feeds panels. `conduction`: each source sits on its own solid spreader."""
    spreader_material: str = "aluminium"
    source_w: float = 700.0
    """Heat of one source on its spreader; radiator_temperature_c is then the limit under the source."""
    node_local_time_h: float = 6.0
    """Mean local time of the ascending node: 6 and 18 are dawn-dusk."""
    inclination_deg: float | None = None
    """None: sun-synchronous."""

    def surroundings(self) -> heat.Surroundings:
        """What shines on this design's panels."""
        view = float(heat.edge_on_view_factor(self.altitude_km))
        return heat.Surroundings(view, self.albedo_phase_frac, self.sun_error_deg)

    def coldest_panel_c(self) -> float:
        """Radiator temperature at which this design would reject nothing."""
        fin = self.radiator_fin_efficiency_frac if self.cooling == "loop" else 1.0
        absorptance, emissivity = self.radiator_solar_absorptance_frac, self.radiator_emissivity_frac
        return float(heat.coldest_panel_c(self.surroundings(), emissivity, absorptance, fin, self.radiator_faces))

    def problems(self) -> list[Problem]:
        """Every value that physics refuses, with the reason; empty for a design that can be flown."""
        found = [
            Problem(field.name, value, "not a finite number")
            for field in fields(self)
            if isinstance(value := getattr(self, field.name), int | float) and not math.isfinite(value)
        ]
        if found:
            return found
        for name, (lowest, strict, highest, reason) in _BOUNDS.items():
            value = getattr(self, name)
            if value < lowest or value > highest or (strict and value == lowest):
                found.append(Problem(name, value, reason))
        for name, (allowed, reason) in _CHOICES.items():
            if getattr(self, name) not in allowed:
                found.append(Problem(name, getattr(self, name), reason))
        return found or self._problems_of_the_whole()

    def _problems_of_the_whole(self) -> list[Problem]:
        """What only several values together can violate; asked once each value is possible by itself."""
        found = []
        if self.commissioning_months != int(self.commissioning_months):
            found.append(Problem("commissioning_months", self.commissioning_months, "months are whole"))
        if self.inclination_deg is None:
            try:
                light.sun_synchronous_inclination_deg(self.altitude_km)
            except PhysicsError as error:
                found.append(Problem("altitude_km", self.altitude_km, str(error)))
        elif not 0 <= self.inclination_deg <= 180:
            found.append(Problem("inclination_deg", self.inclination_deg, "an inclination lies between 0 and 180 degrees"))
        coldest_c = self.coldest_panel_c()
        if self.radiator_temperature_c <= coldest_c:
            reason = f"radiator too cold: Earth and sun alone hold it at {coldest_c:.1f} C, so no net heat is rejected"
            found.append(Problem("radiator_temperature_c", self.radiator_temperature_c, reason))
        return found


_ABOVE_ONE = "an efficiency above 1 makes energy from nothing, at 0 nothing works"
_SHARE = "a share lies between 0 and 1"
_NO_NEGATIVE = "no mass or money is negative"
_DECAY = "a yearly loss lies in [0, 1): at 1 nothing is left after a year"
_BELOW_ONE = math.nextafter(1.0, 0.0)

_BOUNDS: dict[str, tuple[float, bool, float, str]] = {
    # field: (lowest, lowest itself refused, highest, reason)
    "bus_overhead": (1.0, False, math.inf, "the bus feeds the IT: below 1 it would make power from nothing"),
    "array_efficiency_frac": (0.0, True, 1.0, _ABOVE_ONE),
    "array_loss_frac_per_year": (0.0, False, _BELOW_ONE, _DECAY),
    "array_specific_power_w_per_kg": (0.0, True, math.inf, "an array without power per kg is infinitely heavy"),
    "battery_specific_energy_wh_per_kg": (0.0, True, math.inf, "a battery without energy per kg is infinitely heavy"),
    "battery_depth_of_discharge_frac": (0.0, True, 1.0, "a battery gives more than nothing and at most what it holds"),
    "ride_through_frac": (0.0, False, 1.0, _SHARE),
    "radiator_temperature_c": (-273.15, True, math.inf, "not above absolute zero"),
    "radiator_emissivity_frac": (
        0.0,
        True,
        1.0,
        "no surface emits more than a black body, and one that emits nothing cools nothing",
    ),
    "radiator_fin_efficiency_frac": (0.0, True, 1.0, "no panel is hotter in the mean than at its root"),
    "radiator_solar_absorptance_frac": (0.0, False, 1.0, _SHARE),
    "radiator_kg_per_m2": (0.0, False, math.inf, _NO_NEGATIVE),
    "cooling_loop_kg_per_kw_heat": (0.0, False, math.inf, _NO_NEGATIVE),
    "it_kg_per_kw": (0.0, False, math.inf, _NO_NEGATIVE),
    "shielding_kg_per_kw": (0.0, False, math.inf, _NO_NEGATIVE),
    "communications_kg_per_kw": (0.0, False, math.inf, _NO_NEGATIVE),
    "structure_frac": (0.0, False, math.inf, _NO_NEGATIVE),
    "margin_frac": (0.0, False, math.inf, _NO_NEGATIVE),
    "build_usd_per_kg": (0.0, False, math.inf, _NO_NEGATIVE),
    "insurance_frac": (0.0, False, math.inf, _NO_NEGATIVE),
    "loss_frac_per_year": (0.0, False, _BELOW_ONE, _DECAY),
    "life_years": (1 / 12, False, 100.0, "a life lasts at least a month, and no hardware a century"),
    "rate_frac_per_year": (0.0, False, math.inf, "a negative cost of capital pays to wait"),
    "maintenance_frac_per_year": (0.0, False, math.inf, _NO_NEGATIVE),
    "fixed_usd_per_kw_year": (0.0, False, math.inf, _NO_NEGATIVE),
    "commissioning_months": (0, False, 1200, "nothing is in service before its launch, or a century after"),
    "altitude_km": (200.0, False, math.inf, "below 200 km the drag of the air brings a satellite down within days"),
    "storage_efficiency_frac": (0.0, True, 1.0, _ABOVE_ONE),
    "albedo_phase_frac": (0.0, False, 1.0, _SHARE),
    "sun_error_deg": (0.0, False, 90.0, "a panel misses the sun's direction by 0 to 90 degrees"),
    "source_w": (0.0, True, math.inf, "a heat source gives heat"),
    "node_local_time_h": (0.0, False, 24.0, "a local time lies between 0 and 24 h"),
}

_CHOICES: dict[str, tuple[tuple[object, ...], str]] = {
    "radiator_faces": ((1, 2), "a panel radiates from one face or from two"),
    "cooling": (("loop", "conduction"), "one of loop, conduction"),
    "spreader_material": (tuple(conduction.MATERIALS), f"one of {', '.join(conduction.MATERIALS)}"),
}
