"""The table of limits: each price that it lists is that of the duals, its limit binds, and its total value follows."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import pandas as pd

from planner.verify.collector import Collector
from planner.verify.duals import Duals
from planner.verify.program import Program
from planner.verify.run import records
from planner.verify.verdict import TOLERANCE

KEYS = ("constraint", "where", "month")
Key = tuple[str, ...]
IDLE = 1e-9
"""What the room that a priced limit leaves may be worth, as a share of all that is paid."""
SMALLEST_MUSD = 1e-9
"""A price below this is not listed."""


def check_limits(checks: Collector, program: Program, own: Collection[str]) -> None:
    """A limit that has a price binds, and its scarcity value is price times limit; of own limits nothing is known."""
    frame, keys = _listed(checks, own)
    positions = positions_of(program)
    free, nothing, factor = np.zeros(len(frame)), np.zeros(len(frame)), np.zeros(len(frame))
    names = [" / ".join(filter(None, key)) for key in keys]
    for number, key in enumerate(keys):
        position = positions(key)
        if position is None:
            checks.fail("limits.where", "limits holds a row for a limit that the plan does not have", names[number])
            continue
        left, right = (float(side[position]) for side in checks.sides[key[0]])
        free[number] = right - left
        nothing[number] = TOLERANCE * max(1.0, abs(left), abs(right) if np.isfinite(right) else 0.0)
        factor[number] = checks.run.discount[position[-1]] * program.rows[key[0]].scale / 1e6
    slack = np.where(np.isfinite(free), np.abs(free), 1e300)
    worth, limit, value = (frame[column].to_numpy(dtype=float) for column in ("worth_usd", "limit", "rent_musd"))
    idle = slack * np.abs(worth) * factor  # an interior point comes near a limit, no closer
    binds = (slack <= 10.0 * nothing) | (idle <= IDLE * max(1.0, checks.run.paid_musd))
    checks.equal("limits.binding", np.where(binds, 0.0, slack), 0.0, (names,), "", "a limit with a price binds")
    law = "scarcity value = price x limit, discounted"
    checks.same("limits.rent_musd", value, worth * limit * factor, (names,), "million USD", law)


def _listed(checks: Collector, own: Collection[str]) -> tuple[pd.DataFrame, list[Key]]:
    """Rows of the table that the verifier knows, or should, and their keys."""
    frame = checks.run.table("limits")
    frame = frame[~frame["constraint"].isin(list(own)).to_numpy(dtype=bool)]
    return frame, records(frame, KEYS)


def positions_of(program: Program) -> Callable[[Key], tuple[int, ...] | None]:
    """Where a key of the table lies in its row up to the month; None where the plan has no such limit with a price."""
    codes = {
        row.name: [{name: code for code, name in enumerate(names)} for names in program.axes(row)[: row.over.index("t") + 1]]
        for row in program.rows.values()
        if row.price
    }

    def position(key: Key) -> tuple[int, ...] | None:
        constraint, where, month = key
        axes = codes.get(constraint, [])
        words = [*(where.split(" / ", max(0, len(axes) - 2)) if where else []), month]  # a way is named by both of its ends
        found = [axis.get(word) for axis, word in zip(axes, words, strict=False)]
        whole = len(found) == len(words) == len(axes)
        return tuple(code for code in found if code is not None) if whole and None not in found else None

    return position


def check_worth(checks: Collector, program: Program, duals: Duals, own: Collection[str]) -> None:
    """Every price of a limit is listed, with its unit, and none that the duals do not hold; none at all without an optimum."""
    frame, keys = _listed(checks, own)
    if checks.run.suboptimal:
        if keys:
            checks.fail("limits.worth_usd", "limits holds prices, and a plan that is not the best has none")
        return
    written, derived = dict(zip(keys, frame["worth_usd"].to_numpy(dtype=float), strict=True)), _worth(program, duals)
    names = list(written | derived)
    one, other = (np.array([usd.get(key, 0.0) for key in names], dtype=float) for usd in (written, derived))
    words = [" / ".join(filter(None, key)) for key in names]
    checks.same("limits.worth_usd", one, other, (words,), "USD", "worth = dual in money of its month")
    units = {row.name: row.price for row in program.rows.values() if row.price}
    for constraint, unit in records(frame, ("constraint", "unit")):
        if unit != units.get(constraint):
            checks.fail("limits.unit", f"limits gives {constraint} in {unit!r}, it is in {units.get(constraint)!r}")
            return


def _worth(program: Program, duals: Duals) -> dict[Key, float]:
    """USD of the month by constraint, place and month; slices of a month together."""
    found: dict[Key, float] = {}
    for row in program.rows.values():
        if row.price:
            axes, price = program.axes(row), row.by_month(duals[row.name])
            price = np.where(price >= SMALLEST_MUSD, price, 0.0).sum(axis=-1)
            usd = price * 1e6 / row.scale / program.case.run.discount
            for cell in map(tuple, np.argwhere(price > 0.0).tolist()):
                *where, month = (names[code] for names, code in zip(axes, cell, strict=False))
                found[row.name, " / ".join(where), month] = float(usd[cell])
    return found
