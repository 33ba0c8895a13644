"""The run folder made by hand: as it is, and as a copy to change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from planner.api import load, solve
from planner.write.folder.result_folder import write_run
from tests.read.hourly import hourly_plan
from tests.read.toy import write_plan
from tests.verify import toy


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy run folder, never changed."""
    return toy.write(tmp_path_factory.mktemp("verifier") / "toy")


@pytest.fixture
def run(sound: Path, tmp_path: Path) -> Path:
    """A copy of the toy run folder, to be changed at will."""
    return Path(shutil.copytree(sound, tmp_path / "toy"))


@pytest.fixture(scope="session")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of a small plan that was solved, with its duals, never changed."""
    made = tmp_path_factory.mktemp("solved")
    return write_run(solve(load(write_plan(made / "plan"))), made / "run", workbook=False)


@pytest.fixture
def priced(solved: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed at will."""
    return Path(shutil.copytree(solved, tmp_path / "priced"))


@pytest.fixture(scope="session")
def hourly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of a plan with slices, storage, flexible work and an orbit, never changed."""
    made = tmp_path_factory.mktemp("hourly")
    return write_run(solve(load(hourly_plan(made))), made / "run", workbook=False)
