"""What every test starts from."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import settings

settings.register_profile("no clock", deadline=None)  # an example may take long on a machine that does other work
settings.load_profile("no clock")


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test marked ``sampled(n)`` n cases are fast tests, spread over all of them; the others are slow ones."""
    cases = defaultdict(list)
    for item in items:
        if mark := item.get_closest_marker("sampled"):
            cases[item.nodeid.partition("[")[0], mark.args[0]].append(item)
    for (_, number), found in cases.items():
        fast = {round(each * len(found) / number) for each in range(number)}
        for at, item in enumerate(found):
            if at not in fast:
                item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def width_of_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text is wrapped to the terminal: without this the same test would pass in one window and fail in another."""
    monkeypatch.setenv("COLUMNS", "100")
