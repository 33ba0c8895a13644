"""Edits of a run at random and on purpose: whatever changes a number or a word of a result is seen without hashes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verify.edits import HASH, NOBODY, examine

HARMLESS = {"rows in another order", "columns in another order", "a column more"}
HEADLINES = ["tables/summary.csv: no row", "tables/summary.csv: removed"]
"""They stand in the manifest too."""


@pytest.mark.slow
def test_no_edit_of_a_run_is_unseen(tmp_path: Path) -> None:
    counts, seen = examine(tmp_path, 120, seed=0, every=3)
    assert counts.total() > 180
    by_hash = [told for by, told in seen if by == HASH and told.startswith("tables/") and "more.csv" not in told]
    assert [told for told in by_hash if told.partition(": ")[2] not in HARMLESS and told not in HEADLINES] == []
    assert {told for by, told in seen if by == NOBODY} <= {"notes.txt: added", "report.html: removed"}
