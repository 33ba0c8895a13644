"""Money of orbit, per kW of IT: capital, service, and the price of a megawatt-hour.

    capital           K = [build * (m - m_it) + launch * m] (1 + insurance)                               USD per kW
    survival          (1 - l)^a at age a in years from launch, without repair
    service           s[m] = available[m] * health[m] * survival[m], zero before commissioning and after the life
    capital charge    charge[m] = K s[m] / sum over the life of s[n] (1 + w)^(-n/12),   m, n months from launch
    recovery factor   crf = 12 / sum over the months in service of (1 + w)^(-m/12)                        per year
    energy            E = 8.76 * [sum s[m] (1 + w)^(-m/12)] / [sum over months in service of (1 + w)^(-m/12)]     MWh per kW-year
    price             (K crf + maintenance + fixed) / E                                                   USD per MWh of IT

Life counts from commissioning: a vintage of month v serves from v + lag for 12 N months. Months are discounted from the
launch, at which K is paid, so the wait for commissioning costs interest. Maintenance and fixed operation are level
over the months in service and are charged, like K, in proportion to service: then each month costs the closed form.

The textbook crf(w, N) = w / (1 - (1 + w)^-N) assumes one payment at the end of each year. Divided by twelve and paid
monthly it repays more than K; the monthly factor above repays K with interest exactly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planner.physics.constants import HOURS_PER_YEAR, Numbers
from planner.physics.errors import PhysicsError

Array = NDArray[np.float64]

MWH_PER_KW_MONTH = HOURS_PER_YEAR / 12_000
"""Energy of one kW over the mean month of 730 h."""


def crf_frac_per_year(rate_frac_per_year: float, life_years: float) -> float:
    """Textbook capital recovery w / (1 - (1 + w)^-N), payments at year ends; 1 / N at no interest. PhysicsError if N <= 0 or w < 0."""
    if not (life_years > 0 and rate_frac_per_year >= 0):
        raise PhysicsError(
            f"capital recovery of {rate_frac_per_year} over {life_years} years: life > 0 and rate >= 0 are needed"
        )
    if rate_frac_per_year == 0:
        return 1 / life_years
    return float(rate_frac_per_year / -np.expm1(-life_years * np.log1p(rate_frac_per_year)))


def discount_frac(month: Numbers, rate_frac_per_year: float) -> Array:
    """(1 + w)^(-m/12): worth at launch of one dollar paid m months later."""
    return (1 + rate_frac_per_year) ** (-np.asarray(month, dtype=float) / 12)


def months_of_life(life_years: float) -> int:
    """Whole months in service, at least one."""
    return max(1, round(12 * life_years))


def monthly_crf_frac_per_year(rate_frac_per_year: float, life_years: float, commissioning_months: int = 0) -> float:
    """12 / sum of the discount factors of the months in service: twelve equal charges a year that repay one dollar exactly."""
    in_service = np.arange(commissioning_months, commissioning_months + months_of_life(life_years))
    return float(12 / discount_frac(in_service, rate_frac_per_year).sum())


def capital_usd_per_kw(
    kg_per_kw: Numbers,
    it_kg_per_kw: Numbers,
    build_usd_per_kg: Numbers,
    launch_usd_per_kg: Numbers,
    insurance_frac: Numbers,
) -> Array:
    """K of the formula above, for one launch price or one per month."""
    build = np.asarray(build_usd_per_kg * (np.asarray(kg_per_kw, dtype=float) - it_kg_per_kw), dtype=float)
    return (build + np.asarray(launch_usd_per_kg, dtype=float) * kg_per_kw) * (
        1 + np.asarray(insurance_frac, dtype=float)
    )


def survival_frac(age_years: Numbers, loss_frac_per_year: float) -> Array:
    """(1 - l)^a: share of a vintage that is still alive, never repaired. Raises PhysicsError for l outside [0, 1)."""
    if not 0 <= loss_frac_per_year < 1:
        raise PhysicsError(f"loss {loss_frac_per_year} a year: must lie in [0, 1)")
    return (1 - loss_frac_per_year) ** np.asarray(age_years, dtype=float)


def service_charge(capital_usd_per_kw: Numbers, service_frac: Array, rate_frac_per_year: float) -> Array:
    """Capital charge of a vintage in each month from its launch, USD per kW: in proportion to its service.

    `service_frac` covers the whole life, the last axis counting months from launch (leading axes: vintages, with one
    capital each). Raises PhysicsError for a vintage that never serves: nothing could repay it.
    """
    worth = (service_frac * discount_frac(np.arange(service_frac.shape[-1]), rate_frac_per_year)).sum(axis=-1)
    if not np.all(worth > 0):
        raise PhysicsError("a vintage without any service cannot be charged in proportion to service")
    return np.asarray(capital_usd_per_kw / worth)[..., np.newaxis] * service_frac


def energy_mwh_per_kw_year(
    service_frac: Array, rate_frac_per_year: float, life_years: float, commissioning_months: int = 0
) -> Array:
    """E: 8.76 MWh times the discounted mean of the service over the months in service (last axis: months from launch)."""
    worth = (service_frac * discount_frac(np.arange(service_frac.shape[-1]), rate_frac_per_year)).sum(axis=-1)
    return np.asarray(
        HOURS_PER_YEAR
        / 12_000
        * worth
        * monthly_crf_frac_per_year(rate_frac_per_year, life_years, commissioning_months)
    )


def usd_per_mwh(
    capital_usd_per_kw: Numbers,
    crf_frac_per_year: float,
    upkeep_usd_per_kw_year: Numbers,
    energy_mwh_per_kw_year: Numbers,
) -> Array:
    """(K crf + maintenance + fixed) / E, USD per MWh of IT."""
    yearly = np.asarray(capital_usd_per_kw, dtype=float) * crf_frac_per_year + upkeep_usd_per_kw_year
    return np.asarray(yearly / np.asarray(energy_mwh_per_kw_year, dtype=float))


def break_even_launch_usd_per_kg(
    target_usd_per_mwh: Numbers,
    *,
    kg_per_kw: float,
    build_usd_per_kw: float,
    insurance_frac: float,
    crf_frac_per_year: float,
    upkeep_usd_per_kw_year: float,
    energy_mwh_per_kw_year: Numbers,
) -> Array:
    """Launch price at which a MWh of IT costs the target: {[X E - upkeep] / (crf (1 + insurance)) - build} / m, USD per kg.

    Negative: not even a free launch is enough.
    """
    room = np.asarray(target_usd_per_mwh * np.asarray(energy_mwh_per_kw_year, dtype=float)) - upkeep_usd_per_kw_year
    return np.asarray((room / (crf_frac_per_year * (1 + insurance_frac)) - build_usd_per_kw) / kg_per_kw)


def break_even_words(launch_usd_per_kg: float, target_usd_per_mwh: float) -> str:
    """The break-even launch price as a sentence for a reader who sees no formula."""
    if launch_usd_per_kg < 0:
        return (
            f"Not even a free launch is enough for {target_usd_per_mwh:,.0f} USD/MWh: "
            f"the launch would have to pay {-launch_usd_per_kg:,.0f} USD per kg."
        )
    return f"At a launch price of {launch_usd_per_kg:,.0f} USD per kg a MWh of IT in orbit costs {target_usd_per_mwh:,.0f} USD."
