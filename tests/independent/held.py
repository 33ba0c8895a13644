"""The months after the horizon, from plans without a look-ahead: what `docs/look-ahead.md` says that inputs hold there."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.data import PlanData
from planner.plan.plan import Plan
from planner.prepare.plan_data import prepare
from planner.read.load import load

MONTH_COMES = {  # in the keys of what holds as in the last month
    "demand_kh100e": 2,
    "shape_frac": 2,
    "power_availability_frac": 2,
    "energy_usd_per_mwh": 2,
    "link_gbit_s": 1,
}
UNTIL_THE_NEXT_ROW = "delivered_kunit supply_mw launch_t satellite_factory_mw".split()
STATED_OF = {"delivered_kunit": "deliveries", "supply_mw": "supply", "launch_t": "launch", "satellite_factory_mw": "launch"}
GROWING = {
    "step_mw": ("power", ("region_id", "option_id"), "step_growth_frac_per_year"),
    "shell_step_mw": ("regions", ("region_id",), "shell_step_growth_frac_per_year"),
}


def held(path: Path, sets: Sequence[str], months: int, ahead: int, longer: Path | None = None) -> PlanData:
    """A plan of months and look-ahead, as one horizon whose inputs hold from the last of ``months`` on.

    ``longer``: the same plan with rows for all these months, where it has none itself."""
    plan = load(path, [*sets, f"months={months}"])
    short, whole = prepare(plan), prepare(load(longer or path, [*sets, f"months={months + ahead}"]))
    later = range(months + 1, months + ahead + 1)
    changes: dict[str, Any] = {name: _last(getattr(short, name), months, later, place) for name, place in MONTH_COMES.items()}
    for name in UNTIL_THE_NEXT_ROW:
        changes[name] = _until_next(getattr(whole, name), later, _stated(plan, name, whole.months))
    for name, (table, keys, growth) in GROWING.items():
        frac = {tuple(row[:-1]): row[-1] for row in plan.tables[table].select(*keys, growth)}
        steps = getattr(whole, name)
        changes[name] = {key: mw * (1 + frac[tuple(key[:-1])]) ** (min(0, months - key[-1]) / 12) for key, mw in steps.items()}
    for name in ("right_start_frac", "right_added_frac"):
        changes[name] = getattr(short, name)
    return dataclasses.replace(whole, **changes)


def _last(values: Mapping[Any, float], last: int, later: range, place: int) -> dict[Any, float]:
    """As in the last month of the horizon."""
    found = dict(values)
    for key, value in values.items():
        if key[place] == last:
            found |= {(*key[:place], t, *key[place + 1 :]): value for t in later}
    return found


def _stated(plan: Plan, name: str, months: tuple[str, ...]) -> set[Any]:
    """Keys that have a row of their own in the table."""
    table = plan.tables[STATED_OF[name]]
    number = {month: t for t, month in enumerate(months, start=1)}
    keys = {"delivered_kunit": ("generation_id",), "supply_mw": ("option_id",)}.get(name, ())
    return {(*row[:-1], number[row[-1]]) for row in table.select(*keys, "month") if row[-1] in number}


def _until_next(values: Mapping[Any, float], later: range, stated: set[Any]) -> dict[Any, float]:
    """A row of a later month counts, and holds until the next; without one, the month before."""
    found = {key if isinstance(key, tuple) else (key,): value for key, value in values.items()}
    for name in {key[:-1] for key in found} | {key[:-1] for key in stated}:
        for t in later:
            if (*name, t) not in stated and (*name, t - 1) in found:
                found[*name, t] = found[*name, t - 1]
    return {key if len(key) > 1 else key[0]: value for key, value in found.items()}
