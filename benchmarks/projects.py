"""`python -m benchmarks.projects [--seeds 1 2 3]`: how long the choice of thirty whole projects takes on the starting plan.

Each set is made at random from its seed: halls, power or both, of 10 to 60 MW, each with so many months to start in, at 0.7
to 3 times the capital that the region states, so that some pay, some do not, and many are close to their break-even."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from models.data import HALLS, PlanData
from planner.api import load, new
from planner.deadline import Deadline
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.solve.choices import SHARE, choose, decided
from planner.solve.solution import solve, standard_form

PROJECTS = 30
COLUMNS = "project_id,region_id,option_id,mw,earliest_month,latest_month,capital_musd,whole,source,quality"
PLAN = "extends: plan.yaml\nname: projects\nwhy: thirty projects made at random\ntables: {projects: projects.csv}\n"


@dataclass(frozen=True)
class Run:
    """The choices of one set: processor seconds, nodes of the tree, projects taken, and the gap that is left."""

    seed: int
    open_months: int
    cpu_s: float
    nodes: int
    taken: int
    gap: float


def plan_of(seed: int, open_months: int) -> PlanData:
    """The starting plan with the set of this seed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "start"
        new(folder)
        start = load(folder / "plan.yaml")
        shell = start.tables["regions"].mapping("region_id", "shell_usd_per_kw")
        rows = [COLUMNS, *_rows(random.Random(seed), prepare(start), shell, open_months)]
        (folder / "projects.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        (folder / "projects.yaml").write_text(PLAN, encoding="utf-8")
        return prepare(load(folder / "projects.yaml"))


def _rows(dice: random.Random, data: PlanData, shell_usd_per_kw: Mapping[str, float], open_months: int) -> Iterator[str]:
    """The rows of the table `projects`."""
    for number in range(1, PROJECTS + 1):
        region, mw = dice.choice(data.regions), dice.choice((10, 20, 40, 60))
        first = dice.randint(5, 19)
        months = f"{data.months[first]},{data.months[min(len(data.months), first + open_months) - 1]}"
        dear = dice.uniform(0.7, 3.0)
        parts = dice.choice(("halls", "power", "halls and power"))
        option = dice.choice([p for r, p in data.options if r == region])
        sizes = {
            "halls": (HALLS, mw, shell_usd_per_kw[region]),
            "power": (option, 1.3 * mw, data.power_usd_per_kw[region, option]),
        }
        for part, (item, size, usd_per_kw) in sizes.items():
            if part in parts:
                capital = f"{dear * size * usd_per_kw / 1000:.3f}"
                yield f"p{number},{region},{item},{size:g},{months},{capital},yes,made at random,estimate"


def measure(seed: int, open_months: int, seconds: float) -> Run:
    """Choose, and solve the plan with the choices: its gap is to the bound on all of them."""
    data = plan_of(seed, open_months)
    _, form = standard_form(data, Progress())
    began = time.process_time()
    made = choose(data, form, Deadline(seconds / SHARE))
    cpu_s = time.process_time() - began
    cost = solve(decided(data, made.months)).proof.objective_musd
    return Run(seed, open_months, cpu_s, made.nodes, sum(map(bool, made.months.values())), made.gap(cost))


def main(argv: list[str] | None = None) -> int:
    """A line for each set."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.projects", description=__doc__)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3, 4, 5, 6])
    parser.add_argument("--open-months", nargs="+", type=int, default=[1, 18])
    parser.add_argument("--limit", type=float, default=120.0, help="seconds on the wall for the choices of each set")
    args = parser.parse_args(argv)
    sys.stdout.write("| months open | seed | processor s | nodes | taken | gap |\n|---:|---:|---:|---:|---:|---:|\n")
    for open_months in args.open_months:
        for seed in args.seeds:
            run = measure(seed, open_months, args.limit)
            line = f"| {open_months} | {seed} | {run.cpu_s:.1f} | {run.nodes} | {run.taken} | {100 * run.gap:.3f} % |"
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
