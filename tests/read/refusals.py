"""What the tests of refused input share: load a toy that was spoilt, get the sentences that a user reads."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from planner.errors import InputError
from planner.read.load import load
from tests.read.toy import write_plan


def refused(folder: Path, overrides: Sequence[str] = (), **changes: Any) -> list[str]:
    """Writes the toy with changes and returns the findings; paths are shown relative to the folder of the plan."""
    return refused_plan(write_plan(folder, **changes), overrides)


def refused_plan(path: Path, overrides: Sequence[str] = ()) -> list[str]:
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        with pytest.raises(InputError) as caught:
            load(path, overrides)
    finally:
        os.chdir(before)
    assert caught.value.exit_code == 3
    assert str(caught.value).splitlines() == [str(finding) for finding in caught.value.findings]
    return [f"{finding.place}: {finding.message}" for finding in caught.value.findings]


def without(column: str) -> Any:
    """A change to a table: the column is not there."""
    return lambda rows: [{key: value for key, value in row.items() if key != column} for row in rows]
