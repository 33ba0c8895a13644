"""A vertex of a linear program as arrays: what a smaller program hands back to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array

from planner.solve.form import Floats, Form

Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Vertex:
    """Values by column; which columns and which rows are basic, as many as there are rows."""

    values: Floats
    columns: Truths
    rows: Truths


def by_rows(form: Form) -> Any:
    """The coefficients, rows by columns, held by rows."""
    return csr_array(csc_array((form.values, form.indices, form.starts), shape=form.shape))
