"""Compare the shipped tables with public totals that they were not made from, and print each comparison.

    python inputs/checks.py

Each check states two numbers, their ratio and the range within which it agrees. `tests/inputs/test_checks.py` fails where one
does not, so an input that leaves the published world is refused before it reaches an answer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from comparisons.chips import deliveries, demand, fleet
from comparisons.power import power_at_start, racks, sites_and_blocs, steps_and_additions
from comparisons.world import Check, World
from derivation.evidence import INPUTS, Evidence, Row
from planner.formats import number

CHECKS: tuple[Callable[[World], Iterator[Check]], ...] = (
    power_at_start,
    sites_and_blocs,
    steps_and_additions,
    deliveries,
    fleet,
    demand,
    racks,
)


def checked(ev: Evidence) -> list[Check]:
    world = World(ev)
    return [check for find in CHECKS for check in find(world)]


def as_row(check: Check) -> Row:
    return {
        "": "agrees" if check.agrees else "DIFFERS",
        "what": check.what,
        "ours": number(check.ours),
        "theirs": f"{number(check.theirs)} {check.unit}",
        "ratio": f"{check.ratio:.2f}",
        "agrees within": f"{check.low:.3g} to {check.high:.3g}, {check.why}",
    }


def main() -> None:
    found = checked(Evidence(INPUTS / "evidence"))
    rows = [as_row(check) for check in found]
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
    sys.stdout.writelines(f"| {' | '.join(line)} |\n" for line in lines)
    if not all(check.agrees for check in found):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
