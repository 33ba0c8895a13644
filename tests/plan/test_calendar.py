"""The months of a plan: the horizon, and the look-ahead, in which everything holds what it was last."""

from __future__ import annotations

import pytest

from planner.plan.calendar import Calendar

FOUR = Calendar("2027-11", 2, 2)


def test_the_look_ahead_follows_the_horizon() -> None:
    assert FOUR.months == ("2027-11", "2027-12", "2028-01", "2028-02")
    assert FOUR.horizon == ("2027-11", "2027-12")
    assert FOUR.number["2028-02"] == 4
    assert Calendar("2027-11", 2).months == FOUR.horizon


def test_growth_ends_with_the_horizon() -> None:
    assert FOUR.elapsed() == [0, 1, 1, 1]
    assert FOUR.growth(1.0) == pytest.approx([1, 2 ** (1 / 12), 2 ** (1 / 12), 2 ** (1 / 12)])
    assert FOUR.growth(0.0) == [1, 1, 1, 1]
    assert Calendar("2027-11", 1, 3).growth(1.0) == [1, 1, 1, 1]


def test_a_series_holds_its_last_value() -> None:
    assert FOUR.held({"2027-11": 5.0, "2027-12": 3.0}) == {1: 5.0, 2: 3.0, 3: 3.0, 4: 3.0}


def test_a_later_month_that_is_stated_counts_and_holds() -> None:
    assert FOUR.held({"2027-12": 3.0, "2028-01": 7.0, "2031-01": 9.0}) == {2: 3.0, 3: 7.0, 4: 7.0}
    assert FOUR.held({"2028-02": 7.0}) == {4: 7.0}


def test_what_ends_before_the_last_month_of_the_horizon_stays_at_nothing() -> None:
    assert FOUR.held({"2027-11": 5.0}) == {1: 5.0}
