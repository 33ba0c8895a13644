"""What keeps a test that waits for other processes from stalling all others."""

from __future__ import annotations

import faulthandler
from collections.abc import Iterator

import pytest

MOST_S = 300


@pytest.fixture
def bounded() -> Iterator[None]:
    """A test that hangs ends the process that runs it, and so fails, with the stacks of its threads."""
    faulthandler.dump_traceback_later(MOST_S, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()
