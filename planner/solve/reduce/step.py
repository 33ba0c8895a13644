"""One reduction: a smaller program, and the way back from a solution of it to one of the original.

Presolve and postsolve as in Andersen and Andersen, "Presolving in linear programming", Mathematical Programming 71 (1995), for
the structure of this model, which the general rules of a solver do not see. A reduction is exact, or a guess: then what
postsolve returns is a basis of the original program all the same, but an optimum only if the guess was right, as its own
prices show.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from planner.solve.compile.form import Floats, Form, Mask


@dataclass(frozen=True)
class PrimalDual:
    """Values by column, duals by row as HiGHS signs them; basic or not."""

    values: Floats
    duals: Floats


@dataclass(frozen=True)
class BasicSolution:
    """Values by column; which columns and which rows are basic, as many as there are rows."""

    values: Floats
    columns: Mask
    rows: Mask


@dataclass(frozen=True)
class Step(ABC):
    """``original`` was reduced to ``form``."""

    original: Form
    form: Form

    @abstractmethod
    def postsolve(self, point: PrimalDual) -> PrimalDual:
        """The solution of the original program."""

    @abstractmethod
    def postsolve_basis(self, basis: BasicSolution) -> BasicSolution:
        """The basic solution of the original program: simplex can start there."""


def postsolve(steps: Sequence[Step], point: PrimalDual) -> PrimalDual:
    """The solution of the first program from one of the last."""
    for step in reversed(steps):
        point = step.postsolve(point)
    return point


def postsolve_basis(steps: Sequence[Step], basis: BasicSolution) -> BasicSolution:
    """The basic solution of the first program from one of the last."""
    for step in reversed(steps):
        basis = step.postsolve_basis(basis)
    return basis
