"""Orbit: light, heat, power, mass and money of an orbital design, down to the coefficients of the linear program.

Numbers in, numbers out: nothing here reads a file or knows a linear program.
"""

from planner.physics.coefficients import OrbitCoefficients, coefficients
from planner.physics.conduction import conduction_kg_per_kw
from planner.physics.design import OrbitalDesign
from planner.physics.errors import DesignError, PhysicsError, Problem, ThermalError
from planner.physics.mass import MassBudget
from planner.physics.sizing import Platform, platform

__all__ = [
    "DesignError",
    "MassBudget",
    "OrbitCoefficients",
    "OrbitalDesign",
    "PhysicsError",
    "Platform",
    "Problem",
    "ThermalError",
    "coefficients",
    "conduction_kg_per_kw",
    "platform",
]
