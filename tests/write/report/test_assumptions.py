"""What a row cites: publications without our files, judgements by key."""

from __future__ import annotations

import pytest

from planner.plan.citations import Cited, cited


@pytest.mark.parametrize(
    ("source", "publications", "judgements"),
    [
        ("IEA, 2026 (power.csv); judgements: pue, wacc", ("IEA, 2026",), ("pue", "wacc")),
        ("IEA, 2026 (a.csv, b.csv); LBNL (2026); c.csv, d.csv", ("IEA, 2026", "LBNL (2026)"), ()),
        ("judgements: pue_*", (), ("pue_*",)),
        ("fleet.csv", (), ()),
        ("our meter, hall 3", ("our meter, hall 3",), ()),
        ("", (), ()),
    ],
)
def test_publications_and_judgements(source: str, publications: tuple[str, ...], judgements: tuple[str, ...]) -> None:
    assert cited(source) == Cited(publications, judgements)
