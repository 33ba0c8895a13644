"""What makes HiGHS faster on the shipped plan, and what does not: each idea measured in a process of its own.

`python -m benchmarks.experiments [--only NAME ...] [--page docs/speed.md] [--out DIR]`"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks import reformulate as r
from benchmarks.competitors import OPTIONS
from benchmarks.plans import ROOT, SIZES, plan_of
from benchmarks.report import put_into_page
from models.data import PlanData
from planner.progress import Progress
from planner.solve.compile.form import Form
from planner.solve.highs import READY
from planner.solve.solution import standard_form

Reformulation = Callable[[PlanData, Form], Form]
SHARED: tuple[Reformulation, ...] = (r.shared_places_and_pooled_demands, r.limits_as_bounds)
RUNNING: tuple[Reformulation, ...] = (r.shared_places_and_pooled_demands, r.no_idle_chips, r.limits_as_bounds)
VERTEX = {"run_crossover": "on", "start_crossover_tolerance": READY}


@dataclass(frozen=True)
class Experiment:
    """One idea. ``options`` are HiGHS's, beside those of every benchmark."""

    says: str
    ways: tuple[Reformulation, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    oracle: bool = False


EXPERIMENTS = {
    "base": Experiment("as the planner builds it: HiPO, no crossover"),
    "crossover": Experiment("with crossover, to a vertex", options={"run_crossover": "on"}),
    "ipx": Experiment("IPX instead of HiPO", options={"solver": "ipx"}),
    "simplex": Experiment("dual simplex", options={"solver": "simplex"}),
    "augmented": Experiment("augmented system instead of normal equations", options={"hipo_system": "augmented"}),
    "amd": Experiment("ordering AMD", options={"hipo_ordering": "amd"}),
    "metis": Experiment("ordering METIS", options={"hipo_ordering": "metis"}),
    "bounds -8": Experiment("user_bound_scale -8", options={"user_bound_scale": -8}),
    "bounds -12": Experiment("user_bound_scale -12", options={"user_bound_scale": -12}),
    "objective -8": Experiment("user_objective_scale -8", options={"user_objective_scale": -8}),
    "threads": Experiment("two threads", options={"threads": 2}),
    "no presolve": Experiment("presolve off", options={"presolve": "off"}),
    "no aggregator": Experiment("presolve without its aggregator", options={"presolve_rule_off": 4096}),
    "gigawatts": Experiment("power in GW instead of MW", (r.gigawatts,)),
    "core": Experiment("core demand as a bound, not a row", (r.core_as_bound,)),
    "bounds": Experiment("rows of one column as bounds, empty rows left out", (r.limits_as_bounds,)),
    "idle": Experiment("idle chips as columns, the row that they need left out", (r.idle_chips,)),
    "no idle": Experiment("every installed chip runs", (r.no_idle_chips,)),
    "pools": Experiment("demands pooled that have the same places and prices", (r.pooled_demands,)),
    "hubs": Experiment("regions pooled that may serve the same demands", (r.shared_places,)),
    "hubs and pools": Experiment("both poolings", (r.shared_places_and_pooled_demands,)),
    "shared": Experiment("both poolings, bounds", SHARED),
    "shared, vertex": Experiment("both poolings, bounds, with crossover", SHARED, {"run_crossover": "on"}),
    "shared, ipx": Experiment("both poolings, bounds, by IPX", SHARED, {"solver": "ipx"}),
    "running": Experiment("both poolings, bounds, every installed chip runs", RUNNING),
    "running, vertex": Experiment(
        "both poolings, bounds, every installed chip runs, with crossover", RUNNING, {"run_crossover": "on"}
    ),
    "oracle": Experiment("the same, and only pairs of region and chip that the optimum uses", RUNNING, oracle=True),
    "ready": Experiment("crossover from a residual of 1e-6", options=VERTEX),
    "found": Experiment("hubs found in the arrays, with crossover from 1e-6", (r.through_hubs,), VERTEX),
    "sums": Experiment("rows count sums, alone", (r.sums_alone,), VERTEX),
    "used": Experiment("the same, every installed chip runs", (r.in_full_use,), VERTEX),
    "smaller": Experiment("the same, rows count sums", (r.smaller_program,), VERTEX),
    "likely": Experiment("the same, without what the pools never move: as the planner solves it", (r.likely_program,), VERTEX),
}
TEMPLATES = {"templates": True, "plain": False}
COLUMNS = "| experiment | rows | columns | HiGHS s | iterations | presolved rows | presolved columns | cost / vertex - 1 |"


def solve(form: Form, options: dict[str, Any], limit_s: float) -> tuple[dict[str, Any], Any]:
    """Figures of one solve, and the Highs object."""
    import highspy

    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy has no types
    said: list[str] = []
    highs.cbLogging.subscribe(lambda event: said.append(event.message))
    for name, value in {"log_to_console": False, **OPTIONS, "time_limit": limit_s, **options}.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise ValueError(f"HiGHS does not know option {name} = {value!r}")
    rows, columns = form.shape
    arrays = (form.cost, form.lower, form.upper, form.row_lower, form.row_upper, form.starts, form.indices, form.values)
    highs.passModel(columns, rows, len(form.values), 1, 1, form.offset, *arrays, np.zeros(columns, dtype=np.int32))
    wall, cpu = time.perf_counter(), time.process_time()
    highs.run()
    seconds = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
    text = "".join(said)
    info = highs.getInfo()
    status = highs.modelStatusToString(highs.getModelStatus())
    left = re.search(r"^Presolve reductions: rows (\d+)\(.*columns (\d+)\(", text, flags=re.MULTILINE)
    return {
        "rows": rows,
        "columns": columns,
        **seconds,
        "status": status,
        "objective_musd": float(info.objective_function_value) if status == "Optimal" else None,
        "iterations": int(max(info.ipm_iteration_count, 0) or max(info.simplex_iteration_count, 0)),
        "presolved_rows": int(left[1]) if left else None,
        "presolved_columns": int(left[2]) if left else None,
    }, highs


def reformulated(data: PlanData, form: Form, ways: tuple[Reformulation, ...]) -> Form:
    """``form`` after each way in turn."""
    for way in ways:
        form = way(data, form)
    return form


def measure(name: str, size: str, limit_s: float) -> dict[str, Any]:
    """Figures of one experiment."""
    data = plan_of(SIZES[size])
    if name in TEMPLATES:
        return {"name": name, **build_seconds(data, TEMPLATES[name])}
    experiment = EXPERIMENTS[name]
    _, form = standard_form(data, Progress())
    form = reformulated(data, form, experiment.ways)
    if experiment.oracle:
        _, before = solve(form, {"run_crossover": "on"}, limit_s)
        form = r.only_pairs_in_use(data, form, np.asarray(before.getSolution().col_value))
    figures, highs = solve(form, experiment.options, limit_s)
    if r.idle_chips in experiment.ways:
        figures["note"] = r.broken(form, np.asarray(highs.getSolution().col_value))
    if r.no_idle_chips in experiment.ways and not experiment.oracle:
        whole = tuple(r.idle_chips if way is r.no_idle_chips else way for way in experiment.ways)
        _, fresh = standard_form(data, Progress())
        figures["note"] = r.unpriced(reformulated(data, fresh, whole), np.asarray(highs.getSolution().row_dual))
    return {"name": name, "size": size, **figures}


def build_seconds(data: PlanData, templates: bool) -> dict[str, Any]:
    """Seconds to declare and compile the model, its rules compiled once each or row by row."""
    import models.build as module
    from planner.solve.compile.form import compile_form

    held = module.pyomo_constraint
    if not templates:  # the builder sets its switch on this instead
        module.pyomo_constraint = SimpleNamespace(TEMPLATIZE_CONSTRAINTS=False)  # type: ignore[assignment]
    try:
        start = time.process_time()
        model = module.build(data)
        built = time.process_time()
        form = compile_form(model)
        done = time.process_time()
    finally:
        module.pyomo_constraint = held
    rows, columns = form.shape
    return {"rows": rows, "columns": columns, "build_s": built - start, "compile_s": done - built}


def table(found: list[dict[str, Any]]) -> str:
    """Markdown: the experiments, then the two ways to build."""
    by_name = {one["name"]: one for one in found}
    vertex = by_name.get("crossover", {}).get("objective_musd")
    lines = [COLUMNS, "|---|---:|---:|---:|---:|---:|---:|---:|"]
    for name, experiment in EXPERIMENTS.items():
        if name in by_name:
            lines.append(_line(experiment, by_name[name], vertex))
    ways = {"templates": "each rule compiled once (templates)", "plain": "rules row by row"}
    built = [(says, by_name[name]) for name, says in ways.items() if name in by_name]
    if built:
        lines += ["", "| rules | rows | build s | compile s |", "|---|---:|---:|---:|"]
        lines += [f"| {says} | {one['rows']:,} | {one['build_s']:.1f} | {one['compile_s']:.1f} |" for says, one in built]
    return "\n".join(lines) + "\n"


def _line(experiment: Experiment, one: dict[str, Any], vertex: float | None) -> str:
    if "status" not in one:
        return f"| {experiment.says} | | | | | | | {one['failed']} |"
    cells = [experiment.says, f"{one['rows']:,}", f"{one['columns']:,}", f"{one['cpu_s']:.1f}", f"{one['iterations']:,}"]
    cells += ["" if one[name] is None else f"{one[name]:,}" for name in ("presolved_rows", "presolved_columns")]
    if one["objective_musd"] is None:
        last = one["status"]
    else:
        last = "" if vertex is None else f"{one['objective_musd'] / vertex - 1:+.0e}"
    return "| " + " | ".join([*cells, last + (f"; {one['note']}" if "note" in one else "")]) + " |"


def main(argv: list[str] | None = None) -> int:
    """Runs what is asked, keeps what was found before, writes `experiments.json` and `.md`, and the table of a page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.experiments", description=__doc__)
    names = [*EXPERIMENTS, *TEMPLATES]
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--size", choices=SIZES, default="120k", help="the shipped plan unless stated")
    parser.add_argument("--limit", type=float, default=600.0, help="seconds for each solve")
    parser.add_argument("--out", type=Path, default=Path("results/experiments"))
    parser.add_argument("--page", type=Path, help="Markdown page whose table is replaced")
    parser.add_argument("--one", choices=names, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.one:
        sys.stdout.write("\n" + json.dumps(measure(args.one, args.size, args.limit)) + "\n")
        return 0
    args.out.mkdir(parents=True, exist_ok=True)
    kept = args.out / "experiments.json"
    found: list[dict[str, Any]] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else []
    for name in args.only:
        words = [sys.executable, "-m", "benchmarks.experiments", "--one", name, "--size", args.size, "--limit", str(args.limit)]
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
        last = ((done.stderr if done.returncode else done.stdout).strip().splitlines() or [""])[-1]
        one = {"name": name, "failed": last} if done.returncode else json.loads(last)
        sys.stderr.write(f"{name:<20} {one.get('cpu_s', one.get('build_s', 0.0)):7.1f} s  {one.get('status', '')}\n")
        found = [*(other for other in found if other["name"] != name), one]
        kept.write_text(json.dumps(found, indent=1), encoding="utf-8")
        (args.out / "experiments.md").write_text(table(found), encoding="utf-8")
    if args.page:
        put_into_page(args.page, "experiments", table(found))
    return 1 if any("failed" in one for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
