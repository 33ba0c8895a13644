"""The toy plan with hours: a price that follows the day, a grid that is curtailed on scarce days, sun, and work by daylight."""

from __future__ import annotations

from math import cos, pi
from pathlib import Path
from typing import Any

from tests.read.toy import Change, Row, Rows, edit, write_plan

DAYS = {"weekend": 8.7, "scarce": 1}
OHIO_GRID = {"region_id": "ohio", "option_id": "grid"}
BAVARIA_GRID = {"region_id": "bavaria", "option_id": "grid"}
ENGINE = {"option_id": "gas_engine"}


def profile(name: str, kind: str, values: dict[int | str, float], day: str = "*", month: int | str = "") -> Rows:
    """Rows of one profile by hour; the hour '' is every hour."""
    return [
        {
            "profile_id": name,
            "day_type": day,
            "calendar_month": month,
            "from_h": hour,
            "kind": kind,
            "value": value,
            "source": "toy",
            "quality": "estimate",
        }
        for hour, value in values.items()
    ]


def profiles() -> Rows:
    """A price by month and hour with weekends of its own, a curtailment on scarce evenings, a demand by day."""
    swing: Rows = []
    for month in range(1, 13):
        swing += profile(
            "market", "price_usd_per_mwh", {h: 60 + month - 30 * cos(2 * pi * (h - 4) / 24) for h in range(24)}, month=month
        )
    return [
        *swing,
        *profile("market", "price_usd_per_mwh", {"": 30.0}, day="weekend"),
        *profile("night", "price_shape", {h: 0.7 if h < 7 else 1.3 for h in range(24)}),
        *profile("curtailed", "availability_frac", {"": 1.0}),
        *profile("curtailed", "availability_frac", dict.fromkeys(range(17, 21), 0.6), day="scarce"),
        *profile("daylight", "demand_shape", {h: 1 - 0.4 * cos(2 * pi * (h - 3) / 24) for h in range(24)}),
        *profile("daylight", "demand_shape", {"": 0.8}, day="weekend"),
    ]


def battery_of(rows: Rows) -> Row:
    """The engine of the toy as a battery of four hours."""
    engine = next(row for row in rows if row["option_id"] == "gas_engine")
    stores = {"storage_h": 4, "round_trip_frac": 0.85, "firm_frac": 0.5}
    return {**engine, "option_id": "battery", "heat_rate_mmbtu_per_mwh": 0, "fuel_id": "", "carbon_kg_per_mwh": 0, **stores}


def hourly_plan(
    folder: Path, slices: Any = 4, days: dict[str, float] | None = None, plan: Row | None = None, **changes: Change
) -> Path:
    """The toy with profiles; the engine of Ohio is solar."""

    def power(rows: Rows) -> Rows:
        for where, cells in (
            (OHIO_GRID, {"profile_id": "market", "availability_profile_id": "curtailed"}),
            (BAVARIA_GRID, {"profile_id": "night", "availability_profile_id": "", "minimum_take_frac": 0.9}),
            (ENGINE, {"profile_id": "", "availability_profile_id": "sun", "availability_frac": 0.2}),
        ):
            rows = edit(where, **cells)(rows)
        battery = {"option_id": "battery", "availability_profile_id": "", "availability_frac": 1, "start_mw": 5}
        return [*rows, {**next(row for row in rows if row["option_id"] == "gas_engine"), **battery}]

    stated = {"slices": slices, "days": DAYS if days is None else days, "longest_outage_h": 6, **(plan or {})}
    given: dict[str, Change] = {
        "power": power,
        "options": lambda rows: [*rows, battery_of(rows)],
        "classes": lambda rows: edit({"class_id": "chat"}, profile_id="daylight", flexible_window_h=3)(
            edit({}, flexible_frac=0.3)(rows)
        ),
        "zones": lambda rows: [{**row, "utc_offset_h": offset} for row, offset in zip(rows, ("", 5.5), strict=True)],
        "profiles": profiles(),
    }
    return write_plan(folder, plan=stated, **{**given, **changes})
