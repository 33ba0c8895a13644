"""Flows: what came into each stock and what left it in the months that are past.

Those of a plan are read from its variables; actuals add to them what differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.data import PlanData
from models.offers import taken_kunit
from planner.schema.fields import ANY

Values = Mapping[str, Mapping[tuple[Any, ...], float]]


class Flows:
    """[stock, place, item][flow] an amount that comes in, or leaves where it is below zero."""

    def __init__(self) -> None:
        self.of: dict[tuple[str, str, str], dict[str, float]] = {}

    def add(self, stock: str, place: str, item: str, **amounts: float) -> None:
        """Count some amounts."""
        for flow, amount in amounts.items():
            if amount:
                found = self.of.setdefault((stock, place, item), {})
                found[flow] = found.get(flow, 0.0) + amount

    def of_chips(self, d: PlanData, v: Values, t: int) -> None:
        """What a plan does with its chips in month t."""
        self._installed(d, v, t)
        for x, g in [(x, g) for x, g, s in v["deploy"] if s == t]:
            kunit = v["deploy"][x, g, t]
            self.add("dark", ANY, g, deployed=-kunit)
            self.add("orbit" if x in d.designs else "under_way", x, g, deployed=kunit)
        taken = taken_kunit(d, v)
        for g in d.generations:
            self.add("dark", ANY, g, delivered=taken.get((g, t), 0.0))
            for b in _ending(d, g, t):
                self.add("dark", ANY, g, ended=-v["dark_of"].get((g, b, t - 1), 0.0))
        for q in d.chip_moves:
            for g in d.generations:
                left, came = (v["move"].get((q.name, g, s), 0.0) for s in (t, t - q.downtime_months))
                stock = ("chips", q.to_id) if q.to_id in d.regions else ("dark", ANY)
                self.add("chips", q.from_id, g, moved=-left)
                self.add("under_way", q.to_id, g, moved=left - came)
                self.add(*stock, g, moved=came)

    def _installed(self, d: PlanData, v: Values, t: int) -> None:
        for r, g in [(r, g) for r, g, s in v["installed"] if s == t]:
            keep, stood = d.survive_frac[r, g], v["installed"].get((r, g, t - 1), 0.0)
            arrived = d.arriving_kunit.get((r, g, t), 0.0) + v["deploy"].get((r, g, t - d.commission_months[r]), 0.0)
            self.add("chips", r, g, arrived=arrived, failed=-(1.0 - keep) * stood, retired=-v["retire"].get((r, g, t), 0.0))
            self.add("chips", r, g, ended=-v["end_old"].get((r, g, t), 0.0))
            for b in _ending(d, g, t):
                self.add("chips", r, g, ended=-keep * v["installed_of"].get((r, g, b, t - 1), 0.0))
            self.add("under_way", r, g, arrived=-arrived)


def _ending(d: PlanData, g: str, t: int) -> list[str]:
    """The batches that reach the end of their life in a month."""
    return [b for (h, b), end in d.batch_end.items() if h == g and end == t]
