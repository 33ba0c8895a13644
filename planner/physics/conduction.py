"""Cooling by conduction alone: a solid disc spreads the heat of one hot spot and radiates it from both faces.

A source of P watt holds the disc (radius b, thickness t, conductivity k) at T_b under its own radius a; beyond it

    (k t / r) d/dr (r dT/dr) = N_f eps sigma (T^4 - T_s^4),     T(a) = T_b,   T'(b) = 0

T_s is the sink temperature: what the disc would settle at with no source, warmed by Earth and sun alone. With x = r / b
and u = T / T_b, and M = N_f eps sigma T_b^3 b^2 / (k t), the disc rejects

    P = N_f eps sigma T_b^4 pi b^2 * phi,     phi = mean over the disc of (u^4 - u_s^4)
    mass = rho pi b^2 t = pi rho N_f eps sigma T_b^3 b^4 / (k M)

The boundary-value problem is solved numerically in s = ln x, and M is chosen for the lightest disc; radius and
thickness follow. If the source grows with its power at a fixed heat flux, mass goes with P squared: kg per kW with P
and with rho / k. The disc stands for the square of the same area. Its thickness is uniform; a tapered disc would be
lighter. What holds the disc, and what spreads heat under the chip, is not in it.
Source: Kraus, Aziz, Welty, Extended Surface Heat Transfer, chapter 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from planner.physics.constants import STEFAN_BOLTZMANN_W_PER_M2_K4, ZERO_CELSIUS_K
from planner.physics.errors import PhysicsError, ThermalError


@dataclass(frozen=True)
class Material:
    """A spreader: in-plane conductivity and density near 350 K."""

    conductivity_w_per_m_k: float
    density_kg_per_m3: float


MATERIALS: dict[str, Material] = {
    "aluminium": Material(200.0, 2700.0),
    "copper": Material(390.0, 8940.0),
    "graphite": Material(1200.0, 2200.0),
}
"""Aluminium: wrought, 167 (6061) to 222 (1100) W/m/K. Copper: ETP. Graphite: pyrolytic, in its plane 1000 to 1700 by
grade; across the plane about 10, so that it needs inserts under the chip, which are not counted."""

SOURCE_FLUX_W_PER_M2 = 0.86e6
"""Heat flux of the footprint of a large accelerator die: 700 W on 814 mm2."""


@dataclass(frozen=True)
class Spreader:
    """The lightest disc for one source."""

    radius_m: float
    thickness_m: float
    source_radius_m: float
    mass_kg: float
    rim_temperature_c: float
    effectiveness_frac: float
    """phi / (1 - u_s^4): what the disc rejects against a disc that were at T_b all over."""
    kg_per_kw: float
    """Mass per kW of heat."""
    area_m2_per_kw: float
    """Planform per kW of heat."""


def disc_profile(inner_frac: float, fin_number: float, sink_frac: float) -> tuple[float, float]:
    """(phi, u at the rim) of a disc with source radius a/b = inner_frac, M = fin_number and u_s = sink_frac.

    Solves u_ss = M x^2 (u^4 - u_s^4) over s = ln x. Raises ThermalError if the solver finds no profile.
    """
    from scipy.integrate import solve_bvp  # here: where scipy is loaded first, Pyomo loads its statistics, for a second

    grid = np.linspace(np.log(inner_frac), 0.0, 24)
    drive = fin_number * (1 - sink_frac**4)
    rim = max(sink_frac, 1 / (1 + drive))
    start = np.vstack([1 - (1 - rim) * (1 - grid / grid[0]), np.full_like(grid, -(1 - rim) / -grid[0])])

    def slope(s: np.ndarray, state: np.ndarray) -> np.ndarray:
        return np.vstack([state[1], fin_number * np.exp(2 * s) * (state[0] ** 4 - sink_frac**4)])

    def ends(first: np.ndarray, last: np.ndarray) -> np.ndarray:
        return np.array([first[0] - 1.0, last[1]])

    found = solve_bvp(slope, ends, grid, start, tol=1e-6, max_nodes=20_000)
    if not found.success:
        raise ThermalError(f"spreader: no temperature profile for a/b {inner_frac}, M {fin_number}: {found.message}")
    conducted = -2 * found.y[1, 0] / fin_number
    return float(conducted + inner_frac**2 * (1 - sink_frac**4)), float(found.y[0, -1])


@lru_cache(maxsize=512)
def lightest_spreader(
    source_w: float,
    material: Material,
    *,
    base_c: float,
    sink_c: float,
    emissivity_frac: float,
    faces: int = 2,
    source_flux_w_per_m2: float = SOURCE_FLUX_W_PER_M2,
) -> Spreader:
    """The lightest uniform disc that carries `source_w` away at a hot-spot temperature of `base_c`.

    `sink_c` is the equilibrium of the unheated disc. Raises PhysicsError for a source or flux that is not positive and
    ThermalError for a base not above the sink (nothing flows) or a source so weak that its own footprint radiates it.
    """
    from scipy.optimize import minimize_scalar

    if not (source_w > 0 and source_flux_w_per_m2 > 0):
        raise PhysicsError(f"heat source of {source_w} W at {source_flux_w_per_m2} W/m2: both must be positive")
    base_k, sink_frac = base_c + ZERO_CELSIUS_K, (sink_c + ZERO_CELSIUS_K) / (base_c + ZERO_CELSIUS_K)
    if not 0 <= sink_frac < 1:
        raise ThermalError(f"spreader at {base_c} C is not above its surroundings at {sink_c:.1f} C: no net heat is rejected")
    radiance = faces * emissivity_frac * STEFAN_BOLTZMANN_W_PER_M2_K4 * base_k**4
    source_radius_m = float(np.sqrt(source_w / source_flux_w_per_m2 / np.pi))
    if source_flux_w_per_m2 <= radiance * (1 - sink_frac**4):
        raise ThermalError(f"source flux {source_flux_w_per_m2} W/m2: the footprint radiates it alone, no spreader is needed")

    def disc(fin_number: float) -> tuple[float, float, float]:
        """(radius, phi, rim) that reject the source's heat at this M; phi hardly moves with a/b, so few steps do."""
        previous_m, radius_m = 0.0, float(np.sqrt(source_w / (np.pi * radiance * (1 - sink_frac**4))))
        while radius_m - previous_m > 1e-7 * radius_m:  # starts below the answer and only grows
            phi, rim = disc_profile(min(source_radius_m / radius_m, 0.999), fin_number, sink_frac)
            previous_m, radius_m = radius_m, float(np.sqrt(source_w / (np.pi * radiance * phi)))
        return radius_m, phi, rim

    def thickness(fin_number: float, radius_m: float) -> float:
        return radiance / base_k * radius_m**2 / (material.conductivity_w_per_m_k * fin_number)

    def log_mass(log_fin_number: float) -> float:
        fin_number = float(np.exp(log_fin_number))
        radius_m = disc(fin_number)[0]
        return float(np.log(thickness(fin_number, radius_m) * radius_m**2))

    bounds = (np.log(0.02), np.log(20.0))
    best = minimize_scalar(log_mass, bounds=bounds, method="bounded", options={"xatol": 1e-4})
    fin_number = float(np.exp(best.x))
    radius_m, phi, rim = disc(fin_number)
    thickness_m = thickness(fin_number, radius_m)
    area_m2 = float(np.pi * radius_m**2)
    mass_kg = material.density_kg_per_m3 * area_m2 * thickness_m
    return Spreader(
        radius_m=radius_m,
        thickness_m=thickness_m,
        source_radius_m=source_radius_m,
        mass_kg=mass_kg,
        rim_temperature_c=rim * base_k - ZERO_CELSIUS_K,
        effectiveness_frac=phi / (1 - sink_frac**4),
        kg_per_kw=1000 * mass_kg / source_w,
        area_m2_per_kw=1000 * area_m2 / source_w,
    )


def conduction_kg_per_kw(
    source_w: float,
    material: str | Material = "aluminium",
    *,
    base_c: float = 75.0,
    sink_c: float = -73.15,
    emissivity_frac: float = 0.9,
    faces: int = 2,
    source_flux_w_per_m2: float = SOURCE_FLUX_W_PER_M2,
) -> float:
    """kg of spreader per kW of heat; it grows with the power of one source. Raises as `lightest_spreader`, and
    PhysicsError for a material that is not in MATERIALS."""
    return lightest_spreader(
        float(source_w),
        spreader_material(material),
        base_c=base_c,
        sink_c=sink_c,
        emissivity_frac=emissivity_frac,
        faces=faces,
        source_flux_w_per_m2=source_flux_w_per_m2,
    ).kg_per_kw


def spreader_material(material: str | Material) -> Material:
    """The material itself or the one of that name. Raises PhysicsError for an unknown name."""
    if isinstance(material, Material):
        return material
    if material not in MATERIALS:
        raise PhysicsError(f"spreader material {material!r} is unknown: one of {', '.join(sorted(MATERIALS))}")
    return MATERIALS[material]
