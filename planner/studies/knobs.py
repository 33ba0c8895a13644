"""The numbers that could bring orbit in or keep it out, each as a factor on what the plan says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from models.data import PlanData
from planner.physics.sizing import platform
from planner.plan.places import orbital_designs
from planner.plan.plan import Plan
from planner.tables.orbit_entry import Launch


@dataclass(frozen=True)
class Knob:
    """One number that could bring orbit in or keep it out, as a factor on what the plan says."""

    name: str
    unit: str
    now: float  # what the factor 1 stands for, in the unit
    toward_orbit: float  # the farthest factor tried that helps orbit
    away: float  # and the farthest that hinders it
    turn: Callable[[PlanData, float], PlanData]
    of: str = "the plan's"


def knobs(plan: Plan, data: PlanData, launched: Mapping[str, Launch]) -> list[Knob]:
    """Launch price, mass of the platform, and value of compute."""
    cheapest = min((launch.usd_per_kg[-1] for launch in launched.values()), default=0.0)
    per_kg = f"USD per kg in {data.months[-1]}"
    lightest = min(data.kg_per_kw.values(), default=0.0)
    value = sum(data.value_usd_per_h100e_h.values()) / max(len(data.value_usd_per_h100e_h), 1)
    platforms = _platforms(plan)
    return [
        Knob("launch price", per_kg, cheapest, 0.0, 20.0, lambda d, f: with_launch_price(d, launched, f), "every month's"),
        Knob("mass", "kg per kW", lightest, 0.05, 5.0, lambda d, f: with_mass(d, launched, platforms, f)),
        Knob("value of compute", "USD per H100e-hour, mean of classes", value, 8.0, 0.02, with_value),
    ]


def with_launch_price(d: PlanData, launched: Mapping[str, Launch], factor: float) -> PlanData:
    """Every launch price times a factor: capital, and the charge in proportion to it, move with it."""
    share = {
        (o, v): 1.0
        + launch.usd_per_kw_per_usd_per_kg * (factor - 1.0) * launch.usd_per_kg[v - 1] / launch.capital_usd_per_kw[v - 1]
        for o, launch in launched.items()
        for v in range(1, len(d.months) + 1)
    }
    charge = {(o, v, t): usd * share[o, v] for (o, v, t), usd in d.orbit_charge_usd_per_kw.items()}
    return dataclasses.replace(d, orbit_charge_usd_per_kw=charge)


def with_mass(
    d: PlanData, launched: Mapping[str, Launch], platforms: Mapping[str, tuple[float, float]], factor: float
) -> PlanData:
    """Every platform's mass times a factor; building costs by the kg without IT, launching by every kg.

    A lighter platform is the same as more tonnes, so the tonnage moves and the matrix of the plan stays. Maintenance, a share
    of the price of the hardware, is left as it is: the threshold is told a little too hard, never too easy."""
    share = {}
    for o, launch in launched.items():
        build_usd_per_kg, kg_per_kw = platforms[o]
        insured = launch.usd_per_kw_per_usd_per_kg / kg_per_kw  # 1 + insurance
        for v in range(1, len(d.months) + 1):
            saved = (factor - 1.0) * kg_per_kw * (build_usd_per_kg + launch.usd_per_kg[v - 1]) * insured
            share[o, v] = max(0.0, 1.0 + saved / launch.capital_usd_per_kw[v - 1])
    charge = {(o, v, t): usd * share[o, v] for (o, v, t), usd in d.orbit_charge_usd_per_kw.items()}
    return dataclasses.replace(
        d, orbit_charge_usd_per_kw=charge, launch_t={t: tonnes / factor for t, tonnes in d.launch_t.items()}
    )


def with_value(d: PlanData, factor: float) -> PlanData:
    """Every value of compute times a factor, of the core and of the rest."""
    return dataclasses.replace(
        d,
        value_usd_per_h100e_h={w: usd * factor for w, usd in d.value_usd_per_h100e_h.items()},
        core_value_usd_per_h100e_h={w: usd * factor for w, usd in d.core_value_usd_per_h100e_h.items()},
    )


def _platforms(plan: Plan) -> dict[str, tuple[float, float]]:
    """(build USD per kg, kg per kW) of each design."""
    designs = orbital_designs(plan.tables["designs"])
    return {design.design_id: (design.build_usd_per_kg, platform(design).mass.total_kg_per_kw) for design in designs}
