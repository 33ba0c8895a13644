"""Checks of hours: what stays flat in a plan with slices, though it moves in the world."""

from __future__ import annotations

from collections.abc import Iterator

from models.data import PlanData
from planner.read.places import Notice
from planner.read.plan import Plan
from planner.read.reach import Reach
from planner.read.scope import some


def check_hours(plan: Plan, data: PlanData, reach: Reach) -> Iterator[Notice]:
    """Prices without a profile, and plants without fuel that give the same share day and night."""
    if len(data.slices) == 1:
        return
    power = plan.tables["power"]
    burns = plan.tables["options"].mapping("option_id", "heat_rate_mmbtu_per_mwh")
    rows = list(power.select("region_id", "option_id", "energy_usd_per_mwh", "profile_id"))
    bought = [position for position, (_, _, usd, name) in enumerate(rows) if usd > 0 and not name]
    if bought:
        where = some(dict.fromkeys(rows[position][0] for position in bought))
        text = f"no profile_id in power: the price of energy is the same in every hour in {where}"
        yield Notice("warning", text, power.place(bought[0], "profile_id"))
    steady: dict[str, list[int]] = {}
    columns = ("option_id", "energy_usd_per_mwh", "availability_frac", "availability_profile_id")
    for position, (p, usd, frac, name) in enumerate(power.select(*columns)):
        if usd == 0 and burns[p] == 0 and frac < 1 and not name:
            steady.setdefault(p, []).append(position)
    for p, positions in steady.items():
        where = some(rows[position][0] for position in positions)
        text = f"{p} gives the same share in every hour: no availability_profile_id in power for {where}"
        yield Notice("fact", text, power.place(positions[0], "availability_profile_id"))
