"""The cells of the toy run, how a test changes one on disk, and what a verdict says of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from planner.verify.verdict import Verdict
from planner.verify.verify import verify
from tests.verify import toy

TABLES = {name: list(rows[0]) for name, rows in toy.tables()[0].items()}
WORDS = {
    "month",
    "batch",
    "launch_month",
    "delivered_month",
    "component",
    "constraint",
    "where",
    "unit",
    "boundary",
    "key",
    "text",
}
WORDS |= {"country_iso2", "plan_year", "asked_in", "served_in", "split"}
WORDS |= {"from_month", "to_month", "order_month", "delivered_month"}
WORDS |= {"lever", "launched_in", "changes", "counted_over", "compared_with", "definition", "rule"}
PRICED = {
    "marginal_usd_per_mwh",
    "marginal_usd_per_kh100e_h",
    "envelope_usd_per_mw",
}  # need duals: tests/tables/test_nations.py
PRICED |= {"power_kunit", "halls_kunit", "late_kunit"}  # tests/tables/test_dark.py
CELLS = [
    (name, column) for name, columns in TABLES.items() for column in columns if column not in WORDS and column[-3:] != "_id"
]
CELLS = [(name, column) for name, column in CELLS if (name, column) != ("orbit_coefficients", "launch_month")]
CELLS = [(name, column) for name, column in CELLS if column not in PRICED]
OF_TARGETS = {("targets", column) for column in ("missed_kh100e", "penalty_musd", "worth_usd")}  # test_targets.py
CELLS = [cell for cell in CELLS if cell not in OF_TARGETS]


def rewrite(path: Path, row: int, column: str, value: str) -> None:
    """Change one cell of a table, leaving every other byte as it is."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[row, column] = value
    frame.to_csv(path, index=False)


def append(path: Path, **cells: Any) -> None:
    """One more row of a table; what is not given is empty."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[len(frame)] = [str(cells.get(column, "")) for column in frame.columns]
    frame.to_csv(path, index=False)


def nudge(path: Path, row: int, column: str) -> None:
    """Add one per mille and a little to a number."""
    cell = pd.read_csv(path, dtype=str, keep_default_na=False).loc[row, column]
    value = float(cell or 0)
    rewrite(path, row, column, f"{value + 0.001 * max(abs(value), 0.01):.12g}")


def failures(verdict: Verdict) -> set[str]:
    """Names of the checks that fail."""
    return {check.name for check in verdict.failed}


def edited(run: Path, name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> set[str]:
    """Names of the checks that fail when a table is edited; hashes aside."""
    path = run / "tables" / f"{name}.csv"
    change(pd.read_csv(path, dtype=str, keep_default_na=False)).to_csv(path, index=False)
    return failures(verify(run, hashes=False))


def restate(run: Path, **changes: Any) -> None:
    """Change keys of the manifest, as if the run had said so."""
    toy.write_manifest(run, json.loads((run / "manifest.json").read_text()) | changes)
