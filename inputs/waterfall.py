"""Print what each correction of the inputs does to the headlines, alone and together, as a table for the changelog.

    python inputs/waterfall.py         a solve for each correction and two more, about four minutes of processor
    python inputs/waterfall.py -j 4    four at a time

`corrections.csv` holds what each number was before. `alone` applies one correction to the inputs as they were.
"""

from __future__ import annotations

import argparse
import sys

from derivation.evidence import INPUTS, read
from resolve import Change, differences, figures, solve_all

Cell = tuple[str, dict[str, str], str, str]


def corrections() -> dict[str, list[Cell]]:
    """By correction: the cells that it changed, with what they held before."""
    found: dict[str, list[Cell]] = {}
    for row in read(INPUTS / "corrections.csv"):
        where = dict(part.split("=", 1) for part in row["row"].split(";"))
        found.setdefault(row["correction"], []).append((row["file"], where, row["column"], row["was"]))
    return found


def changes() -> list[Change]:
    """The inputs as they were, with one correction each, and as they are."""
    was = corrections()
    one_each = [Change(name, cells=[cell for n, cells in was.items() if n != name for cell in cells]) for name in was]
    return [Change("Before", cells=[cell for cells in was.values() for cell in cells]), *one_each, Change("After")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-j", type=int, default=1, dest="jobs", metavar="N", help="solve N at a time")
    plans = changes()
    found = solve_all(plans, parser.parse_args().jobs)
    head = ["", "served", "dark at the end, M H100e", "cost, billion USD", "orbit lacks"]
    lines = [head, ["---"] * len(head), ["Before", *figures(found[0])]]
    lines += [[f"{plan.name}, alone", *differences(one, found[0])] for plan, one in zip(plans[1:-1], found[1:-1], strict=True)]
    lines += [["All together", *differences(found[-1], found[0])], ["After", *figures(found[-1])]]
    sys.stdout.writelines(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    main()
