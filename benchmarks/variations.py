"""Fifty variations of a plan, as one asks for in a meeting, on a model that is kept alive: how long each takes after the first.

    python -m benchmarks.variations inputs/reference.yaml [--count 50] [--seed 1] [--check 5] [--broad]

Each changes one price or one limit in one row of the plan's tables by 5 or 10 %, drawn at random. --broad takes changes of many
rows at once instead, such as all deliveries. --check solves as many again from nothing and compares the objective. Seconds
are of the processor.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time

from planner.plan.plan import Plan
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.read.load import load
from planner.solve.session import Session
from planner.solve.solution import Solution, solve

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
FACTORS = (0.9, 0.95, 1.05, 1.1)
BROAD = (
    "fuels[*,*].usd_per_mmbtu*={}",
    "supply.mw*={}",
    "power[*,grid].energy_usd_per_mwh*={}",
    "launch_price.usd_per_kg*={}",
    "deliveries[*,*].kunit*={}",
)


def variations(plan: Plan, count: int, seed: int) -> Iterator[tuple[str, str]]:
    """(kind, override): a price and a limit in turn, the column at random, then the row among those that hold a number."""
    chance = random.Random(seed)
    kinds = {"price": PRICES, "limit": LIMITS}
    known = {
        kind: [(table, column, rows) for table, column in columns if (rows := _filled(plan, table, column))]
        for kind, columns in kinds.items()
    }
    for number in range(count):
        kind = ("price", "limit")[number % 2]
        table, column, rows = chance.choice(known[kind])
        yield kind, f"{table}[{chance.choice(rows)}].{column}*={chance.choice(FACTORS)}"


def broad(count: int) -> Iterator[tuple[str, str]]:
    """(kind, override): many rows at once, the kinds in turn."""
    for number in range(count):
        yield "many rows", BROAD[number % len(BROAD)].format(FACTORS[number // len(BROAD) % len(FACTORS)])


def _filled(plan: Plan, table: str, column: str) -> list[str]:
    rows = plan.tables[table]
    return [",".join(str(part) for part in key) for key, value in zip(rows.keys, rows.column(column), strict=True) if value]


class Timed(Progress):
    """Processor seconds of the solver."""

    def __init__(self) -> None:
        super().__init__()
        self.solver_s, self._since = 0.0, 0.0

    def _begin(self, name: str) -> None:
        self._since = process_time()

    def _end(self, name: str, spent_s: float) -> None:
        if name == "solve":
            self.solver_s += process_time() - self._since


def say(line: str) -> None:
    """A line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", type=int, default=0)
    parser.add_argument("--broad", action="store_true")
    args = parser.parse_args()
    plan, timed = load(args.plan), Timed()
    session = Session(timed)
    started = perf_counter()
    session.solve(prepare(plan))
    cold, timed.solver_s = timed.solver_s, 0.0
    say(f"{'':10} {'solver s':>9}  {'pivots':>8}  {'gap':>7}  first: {cold:.1f} s in the solver")
    told: list[tuple[str, Solution]] = []
    asked = broad(args.count) if args.broad else variations(plan, args.count, args.seed)
    for kind, override in asked:
        before = timed.solver_s
        solution = session.solve(prepare(load(args.plan, [override])))
        seconds, pivots = timed.solver_s - before, sum(solution.outcome.iterations.values())
        start = "" if session.warm else "  from nothing"
        say(f"{kind:10} {seconds:9.2f}  {pivots:8,}  {solution.proof.gap:7.0e}  {override}{start}")
        told.append((override, solution))
    say(f"{len(told)} variations: {timed.solver_s:.1f} s in the solver, {timed.solver_s / cold:.2f} times the first solve")
    say(f"first solve and variations, with reading and building: {perf_counter() - started:.0f} s on the wall")
    for override, solution in told[:: max(1, len(told) // args.check)][: args.check] if args.check else []:
        again = solve(prepare(load(args.plan, [override]))).proof.objective_musd
        found = solution.proof.objective_musd
        say(f"from nothing: relative difference {abs(again - found) / abs(again):.1e}  {override}")


if __name__ == "__main__":
    main()
