"""What a MWh of IT in orbit is compared with: what it costs on Earth, and what it earns.

    electricity            energy price * PUE / availability of the region where that is least
    electricity_mean       the same in the mean of the regions that buy electricity, each counted once
    electricity_dearest    the same where it is most
    electricity_and_hall   (energy price * PUE + yearly charge of a new hall / 8.76) / availability, where that is least
    dark_chip              value of compute * H100e per kW of the newest chip: what a chip that would stay dark could earn

A MWh is one in which chips compute: they draw power also in the part of the time in which they do not, on Earth and in orbit.
Prices are those of the first month of the plan. Left out: traffic, carbon, and the chips themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

from planner.physics.constants import HOURS_OF_365_DAYS
from planner.plan.calendar import calendar_of
from planner.plan.plan import Plan
from planner.plan.series import keyed
from planner.prepare.demand import demand_paths
from planner.prepare.power import capital_charge_frac_per_month

NO_ELECTRICITY = "No region of this plan buys electricity"
NOTHING_TO_COMPARE = {
    **dict.fromkeys(("electricity", "electricity_mean", "electricity_dearest", "electricity_and_hall"), NO_ELECTRICITY),
    "dark_chip": "No chip that may be launched with this design is delivered, or no class of work may be served from orbit",
}
AGAINST = tuple(NOTHING_TO_COMPARE)


@dataclass(frozen=True)
class Target:
    """What a MWh of IT in which chips compute costs or earns on Earth: `place_id` is the region, or the chip."""

    against: str
    place_id: str
    usd_per_mwh: float
    basis: str


def targets(plan: Plan, country_iso2: str) -> dict[str, Target | None]:
    """All of them for a design that this country launches, as `AGAINST` has them; None: nothing to compare with."""
    found = (electricity(plan), electricity_mean(plan), electricity_dearest(plan), electricity_and_hall(plan))
    return dict(zip(AGAINST, (*found, dark_chip(plan, country_iso2)), strict=True))


def electricity(plan: Plan) -> Target | None:
    """Bought electricity with PUE where it is cheapest in the first month of the plan; None where none is bought."""
    return _of_region(plan, "electricity", "electricity with PUE in {region}", min, _electricity_usd_per_mwh(plan))


def electricity_mean(plan: Plan) -> Target | None:
    """The same in the mean of the regions that buy electricity."""
    prices = _electricity_usd_per_mwh(plan).values()
    basis = "electricity with PUE in the mean of the regions"
    return Target("electricity_mean", "", sum(prices) / len(prices), basis) if prices else None


def electricity_dearest(plan: Plan) -> Target | None:
    """The same where it is dearest."""
    words = "electricity with PUE in {region}, the dearest"
    return _of_region(plan, "electricity_dearest", words, max, _electricity_usd_per_mwh(plan))


def electricity_and_hall(plan: Plan) -> Target | None:
    """The same plus a new hall, where the sum is least; the hall is charged under either cost scope of the plan."""
    columns = ("shell_usd_per_kw", "shell_life_years", "wacc_frac_per_year")
    total = _electricity_usd_per_mwh(plan)
    computes = keyed(plan.tables["regions"], "availability_frac", calendar_of(plan.settings))
    for region, usd, life, wacc in plan.tables["regions"].select("region_id", *columns):
        if region in total:
            yearly_usd_per_kw = 12 * usd * capital_charge_frac_per_month(wacc, life)
            total[region] += 1000 * yearly_usd_per_kw / (HOURS_OF_365_DAYS * computes[region, 1])
    return _of_region(plan, "electricity_and_hall", "electricity with PUE and a new hall in {region}", min, total)


def _of_region(
    plan: Plan, against: str, words: str, choose: Callable[..., str], usd_per_mwh: Mapping[str, float]
) -> Target | None:
    """The price of the region that is chosen by it; None where there is no region."""
    if not usd_per_mwh:
        return None
    region = choose(usd_per_mwh, key=usd_per_mwh.__getitem__)
    return Target(against, region, usd_per_mwh[region], words.format(region=named(plan, "regions", region)))


def dark_chip(plan: Plan, country_iso2: str) -> Target | None:
    """What the newest chip that this country may launch earns: mean value of the work that may be served from orbit.

    Newest: of those delivered in the plan the last to be delivered for the first time, then the one of most compute per kW. The
    mean weighs classes by demand in the first month. None where no such chip is delivered, or no class may be served.
    """
    first: dict[str, str] = {}
    months = calendar_of(plan.settings).number
    for generation, month, kunit in plan.tables["deliveries"].select("generation_id", "month", "kunit"):
        if kunit > 0 and month in months:
            first[generation] = min(month, first.get(generation, month))
    columns = ("generation_id", "h100e_per_unit", "kw_per_unit", "only_countries", "not_countries")
    chips = [
        (first[generation], h100e / kw, generation)
        for generation, h100e, kw, only, never in plan.tables["accelerators"].select(*columns)
        if generation in first and country_iso2 not in never and (not only or country_iso2 in only)
    ]
    usd_per_h100e_h = value_in_orbit(plan)
    if not chips or usd_per_h100e_h is None:
        return None
    _, h100e_per_kw, generation = max(chips)
    chip = named(plan, "accelerators", generation)
    basis = f"{chip} left dark, at {usd_per_h100e_h:.2f} USD per H100e-hour and {h100e_per_kw:.2f} H100e per kW"
    return Target("dark_chip", generation, 1000 * usd_per_h100e_h * h100e_per_kw, basis)


def value_in_orbit(plan: Plan) -> float | None:
    """Mean value of the work that may be served from orbit, USD per H100e-hour, by demand in the first month."""
    usd = keyed(plan.tables["classes"], "value_usd_per_h100e_h", calendar_of(plan.settings))
    classes = plan.tables["classes"].select("class_id", "orbit")
    value = {class_id: usd[class_id, 1] for class_id, orbit in classes if orbit == "yes"}
    asked = dict.fromkeys(value, 0.0)
    demand = plan.tables["demand"]
    for (_, class_id), path in zip(
        demand.keys, demand_paths(plan.settings, plan.tables, calendar_of(plan.settings)), strict=True
    ):
        if class_id in asked:
            asked[class_id] += path[0]
    total = sum(asked.values())
    return sum(value[class_id] * asked[class_id] for class_id in value) / total if total else None


def _electricity_usd_per_mwh(plan: Plan) -> dict[str, float]:
    """Region -> price of its cheapest bought electricity times PUE, for a MWh in which chips compute."""
    calendar, regions = calendar_of(plan.settings), plan.tables["regions"]
    pue, computes = (keyed(regions, name, calendar) for name in ("pue", "availability_frac"))
    drawn = {region: pue[region, 1] / computes[region, 1] for region in regions.column("region_id")}
    bought: dict[str, float] = {}
    paths = keyed(plan.tables["power"], "energy_usd_per_mwh", calendar, "energy_growth_frac_per_year")
    for (region, _, t), usd in paths.items():
        if t == 1 and usd > 0:  # zero: a plant, whose energy is not bought
            bought[region] = min(usd * drawn[region], bought.get(region, inf))
    return {region: bought[region] for region in drawn if region in bought}


def named(plan: Plan, table: str, key: str) -> str:
    return str(plan.tables[table].value("name", key) or key)
