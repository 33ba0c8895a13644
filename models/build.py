"""From a checked plan to a Pyomo model: declare each block, attach its rows, sum the costs. Nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pyomo.core as pyo
import pyomo.core.base.constraint as pyomo_constraint
from pyomo.common.gc_manager import PauseGC
from pyomo.core.base.set import _FiniteSetMixin
from pyomo.core.expr import LinearExpression, template_expr

from models import BLOCKS
from models.costs import costs_of
from models.data import PlanData
from models.index import parameter, slice_before
from models.rows import rows_of

ONE_AT_A_TIME = threading.RLock()
"""Held while a model is declared or compiled: the switches of Pyomo that this takes belong to the whole process."""


def build(data: PlanData) -> pyo.ConcreteModel:
    """Declare every block of the plan on one model.

    Objectives: ``total_cost`` (million US dollars, discounted), and in mode ``energy`` also ``unserved_compute``
    (weighted kH100e-months, to be minimised first). Rules are compiled once each (templates) rather than row by row.
    """
    with ONE_AT_A_TIME, PauseGC(), _templates():
        model = pyo.ConcreteModel(name=data.name)
        declare_sets(model, data)
        for block in BLOCKS:
            block.declare(model, data)
        _declare_own(model, data)
        for block in (*BLOCKS, *data.own_blocks):
            for row in rows_of(block):
                row.attach(model)
        _check_times(model, data)
        model.total_cost = pyo.Objective(expr=total_cost(model, data))
        if data.mode == "energy":
            short = (data.weight[w] * model.unserved[z, w, t] for z, w, t in model.unserved)
            model.unserved_compute = pyo.Objective(expr=pyo.quicksum(short))
    return model


def _declare_own(model: pyo.ConcreteModel, data: PlanData) -> None:
    """Declare the blocks of the user's own. Raises TypeError for what the arrays of the program would not hold."""
    before = dict(model.component_map())
    for block in data.own_blocks:
        if hasattr(block, "declare"):
            block.declare(model, data)
    replaced = [name for name, each in before.items() if model.component(name) is not each]
    own = [each for name, each in model.component_map().items() if name not in before]
    loose = [each.local_name for each in own if each.ctype in (pyo.Constraint, pyo.Objective)]
    bounded = [
        each.local_name
        for each in own
        if each.ctype is pyo.Var and any(var.lb != 0 or var.ub is not None for var in each.values())
    ]
    for names, expected in (
        (replaced, "a name that the planner's model does not use"),
        (loose, "constraints decorated with models.rows.rows, and costs yielded by cost_terms"),
        (bounded, "variables made by models.index.columns, which are zero or more; other bounds are constraints"),
    ):
        if names:
            raise TypeError(f"{', '.join(names)}: expected {expected}")


def _check_times(model: pyo.ConcreteModel, data: PlanData) -> None:
    """Raise TypeError for a row of the user's own that does not say when it is."""
    for row in (row for block in data.own_blocks for row in rows_of(block)):
        for index in model.component(row.name) or ():
            try:
                row.last_month(index, data)
            except (KeyError, TypeError, ValueError) as error:
                expected = "a month t from 1, a plan year y as in PlanData.plan_year, or a period of PlanData.periods"
                raise TypeError(f"{row.name}[{index}]: expected {expected}") from error


def declare_sets(model: pyo.ConcreteModel, data: PlanData) -> None:
    """What every block shares: sets, slices of a day, chips. Month 0 is the state before the plan begins."""
    model.MONTHS = pyo.RangeSet(len(data.months))
    model.SLICES = pyo.Set(initialize=data.slices)
    model.REGIONS = pyo.Set(initialize=data.regions)
    model.DESIGNS = pyo.Set(initialize=data.designs)
    model.GENERATIONS = pyo.Set(initialize=data.generations)
    model.CLASSES = pyo.Set(initialize=data.classes)
    model.length_h = parameter(data.length_h, model.SLICES)
    model.before = parameter(slice_before(data), model.SLICES)
    model.kw_per_unit = parameter(data.kw_per_unit, model.GENERATIONS)


def total_cost(model: pyo.ConcreteModel, data: PlanData) -> Any:
    """Everything that the blocks say costs, discounted."""
    entries: dict[str, dict[Any, Any]] = {}

    def used(name: str) -> Iterable[Any]:
        if name not in entries:
            held = model.component(name).items()
            entries[name] = {index: entry for index, entry in held if not entry.fixed or entry.value}
        return entries[name]

    costs = [each for each in costs_of((*BLOCKS, *data.own_blocks), used, data) if each.musd]
    return LinearExpression(
        linear_coefs=[each.musd for each in costs], linear_vars=[entries[each.variable][each.index] for each in costs]
    )


@contextmanager
def _templates() -> Iterator[None]:
    """Have Pyomo compile the rules declared meanwhile. The caller holds `ONE_AT_A_TIME`."""
    flag, context = pyomo_constraint.TEMPLATIZE_CONSTRAINTS, template_expr._template_iter_context
    pyomo_constraint.TEMPLATIZE_CONSTRAINTS, template_expr._template_iter_context = True, _ContextOfThread
    try:
        yield
    finally:
        pyomo_constraint.TEMPLATIZE_CONSTRAINTS, template_expr._template_iter_context = flag, context


class _ContextOfThread(template_expr._template_iter_context):  # type: ignore[misc]  # Pyomo has no types
    """What Pyomo puts in place of `sum` and of iteration over sets, for all threads, while it compiles a rule: here for the
    thread alone that declares the rule. Others, which may be reading a solution or solving, get Python's own."""

    _sum, _members = staticmethod(sum), staticmethod(_FiniteSetMixin.__iter__)

    def __init__(self) -> None:
        super().__init__()
        self._thread = threading.get_ident()

    def sum_template(self, values: Any, /, start: Any = 0) -> Any:
        return super().sum_template(values) if threading.get_ident() == self._thread else self._sum(values, start)

    def get_iter(self, of: Any) -> Any:
        return super().get_iter(of) if threading.get_ident() == self._thread else self._members(of)
