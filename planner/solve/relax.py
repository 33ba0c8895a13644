"""Why no plan exists: the least that promises must give way, and the limits that they collide with.

Physics and stocks always leave a plan, since chips may stay dark; only promises can make it impossible. So promises are made
elastic and their total shortfall is minimised. The duals of that optimum are the proof: every row with a price is part of the
conflict, and loosening it would let a promise be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import highspy
import numpy as np

from planner.solve.form import Floats, Form
from planner.solve.highs import Solver, SolverOptions

PROMISES = {
    "require_share": ("must serve at least {limit:,.6g} kH100e", "kH100e"),
    "serve_demand": ("must be served in full, {limit:,.6g} kH100e", "kH100e"),
    "keep_commitment": ("committed to {limit:,.6g} MW", "MW"),
    "limit_carbon": ("may emit {limit:,.6g} thousand tonnes of CO2", "thousand tonnes"),
}
BOOKKEEPING = ("balance_", "place_", "run_", "respect_", "conserve_")
DELIVERIES = "conserve_chips"  # says where things are, like the rows above, but deliveries stand in it
SHOWN = 12
Key = tuple[str, Any]


def explain_infeasibility(form: Form, months: Sequence[str]) -> str:
    """Sentences that name which promise can not be kept, by how much, and which limits stand against it."""
    short, against = least_relaxation(form)
    if not short:
        return (
            "no plan meets all limits, and no promise is to blame: more is planned to close than can stand by then; "
            "`planner check` names the row"
        )
    lines = ["no plan meets all limits; the least that promises must give way:"]
    for key, amount, limit in short[:SHOWN]:
        text, unit = PROMISES[key[0]]
        lines.append(f"  {describe(key, months)}: {text.format(limit=limit)}, short by {amount:,.6g} {unit}")
    if len(short) > SHOWN:
        lines.append(f"  and {len(short) - SHOWN} more")
    if against:
        gathered = gather(against, months)
        lines.append("in conflict with (any of these, loosened, would help; those that help most first):")
        lines += [f"  {words}" for words in gathered[:SHOWN]]
        if len(gathered) > SHOWN:
            lines.append(f"  and {len(gathered) - SHOWN} more")
    return "\n".join(lines)


def least_relaxation(form: Form) -> tuple[list[tuple[Key, float, float]], list[Key]]:
    """The smallest total by which promises must be loosened so that a plan exists: (row, amount, limit), largest first; and
    the limits in conflict with them, those that help most first. Both empty when the promises are not to blame."""
    elastic = [i for i, (name, _) in enumerate(form.rows) if name in PROMISES]
    solver = Solver(form, SolverOptions(crossover=True))
    rows, columns = form.shape
    for row in elastic:
        sign = -1.0 if form.rows[row][0] == "limit_carbon" else 1.0
        solver.highs.addCol(0.0, 0.0, highspy.kHighsInf, 1, np.array([row], dtype=np.int32), np.array([sign]))
    outcome = solver.minimise(np.concatenate([np.zeros(columns), np.ones(len(elastic))]), 0.0)
    if outcome.status != "optimal":
        return [], []
    amounts = outcome.values[columns:]
    limits = np.where(np.isfinite(form.row_lower), form.row_lower, form.row_upper)
    short = [(form.rows[row], float(a), float(limits[row])) for row, a in zip(elastic, amounts, strict=True) if a > 1e-7]
    return sorted(short, key=lambda item: -item[1]), _in_conflict(form, outcome.duals[:rows])


def _in_conflict(form: Form, duals: Floats) -> list[Key]:
    """Limits with a price in the optimum of the relaxation, dearest first."""
    order = np.argsort(-np.abs(duals), kind="stable")
    found = [form.rows[row] for row in order if abs(duals[row]) > 1e-7]
    return [key for key in found if key[0] == DELIVERIES or not key[0].startswith((*PROMISES, *BOOKKEEPING))]


def describe(key: Key, months: Sequence[str]) -> str:
    """A row as a user reads it: months by name."""
    name, index = key
    parts = index if isinstance(index, tuple) else (index,)
    words = [part for part in parts if isinstance(part, str)]
    numbers = [part for part in parts if not isinstance(part, str)]
    if numbers and name == "limit_national_growth":
        words.append(f"plan year {numbers[0]}")
    elif numbers:
        words.append(months[int(numbers[0]) - 1])
    return f"{name}[{', '.join(words)}]"


def gather(keys: Sequence[Key], months: Sequence[str]) -> list[str]:
    """Rows of one limit and place on one line, with the months that they speak of."""
    groups: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for name, index in keys:
        parts = index if isinstance(index, tuple) else (index,)
        group = (name, tuple(part for part in parts if isinstance(part, str)))
        groups.setdefault(group, []).extend([int(part) for part in parts if not isinstance(part, str)][:1])
    out = []
    for (name, place), numbers in groups.items():
        where = f" {', '.join(place)}" if place else ""
        out.append(("deliveries of" if name == DELIVERIES else name) + where + _when(name, sorted(set(numbers)), months))
    return out


def _when(name: str, numbers: list[int], months: Sequence[str]) -> str:
    if not numbers:
        return ""
    if name == "limit_national_growth":
        years = f"years {numbers[0]} to {numbers[-1]}" if len(numbers) > 1 else f"year {numbers[0]}"
        return f" (plan {years})"
    first, last = months[numbers[0] - 1], months[numbers[-1] - 1]
    return f" ({first} to {last}, {len(numbers)} months)" if len(numbers) > 1 else f" ({first})"
