"""What limits are worth: the prices of `limits` are those of `duals`, in natural units and money of their month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.verify.collector import Bench
from planner.verify.dual_rows import LIMITS, Duals
from planner.verify.run import dig

UNITS = {
    "limit_power_growth": "USD per MW",
    "limit_national_growth": "USD per MW",
    "limit_technology_supply": "USD per MW",
    "limit_shell_growth": "USD per MW",
    "house_chips": "USD per MW-month",
    "fit_shell": "USD per MW-month",
    "respect_capacity": "USD per MW-month",
    "keep_commitment": "USD per MW",
    "limit_launch_mass": "USD per tonne",
    "limit_satellite_factory": "USD per MW",
    "limit_downlink": "USD per Gbit/s-month",
    "limit_network": "USD per Gbit/s-month",
    "limit_route": "USD per Gbit/s-month",
    "limit_carbon": "USD per tCO2",
    "require_share": "USD per kH100e-month",
    "limit_share": "USD per kH100e-month",
}
SMALLEST_MUSD = 1e-9
"""A price below this is not listed."""


def check_worth(bench: Bench, y: Duals) -> None:
    """Every price of a limit is listed, with its unit, and none that the duals do not hold; none at all without an optimum."""
    frame = bench.run.table("limits")
    if dig(bench.run.manifest, "solver.status") == "time_limit":
        if len(frame):
            bench.fail("limits.worth_usd", "limits holds prices, and a plan that is not the best has none")
        return
    keys = zip(frame["constraint"].astype(str), frame["where"].astype(str), frame["month"].astype(str), strict=True)
    written = pd.Series(frame["worth_usd"].to_numpy(dtype=float), index=pd.MultiIndex.from_tuples(list(keys), names=KEYS))
    derived = _worth(bench, y)
    both = pd.concat([written.rename("written"), derived.rename("derived")], axis=1).fillna(0.0)
    names = ([" / ".join(filter(None, map(str, key))) for key in both.index],)
    law = "worth = dual in money of its month"
    bench.same("limits.worth_usd", both["written"].to_numpy(), both["derived"].to_numpy(), names, "USD", law)
    for constraint, unit in zip(frame["constraint"].astype(str), frame["unit"].astype(str), strict=True):
        if unit != UNITS.get(constraint):
            bench.fail("limits.unit", f"limits gives {constraint} in {unit!r}, it is in {UNITS.get(constraint)!r}")
            return


KEYS = ["constraint", "where", "month"]


def _worth(bench: Bench, y: Duals) -> pd.Series[float]:
    """USD of the month by constraint, place and month; slices of a month together."""
    rows: list[tuple[str, str, str, float]] = []
    months = bench.run.months
    for name in UNITS:
        over, price = LIMITS[name], y[name]
        listed = np.where(price >= SMALLEST_MUSD, price, 0.0)
        if over[-1] == "slice":
            over, listed = over[:-1], listed.sum(axis=-1)
        usd = listed * (1e3 if name == "limit_carbon" else 1e6) / bench.run.discount
        for *place, t in np.argwhere(listed > 0.0).tolist():
            where = " / ".join(str(y.axes[axis][code]) for axis, code in zip(over[:-1], place, strict=True))
            rows.append((name, where, months[t], float(usd[(*place, t)])))
    index = (
        pd.MultiIndex.from_tuples([row[:3] for row in rows], names=KEYS) if rows else pd.MultiIndex.from_arrays([[], [], []])
    )
    return pd.Series([row[3] for row in rows], index=index, dtype=float)
