"""From a checked plan to a Pyomo model: call each block, sum the costs. Nothing else."""

from __future__ import annotations

import pyomo.core.base.constraint as pyomo_constraint
import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC

from models import BLOCKS
from models.data import PlanData
from models.index import at


def build(data: PlanData) -> pyo.ConcreteModel:
    """Declare every block of the plan on one model.

    Objectives: ``total_cost`` (million US dollars, discounted), and in mode ``energy`` also ``unserved_compute``
    (weighted kH100e-months, to be minimised first). Rules are compiled once each (templates) rather than row by row.
    """
    model = pyo.ConcreteModel(name=data.name)
    templates_before = pyomo_constraint.TEMPLATIZE_CONSTRAINTS
    pyomo_constraint.TEMPLATIZE_CONSTRAINTS = True
    try:
        with PauseGC():
            declare_sets(model, data)
            for block in BLOCKS:
                block.declare(model, data)
            for block in BLOCKS:
                block.constrain(model, data)
            costs = [term for block in BLOCKS for term in block.cost_terms(model, data)]
            model.total_cost = pyo.Objective(expr=pyo.quicksum(costs))
            if data.mode == "energy":
                short = (data.weight[w] * model.unserved[z, w, t] for z, w, t in model.unserved)
                model.unserved_compute = pyo.Objective(expr=pyo.quicksum(short))
    finally:
        pyomo_constraint.TEMPLATIZE_CONSTRAINTS = templates_before
    return model


def declare_sets(model: pyo.ConcreteModel, data: PlanData) -> None:
    """The sets that every block shares. Month 0 is the state before the plan begins."""
    model.MONTHS = pyo.RangeSet(len(data.months))
    model.SLICES = pyo.Set(initialize=data.slices)
    model.REGIONS = pyo.Set(initialize=data.regions)
    model.DESIGNS = pyo.Set(initialize=data.designs)
    model.GENERATIONS = pyo.Set(initialize=data.generations)
    model.CLASSES = pyo.Set(initialize=data.classes)
    model.kw_per_unit = pyo.Param(model.GENERATIONS, initialize=at(data.kw_per_unit))
