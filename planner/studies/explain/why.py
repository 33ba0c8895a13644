"""Why one place in one month, or one value of the plan, is as it is: prices, limits, an account, and the inputs behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from models import REGISTER
from models.nations import limit_national_growth
from models.power import limit_technology_supply
from planner.errors import UsageError
from planner.prepare.plan_data import prepared
from planner.progress import Progress
from planner.solve.solution import NOISE
from planner.studies.explain.evidence import Evidence, behind
from planner.studies.explain.limits import Binding, as_record, binding_limits, bracketed, limits_of
from planner.studies.explain.market import Market
from planner.studies.explain.question import KEYS, PARTS, Question
from planner.studies.explain.reopened import OpenRun
from planner.studies.explain.unused import power_in
from planner.tables.orbit_entry import entry_table
from planner.tables.slices import slice_ids

VARIABLES = {
    "power": ("build_mw", "MW built"),
    "fleet": ("deploy", "thousand chips deployed"),
    "chips": ("dark", "thousand chips left dark"),
    "halls": ("build_shell", "MW of hall built"),
    "serve": ("serve", "thousand H100e served"),
    "demand": ("unserved", "thousand H100e left unserved"),
}
"""The decision behind a row of a table of results, and one unit of it in words."""

DUST_USD = 0.005


@dataclass(frozen=True)
class Entry:
    """One line of an account, USD of the month per unit: positive is what the unit earns, negative what it pays."""

    item: str  # own_cost, or the constraint
    where: str
    usd: float


@dataclass(frozen=True)
class OptionState:
    """An option of power in a region and month. ``state``: limited, outbid, early, closed or dear; see `_option_state`."""

    option: str
    state: str
    built_mw: float
    most_mw: float
    capacity_mw: float
    first_month: str  # in which it may be built at all
    gap_usd: float  # what one more MW would lose, USD of the month
    outbid_by: str  # the shared limit that takes its place


@dataclass(frozen=True)
class Why:
    """An answer. ``rows``: the values asked about, by table. ``account``: of one more unit, where one value is asked about.
    ``notices``: what to know of the run before any of it; ``inputs``: the tables of its plan, which name things."""

    question: Question
    rows: dict[str, pd.DataFrame]
    prices: dict[str, float]
    limits: list[Binding]
    options: list[OptionState]
    evidence: list[Evidence]
    account: list[Entry] = field(default_factory=list)
    unit: str = ""
    value: float | None = None
    orbit: dict[str, Any] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    inputs: dict[str, dict[str, list[Any]]] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """As JSON; the keys are always there."""
        return {
            "question": vars(self.question),
            "notices": list(self.notices),
            "rows": {name: frame.to_dict("records") for name, frame in self.rows.items()},
            "prices": self.prices,
            "limits": [as_record(limit) for limit in self.limits],
            "options": [vars(option) for option in self.options],
            "unit": self.unit,
            "value": self.value,
            "account": [vars(entry) for entry in self.account],
            "orbit": self.orbit or None,
            "inputs": [vars(each) for each in self.evidence],
        }


def why(run: OpenRun, question: Question, progress: Progress | None = None) -> Why:
    """Answer a question about a run. Raises UsageError where the value asked about does not exist in this plan."""
    progress = progress or Progress()
    rows = _rows(run, question)
    limits = _limits(run, question, progress)
    t = run.data.months.index(question.month) + 1
    evidence, prices = behind(run, question), _prices(run, question.place, t)
    about: dict[str, Any] = {"notices": tuple(run.notices)}
    about["inputs"] = run.plan.columns
    if question.table:
        account, unit, value = _account(run, question, t)
        return Why(question, rows, prices, limits, [], evidence, account, unit, value, **about)
    options = [] if question.place in run.data.designs else _options(run, question.place, t)
    return Why(question, rows, prices, limits, options, evidence, orbit=_orbit(run, question), **about)


def _rows(run: OpenRun, q: Question) -> dict[str, pd.DataFrame]:
    """What the written tables say."""
    if q.table:
        wanted = {_column(q.table, part): q.part(part) for part in KEYS[q.table]}
        return {q.table: _filtered(run, q.table, wanted)}
    found = {}
    for name in ("fleet", "power", "halls", "orbit"):
        wanted = {_column(name, "place"): q.place, "month": q.month}
        if (name == "orbit") == (q.place in run.data.designs) or name == "fleet":
            found[name] = _filtered(run, name, wanted)
    found["serve"] = _filtered(run, "serve", {"place_id": q.place, "month": q.month})
    found["costs"] = _filtered(run, "costs", {"place_id": q.place, "month": q.month})
    return found


def _column(table: str, part: str) -> str:
    if part == "place":
        return {"power": "region_id", "halls": "region_id", "orbit": "design_id"}.get(table, "place_id")
    return PARTS[part]


def _filtered(run: OpenRun, table: str, wanted: dict[str, str]) -> pd.DataFrame:
    path = run.folder / "tables" / f"{table}.csv"
    if not path.is_file():
        raise UsageError(f"{path}: no such file; is {run.folder} a whole result of this planner?")
    try:
        frame = pd.read_csv(path, dtype=dict.fromkeys(wanted, str), keep_default_na=False)
        for column, value in wanted.items():
            frame = frame[frame[column] == value]
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(f"{path}: cannot be read as a table of results ({error})") from error
    return frame.reset_index(drop=True)


def _prices(run: OpenRun, place: str, t: int) -> dict[str, float]:
    """What things cost in the place and month, at the plan's own prices."""
    if not place or not run.solution.prices:
        return {}
    market = Market(run.solution)
    found = {"compute_usd_per_h100e_h": market.compute_usd_per_h100e_h(place, t)}
    if place in run.data.regions:
        found |= {
            "energy_usd_per_mwh": market.energy_usd_per_mwh(place, t),
            "firm_power_usd_per_mw_month": market.firm_usd_per_mw_month(place, t),
            "hall_usd_per_mw_month": market.hall_usd_per_mw_month(place, t),
        }
    return found


def _limits(run: OpenRun, q: Question, progress: Progress) -> list[Binding]:
    """Limits with a price that speak of what is asked about, in that month (or the plan year that it is in)."""
    if not run.solution.prices:
        return []
    d, table = run.data, limits_of(run)
    year = d.plan_year[d.months.index(q.month) + 1]
    year_end = d.months[max(t for t, each in d.plan_year.items() if each == year) - 1]
    yearly = table["constraint"].map(lambda name: REGISTER[name].has("year")).astype(bool)
    table = table[table["month"] == np.where(yearly, year_end, q.month)]
    options = {p for r, p in d.options if r == q.place and q.option in ("", p)}
    items = options | ({h for r, h in d.right_added_frac if r == q.place} if not q.option else set())
    names = {q.place} | {f"{q.place} / {each}" for each in items} | options | {d.country.get(q.place, "")} - {""}
    everywhere = {""} if q.place in d.designs or q.table == "launch" else set()
    kept = table[table["where"].isin(names | everywhere)]
    return bracketed(run, binding_limits(kept), progress)


def _options(run: OpenRun, place: str, t: int) -> list[OptionState]:
    return [_option_state(run, place, p, t) for r, p in run.data.options if r == place]


def _option_state(run: OpenRun, r: str, p: str, t: int) -> OptionState:
    """Why no more of an option is built in the month.

    ``early``: before its lead time. ``closed``: it may not grow at all. ``project``: it is a project's, and has no pace.
    ``limited``: all that may be built is. ``outbid``: a limit that several share gives its megawatts to others. ``dear``: one
    more would cost more than it gives."""
    d, market, values = run.data, Market(run.solution), run.solution.values
    built = values["build_mw"].get((r, p, t), 0.0)
    before = values["capacity"].get((r, p, t - 1), 0.0)
    most = d.step_mw.get((r, p, t), 0.0) + d.growth_frac_per_month[r, p] * before if (r, p, t) in d.step_mw else 0.0
    months = [s for s in range(1, len(d.months) + 1) if d.step_mw.get((r, p, s), 0.0) > 0]
    shared = {limit_technology_supply.name: market.musd(limit_technology_supply[p, t])}
    if p in d.national_options:
        shared[limit_national_growth.name] = market.musd(limit_national_growth[d.country[r], d.plan_year[t]])
    outbid = max(shared, key=lambda name: shared[name])
    _, own, taken, worth = power_in(market, r, p, t)
    if (r, p) in d.project_options:
        state = "project"
    elif (r, p, t) not in d.step_mw or not most:
        state = "early" if months and t < months[0] else "closed"
    elif built >= most * (1 - 1e-9) - NOISE:
        state = "limited"
    else:
        state = "outbid" if shared[outbid] > 0 and worth > own else "dear"
    first = d.months[months[0] - 1] if months else ""
    gap = market.usd(t, own + taken - worth)
    capacity = values["capacity"].get((r, p, t), 0.0)
    return OptionState(p, state, built, most, capacity, first, gap, outbid if shared[outbid] > 0 else "")


def _account(run: OpenRun, q: Question, t: int) -> tuple[list[Entry], str, float | None]:
    """Cost of one more unit of a decision, and what each row that it stands in gives or takes for it."""
    if q.table not in VARIABLES:
        return [], "", None
    name, unit = VARIABLES[q.table]
    index = (*(q.part(part) for part in KEYS[q.table] if part != "month"), t)
    held = run.solution.values.get(name, {})
    key: Any = index if len(index) > 1 else index[0]
    if key not in held and q.table in ("power", "fleet", "serve"):
        words = ", ".join(f"{part} = {q.part(part)}" for part in KEYS[q.table])
        raise UsageError(
            f"--why {words}: this plan has no such decision (it cannot be there: lead time, export rule or latency)"
        )
    form = run.solution.form
    try:
        column = form.columns.index((name, key))
    except ValueError:  # fixed: nothing to decide
        return [], unit, held.get(key)
    if not run.solution.prices:
        return [], unit, held.get(key)
    months, usd = run.data.months, 1e6 / run.data.discount[t]
    slices = slice_ids(run.data) if len(run.data.slices) > 1 else {}
    entries = [Entry("own_cost", "", -usd * float(form.cost[column]))]
    for at in range(form.matrix.indptr[column], form.matrix.indptr[column + 1]):
        row = int(form.matrix.indices[at])
        gives = usd * float(form.matrix.data[at]) * float(run.solution.outcome.duals[row])
        constraint, where = form.rows[row]
        entries.append(Entry(constraint, ", ".join(REGISTER[constraint].words(where, months, slices)), gives))
    kept = [entry for entry in entries if abs(entry.usd) >= DUST_USD]
    return sorted(kept, key=lambda entry: -abs(entry.usd)), unit, held.get(key)


def _orbit(run: OpenRun, q: Question) -> dict[str, Any]:
    """How far a design is from paying when launched in the month."""
    if q.place not in run.data.designs:
        return {}
    entry = entry_table(run.solution, prepared(run.plan).launches)
    rows = entry[(entry["design_id"] == q.place) & (entry["month"] == q.month)].to_dict("records")
    return {str(name): value for name, value in rows[0].items()} if rows else {}
