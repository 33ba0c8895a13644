"""Where to put the world's accelerators, month by month, and what powers them.

from planner import load, run

done = run(load("inputs/reference.yaml"), "results/reference")
done.tables["chips"]
"""

from __future__ import annotations

import planner.check
import planner.schema
import planner.solve
import planner.verify  # noqa: F401

# Four packages bear the name of a public call. Imported once (they are empty), they are not bound again by later imports
# of their members; unbound here, the name is that of the call.
del check, schema, solve, verify  # noqa: F821

TYPE_CHECKING = False  # not imported from typing: nothing is, before the command line guards against Ctrl-C
if TYPE_CHECKING:
    from typing import Any

    from planner.api import (
        check as check,
        compare as compare,
        crossover as crossover,
        explain as explain,
        groups as groups,
        load as load,
        pareto as pareto,
        refresh as refresh,
        report as report,
        run as run,
        schema as schema,
        solve as solve,
        sweep as sweep,
        verify as verify,
        why as why,
        write_workbook as write_workbook,
    )

__all__ = [
    "check",
    "compare",
    "crossover",
    "explain",
    "groups",
    "load",
    "pareto",
    "refresh",
    "report",
    "run",
    "schema",
    "solve",
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
