"""The rows of the linear program and their duals, as the run wrote them: dense arrays by constraint.

A dual is a price: of a limit, what one more unit of room saves; of a balance, what one more unit on its right side costs; of a
least amount, what requiring one more unit costs. Million US dollars, discounted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from planner.verify.run import Run
from planner.verify.verdict import Array, Check, finding

IDS = ("place_id", "option_id", "generation_id", "pool_id", "class_id", "item_id", "month", "slice")
"""Columns that say which row of a constraint a dual belongs to; those that its constraint does not have are empty."""

STOCK, SITE, DEMAND, ORBIT = ("generation", "month"), ("region", "month"), ("pool", "class", "month"), ("design", "month")
CHIPS, OPTION = ("region", "generation", "month"), ("region", "option", "month")
BALANCES: Mapping[str, tuple[str, ...]] = {
    "conserve_chips": STOCK,
    "conserve_fleet": CHIPS,
    "conserve_displaced": STOCK,
    "serve_demand": DEMAND,
    "balance_power": (*SITE, "slice"),
    "conserve_stored": (*OPTION, "slice"),
    "keep_flexible_work": ("class", "place", "month", "day"),
    "conserve_waiting": ("class", "place", "month", "slice"),
    "conserve_capacity": OPTION,
    "conserve_shell": SITE,
}
"""Equalities: their duals have either sign."""
LIMITS: Mapping[str, tuple[str, ...]] = {
    "limit_retirement": CHIPS,
    "house_chips": SITE,
    "run_installed": (*CHIPS, "slice"),
    "run_in_orbit": ("design", "generation", "month", "slice"),
    "limit_launch_mass": ("month",),
    "limit_satellite_factory": ("month",),
    "count_unserved_core": DEMAND,
    "place_compute": (*SITE, "slice"),
    "place_compute_in_orbit": (*ORBIT, "slice"),
    "respect_capacity": (*OPTION, "slice"),
    "take_minimum": OPTION,
    "limit_charge": (*OPTION, "slice"),
    "limit_stored": (*OPTION, "slice"),
    "limit_waiting": ("class", "place", "month", "slice"),
    "limit_power_growth": OPTION,
    "keep_commitment": OPTION,
    "limit_technology_supply": ("option", "month"),
    "fit_shell": SITE,
    "limit_shell_growth": SITE,
    "limit_national_growth": ("country", "month"),
    "limit_network": SITE,
    "limit_downlink": ORBIT,
    "limit_route": ("route", "month"),
    "limit_carbon": ("year", "month"),
    "require_share": ("share", "month"),
    "limit_share": ("share", "month"),
}
"""Inequalities: their duals are not negative."""
COLUMN = {
    "region": "place_id",
    "design": "place_id",
    "country": "item_id",
    "year": "item_id",
    "share": "item_id",
    "route": "item_id",
}
COLUMN |= {"day": "item_id", "month": "month", "slice": "slice"}
DUST = 1e-6
"""A negative price that a solver may leave, million USD per unit: HiGHS holds duals to 1e-7 before it scales them back. Read as
zero, and the bound stays a bound: what that costs it is in the gap."""


class Duals:
    """``duals[constraint]`` is dense over the axes of the constraint; what was not written is zero."""

    def __init__(self, run: Run, slices: int, items: Mapping[str, Sequence[str]]) -> None:
        axes: dict[str, Sequence[str]] = {key.removesuffix("_id"): names for key, names in run.axes.items()}
        self.axes = axes | dict(items) | {"slice": [str(number) for number in range(1, slices + 1)]}
        self.findings: list[Check] = []
        frame = run.table("duals")
        known = {**BALANCES, **LIMITS}
        self._dense = {name: np.zeros([len(self.axes[axis]) for axis in over]) for name, over in known.items()}
        constraints = frame["constraint"].astype(str).to_numpy(dtype=object)
        for name in dict.fromkeys(constraints):
            if name not in known:
                self.findings.append(finding("duals.constraint", f"duals holds a constraint that no one knows: {name!r}"))
                continue
            self._read(name, known[name], frame[constraints == name])
        for name in LIMITS:
            self._require_sign(name)

    def __getitem__(self, name: str) -> Array:
        return self._dense[name]

    def _read(self, name: str, over: tuple[str, ...], rows: pd.DataFrame) -> None:
        columns = [COLUMN.get(axis, f"{axis}_id") for axis in over]
        codes = [
            pd.Index(self.axes[axis], dtype=str).get_indexer(pd.Index(rows[column], dtype=str))
            for axis, column in zip(over, columns, strict=True)
        ]
        strange = np.logical_or.reduce([code < 0 for code in codes])
        for column in IDS:
            if column not in columns:
                strange |= (rows[column] != "").to_numpy(dtype=bool)
        if strange.any():
            row = rows.iloc[int(np.argmax(strange))]
            where = " / ".join(str(row[column]) for column in IDS if row[column])
            self.findings.append(finding("duals.row", f"duals holds a row of {name} that the plan does not have", where))
        inside = ~strange
        self._dense[name][tuple(code[inside] for code in codes)] = rows["dual_musd"].to_numpy(dtype=float)[inside]

    def _require_sign(self, name: str) -> None:
        """A limit with a negative price counts as one without, if it is dust."""
        price = self._dense[name]
        if price.size and price.min() < -DUST:
            cell = np.unravel_index(int(np.argmin(price)), price.shape)
            names = [str(self.axes[axis][int(code)]) for axis, code in zip(LIMITS[name], cell, strict=True)]
            self.findings.append(finding("duals.sign", f"{name} has a price below zero, {price.min():.6g}", " / ".join(names)))
        np.maximum(price, 0.0, out=price)
