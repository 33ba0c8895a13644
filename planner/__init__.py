"""Where to put the world's accelerators, month by month, and what powers them.

from planner import load, run

done = run(load("inputs/reference.yaml"), "results/reference")
done.tables["chips"]
"""

from __future__ import annotations

TYPE_CHECKING = False  # not imported from typing: nothing is, before the command line guards against Ctrl-C
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "check",
    "compare",
    "crossover",
    "explain",
    "load",
    "pareto",
    "refresh",
    "run",
    "schema",
    "sweep",
    "verify",
    "why",
    "write_workbook",
]


def __getattr__(name: str) -> Any:
    """The public calls, imported when first asked for: help should be fast."""
    if name not in __all__:
        raise AttributeError(f"module 'planner' has no attribute {name!r}")
    from planner import api

    return getattr(api, name)
