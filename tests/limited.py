"""`python -m tests.limited [--count 100]`: plans of many sizes under time limits; each leaves a plan, and states its true gap.

The optimum of each plan is found once without a limit. What a limit leaves must be confirmed by the verifier, cost no less than
the optimum, and state a bound that the optimum does not undercut."""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.api import STARTING_PLAN, load, solve
from planner.plan.plan import Plan
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_into
from tests.read.toy import write_plan

SIZES = (("months=3",), ("months=8", "slices=4"), ("months=12", "slices=[0, 6, 18]"), ("months=18",), ("months=36",))
LOOK_AHEAD = ((), ("look_ahead_months=6",))
LIMITS = (0.0, 0.3, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0)
SAME = 1e-7  # relative difference of two costs that is rounding


@dataclass(frozen=True)
class Limited:
    """One plan under one limit; ``wrong``: what does not hold, empty where all does."""

    words: str
    limit_s: float
    seconds: float
    status: str
    gap: float
    wrong: str

    def __str__(self) -> str:
        found = f"{self.words}: limit {self.limit_s:g} s, {self.seconds:.1f} s, {self.status}, gap {self.gap:.2%}"
        return found + (f"; WRONG: {self.wrong}" if self.wrong else "")


def plans(folder: Path) -> Iterator[tuple[str, Plan]]:
    """A toy, the starting plan and parts of it, with and without a look-ahead."""
    yield "toy", load(write_plan(folder / "toy", months=20))
    for size, ahead in itertools.product(SIZES, LOOK_AHEAD):
        words = [*size, *ahead]
        yield " ".join(words), load(STARTING_PLAN, words)


def limited(words: str, plan: Plan, best_musd: float, limit_s: float) -> Limited:
    """What a limit leaves of a plan whose optimum is known."""
    result = solve(plan, time_limit_s=limit_s)
    solver, timings = result.record["solver"], result.record["timings"]
    seconds = sum(timings[phase] for phase in ("prepare", "build", "compile", "solve"))
    with tempfile.TemporaryDirectory() as folder:
        write_into(Path(folder), result, workbook=False)
        verdict = verify(Path(folder))
    cost, bound, gap = (float(solver[key]) for key in ("objective_musd", "dual_objective_musd", "relative_gap"))
    room = SAME * max(1.0, abs(best_musd))
    wrong = [] if verdict.ok else [verdict.failed[0].line()]
    if solver["status"] not in ("optimal", "time_limit"):
        wrong.append(f"status {solver['status']}")
    if not bound - room <= best_musd <= cost + room:
        wrong.append(f"the optimum {best_musd} is not between the bound {bound} and the cost {cost}")
    if abs(gap - (cost - bound) / max(1.0, abs(cost))) > 1e-9:
        wrong.append(f"the gap {gap} is not that of the bound {bound} and the cost {cost}")
    return Limited(words, limit_s, seconds, str(solver["status"]), gap, "; ".join(wrong))


def tried(count: int, seed: int, limits: Sequence[float] = LIMITS) -> Iterator[Limited]:
    """So many pairs of a plan and a limit, each as it is done."""
    with tempfile.TemporaryDirectory() as folder:
        pairs = [(words, plan, limit) for words, plan in plans(Path(folder)) for limit in limits]
        chosen = random.Random(seed).sample(pairs, min(count, len(pairs)))
        best: dict[str, float] = {}
        for words, plan, limit in sorted(chosen, key=lambda each: (each[0], each[2])):
            if words not in best:
                best[words] = float(solve(plan).record["solver"]["objective_musd"])
            yield limited(words, plan, best[words], limit)


def main() -> int:
    """Print each; 1 where something does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.limited", description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    found: list[Limited] = []
    for one in tried(args.count, args.seed, (*LIMITS, 0.1, 20.0)):
        sys.stdout.write(f"{one}\n")
        sys.stdout.flush()
        found.append(one)
    stopped, wrong = sum(one.status == "time_limit" for one in found), sum(bool(one.wrong) for one in found)
    sys.stdout.write(f"{len(found)} limited plans, {stopped} stopped at their limit, {wrong} wrong\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
