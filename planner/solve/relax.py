"""Why no plan exists: the least that promises must give way, and the limits that they collide with."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np

from planner.solve.form import Form
from planner.solve.highs import Solver, SolverOptions

# Physics and stocks always leave a plan (chips may stay dark); only promises can make it impossible.
PROMISES = {
    "require_share": ("must serve at least {limit:.6g} kH100e", "kH100e"),
    "serve_demand": ("must be served in full, {limit:.6g} kH100e", "kH100e"),
    "keep_commitment": ("committed to {limit:.6g} MW", "MW"),
    "limit_carbon": ("may emit {limit:.6g} thousand tonnes of CO2", "thousand tonnes"),
}
BOOKKEEPING = ("conserve_", "balance_")  # these say where things are; they are not limits that could give way
IIS_SECONDS = 20.0


def explain_infeasibility(form: Form, solver: Solver) -> str:
    """Sentences that name which promise can not be kept, by how much, and which limits stand against it."""
    short = least_relaxation(form)
    lines = ["no plan meets all limits."]
    for (name, index), amount, limit in short[:12]:
        text, unit = PROMISES[name]
        lines.append(f"  {name}{describe(index)}: {text.format(limit=limit)}, short by {amount:.6g} {unit}")
    if len(short) > 12:
        lines.append(f"  and {len(short) - 12} more")
    conflict = [form.rows[row] for row in solver.conflict(IIS_SECONDS) if not form.rows[row][0].startswith(BOOKKEEPING)]
    if conflict:
        names = sorted({f"{name}{describe(index)}" for name, index in conflict})
        lines.append(f"  limits in conflict ({len(names)}): " + ", ".join(names[:20]) + (" …" if len(names) > 20 else ""))
    return "\n".join(lines)


def describe(index: Any) -> str:
    """An index as a user reads it."""
    parts = index if isinstance(index, tuple) else (index,)
    return "[" + ",".join(str(part) for part in parts) + "]"


def least_relaxation(form: Form) -> list[tuple[tuple[str, Any], float, float]]:
    """The smallest total by which promises must be loosened so that a plan exists: (row, amount, limit), largest first."""
    elastic = [i for i, (name, _) in enumerate(form.rows) if name in PROMISES]
    solver = Solver(form, SolverOptions())
    columns = form.shape[1]
    for row in elastic:
        sign = -1.0 if form.rows[row][0] == "limit_carbon" else 1.0
        solver.highs.addCol(0.0, 0.0, highspy.kHighsInf, 1, np.array([row], dtype=np.int32), np.array([sign]))
    outcome = solver.minimise(np.concatenate([np.zeros(columns), np.ones(len(elastic))]), 0.0)
    if outcome.status != "optimal":
        return []
    amounts = outcome.values[columns:]
    limits = np.where(np.isfinite(form.row_lower), form.row_lower, form.row_upper)
    found = [(form.rows[row], float(a), float(limits[row])) for row, a in zip(elastic, amounts, strict=True) if a > 1e-7]
    return sorted(found, key=lambda item: -item[1])
