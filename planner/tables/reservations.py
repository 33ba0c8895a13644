"""What became of reserved capacity: what stands, what its customer uses and pays, what is short, and its price."""

from __future__ import annotations

import pandas as pd

from models import REGISTER
from models.data import PlanData
from models.records import Reservation
from planner.formats import compute, count, month_name, some, usd
from planner.plan.plan import Plan
from planner.result import SummaryLine, headline
from planner.solve.solution import Solution
from planner.tables.frames import table

PRICED = next(row.name for row in REGISTER.values() if row.has("reservation") and row.price)
SHORT_FRAC = 1e-6
"""Of what is reserved: less is noise of the solver."""
MOST_NAMED = 3


def reservations_table(plan: Plan, solution: Solution, limits: pd.DataFrame) -> pd.DataFrame:
    """One row for each reservation in each of its months. ``limits`` has their prices, ``plan`` what customers pay."""
    d, stated = solution.data, plan.tables["reservations"]
    priced = limits[limits["constraint"] == PRICED]
    worth = {(where, month): usd for where, month, usd in priced[["where", "month", "worth_usd"]].itertuples(index=False)}
    rows = []
    for each in d.reservations:
        name = each.reservation_id
        price, take = (stated.value(column, name) or 0.0 for column in ("price_usd_per_h100e_h", "take_or_pay_frac"))
        for t, reserved in each.kh100e.items():
            hours = sum(d.hours_h[t, k] for k in d.slices)
            short = solution.values["short"].get((name, t), 0.0)
            standing = reserved - short
            used = _used_kh100e(solution, each, t, standing)
            least = max(used, take * standing)
            penalty = short * hours * (each.penalty_usd_per_h100e_h or 0.0) / 1e3
            paid, unused = (price * kh100e * hours / 1e3 for kh100e in (least, least - used))
            usd = worth.get((name, d.months[t - 1]), 0.0) if solution.prices else float("nan")
            rows.append((name, d.months[t - 1], reserved, standing, used, short, penalty, paid, unused, usd))
    return table("reservations", rows)


def _used_kh100e(solution: Solution, each: Reservation, t: int, standing: float) -> float:
    """What the customer's own work takes of what stands, mean of the month."""
    d, serve = solution.data, solution.values["serve"]
    own = [(z, w, kh100e) for z, w in each.pools if (kh100e := serve.get((z, w, each.region_id, t), 0.0))]
    taken = {k: min(standing, sum(kh100e * d.shape_frac[z, w, t, k] for z, w, kh100e in own)) for k in d.slices}
    return sum(taken[k] * d.hours_h[t, k] for k in d.slices) / sum(d.hours_h[t, k] for k in d.slices)


def reservation_lines(d: PlanData, reservations: pd.DataFrame) -> list[SummaryLine]:
    """What is reserved and used, what is short, and which reservation costs most; nothing for a plan without any."""
    if reservations.empty:
        return []
    sums = reservations[["reserved_kh100e", "used_kh100e", "standing_kh100e"]].sum()
    mean = {str(name): float(kh100e) / len(d.horizon) for name, kh100e in sums.items()}
    text = f"Reserved for customers: {compute(mean['reserved_kh100e'])} on average"
    text += f", {compute(mean['used_kh100e'])} of it used by their own work"
    short = reservations[reservations["short_kh100e"] > SHORT_FRAC * reservations["reserved_kh100e"]]
    penalty, paid, unused = (float(reservations[f"{name}_musd"].sum()) for name in ("penalty", "paid", "unused"))
    if len(short):
        months = short["reservation_id"].value_counts(sort=False).to_dict()
        said = [f"{name} in {count(int(many), 'month')}" for name, many in months.items()]
        text += f"; short: {some(said, MOST_NAMED)}, penalties of {usd(1e6 * penalty)}"
    if paid:
        text += f"; customers pay {usd(1e6 * paid)}"
        text += f", {usd(1e6 * unused)} of it for what they do not use (take or pay)" if unused > 0 else ""
    binding = reservations[(reservations["worth_usd"] > 0) & ~reservations.index.isin(short.index)]
    if len(binding):
        columns = ["reservation_id", "month", "worth_usd"]
        name, month, worth = max(binding[columns].itertuples(index=False), key=lambda row: row[-1])
        text += f"; one thousand H100e less reserved by {name} in {month_name(month)} would save {usd(worth)}"
    return [
        headline("reserved", mean["reserved_kh100e"] / 1e3, text),
        headline("reserved_used", mean["used_kh100e"] / 1e3),
        headline("reservation_penalty", penalty),
        headline("reservation_paid", paid),
    ]
