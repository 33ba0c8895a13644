"""The section on orbit, in words."""

from __future__ import annotations

import pytest

from planner.write.report.orbit import _instead


@pytest.mark.parametrize(
    ("even", "planned", "unit", "said"),
    [
        (900.0, 1500.0, "USD per kg", "900 instead of 1,500 USD per kg"),
        (-20.0, 1500.0, "USD per kg", "not even for free; the plan has 1,500 USD per kg"),
        (2.5, 1.75, "USD per H100e-hour", "2.50 instead of 1.75 USD per H100e-hour"),
    ],
)
def test_a_launch_that_would_not_pay_for_free_has_no_price_instead(even: float, planned: float, unit: str, said: str) -> None:
    assert _instead({"unit": unit, "planned": planned, "break_even": even}) == said
