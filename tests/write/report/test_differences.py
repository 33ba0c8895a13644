"""The page that compares plans leads with what differs: by hand, and the steps of a cost add up."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from planner.formats import apart
from planner.write.report import differences


def compared(cost: float, carbon: float) -> Any:
    heads = [("cost", 10.0, cost), ("value of unserved compute", 5.0, 1.0), ("carbon", 2e6, carbon), ("served", 0.5, 0.5)]
    steps = [("halls", 6.0, 9.0, 3.0), ("energy", 4.0, 3.0, -1.0), ("fuel", 1.0, 1.0, 0.0), ("cost", 11.0, 13.0, 2.0)]
    steps += [("unserved", 5.0, 1.0, -4.0), ("objective", 16.0, 14.0, -2.0)]
    return SimpleNamespace(
        headlines=pd.DataFrame(heads, columns=["measure", "a", "b"]),
        cost=pd.DataFrame(steps, columns=["component", "a_musd", "b_musd", "difference_musd"]),
    )


def test_numbers_that_differ_look_different() -> None:
    assert apart([1.0001, 1.0002, 1.0]) == ["1.0001", "1.0002", "1.0000"]
    assert apart([5.0, 5.0 + 1e-9]) == ["5.00", "5.00"]


def test_what_differs_comes_first_and_the_rest_below() -> None:
    section = differences.headlines(["a", "b"], {"x": [1.0, 1.004], "y": [2.0, 2.0], "z": [None, 3.0]})
    differ, alike = section.tables
    assert differ.rows == [["x", "1.000", "1.004", "+0.004"], ["z", "", "3.00", ""]]
    assert alike.rows == [["y", "2.00"]]


def test_the_best_depends_on_what_counts() -> None:
    """What costs least with unserved compute at its value is not what costs least; a tie in service is left out."""
    section = differences.best(["a", "b", "c"], [compared(12.0, 1e6), compared(10.0, 3e6)])
    assert [(row[0], row[1], row[2]) for row in section.tables[0].rows] == [
        ("Least discounted cost", "a, c", "10.0 million USD"),
        ("Least cost with unserved compute at its value", "c", "11.0 million USD"),
        ("Least carbon", "b", "1.00 million t CO2"),
    ]


def test_steps_add_up() -> None:
    section = differences.steps(["a", "b"], [compared(12.0, 1e6)])
    assert section is not None
    (figure,) = section.figures
    rows = figure.spec["data"]["values"]
    assert [(row["n"], row["from"], row["to"]) for row in rows] == [
        ("Halls", 0, 3),
        ("Electricity bought", 3, 2),
        ("In all", 0, 2),
    ]
    assert all(row["to"] == after["from"] for row, after in itertools.pairwise(rows[:-1]))
    assert figure.note == "Compute left unserved would be worth 4.00 M USD less."


@pytest.mark.parametrize("same", [True, False])
def test_what_moved_where(same: bool) -> None:
    found = compared(12.0, 1e6)
    sides = {"a": [1.0, 2.0], "b": [1.0, 2.0 if same else 5.0], "difference": [0.0, 0.0 if same else 3.0]}
    found.capacity, found.power = (pd.DataFrame({key: ["p", "q"], **sides}) for key in ("place_id", "option_id"))
    found.a = found.b = SimpleNamespace(inputs={})
    found.months = ("2027-01",)
    section = differences.moved(["a", "b"], [found])
    assert bool(section.lead) == same
    assert [table.rows for table in section.tables] == ([] if same else [[["q", "2.00", "5.00", "+3.00"]]] * 2)
