"""Where orbit becomes the cheapest place for the next chip, or how far it is from it: each threshold confirmed on both sides.

Duals give a first guess; the plan is then solved again a little below and a little above it. Where the guess does not
hold (the plan bends before the threshold is reached), the threshold is searched by bisection. Every re-solve starts from the
last basis, and each search from that of the plan.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from models.data import PlanData
from models.demand import serve_demand
from models.fleet import conserve_chips
from models.orbit import limit_launch_mass
from planner.plan.plan import Plan
from planner.prepare.plan_data import Prepared, prepared
from planner.progress import Progress
from planner.schema.glossary import COST_SCOPES
from planner.solve.choices import decided
from planner.solve.highs import Basis
from planner.solve.session import Session
from planner.solve.solution import Solution
from planner.studies.jobs import Files, Job, Kept, Start, all_of, files_of, in_turn
from planner.studies.thresholds import FEWEST_MW, KNOBS, LAUNCH_PRICE, Knob, Threshold, flown, knobs, search
from planner.tables.orbit_entry import entry_table

COLUMNS = ["boundary", "knob", "flies", "factor_same", "factor_flipped"]
COLUMNS += ["value_now", "value_same", "value_flipped", "unit", "text"]
SAME = 1e-6


@dataclass(frozen=True)
class Crossover:
    """``thresholds``: one row a cost scope and number (COLUMNS). By cost scope ``entries``: the distance by month of launch;
    ``closest``: the row of the launch that is closest to paying; ``tonnes``: what more of them would do, in words.
    ``agreement``: why the cost scopes agree, in words; empty where they do not. ``inputs``: the tables of the plan, which name
    things."""

    thresholds: pd.DataFrame
    entries: dict[str, pd.DataFrame]
    closest: dict[str, dict[str, Any] | None]
    tonnes: dict[str, str]
    agreement: str
    inputs: dict[str, dict[str, list[Any]]]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Thresholds and distances, for CSV."""
        return {"crossover": self.thresholds} | {f"entry_{boundary}": entry for boundary, entry in self.entries.items()}


def crossover(plan: Plan, progress: Progress | None = None, start: Start = in_turn) -> Crossover:
    """Thresholds under each cost scope, and for each the distance by month of launch.

    The plan is solved in mode `value`, whatever it says: a value of compute is what orbit is measured against. Each cost scope
    is solved from scratch, and each of its thresholds is searched from there, so that neither their order nor who searches
    which makes a difference."""
    progress, kept = progress or Progress(), Kept()
    files = files_of(plan, kept)
    with progress.phase("thresholds"), start(progress, kept) as run:
        solved = all_of(run, [Scope(files, each) for each in COST_SCOPES], progress, "plans")
        bases: dict[str, Base] = dict(zip(COST_SCOPES, solved, strict=True))
        searches = [Search(files, scope, knob, base) for scope, base in bases.items() for knob in KNOBS]
        found = all_of(run, searches, progress, "thresholds")
    rows = [(search.scope, *row) for search, row in zip(searches, found, strict=True)]
    agree = agreement([(base.launch, base.against) for base in bases.values()])
    return Crossover(
        pd.DataFrame(rows, columns=COLUMNS),
        {scope: base.entry for scope, base in bases.items()},
        {scope: base.launch for scope, base in bases.items()},
        {scope: base.tonnes for scope, base in bases.items()},
        agree,
        plan.columns,
    )


@dataclass(frozen=True)
class Base:
    """A cost scope, solved as the plan is. ``chosen``: how it decides on whole projects, which stay so; ``guesses``: by name
    of a number, the factor at which duals say that orbit turns; ``entry``, ``launch``, ``tonnes`` as in `Crossover`."""

    chosen: dict[str, int]
    basis: Basis | None
    flies: bool
    guesses: dict[str, float]
    entry: pd.DataFrame
    launch: dict[str, Any] | None
    against: Rivals | None
    tonnes: str


@dataclass(frozen=True)
class Scope(Job):
    """Solve a plan under one cost scope."""

    files: Files
    scope: str

    def run(self, kept: Kept, progress: Progress) -> Base:
        made, session = _under(self.files, self.scope, kept), Session(progress)
        found = session.solve(made.data)
        entry = entry_table(found, made.launches)
        launch = closest(entry)
        return Base(
            {} if found.choices is None else dict(found.choices.months),
            session.basis,
            flown(found) > FEWEST_MW,
            {knob.name: _guess(knob, made.data, entry) for knob in knobs(made.data, made.launches)},
            entry,
            launch,
            None if launch is None else rivals(found, launch),
            _tonnes_words(found),
        )


@dataclass(frozen=True)
class Search(Job):
    """Search the threshold of one number under one cost scope."""

    files: Files
    scope: str
    knob: str
    base: Base

    def run(self, kept: Kept, progress: Progress) -> tuple[object, ...]:
        made, base = _under(self.files, self.scope, kept), self.base
        data = decided(made.data, base.chosen) if base.chosen else made.data
        knob = next(each for each in knobs(data, made.launches) if each.name == self.knob)
        return _row(search(Session(progress, base.basis), data, knob, base.guesses[knob.name], base.flies))


def _under(files: Files, scope: str, kept: Kept) -> Prepared:
    """A plan, prepared under one cost scope."""

    def make() -> Prepared:
        plan = files.plan(kept)
        settings = plan.settings.model_copy(update={"boundary": scope, "objective": "value"})
        return prepared(dataclasses.replace(plan, settings=settings))

    return kept.get(files.expected, scope, make)


def _row(found: Threshold) -> tuple[object, ...]:
    """A threshold as a row, without its cost scope."""
    knob, same, flipped = found.knob, found.same, found.flipped
    values = (knob.now, knob.now * same, None if flipped is None else knob.now * flipped)
    return (knob.name, "yes" if found.flies else "no", same, flipped, *values, knob.unit, _words(found))


def _guess(knob: Knob, data: PlanData, entry: pd.DataFrame) -> float:
    """The factor at which duals say that the best launch just pays, among the months that have tonnes."""
    number = {name: t for t, name in enumerate(data.months, start=1)}
    factors = []
    for row in entry.to_dict("records"):
        if data.launch_t.get(number[str(row["month"])], 0.0) <= 0:
            continue
        even, flip = row["break_even_launch_usd_per_kg"], row["flip_value_factor"]
        if knob.name == LAUNCH_PRICE and pd.notna(even) and row["launch_usd_per_kg"]:
            factors.append(float(even) / float(row["launch_usd_per_kg"]))
        elif knob.name != LAUNCH_PRICE and pd.notna(flip):
            factors.append(float(flip) if knob.toward_orbit > 1.0 else 1.0 / float(flip))
    if not factors:
        return 1.0
    best = min(factors) if knob.toward_orbit > 1.0 else max(factors)
    low, high = sorted((knob.away, knob.toward_orbit))
    return min(max(best, low), high)


def _words(found: Threshold) -> str:
    knob = found.knob
    if found.flipped is None:
        if not found.flies and found.same == 0.0:
            return f"{knob.name}: orbit would not be part of the plan even if launches were free"
        stays = "is still part of the plan" if found.flies else "is not part of the plan"
        return f"{knob.name}: orbit {stays} even at {found.same:g} times, {knob.now * found.same:,.4g} {knob.unit}"
    middle, verb = (found.same + found.flipped) / 2, "leaves" if found.flies else "enters"
    return (
        f"{knob.name}: orbit {verb} the plan at {middle:.3f} times {knob.of}, about {knob.now * middle:,.4g} {knob.unit} "
        f"instead of {knob.now:,.4g} (solved at {found.same:.3f}: unchanged; at {found.flipped:.3f}: {verb})"
    )


def _tonnes_words(base: Solution) -> str:
    """What more tonnes to orbit would do: nothing while launching does not pay, else the highest value of one tonne more."""
    d = base.data
    prices = base.prices.get(limit_launch_mass.name, {}).items()
    worth = {t: 1e6 * usd / d.discount[t] for t, usd in prices if t <= len(d.horizon)}
    if flown(base) <= FEWEST_MW:
        return "tonnes: more of them would not bring orbit in; one of the above must come first"
    best = max(worth, key=lambda t: worth[t])
    if worth[best] < 1.0:
        return "tonnes: there are enough of them"
    short = sum(1 for usd in worth.values() if usd >= 1.0)
    return f"tonnes: short in {short} months; one more is worth up to {worth[best]:,.0f} USD ({d.months[best - 1]})"


def closest(entry: pd.DataFrame) -> dict[str, Any] | None:
    """The launch that is closest to paying, relative to what it costs; None where no launch would serve."""
    serving = entry[entry["cost_usd_per_h100e_h"].notna() & entry["flip_value_factor"].notna()]
    if serving.empty:
        return None
    row = serving.to_dict("records")[int(serving["flip_value_factor"].to_numpy(dtype=float).argmin())]
    return {str(name): value for name, value in row.items()}


@dataclass(frozen=True)
class Rivals:
    """What one launch competes with, from the prices of a solved plan. ``value_usd_per_h100e_h``: least and greatest value of
    the work that it would serve, where in every month that work is at the margin left unserved, else None; ``chip_stays_dark``:
    one more chip would be worth nothing anywhere else."""

    value_usd_per_h100e_h: tuple[float, float] | None
    chip_stays_dark: bool

    @property
    def without_halls(self) -> bool:
        """Whether neither rival needs a hall."""
        return self.value_usd_per_h100e_h is not None and self.chip_stays_dark


def rivals(solution: Solution, launch: dict[str, Any]) -> Rivals:
    """``launch``: one row of the table of entry."""
    d, prices = solution.data, solution.prices[serve_demand.name]
    o, v = launch["design_id"], d.months.index(launch["month"]) + 1
    values: list[float] = []
    unserved = True
    for t in range(v, len(d.months) + 1):
        if not d.orbit_service_frac.get((o, v, t)):
            continue
        hours = sum(d.hours_h[t, k] for k in d.slices)
        offers = [
            (price - 1e-6 * d.discount[t] * d.network_usd(z, w, o, t), price, w)
            for z, w, x in d.servable
            if x == o and (price := prices.get((z, w, t), 0.0)) > 0
        ]
        _, price, w = max(offers, default=(0.0, 0.0, ""))
        usd = 1e3 * price / d.discount[t] / hours
        worth = (of_class[w, t] for of_class in (d.value_usd_per_h100e_h, d.core_value_usd_per_h100e_h) if w)
        unserved = unserved and any(abs(usd - each) <= SAME * each for each in worth)
        values.append(usd)
    elsewhere = -solution.prices[conserve_chips.name][launch["generation_id"], v]
    return Rivals((min(values), max(values)) if values and unserved else None, elsewhere <= SAME)


def agreement(found: Sequence[tuple[dict[str, Any] | None, Rivals | None]]) -> str:
    """Why the closest launch is as far away under each cost scope, in a sentence: empty where it is not, or for another reason.

    ``found``: each cost scope's closest launch, a row of the table of entry, and what that competes with. The reason is that
    none of it holds a hall."""
    launches = [launch for launch, _ in found if launch is not None]
    if len(launches) < len(found):
        return ""
    first = launches[0]
    alike = all(
        abs(float(one[name]) - float(first[name])) <= SAME * abs(float(first["cost_usd_per_kw"]))
        for one in launches
        for name in ("gap_usd_per_kw", "cost_usd_per_kw")
    )
    against = [rival for _, rival in found if rival is not None]
    if not alike or not all(one.without_halls for one in against):
        return ""
    low, high = (pick(end for one in against if (span := one.value_usd_per_h100e_h) for end in span) for pick in (min, max))
    worth = f"{low:,.2f}" if high - low <= SAME * high else f"{low:,.2f} to {high:,.2f}"
    return (
        f"both cost scopes agree: orbit competes with work left unserved, worth {worth} USD per H100e-hour, and with leaving "
        "the chip dark; neither needs a hall"
    )
