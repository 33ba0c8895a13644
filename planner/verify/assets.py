"""What a limit holds back, once more: the decisions that would grow with it, what they cost, and which chips they power."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import NamedTuple

import numpy as np

from planner.verify.capital import price_terms
from planner.verify.linear import Limit
from planner.verify.orbit import kg_per_kw
from planner.verify.power import firm_frac
from planner.verify.program import Program
from planner.verify.rows.envelopes import national_options
from planner.verify.run import NDArrayBool
from planner.verify.series import by_month
from planner.verify.verdict import Array

Index = tuple[int, ...]
DECIDED = ("build", "build_shell", "deploy")
LIMITS = ("limit_", "part_", "run_")
"""How the names of rows begin that limit what is built or launched; others require it."""
NOISE = 1e-9
"""Below this a decision is zero."""
TIED = 1e-9
"""Decisions that pay other limits alike, million USD a unit; a millionth of what they pay more.
What costs no more is not scarce."""


class User(NamedTuple):
    """A decision that a limit lets grow; ``at``: its position; ``units``: how much of the limit one unit of it takes."""

    variable: str
    at: Index
    units: float


class Assets:
    """By decision, in million USD a unit: its own cost until the end, its price in full, and what it pays to limits."""

    def __init__(self, program: Program, duals: Mapping[str, Array]) -> None:
        """``duals``: empty where nothing tells them: no decision then pays anything, and none is said to power chips."""
        self.program, self.case, self.run, self.duals = program, program.case, program.case.run, duals
        self.own, self.capital, self.paid = (program.nothing(*DECIDED) for _ in range(3))
        for cost in program.costs.values():
            program.weigh(cost.terms, "t", self.run.discount, self.own)
        program.weigh(price_terms(self.case), "", np.array(1.0), self.capital)
        for row in program.rows.values():
            if duals and isinstance(row, Limit) and row.name.startswith(LIMITS):
                price = duals[row.name] / row.scale
                program.weigh(row.left, row.over, price, self.paid)
                program.weigh(row.right, row.over, -price, self.paid)

    def marginal(self, constraint: str, where: Index) -> tuple[User, float] | None:
        """To whom the next unit of a limit goes: of those that use it the first that pays least to other limits.

        Beside it the part of this limit in what its next unit pays to all."""
        plan = self.program.variables
        used = [each for each in self._users(constraint, where) if plan[each.variable].plan[each.at] > NOISE]
        if not used:
            return None
        price = float(self.duals[constraint][where]) if self.duals else 0.0
        others = [float(self.paid[each.variable][each.at]) / each.units - price for each in used]
        least = min(others)
        first = next(number for number, other in enumerate(others) if other <= least + TIED * (1.0 + 1e3 * abs(least)))
        return used[first], price / (price + max(0.0, others[first])) if price > 0.0 else 0.0

    def _users(self, constraint: str, where: Index) -> list[User]:
        run, case, t = self.run, self.case, where[-1]
        if constraint == "limit_shell_growth":
            return [User("build_shell", where, 1.0)]
        if constraint in ("limit_launch_mass", "limit_satellite_factory"):
            return self._launches(t, by_mass=constraint == "limit_launch_mass")
        found: Iterable[Index] = ()
        if constraint == "limit_power_growth":
            found = [where]
        elif constraint == "limit_technology_supply":
            found = [(r, where[0], t) for r in range(case.fleet.regions)]
        elif constraint == "limit_national_growth":
            country = run.texts("inputs.countries", "country_iso2")[where[0]]
            here = [r for r, each in enumerate(run.texts("inputs.regions", "country_iso2")) if each == country]
            year = np.flatnonzero(run.plan_year == run.plan_year[t]).tolist()
            found = product(here, np.flatnonzero(national_options(run)).tolist(), year)
        return [User("build", each, 1.0) for each in found if self._may_grow[each]]

    @cached_property
    def _may_grow(self) -> NDArrayBool:
        """What may be built and does not come with a project, [r,p,t]."""
        power = self.case.power
        return np.asarray(power.may_build & (power.projects.is_own == 0.0)[:, :, None])

    def _launches(self, t: int, by_mass: bool) -> list[User]:
        fleet = self.case.fleet
        kg = kg_per_kw(self.run)[:, t] if by_mass else np.ones(len(self.run.axes["design_id"]))
        units = np.where(fleet.may_stand[fleet.regions :], kg[:, None] * fleet.kw, 0.0)
        return [User("deploy", (fleet.regions + o, g, t), float(units[o, g])) for o, g in np.argwhere(units > 0.0).tolist()]

    def powered_kh100e(self, added: Sequence[tuple[User, float]], first: int) -> float:
        """Chips that are dark or were retired early and fit what was added, most compute per kW first, mean from a month on."""
        run, fleet = self.run, self.case.fleet
        room: dict[int, Array] = {}
        for user, units in added:
            mw = np.where(run.elapsed >= user.at[-1], self._room(user) * units, 0.0)[first : run.reported]
            room[user.at[0]] = room.get(user.at[0], 0.0) + mw
        waiting, powered = self._left[:, first : run.reported].copy(), 0.0
        densest = np.argsort(-fleet.h100e / fleet.kw, kind="stable").tolist()
        for x, free in room.items():
            for g in densest:
                if fleet.may_stand[x, g]:
                    kunit = np.minimum(waiting[g], free / fleet.kw[g])
                    waiting[g] -= kunit
                    free = free - kunit * fleet.kw[g]
                    powered += float(kunit.sum()) * fleet.h100e[g]
        return powered / (run.reported - first)

    @cached_property
    def _left(self) -> Array:
        """Chips that are dark or were retired early, [g,t]."""
        return self.run.cube("chips", "dark_kunit") + self.run.cube("chips", "displaced_kunit")

    def _room(self, user: User) -> Array:
        """MW of IT that one unit of a decision powers, by month."""
        x, t = user.at[0], user.at[-1]
        if user.variable == "deploy":
            alive = self.run.of_vintages("alive_frac")[x - self.case.fleet.regions, t]
            return np.asarray(self.case.fleet.kw[user.at[1]] * alive)
        power, halls = (price[x] for price in self._scarcity)
        scarce = power + halls
        mine = power if user.variable == "build" else halls
        share = np.divide(mine, scarce, out=np.zeros_like(scarce), where=scarce > TIED)
        return np.asarray(share * (self._firm[x, user.at[1]] if user.variable == "build" else 1.0))

    @cached_property
    def _need(self) -> tuple[Array, Array]:
        """Power that a MW of IT draws, and firm power that it needs, [r,t]."""
        pue = by_month(self.run, "inputs.regions", "pue")
        return pue, pue * self.run.vector("inputs.regions", "nameplate_frac")[:, None]

    @cached_property
    def _firm(self) -> Array:
        """MW of IT that a MW of an option feeds in the worst hour, [r,p,t]."""
        return np.asarray(firm_frac(self.run)[None, :, None] / self._need[1][:, None])

    @cached_property
    def _scarcity(self) -> tuple[Array, Array]:
        """What a MW of IT pays for power, firm and drawn, and for halls, [r,t]."""
        duals, (draw, need) = self.duals, self._need
        firm = duals["house_chips"] + np.einsum("rht,rh->rt", duals["respect_right"], self.case.owners.shares[1])
        output = np.where(self._usable[:, :, None, None], duals["respect_capacity"], np.inf).min(axis=1, initial=np.inf)
        drawn = np.where(np.isfinite(output), output, 0.0).sum(axis=-1)
        return need * firm + draw * drawn, duals["fit_shell"]

    @cached_property
    def _usable(self) -> NDArrayBool:
        """Which options have or can get capacity in some month, [r,p]: others give no output, and no price limits it."""
        power = self.case.power
        growth = self.run.cube("inputs.power", "growth_frac_per_month")[:, :, None] * power.may_build
        ordered = power.orders.most(power.orders.due)[:, :-1]
        grows = (power.step + power.committed + growth + ordered).max(axis=-1) > 0.0
        return np.asarray(power.offered & (grows | (power.start > 0.0)))
