"""The run folder made by hand: as it is, and as a copy to change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.verify import toy


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy run folder, never changed."""
    return toy.write(tmp_path_factory.mktemp("verifier") / "toy")


@pytest.fixture
def run(sound: Path, tmp_path: Path) -> Path:
    """A copy of the toy run folder, to be changed at will."""
    return Path(shutil.copytree(sound, tmp_path / "toy"))
