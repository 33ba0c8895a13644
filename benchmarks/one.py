"""One competitor on one plan in a process of its own, so that memory is its own: prints one JSON object.

`python -m benchmarks.one planner whole 20k --limit 300`"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from benchmarks.clock import Clock, peak_mb
from benchmarks.competitors import COMPETITORS
from benchmarks.plans import PLANS, SIZES, plan_of


def measure(competitor: str, plan: str, size: str, limit_s: float | None) -> dict[str, Any]:
    """Figures of one run. ``limit_s`` bounds HiGHS; None: build and hand over only."""
    data = PLANS[plan](plan_of(SIZES[size]))
    before = peak_mb()
    clock = Clock()
    answer = COMPETITORS[competitor](data, clock, limit_s)
    return {
        "plan": plan,
        "size": size,
        "competitor": competitor,
        "rows": answer.rows,
        "columns": answer.columns,
        "nonzeros": answer.nonzeros,
        "status": answer.status,
        "objective_musd": answer.objective,
        "iterations": answer.iterations,
        "cpu": clock.cpu,
        "wall": clock.wall,
        "peak_mb": peak_mb(),
        "plan_mb": before,
    }


def main() -> None:
    """The command line of one run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.one", description=__doc__)
    parser.add_argument("competitor", choices=COMPETITORS)
    parser.add_argument("plan", choices=PLANS)
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("--limit", type=float, default=None, help="seconds for HiGHS; without it nothing is solved")
    args = parser.parse_args()
    sys.stdout.write("\n" + json.dumps(measure(args.competitor, args.plan, args.size, args.limit)) + "\n")


if __name__ == "__main__":
    main()
