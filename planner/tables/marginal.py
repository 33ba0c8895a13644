"""What one more megawatt-hour of IT energy would cost where chips run: the dual of the power balance, in natural units.

    marginal USD/MWh of IT = pue[r,t] * dual of balance_power[r,t,k] / (discount[t] * hours[t,k])

It is the marginal price of energy alone, given the plants, halls and chips of the month: the most expensive option in use, what
carbon costs it by price or cap, and the scarcity value of its capacity where that is exhausted. What it takes to house one more
chip is the scarcity value of `house_chips` and of the growth limits, not this.
"""

from __future__ import annotations

from models.power import balance_power
from planner.solve.solution import Solution

Marginal = dict[tuple[str, int], float]


def marginal_cost(solution: Solution) -> Marginal | None:
    """[r,t] the IT energy of a month at its marginal price, slice by slice: million USD of that month.

    Over the IT energy of any months and places this is the mean marginal price, weighted by energy drawn as the average cost
    is. None for a plan without prices: no proven optimum."""
    d = solution.data
    if not solution.prices:
        return None
    found = dict.fromkeys(((r, t) for r in d.regions for t in range(1, len(d.months) + 1)), 0.0)
    draw = draw_by_slice(solution)
    for (r, t, k), price in solution.prices.get(balance_power.name, {}).items():
        found[r, t] += price * d.pue[r, t] * draw.get((r, t, k), 0.0) / d.discount[t]
    return found


def draw_by_slice(solution: Solution) -> dict[tuple[str, int, int], float]:
    """[r,t,k] IT power that chips on Earth draw, running and idle, MW."""
    d = solution.data
    busy = {g: d.kw_per_unit[g] * d.draw_frac[g] for g in d.generations}
    housed: dict[tuple[str, int], float] = {}
    for (r, g, t), kunit in solution.values["installed"].items():
        housed[r, t] = housed.get((r, t), 0.0) + busy[g] * d.idle_frac[g] * kunit
    draw: dict[tuple[str, int, int], float] = {}
    for (r, g, t, k), kunit in solution.values["run"].items():
        draw[r, t, k] = draw.get((r, t, k), housed.get((r, t), 0.0)) + busy[g] * (1.0 - d.idle_frac[g]) * kunit
    return draw
