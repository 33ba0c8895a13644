"""The plan that is examined, as its rows see it: what inputs and tables say, and the names along every letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from planner.verify.demand import Demand
from planner.verify.fleet import Fleet
from planner.verify.hours import Hours
from planner.verify.power import Power
from planner.verify.run import Run


class Case:
    """Inputs and tables of a run by subject."""

    def __init__(self, run: Run, hours: Hours | None = None) -> None:
        self.run = run
        self.hours = hours or Hours(run)
        self.fleet, self.power = Fleet(run, self.hours), Power(run, self.hours)
        self.demand = Demand(run, self.hours)
        months = run.month_count
        self.before = np.eye(months, k=1)  # [v,t] 1 where v is the month before t
        self.so_far = np.triu(np.ones((months, months)))  # [v,t] 1 where v is t or earlier
        self.first = np.eye(1, months)[0]  # [t] 1 in the first month

    @property
    def names(self) -> Mapping[str, Sequence[str]]:
        """What the positions along a letter are called; a slice by its number."""
        keys = {"z": "pool_id", "w": "class_id", "x": "place_id", "r": "region_id", "o": "design_id", "g": "generation_id"}
        keys |= {"p": "option_id", "t": "month"}
        slices = [str(number) for number in range(1, len(self.hours.slices) + 1)]
        return {letter: self.run.axes[key] for letter, key in keys.items()} | {"k": slices}
