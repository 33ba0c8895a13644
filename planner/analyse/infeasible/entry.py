"""Why a plan has no optimum: from its linear program to the diagnosis.

Everything points at the line of the input where the number stands, and every way out is an override that was solved.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Sequence

from models.data import PlanData, Share
from models.share import asked
from planner.analyse.infeasible.diagnosis import Broken, Diagnosis, Standing, WayOut
from planner.analyse.infeasible.levers import Lever, Rows
from planner.analyse.infeasible.limits import limits
from planner.analyse.infeasible.opened import hold_signed, is_open, opened
from planner.analyse.infeasible.promises import promises, relief, share_words
from planner.analyse.infeasible.trials import Trial, trials, tried_ways
from planner.analyse.infeasible.ways import best_cost, by_reach, single_ways, smallest_combination
from planner.errors import InfeasibleError
from planner.progress import Progress
from planner.read.plan import Plan
from planner.read.plan_data import prepare
from planner.solve.conflict import TINY, Elastic, rows_in_conflict
from planner.solve.form import Form
from planner.solve.solution import standard_form

SECONDS = 10.0  # for the ways out; the conflict itself is always told
MOST_WAYS = 8
SMALL = 30_000  # columns up to which each way out is solved to its optimum


def diagnose(plan: Plan, form: Form | None = None, seconds: float = SECONDS) -> Diagnosis:
    """Why the plan has no optimum. ``form``: its standard form, where it is at hand. ``seconds`` are for the ways out.

    Raises InfeasibleError, without a diagnosis, where its elastic relaxation finds nothing that breaks."""
    before = prepare(plan)
    data, empty = opened(before)
    if form is None or not is_open(before):
        form = hold_signed(standard_form(data, Progress())[1], data, before)
    rows = Rows(form)
    elastic = Elastic(form, relief(data, rows))
    short = elastic.shortfall > TINY
    if not elastic.solved or not (short or empty):
        raise InfeasibleError("no plan meets all limits, by less than the solver can tell")
    stated = dataclasses.replace(data, step_mw=before.step_mw, shares=before.shares)
    found = [one for part in (promises, limits) for one in part(plan, stated, rows) if one.move.rows and one.move.most > 0]
    members, proven = rows_in_conflict(elastic, 5.0) if short else ([], True)
    keys = [form.rows[number] for number in members]
    attempts = trials(plan, before, keys, [share.share_id for share, _ in empty])
    ends = time.perf_counter() + seconds
    small = len(form.columns) <= SMALL
    ways, left = single_ways(plan, elastic, found, form, ends) if not empty else ([], [])
    tried, untried = tried_ways(plan, attempts if small or not ways else [], ends)
    ways = _priced(plan, sorted([*ways, *tried], key=lambda way: (way.rank, way.relative))[:MOST_WAYS], small)
    together = None
    if short and not empty and not any(way.kind == "limit" for way in ways):
        together = smallest_combination(elastic, found, form, time.perf_counter() + seconds)
        if together is not None and (together.kind == "limit" or not ways):
            together = next(iter(_priced(plan, [together], small)), None)
        else:
            together = None
    useful = {change.words for way in ways for change in way.changes}
    return Diagnosis(
        broken=(*_empty(plan, before, empty), *_broken(plan, data, elastic, found, form)),
        conflict=tuple(_standing(plan, before, elastic, found, members, form, attempts, useful)),
        irreducible=proven,
        ways=tuple(ways),
        together=together,
        not_tried=tuple(left + untried),
    )


def _priced(plan: Plan, ways: Sequence[WayOut], small: bool) -> list[WayOut]:
    """A small plan is solved with each way out: what it then costs, and that it is one."""
    if not small:
        return list(ways)
    costs = [best_cost(plan, [one.override for one in way.changes]) for way in ways]
    return [dataclasses.replace(way, plan_cost_musd=cost) for way, cost in zip(ways, costs, strict=True) if cost is not None]


def _broken(plan: Plan, data: PlanData, elastic: Elastic, found: Sequence[Lever], form: Form) -> Iterator[Broken]:
    """Promises that give way in the least relaxation, each with its months."""
    shares = {share.share_id: share for share in data.shares}
    by_promise: dict[tuple[str, ...], dict[int, float]] = {}
    for row, amount in elastic.short.items():
        if amount > TINY * max(1.0, elastic.shortfall):
            name, index = form.rows[row]
            by_promise.setdefault((name, *index[:-1]), {})[row] = amount
    lever_of = {
        row: lever for lever in reversed(found) if lever.kind == "promise" and lever.sign < 0 for row in lever.move.rows
    }
    for (name, *who), rows in sorted(by_promise.items(), key=lambda item: -sum(item[1].values())):
        times = [form.rows[row][1][-1] for row in rows]
        lever = lever_of[next(iter(rows))]
        asks = [float(form.row_lower[row]) for row in rows]
        unit, words = "kH100e", ""
        of: tuple[float, ...] = ()
        if name == "require_share":
            share = shares[who[0]]
            words, of = f"{who[0]}: {share_words(plan, share)} must serve", tuple(asked(data, share, t) for t in times)
        elif name == "serve_demand":
            words = f"{who[1]} of {who[0]} must be served in full,"
        else:
            signed, unit = name == "keep_commitment", "MW"
            words = f"{', '.join(who)} is committed to build" if signed else f"{', '.join(who)} is to close"
            stated = data.committed_mw if signed else data.closed_mw
            asks = [stated[form.rows[row][1]] for row in rows]
        months = tuple(data.months[t - 1] for t in times)
        yield Broken(words, lever.place, months, tuple(asks), tuple(rows.values()), unit, of)


def _empty(plan: Plan, data: PlanData, empty: Sequence[tuple[Share, tuple[int, ...]]]) -> Iterator[Broken]:
    """Least shares of work that none of their places may serve."""
    table = plan.tables["shares"]
    for share, times in empty:
        of = tuple(asked(data, share, t) for t in times)
        need = tuple((share.min_frac or 0.0) * kh100e for kh100e in of)
        words = f"{share.share_id}: {share_words(plan, share)} must serve"
        place = table.place(table.index[share.share_id,], "min_frac")
        yield Broken(words, place, tuple(data.months[t - 1] for t in times), need, need, "kH100e", of)


def _standing(
    plan: Plan,
    data: PlanData,
    elastic: Elastic,
    found: Sequence[Lever],
    members: Sequence[int],
    form: Form,
    attempts: Sequence[Trial],
    useful: set[str],
) -> Iterator[Standing]:
    """Numbers of the input behind the rows in conflict: promises, limits by what they could do, then what is in no row."""
    inside = set(members)
    helping = by_reach(elastic, found)
    order = {id(lever): position for position, lever in enumerate(helping)}
    part = [lever for lever in found if inside & lever.move.rows.keys()]
    for lever in sorted(part, key=lambda one: (one.kind != "promise", order.get(id(one), len(order)))):
        times = sorted({_month(form.rows[row], data) for row in inside & lever.move.rows.keys()} - {0})
        yield Standing(lever.words, lever.target, lever.now, lever.unit, lever.place, tuple(data.months[t - 1] for t in times))
    for trial in attempts:
        if not trial.column.endswith("lead_months") or trial.words in useful:
            yield trial.standing(plan)


def _month(key: tuple[str, object], data: PlanData) -> int:
    """The month that a row speaks of; the last of its year for an envelope, 0 for none."""
    name, index = key
    last = index[-1] if isinstance(index, tuple) else index
    if name == "limit_national_growth":
        return max(t for t, year in data.plan_year.items() if year == last)
    return last if isinstance(last, int) else 0
