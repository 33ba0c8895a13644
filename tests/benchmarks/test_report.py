"""The report says what was measured; what would take too long is not tried, and said so."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as command
from benchmarks.report import disagreements, markdown, outside_s, put_into_page, targets, write_report


def run(competitor: str, size: str, outside: float, solve: float | None, objective: float | None = 100.0) -> dict[str, Any]:
    cpu = {"build": outside} if solve is None else {"build": outside, "solve": solve}
    return {
        "plan": "whole",
        "size": size,
        "competitor": competitor,
        "rows": 10,
        "columns": 20,
        "nonzeros": 30,
        "status": "built" if solve is None else "Optimal",
        "objective_musd": objective,
        "iterations": 5,
        "cpu": cpu,
        "wall": cpu,
        "peak_mb": 512.0,
        "plan_mb": 100.0,
    }


def test_a_disagreement_is_said() -> None:
    runs = [run("planner", "20k", 1.0, 2.0, 100.0), run("numpy", "20k", 1.0, 2.0, 100.001)]
    assert len(disagreements(runs)) == 1
    assert not disagreements([runs[0], run("numpy", "20k", 1.0, 2.0, 100.00001)])
    assert not disagreements([runs[0], run("numpy", "120k", 1.0, 2.0, 5.0)])


def test_targets_are_held_against_the_planner_alone() -> None:
    assert "reached" in targets([run("planner", "300k", 11.9, 100.0)])[0]
    assert "missed" in targets([run("planner", "300k", 12.1, 100.0)])[0]
    assert "missed" in targets([run("planner", "1M", 10.1, None)])[0]
    assert not targets([run("numpy", "300k", 99.0, 1.0)])


def test_what_would_take_too_long_is_only_built_or_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float | None] = []

    def note(competitor: str, plan: str, size: str, limit_s: float | None) -> dict[str, Any]:
        asked.append(limit_s)
        return run(competitor, size, 1.0, None)

    monkeypatch.setattr(command, "run_one", note)
    command.try_one("planner", "whole", "120k", 100.0, run("planner", "20k", 1.0, 5.0))
    command.try_one("planner", "whole", "120k", 100.0, run("planner", "20k", 1.0, 6.0))
    assert asked == [100.0, None]
    far = command.try_one("planner", "whole", "120k", 100.0, run("planner", "20k", 60.0, 1.0))
    assert far["status"].startswith("not tried")
    assert len(asked) == 2


def test_every_figure_is_written(tmp_path: Path) -> None:
    runs = [run("planner", "20k", 1.25, 2.5), command.nothing("linopy", "whole", "20k") | {"status": "not tried: too long"}]
    write_report(runs, tmp_path)
    rows = list(csv.DictReader((tmp_path / "benchmark.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0]["build_cpu_s"] == "1.25"
    assert rows[0]["objective_musd"] == "100.0"
    assert outside_s(runs[0]) == 1.25
    text = (tmp_path / "benchmark.md").read_text(encoding="utf-8")
    assert text == markdown(runs)
    assert "| 20k | linopy |" in text
    assert "not tried" in text
    assert (tmp_path / "benchmark.png").stat().st_size > 1_000


def test_a_page_without_a_place_for_a_table_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- t -->\nold\n<!-- /t -->\nb\n", encoding="utf-8")
    put_into_page(page, "t", "new\n")
    assert page.read_text(encoding="utf-8") == "a\n<!-- t -->\n\nnew\n\n<!-- /t -->\nb\n"
    with pytest.raises(ValueError, match="no place for u"):
        put_into_page(page, "u", "new")
