"""The section on chips that move: a row for each way, and nothing where none move."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd

from planner.write.report.chip_moves import section
from planner.write.report.reading import Reading

MOVED = [
    ("ohio", "iowa", "old", "later", "2027-08", 10.0, 12.0),
    ("ohio", "iowa", "old", "later", "2027-09", 20.0, 24.0),
    ("ohio", "iowa", "new", "later", "2027-09", 5.0, 8.0),
    ("ohio", "stock", "old", "later", "2027-09", 4.0, 4.8),
    ("iowa", "stock", "old", "later", "2027-09", 0.0, 0.0),
]
COLUMNS = ["from_id", "to_id", "generation_id", "delivered_in", "month", "moved_kunit", "moved_mw"]


def reading(**tables: pd.DataFrame) -> Reading:
    stub: Any = SimpleNamespace(table=lambda name: tables.get(name, pd.DataFrame()), names=str.title)
    return cast(Reading, stub)


def test_a_row_for_each_way_on_which_chips_leave() -> None:
    costs = pd.DataFrame({"component": ["chip_moves", "energy", "chip_moves"], "cost_musd": [1.5, 9.0, 0.5]})
    found = section(reading(chip_moves=pd.DataFrame(MOVED, columns=COLUMNS), costs=costs))
    assert found is not None
    assert found.lead.endswith("All moves together cost 2.00 million USD.")
    (table,) = found.tables
    assert [row[:2] for row in table.rows] == [["Ohio", "Iowa"], ["Ohio", "stock"]]
    assert table.rows[0][3:] == ["35.0", "44.0 MW", "32.0 MW"]


def test_no_section_where_no_chip_moves() -> None:
    assert section(reading()) is None
    assert section(reading(chip_moves=pd.DataFrame(MOVED[-1:], columns=COLUMNS))) is None
