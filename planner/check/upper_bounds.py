"""Upper bounds by arithmetic: power, halls and chips if everything grew as fast as its limits allow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from models.data import HALLS, PlanData

SLACK = 1 + 1e-9
"""By how much a requirement may exceed a bound before it counts as beyond it."""


@dataclass
class UpperBounds:
    """Upper bounds on what a plan can hold, month by month (list position t - 1)."""

    data: PlanData
    capacity_mw: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    firm_mw: dict[str, list[float]] = field(default_factory=dict)
    shell_mw: dict[str, list[float]] = field(default_factory=dict)
    orbit_mw: dict[str, list[float]] = field(default_factory=dict)
    alive_kunit: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._power()
        self._halls()
        self._orbit()
        self._chips()

    def it_mw(self, place: str, t: int) -> float:
        """Nameplate of the chips that a place could power and house."""
        if place in self.orbit_mw:
            return self.orbit_mw[place][t - 1]
        need = self.data.pue[place, t] * self.data.nameplate_frac[place]
        return min(self.firm_mw[place][t - 1] / need, self._halls_mw(place, t))

    def limit_of(self, place: str, t: int) -> str:
        """What limits a place."""
        if place in self.orbit_mw:
            return "launch mass"
        need = self.data.pue[place, t] * self.data.nameplate_frac[place]
        return "power" if self.firm_mw[place][t - 1] / need <= self._halls_mw(place, t) else "halls"

    def least(self, chips: float, compute: float, places: Iterable[str], t: int) -> tuple[float, str]:
        """The lesser of the compute of all chips and of that of some places, and what sets it."""
        if chips <= compute * SLACK:
            return chips, "chips"
        return compute, " and ".join(sorted({self.limit_of(place, t) for place in places}))

    def _halls_mw(self, r: str, t: int) -> float:
        """Hall space in service."""
        return max(0.0, self.shell_mw[r][t - 1] - self.data.hibernated_shell_mw.get((r, t), 0.0))

    def _is_open(self, r: str, t: int) -> float:
        """1 until a region closes."""
        return float(t < self.data.closing_month.get(r, t + 1))

    def chips_kh100e(self, t: int) -> float:
        """Compute of all working chips, at the availability of the best place."""
        total = sum(kunit[t - 1] * self.data.h100e_per_unit[g] for g, kunit in self.alive_kunit.items())
        return self._available(total, sum(path[t - 1] for path in self.orbit_mw.values()), t)

    def compute_kh100e(self, places: Iterable[str], t: int) -> float:
        """Most compute of some places together: their power goes to the chips with most compute per watt."""
        places = list(places)
        mw = sum(self.it_mw(place, t) for place in places)
        if not places or mw <= 0:
            return 0.0
        allowed = {g for place, g in self.data.placeable if place in set(places)}
        allowed |= {g for (r, g), kunit in self.data.start_installed_kunit.items() if kunit and r in set(places)}
        allowed |= {g for r, g, _ in self.data.arriving_kunit if r in set(places)}
        total = 0.0
        dense = sorted(allowed, key=lambda g: -self.data.h100e_per_unit[g] / self.data.kw_per_unit[g])
        for g in dense:
            kunit = min(self.alive_kunit[g][t - 1], mw / self.data.kw_per_unit[g])
            total += kunit * self.data.h100e_per_unit[g]
            mw -= kunit * self.data.kw_per_unit[g]
        return self._available(total, sum(self.it_mw(place, t) for place in places if place in self.orbit_mw), t)

    def _available(self, kh100e: float, orbit_mw: float, t: int) -> float:
        """Compute that runs: on Earth at the availability of the best region, in orbit at that of the best design."""
        best, above = (
            max((self.data.availability_frac[place, t] for place in places), default=0.0)
            for places in (self.data.regions, self.data.designs)
        )
        dense = max((self.data.h100e_per_unit[g] / self.data.kw_per_unit[g] for g in self.data.generations), default=0.0)
        return best * kh100e + max(0.0, above - best) * min(kh100e, orbit_mw * dense)

    def _power(self) -> None:
        data = self.data
        times = range(1, len(data.months) + 1)
        ordered = self._ordered
        for r in data.regions:
            self.firm_mw[r] = [0.0] * len(data.months)
        projects = {(part.r, part.p): part.mw for each in data.projects for part in each.parts}
        for r, p in data.options:
            mw = data.start_mw[r, p]
            _, starts = data.project_options.get((r, p), ("", ()))
            path = []
            for t in times:
                step = data.step_mw.get((r, p, t))
                most = 0.0 if step is None else step + data.growth_frac_per_month[r, p] * mw
                most = min(most, data.supply_mw.get((p, t), most))
                mw += max(most, data.committed_mw.get((r, p, t), 0.0)) - data.closed_mw.get((r, p, t), 0.0)
                mw += projects[r, p] if starts[:1] == (t,) else 0.0
                mw += ordered.get((r, p, t), 0.0)
                mw *= self._is_open(r, t)
                path.append(mw)
                mw = max(0.0, mw)  # check_commitments reports what cannot close
                self.firm_mw[r][t - 1] += data.firm_frac[r, p] * mw
            self.capacity_mw[r, p] = path

    @cached_property
    def _ordered(self) -> dict[tuple[str, str | None, int], float]:
        """Orders that may slip or be cancelled, and exceed the pace, in the month for which they are ordered."""
        found: dict[tuple[str, str | None, int], float] = {}
        for order in self.data.orders:
            if order.on_top:
                key = (order.place, order.item, order.month)
                found[key] = found.get(key, 0.0) + order.mw
        return found

    def _halls(self) -> None:
        projects = [(part, each.months[:1]) for each in self.data.projects for part in each.parts if part.p == HALLS]
        ordered = self._ordered
        for r in self.data.regions:
            mw = self.data.start_shell_mw[r]
            path = []
            for t in range(1, len(self.data.months) + 1):
                mw += self.data.shell_step_mw.get((r, t), 0.0) - self.data.closed_shell_mw.get((r, t), 0.0)
                mw += sum(part.mw for part, first in projects if part.r == r and first == (t,))
                mw += ordered.get((r, None, t), 0.0)
                mw *= self._is_open(r, t)
                path.append(mw)
                mw = max(0.0, mw)  # check_commitments reports what cannot close
            self.shell_mw[r] = path

    def _orbit(self) -> None:
        for o in self.data.designs:
            mw = 0.0
            path = []
            for t in range(1, len(self.data.months) + 1):
                launched = self.data.launch_t.get(t, 0.0) / self.data.kg_per_kw[o]
                mw += min(launched, self.data.satellite_factory_mw.get(t, launched))
                kunit = {g: each for (x, g, s), each in self.data.start_alive_kunit.items() if (x, s) == (o, t)}
                path.append(mw + sum(self.data.kw_per_unit[g] * each for g, each in kunit.items()))
            self.orbit_mw[o] = path

    def _chips(self) -> None:
        data = self.data
        ended: dict[tuple[str, int], float] = {}
        for (g, b, _), kunit in () if data.designs else data.batch_supply_kunit.items():  # in orbit they outlive their batch
            ended[g, data.batch_end[g, b]] = ended.get((g, data.batch_end[g, b]), 0.0) + kunit
        ending: dict[tuple[str, int], float] = {}
        for (_, g, end), kunit in data.start_ending_kunit.items():
            ending[g, end] = ending.get((g, end), 0.0) + kunit
        for (_, g, b), kunit in () if data.designs else data.start_batch_kunit.items():
            ending[g, data.batch_end[g, b]] = ending.get((g, data.batch_end[g, b]), 0.0) + kunit
        arriving: dict[tuple[str, int], float] = {}
        for (_, g, t), kunit in data.arriving_kunit.items():
            arriving[g, t] = arriving.get((g, t), 0.0) + kunit
        for g in data.generations:
            keep = max((data.survive_frac[r, g] for r in data.regions), default=1.0)
            alive = sum(kunit for (_, h), kunit in data.start_installed_kunit.items() if h == g)
            waiting = data.start_dark_kunit.get(g, 0.0)
            path = []
            for t in range(1, len(data.months) + 1):
                alive -= ending.get((g, t), 0.0)
                waiting += data.delivered_kunit.get((g, t), 0.0) - ended.get((g, t), 0.0) + arriving.get((g, t), 0.0)
                above = sum(kunit for (_, h, s), kunit in data.start_alive_kunit.items() if (h, s) == (g, t))
                path.append(max(0.0, alive) * keep**t + waiting + above)
            self.alive_kunit[g] = path
