"""Why a plan is infeasible: the requirement that breaks, the limits it conflicts with, by file and line, and what resolves it.

levers      the numbers of the input that move a right-hand side; requirements, limits: which there are
relaxed     the plan with a row for every limit, also for those that are zero
ways        the smallest change of one lever, or of a few, as overrides
trials      ways out that no right-hand side shows, tried on the plan read again
diagnosis   what is said of it, as sentences and as data
"""

from __future__ import annotations

from planner.studies.infeasible.diagnosis import Diagnosis
from planner.studies.infeasible.search import diagnose

__all__ = ["Diagnosis", "diagnose"]
