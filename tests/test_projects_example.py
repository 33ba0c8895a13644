"""The example of docs/projects.md is solved, and `planner explain` says of it what the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import api
from planner.progress import Progress
from planner.studies.explain.projects import turned_projects
from planner.studies.explain.reopened import open_run
from planner.write.folder.result_folder import write_run
from planner.write.text.explain import project_lines
from tests.test_hours_example import with_example

PAGE = Path(__file__).parents[1] / "docs" / "projects.md"


@pytest.mark.slow
def test_the_example_says_what_the_page_shows(tmp_path: Path) -> None:
    folder = with_example(PAGE, tmp_path / "plan", "projects.yaml", "projects.csv")
    result = api.solve(api.load(folder / "projects.yaml"))
    taken = dict(zip(result.tables["projects"]["project_id"], result.tables["projects"]["start_month"], strict=True))
    assert taken == {"hall_c": "2028-02", "texas_small": "", "texas_large": "2027-12", "cells": "2027-10"}
    run = open_run(write_run(result, tmp_path / "run", workbook=False))
    turned = turned_projects(run, 10, Progress())
    lines = list(project_lines(turned, 3, "2028-12"))
    shown = PAGE.read_text(encoding="utf-8").partition("<!-- explain -->\n```text\n")[2].partition("\n```")[0]
    assert "\n".join(lines) == shown
    assert "taken in February 2028, in the look-ahead." in " ".join("\n".join(project_lines(turned, 3, "2028-01")).split())
