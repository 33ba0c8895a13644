"""Roll a plan: from a finished run to the plan of a later month, with what exists then and what is under way."""

from planner.studies.roll.rolled import Rolled, roll

__all__ = ["Rolled", "roll"]
