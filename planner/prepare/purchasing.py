"""How things are bought: sizes, lead times, and what a megawatt beyond the pace costs. The model itself knows none of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.plan.table import Table
from planner.schema.table_schema import HALLS

Tables = dict[str, Table]
SPEED_UP = (
    ("power", "speed_up_usd_per_mw"),
    ("regions", "shell_speed_up_usd_per_mw"),
    ("supply", "speed_up_usd_per_mw"),
)
"""Where inputs may state what a megawatt beyond the pace costs."""


@dataclass(frozen=True)
class Purchasing:
    """By place and option, or `halls`: the size of a unit, where it is not any amount, and the months from order to service.

    ``speed_up_usd_per_mw``: by table and column, and by the key of its row; only what is stated."""

    speed_up_usd_per_mw: Mapping[str, Mapping[tuple[str, ...], float]]
    unit_mw: Mapping[tuple[str, str], float] = field(default_factory=dict)
    lead_months: Mapping[tuple[str, str], int] = field(default_factory=dict)


def purchasing_of(tables: Tables) -> Purchasing:
    """The terms of purchase that the tables state."""
    stated = {
        f"{table}.{column}": {
            key: usd for key, usd in zip(tables[table].keys, tables[table].column(column), strict=True) if usd is not None
        }
        for table, column in SPEED_UP
    }
    lead = {(r, p): months for r, p, months in tables["power"].select("region_id", "option_id", "lead_months")}
    lead |= {(r, HALLS): months for r, months in tables["regions"].select("region_id", "shell_lead_months")}
    return Purchasing(stated, _units_of(tables), lead)


def _units_of(tables: Tables) -> dict[tuple[str, str], float]:
    unit = tables["options"].mapping("option_id", "unit_mw")
    power = {(r, p): mw for r, p in tables["power"].select("region_id", "option_id") if (mw := unit[p]) is not None}
    halls = tables["regions"].select("region_id", "shell_unit_mw")
    return power | {(r, HALLS): mw for r, mw in halls if mw is not None}
