"""The figures of a plan as dense arrays over named axes: what numpy and linopy build from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from models.data import PlanData

Array = npt.NDArray[Any]


class Axis:
    """Names in order, and the position of each."""

    def __init__(self, names: Iterable[Any]) -> None:
        self.names = list(dict.fromkeys(names))
        self.position = {name: i for i, name in enumerate(self.names)}

    def __len__(self) -> int:
        return len(self.names)

    def find(self, names: Iterable[Any]) -> Array:
        """Positions of ``names``."""
        return np.fromiter((self.position[name] for name in names), dtype=np.int64)

    def vector(self, values: Mapping[Any, float], missing: float | None = None) -> Array:
        """One number for each name; a missing one is an error unless ``missing`` says what it is."""
        return np.array([values[n] if missing is None else values.get(n, missing) for n in self.names], dtype=float)


def at_start(values: Mapping[tuple[str, int], float]) -> dict[str, float]:
    """By name, what holds in the first month; the plans that are compared have no series that changes these numbers."""
    return {name: value for (name, t), value in values.items() if t == 1}


def table(values: Mapping[Any, float], axis: Axis, months: int, missing: float = 0.0) -> Array:
    """[name, t - 1] from a mapping keyed (*name, t), or (*name, t, 1); names that the axis does not know are left out."""
    found = np.full((len(axis), months), missing)
    for key, value in values.items():
        name = key[0] if len(key) == 2 else key[:2]
        i = axis.position.get(name)
        if i is not None:
            found[i, key[2 if len(key) > 2 else 1] - 1] = value
    return found


class Figures:
    """Axes and arrays of a plan of one slice a month, without shares, links, carbon caps, downlinks or fixed demand."""

    def __init__(self, d: PlanData) -> None:
        unsaid = {"slices": d.slices != (1,), "mode": d.mode != "value", "unserved": not d.unserved_allowed}
        unsaid |= {name: bool(getattr(d, name)) for name in ("shares", "carbon_cap_t", "link_gbit_s", "downlink_gbit_s_per_mw")}
        unsaid["committed_mw"] = any(d.committed_mw.values())
        if any(unsaid.values()):
            raise ValueError(f"the benchmark does not know plans with {', '.join(k for k, v in unsaid.items() if v)}")
        self.data = d
        self.months = n = len(d.months)
        self.t = np.arange(1, n + 1)
        self.regions, self.designs, self.generations = Axis(d.regions), Axis(d.designs), Axis(d.generations)
        self.places = Axis((*d.regions, *d.designs))
        self.discount = np.array([d.discount[t] for t in self.t])
        self.to_end = np.cumsum(self.discount[::-1])[::-1]
        self.hours = np.array([d.hours_h[t, 1] for t in self.t])
        self._fleet(d, n)
        self._power(d, n)
        self.demands = Axis((z, w) for z, w, _ in d.demand_kh100e)
        self.demand = np.array([[d.demand_kh100e[z, w, t] for t in self.t] for z, w in self.demands.names])
        can_hold = {r for r, _ in self.housed.names} | {o for o, _ in self.in_orbit.names}
        self.flows = Axis((z, w, x) for z, w, x in d.servable if x in can_hold)

    def by_class(self, values: Mapping[str, float], names: Sequence[tuple[Any, ...]]) -> Array:
        """One number for each demand or flow, by its class."""
        return np.array([values[name[1]] for name in names], dtype=float)

    def _fleet(self, d: PlanData, n: int) -> None:
        delivered = table(d.delivered_kunit, self.generations, n)
        dark = self.generations.vector(d.start_dark_kunit, 0.0)
        comes = np.where(delivered.any(axis=1), (delivered > 0).argmax(axis=1) + 1, n + 1)
        first = np.where(dark > 0, 1, comes)
        self.first = first  # [g] first month in stock, n + 1: never
        self.stocked = first <= n
        self.delivered, self.start_dark = delivered, dark
        in_stock = {g for g, has in zip(self.generations.names, self.stocked, strict=True) if has}
        earth, started = set(d.regions), {key for key, kunit in d.start_installed_kunit.items() if kunit > 0}
        placed = {(x, g) for x, g in d.placeable if g in in_stock}
        self.placed = placed
        self.housed = Axis((r, g) for r in d.regions for g in d.generations if (r, g) in started or (r, g) in placed)
        self.in_orbit = Axis((o, g) for o, g in d.placeable if o not in earth and g in in_stock)
        pairs = self.housed.names
        self.lag = np.array([d.commission_months[r] for r, _ in pairs], dtype=np.int64)
        self.starts = np.array([pair in started for pair in pairs], dtype=bool)
        self.start_installed = self.housed.vector(d.start_installed_kunit, 0.0)
        of = self.generations.find(g for _, g in pairs)
        self.birth = np.where(self.starts, 1, first[of] + self.lag)
        if d.start_ending_kunit or d.batch_end:
            raise ValueError("the benchmark knows plans in which no chip reaches the end of its life")
        self.keep = np.repeat(self.housed.vector(d.survive_frac)[:, None], n, axis=1)

    def _power(self, d: PlanData, n: int) -> None:
        start = {rp for rp in d.options if d.start_mw[rp] > 0}
        can = {(r, p, t) for (r, p, t), mw in d.step_mw.items() if mw > 0 or d.growth_frac_per_month[r, p] > 0}
        usable = start | {(r, p) for r, p, _ in can}
        self.options = Axis(rp for rp in d.options if rp in usable)
        self.step = table(d.step_mw, self.options, n)
        self.buildable = np.zeros((len(self.options), n), dtype=bool)
        for r, p, t in can:
            self.buildable[self.options.position[r, p], t - 1] = True
        self.start_mw = self.options.vector(d.start_mw)
        self.first_mw = np.where(self.start_mw > 0, 1, self.buildable.argmax(axis=1) + 1)
        self.closed = table(d.closed_mw, self.options, n)
        self.available = table(d.power_availability_frac, self.options, n)
        per_mwh = table(d.energy_usd_per_mwh, self.options, n) + table(d.fuel_usd_per_mwh, self.options, n)
        per_mwh += self.options.vector(d.variable_usd_per_mwh)[:, None]
        carbon = self.options.vector(d.carbon_t_per_mwh) * self.options.vector(d.carbon_priced_frac)
        per_mwh += carbon[:, None] * np.array([d.carbon_usd_per_t.get(t, 0.0) for t in self.t])
        self.usd_per_mwh = per_mwh
        self.usd_per_mw_month = self.options.vector(d.capital_usd_per_mw_month) + self.options.vector(d.fixed_usd_per_mw_month)
