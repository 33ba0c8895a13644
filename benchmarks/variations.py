"""Time variations of a plan that was solved before: prices and limits in turn, drawn at random.

python -m benchmarks.variations reference --count 50

Each changes one row of the tables by 5 or 10 %. Printed are processor seconds, and their medians: of all, of prices, of limits.
"""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass

from pyomo.common.gc_manager import PauseGC

from planner.api import find_plan
from planner.plan.plan import Plan
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.solve.session import Session
from planner.tables.result import summary_of

PRICES = (
    ("power", "energy_usd_per_mwh"),
    ("power", "capex_usd_per_kw"),
    ("fuels", "usd_per_mmbtu"),
    ("regions", "shell_usd_per_kw"),
    ("classes", "value_usd_per_h100e_h"),
    ("launch_price", "usd_per_kg"),
    ("accelerators", "install_usd_per_unit"),
)
LIMITS = (
    ("power", "step_mw_per_month"),
    ("power", "start_mw"),
    ("supply", "mw"),
    ("regions", "shell_step_mw_per_month"),
    ("launch", "tonnes"),
    ("deliveries", "kunit"),
    ("countries", "ai_share_frac"),
)


@dataclass(frozen=True)
class Taken:
    """Processor seconds of one variation: in all; of it reading and preparing, the session (HiGHS included), headlines."""

    whole: float
    reading: float
    session: float
    headlines: float


def variations(plan: Plan, count: int, seed: int) -> Iterator[str]:
    """Prices and limits in turn: the column at random, then the row among those that hold a number."""
    chance = random.Random(seed)
    for number in range(count):
        columns = [(table, column) for table, column in (PRICES, LIMITS)[number % 2] if rows(plan, table, column)]
        table, column = chance.choice(columns)
        yield f"{table}[{chance.choice(rows(plan, table, column))}].{column}*={chance.choice((0.9, 0.95, 1.05, 1.1))}"


def rows(plan: Plan, table: str, column: str) -> list[str]:
    """Keys of the rows that hold a number there."""
    found = plan.tables[table]
    return [",".join(str(part) for part in key) for key, value in zip(found.keys, found.column(column), strict=True) if value]


def one(path: str, words: Sequence[str], session: Session) -> Taken:
    """Read, solve and sum up a plan, as a point of a sweep is."""
    marks = [time.process_time()]
    plan = load(path, words)
    data = prepare(plan)
    marks.append(time.process_time())
    solution = session.solve(data)
    marks.append(time.process_time())
    with PauseGC():
        summary_of(plan, solution)
    marks.append(time.process_time())
    reading, solving, headlines = (later - earlier for earlier, later in itertools.pairwise(marks))
    return Taken(marks[-1] - marks[0], reading, solving, headlines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line a variation, then the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan")
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=3)
    asked = parser.parse_args(arguments)
    path, session = str(find_plan(asked.plan)), Session()
    _say("from scratch", one(path, (), session))
    found = []
    for word in variations(load(path), asked.count, asked.seed):
        found.append(one(path, (word,), session))
        _say(word if session.warm else f"{word} from scratch", found[-1])
    for name, part in (("all", found), ("prices", found[::2]), ("limits", found[1::2])):
        columns = zip(*map(astuple, part), strict=True)
        _say(f"median of {name}", Taken(*map(statistics.median, columns)))


def _say(what: str, taken: Taken) -> None:
    sys.stdout.write(f"{what}: {', '.join(f'{name} {seconds:.2f}' for name, seconds in vars(taken).items())}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
