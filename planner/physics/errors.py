"""What physics refuses, as exceptions: each message names the quantity, its value and the reason.

PhysicsError (ValueError)
  ThermalError     heat that cannot leave: a panel too cold, a hot spot too strong for its spreader
  DesignError      an orbital design with one or more impossible values, all listed
"""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """One refused value of a design: the field, what it holds, and the physical reason."""

    field: str
    value: object
    reason: str


class PhysicsError(ValueError):
    """A quantity that no orbit, panel or ledger can have."""


class ThermalError(PhysicsError):
    """Heat that cannot be rejected as asked; the message says why."""


class DesignError(PhysicsError):
    """A design with values that physics refuses; `problems` lists all of them at once."""

    def __init__(self, design_id: str, problems: list[Problem]) -> None:
        self.design_id = design_id
        self.problems = problems
        lines = [f"{problem.field} = {problem.value!r}: {problem.reason}" for problem in problems]
        super().__init__(f"orbital design {design_id!r} is impossible: " + "; ".join(lines))
