"""What things cost on the day they are bought, for the table of cash: the model itself knows monthly charges alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.plan.table import Table

Tables = dict[str, Table]


@dataclass(frozen=True)
class Prices:
    """Overnight capital of plants, grid connections and halls, and the list price of chips."""

    power_usd_per_kw: Mapping[tuple[str, str], float]  # [r,p]
    hall_usd_per_kw: Mapping[str, float]  # [r] per kW of IT
    chip_usd_per_unit: Mapping[str, float]  # [g]


def prices_of(tables: Tables) -> Prices:
    """Prices as the tables state them; a region's own price of a plant comes before the option's."""
    return Prices(
        power_capital_of(tables),
        tables["regions"].mapping("region_id", "shell_usd_per_kw"),
        tables["accelerators"].mapping("generation_id", "price_usd_per_unit"),
    )


def power_capital_of(tables: Tables) -> dict[tuple[str, str], float]:
    """[r,p] USD per kW of a plant or grid connection."""
    option = tables["options"].mapping("option_id", "capex_usd_per_kw")
    rows = tables["power"].select("region_id", "option_id", "capex_usd_per_kw")
    return {(r, p): option[p] if own is None else own for r, p, own in rows}
