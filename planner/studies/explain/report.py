"""The whole explanation of a run: limits, regions, what is not used, and, where asked, what rests on estimates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from models import PRICES
from planner.prepare.plan_data import prepared
from planner.progress import Progress
from planner.studies.explain.estimates import Effect, by_source, effects, shares
from planner.studies.explain.limits import Binding, as_record, binding_limits, bracketed, limits_of, never_binding
from planner.studies.explain.market import Market
from planner.studies.explain.projects import Turned, as_record as project_record, turned_projects
from planner.studies.explain.remedies import CONFIRMED, Confirmed, confirmed_table, remedies_of
from planner.studies.explain.reopened import OpenRun
from planner.studies.explain.sources import SourceEffect
from planner.studies.explain.unused import Unused, first_of_each, forced_in, unused_chips, unused_power
from planner.tables.limits import dearest_usd_per_h100e_h
from planner.tables.orbit_entry import entry_table

KIND_COLUMNS = ["constraint", "item", "places", "of_places", "first", "last", "low_usd", "high_usd", "unit", "rent_musd"]
REGION_COLUMNS = [
    *("region_id", "months_full", "firm_low_usd_per_mw_month", "firm_high_usd_per_mw_month"),
    *("compute_low_usd_per_h100e_h", "compute_high_usd_per_h100e_h", "energy_usd_per_mwh", "months_halls_full", "rent_musd"),
    "binds",
]


@dataclass(frozen=True)
class Explanation:
    """``limits``: all that bind, the dearest first; the first ``shown`` of them solved with one unit more and less.

    ``kinds``: limits gathered by what they are (KIND_COLUMNS). ``regions``: one row a region (REGION_COLUMNS), the highest rent
    first. ``unused``: what is left out: the nearest place of each option, then chips, then the rest. ``effects``: None where
    they were not asked for. ``projects``: whole projects, each with its choice turned. ``remedies``: what
    saves most above its cost first; solved again where that was asked for."""

    run: OpenRun
    shown: int
    limits: list[Binding]
    kinds: pd.DataFrame
    regions: pd.DataFrame
    unused: list[Unused]
    idle_limits: list[str]
    orbit: dict[str, Any] = field(default_factory=dict)
    effects: list[Effect] | None = None
    projects: list[Turned] = field(default_factory=list)
    remedies: list[Confirmed] = field(default_factory=list)

    @property
    def sources(self) -> list[SourceEffect]:
        """What rests on each publication and judgement; nothing where effects were not asked for."""
        return by_source(self.run, self.effects or [])

    def tables(self) -> dict[str, pd.DataFrame]:
        """Everything as tables for CSV; a table without rows is left out."""
        tables = {
            "remedies": confirmed_table(self.remedies),
            "limits": pd.DataFrame([as_record(limit) for limit in self.limits]),
            "kinds": self.kinds,
            "regions": self.regions,
            "unused": pd.DataFrame([_unused_record(each) for each in self.unused]),
            "projects": pd.DataFrame([project_record(each) for each in self.projects]),
        }
        if self.effects is not None:
            rows = [{name: value for name, value in each.record().items() if name != "parts_musd"} for each in self.effects]
            parts = [
                {
                    "input": each.input.name,
                    "quality": each.input.quality,
                    "key": key,
                    "name": name,
                    "ten_percent_more_musd": musd,
                }
                for each in self.effects
                for key, names in each.parts.items()
                for name, musd in names.items()
            ]
            sources = [each.record() for each in self.sources]
            tables |= {
                "effects": pd.DataFrame(rows),
                "effects_by_name": pd.DataFrame(parts),
                "effects_by_source": pd.DataFrame(sources, columns=["kind", "source", "rows", "ten_percent_more_musd"]),
            }
        return {name: table for name, table in tables.items() if len(table)}

    def record(self) -> dict[str, Any]:
        """Everything as JSON; the keys are always there, but for the dearest compute, which mode `energy` alone has."""
        d, dearest = self.run.data, self.dearest_usd_per_h100e_h
        return {
            "plan": self.run.plan.name,
            "boundary": d.boundary,
            "mode": d.mode,
            "vertex": self.run.solver is not None,
            **({} if dearest is None else {"dearest_usd_per_h100e_h": dearest}),
            "notices": list(self.run.notices),
            "remedies": [each.record() for each in self.remedies],
            "limits": [as_record(limit) for limit in self.limits],
            "kinds": self.kinds.to_dict("records"),
            "never_short": self.idle_limits,
            "regions": self.regions.to_dict("records"),
            "unused": [_unused_record(each) for each in self.unused],
            "projects": [project_record(each) for each in self.projects],
            "orbit": self.orbit or None,
            "effects": None if self.effects is None else [each.record() for each in self.effects],
            "effects_by_quality": None if self.effects is None else shares(self.effects),
            "effects_by_source": None if self.effects is None else [each.record() for each in self.sources],
        }

    @property
    def dearest_usd_per_h100e_h(self) -> float | None:
        """What the dearest compute costs that mode `energy` serves; None in mode `value`."""
        held = self.run.solution.held
        return None if held is None else dearest_usd_per_h100e_h(self.run.data, held.musd)


def explain_run(
    run: OpenRun, shown: int = 10, estimates: bool = False, progress: Progress | None = None, remedies: bool = False
) -> Explanation:
    """Explain a run. ``shown`` limits and as many runners-up are confirmed by solving again; with ``remedies`` the first
    of those too."""
    progress = progress or Progress()
    limits: list[Binding] = []
    unused: list[Unused] = []
    if run.solution.prices:
        limits = binding_limits(limits_of(run))
        growth = [limit for limit in limits if not limit.repeats]
        first = bracketed(run, growth[:shown], progress)
        limits = [*first, *growth[shown:], *(limit for limit in limits if limit.repeats)]
        power = unused_power(run)
        nearest = first_of_each(power)
        rest = [item for item in power if item not in nearest]
        unused = [*forced_in(run, nearest, progress), *unused_chips(run), *rest]
    return Explanation(
        run=run,
        shown=shown,
        limits=limits,
        kinds=_kinds(run, limits),
        regions=_regions(run, limits),
        unused=unused,
        idle_limits=never_binding(run, limits) if run.solution.prices else [],
        orbit=_orbit(run),
        effects=effects(run, progress) if estimates else None,
        projects=turned_projects(run, shown, progress),
        remedies=remedies_of(run, CONFIRMED if remedies else 0, progress),
    )


def _kinds(run: OpenRun, limits: Sequence[Binding]) -> pd.DataFrame:
    """Limits of one kind together: growth of each option, supply of each, halls, nations and the rest."""
    groups: dict[tuple[str, str], list[Binding]] = {}
    for limit in limits:
        groups.setdefault((limit.constraint, limit.item), []).append(limit)
    rows = []
    for (constraint, item), members in groups.items():
        rows.append(
            (
                *(constraint, item, len(members), _count(run, constraint, item)),
                *(min(m.first for m in members), max(m.last for m in members)),
                *(min(m.low_usd for m in members), max(m.high_usd for m in members)),
                *(members[0].unit, sum(m.rent_musd for m in members)),
            )
        )
    frame = pd.DataFrame(rows, columns=KIND_COLUMNS)
    return frame.sort_values("rent_musd", ascending=False, kind="stable").reset_index(drop=True)


def _count(run: OpenRun, constraint: str, item: str) -> int:
    """In how many places there is such a limit."""
    places = set()
    for name, index in run.solution.form.rows:
        if name == constraint:
            parts = tuple(part for part in (index if isinstance(index, tuple) else (index,)) if isinstance(part, str))
            if not item or item in parts:
                places.add(parts)
    return len(places)


def _regions(run: OpenRun, limits: Sequence[Binding]) -> pd.DataFrame:
    """What each region's firm power, compute and energy are worth, and how many months each of its limits binds."""
    d, market = run.data, Market(run.solution)
    rows: list[tuple[object, ...]] = []
    months = range(1, len(d.horizon) + 1)
    if not run.solution.prices:
        return pd.DataFrame(rows, columns=REGION_COLUMNS)
    count: dict[str, dict[str, int]] = {}
    for limit in limits:
        if limit.is_growth:
            held = count.setdefault(limit.where.split(" / ")[0], {})
            held[limit.item or PRICES[limit.constraint].title] = limit.months
    for r in d.regions:
        firm = [market.firm_usd_per_mw_month(r, t) for t in months]
        halls = [market.hall_usd_per_mw_month(r, t) for t in months]
        compute = [market.compute_usd_per_h100e_h(r, t) for t in months]
        energy = [market.energy_usd_per_mwh(r, t) for t in months]
        rent = sum(d.discount[t] * 1e-6 * firm[t - 1] * _firm_mw(run, r, t) for t in months)
        binds = "; ".join(f"{name} {number}" for name, number in sorted(count.get(r, {}).items(), key=lambda item: -item[1]))
        rows.append(
            (
                *(r, sum(usd > 1 for usd in firm), min(firm), max(firm), min(compute), max(compute)),
                *(sum(energy) / len(energy), sum(usd > 1 for usd in halls), rent, binds),
            )
        )
    frame = pd.DataFrame(rows, columns=REGION_COLUMNS)
    return frame.sort_values("rent_musd", ascending=False, kind="stable").reset_index(drop=True)


def _firm_mw(run: OpenRun, r: str, t: int) -> float:
    d, held = run.data, run.solution.values["capacity"]
    return sum(d.firm_frac[r, p] * held.get((r, p, t), 0.0) for s, p in d.options if s == r)


def _orbit(run: OpenRun) -> dict[str, Any]:
    """The design and month in which orbit is closest, with the tonnes that there are; empty where nothing flies or could."""
    d = run.data
    if not d.designs or not run.solution.prices:
        return {}
    entry = entry_table(run.solution, prepared(run.plan).launches)
    entry = entry[entry["flip_value_factor"].notna()]
    if entry.empty:
        return {}
    rows = entry.to_dict("records")
    best = rows[int(entry["flip_value_factor"].to_numpy(dtype=float).argmin())]
    deployed = run.solution.values["deploy"].items()
    flown = sum(kunit for (x, _, t), kunit in deployed if x in d.designs and t <= len(d.horizon))
    tonnes = d.launch_t.get(d.months.index(str(best["month"])) + 1, 0.0)
    return {**{str(name): value for name, value in best.items()}, "tonnes": tonnes, "flies": bool(flown > 1e-6)}


def _unused_record(each: Unused) -> dict[str, Any]:
    """One thing left out as JSON."""
    return {**vars(each), "gap_usd": each.gap_usd, "gap_frac": each.gap_frac}
