"""The program of a plan, changed into that of a plan with other prices or limits, without building and compiling it again.

Which numbers a block of `models` depends on is not listed anywhere: it is recorded while the block declares itself or says
what it costs. A block that has read nothing that differs would say the same again; any other declares itself again, beside the
model. Where sets, variables or coefficients of the matrix then differ, the program is another one, and is built from scratch.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyomo.core as pyo
from pyomo.common.gc_manager import PauseGC

from models import BLOCKS
from models.build import ONE_AT_A_TIME, declare_sets
from models.costs import costs_of
from models.data import PlanData
from planner.solve.compile.arrays import Compilation
from planner.solve.compile.form import Form
from planner.solve.compile.templates import NotTemplated

FIELDS = {each.name for each in dataclasses.fields(PlanData)}
DECLARE: tuple[Callable[[Any, Any], None], ...] = (declare_sets, *(block.declare for block in BLOCKS))
"""What declares the planner's own model, in this order."""

Values = dict[Any, float]


class AnotherProgram(Exception):  # noqa: N818  # not an error: the program is built from the plan
    """The plan has other rows, columns or coefficients, or may have."""


@dataclass
class Read:
    """What a part of the model was made from (fields of the plan, components that others declared), what it declared, and
    which variables of others it fixed in part."""

    fields: set[str] = field(default_factory=set)
    components: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    fixes: set[str] = field(default_factory=set)


class Program:
    """A model, its arrays, and the plan that both are of."""

    def __init__(self, data: PlanData, model: pyo.ConcreteModel, form: Form) -> None:
        self.data, self.model, self.form = data, model, form
        self._first: _Changes | None = None  # made at the first change: most programs see none

    def change(self, data: PlanData) -> bool:
        """Become the program of ``data``, to the last bit, where it differs in prices or limits alone. False for any other
        plan: this program must then not be used again."""
        if data.own_blocks or self.data.own_blocks:  # a file of the user's own may read anything
            return False
        with ONE_AT_A_TIME, PauseGC():
            try:
                self._first = self._first or _Changes(self.model)
                self.form = self._first.form(self.form, self.data, data)
            except (AnotherProgram, NotTemplated):
                return False
        self.data = data
        return True


class _Changes:
    """What it takes to change a model: its arrays, what each part was made from, and what is fixed."""

    def __init__(self, model: pyo.ConcreteModel) -> None:
        self.model = model
        self.arrays = Compilation(model)
        self.variables = {variable.local_name: variable for variable in self.arrays.variables}
        starts = self.arrays.reader.starts.tolist()
        self.numbers = {
            name: dict(zip(variable.keys(), range(start, start + len(variable)), strict=True))
            for (name, variable), start in zip(self.variables.items(), starts, strict=False)
        }
        self.fixed: dict[str, Values] = {name: _fixed(variable) for name, variable in self.variables.items()}
        self.order = self.arrays.order()
        self.read: dict[Any, Read] = {}
        self.read_by_costs: set[str] | None = None

    def form(self, form: Form, before: PlanData, now: PlanData) -> Form:
        """The arrays of the changed plan. Raises AnotherProgram."""
        differ = {name for name in FIELDS if not _same(getattr(before, name), getattr(now, name))}
        beside = self._declared_again(now, differ)
        parameters, fixed = self._differences(beside)
        if not self.arrays.replace(parameters):
            raise AnotherProgram
        for name, values in fixed.items():
            self.fixed[name] = values
            for index, value in values.items():
                self.variables[name][index].fix(value, skip_validation=True)
        if self.read_by_costs is None or fixed or differ & self.read_by_costs:
            self._price(now)
        rhs = self.arrays.right_hand_sides()
        if rhs is None or not np.array_equal(self.order, self.arrays.order()):
            raise AnotherProgram
        cost, offset = self.arrays.costs["total_cost"]
        low, high = (np.where(np.isinf(sides), sides, rhs) for sides in (form.row_lower, form.row_upper))
        return dataclasses.replace(form, cost=cost[self.order], offset=offset, row_lower=low, row_upper=high)

    def _declared_again(self, data: PlanData, differ: set[str]) -> pyo.ConcreteModel:
        """Another model, in which those parts are declared again that would not be the same, or fix each other's variables."""
        beside = pyo.ConcreteModel()
        again = self._stale(differ)
        kept = {name for part, read in self.read.items() if part not in again for name in read.declared}
        for part in DECLARE:
            if part in again:
                self.read[part] = read = Read()
                model = _Beside(self.model, beside, read)
                part(model, _Recorded(data, read.fields))
                read.fixes |= {name for name, (each, given) in model.handed.items() if _fixed(each) != given}
                if read.fixes & kept:
                    raise AnotherProgram
        if len(again) == len(DECLARE) and not _same(_names(beside), _names(self.model)):
            raise AnotherProgram
        return beside

    def _stale(self, differ: set[str]) -> set[Any]:
        """The parts that read what differs, those that read what these declare, and those whose variables these fix in part;
        all at the first time, when it is not known what they read."""
        if not self.read:
            return set(DECLARE)
        again = {part for part, read in self.read.items() if read.fields & differ}
        while True:
            declared = {name for part in again for name in self.read[part].declared}
            fixed = {name for part in again for name in self.read[part].fixes}
            more = {part for part, read in self.read.items() if read.components & declared or read.declared & fixed}
            if more <= again:
                return again
            again |= more

    def _differences(self, beside: pyo.ConcreteModel) -> tuple[dict[str, Values], dict[str, Values]]:
        """Parameters whose numbers differ, and variables of which fixed entries do. Raises AnotherProgram where anything else
        differs."""
        parameters: dict[str, Values] = {}
        fixed: dict[str, Values] = {}
        for name, now in beside.component_map().items():
            before = self.model.component(name)
            if before is None or before.ctype is not now.ctype or before.is_indexed() != now.is_indexed():
                raise AnotherProgram
            if now.ctype is pyo.Param:
                values, entries = dict(now.sparse_items()), self.arrays.reader.entries(before)
                if not now.is_indexed() or now.default() != before.default() or list(values) != list(entries):
                    raise AnotherProgram
                if values != entries:
                    parameters[name] = values
            elif now.ctype is pyo.Var:
                given = _fixed(now)
                if list(now.keys()) != list(self.numbers[name]) or given.keys() != self.fixed[name].keys():
                    raise AnotherProgram
                if given != self.fixed[name]:
                    fixed[name] = given
            elif _members(now) != _members(before):
                raise AnotherProgram
        return parameters, fixed

    def _price(self, data: PlanData) -> None:
        """The cost, as `models.build.total_cost` sums it."""
        self.read_by_costs = set[str]()

        def used(name: str) -> Iterable[Any]:
            held = self.fixed[name]
            return [index for index in self.numbers[name] if index not in held or held[index]]

        found = costs_of(BLOCKS, used, _Recorded(data, self.read_by_costs))  # type: ignore[arg-type]  # stands for a PlanData
        costs = [each for each in found if each.musd]
        columns = [self.numbers[each.variable][each.index] for each in costs]
        self.arrays.price("total_cost", columns, [each.musd for each in costs])


class _Beside:
    """Stands for the model while a part is declared again: what it declares goes into another model, what others have declared
    is found there or in the model itself."""

    def __init__(self, model: pyo.ConcreteModel, beside: pyo.ConcreteModel, read: Read) -> None:
        handed: dict[str, tuple[Any, Values]] = {}  # variables of others, and what was fixed of them before
        self.__dict__.update(_model=model, _beside=beside, _read=read, handed=handed)

    def __setattr__(self, name: str, component: Any) -> None:
        setattr(self._beside, name, component)
        self._read.declared.add(name)

    def __getattr__(self, name: str) -> Any:
        found = self._beside.component(name)
        found = getattr(self._model, name) if found is None else found
        if name not in self._read.declared and name not in self._read.components:
            self._read.components.add(name)
            if found.ctype is pyo.Var:
                self.handed[name] = found, _fixed(found)
        return found


class _Recorded:
    """Stands for a plan, and records which of its fields are read."""

    def __init__(self, data: PlanData, read: set[str]) -> None:
        self._data, self._read = data, read

    def __getattr__(self, name: str) -> Any:
        if name not in FIELDS:  # a property or a method, which reads fields itself
            return inspect.getattr_static(PlanData, name).__get__(self, PlanData)
        self._read.add(name)
        value = self.__dict__[name] = getattr(self._data, name)  # found without this function from now on
        return value


def _same(before: Any, now: Any) -> bool:
    """Equal, in the same order."""
    if before is now:
        return True
    if isinstance(before, Mapping):
        return bool(before == now) and list(before) == list(now)
    return bool(before == now) and repr(before) == repr(now)


def _fixed(variable: Any) -> Values:
    """What the fixed entries of a variable are fixed at."""
    return {index: entry.value for index, entry in variable.items() if entry.fixed}


def _members(each: Any) -> Any:
    """The members of a set, or of each set of an indexed one, in their order."""
    return [(index, list(held)) for index, held in each.items()] if each.is_indexed() else list(each)


def _names(model: pyo.ConcreteModel) -> set[str]:
    """What parts declare: all but rows and objectives."""
    return {name for name, each in model.component_map().items() if each.ctype not in (pyo.Constraint, pyo.Objective)}
