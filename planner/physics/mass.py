"""Mass per kW of IT, component by component.

    m = (array + battery + radiator + loop + IT + shielding + communications) (1 + structure) (1 + margin)

Communications stands for the whole of communications, avionics and propulsion. Structure and margin are shares of what
they carry, so that a heavier radiator costs more than its own mass.
Source of the roll-up: Wertz, Everett, Puschell, Space Mission Engineering, chapter 14 (mass budgets).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from planner.physics.errors import PhysicsError


@dataclass(frozen=True)
class MassBudget:
    """kg per kW of IT of each component; the sum of all fields is the mass that is launched."""

    array_kg_per_kw: float
    battery_kg_per_kw: float
    radiator_kg_per_kw: float
    loop_kg_per_kw: float
    it_kg_per_kw: float
    shielding_kg_per_kw: float
    communications_kg_per_kw: float
    structure_kg_per_kw: float
    margin_kg_per_kw: float

    @property
    def total_kg_per_kw(self) -> float:
        """m: what goes to orbit per kW of IT."""
        return sum(self.components().values())

    @property
    def platform_kg_per_kw(self) -> float:
        """m - m_it: what the build price per kg is paid for."""
        return self.total_kg_per_kw - self.it_kg_per_kw

    def components(self) -> dict[str, float]:
        """Component name -> kg per kW, in the order of the formula."""
        return {field.name.removesuffix("_kg_per_kw"): getattr(self, field.name) for field in fields(self)}


def roll_up(
    *,
    array_kg_per_kw: float,
    battery_kg_per_kw: float,
    radiator_kg_per_kw: float,
    loop_kg_per_kw: float,
    it_kg_per_kw: float,
    shielding_kg_per_kw: float,
    communications_kg_per_kw: float,
    structure_frac: float,
    margin_frac: float,
) -> MassBudget:
    """The budget of the formula above. Raises PhysicsError for a negative component or share."""
    parts = {
        "array_kg_per_kw": array_kg_per_kw,
        "battery_kg_per_kw": battery_kg_per_kw,
        "radiator_kg_per_kw": radiator_kg_per_kw,
        "loop_kg_per_kw": loop_kg_per_kw,
        "it_kg_per_kw": it_kg_per_kw,
        "shielding_kg_per_kw": shielding_kg_per_kw,
        "communications_kg_per_kw": communications_kg_per_kw,
    }
    for name, value in {**parts, "structure_frac": structure_frac, "margin_frac": margin_frac}.items():
        if not value >= 0:
            raise PhysicsError(f"{name} = {value}: no component has negative mass")
    carried = sum(parts.values())
    structure = carried * structure_frac
    return MassBudget(**parts, structure_kg_per_kw=structure, margin_kg_per_kw=(carried + structure) * margin_frac)
