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
        alternatives as alternatives,
        answer as answer,
        backtest as backtest,
        blank_actuals as blank_actuals,
        check as check,
        check_out as check_out,
        compare as compare,
        completions as completions,
        constraints as constraints,
        crossover as crossover,
        explain as explain,
        export as export,
        find_plan as find_plan,
        global_sensitivity as global_sensitivity,
        groups as groups,
        json_text as json_text,
        lines as lines,
        load as load,
        map_schema as map_schema,
        new as new,
        open as open,  # noqa: A004 - a call of the package, used as planner.open
        orbit as orbit,
        overturn as overturn,
        pareto as pareto,
        plot as plot,
        propose_map as propose_map,
        ranges as ranges,
        refresh as refresh,
        report as report,
        roll as roll,
        run as run,
        save as save,
        schema as schema,
        sensitivity as sensitivity,
        solve as solve,
        sweep as sweep,
        verify as verify,
        why as why,
        write_workbook as write_workbook,
    )

__all__ = [
    "alternatives",
    "answer",
    "backtest",
    "blank_actuals",
    "check",
    "check_out",
    "compare",
    "completions",
    "constraints",
    "crossover",
    "explain",
    "export",
    "find_plan",
    "global_sensitivity",
    "groups",
    "json_text",
    "lines",
    "load",
    "map_schema",
    "new",
    "open",
    "orbit",
    "overturn",
    "pareto",
    "plot",
    "propose_map",
    "ranges",
    "refresh",
    "report",
    "roll",
    "run",
    "save",
    "schema",
    "sensitivity",
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
