"""Why a plan has no optimum: from its linear program to the diagnosis.

Everything points at the line of the input where the number stands, and every way out is an override that was solved.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Sequence

from models import REGISTER
from models.budget import firm_chips_musd
from models.data import PlanData
from models.demand import serve_demand
from models.halls import fit_shell, keep_hall_order
from models.index import asked_kh100e
from models.orbit import keep_launch_order
from models.orders import build_arrivals, build_hall_arrivals
from models.records import Share
from planner.errors import InfeasibleError
from planner.findings import Place
from planner.plan.calendar import calendar_of, month_name, month_number
from planner.plan.plan import Plan
from planner.plan.series import column_at
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.schema.table_schema import HALLS, LAUNCH
from planner.solve.compile.form import Form
from planner.solve.conflict import TINY, Elastic, rows_in_conflict
from planner.solve.solution import standard_form
from planner.studies.infeasible.diagnosis import Broken, Change, Diagnosis, Served, Standing, WayOut
from planner.studies.infeasible.levers import Lever, Rows
from planner.studies.infeasible.limits import limits
from planner.studies.infeasible.relaxed import hold_signed, is_open, opened, until
from planner.studies.infeasible.requirements import closures, hibernations, relief, requirements, share_words, target_words
from planner.studies.infeasible.trials import Trial, trials, tried_ways
from planner.studies.infeasible.ways import best_cost, by_reach, single_ways, smallest_combination

RELAXED_SECONDS = 6.0  # for the relaxation of the whole plan; beyond it, the first months tell what they can
SECONDS = 8.0  # for the ways out; the conflict itself is always told
SINGLE = 0.6  # of these seconds, for single numbers; the rest is for what must be tried on the plan read again
CONFLICT_SECONDS = 2.0  # for each search for a conflict that is irreducible
WHOLE = {keep_hall_order.name: HALLS, keep_launch_order.name: LAUNCH}
"""What an order of no option names in its row."""
KINDS = ("requirement", "limit", "fact")  # as they are listed
MOST_WAYS = 8
SMALL = 30_000  # columns up to which each way out is solved to its optimum


def diagnose(plan: Plan, form: Form | None = None, seconds: float = SECONDS) -> Diagnosis:
    """Why the plan has no optimum. ``form``: its standard form, where it is at hand. ``seconds`` are for the ways out.

    Raises InfeasibleError, without a diagnosis, where its elastic relaxation finds nothing that breaks."""
    before = prepare(plan)
    data, empty = opened(before)
    if form is None or not is_open(before):
        form = hold_signed(standard_form(data, Progress())[1], data, before)
    elastic, last = _relaxed(form, data)
    form, rows = elastic.form, Rows(elastic.form)
    short = elastic.shortfall > TINY
    if not short and not empty and before.undecided:
        names = ", ".join(each.project_id for each in before.undecided)
        raise InfeasibleError(
            f"no plan meets all limits with each of these projects taken whole or not at all: {names}; one that takes some in "
            'part does. Allow that (--set "projects.whole=no"), or change the size of one'
        )
    if not short and not empty:
        raise InfeasibleError("no plan meets all limits, and why could not be found in time, or by so little that it is noise")
    stated = dataclasses.replace(data, step_mw=before.step_mw, shares=before.shares)
    found = [one for part in (requirements, limits) for one in part(plan, stated, rows) if one.move.rows and one.move.most > 0]
    members, proven = _conflict(elastic, data) if short else ([], True)
    keys = [form.rows[number] for number in members]
    attempts = trials(plan, before, keys, [share.share_id for share, _ in empty])
    began = time.perf_counter()
    small = last is None and len(form.columns) <= SMALL
    whole = last is None and not empty
    ways, left = single_ways(plan, elastic, found, form, began + SINGLE * seconds) if whole else ([], [])
    tried, untried = tried_ways(plan, attempts if small or not ways else [], began + seconds)
    ways = _priced(plan, sorted([*ways, *tried], key=lambda way: (way.rank, way.relative))[:MOST_WAYS], small)
    together = None
    if last is None and not any(way.kind == "limit" for way in ways):
        ends = time.perf_counter() + seconds
        rest = smallest_combination(plan, elastic, found, form, ends) if short else WayOut((), 0.0, "requirement")
        together = _with_empty(plan, rest, empty) if rest is not None else None
        wanted = together is not None and (together.kind == "limit" or not ways)
        together = next(iter(_priced(plan, [together], small)), None) if wanted and together is not None else None
    useful = {change.words for way in ways for change in way.changes}
    return Diagnosis(
        broken=(*_empty(plan, before, empty), *_broken(plan, data, elastic, form)),
        conflict=tuple(_standing(plan, before, elastic, found, members, form, attempts, useful)),
        irreducible=proven,
        ways=tuple(ways),
        together=together,
        not_tried=tuple(left + untried),
        until=None if last is None else data.months[last - 1],
        served=_served(plan, data, elastic, form) if whole else None,
        horizon_end=data.horizon[-1] if data.look_ahead_months else None,
    )


def _conflict(elastic: Elastic, data: PlanData) -> tuple[list[int], bool]:
    """Rows that no plan can meet together, and whether none can be left out: of the first months alone, where many break."""
    members, proven = rows_in_conflict(elastic, CONFLICT_SECONDS)
    last = 1
    while not proven and last < len(data.months):
        first = until(elastic.form, data, last)
        part = Elastic(first, relief(data, Rows(first)), CONFLICT_SECONDS)
        if part.shortfall > TINY:
            fewer, surely = rows_in_conflict(part, CONFLICT_SECONDS)
            of = Rows(elastic.form).of
            return [of[first.rows[number]] for number in fewer], surely
        last *= 2
    return members, proven


def _relaxed(form: Form, data: PlanData) -> tuple[Elastic, int | None]:
    """The plan with elastic requirements; or of its first months, with the last of them, where the whole takes too long."""
    elastic = Elastic(form, relief(data, Rows(form)), RELAXED_SECONDS)
    last = 1
    while not elastic.solved and last < len(data.months):
        first = until(form, data, last)
        part = Elastic(first, relief(data, Rows(first)), RELAXED_SECONDS)
        if part.shortfall > TINY:
            return part, last
        last *= 2
    return elastic, None


def _with_empty(plan: Plan, rest: WayOut, empty: Sequence[tuple[Share, tuple[int, ...]]]) -> WayOut:
    """The same way out, and every least share that nothing may serve given up."""
    given_up = {f"shares[{share.share_id}].min_frac": share for share, _ in empty}
    kept = tuple(change for change in rest.changes if change.override.partition("=")[0] not in given_up)
    zero = tuple(
        Change(f"least share {share.share_id}", f"{target}=0", "min_frac", share.min_frac, 0.0, "fraction", False)
        for target, share in given_up.items()
    )
    if not zero:
        return rest
    return dataclasses.replace(rest, changes=(*zero, *kept), relative=rest.relative + len(zero), kind="requirement")


def _priced(plan: Plan, ways: Sequence[WayOut], small: bool) -> list[WayOut]:
    """A small plan is solved with each way out: what it then costs, and that it is one."""
    if not small:
        return list(ways)
    costs = [best_cost(plan, [one.override for one in way.changes]) for way in ways]
    return [dataclasses.replace(way, plan_cost_musd=cost) for way, cost in zip(ways, costs, strict=True) if cost is not None]


def _served(plan: Plan, data: PlanData, elastic: Elastic, form: Form) -> Served | None:
    """What the relaxation of the whole plan says of all demand, where nothing else gives way in it: then it is the most."""
    short = {row: amount for row, amount in elastic.short.items() if amount > TINY * max(1.0, elastic.shortfall)}
    if data.unserved_allowed or not short or any(form.rows[row][0] != serve_demand.name for row in short):
        return None
    sets = ["unserved=allowed", *(["objective=energy"] if data.mode != "energy" else [])]
    alike = len({data.weight[w] for _, w, _ in data.demand_kh100e}) == 1
    total = sum(data.demand_kh100e.values())
    return Served(1.0 - sum(short.values()) / total, tuple(sets) if alike else ())


def _broken(plan: Plan, data: PlanData, elastic: Elastic, form: Form) -> Iterator[Broken]:
    """Requirements that give way in the least relaxation, each with its months."""
    shares = {share.share_id: share for share in data.shares}
    targets = {target.target_id: target for target in data.targets}
    short: dict[tuple[str, ...], dict[int, float]] = {}
    for number, amount in elastic.short.items():
        if amount > TINY * max(1.0, elastic.shortfall):
            name, index = form.rows[number]
            if REGISTER[name].has("period"):  # of the limits by year, the budget alone gives way
                yield _over_budget(plan, data, index, amount)
            elif name not in (build_arrivals.name, build_hall_arrivals.name):  # the row of what is firm says it
                short.setdefault((name, *index[:-1]), {})[number] = amount
    for (name, *who), amounts in sorted(short.items(), key=lambda item: -sum(item[1].values())):
        row, indices = REGISTER[name], [form.rows[number][1] for number in amounts]
        asks = [float(form.row_lower[number]) for number in amounts]
        months = tuple(data.months[index[-1] - 1] for index in indices)
        of: tuple[float, ...] = ()
        said = row.named(indices[0])
        if name == fit_shell.name:
            out = next(at for at, held_out, _ in hibernations(plan, data) if indices[0] in held_out)
            words, place = f"halls of {who[0]} are to be out of service", plan.tables["commitments"].place(out, "close_mw")
            asks = [data.hibernated_shell_mw[index] for index in indices]
        elif row.kind != "requirement":  # stock that is to be closed
            item = who if len(who) > 1 else [*who, HALLS]
            words, place = f"{', '.join(item)} is to close", _place_of_closure(plan, (*item, months[0]))
            closed = {row: mw for _, row, _, mw in closures(data)}
            asks = [closed[name, index] for index in indices]
        else:
            if row.has("share"):
                share = shares[who[0]]
                of = tuple(asked_kh100e(data, share.pools, index[-1]) for index in indices)
                asks = [(share.min_frac or 0.0) * kh100e for kh100e in of]
                said["share"], place = _share(plan, share), _place(plan, "shares", (who[0],), "min_frac")
            elif row.has("target"):
                target = targets[who[0]]
                of = tuple(asked_kh100e(data, target.pools, index[-1]) for index in indices)
                fracs = (target.min_served_frac[index[-1]] for index in indices)
                asks = [frac * kh100e for frac, kh100e in zip(fracs, of, strict=True)]
                said["target"] = f"{target.target_id} ({target_words(plan, target)})"
                place = _place(plan, "targets", (who[0],), _holding(plan, "targets", who[0], "min_served_frac", indices[0][-1]))
            elif row.has("reservation"):
                column = _holding(plan, "reservations", who[0], "kh100e", indices[0][-1])
                place = _place(plan, "reservations", (who[0],), column)
            elif row.stated is not None:
                table, _, column = row.stated[1].partition(".")
                item = [*who, WHOLE[name]] if name in WHOLE else who
                place = _place(plan, table, (*item, months[0]), column)
            else:
                place = _place_of_demand(plan, said["pool"], said["class"])
            words = row.must.format(**said)
        yield Broken(words, place, months, tuple(asks), tuple(amounts.values()), row.unit, of)


def _over_budget(plan: Plan, data: PlanData, year: str, amount: float) -> Broken:
    """Chips that come in any case, and cost more than the budget that counts them."""
    deliveries, paid = plan.tables["deliveries"], firm_chips_musd(data)[year]
    months = {data.months[t - 1] for t in data.budget_months[year]}
    first = next((row for row, month in enumerate(deliveries.column("month")) if month in months), 0)
    place = deliveries.place(first, "kunit")
    return Broken(
        f"firm deliveries of chips count in the budget of {year}", place, (min(months),), (paid,), (amount,), "million USD"
    )


def _share(plan: Plan, share: Share) -> str:
    return f"{share.share_id}: {share_words(plan, share)}"


def _place(plan: Plan, name: str, key: tuple[str, ...], column: str) -> Place:
    table = plan.tables[name]
    return table.place(table.index[key], column)


def _holding(plan: Plan, name: str, key: str, column: str, t: int) -> str:
    """The column that says what a series is in a month."""
    return column_at(plan.tables[name], (key,), column, calendar_of(plan.settings), t)


def _place_of_closure(plan: Plan, key: tuple[str, ...]) -> Place:
    """The row that closes something in a month, or the first one of it that ends in the month before."""
    table, (r, item, month) = plan.tables["commitments"], key
    if key in table.index and table.value("close_mw", *key):
        return table.place(table.index[key], "close_mw")
    ended = (r, item, month_name(month_number(month) - 1))
    position = list(table.select("region_id", "option_id", "until_month")).index(ended)
    return table.place(position, "until_month")


def _place_of_demand(plan: Plan, z: str, w: str) -> Place:
    """The row of a zone; the first one of a pool."""
    bloc = plan.tables["zones"].mapping("zone_id", "bloc")
    key = next(key for key in plan.tables["demand"].keys if key[1] == w and z in (key[0], bloc[key[0]]))
    return _place(plan, "demand", key, "start_kh100e")


def _empty(plan: Plan, data: PlanData, empty: Sequence[tuple[Share, tuple[int, ...]]]) -> Iterator[Broken]:
    """Least shares of work that none of their places may serve."""
    for share, times in empty:
        of = tuple(asked_kh100e(data, share.pools, t) for t in times)
        need = tuple((share.min_frac or 0.0) * kh100e for kh100e in of)
        words = f"{_share(plan, share)} must serve"
        place = _place(plan, "shares", (share.share_id,), "min_frac")
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
    """Numbers of the input behind the rows in conflict: requirements, limits by what they could do, then what is in no row."""
    inside = set(members)
    helping = by_reach(elastic, found)
    order = {id(lever): position for position, lever in enumerate(helping)}
    part = [lever for lever in found if inside & lever.move.rows.keys()]
    for lever in sorted(part, key=lambda one: (KINDS.index(one.kind), order.get(id(one), len(order)))):
        keys = [form.rows[row] for row in inside & lever.move.rows.keys()]
        times = sorted({REGISTER[name].last_month(index, data) for name, index in keys})
        yield Standing(lever.words, lever.target, lever.now, lever.unit, lever.place, tuple(data.months[t - 1] for t in times))
    for trial in attempts:
        if not trial.column.endswith("lead_months") or trial.words in useful:
            yield trial.standing(plan)
