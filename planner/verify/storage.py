"""Storage once more: what goes in less its loss is what comes out, day by day, and never more than there is room for."""

from __future__ import annotations

import numpy as np

from planner.verify.collector import Bench
from planner.verify.hours import Hours, farthest, worst
from planner.verify.verdict import Array


def check_storage(bench: Bench, capacity: Array, output: Array, charge: Array, hours: Hours) -> None:
    """`capacity` [r,p,t], `output` and `charge` [r,p,t,k] in MW."""
    run, spot = bench.run, ("region_id", "option_id", "month")
    stored = run.cube("power_by_slice", "stored_mwh")
    held = run.vector("inputs.options", "storage_h")
    stores = ~np.isnan(held)
    taken = worst(charge, np.where(stores[:, None], capacity, 0.0)[..., None])
    bench.at_most("limit_charge", *taken, spot, "MW", "storage takes no more than its capacity, other options nothing")
    room = np.where(stores, held, 0.0)[:, None] * capacity
    bench.at_most("limit_stored", *worst(stored, room[..., None]), spot, "MWh", "stored <= duration x capacity")
    kept = np.where(stores, run.vector("inputs.options", "round_trip_frac"), 0.0)[:, None, None]
    change = hours.length * (kept * charge - np.where(stores[:, None, None], output, 0.0))
    balance = farthest(stored, stored[..., hours.before] + change)
    bench.equal("conserve_stored", *balance, spot, "MWh", "stored = stored a slice ago + charged less its loss - given")
