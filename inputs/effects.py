"""Write `evidence/effects.csv`: how much of the answer of the reference rests on each publication and judgement.

    python inputs/effects.py results/reference     about ten minutes of processor; then python inputs/derive.py

To first order, from the values and prices of a finished run (`planner explain RUN --estimates`): what 10 % more of each number
of the rows that name a source does to the cost, unserved compute included; added without signs.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from derivation.evidence import INPUTS
from planner.progress import Progress
from planner.studies.explain.estimates import by_source, effects
from planner.studies.explain.reopened import open_run
from planner.studies.explain.sources import SourceEffect

PAGE = INPUTS / "evidence" / "effects.csv"
HEAD = ("kind", "cited_as", "rows", "effect_musd", "year", "source", "quality")


def write_effects(found: list[SourceEffect], path: Path) -> None:
    """Million USD with four digits; sources whose effect is less than one million are left out."""
    own = ("2026", "own calculation (inputs/effects.py)", "estimate")
    rows = [(each.kind, each.name, each.rows, f"{each.musd:.4g}", *own) for each in found if each.musd >= 1]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEAD, *rows])


if __name__ == "__main__":
    run = open_run(Path(sys.argv[1]))
    write_effects(by_source(run, effects(run, Progress())), PAGE)
