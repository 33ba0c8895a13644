"""One finished run of the toy for every test of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import api
from planner.progress import Progress
from planner.studies.explain.estimates import Effect, effects
from planner.studies.explain.reopened import OpenRun, open_run
from tests.read.toy import write_plan

SCALED = "power[ohio,grid].step_mw_per_month*=2"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result folder of the toy, with one number changed on the command line."""
    base = tmp_path_factory.mktemp("explain")
    plan = api.load(write_plan(base / "plan", months=6), [SCALED])
    return api.run(plan, base / "run").folder


@pytest.fixture(scope="session")
def run(folder: Path) -> OpenRun:
    opened = open_run(folder)
    assert not opened.notices
    return opened


@pytest.fixture(scope="session")
def found(run: OpenRun) -> list[Effect]:
    """What each input does to the cost."""
    return effects(run, Progress())
