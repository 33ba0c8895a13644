"""Sites: from when on a region is closed, and which of its halls are out of service for some months."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.verify.run import HALLS, Run, once, positions
from planner.verify.verdict import Array

SITE, HIBERNATION = "site", "hibernation"
"""What an order names where all of a region closes, and where hall space is out of service."""
LAUNCH = "launches"
"""What an order of an orbital design names."""
NO_OPTION = (HALLS, SITE, HIBERNATION, LAUNCH)


@once
def binding(run: Run) -> pd.DataFrame:
    """The orders that are kept."""
    orders = run.table("inputs.commitments")
    return orders[~orders["status"].isin(["proposed", "cancelled"]).to_numpy(dtype=bool)]


def launches_ordered(run: Run) -> Array:
    """IT power that is booked to be launched, [o,t]."""
    orders = binding(run)
    orders = orders[(orders["option_id"] == LAUNCH).to_numpy(dtype=bool)]
    found = np.zeros((len(run.axes["design_id"]), run.month_count))
    o, t = positions(run.axes["design_id"], orders["region_id"]), positions(run.months, orders["month"])
    inside = (o >= 0) & (t >= 0)
    np.add.at(found, (o[inside], t[inside]), orders["build_mw"].to_numpy(dtype=float)[inside])
    return found


@once
def closing(run: Run) -> Array:
    """Months from the start until each region closes, infinite where it does not, [r]."""
    orders = binding(run)
    found = np.full(len(run.axes["region_id"]), np.inf)
    for region, month in zip(*(orders.loc[orders["option_id"] == SITE, key] for key in ("region_id", "month")), strict=True):
        if str(month) in run.months:
            found[run.axes["region_id"].index(str(region))] = run.months.index(str(month))
    return found


def is_open(run: Run) -> Array:
    """1 until a region closes, [r,t]."""
    return np.where(run.elapsed[None, :] < closing(run)[:, None], 1.0, 0.0)


def closes(run: Run) -> Array:
    """1 in the month in which a region closes, [r,t]."""
    return np.where(run.elapsed[None, :] == closing(run)[:, None], 1.0, 0.0)


def hibernating(run: Run) -> tuple[Array, Array]:
    """Hall space out of service, MW, and its upkeep, USD of the month, both [r,t].

    Upkeep is paid by the month, a twelfth of a year.

    A row without a last month lasts to the end, and in a region that is closed nothing is out of service."""
    orders = binding(run)
    orders = orders[(orders["option_id"] == HIBERNATION).to_numpy(dtype=bool)]
    space = np.zeros((len(run.axes["region_id"]), run.month_count))
    usd = np.zeros_like(space)
    months = np.array(run.months)
    columns = ("month", "until_month", "close_mw", "upkeep_usd_per_kw_year")
    for r, first, last, mw, upkeep in zip(
        positions(run.axes["region_id"], orders["region_id"]), *(orders[column] for column in columns), strict=True
    ):
        inside = (months >= str(first)) & (months <= (str(last) or run.months[-1]))
        space[r] += np.where(inside, mw, 0.0)
        usd[r] += np.where(inside, 1e3 * mw * upkeep / 12.0, 0.0)
    return space * is_open(run), usd * is_open(run)
