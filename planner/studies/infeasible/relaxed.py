"""A plan made ready for diagnosis: what the model leaves out because a number is zero gets its rows, and no more room."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models import REGISTER
from models.data import PlanData
from models.reach import first_month_in_stock
from models.records import Share
from models.share import requires
from planner.solve.compile.form import Form
from planner.solve.conflict import part

NEXT_TO_NOTHING = 1e-12  # far below what a solver can tell from zero


def opened(data: PlanData) -> tuple[PlanData, list[tuple[Share, tuple[int, ...]]]]:
    """The plan with a row for every limit that is zero and for every signature before its lead time; and the least shares that
    nothing may serve, with their months, which are left out: their rows would have no variable."""
    signed = {key: mw for key, mw in data.committed_mw.items() if mw > 0 and key not in data.step_mw}
    launched = {t: tonnes or NEXT_TO_NOTHING for t, tonnes in data.launch_t.items()}
    data = replace(
        data,
        step_mw={key: mw or NEXT_TO_NOTHING for key, mw in data.step_mw.items()} | signed,
        shell_step_mw={key: mw or NEXT_TO_NOTHING for key, mw in data.shell_step_mw.items()},
        launch_t=launched,
    )
    kept, empty = [], []
    for share in data.shares:
        reached = tuple(t for t in share.months if not requires(data, share) or _served(data, share, t))
        if len(reached) < len(share.months):
            empty.append((share, tuple(t for t in share.months if t not in reached)))
        if reached:
            kept.append(replace(share, months=reached))
    return replace(data, shares=tuple(kept)), empty


def hold_signed(form: Form, data: PlanData, before: PlanData) -> Form:
    """What is signed before its lead time comes as signed: no more of it, although `opened` gave it a row of growth."""
    upper = form.upper.copy()
    signed = {key for key in data.step_mw if key not in before.step_mw}
    for number, (name, index) in enumerate(form.columns):
        if name == "build_mw" and index in signed:
            upper[number] = before.committed_mw[index]
    return replace(form, upper=upper) if not np.array_equal(upper, form.upper) else form


def until(form: Form, data: PlanData, last: int) -> Form:
    """The rows that speak of no month after ``last``."""
    return part(
        form, [number for number, (name, index) in enumerate(form.rows) if REGISTER[name].last_month(index, data) <= last]
    )


def is_open(data: PlanData) -> bool:
    """Whether `opened` would change nothing."""
    other, empty = opened(data)
    return not empty and other == data


def _served(data: PlanData, share: Share, t: int) -> bool:
    """Whether any work that a share speaks of may be done in any of its places in the month."""
    stocked = first_month_in_stock(data)
    holds = {x for x, g in data.placeable if g in stocked} | {
        r for (r, _), kunit in data.start_installed_kunit.items() if kunit
    }
    holds |= {r for r, *_ in data.arriving_kunit}
    flies = {o for (o, v, s), frac in data.orbit_service_frac.items() if s == t and frac > 0 and data.launch_t.get(v, 0.0) > 0}
    flies |= {o for o, _, s in data.start_service_kunit if s == t}
    holds = {x for x in holds if x not in data.designs or x in flies} | flies
    pools, places = set(share.pools), set(share.places)
    return any((z, w) in pools and x in places and x in holds for z, w, x in data.servable)
