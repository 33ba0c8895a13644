"""From a design to the coefficients of the linear program: everything non-linear is computed here, once.

Months: t runs over the plan's horizon, v over the months of launch (the same months), ages in months from launch.
Beyond the horizon, where a vintage still serves and repays, the light of the horizon's last calendar year repeats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from planner.physics import light, mass, money, power
from planner.physics.constants import Array
from planner.physics.design import OrbitalDesign
from planner.physics.errors import PhysicsError
from planner.physics.light import Month
from planner.physics.sizing import platform


@dataclass(frozen=True)
class OrbitCoefficients:
    """All that the plan needs of a design, per kW of IT launched.

    Arrays: [t] by month, [v] by month of launch, [a] by age in months from launch.
    """

    design_id: str
    mass: mass.MassBudget
    kg_per_kw: float
    kg_it_per_kw: float
    build_usd_per_kw: float
    """Price of the platform without IT, launch and insurance."""
    capital_usd_per_kw: Array
    """K[v], with launch and insurance."""
    sunlit_frac: Array
    available_frac: Array
    survival_frac: Array
    """[a] from launch; zero once the life is over and the satellite is brought down."""
    health_frac: Array
    array_area_m2_per_kw: float
    radiator_area_m2_per_kw: float
    net_flux_w_per_m2: float
    service_frac: Array
    """[v, t] available * health * survival, zero before commissioning and after the life."""
    charge_usd_per_kw: Array
    """[v, t] capital charge of the month, normalised over the whole life."""
    upkeep_usd_per_kw_month: Array
    """[v, t] maintenance and fixed operation, level over the life and charged in proportion to service."""
    usd_per_mwh: Array
    """[v] exact, with the light that the vintage meets; the same in each of its months."""
    usd_per_mwh_closed_form: Array
    """[v] at the mean light of a calendar year."""
    crf_frac_per_year: float
    """Monthly recovery factor, with the wait for commissioning."""
    energy_mwh_per_kw_year: float
    """E at the mean light of a calendar year."""
    upkeep_usd_per_kw_year: float
    insurance_frac: float

    def break_even_launch_usd_per_kg(self, target_usd_per_mwh: float) -> float:
        """Launch price at which this design costs the target; negative: not even a free launch is enough."""
        price = money.break_even_launch_usd_per_kg(
            target_usd_per_mwh,
            kg_per_kw=self.kg_per_kw,
            build_usd_per_kw=self.build_usd_per_kw,
            insurance_frac=self.insurance_frac,
            crf_frac_per_year=self.crf_frac_per_year,
            upkeep_usd_per_kw_year=self.upkeep_usd_per_kw_year,
            energy_mwh_per_kw_year=self.energy_mwh_per_kw_year,
        )
        return float(price)


def coefficients(
    design: OrbitalDesign, months: Sequence[Month], launch_usd_per_kg_by_month: Sequence[float] | Array
) -> OrbitCoefficients:
    """Coefficients of a design over the plan's months, with one launch price (USD per kg) for each month.

    Raises DesignError for an impossible design, PhysicsError for no months, months that do not follow each other or
    another number of prices than months.
    """
    built = platform(design)
    launch_usd_per_kg = np.array(launch_usd_per_kg_by_month, dtype=float)
    _check_months(months, launch_usd_per_kg)
    horizon, lag = len(months), int(design.commissioning_months)
    life = lag + money.months_of_life(design.life_years)

    sunlit, mean_year = _light(design, months, horizon + life)
    available = sunlit + design.ride_through_frac * (1 - sunlit)
    age = np.arange(max(horizon, life), dtype=float)
    survival = np.where(age < life, money.survival_frac(age / 12, design.loss_frac_per_year), 0.0)
    health = power.health_frac(age / 12, design.array_loss_frac_per_year, design.life_years)
    working = np.where((age >= lag) & (age < life), health * survival, 0.0)[:life]

    launch = np.arange(horizon)[:, np.newaxis]
    by_age = available[launch + np.arange(life)] * working
    rate = design.rate_frac_per_year
    budget = built.mass
    build_usd = design.build_usd_per_kg * budget.platform_kg_per_kw
    capital = money.capital_usd_per_kw(
        budget.total_kg_per_kw, design.it_kg_per_kw, design.build_usd_per_kg, launch_usd_per_kg, design.insurance_frac
    )
    upkeep = design.maintenance_frac_per_year * build_usd + design.fixed_usd_per_kw_year
    crf = money.monthly_crf_frac_per_year(rate, design.life_years, lag)
    exact_mwh = money.energy_mwh_per_kw_year(by_age, rate, design.life_years, lag)
    mean_available = mean_year + design.ride_through_frac * (1 - mean_year)
    mean_mwh = float(money.energy_mwh_per_kw_year(mean_available * working, rate, design.life_years, lag))
    return OrbitCoefficients(
        design_id=design.design_id,
        mass=budget,
        kg_per_kw=budget.total_kg_per_kw,
        kg_it_per_kw=design.it_kg_per_kw,
        build_usd_per_kw=build_usd,
        capital_usd_per_kw=capital,
        sunlit_frac=sunlit[:horizon],
        available_frac=available[:horizon],
        survival_frac=survival,
        health_frac=health,
        array_area_m2_per_kw=built.array_area_m2_per_kw,
        radiator_area_m2_per_kw=built.radiator_area_m2_per_kw,
        net_flux_w_per_m2=built.net_flux_w_per_m2,
        service_frac=_by_month(by_age),
        charge_usd_per_kw=_by_month(money.service_charge(capital, by_age, rate)),
        upkeep_usd_per_kw_month=_by_month(money.service_charge(np.full(horizon, upkeep / crf), by_age, rate)),
        usd_per_mwh=money.usd_per_mwh(capital, crf, upkeep, exact_mwh),
        usd_per_mwh_closed_form=money.usd_per_mwh(capital, crf, upkeep, mean_mwh),
        crf_frac_per_year=crf,
        energy_mwh_per_kw_year=mean_mwh,
        upkeep_usd_per_kw_year=upkeep,
        insurance_frac=design.insurance_frac,
    )


def _light(design: OrbitalDesign, months: Sequence[Month], count: int) -> tuple[Array, float]:
    """(sunlit share of `count` months from the first of the horizon, mean of the calendar year that repeats)."""
    orbit = (design.node_local_time_h, design.inclination_deg)
    last_year = [_later(months[-1], step) for step in range(-11, 1)]
    year = light.sunlit_frac_by_month(design.altitude_km, last_year, *orbit)
    known = light.sunlit_frac_by_month(design.altitude_km, months, *orbit)
    beyond = year[np.arange(count - len(months)) % 12]
    return np.concatenate([known, beyond]), float(year.mean())


def _later(month: Month, step: int) -> Month:
    """The calendar month `step` months later."""
    count = 12 * month[0] + month[1] - 1 + step
    return count // 12, count % 12 + 1


def _check_months(months: Sequence[Month], launch_usd_per_kg: Array) -> None:
    """PhysicsError unless the months follow each other and each has a finite launch price."""
    if not months:
        raise PhysicsError("no months: a horizon has at least one")
    for before, after in pairwise(months):
        if after != _later(before, 1):
            raise PhysicsError(f"months {before} and {after} do not follow each other")
    if launch_usd_per_kg.shape != (len(months),):
        raise PhysicsError(f"{launch_usd_per_kg.size} launch prices for {len(months)} months")
    if not np.all(np.isfinite(launch_usd_per_kg)):
        raise PhysicsError("a launch price is not a finite number")


def _by_month(by_age: Array) -> Array:
    """From [v, age] to [v, t]: each vintage starts in its own month; what lies beyond the horizon is cut."""
    horizon, life = by_age.shape
    out = np.zeros((horizon, horizon))
    for vintage in range(horizon):
        served = min(life, horizon - vintage)
        out[vintage, vintage : vintage + served] = by_age[vintage, :served]
    return out
