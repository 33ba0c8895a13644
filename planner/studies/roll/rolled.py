"""The plan of a later month: what exists then, what is under way, and all else as the plan has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from planner.codes import Code
from planner.errors import UsageError
from planner.findings import Findings, Notice
from planner.plan.calendar import Calendar, calendar_of, discount_factor
from planner.plan.plan import Plan
from planner.plan.table import Table
from planner.progress import Progress
from planner.runs.read import NEEDED, read_written
from planner.schema.cycle import CYCLE
from planner.schema.fields import ANY
from planner.schema.results import RESULT_TABLES
from planner.solve.solution import Solution
from planner.studies.explain.reopened import OpenRun, open_run
from planner.studies.roll.actuals import Actual, Planned, Sources, blank_table, read_actuals, unit_of
from planner.studies.roll.book import Book, taken_projects
from planner.studies.roll.changes import Change, Sheet, change_table
from planner.studies.roll.chips import Chips
from planner.studies.roll.executed import carry_out
from planner.studies.roll.lots import SMALLEST
from planner.studies.roll.next_plan import NextPlan
from planner.studies.roll.stock_take import missed, published, stock_take

CYCLE_TABLES = tuple(schema.name for schema in CYCLE)
"""Tables that are of one month, and are written anew for each."""


REMEMBERED = {
    "move_usd_per_h100e": "a price of moving work: the work of the month before would be forgotten",
    "max_fall_frac_per_month": "a limit on how fast service falls: the service of the month before would be forgotten",
}
"""What a class may state that looks at the month before, and why it is refused."""


@dataclass(frozen=True)
class Rolled:
    """A plan of its own: its keys, its tables, and every cell that differs from the plan before. ``notices``: what is worth
    knowing of the run and of the file of actuals; ``missing``: its rows without a value, by cell."""

    run: Path
    to: str
    settings: dict[str, Any]
    tables: dict[str, pd.DataFrame]
    changes: pd.DataFrame
    notices: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Past:
    """A run of which the first ``k`` months are past."""

    run: OpenRun
    calendar: Calendar
    k: int
    planned: Planned


def open_past(folder: Path, to: str, progress: Progress | None = None) -> Past:
    """Open a run whose months before ``to`` are past. Raises UsageError for a month that the run does not have."""
    run = open_run(folder, progress, alternatives=True)
    calendar = calendar_of(run.plan.settings)
    if to not in calendar.horizon[1:]:
        expected = f"{calendar.horizon[1]} to {calendar.horizon[-1]}" if len(calendar.horizon) > 1 else "none: it has one month"
        raise UsageError(f"--to {to}: expected a later month of the run {folder}, {expected}")
    written = read_written(folder, without=frozenset(RESULT_TABLES) - NEEDED.keys())
    planned = Planned(run.plan, run.solution, calendar, written.tables)
    return Past(run, calendar, calendar.number[to] - 1, planned)


def roll(folder: Path, to: str, actuals: Path | None = None, progress: Progress | None = None) -> Rolled:
    """The plan of month ``to`` from a finished run, with what happened where ``actuals`` say so and else as planned.

    Raises UsageError for a month that the run does not have, InputError for what cannot be carried or cannot have happened."""
    return roll_past(open_past(folder, to, progress), actuals)


def roll_past(past: Past, actuals: Path | Sequence[Actual] | None = None) -> Rolled:
    """The same of a run that is open; ``actuals`` may also be known already. Raises InputError."""
    plan, calendar, k, planned = past.run.plan, past.calendar, past.k, past.planned
    findings, read = Findings(), list[Notice]()
    _refuse_unknown(plan, past.run.solution, k, findings)
    stated = read_actuals(actuals, planned, k, findings, read) if isinstance(actuals, Path) else list(actuals or ())
    findings.raise_if_any()
    sources = Sources(calendar, k, stated)
    done = carry_out(past.run.solution, planned, k, stated, findings)
    chips = Chips(plan, past.run.data, past.run.solution.values, stated, findings)
    lots = chips.run(k)
    findings.raise_if_any()
    changes: list[Change] = []
    sheets = {name: Sheet(table, changes) for name, table in plan.tables.items()}
    book = Book(plan, done.solution, calendar, sources, sheets["commitments"], findings)
    book.roll(done.short)
    findings.raise_if_any()
    made = NextPlan(plan, done.solution, calendar, k, sheets, sources)
    settings = made.settings()
    late = _late_chips(stated)
    made.tables(lots, stated, late)
    rate = discount_factor(-k, plan.settings.discount_frac_per_year)
    due = book.late | {(ANY, g): kunit for g, kunit in late.items()}
    sheets["stock_take"].renew(stock_take(past.run.solution, k, done, lots, chips.flows, due), "", lambda _: "stock-take")
    sheets["published"].renew(published(planned, k, rate), "", lambda _: f"run {past.run.folder.name}")
    sheets["missed"].renew(missed(planned, k, stated), "", lambda _: "actuals")
    sheets["actuals"].renew(map(_as_row(planned), stated), "", lambda row: str(row["source"]))
    tables = {name: sheet.frame() for name, sheet in sheets.items() if sheet.rows or sheet.schema.required}
    told = [change for change in changes if change.table not in CYCLE_TABLES]
    notices = (*past.run.notices, *map(str, read))
    return Rolled(past.run.folder, calendar.months[k], settings, tables, change_table(told), notices, tuple(_missing(stated)))


def blank(folder: Path, to: str, progress: Progress | None = None) -> Table:
    """A table of actuals to fill in, for the months of a run before ``to``. Raises UsageError as `open_past` does."""
    past = open_past(folder, to, progress)
    return blank_table(past.planned, past.k)


def _late_chips(stated: list[Actual]) -> dict[str, float]:
    """Thousand units of each generation that were to be delivered and were not."""
    short: dict[str, float] = {}
    for each in stated:
        if each.kind == "delivered":
            short[each.item] = short.get(each.item, 0.0) - each.more
    return {g: kunit for g, kunit in short.items() if kunit > SMALLEST}


def _as_row(planned: Planned) -> Callable[[Actual], dict[str, Any]]:
    def row(each: Actual) -> dict[str, Any]:
        cells = {"month": planned.calendar.months[each.t - 1], "kind": each.kind, "place_id": each.place, "item_id": each.item}
        told = {"planned": each.planned, "value": each.value, "unit": unit_of(each.kind, each.item, planned)}
        return {**cells, **told, "source": each.source, "quality": "measured"}

    return row


def _missing(stated: list[Actual]) -> list[str]:
    """A line for each row without a value."""
    return [
        f"{each.at.shown}: no value of {each.kind} {each.place} {each.item}: taken as planned, {each.planned:,.6g}"
        for each in stated
        if each.value is None
    ]


def _refuse_unknown(plan: Plan, solution: Solution, k: int, findings: Findings) -> None:
    """Refuse what the plan of month k + 1 could not say."""
    d, values = solution.data, solution.values

    if plan.settings.own_limits:
        findings.add(Code.E_ROLL, plan.setting_place("own_limits"), "own_limits: limits of your own are not carried")
    if plan.settings.owners.power != "shared":
        text = f"owners.power = {plan.settings.owners.power}: whose power is added after the start is not carried"
        findings.add(Code.E_ROLL, plan.setting_place("owners.power"), text)
    classes = plan.tables["classes"]
    for column, text in REMEMBERED.items():
        fields = d.move_usd_per_h100e if column.startswith("move") else d.max_fall_frac_per_month
        for w in fields:
            place = classes.place(classes.index[w,], column)
            findings.add(Code.E_ROLL, place, f"{w}: {column}: {text}")
    for q in d.chip_moves:
        late = max(1, k - q.downtime_months + 1)
        on_the_way = sum(kunit for (name, _, t), kunit in values["move"].items() if name == q.name and late <= t <= k)
        if q.to_id not in d.regions and on_the_way > SMALLEST:
            table = plan.tables["chip_moves"]
            text = f"{q.name}: chips on their way back into stock are not carried"
            findings.add(Code.E_ROLL, table.place(table.index[q.from_id, q.to_id], "downtime_months"), text)
    for (g, t, later), kunit in values["defer"].items():
        if t <= k < later and kunit > SMALLEST:
            table, month = plan.tables["deliveries"], d.months[t - 1]
            text = (
                f"{g} offered in {month} comes in {d.months[later - 1]}: what is deferred past the new start is not carried: "
            )
            text += f"run the plan with --set deliveries[{g},{month}].defer_months={k - t}, or roll to a later month"
            findings.add(Code.E_ROLL, table.place(table.index[g, month], "defer_months"), text)
    _refuse_projects_in_part(plan, solution, k, findings)


def _refuse_projects_in_part(plan: Plan, solution: Solution, k: int, findings: Findings) -> None:
    group = plan.tables["projects"].mapping("project_id", "group")
    for j, part in taken_projects(solution.data, solution, k).items():
        if group[j] and 1e-9 < part < 1.0 - 1e-9:
            at = plan.tables["projects"].column("project_id").index(j)
            text = f"{j}: a project of a group that is taken in part is not carried"
            findings.add(Code.E_ROLL, plan.tables["projects"].place(at, "group"), text)
