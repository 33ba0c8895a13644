"""Why the distance of orbit may be the same under both boundaries: where nothing that it is held against holds a hall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from planner.solve.solution import Solution

SAME = 1e-6


@dataclass(frozen=True)
class Rivals:
    """What one launch is held against, from the prices of a solved plan. ``value_usd_per_h100e_h``: least and greatest value of
    the work that it would serve, where in every month that work is at the margin left unserved, else None; ``chip_stays_dark``:
    one more chip would be worth nothing anywhere else."""

    value_usd_per_h100e_h: tuple[float, float] | None
    chip_stays_dark: bool

    @property
    def without_halls(self) -> bool:
        return self.value_usd_per_h100e_h is not None and self.chip_stays_dark


def rivals(solution: Solution, launch: dict[str, Any]) -> Rivals:
    """``launch``: one row of the table of entry."""
    d, prices = solution.data, solution.prices["serve_demand"]
    o, v = launch["design_id"], d.months.index(launch["month"]) + 1
    values: list[float] = []
    unserved = True
    for t in range(v, len(d.months) + 1):
        if not d.orbit_service_frac.get((o, v, t)):
            continue
        hours = sum(d.hours_h[t, k] for k in d.slices)
        offers = [
            (price - 1e-6 * d.discount[t] * d.network_usd_per_kh100e_month[z, w, o], price, w)
            for z, w, x in d.servable
            if x == o and (price := prices.get((z, w, t), 0.0)) > 0
        ]
        _, price, w = max(offers, default=(0.0, 0.0, ""))
        usd = 1e3 * price / d.discount[t] / hours
        worth = (by_class[w] for by_class in (d.value_usd_per_h100e_h, d.core_value_usd_per_h100e_h) if w)
        unserved = unserved and any(abs(usd - each) <= SAME * each for each in worth)
        values.append(usd)
    elsewhere = -solution.prices["conserve_chips"][launch["generation_id"], v]
    return Rivals((min(values), max(values)) if values and unserved else None, elsewhere <= SAME)


def agreement(found: list[tuple[Solution, dict[str, Any] | None]]) -> str:
    """Why the closest launch is as far away under each boundary, in a sentence: empty where it is not, or for another reason.

    ``found``: each boundary's solution with its closest launch, a row of the table of entry."""
    launches = [launch for _, launch in found if launch is not None]
    if len(launches) < len(found):
        return ""
    first = launches[0]
    alike = all(
        abs(float(one[name]) - float(first[name])) <= SAME * abs(float(first["cost_usd_per_kw"]))
        for one in launches
        for name in ("gap_usd_per_kw", "cost_usd_per_kw")
    )
    held = [rivals(solution, launch) for solution, launch in zip((each for each, _ in found), launches, strict=True)]
    if not alike or not all(one.without_halls for one in held):
        return ""
    low, high = (pick(end for one in held if (span := one.value_usd_per_h100e_h) for end in span) for pick in (min, max))
    worth = f"{low:,.2f}" if high - low <= SAME * high else f"{low:,.2f} to {high:,.2f}"
    return (
        f"the boundaries agree: orbit is held against work left unserved, worth {worth} USD per H100e-hour, and a chip that "
        "stays dark; neither holds a hall"
    )
