"""Numbers at odds with the numbers beside them: a price per kWh among prices per MWh, more chips than the world has."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.data import PlanData
from planner.check.ranges import doubtful, together
from planner.check.upper_bounds import UpperBounds
from planner.codes import Remark
from planner.findings import Notice
from planner.plan.calendar import month_number
from planner.plan.day import day_shares
from planner.plan.plan import Plan
from planner.plan.profiles import mean_of, profiles_of
from planner.schema.hours import AVAILABILITY, PRICE

APART = 30
"""So many times more or less than the number beside it, a mean is in another unit."""
WORLD_KH100E, WORLD_MONTH, WORLD_GROWTH = 42_000, "2027-01", 1.8
"""Accelerators of the whole world at a month, and how they grow in a year after it (inputs/reference)."""
MORE_THAN_THE_WORLD = 3
ASKED_OVER_CHIPS = 5
KW_PER_H100E = (0.02, 20)
OLDEST_FLEET_MONTHS = 240


def check_proportions(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Each kind in one line."""
    yield from together(_profiles(plan))
    yield from together(_chips(plan))
    yield from together(_names(plan))
    yield from _world(plan, data, bounds)
    yield from _demand(plan, data, bounds)


def _profiles(plan: Plan) -> Iterator[Notice]:
    """Prices whose mean is of another size than the price that they move, and availability of almost nothing."""
    table, power = plan.tables["profiles"], plan.tables["power"]
    shares = day_shares(plan.settings.days)
    means = {name: (one.kind, mean_of(one.local, shares)) for name, one in profiles_of(table, shares).items()}
    first = {name: position for position, name in reversed(list(enumerate(table.column("profile_id"))))}
    moved: dict[str, list[int]] = {}
    for position, (name, usd) in enumerate(power.select("profile_id", "energy_usd_per_mwh")):
        kind, mean = means.get(name, ("", 0.0))
        if kind == PRICE and usd > 0 and mean and _price_factor(abs(mean) / usd) is not None:
            moved.setdefault(name, []).append(position)
    for name, positions in moved.items():
        mean, usd = means[name][1], power.column("energy_usd_per_mwh")[positions[0]]
        text = f" has a mean of {mean:,.4g} USD per MWh, and what it moves in power ({power.named(positions[0])}) is"
        text += f" energy_usd_per_mwh = {usd:,.6g}"
        factor, unit = _price_factor(abs(mean) / usd) or (1, "")
        if unit:
            text += f"; if the profile is in {unit}, multiply its values by {factor:g}"
        yield doubtful(Remark.W_PROPORTION, table, first[name], "value", text)
    for name, (kind, mean) in means.items():
        if kind == AVAILABILITY and 0 < mean < 0.01:
            text = f" has a mean of {100 * mean:.3g} %: a plant that hardly runs; values are fractions of 1"
            yield doubtful(Remark.W_PROPORTION, table, first[name], "value", text)


def _price_factor(ratio: float) -> tuple[float, str] | None:
    """What a profile must be multiplied by to be of the size of its tariff, and its unit; None where it is."""
    if 1 / APART <= ratio <= APART:
        return (10, "ct/kWh") if 0.7 <= 10 * ratio <= 1.4 else None
    factors = ((1000, "USD per kWh"), (0.001, "USD per GWh"))
    return next((one for one in factors if 1 / APART <= one[0] * ratio <= APART), (1, ""))


def _chips(plan: Plan) -> Iterator[Notice]:
    """Power and compute of a generation that belong to different things, and fleets older than accelerators are."""
    table, (low, high) = plan.tables["accelerators"], KW_PER_H100E
    for position, (kw, h100e) in enumerate(table.select("kw_per_unit", "h100e_per_unit")):
        if not low <= kw / h100e <= high:
            text = f" = {kw:g} for h100e_per_unit = {h100e:g}: {kw / h100e:,.4g} kW per H100-equivalent,"
            text += f" plausible is {low:g} to {high:g}"
            yield doubtful(Remark.W_PROPORTION, table, position, "kw_per_unit", text)
    fleet = plan.tables["fleet"]
    for position, month in enumerate(fleet.column("delivered_from")):
        age = month_number(plan.settings.start) - month_number(month)
        if age > OLDEST_FLEET_MONTHS:
            yield doubtful(
                Remark.W_PROPORTION, fleet, position, "delivered_from", f" = {month}: {age // 12} years before the plan starts"
            )


def _world(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """More chips than the world has: at the start, or with what is delivered by the end."""
    for t in (1, len(data.horizon)):
        chips = sum(path[t - 1] * data.h100e_per_unit[g] for g, path in bounds.alive_kunit.items())
        years = (month_number(data.months[t - 1]) - month_number(WORLD_MONTH)) / 12
        world = WORLD_KH100E * WORLD_GROWTH**years
        if chips > MORE_THAN_THE_WORLD * world:
            columns = [(name, plan.tables[name].select("generation_id", "kunit")) for name in ("fleet", "dark", "deliveries")]
            largest = max(
                (kunit * data.h100e_per_unit[g], name, at) for name, rows in columns for at, (g, kunit) in enumerate(rows)
            )
            _, name, at = largest
            text = f" = {plan.tables[name].column('kunit')[at]:,.0f}: the chips of this plan are {chips:,.0f} thousand"
            text += f" H100-equivalents in {data.months[t - 1]}, about {chips / world:,.0f} times those of the whole world;"
            yield doubtful(Remark.W_PROPORTION, plan.tables[name], at, "kunit", f"{text} kunit is in thousands of units")
            return


def _demand(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Demand many times above what all chips could serve, or than the world has."""
    asked = sum(kh100e for (_, _, t), kh100e in data.demand_kh100e.items() if t == 1)
    start, end = bounds.chips_kh100e(1), bounds.chips_kh100e(len(data.horizon))
    chips = start if start > 0.01 * end else end  # who begins without chips is measured by what is delivered
    table = plan.tables["demand"]
    if asked > ASKED_OVER_CHIPS * chips > 0:
        values = table.column("start_kh100e")
        at = int(np.argmax(values))
        text = f" = {values[at]:,.6g}: demand in {data.months[0]} is {asked:,.0f} thousand H100-equivalents,"
        text += f" {100 * asked / chips:,.0f} % of what all chips could serve; start_kh100e is in thousands"
        yield doubtful(Remark.W_PROPORTION, table, at, "start_kh100e", text)


def _names(plan: Plan) -> Iterator[Notice]:
    """Names of one kind that differ only in capital letters: to the plan they are two."""
    for columns in (
        (("regions", "bloc"), ("zones", "bloc"), ("designs", "bloc")),
        (("regions", "group"),),
        (("options", "fuel_id"), ("fuels", "fuel_id")),
        (("regions", "region_id"),),
        (("zones", "zone_id"),),
        (("options", "option_id"),),
        (("classes", "class_id"),),
        (("accelerators", "generation_id"),),
        (("profiles", "profile_id"),),
    ):
        seen: dict[str, str] = {}
        for name, column in columns:
            for position, word in enumerate(plan.tables[name].column(column)):
                if word and seen.setdefault(word.casefold(), word) != word:
                    text = f" = {word}: another row has {seen[word.casefold()]}, which is another name; expected one of the two"
                    yield doubtful(Remark.W_NAME_CASE, plan.tables[name], position, column, text)
