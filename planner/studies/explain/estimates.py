"""How much of the answer rests on which input, to first order and without solving again.

At an optimum the cost moves with a number of the input as the Lagrangian does at fixed values x and duals y (envelope theorem):

    d cost / d p = dc/dp x + y (db/dp - dA/dp x)

So each column of each table is scaled by a hair, the linear program is built again, and the difference is weighed with the
values and duals that the plan has. That holds for every kind of number: prices, limits, efficiencies, demand.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pydantic import BaseModel
from scipy.sparse import coo_array

from models.data import PlanData
from planner.plan.plan import Plan
from planner.plan.table import Table
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.solve.compile.form import Floats, Form
from planner.solve.session import same_names
from planner.solve.solution import standard_form
from planner.studies.explain.reopened import OpenRun
from planner.studies.explain.sources import SourceEffect, effect_of_rows, effects_by_source

HAIR = 1e-4  # relative step of the difference quotient
MORE = 0.1  # an effect is that of 10 % more
NOT_AMOUNTS = ("_deg", "_c", "_local_time_h")  # ten per cent more of a latitude or of a temperature in Celsius means nothing
STEPS = {("accelerators", "life_years")}  # counted in whole months: a hair moves nothing, a month does
NEGLIGIBLE = 1e-7  # of the objective
SHOWN_PARTS = 5


@dataclass(frozen=True)
class Input:
    """A column of a table, its rows of one quality; or a setting (table empty, quality `setting`)."""

    table: str
    column: str
    quality: str
    rows: int

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}" if self.table else self.column


@dataclass(frozen=True)
class Effect:
    """What 10 % more of an input does to the objective: cost, and unserved compute at its value; million USD, discounted.

    ``parts``: by key of the table, the names that move it most; ``by_row``: of each row of the table. ``musd`` None: it changes
    what may be decided at all, which no derivative shows."""

    input: Input
    musd: float | None
    parts: dict[str, dict[str, float]]
    by_row: Floats | None = field(default=None, compare=False)

    def record(self) -> dict[str, Any]:
        """As JSON."""
        one = self.input
        return {
            "input": one.name,
            "table": one.table,
            "column": one.column,
            "quality": one.quality,
            "rows": one.rows,
            "ten_percent_more_musd": self.musd,
            "parts_musd": self.parts,
        }


def effects(run: OpenRun, progress: Progress) -> list[Effect]:
    """Every number of the plan, those that move the cost most first; in mode `energy`, the cost of serving as much compute.
    Empty for a run without prices."""
    if not run.solution.prices:
        return []
    found: list[Effect] = []
    with progress.phase("inputs"):
        inputs = list(moving(run))
        far = [one for one in inputs if one.table == "designs"]  # many, and all without effect where nothing flies
        if far and _negligible(run, far):
            found += [Effect(one, 0.0, {}) for one in far]
            inputs = [one for one in inputs if one not in far]
        for number, one in enumerate(inputs, start=1):
            progress.update(one.name)
            found.append(effect(run, one))
            progress.count(number, len(inputs), "inputs")
    return sorted(found, key=lambda each: -abs(each.musd or 0.0))


def moving(run: OpenRun) -> Iterator[Input]:
    """Every input that the model feels at all."""
    plan, data = run.plan, run.data
    for name, table in plan.tables.items():
        qualities = dict.fromkeys(table.columns.get("quality", []))
        for one in table.schema.fields:
            stepped = (name, one.name) in STEPS or one.name.endswith(NOT_AMOUNTS)
            if one.kind != "number" or one.key or stepped or not any(table.columns[one.name]):
                continue
            for quality in qualities:
                rows = sum(1 for value, q in table.select(one.name, "quality") if value and q == quality)
                candidate = Input(name, one.name, str(quality), rows)
                if rows and prepare(scaled(plan, [candidate])) != data:
                    yield candidate
    for key in _amounts(plan.settings):
        candidate = Input("", key, "setting", 1)
        if prepare(scaled(plan, [candidate])) != data:
            yield candidate


def effect(run: OpenRun, one: Input) -> Effect:
    """The derivative of the objective with respect to one input, for 10 % more of it."""
    moved = difference(run, prepare(scaled(run.plan, [one])))
    if moved is None:
        return Effect(one, None, {})
    columns, rows, entries = moved
    scale = -MORE / HAIR  # the step was downwards: fractions may stand at 1
    total = float(columns.sum() + rows.sum() + entries.data.sum())
    scaled_parts = columns * scale, rows * scale, entries * scale
    return Effect(one, scale * total, _parts(run, one, *scaled_parts), _by_row(run, one, *scaled_parts))


def _by_row(run: OpenRun, one: Input, columns: Floats, rows: Floats, entries: coo_array) -> Floats | None:
    """The effect by row of the table; None for a setting."""
    if not one.table:
        return None
    table = run.plan.tables[one.table]
    moved = [bool(value) and quality == one.quality for value, quality in table.select(one.column, "quality")]
    return effect_of_rows(table, moved, run.solution.form, columns, rows, entries)


def by_source(run: OpenRun, found: Sequence[Effect]) -> list[SourceEffect]:
    """What rests on each publication and judgement, from the effects of all inputs."""
    by_row = [(each.input.table, each.input.column, each.by_row) for each in found if each.by_row is not None]
    return effects_by_source(run.plan, by_row)


def scaled(plan: Plan, inputs: Sequence[Input], factor: float = 1.0 - HAIR) -> Plan:
    """The plan with these inputs times a factor. What is scaled is not checked again: it moves by a hair."""
    tables, settings = dict(plan.tables), plan.settings
    for one in inputs:
        if one.table:
            tables[one.table] = _scaled_table(tables[one.table], one, factor)
        else:
            settings = _scaled_setting(settings, one.column.split("."), factor)
    return dataclasses.replace(plan, tables=tables, settings=settings)


def _scaled_table(table: Table, one: Input, factor: float) -> Table:
    columns = {
        name: [
            value * factor if value is not None and quality == one.quality else value
            for value, quality in table.select(name, "quality")
        ]
        for name in (one.column, *(name for _, name in table.dated(one.column)))
    }
    return table.replaced({**table.columns, **columns}, table.rows, table.changes)


def _amounts(settings: BaseModel, prefix: str = "") -> Iterator[str]:
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            yield from _amounts(value, f"{prefix}{name}.")
        elif isinstance(value, float) and value:
            yield prefix + name


def _scaled_setting(settings: Any, path: Sequence[str], factor: float) -> Any:
    value = getattr(settings, path[0])
    new = value * factor if len(path) == 1 else _scaled_setting(value, path[1:], factor)
    return settings.model_copy(update={path[0]: new})


def _negligible(run: OpenRun, inputs: Sequence[Input]) -> bool:
    moved = difference(run, prepare(scaled(run.plan, inputs)))
    if moved is None:
        return False
    total = sum(float(np.abs(part).sum()) for part in (moved[0], moved[1], moved[2].data))
    return total * MORE / HAIR < NEGLIGIBLE * max(1.0, abs(run.solution.proof.objective_musd))


def difference(run: OpenRun, data: PlanData) -> tuple[Floats, Floats, coo_array] | None:
    """What other numbers add to the Lagrangian, by column (costs), row (limits) and entry of the matrix.

    None where they change what may be decided at all: then no derivative speaks of them."""
    base, x, y = run.solution.form, run.solution.outcome.values, run.solution.outcome.duals
    _, form = standard_form(dataclasses.replace(data, chosen=run.data.chosen), Progress())
    if not same_names(base, form):
        return None
    columns = (form.cost - base.cost) * x
    columns = np.append(columns, form.offset - base.offset)
    rows = y * (_side(form, y) - _side(base, y))
    change = (form.matrix - base.matrix).tocoo()
    entries = coo_array((-change.data * y[change.row] * x[change.col], (change.row, change.col)), shape=base.shape)
    return columns, rows, entries


def _side(form: Form, y: Floats) -> Floats:
    """The side of each row that its dual speaks of; zero where it has no price."""
    side = np.where(y > 0, form.row_lower, form.row_upper)
    return np.where((y == 0) | ~np.isfinite(side), 0.0, side)


def _parts(run: OpenRun, one: Input, columns: Floats, rows: Floats, entries: coo_array) -> dict[str, dict[str, float]]:
    """By each key of the table: the names that an effect comes from, largest first."""
    if not one.table:
        return {}
    table, form = run.plan.tables[one.table], run.solution.form
    found: dict[str, dict[str, float]] = {}
    for key in table.schema.keys:
        names = {str(name): number for number, name in enumerate(dict.fromkeys(table.columns[key.name]))}
        if key.kind == "month" or len(names) < 2:
            continue
        of_column = np.append(_codes(form.columns, names), -1)
        of_row = _codes(form.rows, names)
        of_entry = np.where(of_row[entries.row] >= 0, of_row[entries.row], of_column[entries.col])
        sums = np.zeros(len(names) + 1)  # the last takes what speaks of none of them
        for codes, amounts in ((of_column, columns), (of_row, rows), (of_entry, entries.data)):
            np.add.at(sums, codes, amounts)
        order = np.argsort(-np.abs(sums[:-1]), kind="stable")[:SHOWN_PARTS]
        words = list(names)
        parts = {words[number]: float(sums[number]) for number in order.tolist() if sums[number]}
        if parts:
            found[key.name] = parts
    return found


def _codes(keys: Sequence[tuple[str, Any]], names: dict[str, int]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """For each row or column the name in its index, by number; -1 for none."""
    codes = np.full(len(keys), -1, dtype=np.int64)
    for number, (_, index) in enumerate(keys):
        for part in index if isinstance(index, tuple) else (index,):
            if isinstance(part, str) and part in names:
                codes[number] = names[part]
                break
    return codes


def shares(found: Sequence[Effect]) -> dict[str, float]:
    """How the sum of all effects, without their signs, falls on qualities."""
    sums: dict[str, float] = {}
    for each in found:
        sums[each.input.quality] = sums.get(each.input.quality, 0.0) + abs(each.musd or 0.0)
    total = sum(sums.values())
    return {quality: amount / total for quality, amount in sums.items()} if total else {}
