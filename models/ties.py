"""Ties: of all plans of least cost, the one whose work keeps to the order of the tables.

    minimise  sum over z, w, x, t of  weight[t] * (classes from w on) * (position of x) * serve[z,w,x,t]

A place does not care whose work it does, so many maps of the work cost the same, and a solver returns any: a small change
of the input could move half of it. Of these maps the one is taken in which the classes first in their table are at the places
first in theirs, regions before designs; who asks first breaks what is then still tied. Early months count more, so that what
comes after the horizon hardly matters. Places of chips are tied too: chips go with the work, in plans that are not too large.
What is served, built, ordered and bought stays as it is, and so does every price. Without a price of moves ties stay.
"""

from __future__ import annotations

from typing import Any

from models.data import PlanData

WORK = ("serve", "work", "left", "shift", "waiting")
"""Variables that say where and when work is done."""
CHIPS = (
    *("deploy", "installed", "retire", "dark", "displaced", "installed_old", "retire_old", "end_old", "run", "orbit_run"),
    *("deploy_of", "installed_of", "retire_of", "dark_of", "output", "charge", "stored"),
)
"""Variables that say where chips stand, which of them run, and what feeds them."""
EARLY, LATE = 0.85, 1e-3  # weight of a month, that of the month before being 1; the least weight beside that of the first
BY_POOL = 1e-5  # of a position of who asks, beside one of a class


def preference(d: PlanData) -> dict[tuple[str, Any], float]:
    """What to minimise over the plans of least cost, by variable and index. Empty for a plan without prices of moves."""
    if not d.move_usd_per_h100e:
        return {}
    place = {x: position for position, x in enumerate((*d.regions, *d.designs), start=1)}
    rank = {w: len(d.classes) - position for position, w in enumerate(d.classes)}
    pools = {z: position for position, z in enumerate(dict.fromkeys(z for z, _, _ in d.demand_kh100e), start=1)}
    count = len(pools)
    weight = {t: max(LATE, EARLY ** (t - 1)) for t in range(1, len(d.months) + 1)}
    return {
        ("serve", (z, w, x, t)): weight[t] * place[x] * (rank[w] + BY_POOL * (count - pools[z]))
        for z, w, x in d.servable
        for t in weight
    }
