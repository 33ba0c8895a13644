"""Dual of storage and of contracts: what taking energy at one hour and giving it at another must at least cost.

Primal rows (r region, p option, t month, k slice, k-1 the slice before it in the same day):

    balance_power    sum_p output[k] - sum_p charge[k] - .. = 0
    conserve_stored  stored[k] - stored[k-1] - length (round_trip charge[k] - output[k]) = 0
    limit_charge     charge[k] - capacity <= 0,     limit_stored  stored[k] - duration capacity <= 0
    take_minimum     minimum capacity - sum_k part[k] output[k] - untaken <= 0
"""

from __future__ import annotations

import numpy as np

from planner.verify.dual_bound import Bound
from planner.verify.dual_reach import Reach
from planner.verify.dual_rows import Duals
from planner.verify.verdict import Array

SPOT = ("region_id", "option_id", "month")


def bound_storage(bound: Bound, y: Duals, reach: Reach) -> None:
    """Reduced costs of what is stored, and of what a contract has paid for in vain; all right sides are zero."""
    run, hours = reach.run, reach.hours
    names = [f"slice {number}" for number in range(1, len(hours.slices) + 1)]
    held = np.nan_to_num(run.vector("inputs.options", "storage_h"))[:, None, None]
    back = np.nan_to_num(run.vector("inputs.options", "round_trip_frac"))[:, None, None]
    most = np.where(held > 0, reach.capacity[..., None], 0.0)
    charge = y["balance_power"][:, None] + hours.length * back * y["conserve_stored"] + y["limit_charge"]
    bound.variable("charge", (*SPOT[:2], run.months, names), charge, most)
    stored = y["conserve_stored"][..., hours.after] - y["conserve_stored"] + y["limit_stored"]
    bound.variable("stored", (*SPOT[:2], run.months, names), stored, held * most)
    paid = run.discount * (hours.energy_price * hours.hours).sum(axis=-1) / 1e6
    minimum = run.cube("inputs.power", "minimum_take_frac")[:, :, None]
    bound.variable("untaken", SPOT, paid - y["take_minimum"], minimum * reach.capacity)


def stored_output(y: Duals, reach: Reach) -> Array:
    """What its rows take from the reduced cost of an output, [r,p,t,k]."""
    hours = reach.hours
    part = hours.hours / reach.run.hours[:, None]
    return np.asarray(hours.length * y["conserve_stored"] + part * y["take_minimum"][..., None])


def stored_capacity(y: Duals, reach: Reach) -> Array:
    """What a megawatt of capacity gives storage, less what a contract makes it owe, [r,p,t]."""
    held = np.nan_to_num(reach.run.vector("inputs.options", "storage_h"))[:, None]
    minimum = reach.run.cube("inputs.power", "minimum_take_frac")[:, :, None]
    room = y["limit_charge"].sum(axis=-1) + held * y["limit_stored"].sum(axis=-1)
    return np.asarray(room - minimum * y["take_minimum"])
