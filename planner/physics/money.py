"""Money of orbit, per kW of IT: capital, service, and the price of a megawatt-hour.

    capital           K = [build * (m - m_it) + launch * m] (1 + insurance)                USD per kW
    survival          (1 - l)^a at age a in years from launch, without repair
    service           s[m] = available[m] * health[m] * survival[m], zero before commissioning and after the life
    discount          x[m] = (1 + w)^(-m/12), m months from launch
    capital charge    charge[m] = K s[m] / sum over the life of s x                      USD per kW and month
    recovery factor   crf = 12 / sum over the months in service of x                     per year
    energy            E = 8.76 * sum of s x / sum over the months in service of x        MWh per kW-year
    price             (K crf + maintenance + fixed) / E                                  USD per MWh of IT

Life counts from commissioning: a vintage of month v serves from v + lag for 12 N months. Months are discounted from the
launch, at which K is paid, so the wait for commissioning costs interest. Maintenance and fixed operation are level
over the months in service and are charged, like K, in proportion to service: then each month costs the closed form.

The textbook crf(w, N) = w / (1 - (1 + w)^-N) assumes one payment at the end of each year. Divided by twelve and paid
monthly it repays more than K; the monthly factor above repays K with interest exactly.
"""

from __future__ import annotations

import numpy as np

from planner.physics.constants import HOURS_OF_365_DAYS, Array, Numbers, as_array
from planner.physics.errors import PhysicsError

MWH_PER_KW_MONTH = HOURS_OF_365_DAYS / 12_000
"""Energy of one kW over the mean month of 730 h."""


def crf_frac_per_year(rate_frac_per_year: float, life_years: float) -> float:
    """Textbook capital recovery w / (1 - (1 + w)^-N), payments at year ends; 1 / N at no interest.

    Raises PhysicsError for a life that is not positive or a negative rate.
    """
    if not (life_years > 0 and rate_frac_per_year >= 0):
        raise PhysicsError(
            f"capital recovery of {rate_frac_per_year} over {life_years} years: life > 0 and rate >= 0 are needed"
        )
    if rate_frac_per_year == 0:
        return 1 / life_years
    return float(rate_frac_per_year / -np.expm1(-life_years * np.log1p(rate_frac_per_year)))


def discount_frac(month: Numbers, rate_frac_per_year: float) -> Array:
    """(1 + w)^(-m/12): worth at launch of one dollar paid m months later."""
    return (1 + rate_frac_per_year) ** (-as_array(month) / 12)


def discounted_sum(by_month: Array, rate_frac_per_year: float) -> Array:
    """Worth at launch of a series by month from launch (last axis): the sum of series * (1 + w)^(-m/12)."""
    months = np.arange(by_month.shape[-1], dtype=float)
    return as_array((by_month * discount_frac(months, rate_frac_per_year)).sum(axis=-1))


def months_of_life(life_years: float) -> int:
    """Whole months in service, at least one."""
    return max(1, round(12 * life_years))


def monthly_crf_frac_per_year(rate_frac_per_year: float, life_years: float, commissioning_months: int = 0) -> float:
    """12 / sum of the discount factors of the months in service: twelve equal charges a year that repay one dollar exactly."""
    in_service = np.arange(months_of_life(life_years), dtype=float) + commissioning_months
    return float(12 / discount_frac(in_service, rate_frac_per_year).sum())


def capital_usd_per_kw(
    kg_per_kw: Numbers,
    it_kg_per_kw: Numbers,
    build_usd_per_kg: Numbers,
    launch_usd_per_kg: Numbers,
    insurance_frac: Numbers,
) -> Array:
    """K of the formula above, for one launch price or one per month."""
    build = as_array(build_usd_per_kg * (as_array(kg_per_kw) - it_kg_per_kw))
    return (build + as_array(launch_usd_per_kg) * kg_per_kw) * (1 + as_array(insurance_frac))


def survival_frac(age_years: Numbers, loss_frac_per_year: float) -> Array:
    """(1 - l)^a: share of a vintage that is still alive, never repaired. Raises PhysicsError for l outside [0, 1)."""
    if not 0 <= loss_frac_per_year < 1:
        raise PhysicsError(f"loss {loss_frac_per_year} a year: must lie in [0, 1)")
    return (1 - loss_frac_per_year) ** as_array(age_years)


def service_charge(capital_usd_per_kw: Numbers, service_frac: Array, rate_frac_per_year: float) -> Array:
    """Capital charge of a vintage in each month from its launch, USD per kW: in proportion to its service.

    `service_frac` covers the whole life, the last axis counting months from launch (leading axes: vintages, with one
    capital each). Raises PhysicsError for a vintage that never serves: nothing could repay it.
    """
    worth = discounted_sum(service_frac, rate_frac_per_year)
    if not np.all(worth > 0):
        raise PhysicsError("a vintage without any service cannot be charged in proportion to service")
    return as_array(capital_usd_per_kw / worth)[..., np.newaxis] * service_frac


def energy_mwh_per_kw_year(
    service_frac: Array, rate_frac_per_year: float, life_years: float, commissioning_months: int = 0
) -> Array:
    """E: 8.76 MWh times the discounted mean of the service over the months in service (last axis: months from launch)."""
    crf = monthly_crf_frac_per_year(rate_frac_per_year, life_years, commissioning_months)
    return MWH_PER_KW_MONTH * discounted_sum(service_frac, rate_frac_per_year) * crf


def usd_per_mwh(
    capital_usd_per_kw: Numbers,
    crf_frac_per_year: float,
    upkeep_usd_per_kw_year: Numbers,
    energy_mwh_per_kw_year: Numbers,
) -> Array:
    """(K crf + maintenance + fixed) / E, USD per MWh of IT."""
    yearly = as_array(capital_usd_per_kw) * crf_frac_per_year + upkeep_usd_per_kw_year
    return as_array(yearly / as_array(energy_mwh_per_kw_year))


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
    """Launch price at which a MWh of IT costs the target X, USD per kg; negative: not even a free launch is enough.

    {[X E - upkeep] / (crf (1 + insurance)) - build} / m, all per kW of IT.
    """
    room = as_array(target_usd_per_mwh * as_array(energy_mwh_per_kw_year)) - upkeep_usd_per_kw_year
    return as_array((room / (crf_frac_per_year * (1 + insurance_frac)) - build_usd_per_kw) / kg_per_kw)
