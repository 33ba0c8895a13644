"""What an answer of the API looks like outside Python: lines for a terminal, and a folder of tables and pictures.

The name of its type tells one answer from another: writers import no study."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from planner.errors import UsageError
from planner.write.charts.alternatives import alternatives_picture
from planner.write.charts.backtest import backtest_picture
from planner.write.charts.draw import Picture, in_daylight
from planner.write.charts.orbit import orbit_picture
from planner.write.charts.ranges import ranges_picture
from planner.write.charts.run import run_picture
from planner.write.charts.sweep import frontier_picture, sweep_picture
from planner.write.charts.tornado import tornado_picture
from planner.write.folder.serialise import json_text
from planner.write.folder.study import write_study
from planner.write.folder.targets import ALTERNATIVES, ORBIT_REPORT, SWEEP
from planner.write.questions import questions_lines
from planner.write.report.sensitivity_page import sensitivity_html
from planner.write.report.sweep_page import sweep_html
from planner.write.text.alternatives import alternatives_lines
from planner.write.text.backtest import backtest_lines
from planner.write.text.compare import comparison_lines
from planner.write.text.explain import explanation_lines, model_lines
from planner.write.text.groups import groups_lines
from planner.write.text.orbit import crossover_lines, report_lines
from planner.write.text.roll import rolled_lines
from planner.write.text.run import run_lines
from planner.write.text.sensitivity import global_lines, sensitivity_lines
from planner.write.text.sweep import frontier_lines, overturn_lines, ranges_lines, sweep_lines
from planner.write.text.why import why_lines
from planner.write.xlsx.study_workbook import Charts, frontier_charts, study_workbook, sweep_charts

LINES: dict[str, Callable[[Any], list[str]]] = {
    "Alternatives": alternatives_lines,
    "Run": run_lines,
    "list": model_lines,
    "Explanation": explanation_lines,
    "Why": why_lines,
    "Comparison": comparison_lines,
    "Groups": groups_lines,
    "Crossover": crossover_lines,
    "OrbitReport": report_lines,
    "Overturn": overturn_lines,
    "Questions": questions_lines,
    "Ranges": ranges_lines,
    "Sensitivity": sensitivity_lines,
    "Sweep": sweep_lines,
    "Frontier": frontier_lines,
    "GlobalSensitivity": global_lines,
    "Rolled": rolled_lines,
    "Backtest": backtest_lines,
}
"""By the type of an answer; a list is that of the constraints."""

PICTURES: dict[str, Callable[[Any], dict[str, str]]] = {
    "Opened": lambda run: {"run": run_picture(run)},
    "OrbitReport": lambda found: {name: orbit_picture(found, name) for name in map(str, found.designs["design_id"])},
    "Sweep": lambda found: {"sweep": sweep_picture(found)},
    "Frontier": lambda found: {"frontier": frontier_picture(found)},
    "Sensitivity": lambda found: {"sensitivity": tornado_picture(found)},
    "Ranges": lambda found: {"ranges": ranges_picture(found)},
    "Alternatives": lambda found: {"alternatives": alternatives_picture(found)},
    "Backtest": lambda found: {"backtest": backtest_picture(found)},
}
"""By the type of an answer: its pictures by name, as SVG."""

BOOKS = {
    "Alternatives": "alternatives",
    "Ranges": "ranges",
    "Sweep": "sweep",
    "Frontier": "frontier",
    "Sensitivity": "sensitivity",
    "GlobalSensitivity": "global_sensitivity",
    "Backtest": "backtest",
}
"""By the type of an answer: the name of the workbook of its tables."""

CHARTS: dict[str, Callable[[Any], Charts | None]] = {
    "Sweep": sweep_charts,
    "Frontier": frontier_charts,
}
"""By the type of an answer: the native charts of its workbook."""

PAGES: dict[str, Callable[[Any], str]] = {"Sweep": sweep_html, "Sensitivity": sensitivity_html}
"""By the type of an answer: its page, which bears the name of the workbook, as the same in JSON does."""

EARLIER: dict[str, tuple[str, ...]] = {
    "OrbitReport": ORBIT_REPORT,
    **dict.fromkeys(("Sweep", "Frontier", "Sensitivity", "GlobalSensitivity"), SWEEP),
    "Alternatives": ALTERNATIVES,
}
"""By the type of an answer: what marks a folder as that of an earlier one."""


def answer_lines(answer: Any) -> list[str]:
    """What the command line prints of an answer."""
    return LINES[type(answer).__name__](answer)


def picture_of(answer: Any) -> Picture:
    """The charts of an answer. Raises UsageError for one that has none."""
    kind = type(answer).__name__
    if kind not in PICTURES:
        raise UsageError(f"{kind} has no chart: expected {', '.join(PICTURES)}")
    return Picture({name: in_daylight(drawn) for name, drawn in PICTURES[kind](answer).items()})


def save_answer(answer: Any, out: Path) -> list[str]:
    """Write the tables, pictures and workbook of an answer; returns the names of the files. Raises as `write_study` does."""
    kind, tables = type(answer).__name__, answer.tables()
    draw = PICTURES.get(kind, lambda _: {})
    files = {}
    if name := BOOKS.get(kind):
        files[f"{name}.xlsx"] = study_workbook(name, tables, CHARTS[kind](answer) if kind in CHARTS else None)
    if kind in PAGES:
        files[f"{name}.html"] = PAGES[kind](answer).encode()
    if name:
        files[f"{name}.json"] = (json_text({each: frame.to_dict("records") for each, frame in tables.items()}) + "\n").encode()
    return write_study(out, tables, draw(answer), EARLIER.get(kind, ()), files)
