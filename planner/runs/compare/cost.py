"""From A's cost to B's in steps that add up: by component, and by place."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

import pandas as pd

UNSERVED = "unserved"
"""What unserved work would be worth: in the objective of mode `value`, but paid by nobody."""


def waterfall(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """Steps from A to B, discounted million USD: columns component, a_musd, b_musd, difference_musd, largest first.

    The row `cost` is the sum of all before it, `unserved` stands after it, and `objective` is both together."""
    one, two = (_sums(costs, ["component"]) for costs in (a, b))
    steps = [(name, one.get((name,), 0.0), two.get((name,), 0.0)) for (name,) in {**one, **two} if name != UNSERVED]
    steps.sort(key=lambda step: (-abs(step[2] - step[1]), step[0]))
    paid = ("cost", fsum(step[1] for step in steps), fsum(step[2] for step in steps))
    unserved = (UNSERVED, one.get((UNSERVED,), 0.0), two.get((UNSERVED,), 0.0))
    whole = ("objective", paid[1] + unserved[1], paid[2] + unserved[2])
    return _frame([*steps, paid, unserved, whole], ["component"])


def cost_by_place(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """The same steps by place and component, without unserved work; two key columns, then as above.

    An empty place is the plan as a whole: chips that stand nowhere are carried by no region."""
    keys = ["place_id", "component"]
    one, two = (_sums(costs[costs["component"] != UNSERVED], keys) for costs in (a, b))
    names = sorted({**one, **two}, key=lambda key: (-abs(two.get(key, 0.0) - one.get(key, 0.0)), key))
    return _frame([(*key, one.get(key, 0.0), two.get(key, 0.0)) for key in names], keys)


def _sums(costs: pd.DataFrame, keys: list[str]) -> dict[tuple[str, ...], float]:
    found: dict[tuple[str, ...], list[float]] = {}
    for *key, musd in costs[[*keys, "discounted_musd"]].itertuples(index=False, name=None):
        found.setdefault(tuple(key), []).append(musd)
    return {key: fsum(values) for key, values in found.items()}


def _frame(steps: Sequence[tuple[str | float, ...]], keys: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(steps, columns=[*keys, "a_musd", "b_musd"])
    frame["difference_musd"] = frame["b_musd"] - frame["a_musd"]
    return frame
