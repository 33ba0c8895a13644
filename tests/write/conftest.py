"""The finished run that the writers' tests share."""

from __future__ import annotations

import pytest

from tests.write.toy import FakeResult, make_result


@pytest.fixture
def result() -> FakeResult:
    return make_result()
