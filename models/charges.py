"""Charges: what was decided before the plan and is still paid for, whatever the plan decides.

Capital of plants and halls that an earlier plan built, satellites in orbit, chips bought, chips retired early: all fixed, and a
part of what the months of the plan cost.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.core as pyo

from models.costs import Cost, Used, cost
from models.data import PlanData
from models.index import columns, fix_at


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """One of each charge."""
    m.running_charge = columns(d.running_charge_usd)
    fix_at(m.running_charge, dict.fromkeys(d.running_charge_usd, 1.0))


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """Each in its month."""
    for index in used("running_charge"):
        component, place, item, t = index
        yield cost("running_charge", index, place, item, (t,), {component: d.running_charge_usd[index]}, d.discount[t])
