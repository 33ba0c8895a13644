"""What HiGHS writes into its log, in words for one line: the algorithm, its iteration, how far it is from done."""

from __future__ import annotations

import re

NUMBER = r"([-+]?\d\.\d+e[-+]\d+)"
INTERIOR_POINT = re.compile(rf"\s*(\d+)\*?\s+{NUMBER}\s+{NUMBER}\s+{NUMBER}\s+{NUMBER}\s")
"""of IPX: iteration, both objectives, both infeasibilities. HiPO writes the same to a console alone, never to a callback"""
SIMPLEX = re.compile(rf"\s*(\d+)\s+{NUMBER} (?:Ph1: \d+\([^)]*\); )?(?:Pr: (\d+)\(|)")
"""iteration, objective, and how many rows do not hold yet"""
PHASES = (
    ("Presolving", "presolve"),
    ("Running crossover", "crossover"),
    ("Constructing starting basis", "crossover, starting basis"),
    ("Using dual simplex", "simplex"),
    ("Using primal simplex", "simplex"),
    ("Performed postsolve", "postsolve"),
)


def log_words(message: str) -> str | None:
    """Words for the last line of a message that tells something; None: none does."""
    return next((words for words in map(_line, reversed(message.splitlines())) if words), None)


def _line(line: str) -> str | None:
    iterate = INTERIOR_POINT.match(line)
    if iterate:
        primal, dual = float(iterate[2]), float(iterate[3])
        gap = abs(primal - dual) / max(1.0, abs(primal))
        return f"interior point, iteration {int(iterate[1]):,}, relative gap {gap:.1e}"
    pivot = SIMPLEX.match(line)
    if pivot:
        short = f", {int(pivot[3]):,} rows do not hold yet" if pivot[3] and int(pivot[3]) else ""
        return f"simplex, iteration {int(pivot[1]):,}, objective {float(pivot[2]):.6g}{short}"
    return next((words for start, words in PHASES if line.lstrip().startswith(start)), None)
