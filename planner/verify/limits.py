"""The table of limits: each price that it lists is that of the duals, its limit binds, and its total value follows."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from planner.verify.collector import Collector
from planner.verify.duals import Duals
from planner.verify.program import Program
from planner.verify.run import dig
from planner.verify.verdict import TOLERANCE

KEYS = ["constraint", "where", "month"]
IDLE = 1e-9
"""What the room that a priced limit leaves may be worth, as a share of all that is paid."""
SMALLEST_MUSD = 1e-9
"""A price below this is not listed."""


def check_limits(checks: Collector, program: Program, own: Collection[str]) -> None:
    """A limit that has a price binds, and its scarcity value is price times limit; of own limits nothing is known."""
    run, frame = checks.run, listed_limits(checks, own)
    free, nothing, factor = np.zeros(len(frame)), np.zeros(len(frame)), np.zeros(len(frame))
    names = [" / ".join(filter(None, key)) for key in frame[KEYS].itertuples(index=False, name=None)]
    for number, (constraint, where, month) in enumerate(frame[KEYS].itertuples(index=False, name=None)):
        position = _position(program, constraint, where, month)
        if position is None:
            checks.fail("limits.where", "limits holds a row for a limit that the plan does not have", names[number])
            continue
        left, right = (float(side[position]) for side in checks.sides[constraint])
        free[number] = right - left
        nothing[number] = TOLERANCE * max(1.0, abs(left), abs(right) if np.isfinite(right) else 0.0)
        factor[number] = run.discount[position[-1]] * program.rows[constraint].scale / 1e6
    slack = np.where(np.isfinite(free), np.abs(free), 1e300)
    worth, limit, value = (frame[column].to_numpy(dtype=float) for column in ("worth_usd", "limit", "rent_musd"))
    costs = run.table("costs")
    paid = np.abs(costs["discounted_musd"].to_numpy(dtype=float))[(costs["component"] != "unserved").to_numpy(dtype=bool)]
    idle = slack * np.abs(worth) * factor  # an interior point comes near a limit, no closer
    binds = (slack <= 10.0 * nothing) | (idle <= IDLE * max(1.0, float(paid.sum())))
    checks.equal("limits.binding", np.where(binds, 0.0, slack), 0.0, (names,), "", "a limit with a price binds")
    law = "scarcity value = price x limit, discounted"
    checks.same("limits.rent_musd", value, worth * limit * factor, (names,), "million USD", law)


def listed_limits(checks: Collector, own: Collection[str]) -> pd.DataFrame:
    """Rows of the table of limits that the verifier knows, or should."""
    frame = checks.run.table("limits")
    return frame[~frame["constraint"].isin(list(own)).to_numpy(dtype=bool)]


def _position(program: Program, constraint: str, where: str, month: str) -> tuple[int, ...] | None:
    row = program.rows.get(constraint)
    if row is None or not row.price:
        return None
    axes = program.axes(row)[: row.over.index("t") + 1]
    words = [*(where.split(" / ") if where else []), month]
    if len(words) != len(axes) or any(word not in names for word, names in zip(words, axes, strict=True)):
        return None
    return tuple(list(names).index(word) for word, names in zip(words, axes, strict=True))


def check_worth(checks: Collector, program: Program, duals: Duals, own: Collection[str]) -> None:
    """Every price of a limit is listed, with its unit, and none that the duals do not hold; none at all without an optimum."""
    frame = listed_limits(checks, own)
    if dig(checks.run.manifest, "solver.status") == "time_limit":
        if len(frame):
            checks.fail("limits.worth_usd", "limits holds prices, and a plan that is not the best has none")
        return
    written = pd.Series(frame["worth_usd"].to_numpy(dtype=float), index=pd.MultiIndex.from_frame(frame[KEYS].astype(str)))
    derived = _worth(program, duals)
    both = pd.concat([written.rename("written"), derived.rename("derived")], axis=1).fillna(0.0)
    names = ([" / ".join(filter(None, map(str, key))) for key in both.index],)
    law = "worth = dual in money of its month"
    checks.same("limits.worth_usd", both["written"].to_numpy(), both["derived"].to_numpy(), names, "USD", law)
    units = {row.name: row.price for row in program.rows.values() if row.price}
    for constraint, unit in zip(frame["constraint"].astype(str), frame["unit"].astype(str), strict=True):
        if unit != units.get(constraint):
            checks.fail("limits.unit", f"limits gives {constraint} in {unit!r}, it is in {units.get(constraint)!r}")
            return


def _worth(program: Program, duals: Duals) -> pd.Series[float]:
    """USD of the month by constraint, place and month; slices of a month together."""
    found: dict[tuple[str, str, str], float] = {}
    for row in program.rows.values():
        if not row.price:
            continue
        axes, price = program.axes(row), row.by_month(duals[row.name])
        price = np.where(price >= SMALLEST_MUSD, price, 0.0).sum(axis=-1)
        usd = price * 1e6 / row.scale / program.case.run.discount
        for cell in map(tuple, np.argwhere(price > 0.0).tolist()):
            *where, of_month = (str(names[code]) for names, code in zip(axes, cell, strict=False))
            found[row.name, " / ".join(where), of_month] = float(usd[cell])
    return pd.Series(found, index=pd.MultiIndex.from_tuples(found, names=KEYS), dtype=float)
