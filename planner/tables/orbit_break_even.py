"""Every break-even of orbit in one table: what must change, its value in the plan, and the value at which orbit pays."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.plan.plan import Plan
from planner.prepare.orbit import Launch
from planner.prepare.orbit_targets import named, targets, value_in_orbit
from planner.prepare.plan_data import Prepared
from planner.schema.break_even import BREAK_EVENS, LAUNCH_PRICE
from planner.tables.frames import table


def closest_launches(entry: pd.DataFrame) -> pd.DataFrame:
    """Of each design the launch that comes closest to paying, the closest first; those that never serve are left out.

    Relative, not in dollars: a launch near the end costs and earns little of either."""
    return _serving(entry).sort_values("flip_value_factor", kind="stable").drop_duplicates("design_id")


def first_at_lower_prices(entry: pd.DataFrame) -> pd.DataFrame:
    """Of each design the launch that pays first where the launch prices of all months fall by one factor."""
    serving = _serving(entry)
    factor = serving["break_even_launch_usd_per_kg"] / serving["launch_usd_per_kg"].where(serving["launch_usd_per_kg"] > 0)
    return serving.assign(factor=factor).sort_values("factor", ascending=False, kind="stable").drop_duplicates("design_id")


def _serving(entry: pd.DataFrame) -> pd.DataFrame:
    return entry[entry["flip_value_factor"].notna() & entry["cost_usd_per_h100e_h"].notna()]


def break_even_table(plan: Plan, prepared: Prepared, entry: pd.DataFrame) -> pd.DataFrame:
    """One row a design and lever; `of_planned_frac` is empty where even zero is too dear."""
    mean = prepared.data.mean_value_usd_per_h100e_h
    in_orbit = value_in_orbit(plan)
    closest, first = (
        {str(row["design_id"]): row for row in found.to_dict("records")}
        for found in (closest_launches(entry), first_at_lower_prices(entry))
    )
    rows: list[tuple[object, ...]] = []
    for design_id, launch in prepared.launches.items():
        if design_id in closest:
            rows.append(_launch_price(plan, first[design_id]))
            rows += _within_plan(plan, closest[design_id], mean, in_orbit)
        rows += _whole_life(plan, design_id, launch, prepared.data.horizon)
    return table("orbit_break_even", rows)


def _launch_price(plan: Plan, launch: dict[Any, Any]) -> tuple[object, ...]:
    planned, even = launch["launch_usd_per_kg"], launch["break_even_launch_usd_per_kg"]
    return _row("launch_price_within_plan", str(launch["design_id"]), str(launch["month"]), planned, even, _worth(plan, launch))


def _worth(plan: Plan, launch: dict[Any, Any]) -> str:
    chip = named(plan, "accelerators", str(launch["generation_id"]))
    return f"what {chip} earns in orbit, less what it is worth elsewhere in the plan"


def _within_plan(plan: Plan, launch: dict[Any, Any], mean: float, in_orbit: float | None) -> list[tuple[object, ...]]:
    design, month = str(launch["design_id"]), str(launch["month"])
    factor = float(launch["flip_value_factor"])
    found = {
        "cost_within_plan": (launch["cost_usd_per_kw"], launch["worth_usd_per_kw"], _worth(plan, launch)),
        "value_of_compute": (mean, factor * mean, "mean value of all classes"),
        "value_for_dark_chip": (in_orbit, launch["cost_usd_per_h100e_h"], "mean value of the work that orbit may serve"),
    }
    return [_row(lever, design, month, planned, even, words) for lever, (planned, even, words) in found.items()]


def _whole_life(plan: Plan, design_id: str, launch: Launch, horizon: tuple[str, ...]) -> list[tuple[object, ...]]:
    designs = plan.tables["designs"]
    computes = designs.mapping("design_id", "availability_frac")[design_id]
    country = designs.mapping("design_id", "country_iso2")[design_id]
    rows: list[tuple[object, ...]] = []
    for against, target in targets(plan, country).items():
        if target is not None:
            even = launch.life.break_even_launch_usd_per_kg(target.usd_per_mwh * computes)
            words = f"{target.basis}: {target.usd_per_mwh:,.0f} USD per MWh of IT"
            rows.append(_row(LAUNCH_PRICE + against, design_id, horizon[-1], launch.usd_per_kg[len(horizon) - 1], even, words))
    return rows


def _row(lever: str, design_id: str, month: str, planned: Any, even: Any, against: str) -> tuple[object, ...]:
    known = BREAK_EVENS[lever]
    below = planned is None or even is None or pd.isna(even) or even < 0 or not planned > 0
    factor = None if below else even / planned
    told = (planned, even, known.unit, factor, known.counted_over, against, known.definition)
    return (design_id, lever, known.changes, month, *told)
