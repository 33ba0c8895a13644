"""The program of the model beside that of the verifier: at a random point both miss each row by as much, and cost the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.build import build
from planner.api import load
from planner.prepare.plan_data import prepare
from planner.solve.compile.form import Form, compile_form
from planner.verify.case import Case
from planner.verify.files import read_run
from planner.verify.linear import Balance
from planner.verify.program import Program
from planner.verify.verdict import Array


def differences(folder: Path) -> tuple[set[str], list[str]]:
    """Names of the model's rows, and what differs between both programs of a run folder."""
    form = compile_form(build(prepare(load(folder / "inputs" / "plan.yaml"))))
    program = Program(Case(read_run(folder)))
    point = np.random.default_rng(11).uniform(0.5, 2.0, len(form.columns))
    decide(program, form, point)
    sides = {name: program.sides(row) for name, row in program.rows.items()}
    found = []
    for (name, index), activity, least, most in zip(
        form.rows, form.matrix @ point, form.row_lower, form.row_upper, strict=True
    ):
        row, (left, right) = program.rows[name], sides[name]
        at = position(program.axes(row), index, right)
        ours, theirs = row.scale * (activity - most if np.isfinite(most) else least - activity), float(left[at] - right[at])
        off = abs(abs(ours) - abs(theirs)) if isinstance(row, Balance) else abs(ours - theirs)
        if not off <= 1e-9 * max(1.0, float(abs(left[at]) + abs(right[at]))):
            found.append(f"{name}{index}: {ours:.9g} in the model, {theirs:.9g} in the verifier")
    ours, theirs = float(form.cost @ point) + form.offset, cost_musd(program)
    if not abs(ours - theirs) <= 1e-9 * abs(ours):
        found.append(f"costs: {ours:.12g} in the model, {theirs:.12g} in the verifier")
    return {name for name, _ in form.rows}, found


def cost_musd(program: Program) -> float:
    """All costs, discounted; the last letter of each is the month."""
    by_month = (program.musd(cost).reshape(-1, program.case.run.month_count) for cost in program.costs.values())
    return sum(float((musd @ program.case.run.discount).sum()) for musd in by_month)


def decide(program: Program, form: Form, point: Array) -> None:
    """Each variable of the verifier is what the column of the model is, and the least that it can be where that has none."""
    for each in program.variables.values():
        each.plan[...] = each.least
    for value, (column, index) in zip(point.tolist(), form.columns, strict=True):
        name = column.removeprefix("orbit_").removesuffix("_mw")
        at = position(program.axes(program.variables[name]), index)
        if name in ("shut", "shut_shell") and program.variables[name].most[at] == 0.0:
            name = name.replace("shut", "lapsed")  # not because a region closes, but because an order ends
        program.variables[name].plan[at] = value


def position(axes: Sequence[Sequence[str]], index: Any, right: Array | None = None) -> tuple[int, ...]:
    """Where an index of the model is, which counts months and slices from 1; of a limit by year, at its last month."""
    parts = index if isinstance(index, tuple) else (index,)
    at = tuple(part - 1 if isinstance(part, int) else list(names).index(part) for names, part in zip(axes, parts, strict=False))
    if len(at) < len(axes):
        assert right is not None
        at = (*at, int(np.flatnonzero(np.isfinite(right[at]))[0]))
    return at
