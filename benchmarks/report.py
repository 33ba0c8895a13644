"""What a benchmark found: a CSV of every figure, a table to read, a picture."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from benchmarks.competitors import COMPETITORS, OPTIONS
from benchmarks.plans import PLANS, SIZES
from planner.write.charts.draw import png, svg
from planner.write.charts.series import COLOURS, CONFIG, OTHER

PHASES = ("build", "hand over", "solve", "read back")
TOLERANCE = 1e-6
TARGETS = {"300k": (0.1, 2.0), "1M": (0.0, 10.0)}  # share of HiGHS's time, plus seconds, that the planner may spend outside
Run = dict[str, Any]


def outside_s(run: Run) -> float:
    """Processor seconds that are not HiGHS's."""
    return float(sum(seconds for phase, seconds in run["cpu"].items() if phase != "solve"))


def disagreements(runs: list[Run]) -> list[str]:
    """One line for each plan and size on whose objective two competitors differ."""
    lines = []
    for key in dict.fromkeys((run["plan"], run["size"]) for run in runs):
        found = {r["competitor"]: r["objective_musd"] for r in runs if (r["plan"], r["size"]) == key}
        solved = {name: value for name, value in found.items() if value is not None}
        if solved and max(solved.values()) - min(solved.values()) > TOLERANCE * max(map(abs, solved.values())):
            lines.append(f"{key[0]} plan, {key[1]}: objectives differ: {solved}")
    return lines


def write_report(runs: list[Run], out: Path) -> None:
    """`benchmark.csv`, `benchmark.md` and `benchmark.png` in ``out``."""
    with (out / "benchmark.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        plain = "plan size competitor rows columns nonzeros status objective_musd iterations".split()
        timed = [f"{phase.replace(' ', '_')}_{clock}_s" for clock in ("cpu", "wall") for phase in PHASES]
        writer.writerow([*plain, *timed, "peak_mb", "plan_mb"])
        for run in runs:
            seconds = [run[clock].get(phase, "") for clock in ("cpu", "wall") for phase in PHASES]
            writer.writerow([*(run.get(name, "") for name in plain), *seconds, run.get("peak_mb", ""), run.get("plan_mb", "")])
    (out / "benchmark.md").write_text(markdown(runs), encoding="utf-8")
    draw(runs, out / "benchmark.png")


def markdown(runs: list[Run]) -> str:
    """A table for each plan, and whether the planner reaches what it must."""
    options = ", ".join(f"{name}={value}" for name, value in OPTIONS.items())
    lines = [f"Processor seconds (on the wall); HiGHS: {options}."]
    order = list(SIZES)
    runs = sorted(runs, key=lambda run: (order.index(run["size"]), list(COMPETITORS).index(run["competitor"])))
    for plan in (name for name in PLANS if any(run["plan"] == name for run in runs)):
        lines += ["", f"The {plan} plan:", ""]
        lines.append(
            "| size | who | columns | rows | build | hand over | HiGHS | read back | outside HiGHS | peak GB | objective |"
        )
        lines.append("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
        for run in runs:
            if run["plan"] == plan:
                lines.append(_line(run))
    lines += ["", *targets(runs)]
    return "\n".join(lines) + "\n"


def _line(run: Run) -> str:
    cells = [run["size"], run["competitor"]]
    if not run["cpu"]:
        return "| " + " | ".join([*cells, *[""] * 8, run["status"]]) + " |"
    cells += [f"{run['columns']:,}", f"{run['rows']:,}"]
    for phase in PHASES:
        there = phase in run["cpu"]
        cells.append(f"{run['cpu'][phase]:.2f} ({run['wall'][phase]:.2f})" if there else "")
    objective = run["objective_musd"]
    last = run["status"] if objective is None else f"{objective:.8g}"
    cells += [f"{outside_s(run):.2f}", f"{run['peak_mb'] / 1024:.2f}", last]
    return "| " + " | ".join(cells) + " |"


def targets(runs: list[Run]) -> list[str]:
    """One sentence for each size that has a target."""
    lines = []
    for run in runs:
        if run["competitor"] == "planner" and run["plan"] == "whole" and run["size"] in TARGETS and run["cpu"]:
            share, seconds = TARGETS[run["size"]]
            allowed = share * run["cpu"].get("solve", 0.0) + seconds
            verdict = "reached" if outside_s(run) <= allowed else "missed"
            lines.append(f"- {run['size']}: outside HiGHS {outside_s(run):.1f} s of {allowed:.1f} s allowed: {verdict}.")
    return lines


def draw(runs: list[Run], path: Path) -> None:
    """Seconds outside HiGHS and peak memory against columns of the planner's plan, a line each; hollow: only built."""
    size_of = {(run["plan"], run["size"]): run["columns"] for run in runs if run["competitor"] == "planner" and run["cpu"]}
    rows = []
    for run in runs:
        key = run["plan"], run["size"]
        if run["cpu"] and key in size_of and run["competitor"] != "pypsa-defaults":
            solved = run["objective_musd"] is not None
            row = {"plan": f"{run['plan']} plan", "columns": size_of[key], "solved": solved}
            rows.append({**row, "who": run["competitor"], "seconds": outside_s(run), "gb": run["peak_mb"] / 1024})
            if run["competitor"] == "planner" and solved:
                rows.append({**row, "who": "HiGHS itself", "seconds": run["cpu"]["solve"]})
    names = [name for name in (*COMPETITORS, "HiGHS itself") if any(row["who"] == name for row in rows)]
    colours = {name: OTHER if name == "HiGHS itself" else colour for name, colour in zip(names, COLOURS, strict=False)}
    colour = {"field": "who", "type": "nominal", "title": None, "scale": {"domain": names, "range": list(colours.values())}}
    x = _axis("columns", "columns of the planner's linear program (hollow: only built)")
    panels = []
    for field, title in (("seconds", "processor seconds outside HiGHS"), ("gb", "peak memory, GB")):
        encoding = {"x": x, "y": _axis(field, title), "color": colour}
        fill = {"condition": {"test": "datum.solved", "field": "who", "scale": colour["scale"]}, "value": "white"}
        layers = [
            {"mark": {"type": "line", "strokeWidth": 2}, "encoding": encoding},
            {"mark": {"type": "point", "size": 60, "opacity": 1}, "encoding": {**encoding, "fill": fill}},
        ]
        panels.append(
            {
                "transform": [{"filter": f"isValid(datum.{field})"}],
                "facet": {"field": "plan", "type": "nominal", "title": None, "sort": [f"{name} plan" for name in PLANS]},
                "spec": {"width": 420, "height": 240, "layer": layers},
            }
        )
    legend = {"orient": "top", "labelFontSize": 12, "symbolType": "circle"}
    config = {**CONFIG, "background": "white", "legend": legend, "header": {"labelFontSize": 13, "labelFontWeight": 600}}
    path.write_bytes(png(svg({"data": {"values": rows}, "config": config, "vconcat": panels}, "benchmark")))


def _axis(field: str, title: str) -> dict[str, Any]:
    scale, axis = {"type": "log", "nice": False}, {"format": ",~r", "labelOverlap": True, "titlePadding": 8}
    return {"field": field, "type": "quantitative", "title": title, "scale": scale, "axis": axis}


def put_into_page(page: Path, name: str, text: str) -> None:
    """Replace what stands between `<!-- name -->` and `<!-- /name -->`. Raises ValueError where they are not there."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(f"<!-- {name} -->\n")
    _, end, after = rest.partition(f"<!-- /{name} -->")
    if not begin or not end:
        raise ValueError(f"{page} has no place for {name}")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
