"""What every test starts from."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("no clock", deadline=None)  # an example may take long on a machine that does other work
settings.load_profile("no clock")


@pytest.fixture(autouse=True)
def width_of_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text is wrapped to the terminal: without this the same test would pass in one window and fail in another."""
    monkeypatch.setenv("COLUMNS", "100")
