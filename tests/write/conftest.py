"""The finished runs that the writers' tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import api
from planner.result import Result
from tests.read.toy import write_plan
from tests.verify.rich import rich_plan
from tests.write.toy import FakeResult, make_result


@pytest.fixture
def result() -> FakeResult:
    return make_result()


@pytest.fixture(scope="session")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A real plan with satellites, closures, commissioning, early retirement and trade."""
    return api.solve(rich_plan(tmp_path_factory.mktemp("solved") / "plan"))


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small run. Tests read it and change copies."""
    folder = tmp_path_factory.mktemp("finished")
    return api.run(api.load(write_plan(folder / "plan", months=2, orbit=False)), folder / "run").folder
