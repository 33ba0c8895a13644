"""A linear program as a file of its own, in the format MPS, with the names of its variables and constraints."""

from __future__ import annotations

from pathlib import Path

import highspy

from planner.errors import PlannerError
from planner.solve.compile.form import Form, Key
from planner.solve.highs import Solver, SolverOptions


def write_mps(form: Form, path: Path) -> None:
    """Write the program by HiGHS; ``path`` ends in .mps. Raises PlannerError where it cannot be written."""
    highs = Solver(form, SolverOptions(algorithm="simplex")).highs
    for column, key in enumerate(form.columns):
        highs.passColName(column, _name(key))
    for row, key in enumerate(form.rows):
        highs.passRowName(row, _name(key))
    if highs.writeModel(str(path)) == highspy.HighsStatus.kError:
        raise PlannerError(f"{path}: HiGHS could not write the program")


def _name(key: Key) -> str:
    """`build[us_ohio,grid,3]`: months are numbered from 1."""
    name, index = key
    parts = index if isinstance(index, tuple) else () if index is None else (index,)
    return f"{name}[{','.join(str(part) for part in parts)}]".replace(" ", "_") if parts else name
