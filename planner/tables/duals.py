"""The duals of all rows, tidy: what the judge needs to prove that no plan costs less."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from models.data import PlanData
from planner.schema.results import RESULT_TABLES
from planner.solve.solution import Solution
from planner.tables.frames import table

PLACED_CHIPS, PLACED_POWER = ("place_id", "generation_id", "month"), ("place_id", "option_id", "month")
INDEX: Mapping[str, tuple[str, ...]] = {
    "conserve_chips": ("generation_id", "month"),
    "conserve_fleet": PLACED_CHIPS,
    "conserve_displaced": ("generation_id", "month"),
    "limit_retirement": PLACED_CHIPS,
    "house_chips": ("place_id", "month"),
    "run_installed": (*PLACED_CHIPS, "slice"),
    "run_in_orbit": (*PLACED_CHIPS, "slice"),
    "limit_launch_mass": ("month",),
    "limit_satellite_factory": ("month",),
    "serve_demand": ("pool_id", "class_id", "month"),
    "count_unserved_core": ("pool_id", "class_id", "month"),
    "place_compute": ("place_id", "month", "slice"),
    "place_compute_in_orbit": ("place_id", "month", "slice"),
    "keep_flexible_work": ("class_id", "place_id", "month", "item_id"),
    "conserve_waiting": ("class_id", "place_id", "month", "slice"),
    "limit_waiting": ("class_id", "place_id", "month", "slice"),
    "balance_power": ("place_id", "month", "slice"),
    "respect_capacity": (*PLACED_POWER, "slice"),
    "take_minimum": PLACED_POWER,
    "conserve_stored": (*PLACED_POWER, "slice"),
    "limit_charge": (*PLACED_POWER, "slice"),
    "limit_stored": (*PLACED_POWER, "slice"),
    "conserve_capacity": PLACED_POWER,
    "limit_power_growth": PLACED_POWER,
    "keep_commitment": PLACED_POWER,
    "limit_technology_supply": ("option_id", "month"),
    "fit_shell": ("place_id", "month"),
    "conserve_shell": ("place_id", "month"),
    "limit_shell_growth": ("place_id", "month"),
    "limit_national_growth": ("item_id", "month"),
    "limit_network": ("place_id", "month"),
    "limit_route": ("item_id", "month"),
    "limit_downlink": ("place_id", "month"),
    "limit_carbon": ("item_id",),
    "require_share": ("item_id", "month"),
    "limit_share": ("item_id", "month"),
}
"""What the parts of a row's index are, by constraint."""


def duals_table(solution: Solution) -> pd.DataFrame:
    """One row a dual that is not zero, in the order of the model: million US dollars, discounted, per unit of the row.

    Positive where a looser limit would save money; of a balance, what one more unit on its right side would cost. A limit on a
    year has its last month. Mode `energy` has no duals in money, and an empty table."""
    blocks = [_block(name, duals, solution.data) for name, duals in solution.proving.items()]
    blocks = [block for block in blocks if len(block)]
    return table("duals", pd.concat(blocks) if blocks else [])


def _block(name: str, duals: Mapping[Any, float], data: PlanData) -> pd.DataFrame:
    parts = INDEX[name]
    keys = [index if isinstance(index, tuple) else (index,) for index, dual in duals.items() if dual]
    frame = pd.DataFrame(keys, columns=list(parts)) if keys else pd.DataFrame(columns=list(parts))
    month = _months_of(name, data)
    if name == "limit_carbon":
        frame["month"] = [month[item] for item in frame["item_id"]]
    elif "month" in frame:
        frame["month"] = [month[t] for t in frame["month"]]
    frame["constraint"] = name
    frame["dual_musd"] = [dual for dual in duals.values() if dual]
    schema = RESULT_TABLES["duals"]
    return frame.reindex(columns=schema.names).astype(
        {key: object for key in schema.keys if key.endswith("_id") or key == "slice"}
    )


def _months_of(name: str, data: PlanData) -> dict[Any, str]:
    """The month that each part of an index stands for: itself, or the last one of a year."""
    if name == "limit_national_growth":
        return {year: data.months[t - 1] for t, year in sorted(data.plan_year.items())}
    if name == "limit_carbon":
        return {period: data.months[max(months) - 1] for period, months in data.carbon_periods.items()}
    return dict(enumerate(data.months, start=1))
