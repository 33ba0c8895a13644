"""Checks of hours: what is flat in a plan with slices, though it varies in the world; storage; flexible work."""

from __future__ import annotations

from collections.abc import Iterator

from models.data import PlanData
from planner.check.upper_bounds import UpperBounds
from planner.codes import Remark
from planner.findings import Notice
from planner.formats import some
from planner.plan.plan import Plan
from planner.plan.table import Table


def check_hours(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Storage without use, windows of inflexible work, prices below zero, and what is flat by hour."""
    yield from _storage(plan, data)
    classes = plan.tables["classes"]
    for position, (w, frac, window_h) in enumerate(classes.select("class_id", "flexible_frac", "flexible_window_h")):
        if window_h is not None and frac == 0:
            text = f"{w} has a window of {window_h:g} h, but none of its demand is flexible: flexible_frac is 0"
            yield Notice(Remark.W_WINDOW_UNUSED, text, classes.place(position, "flexible_window_h"))
    power = plan.tables["power"]
    yield from _below_zero(power, data)
    if len(data.slices) == 1:
        return
    burns = plan.tables["options"].mapping("option_id", "heat_rate_mmbtu_per_mwh")
    flat: dict[str, list[int]] = {}
    regions = power.column("region_id")
    for position, (p, usd, name) in enumerate(power.select("option_id", "energy_usd_per_mwh", "profile_id")):
        if usd > 0 and not name:
            flat.setdefault(p, []).append(position)
    if flat:
        options = " and ".join(flat)
        where = some(dict.fromkeys(regions[position] for positions in flat.values() for position in positions))
        text = f"no profile_id in power: the energy price of {options} is the same in every hour in {where}"
        yield Notice(Remark.W_HOURS_FLAT, text, power.place(min(min(positions) for positions in flat.values()), "profile_id"))
    steady: dict[str, list[int]] = {}
    columns = ("option_id", "energy_usd_per_mwh", "availability_frac", "availability_profile_id")
    for position, (p, usd, frac, name) in enumerate(power.select(*columns)):
        if usd == 0 and burns[p] == 0 and frac < 1 and not name and p not in data.storage_h:
            steady.setdefault(p, []).append(position)
    for p, positions in steady.items():
        where = some(regions[position] for position in positions)
        text = f"{p} is equally available in every hour: no availability_profile_id in power for {where}"
        yield Notice(Remark.W_HOURS_FLAT, text, power.place(positions[0], "availability_profile_id"))


def _below_zero(power: Table, data: PlanData) -> Iterator[Notice]:
    """Prices that a profile moves below zero: they count as zero, and no other hour makes up for it."""
    free: dict[tuple[str, str], int] = {}
    for (r, p, _, _), usd in data.energy_usd_per_mwh.items():
        free[r, p] = free.get((r, p), 0) + (usd == 0)
    columns = ("region_id", "option_id", "energy_usd_per_mwh", "profile_id")
    found = [
        (position, r)
        for position, (r, p, usd, name) in enumerate(power.select(*columns))
        if usd > 0 and name and free.get((r, p))
    ]
    if found:
        where = some(dict.fromkeys(r for _, r in found))
        text = f"a profile moves the energy price below zero in {where}: such prices count as zero, so the mean is above"
        yield Notice(Remark.W_PRICE_BELOW_ZERO, f"{text} energy_usd_per_mwh", power.place(found[0][0], "profile_id"))


def _storage(plan: Plan, data: PlanData) -> Iterator[Notice]:
    """Storage with nothing to shift, or that counts as firm through any outage."""
    options = plan.tables["options"]
    offered = {p for _, p in data.options}
    for position, (p, storage_h, frac) in enumerate(options.select("option_id", "storage_h", "firm_frac")):
        if not storage_h or p not in offered:
            continue
        if len(data.slices) == len(set(data.day_of.values())):
            text = f"{p} shifts energy within the day, but the days of this plan have one segment"
            yield Notice(Remark.W_STORAGE_IDLE, text + ": see slices", options.place(position, "storage_h"))
        if frac > 0 and not plan.settings.longest_outage_h:
            text = f"{p} stores {storage_h:g} h, but {100 * frac:g} % of its power counts as firm however long an outage lasts"
            yield Notice(Remark.W_STORAGE_FIRM, text + ": see longest_outage_h", options.place(position, "firm_frac"))
