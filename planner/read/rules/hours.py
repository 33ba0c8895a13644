"""Rules of hours: day types leave room for typical days, and a profile states every hour once, of one kind."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.codes import Code, Remark
from planner.findings import Notice
from planner.formats import some
from planner.plan.day import MEAN_MONTH_DAYS, TYPICAL, day_shares
from planner.plan.profiles import SUN, profiles_of, sun_curve
from planner.plan.series import held
from planner.plan.table import Table
from planner.read.rules.rule_context import RuleContext
from planner.schema.hours import AVAILABILITY, DEMAND_SHAPE, PRICE, PRICE_SHAPE


def days_leave_typical_ones(context: RuleContext) -> None:
    """Further day types leave room for typical days."""
    days = context.settings.days
    if TYPICAL in days:
        context.findings.add(
            Code.E_DAYS,
            context.setting_place("days", TYPICAL),
            f"days.{TYPICAL}: expected only further day types, the rest is typical",
            TYPICAL,
        )
    elif sum(days.values()) >= MEAN_MONTH_DAYS:
        total = f"{sum(days.values()):g}"
        expected = f"fewer than the {MEAN_MONTH_DAYS:.2f} days of a mean month together, the rest is typical"
        context.findings.refuse(Code.E_DAYS, context.setting_place("days"), "days", total, expected)


def profiles_are_whole(context: RuleContext) -> None:
    """A profile has one kind, values within its range, and every hour exactly once."""
    table = context.tables["profiles"]
    before = len(context.findings.items)
    kinds: dict[str, str] = {}
    seen: dict[tuple[object, ...], int] = {}
    for position, row in enumerate(table.select("profile_id", "day_type", "calendar_month", "from_h", "kind", "value")):
        name, _, month, _, kind, value = row
        if name == SUN:
            context.refuse(Code.E_NAME_TAKEN, table, position, "profile_id", name, "another name: sun is reserved for sunlight")
        if kinds.setdefault(name, kind) != kind:
            context.refuse(Code.E_PROFILE, table, position, "kind", kind, f"{kinds[name]}, as in the first row of {name}")
        if kind != PRICE and (value < 0 or (kind == AVAILABILITY and value > 1)):
            expected = "a number >= 0" + (" and <= 1" if kind == AVAILABILITY else "")
            context.refuse(Code.E_PROFILE, table, position, "value", value, expected)
        if kind == DEMAND_SHAPE and month is not None:
            expected = "empty: demand_shape varies within the day only"
            context.refuse(Code.E_PROFILE, table, position, "calendar_month", month, expected)
        if (first := seen.setdefault(row[:4], position)) != position:
            text = f"{name}: the same hours as in line {table.rows[first].line}: expected them once"
            context.findings.add(Code.E_PROFILE, table.place(position, "profile_id"), text, name, "hours once")
    if len(context.findings.items) == before:
        _cover_every_hour(context, table)


def _cover_every_hour(context: RuleContext, table: Table) -> None:
    shares = day_shares({day: count for day, count in context.settings.days.items() if day != TYPICAL})  # refused elsewhere
    first = {name: position for position, name in reversed(list(enumerate(table.column("profile_id"))))}
    for name, profile in profiles_of(table, shares).items():
        gaps = np.argwhere(np.isnan(profile.local))
        at = table.place(first[name], "profile_id")
        if len(gaps):
            day, month, hour = (int(part) for part in gaps[0])
            text = f"{name} has no value for day type {shares[day][0]}, month {month + 1}, hour {hour}"
            text += f" ({len(gaps)} hours in all): expected every hour of every month and day type"
            if len(np.unique(gaps[:, 1])) < profile.local.shape[1]:
                text += " (without calendar_month, the value of an hour holds in all months)"
            context.findings.add(Code.E_PROFILE, at, text, name, "every hour")
        elif profile.kind in (PRICE_SHAPE, DEMAND_SHAPE) and not profile.local.max() > 0:
            context.findings.add(
                Code.E_PROFILE, at, f"{name} is zero in every hour: expected a shape with a mean above zero", name, "a shape"
            )
    known = {day for day, _ in shares} | {"*"}
    strange = [position for position, day in enumerate(table.column("day_type")) if day not in known]
    if strange:
        names = some(dict.fromkeys(table.column("day_type")[position] for position in strange))
        text = f"profiles: {len(strange)} rows have day types that the plan does not have ({names}) and are ignored"
        context.notices.append(Notice(Remark.W_ROWS_IGNORED, text, table.place(strange[0], "day_type")))


def profiles_exist(context: RuleContext) -> None:
    """A column that names a profile names one of the right kind."""
    kinds = context.tables["profiles"].mapping("profile_id", "kind")
    for table, column, allowed, more in (
        ("power", "profile_id", (PRICE, PRICE_SHAPE), ()),
        ("power", "availability_profile_id", (AVAILABILITY,), (SUN,)),
        ("classes", "profile_id", (DEMAND_SHAPE,), ()),
    ):
        valid = {name for name, kind in kinds.items() if kind in allowed} | set(more)
        for position, name in _named(context.tables[table], column):
            if name not in valid:
                expected = f"a profile of kind {' or '.join(allowed)}" + "".join(f", or {word}" for word in more)
                context.refuse(
                    Code.E_NAME_UNKNOWN,
                    context.tables[table],
                    position,
                    column,
                    name,
                    expected,
                    context.findings.nearest(name, valid),
                )


def light_is_enough(context: RuleContext) -> None:
    """A plant cannot run on sunlight for more of the year than the sun is up."""
    power = context.tables["power"]
    regions = context.tables["regions"]
    paths = held(power, "availability_frac", context.calendar)
    for position, name in _named(power, "availability_profile_id"):
        r = power.column("region_id")[position]
        if name != SUN or (r,) not in regions.index:
            continue
        for column, frac in {one.column: one.value for one in paths[position]}.items():
            try:
                sun_curve(context.tables, r, frac)
            except ValueError as too_much:
                expected = f"a share of the year that its daylight allows: {too_much}"
                context.refuse(Code.E_PROFILE, power, position, column, frac, expected)


def _named(table: Table, column: str) -> Iterator[tuple[int, str]]:
    return ((position, name) for position, name in enumerate(table.column(column)) if name)
