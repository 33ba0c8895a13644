"""Headlines of growth: how often the grid grows at its limit, and what firm power is worth beside the price of electricity."""

from __future__ import annotations

import pandas as pd

from models.data import PlanData
from models.fleet import house_chips
from models.halls import limit_shell_growth
from models.owners import respect_right
from planner.formats import number, percent
from planner.result import SummaryLine, headline

Tables = dict[str, pd.DataFrame]
AT_LIMIT = 1 - 1e-6
"""Share of the growth limit from which on growth counts as at its limit."""


def growth_lines(d: PlanData, tables: Tables) -> list[SummaryLine]:
    """What limits growth. A plan whose grids cannot grow has no share, one without prices no value of firm power."""
    lines = []
    power, projects = tables["power"], {p for _, p in d.project_options}
    counted = [p for p in d.national_options if p not in projects]
    grid = power[power["option_id"].isin(counted) & (power["growth_limit_mw"] > 0)]
    words = []
    if len(grid):
        share = float((grid["build_mw"] >= AT_LIMIT * grid["growth_limit_mw"]).mean())
        words.append(
            f"in {percent(share)} of the months in which a grid could connect more, it connects all that its limit allows"
        )
        lines.append(headline("grid_at_limit", share))
    limits = tables["limits"]
    total = float(limits["rent_musd"].sum())
    halls = float(limits.loc[limits["constraint"] == limit_shell_growth.name, "rent_musd"].sum())
    if halls > 0.5 * total:
        words.insert(0, f"halls, with {percent(halls / total)} of the scarcity value of all limits")
    value = _firm_value_usd_per_mwh(d, tables)
    if value and d.mode == "value":  # else it is what the dearest compute alone would save
        league = tables["league"]
        bought = float(league["it_mwh"].sum())
        paid = 1e6 * float(league["energy_cost_musd"].sum()) / bought if bought else 0.0
        text = f"one more MW of firm power is worth {number(value)} USD per MWh that it can deliver, while electricity costs "
        text += f"{number(paid)} USD per MWh used by servers"
        text += ": power is short, and its price decides little" if value > paid else ""
        words.append(text)
    lines.append(headline("firm_value", value, f"What limits growth: {'; '.join(words)}" if words else ""))
    return lines


def _firm_value_usd_per_mwh(d: PlanData, tables: Tables) -> float:
    """Mean scarcity value of firm power over all places and months, by firm MWh, in money of the month. A MW that is added is
    worth what it houses, and to each owner its share of what a MW of right is worth."""
    hours = {month: sum(d.hours_h[t, k] for k in d.slices) for t, month in enumerate(d.horizon, start=1)}
    part = dict.fromkeys(d.regions, 1.0) | {f"{r} / {h}": frac for (r, h), frac in d.right_added_frac.items()}
    limits = tables["limits"][tables["limits"]["constraint"].isin([house_chips.name, respect_right.name])]
    worth: dict[tuple[str, str], float] = {}
    for where, month, usd in limits[["where", "month", "worth_usd"]].itertuples(index=False):
        r = where.partition(" / ")[0]
        worth[r, month] = worth.get((r, month), 0.0) + part[where] * usd
    mwh = usd = 0.0
    for r, month, mw in tables["power"][["region_id", "month", "firm_mw"]].itertuples(index=False):
        mwh += mw * hours[month]
        usd += mw * worth.get((r, month), 0.0)
    return usd / mwh if mwh else 0.0
