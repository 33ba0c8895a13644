"""A solution of a linear program as arrays: what a smaller program hands back to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array

from planner.solve.compile.form import Floats, Form

Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Vertex:
    """Values by column; which columns and which rows are basic, as many as there are rows."""

    values: Floats
    columns: Truths
    rows: Truths


@dataclass(frozen=True)
class Point:
    """Values by column, duals by row as HiGHS signs them: an optimum that need be no vertex."""

    values: Floats
    duals: Floats


def by_rows(form: Form) -> Any:
    """The coefficients, rows by columns, held by rows."""
    return csr_array(by_columns(form))


def by_columns(form: Form) -> Any:
    """The coefficients, rows by columns, held by columns."""
    return csc_array((form.values, form.indices, form.starts), shape=form.shape)
