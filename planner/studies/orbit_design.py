"""Each orbital design of a plan in numbers: mass, area, light, money, and the launch price at which it breaks even.

Nothing is solved. All figures are per kW of IT at nameplate; a MWh of IT is 1,000 hours in which one kW computes at full load.
USD per MWh in orbit counts platform, launch, insurance and upkeep, and no chip; `orbit_targets` says what it is compared with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import UsageError
from planner.physics import OrbitalDesign, OrbitCoefficients, Platform, coefficients, platform
from planner.physics.light import sun_synchronous_inclination_deg, sunlit_frac_by_month
from planner.physics.money import usd_per_mwh
from planner.plan.calendar import calendar_of, month_names
from planner.plan.places import orbital_designs
from planner.plan.plan import Plan
from planner.prepare.orbit_targets import NOTHING_TO_COMPARE, Target, targets

PITCH_M2 = 7140.0
"""A football pitch of 105 by 68 m."""

CURVE_POINTS = 121
ORBIT_BOUNDARY = "platform, launch, insurance and upkeep; no chips"


@dataclass(frozen=True)
class OrbitReport:
    """Tidy tables of the orbital designs of one plan, in the order of its table of designs.

    designs     one row a design: orbit, kg and m2 per kW, areas in m2 at 1 MW and in football pitches at 1 GW, heat
    budget      one row a design and component: kg per kW
    cost        one row a design and calendar year: mean over its months of launch price, capital and USD per MWh
    light       one row a design and month, the first twelve of the plan: share of the month in the sun
    break_even  one row a design and target on Earth: its price and the launch price that meets it, with a sentence
    curve       one row a design and launch price: USD per MWh at the light of a mean year
    """

    plan: str
    designs: pd.DataFrame
    budget: pd.DataFrame
    cost: pd.DataFrame
    light: pd.DataFrame
    break_even: pd.DataFrame
    curve: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by its name, in the order in which a person reads them."""
        names = ("designs", "budget", "cost", "light", "break_even", "curve")
        return {name: getattr(self, name) for name in names}


def orbit_report(plan: Plan) -> OrbitReport:
    """Describe the orbital designs of a plan. Raises UsageError for a plan without any."""
    designs = orbital_designs(plan.tables["designs"])
    if not designs:
        raise UsageError(no_orbit(plan))
    calendar = calendar_of(plan.settings)
    months, horizon = calendar.months, calendar.horizon
    price = plan.tables["launch_price"].by_month("design_id", "usd_per_kg")
    country, available = (plan.tables["designs"].mapping("design_id", name) for name in ("country_iso2", "availability_frac"))
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in ("designs", "budget", "cost", "light", "break_even", "curve")}
    for design in designs:
        paid = list(calendar.held(price[design.design_id]).values())
        found = coefficients(design, [_calendar(month) for month in months], paid)
        computes = available[design.design_id]
        compared = targets(plan, country[design.design_id])
        rows = {
            "designs": [_overview(design, platform(design), found)],
            "budget": [{"component": name, "kg_per_kw": kg} for name, kg in found.mass.components().items()],
            "cost": _cost_by_year(found, computes, horizon, paid[: len(horizon)]),
            "light": _light(design, plan.settings.start),
            "break_even": _break_even(found, computes, compared, horizon[-1], paid[len(horizon) - 1]),
            "curve": _curve(found, computes, list(compared.values()), max(paid)),
        }
        for name, table in rows.items():
            frame = pd.DataFrame(table)
            if "design_id" not in frame.columns:
                frame.insert(0, "design_id", design.design_id)
            parts[name].append(frame)
    return OrbitReport(plan.name, **{name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()})


def no_orbit(plan: Plan) -> str:
    """Why there is nothing to report, in words."""
    return f"plan {plan.name} has no orbital design: its table designs is empty or left out"


def _overview(design: OrbitalDesign, built: Platform, found: OrbitCoefficients) -> dict[str, Any]:
    tilt = design.inclination_deg
    array, radiator = built.array_area_m2_per_kw, built.radiator_area_m2_per_kw
    return {
        "design_id": design.design_id,
        "name": design.name,
        "altitude_km": design.altitude_km,
        "node_local_time_h": design.node_local_time_h,
        "inclination_deg": float(sun_synchronous_inclination_deg(design.altitude_km)) if tilt is None else tilt,
        "ride_through_frac": design.ride_through_frac,
        "worst_eclipse_frac": built.worst_eclipse_frac,
        "longest_eclipse_h": built.longest_eclipse_h,
        "cooling": design.cooling if design.cooling == "loop" else f"conduction in {design.spreader_material}",
        "radiator_temperature_c": design.radiator_temperature_c,
        "coldest_radiator_c": design.coldest_panel_c(),
        "net_flux_w_per_m2": built.net_flux_w_per_m2,
        "kg_per_kw": found.kg_per_kw,
        "array_m2_per_kw": array,
        "radiator_m2_per_kw": radiator,
        "array_m2_at_1_mw": 1e3 * array,
        "radiator_m2_at_1_mw": 1e3 * radiator,
        "array_pitches_at_1_gw": 1e6 * array / PITCH_M2,
        "radiator_pitches_at_1_gw": 1e6 * radiator / PITCH_M2,
        "build_usd_per_kw": found.build_usd_per_kw,
        "upkeep_usd_per_kw_year": found.upkeep_usd_per_kw_year,
        "energy_mwh_per_kw_year": found.energy_mwh_per_kw_year,
        "boundary": ORBIT_BOUNDARY,
    }


def _cost_by_year(
    found: OrbitCoefficients, computes: float, months: Sequence[str], paid: Sequence[float]
) -> list[dict[str, Any]]:
    years = np.array([int(month[:4]) for month in months])
    series = {
        "launch_usd_per_kg": np.array(paid),
        "capital_usd_per_kw": found.capital_usd_per_kw,
        "usd_per_mwh": found.usd_per_mwh / computes,
    }
    rows = []
    for year in np.unique(years).tolist():
        means = {name: float(values[: len(years)][years == year].mean()) for name, values in series.items()}
        rows.append({"year": year, **means, "boundary": ORBIT_BOUNDARY})
    return rows


def _light(design: OrbitalDesign, start: str) -> list[dict[str, Any]]:
    year = month_names(start, 12)
    orbit = (design.node_local_time_h, design.inclination_deg)
    sunlit = sunlit_frac_by_month(design.altitude_km, [_calendar(month) for month in year], *orbit)
    return [{"month": month, "sunlit_frac": frac} for month, frac in zip(year, sunlit.tolist(), strict=True)]


def _break_even(
    found: OrbitCoefficients, computes: float, compared: Mapping[str, Target | None], last_month: str, paid: float
) -> list[dict[str, Any]]:
    rows = []
    for against, target in compared.items():
        row = {"against": against, "place_id": "", "target_usd_per_mwh": np.nan, "break_even_launch_usd_per_kg": np.nan}
        words = NOTHING_TO_COMPARE[against]
        if target is not None:
            usd_per_kg = found.break_even_launch_usd_per_kg(target.usd_per_mwh * computes)
            row |= {"place_id": target.place_id, "target_usd_per_mwh": target.usd_per_mwh}
            row["break_even_launch_usd_per_kg"] = usd_per_kg
            words = f"Against {target.usd_per_mwh:,.0f} USD/MWh ({target.basis}): {_verdict(usd_per_kg, paid, last_month)}"
        rows.append({**row, "launch_usd_per_kg_last_month": paid, "words": words})
    return rows


def _verdict(even_usd_per_kg: float, paid_usd_per_kg: float, month: str) -> str:
    """Where a launch breaks even and what the plan pays, in words without a negative price."""
    if even_usd_per_kg < 0:
        return f"not even a free launch is enough; the launch would have to pay {-even_usd_per_kg:,.0f} USD per kg"
    held = "and the plan pays" if paid_usd_per_kg > even_usd_per_kg else "the plan pays only"
    even = f"breaks even over its whole life at a launch of {even_usd_per_kg:,.0f} USD per kg"
    return f"{even}, {held} {paid_usd_per_kg:,.0f} in {month}"


def _curve(
    found: OrbitCoefficients, computes: float, compared: Sequence[Target | None], paid_most: float
) -> list[dict[str, Any]]:
    """From a free launch to a tenth beyond the highest price of the plan and every break-even."""
    even = [found.break_even_launch_usd_per_kg(target.usd_per_mwh * computes) for target in compared if target is not None]
    usd_per_kg = np.linspace(0, 1.1 * max(paid_most, *even, 1.0), CURVE_POINTS)
    capital = found.build_usd_per_kw * (1 + found.insurance_frac) + usd_per_kg * found.kg_per_kw * (1 + found.insurance_frac)
    price = usd_per_mwh(capital, found.crf_frac_per_year, found.upkeep_usd_per_kw_year, found.energy_mwh_per_kw_year)
    price /= computes
    return [{"launch_usd_per_kg": kg, "usd_per_mwh": mwh} for kg, mwh in zip(usd_per_kg.tolist(), price.tolist(), strict=True)]


def _calendar(month: str) -> tuple[int, int]:
    return int(month[:4]), int(month[5:])
