"""Ways out that no right-hand side shows: who may serve whom, and from when on. Each is tried on the plan read again."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from models import REGISTER
from models.continuity import keep_service
from models.data import PlanData
from models.demand import serve_demand
from models.fleet import conserve_fleet, house_chips
from models.halls import conserve_shell, fit_shell
from models.network import limit_downlink
from models.owners import respect_right
from models.power import conserve_capacity
from models.share import limit_share, require_share
from models.target import require_target
from planner.plan.latency import Latency
from planner.plan.plan import Plan
from planner.schema.fields import cell_text
from planner.schema.table_schema import SITE
from planner.studies.infeasible.diagnosis import Change, Standing, WayOut
from planner.studies.infeasible.ways import cell, confirmed

DOWNLINKS = [1.02**n for n in range(1, 400)]


@dataclass(frozen=True)
class Trial:
    """One number of the input with the values to try, from what changes least to what changes most."""

    table: str
    key: tuple[str, ...]
    column: str
    words: str
    values: Sequence[Any]
    unit: str = ""

    @property
    def target(self) -> str:
        return f"{self.table}[{','.join(self.key)}].{self.column}" if self.table else self.column

    def now(self, plan: Plan) -> Any:
        return plan.tables[self.table].value(self.column, *self.key) if self.table else plan.setting(self.column)

    def standing(self, plan: Plan) -> Standing:
        if not self.table:
            return Standing(self.words, self.target, self.now(plan), "", plan.setting_place(self.column))
        table = plan.tables[self.table]
        place = table.place(table.index[self.key], self.column)
        return Standing(self.words, self.target, cell_text(self.now(plan)), self.unit, place)


def trials(plan: Plan, data: PlanData, rows: Sequence[tuple[str, Any]], empty: Sequence[str]) -> list[Trial]:
    """What may be tried for a conflict between these rows; ``empty``: shares that nothing may serve."""
    none = [Trial("shares", (s,), "min_frac", f"least share {s}", [0.0]) for s in empty]
    first = [*_forbidden(data, rows), *none, *_shares_of_served(data, rows), *_closings(data, rows)]
    steady = dict.fromkeys(w for _, w, _ in keep_service.among(rows))
    fall = "max_fall_frac_per_month"
    falls = [
        Trial("classes", (w,), fall, f"how fast {w} may fall", _percents_above(data.max_fall_frac_per_month[w])) for w in steady
    ]
    moved = [*_reach(plan, data, rows, empty), *_times(plan, data, rows), *_rights(rows), *_downlinks(data, rows)]
    return [*first, *falls, *moved]


def tried_ways(plan: Plan, found: Sequence[Trial], ends: float) -> tuple[list[WayOut], list[str]]:
    """The first value of each trial that leaves a plan; and the words of those for which time was up."""
    ways, left = [], []
    for trial in found:
        low, high = -1, len(trial.values) - 1
        if time.perf_counter() >= ends:
            left.append(trial.words)
        elif _works(plan, trial, high, ends):
            while high - low > 1 and time.perf_counter() < ends:
                middle = (low + high) // 2
                low, high = (low, middle) if _works(plan, trial, middle, ends) else (middle, high)
            ways.append(_way(plan, trial, high))
    return ways, left


def _works(plan: Plan, trial: Trial, position: int, ends: float) -> bool:
    return confirmed(plan, [_override(trial, position)], ends - time.perf_counter())


def _override(trial: Trial, position: int) -> str:
    value = trial.values[position]
    return f"{trial.target}={value if isinstance(value, str) else cell(value)}"


def _way(plan: Plan, trial: Trial, position: int) -> WayOut:
    now, then = trial.now(plan), trial.values[position]
    number = isinstance(now, int | float) and not isinstance(then, str | tuple)
    share = abs(then - now) / now if number and now else 1.0
    change = Change(trial.words, _override(trial, position), trial.column, now, then, trial.unit, False)
    return WayOut((change,), share, "limit" if trial.column.endswith("_months") else "requirement")


def _reach(plan: Plan, data: PlanData, rows: Sequence[tuple[str, Any]], empty: Sequence[str]) -> Iterator[Trial]:
    """Latency, residency and eligibility of the classes that a place could serve if it were allowed."""
    asked = {index[:2] for index in serve_demand.among(rows)}
    shares = {s for s, _ in require_share.among(rows)} if asked else set()
    aimed = {target for target, _ in require_target.among(rows)}
    asked |= {pool for target in data.targets if target.target_id in aimed for pool in target.pools}
    asked |= {pool for share in data.shares if share.share_id in shares | set(empty) for pool in share.pools}
    zones = plan.tables["zones"]
    latency = Latency(plan.settings, plan.tables)
    bloc_of = zones.mapping("zone_id", "bloc")
    blocs = tuple(sorted({*plan.tables["regions"].column("bloc"), *plan.tables["designs"].column("bloc")}))
    for w, limit, flies in plan.tables["classes"].select("class_id", "latency_ms", "orbit"):
        mine = [z for z, c in asked if c == w]
        if not mine:
            continue
        if limit is not None:
            trips = {round(latency.between(z, place).round_trip_ms + 0.05, 1) for z in mine for place in data.regions}
            farther = sorted(ms for ms in trips if ms > limit)
            if farther:
                yield Trial("classes", (w,), "latency_ms", f"longest round trip of {w}", farther, "ms")
        if flies == "no" and data.designs:
            yield Trial("classes", (w,), "orbit", f"whether orbit may serve {w}", ["yes"])
        for bloc in sorted({bloc_of.get(z, z) for z in mine}):
            if (w, bloc) in plan.tables["residency"].index:
                yield Trial("residency", (w, bloc), "to_blocs", f"where {w} of {bloc} may go", [blocs])


def _times(plan: Plan, data: PlanData, rows: Sequence[tuple[str, Any]]) -> Iterator[Trial]:
    """Lead times and commissioning in the regions of the conflict."""
    short_of_power = {r for r, *_ in (*house_chips.among(rows), *conserve_capacity.among(rows))}
    short_of_halls = {r for r, _ in (*fit_shell.among(rows), *conserve_shell.among(rows))}
    short_of_chips = {r for r, _, _ in conserve_fleet.among(rows)}
    for r, p, lead in plan.tables["power"].select("region_id", "option_id", "lead_months"):
        if r in short_of_power and lead:
            earlier = range(min(lead, len(data.months)) - 1, -1, -1)
            yield Trial("power", (r, p), "lead_months", f"lead time of {r}, {p}", list(earlier), "months")
    columns = ("region_id", "shell_lead_months", "commission_months")
    for r, lead, commission in plan.tables["regions"].select(*columns):
        if r in short_of_halls and lead:
            earlier = range(min(lead, len(data.months)) - 1, -1, -1)
            yield Trial("regions", (r,), "shell_lead_months", f"lead time of halls in {r}", list(earlier), "months")
        if r in short_of_chips and commission:
            earlier = range(commission - 1, -1, -1)
            yield Trial("regions", (r,), "commission_months", f"commissioning in {r}", list(earlier), "months")


def _closings(data: PlanData, rows: Sequence[tuple[str, Any]]) -> Iterator[Trial]:
    """Whether a region of the conflict closes: one of which its rows or its shares speak."""
    short = {REGISTER[name].named(index).get("place") for name, index in rows}
    required = {s for s, _ in require_share.among(rows)}
    short |= {place for share in data.shares if share.share_id in required for place in share.places}
    for r, t in data.closing_month.items():
        if r in short:
            yield Trial("commitments", (r, SITE, data.months[t - 1]), "status", f"that {r} closes", ["cancelled"])


def _forbidden(data: PlanData, rows: Sequence[tuple[str, Any]]) -> Iterator[Trial]:
    if not data.unserved_allowed and serve_demand.among(rows):
        yield Trial("", (), "unserved", "that all demand must be served", ["allowed"])


def _shares_of_served(data: PlanData, rows: Sequence[tuple[str, Any]]) -> Iterator[Trial]:
    """In steps of a percent, where it moves coefficients: what is served is not fixed."""
    for share in data.shares if data.unserved_allowed else ():
        s = share.share_id
        if share.of == "served" and share.min_frac and any(s == of for of, _ in require_share.among(rows)):
            down = [percent / 100 for percent in range(math.ceil(100 * share.min_frac) - 1, -1, -1)]
            yield Trial("shares", (s,), "min_frac", f"least share {s}", down)
        if share.of == "served" and share.max_frac is not None and any(s == of for of, _ in limit_share.among(rows)):
            yield Trial("shares", (s,), "max_frac", f"greatest share {s}", _percents_above(share.max_frac))


def _percents_above(frac: float) -> list[float]:
    return [percent / 100 for percent in range(math.floor(100 * frac) + 1, 101)]


def _rights(rows: Sequence[tuple[str, Any]]) -> Iterator[Trial]:
    if respect_right.among(rows):
        yield Trial("", (), "owners.power", "whose chips may use whose power", ["shared"])


def _downlinks(data: PlanData, rows: Sequence[tuple[str, Any]]) -> Iterator[Trial]:
    for o in dict.fromkeys(o for o, _ in limit_downlink.among(rows)):
        now = data.downlink_gbit_s_per_mw[o]
        if now:
            values = [float(f"{now * factor:.6g}") for factor in DOWNLINKS]
            yield Trial("designs", (o,), "downlink_gbit_s_per_mw", f"downlink of {o}", values, "Gbit/s per MW")
