"""What a limit holds back: the decisions that would grow with it, what one unit of each costs and brings."""

from __future__ import annotations

from functools import cached_property
from math import inf
from typing import Any, NamedTuple

from models import PRICES, REGISTER
from models.fleet import house_chips
from models.halls import fit_shell
from models.owners import respect_right
from models.power import respect_capacity
from models.rows import Key
from planner.prepare.purchasing import Purchasing
from planner.solve.solution import NOISE, Solution

TIED = 1e-9
"""Assets whose payments differ by less, million USD a unit of the limit, pay alike; of large payments a millionth.
What costs no more is not scarce."""

User = tuple[Key, float]
"""A decision, and the units of a limit that one unit of it takes."""


class Added(NamedTuple):
    """So many units more of a decision."""

    key: Key
    units: float

    def only(self, frac: float) -> Added:
        """A part of it."""
        return Added(self.key, frac * self.units)


class Assets:
    """The decisions behind the limits of a solved plan."""

    def __init__(self, solution: Solution, terms: Purchasing) -> None:
        self.data, self.solution, self.terms = solution.data, solution, terms
        self.form = solution.form
        self._of_projects = self.data.project_options  # what they add is decided with the project
        self.column = {key: number for number, key in enumerate(self.form.columns)}
        self.row = {key: number for number, key in enumerate(self.form.rows)}
        self._prices_of_it: dict[tuple[str, int], tuple[float, float]] = {}

    def rows_of(self, constraint: str, where: str) -> list[Any]:
        """The indices of all rows of a limit in one place."""
        return self._by_place.get((constraint, where), [])

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], list[Any]]:
        found: dict[tuple[str, str], list[Any]] = {}
        for name, index in self.form.rows:
            if name in PRICES:
                found.setdefault((name, REGISTER[name].where(index)), []).append(index)
        return found

    def side(self, constraint: str, index: Any) -> float:
        """How much of the limit there is."""
        number = self.row[constraint, index]
        high = float(self.form.row_upper[number])
        return high if high < inf else float(self.form.row_lower[number])

    def users(self, constraint: str, index: Any) -> list[User]:
        """Assets that one more unit would let grow."""
        lets = REGISTER[constraint].lets
        found = lets(self.data, *(index if isinstance(index, tuple) else (index,))) if lets else ()
        return [(key, units) for key, units in found if key in self.column and key[1][:2] not in self._of_projects]

    def marginal(self, constraint: str, index: Any) -> User | None:
        """Of the assets that use the limit the first that pays least to other limits: the next unit goes to it."""
        used = [each for each in self.users(constraint, index) if self.solution.outcome.values[self.column[each[0]]] > NOISE]
        paid = [self._paid_elsewhere(key, (constraint, index)) / units for key, units in used]
        least = min(paid, default=0.0)
        tied = least + TIED * (1.0 + 1e3 * abs(least))
        return next((each for each, musd in zip(used, paid, strict=True) if musd <= tied), None)

    def share(self, row: Key, user: User) -> float:
        """The part of a limit in what its next unit pays to all limits: more of one gains little where others are short too."""
        key, units = user
        paid = self.price(row) * units
        return paid / (paid + max(0.0, self._paid_elsewhere(key, row))) if paid > 0 else 0.0

    def _paid_elsewhere(self, key: Key, but: Key) -> float:
        matrix, number, duals = self.form.matrix, self.column[key], self.solution.outcome.duals
        paid = 0.0
        for at in range(matrix.indptr[number], matrix.indptr[number + 1]):
            row = int(matrix.indices[at])
            if self.form.rows[row] != but and REGISTER[self.form.rows[row][0]].kind == "limit":
                paid -= float(matrix.data[at]) * float(duals[row])
        return paid

    def own_musd(self, key: Key) -> float:
        """What one unit costs by itself until the end, discounted."""
        return float(self.form.cost[self.column[key]])

    def capital_musd(self, each: Added) -> float:
        """What an addition costs in full; halls nothing where the cost scope leaves them out."""
        d, (name, index) = self.data, each.key
        if name == "build_mw":
            usd_per_kw = d.power_usd_per_kw[index[0], index[1]]
        elif name == "build_shell":
            usd_per_kw = d.hall_usd_per_kw.get(index[0], 0.0)
        else:
            o, g, t = index
            usd_per_kw = d.kw_per_unit[g] * (d.satellite_usd_per_kw[o, t] + d.launch_usd_per_kw[o, t])
        return 1e-3 * each.units * usd_per_kw

    def speed_up_musd(self, constraint: str, index: Any) -> float | None:
        """The stated price of one unit more of a limit, discounted; None where none is stated."""
        row, d = REGISTER[constraint], self.data
        stated = self.terms.speed_up_usd_per_mw.get(row.speed_up, {})
        t = row.last_month(index, d)
        names = tuple(row.where(index).split(" / "))
        usd = stated.get((*names, d.months[t - 1]), stated.get(names))
        return None if usd is None else 1e-6 * usd * d.discount[t]

    def price(self, row: Key) -> float:
        """The price of a row, discounted million USD a unit; zero where there is no such row."""
        return self.solution.prices.get(row[0], {}).get(row[1], 0.0)

    def powered_mw(self, key: Key, t: int) -> float:
        """MW of IT that one unit of an asset powers in month t: its room, times its part in what the place is short of."""
        d, (name, index) = self.data, key
        if name == "deploy":
            o, g, v = index
            return d.kw_per_unit[g] * d.orbit_alive_frac.get((o, v, t), 0.0)
        r = index[0]
        power, halls = self._short_of(r, t)
        if not power + halls > TIED:
            return 0.0
        firm = d.firm_frac[r, index[1]] / (d.pue[r, t] * d.nameplate_frac[r]) if name == "build_mw" else 1.0
        return firm * (power if name == "build_mw" else halls) / (power + halls)

    def _short_of(self, r: str, t: int) -> tuple[float, float]:
        """What a MW of IT pays in a month for power, and for hall space."""
        if (r, t) not in self._prices_of_it:
            d = self.data
            power = d.pue[r, t] * (d.nameplate_frac[r] * self._price_of_firm(r, t) + self._price_of_output(r, t))
            self._prices_of_it[r, t] = power, self.price(fit_shell[r, t])
        return self._prices_of_it[r, t]

    def _price_of_firm(self, r: str, t: int) -> float:
        """Of a firm MW in a month, shared among owners as what is added is."""
        rights = (frac * self.price(respect_right[r, h, t]) for (s, h), frac in self.data.right_added_frac.items() if s == r)
        return self.price(house_chips[r, t]) + sum(rights)

    def _price_of_output(self, r: str, t: int) -> float:
        """Of a MW of output in a month, where every option of the place gives all that it can; zero where one has some left."""
        rows = ([respect_capacity[r, p, t, k] for s, p in self.data.options if s == r] for k in self.data.slices)
        return sum(min((self.price(row) for row in each if row in self.row), default=0.0) for each in rows)
