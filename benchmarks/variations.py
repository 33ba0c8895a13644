"""Fifty variations of a plan, as one asks for in a meeting, on a model that is kept alive: how long each takes after the first.

    python -m benchmarks.variations inputs/reference.yaml [--count 50] [--check 5]

--check solves as many of them again from nothing and compares the objective.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from planner.read.plan import Plan, load
from planner.read.plan_data import prepare
from planner.solve.session import Session
from planner.solve.solution import solve

FACTORS = (1.03, 0.97, 1.01, 0.98, 1.05)


def variations(plan: Plan) -> Iterator[tuple[str, str]]:
    """(kind, override), the kinds in turn."""
    regions = [str(name) for name in plan.tables["regions"].frame["region_id"]]
    classes = [str(name) for name in plan.tables["classes"].frame["class_id"]]
    options = list(dict.fromkeys(str(name) for name in plan.tables["supply"].frame["option_id"]))
    for number, factor in enumerate(FACTORS):
        region = regions[(7 * number + 3) % len(regions)]
        yield "price of one grid", f"power[{region},grid].energy_usd_per_mwh*={factor}"
        yield "price of all fuel", f"fuels[*,*].usd_per_mmbtu*={factor}"
        yield "value of a class", f"classes[{classes[number % len(classes)]}].value_usd_per_h100e_h*={factor}"
        yield "cost of halls in a region", f"regions[{region}].shell_usd_per_kw*={factor}"
        yield "carbon price", f"carbon.usd_per_tco2={10 * (number + 1)}"
        yield "one grid, some per cent", f"power[{region},grid].step_mw_per_month*={factor}"
        yield "one supply, some per cent", f"supply[{options[number % len(options)]},*].mw*={factor}"
        yield "one grid, every month one MW", f"power[{region},grid].step_mw_per_month={_step(plan, region) + 1}"
        yield "halls of a region, some per cent", f"regions[{region}].shell_step_mw_per_month*={factor}"
        yield "all deliveries, some per cent", f"deliveries[*,*].kunit*={factor}"


def _step(plan: Plan, region: str) -> float:
    frame = plan.tables["power"].frame
    row = (frame["region_id"] == region) & (frame["option_id"] == "grid")
    return float(frame.loc[row, "step_mw_per_month"].iloc[0])


def say(line: str) -> None:
    """A line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--check", type=int, default=0)
    args = parser.parse_args()
    plan, session = load(args.plan), Session()
    started = perf_counter()
    cold = session.solve(prepare(plan)).outcome.seconds
    say(f"{'':34} {'solver s':>9} {'all s':>7}  {'iterations':>10}  first: {cold:.1f} s in the solver")
    solver_seconds, told = 0.0, []
    for kind, override in list(variations(plan))[: args.count]:
        before = perf_counter()
        solution = session.solve(prepare(load(args.plan, [override])))
        outcome = solution.outcome
        solver_seconds += outcome.seconds
        iterations = sum(outcome.iterations.values())
        say(f"{kind:34} {outcome.seconds:9.2f} {perf_counter() - before:7.2f}  {iterations:10,}  {override}")
        told.append((override, solution.proof.objective_musd))
    say(f"{len(told)} variations: {solver_seconds:.1f} s in the solver, {solver_seconds / cold:.2f} times the first solve")
    say(f"first solve and variations, with reading and building: {perf_counter() - started:.1f} s")
    for override, objective in told[:: max(1, len(told) // args.check)][: args.check] if args.check else []:
        again = solve(prepare(load(args.plan, [override]))).proof.objective_musd
        say(f"from nothing: relative difference {abs(again - objective) / abs(again):.1e}  {override}")


if __name__ == "__main__":
    main()
