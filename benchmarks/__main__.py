"""`python -m benchmarks [--sizes 20k 120k] [--out DIR]`: every competitor on every plan, each in a process of its own.

What the folder holds already is kept, so that a long benchmark can be stopped and taken up again."""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.competitors import COMPETITORS, EXPRESSES
from benchmarks.plans import PLANS, ROOT, SIZES
from benchmarks.report import disagreements, markdown, outside_s, put_into_page, write_report

BUILDING_S = 300.0  # for all that is not HiGHS
SOLVING_GROWS = 1.5  # HiGHS's time grows with about this power of the columns (measured 1.3 to 1.6); building with the first


def main(argv: list[str] | None = None) -> int:
    """Runs, writes `benchmark.json`, `.csv`, `.md` and `.png`. Answers 1 where competitors disagree or one failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=["20k", "120k", "300k", "1M"])
    parser.add_argument("--plans", nargs="+", choices=PLANS, default=list(PLANS))
    parser.add_argument("--competitors", nargs="+", choices=COMPETITORS, default=list(COMPETITORS))
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for each solve")
    parser.add_argument("--out", type=Path, default=Path("results/benchmark"))
    parser.add_argument("--page", type=Path, help="Markdown page whose table is replaced")
    args = parser.parse_args(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    kept = args.out / "benchmark.json"
    runs: list[dict[str, Any]] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else []
    for size in args.sizes:
        for plan in args.plans:
            for competitor in args.competitors:
                of = {run["size"]: run for run in runs if (run["competitor"], run["plan"]) == (competitor, plan)}
                if plan in EXPRESSES[competitor] and size not in of:
                    smaller = [of[name] for name in SIZES if name in of and SIZES[name].regions < SIZES[size].regions]
                    runs.append(try_one(competitor, plan, size, args.limit, smaller[-1] if smaller else None))
                    say(runs[-1])
                    kept.write_text(json.dumps(runs, indent=1), encoding="utf-8")
                    write_report(runs, args.out)
    write_report(runs, args.out)
    if args.page:
        put_into_page(args.page, "benchmark", markdown(runs))
    found = disagreements(runs)
    for line in found:
        sys.stderr.write(line + "\n")
    return 1 if found or any(run["status"].startswith("failed") for run in runs) else 0


def try_one(competitor: str, plan: str, size: str, limit_s: float, before: dict[str, Any] | None) -> dict[str, Any]:
    """One run, unless the next smaller size says that it would take too long: then building alone, or nothing."""
    if before is None:
        return run_one(competitor, plan, size, limit_s)
    larger = SIZES[size].regions * SIZES[size].months / (SIZES[before["size"]].regions * SIZES[before["size"]].months)
    building = larger * outside_s(before) if before["cpu"] else math.inf
    if building > BUILDING_S:
        return {**nothing(competitor, plan, size), "status": "not tried: too long"}
    solved = before["objective_musd"] is not None
    too_long = not solved or larger**SOLVING_GROWS * before["cpu"]["solve"] > limit_s
    if too_long and competitor == "pypsa-defaults":  # built as `pypsa` is
        return {**nothing(competitor, plan, size), "status": "not tried: too long"}
    return run_one(competitor, plan, size, None if too_long else limit_s)


def nothing(competitor: str, plan: str, size: str) -> dict[str, Any]:
    """A run without figures."""
    return {"plan": plan, "size": size, "competitor": competitor, "cpu": {}, "wall": {}, "objective_musd": None}


def run_one(competitor: str, plan: str, size: str, limit_s: float | None) -> dict[str, Any]:
    """The figures of a process of its own; ``status`` tells where it did not end well."""
    words = [sys.executable, "-m", "benchmarks.one", competitor, plan, size]
    words += [] if limit_s is None else ["--limit", str(limit_s)]
    failed = nothing(competitor, plan, size)
    try:
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            words, capture_output=True, text=True, timeout=BUILDING_S + (limit_s or 0.0), env=env, check=False
        )
    except subprocess.TimeoutExpired:
        return {**failed, "status": "not in time"}
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        why = "out of memory" if done.returncode == -9 else last
        return {**failed, "status": f"failed: {why}"}
    run: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return run


def say(run: dict[str, Any]) -> None:
    """One line a run, as it ends."""
    seconds = ", ".join(f"{phase} {cpu:.1f}" for phase, cpu in run["cpu"].items())
    sys.stderr.write(f"{run['size']:>5} {run['plan']:<7} {run['competitor']:<15} {run['status']:<12} {seconds}\n")


if __name__ == "__main__":
    sys.exit(main())
